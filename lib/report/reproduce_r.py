"""reproduce.R: repeats the match from matched.csv in base R with MatchIt, or says what of it R cannot repeat."""

import math
from collections.abc import Iterable
from typing import Any

import numpy as np

from .. import __version__
from ..design import DistanceSettings
from ..design.nearest import Nearest
from ..design.subclass import Subclass
from ..design.weights import Weights
from ..steps import Steps
from ..words.methods_text_scripts import BEYOND, CHECKED, beyond_matchit
from . import reproduce_r_text as text
from .reproduce_facts import Facts, facts_of

TOLERANCE = 1e-6  # R fits the score by another algorithm and reads decimals its own way


def reproduce_r(steps: Steps) -> str:
    """The script, in ASCII. Columns are named by their place and levels by escaped text, so that none can be code."""
    facts = facts_of(steps)
    why = _beyond(steps, facts)
    parts = [
        text.HEAD.format(version=__version__),
        _constants(steps, facts),
        text.TOOLS,
        _columns(steps, facts),
        text.SCALED,
    ]
    parts += [_say(f"Not repeated here: {why}. {CHECKED}"), _exported(steps)] if why else _repeated(steps, facts)
    return "\n".join([*parts, text.COUNTS, text.BALANCE])


def _beyond(steps: Steps, facts: Facts) -> str:
    own = steps.used[1].matching
    why = beyond_matchit(own)
    if not why and facts.ambiguous:
        return BEYOND["blanks"]
    if not why and np.isnan(steps.comparison.distance).any() and not isinstance(own, Nearest):
        return BEYOND["no_score"]
    return why


def r_text(value: str) -> str:
    """A string of R in ASCII: whatever is not a plain letter or sign is escaped; NUL, which R has not, is left out."""
    return f'"{"".join(map(_letter, value))}"'


def _letter(letter: str) -> str:
    code = ord(letter)
    if code == 0:
        return ""
    if 0xD800 <= code <= 0xDFFF:
        return "\\ufffd"  # half a letter, which R refuses
    if 32 <= code < 127 and letter not in '"\\':
        return letter
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def r_number(value: float | None) -> str:
    """A number of R with every digit; NA for none."""
    if value is None or not math.isfinite(value):
        return "NA_real_"
    return repr(float(value)) if value != int(value) else str(int(value))


def r_vector(items: Iterable[str]) -> str:
    """c(...) over lines that stay readable."""
    made = list(items)
    return f"c({', '.join(made)})" if len(made) < 6 else "c(\n  " + ",\n  ".join(made) + "\n)"


def _say(sentence: str) -> str:
    return f"say({r_text(sentence)})\n"


def _constants(steps: Steps, facts: Facts) -> str:
    made, treated = steps.comparison, steps.cohort.treated
    distance = made.pairs["distance"]
    paired = made.n_sets > 0 and made.units.stars
    known = paired and bool(np.isfinite(distance).all())
    values: dict[str, Any] = {
        "TOLERANCE": TOLERANCE,
        "COLUMNS": len(facts.heads),
        "TREATMENT": facts.treatment[0] + 1,
        **{name.upper(): place + 1 for name, place in facts.own.items()},
        "ROWS": steps.cohort.n,
        "N_TREATED": int(treated.sum()),
        "MATCHED_TREATED": made.n_matched(True),
        "MATCHED_CONTROL": made.n_matched(False),
        "PAIRS": len(distance) if paired else None,
        "SUM_DISTANCE": float(distance.sum()) if known else None,
        "MAX_DISTANCE": float(distance.max()) if known else None,
    }
    lines = [f"{name} <- {r_number(value)}" for name, value in values.items()]
    return "\n".join([*lines, f"TREATED <- {r_vector(map(r_text, facts.treatment[1]))}", ""])


def _columns(steps: Steps, facts: Facts) -> str:
    """shown: the rows of balance.csv as numbers.  labels: what they are called.  design: columns of the score."""
    shown, labels, design = [], [], []
    for name in facts.covariates:
        if name in facts.numbers:
            place, logged = facts.numbers[name]
            x = f"number({place + 1})"
            shown.append(x)
            labels.append(r_text(name))
            design.append(f"log({x})" if logged else x)
            continue
        factor = facts.factors[name]
        levels = [f"as.numeric(text({factor.at + 1}) == {r_text(one)})" for one in factor.texts]
        shown += levels
        labels += [r_text(f"{name} = {level}") for level in factor.levels]
        design += levels[1:]
    columns = [f"X{number} = {x}" for number, x in enumerate(design, 1)]
    frame = (
        "data.frame(\n  " + ",\n  ".join(columns) + "\n)"
        if columns
        else f"data.frame(row.names = seq_len({steps.cohort.n}))"
    )
    return "\n".join(
        [
            f"shown <- list(\n  {f',{chr(10)}  '.join(shown)}\n)" if shown else "shown <- list()",
            f"labels <- {r_vector(labels)}",
            f"design <- {frame}",
            "",
        ]
    )


