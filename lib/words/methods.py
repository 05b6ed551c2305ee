"""The methods side by side, in words."""

import math
from collections.abc import Sequence

from ..design import METHODS
from ..design.weights import KINDS
from ..sensitivity.methods import Candidate, Tried
from .moves import times
from .numbers import DASH, half_up
from .tables import TextTable, numbers_right

TITLE = "The methods side by side"
LINE = "Which method? All of them side by side, outcomes closed: how alike, whom it costs, how even the sets"
WHAT = (
    "Every method is made on these patients with the settings above, as far as it takes them, and **no outcome is "
    "looked at**. Choose the one that leaves the groups most alike and loses no treated patient; choosing by the "
    "result would make the p-value worthless.\n\n"
    "- **Worst and mean difference**: between treated and controls after matching, in standard deviations of the "
    "treated before matching (|SMD|); below 0.1 is usually taken as alike.\n"
    "- **Controls count as**: how many equally weighted controls the weighted ones are worth (effective sample size).\n"
    "- **Odds inside the sets**: how far apart the odds of treatment of the treated patient and its furthest control "
    "are, by what was measured: 1 is alike; from 1.5 a p by set can be too small, from 2 it is no evidence. Weights "
    "make no sets.\n"
    "- **Seconds**: to make the match on this machine."
)
FOOT = "Differences in standard deviations of the treated before matching (|SMD|). No outcome was looked at."
SHORT = {
    "nearest": "Nearest neighbours (greedy)",
    "optimal": "Optimal pairs",
    "full": "Full matching",
    "subclass": "Subclasses",
    "given": "Sets made elsewhere",
}


def method_name(one: Candidate) -> str:
    """ "Optimal pairs", "Weights: overlap of the groups (ATO)"."""
    if one.kind:
        kind = KINDS[one.kind]
        return f"Weights: {kind[:1].lower()}{kind[1:]}"
    return SHORT.get(one.name, METHODS[one.name].title)


def methods_table(found: Sequence[Tried], treated: int, control: int) -> TextTable:
    """A row a method; the one in use stands out, and one that cannot be made says why.  treated, control: analysed."""
    return TextTable(
        TITLE,
        (
            "Method",
            f"Treated kept (of {treated:,})",
            f"Controls kept (of {control:,})",
            "Worst difference",
            "Mean difference",
            "Odds inside the sets",
            "Controls count as",
            "Seconds",
        ),
        tuple(_row(one) for one in found),
        (FOOT,),
        "Methods of matching: patients kept, differences left, odds inside the sets and time",
        numbers_right(8),
        tuple("primary" if one.candidate.current else "plain" for one in found),
        frozenset((at, 1) for at, one in enumerate(found) if not one.error and one.matched_treated < treated),
    )


def _row(one: Tried) -> tuple[str, ...]:
    name = method_name(one.candidate)
    if one.error:
        return (f"{name}\n{one.error}", *[DASH] * 7)
    line = "" if one.candidate.kind else METHODS[one.candidate.name].line(one.candidate.spec.matching)
    small = ", ".join(part for part in ("in use" if one.candidate.current else "", line) if part)
    odds = DASH
    if math.isfinite(one.typical):
        odds = f"{times(one.typical)} times\nlargest {times(one.largest)}"
    return (
        f"{name}\n{small}" if small else name,
        f"{one.matched_treated:,}",
        f"{one.matched_control:,}",
        size(one.worst),
        size(one.mean),
        odds,
        half_up(one.ess_control, 1),
        seconds(one.seconds),
    )


def size(smd: float) -> str:
    """A |SMD| with two decimals."""
    if math.isnan(smd):
        return DASH
    return "unlimited" if math.isinf(smd) else half_up(smd, 2)


def seconds(taken: float) -> str:
    """A time: "under 0.01", "0.31", "12"."""
    return "under 0.01" if taken < 0.005 else half_up(taken, 2 if taken < 10 else 0)


def best_line(found: Sequence[Tried], treated: int) -> str:
    """Which method that keeps every treated patient leaves the smallest worst difference; "" where none keeps all."""
    whole = [one for one in found if not one.error and one.matched_treated == treated and math.isfinite(one.worst)]
    if not whole:
        return "No method keeps every treated patient with these settings."
    best = min(whole, key=lambda one: one.worst)
    name = method_name(best.candidate)
    return f"Smallest worst difference with every treated patient kept: {name} ({size(best.worst)})."
