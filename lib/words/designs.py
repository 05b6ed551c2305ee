"""Other designs in words: settings tried live beside the main analysis, and the designs that no other one beats."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..sensitivity.live import Live, SetChanges
from ..sensitivity.quick_outcomes import QuickOutcome
from .names import MEASURES
from .numbers import DASH, counted, effect, half_up, p_equals
from .sensitivity import headline_cells
from .tables import TextTable, records, without

NO_SETS = (
    "Weights make no sets, so there is no list of who is compared with whom that could change. The intervals hold for "
    "large samples."
)
P_HEADS = ("p, sets ignored", "p, by set")
NOT_FINITE = 1e9  # a worst |SMD| from here on stands for arms without any overlap


def live_table(main: Live, now: Live, name: str) -> TextTable:
    """The main analysis and the settings tried, one row each."""
    measure = MEASURES[outcome_of(main).measure]
    table = TextTable(
        f"{name}: main analysis and the settings above",
        ("", "Treated matched", "Controls", "Worst |SMD|", measure, "95% interval", *P_HEADS),
        (("Main analysis", *live_cells(main)), ("As set above", *live_cells(now))),
    )
    for head, p in zip(P_HEADS, ("p_published", "p_by_set"), strict=True):
        if all(math.isnan(getattr(outcome_of(found), p)) for found in (main, now)):
            table = without(table, head)
    return table


def outcome_of(found: Live) -> QuickOutcome:
    """The outcome that was asked for. Raises ValueError where none was."""
    if found.outcome is None:
        raise ValueError("Numbers without an outcome have no words here.")
    return found.outcome


def live_cells(found: Live) -> tuple[str, ...]:
    """One row of numbers."""
    return (
        f"{found.matched_treated:,} of {found.treated:,}",
        f"{found.matched_control:,}",
        half_up(found.max_abs_smd, 2) if found.max_abs_smd < NOT_FINITE else DASH,
        *headline_cells(outcome_of(found)),
    )


def moved(label: str, main: Live, now: Live) -> str:
    """What the settings do, in a sentence."""
    old, new = outcome_of(main), outcome_of(now)
    same_p = old.p_by_set == new.p_by_set or math.isnan(old.p_by_set) and math.isnan(new.p_by_set)
    if old.estimate == new.estimate and same_p and main.pairs.equals(now.pairs):
        return "Nothing differs from the main analysis yet."
    p_known = math.isfinite(old.p_by_set) or math.isfinite(new.p_by_set)
    before, after = effect(old.measure, old.estimate), effect(new.measure, new.estimate)
    p_before, p_after = (p_equals(p).removeprefix("p = ") for p in (old.p_by_set, new.p_by_set))
    p_moved = f", p by set from {p_before} to {p_after}" if p_known else ""
    return f"{label}: the estimate goes from {before} to {after}{p_moved}."


def changed_sentence(changes: SetChanges) -> str:
    """Controls kept, gained and lost; treated patients too where they differ."""
    if not changes.any:
        return f"None: all {counted(changes.kept, 'control')} stay where they are."
    text = (
        f"{counted(changes.kept, 'control')} of the main analysis {'stays' if changes.kept == 1 else 'stay'}, "
        f"{changes.gained:,} new, {changes.lost:,} gone."
    )
    for number, one, many in (
        (changes.treated_lost, "loses its last control", "lose their last control"),
        (changes.treated_gained, "gains a control", "gain a control"),
    ):
        if number:
            text += f" {counted(number, 'treated patient')} {one if number == 1 else many}."
    return text


def changes_table(changes: SetChanges, ids: Mapping[int, str]) -> TextTable:
    """Controls that stay, come and go, by treated patient.  ids: by eligible row."""

    def named(rows: tuple[int, ...]) -> str:
        return ", ".join(ids[row] for row in rows) or DASH

    rows = [(ids[row.treated], *map(named, (row.kept, row.gained, row.lost))) for row in records(changes.rows)]
    return TextTable(
        "What changed in the matched sets",
        ("Treated", "Controls that stay", "New", "Gone"),
        tuple(rows),
        alt="Controls kept, gained and lost by each treated patient",
    )


def front_table(front: pd.DataFrame, treated: int) -> TextTable:
    """The designs on the front, numbered as in the figure.  front: as lib.figures.sensitivity_designs.front_designs."""
    rows: list[tuple[str, ...]] = [
        (
            str(row.Index + 1),
            row.design,
            f"{row.matched_treated:,} of {treated:,}",
            f"{row.matched_control:,}",
            half_up(row.ess_control, 1),
            worst(row.max_abs_smd),
        )
        for row in records(front)
    ]
    heads = ("", "Design", "Treated", "Controls", "Controls count as", "Worst difference (|SMD|)")
    return TextTable("Designs that no other design beats", heads, tuple(rows))


def worst(max_abs_smd: float) -> str:
    """The worst |SMD|."""
    return half_up(max_abs_smd, 2) if np.isfinite(max_abs_smd) else DASH
