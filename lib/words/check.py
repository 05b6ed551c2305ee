"""Check a paper, in words: what printed counts can say, and what each p counts."""

import math
from collections.abc import Sequence

import pandas as pd

from ..check import Checked, Impossible, PaperDesign
from ..inference.attainable import MOST_SETS, pattern
from ..inference.design_power import ALPHA, fewest_events
from .numbers import DASH, HUGE, capitalised, count_percent, counted, half_up, isolated, listed, p_to, p_value, percent
from .power import p_between
from .tables import TextTable, numbers_right

LEAD = (
    "Type what a paper prints of its matched patients: how many were treated, how many controls each had, and who had "
    "the event. No file is needed. You see what its p counts, and what p these patients can give at all."
)
EMPTY = "Nothing is typed yet. Fill in the fields below, or open an example."
LONGEST = 70  # letters of names in a headline
NO_OUTCOME = "Type who had the event to see the rest."
SOURCES = {
    "mcnemar_pairs": "McNemar's test on pairs",
    "mcnemar_pairs_corrected": "McNemar's test on pairs with continuity correction",
    "mcnemar_pairs_exact": "the exact McNemar test on pairs",
    "exact_by_set": "the exact test by set",
    "cmh_by_set": "the Cochran-Mantel-Haenszel test by set",
    "fisher_exact": "Fisher's exact test of two groups of strangers",
    "chi_square": "the chi-square test of two groups of strangers",
    "chi_square_corrected": "the chi-square test of two groups of strangers with continuity correction",
}
ON_PAIRS = ("mcnemar_pairs", "mcnemar_pairs_corrected", "mcnemar_pairs_exact")
BY_SET = ("exact_by_set", "cmh_by_set")
HEADS = (
    "Outcome",
    "Treated",
    "Matched controls",
    "p as printed",
    "p as pairs",
    "p by set",
    "Ways to fall",
    f"p ≤ {ALPHA} in",
)


def headline(checked: Checked) -> str:
    """The one sentence to repeat."""
    return f"{_subject(checked)}, {_set_part(checked)}{_pairs_part(checked)}."


def _subject(checked: Checked) -> str:
    events, name = sum(checked.claim.events), isolated(checked.claim.name)
    start, sets = f"{name}: " if name else "", counted(checked.design.treated, "set")
    if not events:
        return capitalised(f"{start}with no event at all")
    these = f"these {events:,} events" if events != 1 else "this event"
    among = f" ({checked.claim.events[0]:,} among the treated)" if checked.claim.events[0] else ""
    return capitalised(f"{start}however {these}{among} fell over the {sets}")


def _set_part(checked: Checked) -> str:
    found = checked.by_set
    text = f"the p by set is {p_between(found.p_low, found.p_high)}"
    if found.complete:
        return text
    return f"{text} in the ways tried (there are too many to try all; the true range is at least as wide)"


def _pairs_part(checked: Checked) -> str:
    printed, (low, high) = checked.claim.p, checked.as_pairs
    if printed is not None:
        return f": the paper's {printed} {printed_part(checked)}"
    if math.isnan(low) or checked.design.ratio == 1:
        return ""
    return f"; as {counted(checked.design.total, 'pair')} it is {p_between(low, high)}, which {_counts(checked.design)}"


def _counts(design: PaperDesign) -> str:
    """ "counts 8 patients as 24"."""
    return f"counts {counted(design.treated, 'patient')} as {design.total:,}"


def printed_part(checked: Checked) -> str:
    """What the printed p counts, after its number."""
    same, design = checked.same_as, checked.design
    on_pairs, by_set = (any(name in same for name in names) for names in (ON_PAIRS, BY_SET))
    if on_pairs and design.ratio == 1:
        return "counts each pair once, as it should"
    if on_pairs and by_set:
        return f"could be a p by set, or one that {_counts(design)}"
    if on_pairs:
        return _counts(design)
    if by_set:
        return "counts each set once"
    if same:
        return "takes matched patients for strangers"
    return "is none of the p that the usual tests give for these counts"


def summary(every: Sequence[Checked]) -> str:
    """Of several outcomes, which can have a p by set of 0.05 or less at all; two are named, more are counted."""
    always = [one for one in every if one.by_set.p_high <= ALPHA]
    either = [one for one in every if one.by_set.p_low <= ALPHA < one.by_set.p_high]
    above = len(every) - len(always) - len(either)
    if above == len(every):
        return f"However the events fell, none of these {above} outcomes has a p by set of {ALPHA} or less."
    first = f"a p by set of {ALPHA} or less"
    parts = (
        [f"{_who(always)} {'has' if len(always) == 1 else 'have'} {first} however the events fell"] if always else []
    )
    if either:
        parts.append(f"{_who(either)} {'' if always else f'can have {first} '}only if the events fell that way")
    if above:
        parts.append(f"the other {counted(above, 'outcome')} cannot")
    return f"{capitalised('; '.join(parts))}."


def _who(some: Sequence[Checked]) -> str:
    """One or two outcomes by name, where they are not too long for a headline; else how many."""
    names = listed([_name(one) for one in some])
    return names if len(some) < 3 and len(names) <= LONGEST else counted(len(some), "outcome")


def _name(one: Checked) -> str:
    return isolated(one.claim.name) or "Event"


def source_sentence(checked: Checked) -> str:
    """Which tests can give the printed p; empty without one."""
    if checked.claim.p is None:
        return ""
    start = f"{isolated(checked.claim.name)}: the" if checked.claim.name else "The"
    if not checked.same_as:
        tried = listed(list(SOURCES.values()))
        return f"{start} printed {checked.claim.p} is not given by {tried}, however the events fell."
    return f"{start} printed {checked.claim.p} can come from {listed([SOURCES[name] for name in checked.same_as])}."


