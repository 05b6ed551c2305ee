"""The match in words: what was asked, what was verified, who is lost and why, one set in full."""

import math
from typing import Any

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import METHODS, Comparison, DistanceSettings, Independent, MethodSettings
from ..design.comparison import OUTSIDE_SUPPORT
from ..design.methods import name_of
from ..design.reach import Reach
from ..score import PropensityModel
from ..spec import AnalysisSpec
from .numbers import capitalised, counted, listed, significant
from .tables import TextTable, numbers_right

CLEAN = 1e-12  # float dust of a product, not a reason to round up
SCALES = {"logit": "logit of the score", "probability": "score"}


def caption(cohort: Cohort, comparison: Comparison, spec: AnalysisSpec, study: str) -> str:
    """One line that makes a figure self-describing: study, n, how they were chosen, spec hash."""
    treated, control = int(cohort.treated.sum()), int((~cohort.treated).sum())
    return (
        f"{study}: {comparison.n_matched(True):,} of {treated:,} treated, "
        f"{comparison.n_matched(False):,} of {control:,} controls, {asked(spec.matching)}, spec {spec.digest}"
    )


def asked(settings: MethodSettings) -> str:
    """What was asked of the match: "1:3 nearest, caliper 0.2 SD", 'sets given in "match"'."""
    return METHODS[name_of(settings)].line(settings)


def plain(settings: MethodSettings) -> dict[str, Any]:
    """The settings by name."""
    return settings.model_dump()


def caliper_width(settings: MethodSettings, scale: str, width: float) -> tuple[str, str]:
    """The width in units of the distance, and what it is made of.  scale: of SCALES."""
    if settings.set_column:
        return "none", "the sets are taken as they are"
    if not isinstance(settings, DistanceSettings) or settings.caliper is None:
        return "none", "any distance is allowed"
    kept = " over the patients kept" if settings.discard != "none" else ""
    in_sd = f"{settings.caliper:g} SD of the {SCALES[scale]}{kept}"
    return significant(width), in_sd if settings.caliper_unit == "sd" else f"in the {SCALES[scale]}"


def reach_sentence(found: Reach, settings: DistanceSettings) -> str:
    """From which caliper on everybody keeps its controls, and the most pairs inside the one that is set."""
    unit = " SD" if settings.caliper_unit == "sd" else ""
    each = counted(found.ratio, "control")
    if math.isinf(found.complete):
        text = f"There are too few controls for everybody to have {each}."
    else:
        text = f"Everybody can have {each} from {rounded_up(found.complete)}{unit} on."
    if settings.caliper is None:
        return text
    most = f"at most {found.pairs:,} of {found.wanted:,} pairs"
    return f"{text} Inside {settings.caliper:g}{unit} any method makes {most}."


def rounded_up(width: float) -> str:
    """A caliper that is wide enough, to three figures: never below `width`."""
    if width == 0:
        return "0"
    places = 2 - math.floor(math.log10(width))
    scaled = math.ceil(width * 10**places * (1 - CLEAN)) / 10**places
    return f"{scaled:.{max(places, 0)}f}"


def checks_sentence(settings: MethodSettings, comparison: Comparison) -> str:
    """What was verified about the sets or pairs, and ties; empty where there are none."""
    if isinstance(comparison.units, Independent):
        return ""
    if settings.set_column:
        own = "one treated patient" if comparison.units.one_treated else "a treated patient"
        sets = f"All {counted(comparison.n_sets, 'set')} were checked: "
        return f"{sets}each has {own} and at least one control, and nobody stands in two."
    kept = ", ".join(rules(settings, comparison))
    if "ratio" not in plain(settings):
        return f"All {counted(comparison.n_sets, 'set')} were checked again after matching: {kept}."
    ties = comparison.ties
    tied = f"In {counted(ties, 'pair')} the first of several equally near controls in the file was taken."
    text = f"All {len(comparison.pairs):,} pairs were checked again after matching: {kept}. "
    return text + (tied if ties else "No choice hung on a tie.")


