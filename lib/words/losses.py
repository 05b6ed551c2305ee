"""What gaps cost, in words: the line that stays, the price of each covariate, the kept against the dropped."""

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd

from ..cohort.dropped import FEWEST, KeptDropped
from ..cohort.losses import Choice, Cost, Losses
from .labels import Labels
from .numbers import DASH, counted, listed, percent, significant, smd
from .tables import TextTable, numbers_right, records

NAMED = 4  # columns named in the line; the others are counted
ARROW = " → "
DROPPED_FOOT = (
    f"Means and shares of those who have a value; {DASH} where fewer than {FEWEST} of either group have one.",
    "Difference: dropped minus kept, in standard deviations of all eligible patients.",
)


def losses_line(found: Losses, labels: Labels) -> str:
    """The line that stays: "14 treated → 10 usable, 168 controls → 127: IL-6 costs ... (leave it out)."."""
    (treated, control), (treated_left, control_left) = found.eligible, found.usable
    if found.level == "none":
        return f"All {treated:,} treated and {counted(control, 'control')} are usable: no covariate has a gap."
    gone = f"{counted(control, 'control')}{ARROW}{control_left:,}"
    if found.level == "note":
        return f"All {treated:,} treated are usable, {gone}: {_costs(found.costs, labels)}."
    costs = [cost for cost in found.costs if cost.lacking[0]]
    out = found.needed
    advice = (
        " (leave it out)"
        if len(costs) == 1
        else f"; without {_these(costs)} all {treated:,} treated and {counted(out.usable[1], 'control')} are usable"
    )
    return f"{treated:,} treated{ARROW}{treated_left:,} usable, {gone}: {_costs(costs, labels)}{advice}."


def losses_table(found: Losses, labels: Labels) -> TextTable:
    """A row for each column with gaps: who lacks it, who comes back when it alone is left out; all together last."""
    rows = [
        (
            labels.column(cost.column).name,
            *(f"{number:,}" for number in (*cost.lacking, *cost.alone)),
        )
        for cost in found.costs
    ]
    lost = tuple(f"{number:,}" for number in found.lost)
    treated, control = found.eligible
    return TextTable(
        "What each covariate costs",
        (
            "Covariate",
            f"Treated without it (of {treated:,})",
            f"Controls without it (of {control:,})",
            "Treated back if only it is left out",
            "Controls back if only it is left out",
        ),
        (*rows, ("All together", *lost, *lost)),
        alt="Eligible patients who lack a covariate, by arm, and who comes back without it",
        align=numbers_right(5),
        marks=frozenset((place, 1) for place, cost in enumerate(found.costs) if cost.lacking[0]),
    )


def choices_table(found: Losses, labels: Labels) -> TextTable:
    """Who is usable with everything, and with the best one, two, ... columns left out."""
    choices = (Choice((), found.usable), *found.choices)
    treated, control = found.eligible
    rows = tuple(
        (
            listed([labels.column(name).name for name in choice.left_out]) or "Nothing",
            f"{choice.usable[0]:,} of {treated:,}",
            f"{choice.usable[1]:,} of {control:,}",
        )
        for choice in choices
    )
    heads = ("Left out", "Treated usable", "Controls usable")
    return TextTable("What leaving out brings back", heads, rows, align=numbers_right(3))


def dropped_table(found: KeptDropped, labels: Labels) -> TextTable:
    """Kept against dropped patients, each arm by itself; without rows where nobody is dropped."""
    (treated, control), (treated_out, control_out) = found.kept, found.dropped
    heads = (
        "Covariate",
        f"Treated kept ({treated:,})",
        f"Treated dropped ({treated_out:,})",
        "Difference (SD)",
        f"Controls kept ({control:,})",
        f"Controls dropped ({control_out:,})",
        "Difference (SD)",
    )
    pairs = zip(records(found.rows.iloc[::2]), records(found.rows.iloc[1::2]), strict=True)
    rows = [
        (_variable(labels, ours), *(text for row in (ours, theirs) for text in _cells(row))) for ours, theirs in pairs
    ]
    shown = tuple(rows) if treated_out + control_out else ()
    return TextTable("Kept against dropped patients", heads, shown, DROPPED_FOOT, align=numbers_right(7))


def _costs(costs: Iterable[Cost], labels: Labels) -> str:
    found = list(costs)
    first, *others = found[:NAMED]
    said = [_cost(first, labels), *(_cost(cost, labels, like=first) for cost in others)]
    more = len(found) - NAMED
    return ", ".join(said) + (f" and so on for {counted(more, 'more column')}" if more > 0 else "")


def _cost(cost: Cost, labels: Labels, like: Cost | None = None) -> str:
    """By those who come back without it; by those who lack it where they lack something else too.  like: a cost told
    just before, whose nouns stand for both where both have the same."""
    name, (treated, control) = labels.column(cost.column).name, cost.alone
    if (cost.lacking[0] and not treated) or not (treated or control):
        where = f"{cost.lacking[0]:,} treated" if cost.lacking[0] else counted(cost.lacking[1], "control")
        return f"{name} is missing, with other columns, in {where}"
    if like is not None and all(cost.alone) and all(like.alone):
        return f"{name} {treated:,} and {control:,}"
    whom = [f"{treated:,} treated"] if treated else []
    return f"{name} costs {listed([*whom, counted(control, 'control')] if control else whom)}"


def _these(costs: list[Cost]) -> str:
    return "both" if len(costs) == 2 else f"these {len(costs)}"


def _variable(labels: Labels, row: Any) -> str:
    label = labels.column(row.column)
    return label.with_unit if pd.isna(row.level) else f"{label.name} = {row.level}"


def _cells(row: Any) -> tuple[str, str, str]:
    if not np.isfinite(row.kept):
        return DASH, DASH, DASH
    say = significant if pd.isna(row.level) else percent
    return say(row.kept), say(row.dropped), smd(row.difference)
