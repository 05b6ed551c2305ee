"""The published tables of Gregoire 2022 beside our own numbers, cell by cell.

A printed cell is compared at the printed precision: our number is rounded, halves up, to as many decimals as the study
prints for that variable (p-values: to the decimals of that very cell), and has to give the same digits. An n that the
study does not print, though it can be told from other cells, is no printed cell.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pandas as pd

from ..inference.continuous import continuous_outcome
from ..inference.data import ValueData
from ..inference.frame import Frame
from ..inference.registry import named
from ..inference.results import BinaryOutcome, BinarySummary, ContinuousOutcome, ContinuousSummary
from ..steps import Steps
from ..table import is_numeric

ARM_PARTS = ("msc", "matched", "whole")
PARTS = ("msc", "msc_n", "matched", "matched_n", "p_matched", "whole", "whole_n", "p_whole")
N_PRINTED_IN = "Table 1"  # Table 2 has no column of n
COLUMNS = ("table", "variable", "part", "printed", "ours", "agrees", "note")
DUST = 9  # decimals kept before rounding, so that 0.1 + 0.2 is not above 0.3
ABSENT = "–"


@dataclass(frozen=True)
class PrintedCell:
    """One printed cell. values: (median, P25, P75), (events,), (n,) or (p,), with the decimals as printed."""

    part: str
    values: tuple[Decimal, ...]


@dataclass(frozen=True)
class PrintedRow:
    """One variable of a printed table. kind: "continuous" or "binary".

    decimals: the most printed in its row, at least 1 in Table 1, which prints halves (49.5); Table 2 rounds them up.
    group_n: patients of MSC, matched and whole, which give a binary row its percentages.
    inferred_n: of the three arms, where the paper prints none and the note tells why they must be these; else ()."""

    table: str
    variable: str
    unit: str | None
    normal: str | None
    kind: str
    cells: tuple[PrintedCell, ...]
    decimals: int
    group_n: tuple[int, int, int]
    note: str = ""
    inferred_n: tuple[int, ...] = ()


@dataclass(frozen=True)
class OwnRow:
    """Our numbers for one variable: three summaries of one kind, and the p of the study's own tests (NaN: none)."""

    variable: str
    msc: BinarySummary | ContinuousSummary
    matched: BinarySummary | ContinuousSummary
    whole: BinarySummary | ContinuousSummary
    p_matched: float
    p_whole: float


def printed_rows(text: str | bytes) -> tuple[PrintedRow, ...]:
    """Every row of published_tables.json (Table 1, then Table 2), digits kept as printed."""
    tables = json.loads(text, parse_float=Decimal)
    groups = tables["groups"]
    group_n = (groups["msc"], groups["matched_control"], groups["whole_control"])
    return tuple(_printed_row(f"Table {k}", row, group_n) for k in (1, 2) for row in tables[f"table{k}"])


def own_rows(analysis: Steps, variables: Iterable[str]) -> tuple[OwnRow, ...]:
    """Our numbers for the variables that the analysis has: its outcomes, and any other numeric column of the file,
    described and tested as the study does (Kruskal-Wallis, signed rank on repeated pairs). Others are left out."""
    outcomes = {o.name: o for o in analysis.outcomes}
    eligible = analysis.cohort.eligible
    frame = Frame.of(analysis.cohort.rows, analysis.comparison)
    made = []
    for name in variables:
        outcome = outcomes.get(name)
        if outcome is None and name in eligible and is_numeric(eligible[name]):
            values = eligible[name].to_numpy(dtype=float)
            data = ValueData(values, analysis.cohort.eligible_treated, frame)
            outcome = continuous_outcome(name, False, data, None, ("whole", "published"))
        if isinstance(outcome, BinaryOutcome | ContinuousOutcome):
            made.append(_own_row(outcome))
    return tuple(made)


def _own_row(outcome: BinaryOutcome | ContinuousOutcome) -> OwnRow:
    p = {test.name: test.p_value for test in outcome.tests}
    matched, whole = (named(role)[outcome.kind] for role in ("published", "whole"))
    return OwnRow(outcome.name, outcome.treated, outcome.matched_control, outcome.whole_control, p[matched], p[whole])


def compare(printed: Iterable[PrintedRow], own: Iterable[OwnRow]) -> pd.DataFrame:
    """One row per printed cell: DataFrame with COLUMNS; `printed` and `ours` are texts at the printed precision,
    `agrees` whether they are the same. A variable that we do not have is absent, and does not agree."""
    ours = {row.variable: row for row in own}
    cells = [_compared(row, cell, ours.get(row.variable)) for row in printed for cell in row.cells]
    return pd.DataFrame(cells, columns=list(COLUMNS))


def round_half_up(value: float, decimals: int) -> Decimal:
    """Rounded as printed: halves away from zero, after float dust is cleared.  value: finite."""
    return Decimal(repr(round(float(value), DUST))).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


