"""What a matched design can show: the sets that count, and the p-values that they can reach however the events fall."""

import math

import numpy as np

from ..design import Comparison, Independent, Overlapping
from ..inference import Detectable
from ..inference.attainable import MOST_SETS, Attainable, pattern
from ..inference.design_power import ALPHA
from .numbers import DASH, counted, p_value, percent
from .tables import TextTable, records

NO_SETS = (
    "Nobody is paired, so there are no sets and no test by set. The weighted effects have robust standard errors, "
    "which hold for large samples."
)
SEVERAL_TREATED = (
    "Some sets hold several treated patients. A set counts once, however many it holds; what such sets could find is "
    "not simulated."
)


def p_range(found: Attainable) -> str:
    """ "between 0.13 and 0.34", or the only value."""
    return p_between(found.smallest_p, found.largest_p)


def p_between(low: float, high: float) -> str:
    """The same of any two p."""
    least, most = p_value(low), p_value(high)
    return f"always {least}" if least == most else f"between {least} and {most}"


def falls_sentence(found: Attainable) -> str:
    """What a clinician can repeat: the p by set over every fall of these events."""
    text = (
        f"However {counted(found.events, 'event')} among {counted(found.controls, 'control')} fall over "
        f"{counted(found.sets, 'set')}, with none among the treated, the p by set is {p_range(found)}"
    )
    if not found.below:
        return f"{text}: never at or below {ALPHA}."
    return f"{text}; it is at or below {ALPHA} in {percent(found.below)} of all ways."


def falls_table(found: Attainable, name: str) -> TextTable:
    """One row per fall: the pattern, its p, and how many of all ways look like it."""
    rows = [
        (
            pattern(f.per_set) + (" (seen here)" if f.per_set == found.observed else ""),
            f"{f.p_value:.4f}",
            f"{f.ways:,}",
            percent(f.share),
        )
        for f in found.ways
    ]
    heads = ("Deaths per set (the other sets have none)", "Exact p by set", "Ways", "Share of all ways")
    title = f"{name}: every way in which the events could have fallen, with its p"
    return TextTable(title, heads, tuple(rows))


def detectable_table(found: Detectable) -> TextTable:
    """One row per assumed risk of the controls."""
    rows = [
        (percent(row.control_risk), lower_cell(row), higher_cell(row), percent(row.power_if_none))
        for row in records(found.risks)
    ]
    studies = f" {found.studies:,} studies of {counted(found.n_sets, 'set')}." if found.studies else ""
    return TextTable(
        "Which difference these sets could find",
        (
            "If the risk of the controls is",
            "found if that of the treated is at most",
            "or at least",
            "Power if no treated patient has the event",
        ),
        tuple(rows),
        (f"{found.assumptions}{studies}",),
        "Risks of the treated that these sets would find with 80% power",
    )


def lower_cell(row) -> str:
    """ "8%", or a dash when not even no event is found."""
    return f"{DASH}\nnot even 0%" if math.isnan(row.lower_risk) else percent(row.lower_risk)


def higher_cell(row) -> str:
    """ "65%", or a dash."""
    return f"{DASH}\nnot even 100%" if math.isnan(row.higher_risk) else percent(row.higher_risk)


def set_sizes(comparison: Comparison) -> str:
    """ "each with 3 controls", or the range; of both arms where a set has several treated patients."""
    units = comparison.units
    controls = number_range(units.n_control, "control")
    if units.one_treated:
        return f"each with {controls}" if " to " not in controls else f"with {controls}"
    low, high = int(units.n_treated.min()), int(units.n_treated.max())
    return f"{low} to {high} treated, {controls}" if low < high else f"{low:,} treated, {controls}"


def number_range(sizes: np.ndarray, one: str) -> str:
    """ "3 controls", "1 to 3 controls".  sizes: int (S,), not empty."""
    low, high = int(sizes.min()), int(sizes.max())
    return counted(low, one) if low == high else f"{low} to {high} {one}s"


def reach_sentence(comparison: Comparison, found: Detectable | None) -> str:
    """How many events it takes before the test by set can fall to 0.05 (Markdown)."""
    if isinstance(comparison.units, Overlapping):
        return (
            "Controls were used more than once, so the sets overlap and are not independent: no p-value by set exists. "
            "Effects and their intervals are shown; read the p-values on pairs as too small on average."
        )
    if isinstance(comparison.units, Independent):
        return NO_SETS
    if not comparison.units.one_treated:
        return SEVERAL_TREATED
    if found is None or comparison.n_sets > MOST_SETS:
        sets = f"{comparison.n_sets:,}"
        return f"With {sets} sets small p-values are within reach; the effects and their intervals say more."
    best = found.fewest
    if best is None:
        return (
            f"With {counted(comparison.n_sets, 'set')} of this size, an outcome that no treated patient has cannot "
            f"reach p = {ALPHA} by set, however the events fall."
        )
    needed = sum(best.per_set)
    together = "" if needed == 1 else f", falling together as {pattern(best.per_set)} over the sets"
    return (
        f"If no treated patient has an event, it takes at least **{counted(needed, 'event')}** among the controls"
        f"{together}, before the exact p by set can be {ALPHA} or less (then {p_value(best.p_value)}). "
        "With fewer and no treated event, no result could."
    )