def rules(settings: MethodSettings, comparison: Comparison) -> list[str]:
    """The rules that hold in every set, in words."""
    own = plain(settings)
    calipers = listed(list(settings.calipers))
    ratio, least, most, shared = (own.get(key) for key in ("ratio", "min_controls", "max_controls", "max_treated"))
    said = {
        f"at most {counted(ratio or 0, 'control')} for each treated": ratio is not None,
        "one treated patient with controls or one control with treated patients": "max_treated" in own,
        f"at least {counted(least or 1, 'control')} for each treated": (least or 1) > 1,
        f"at most {counted(most or 0, 'control')} for each treated patient": most is not None,
        f"at most {counted(shared or 0, 'treated patient')} for each control": shared is not None,
        "no control twice" if ratio else "nobody in two sets": comparison.by_set,
        "within the caliper": own.get("caliper") is not None,
        f"within the caliper of {calipers}": bool(calipers),
        f"equal in {listed(list(settings.exact))}": bool(settings.exact),
        "inside common support": settings.discard != "none",
    }
    return [words for words, holds in said.items() if holds]


def farthest(comparison: Comparison) -> str:
    """How far apart the farthest pair is, in units of the distance."""
    most = comparison.pairs["distance"].max()
    return f"farthest {significant(most)} apart" if np.isfinite(most) else "distances need a score"


def lost_table(settings: MethodSettings, comparison: Comparison, gaps: tuple[int, int] = (0, 0)) -> TextTable:
    """One row per reason: how many treated and how many control patients it took, and who is left.

    gaps: eligible treated and controls who lack the value of a covariate, and so were not analysed."""
    reasons = comparison.losses["reason"].value_counts()
    discarded = {OUTSIDE_SUPPORT: in_arm(comparison, comparison.discarded, False)}
    left = reasons.index.union([reason for reason, n in discarded.items() if n])
    counts = [("A covariate is missing", *gaps)] if any(gaps) else []
    counts += [(capitalised(reason), int(reasons.get(reason, 0)), discarded.get(reason, 0)) for reason in left]
    unused = in_arm(comparison, ~comparison.matched & ~comparison.discarded, False)
    if unused or settings.set_column or "ratio" in plain(settings):
        counts += [(unchosen(settings), 0, unused)]
    counts += [("In the matched sample", comparison.n_matched(True), comparison.n_matched(False))]
    everyone = np.ones(len(comparison.treated), dtype=bool)
    treated, control = (in_arm(comparison, everyone, arm) + gap for arm, gap in zip((True, False), gaps, strict=True))
    return TextTable(
        "Who is lost, and why",
        ("", f"Treated (of {treated:,})", f"Control (of {control:,})"),
        tuple((why, f"{t:,}", f"{c:,}") for why, t, c in counts),
        alt="Patients by arm and reason",
        align=numbers_right(3),
    )


def unchosen(settings: MethodSettings) -> str:
    """Why a control that could have been used was not."""
    if settings.set_column:
        return "In no set"
    return "Not among the nearest" if "ratio" in plain(settings) else "Not used"


def in_arm(comparison: Comparison, members: np.ndarray, treated: bool) -> int:
    """How many of the patients in `members` (bool, n) belong to an arm."""
    return int((members & (comparison.treated == treated)).sum())


def fit_sentence(model: PropensityModel, n: int) -> str:
    """How the score was fitted and how far it tells the arms apart.  n: patients."""
    fit = f"{'Converged' if model.converged else 'Not converged'} after {counted(model.iterations, 'step')}"
    return (
        f"{fit}, {n:,} patients. Probability that a treated patient has the higher score (c-statistic): "
        f"{model.c_statistic:.2f}. A high value says that the arms differ, not that the model is good."
    )


def sets_table(cohort: Cohort, comparison: Comparison) -> TextTable:
    """A row for every matched set: its treated patients, its controls, and how far apart the farthest two are."""
    rows, sets = comparison.membership.T
    people = pd.DataFrame(
        {
            "set": sets,
            "id": cohort.person_id[rows],
            "treated": comparison.treated[rows],
            "distance": comparison.distance[rows],
        }
    )
    made = []
    for number, (_, block) in enumerate(people.groupby("set")):
        arms = [", ".join(map(str, block.loc[block["treated"] == arm, "id"])) for arm in (True, False)]
        spread = block["distance"].max() - block["distance"].min()
        made.append((f"{number + 1:,}", *arms, significant(spread)))
    heads = ("Set", "Treated", "Controls", "Farthest apart")
    return TextTable("The matched sets", heads, tuple(made), align=("right", "left", "left", "right"))