@dataclass(frozen=True)
class RepeatedPairs:
    """How McNemar's statistic arises when each treated patient is repeated once per control.

    b: pairs in which only the treated has the event.  c: only the control.  statistic: (b - c)^2 / (b + c), NaN if
        b + c is 0.
    """

    pairs: int
    treated: int
    b: int
    c: int

    @property
    def statistic(self) -> float:
        """Chi-square on 1 degree of freedom, no continuity correction (McNemar 1947, Psychometrika 12:153)."""
        discordant = self.b + self.c
        return (self.b - self.c) ** 2 / discordant if discordant else float("nan")


def repeated_pairs(sets: pd.DataFrame) -> RepeatedPairs:
    """Pairs from matched sets with one treated patient each.

    sets: DataFrame [set, treated, treated_events, controls, control_events], as BinaryOutcome.sets.
    """
    event = sets["treated_events"].to_numpy() > 0
    controls, control_events = sets["controls"].to_numpy(), sets["control_events"].to_numpy()
    b = int((controls - control_events)[event].sum())
    return RepeatedPairs(int(controls.sum()), len(sets), b, int(control_events[~event].sum()))


def _printed_row(table: str, row: dict, group_n: tuple[int, int, int]) -> PrintedRow:
    kind = "continuous" if isinstance(row["msc"], list) else "binary"
    printed = [part for part in PARTS if part in row and (table == N_PRINTED_IN or not part.endswith("_n"))]
    cells = tuple(PrintedCell(part, _as_decimals(row[part])) for part in printed)
    decimals = max([int(table == "Table 1")] + [_places(v) for c in cells if c.part in ARM_PARTS for v in c.values])
    inferred = tuple(int(row[part]) for part in PARTS if part in row and part.endswith("_n") and part not in printed)
    about = (table, row["variable"], row.get("unit"), row.get("normal"), kind, cells, decimals, group_n)
    return PrintedRow(*about, row.get("note", ""), inferred)


def _as_decimals(value: int | Decimal | list) -> tuple[Decimal, ...]:
    return tuple(Decimal(v) for v in (value if isinstance(value, list) else [value]))


def _places(value: Decimal) -> int:
    return max(0, -int(value.as_tuple().exponent))


def _compared(row: PrintedRow, cell: PrintedCell, own: OwnRow | None) -> tuple:
    decimals = _cell_decimals(row, cell)
    values = None if own is None else _own_values(own, cell.part)
    rounded = None
    if values is not None and np.isfinite(values).all():
        rounded = tuple(round_half_up(v, decimals) for v in values)
    agrees = rounded is not None and rounded == cell.values
    ours = _text(row, cell.part, rounded, _own_n(own, cell.part)) if rounded is not None else ABSENT
    note = row.note if not agrees and f"{cell.part} " in row.note else ""
    return (
        row.table,
        row.variable,
        cell.part,
        _text(row, cell.part, cell.values, _printed_n(row, cell.part)),
        ours,
        agrees,
        note,
    )


def _cell_decimals(row: PrintedRow, cell: PrintedCell) -> int:
    if cell.part.startswith("p_"):
        return _places(cell.values[0])
    return row.decimals if cell.part in ARM_PARTS else 0


def _own_values(own: OwnRow, part: str) -> Sequence[float]:
    if part.startswith("p_"):
        return (getattr(own, part),)
    summary = getattr(own, part.removesuffix("_n"))
    if part.endswith("_n"):
        return (summary.n,)
    return (summary.events,) if isinstance(summary, BinarySummary) else (summary.median, summary.p25, summary.p75)


def _own_n(own: OwnRow | None, part: str) -> int:
    return getattr(own, part).n if own is not None and part in ARM_PARTS else 0


def _printed_n(row: PrintedRow, part: str) -> int:
    return row.group_n[ARM_PARTS.index(part)] if part in ARM_PARTS else 0


def _text(row: PrintedRow, part: str, values: Sequence[Decimal], n: int) -> str:
    if part not in ARM_PARTS:
        return f"{values[0]:,}" if not part.startswith("p_") else str(values[0])
    if row.kind == "binary":
        events = int(values[0])
        share = round_half_up(100 * events / n, 1) if n else None
        return f"{events} ({'0' if not events else share}%)" if n else str(events)
    low, middle, high = values[1], values[0], values[2]
    return f"{_plain(middle, row)} ({_plain(low, row)}–{_plain(high, row)})"


def _plain(value: Decimal, row: PrintedRow) -> str:
    """As the study prints: of whole numbers only a half has a decimal."""
    whole = row.decimals == 1 and value == value.to_integral_value() and _whole_variable(row)
    return f"{value.to_integral_value() if whole else value.quantize(Decimal(1).scaleb(-row.decimals)):,}"


def _whole_variable(row: PrintedRow) -> bool:
    """Whether the study prints some of this row's values without decimals, so that it counts whole units."""
    return any(_places(v) == 0 for cell in row.cells if cell.part in ARM_PARTS for v in cell.values)