def impossible_sentence(found: Impossible, name: str = "") -> str:
    """Why a printed percentage cannot be.  name: of the outcome."""
    who = counted(found.n, "treated patient" if found.arm == "treated" else "control")
    start = f"{isolated(name)}: {found.printed}%" if name else f"{found.printed}%"
    if found.of_n:
        low, high = found.near[0], found.near[-1]
        many = f"{low:,}" if low == high else f"{low:,} to {high:,}"
        return f"{start} is {many} of {who}, not {found.events:,} ({_share(found.events, found)})."
    near = listed([f"{k:,} of {found.n:,} {'is' if k == 1 else 'are'} {_share(k, found)}" for k in found.near])
    return f"{start} cannot be of {who}: {near}."


def _share(events: int, found: Impossible) -> str:
    """A percentage with as many decimals as the printed one, and at least one."""
    return f"{half_up(100 * events / found.n, max(1, found.decimals))}%"


def design_sentence(design: PaperDesign) -> str:
    """The smallest p of the design, and how many control events it takes when no treated patient has one."""
    text = (
        f"{counted(design.treated, 'set')} {_sizes(design)} can give no p by set below {_small(design.smallest_p)}, "
        "whatever happens"
    )
    if design.treated > MOST_SETS or len(set(design.controls)) > 1:
        return f"{text}."
    best = fewest_events(design.controls)
    if best is None:
        return f"{text}. While no treated patient has the event, no p is {ALPHA} or less."
    return (
        f"{text}. While no treated patient has the event, it takes at least {counted(sum(best.per_set), 'event')} "
        f"among the controls to reach {ALPHA} (falling as {pattern(best.per_set)} over the sets)."
    )


def _sizes(design: PaperDesign) -> str:
    if design.ratio:
        return f"of 1:{design.ratio}"
    return f"with {design.controls[-1]} to {design.controls[0]} controls"


def _small(p: float) -> str:
    """A p however small, in plain words below 0.001."""
    if p >= 0.001:
        return p_value(p)
    return f"1 in {1 / p:,.0f}" if p >= 1e-9 else "1 in a billion"


def check_table(every: Sequence[Checked]) -> TextTable:
    """A row for each outcome.  every: of one design."""
    design = every[0].design
    return TextTable(
        "What the printed counts can say",
        HEADS,
        tuple(_row(one) for one in every),
        (_counting(design), design_sentence(design)),
        align=numbers_right(len(HEADS)),
    )


def _counting(design: PaperDesign) -> str:
    """What the columns of the table count."""
    pairs, sets = counted(design.total, "pair"), counted(design.treated, "set")
    return (
        f"p as pairs: McNemar on {pairs} from {counted(design.treated, 'treated patient')}, each pair counted as a "
        f"patient of its own. p by set: exact, {sets}, each counted once. Ways to fall: how the events can have fallen "
        f"over the sets, sets of one size being alike. p ≤ {ALPHA} in: of all choices of as many patients, the share "
        f"whose p by set is {ALPHA} or less."
    )


def _row(one: Checked) -> tuple[str, ...]:
    found, (a, b) = one.by_set, one.claim.events
    ways = found.placements
    return (
        _name(one),
        count_percent(a, one.design.treated),
        count_percent(b, one.design.total),
        str(one.claim.p) if one.claim.p else DASH,
        p_to(*one.as_pairs),
        p_to(found.p_low, found.p_high) + ("" if found.complete else "\nof the ways tried"),
        f"{ways:,}" if ways < HUGE else half_up(float(ways), 0),
        percent(found.below),
    )


def ways_table(one: Checked) -> TextTable:
    """Every way that differs in p: events of each set, its p, and its share of all choices of patients."""
    found = one.by_set
    order = found.found.p.argsort(kind="stable")
    share = found.found.share
    rows = ((pattern(found.ways.per_set(int(w))), f"{found.found.p[w]:.4f}", percent(float(share[w]))) for w in order)
    title = f"{one.claim.name or 'Event'}: every way in which the events could have fallen, with its p"
    return TextTable(title, ("Events per set (the other sets have none)", "p by set", "Share"), tuple(rows))


def figure_rows(every: Sequence[Checked]) -> pd.DataFrame:
    """DataFrame [outcome, counts, set_low, set_high, pairs_low, pairs_high, printed, as_printed, sets, pairs], a row
    for each outcome; printed NaN and as_printed empty where the paper's p is not given."""
    rows = []
    for one in every:
        (a, b), design = one.claim.events, one.design
        counts = f"{a:,}/{design.treated:,} v {b:,}/{design.total:,}"
        printed, text = (one.claim.p.value, str(one.claim.p)) if one.claim.p else (float("nan"), "")
        p = (one.by_set.p_low, one.by_set.p_high, *one.as_pairs, printed)
        rows.append((_name(one), counts, *p, text, design.treated, design.total))
    names = ("outcome", "counts", "set_low", "set_high", "pairs_low", "pairs_high", "printed", "as_printed")
    return pd.DataFrame(rows, columns=[*names, "sets", "pairs"])


def caption(design: PaperDesign) -> str:
    """The line under the figure: whose counts these are."""
    who = f"{design.treated:,} treated, {counted(design.total, 'matched control')}"
    ratio = f" (1:{design.ratio})" if design.ratio else ""
    return f"{who}{ratio}, counts as the paper prints them; computed without the patients"