def _exported(steps: Steps) -> str:
    """Weights and sets as they stand in the file."""
    made = steps.comparison
    lines = ["weights <- own_weights", ""]
    if made.by_set and made.units.stars and np.isfinite(made.pairs["distance"]).all():
        lines += [text.EXPORTED_PAIRS, text.PAIR_CHECKS]
    return "\n".join(lines)


def _repeated(steps: Steps, facts: Facts) -> list[str]:
    spec, score = steps.used[1], steps.score
    known = not np.isnan(score.score).any()
    parts = []
    if known and score.model == "logit":
        parts.append(text.SCORE)
    elif known:
        parts.append(text.NO_SCORE.format(why="base R has no Firth's penalised likelihood"))
    own = spec.matching
    if isinstance(own, Weights):
        return [*parts, _weights(own)]
    if isinstance(own, Subclass):
        return [*parts, text.NEEDS, _subclass(own)]
    return [*parts, text.NEEDS, *([_nearest(own, steps, facts)] if isinstance(own, Nearest) else [])]


def _weights(own: Weights) -> str:
    """Base R alone makes them."""
    one, none = ("1 - score", "score") if own.kind == "overlap" else ("1", "score / (1 - score)")
    return "\n".join(
        [
            _discarded(own.discard),
            f"weights <- ifelse(discarded, 0, ifelse(treated == 1, {one}, {none}))",
            "weights <- scaled(weights)",
            "",
        ]
    )


def _discarded(whose: str) -> str:
    """Patients beyond the range of the other arm."""
    if whose == "none":
        return "discarded <- rep(FALSE, length(treated))"
    arms = {"treated": "treated == 1", "control": "treated == 0", "both": "TRUE"}[whose]
    return "\n".join(
        [
            "ranges <- lapply(0:1, function(arm) range(own_distance[treated == arm]))",
            "slack <- 1e-10 * sd(own_distance)",
            "beyond <- function(arm) own_distance < ranges[[2 - arm]][1] - slack |",
            "  own_distance > ranges[[2 - arm]][2] + slack",
            f"discarded <- ({arms}) & ifelse(treated == 1, beyond(1), beyond(0))",
        ]
    )


def _subclass(own: Subclass) -> str:
    """Cut among the patients kept; MatchIt by itself would let those it discards move the cuts."""
    return "\n".join(
        [
            _discarded(own.discard),
            "people <- data.frame(treated = treated, design)[!discarded, , drop = FALSE]",
            "made <- MatchIt::matchit(",
            '  stats::reformulate(names(design), "treated"), data = people, method = "subclass",',
            f'  distance = score[!discarded], subclass = {own.subclasses}, min.n = {own.min_n}, estimand = "ATT"',
            ")",
            "weights <- rep(0, length(treated))",
            "weights[!discarded] <- made$weights",
            "weights <- scaled(weights)",
            "",
        ]
    )


def _nearest(own: Nearest, steps: Steps, facts: Facts) -> str:
    known = not np.isnan(steps.comparison.distance).any()
    limits, limited = _calipers(steps, facts, own)
    mahalanobis = own.metric == "mahalanobis"
    order = own.order if known or own.order not in ("largest", "smallest") else "data"
    lines = [
        _discarded(own.discard),
        "people <- data.frame(treated = treated, design)",
        *limited,
        *(f"people$E{number} <- text({place + 1})" for number, place in enumerate(facts.exact, 1)),
        "made <- MatchIt::matchit(",
        '  stats::reformulate(names(design), "treated"), data = people, method = "nearest",',
        "  distance = own_distance," if known else '  distance = "mahalanobis",',
        *(["  mahvars = stats::reformulate(names(design)),"] if mahalanobis and known else []),
        *([f"  caliper = {limits}, std.caliper = FALSE,"] if limits else []),
        *([f"  exact = ~ {' + '.join(f'E{n + 1}' for n in range(len(facts.exact)))},"] if facts.exact else []),
        f"  ratio = {own.ratio}, replace = {str(own.replace).upper()}, discard = {r_text(own.discard)}",
        *([] if own.replace else [f"  , m.order = {r_text(order)}"]),
        ")",
        "weights <- scaled(made$weights)",
        text.PAIRS,
        *([] if own.replace else [text.NO_REPLACEMENT]),
        *([text.PAIR_CHECKS] if known else []),
    ]
    return "\n".join(lines)


def _calipers(steps: Steps, facts: Facts, own: DistanceSettings) -> tuple[str, list[str]]:
    """The argument of matchit, "" without one, and the lines that make its columns."""
    made, items = steps.comparison, []
    if own.caliper is not None:
        items.append(f"{r_number(made.caliper_width)} + 1e-10 * sd(own_distance)")
    lines = []
    for number, (place, width, in_sd) in enumerate(facts.limited, 1):
        lines.append(f"people$C{number} <- number({place + 1})")
        unit = f" * sd(people$C{number}[!discarded])" if in_sd else ""
        items.append(f"C{number} = {r_number(width)}{unit} + 1e-10 * sd(people$C{number})")
    return (f"c({', '.join(items)})" if items else ""), lines
