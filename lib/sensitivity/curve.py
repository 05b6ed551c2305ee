"""The specification curve: one outcome under every specification of a grid, sorted by its estimate.

Source: Simonsohn, Simmons and Nelson 2020, Nat Hum Behav 4:1208.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from ..errors import EstimationError
from ..inference.headline import main_measure
from ..measures import MEASURES
from ..words import counted, percent
from .axes import Plan, Values, lookup
from .grid import COUNTS, ERROR, Grid

ALPHA = 0.05
NUMBERS = ("estimate", "ci_low", "ci_high", "p_published", "p_by_set")
COLUMNS = {"p_by_set": "p_quoted"}  # of the grid, where they have another name: the p by set that is quoted

Better = Literal["lower", "higher"]


@dataclass(frozen=True)
class SpecificationCurve:
    """rows: DataFrame, one row per specification that has an estimate, the smallest first: `position` in the grid,
    estimate, ci_low, ci_high, p_published, p_by_set, matched_treated, matched_control, max_abs_smd, `main` (whether its
    settings are those of the spec), and the settings under their paths.

    null: the estimate of no effect.  better: which side of it favours the treated; None: nobody has said, so none is
    called favourable.  failed: specifications that cannot be done.  silent: those that can, without an estimate of this
    outcome.
    """

    outcome: str
    measure: str
    null: float
    better: Better | None
    plan: Plan
    rows: pd.DataFrame
    failed: int
    silent: int

    @property
    def places(self) -> np.ndarray:
        """int (axes, rows): which value of each axis a row has."""
        return self.plan.places(self.rows["position"].to_numpy())

    def beyond(self, side: Better) -> int:
        """Specifications whose estimate is lower, or higher, than no effect."""
        estimate = self.rows["estimate"].to_numpy()
        return int((estimate < self.null if side == "lower" else estimate > self.null).sum())

    def share_significant(self, convention: Literal["p_published", "p_by_set"]) -> float:
        """Of the specifications that have this p; NaN when none has."""
        return significant_share(self.rows[convention].to_numpy())

    @property
    def median(self) -> float:
        """Of the estimates."""
        return float(self.rows["estimate"].median())

    @property
    def main_rank(self) -> int | None:
        """Place of the main analysis, 1 for the smallest estimate; None when it is not in the grid."""
        at = np.flatnonzero(self.rows["main"])
        return int(at[0]) + 1 if len(at) else None

    @property
    def sentence(self) -> str:
        """What the curve says, in words a clinician repeats."""
        n = len(self.rows)
        shares = {
            "when sets are ignored": self.share_significant("p_published"),
            "by matched set": self.share_significant("p_by_set"),
        }
        told = [f"{percent(share)} {convention}" for convention, share in shares.items() if not np.isnan(share)]
        parts = [self._sides(n)]
        parts += [f"p is below 0.05 in {' and in '.join(told)}"] if told else []
        parts += [f"{counted(self.failed, 'specification')} could not be done"] if self.failed else []
        parts += [f"{counted(self.silent, 'specification')} gave no estimate"] if self.silent else []
        return "; ".join(parts) + "."

    def _sides(self, n: int) -> str:
        of = counted(n, "specification")
        if self.better is None:
            sides = self.beyond("higher"), self.beyond("lower")
            above, below = (f"{side:,} ({percent(side / n)})" for side in sides)
            return f"Of {of} {above} lie above no effect, {below} below"
        good = self.beyond(self.better)
        return f"{good:,} of {of} ({percent(good / n)}) favour the treated"


def specification_curve(grid: Grid, outcome: str, better: Better | None = None) -> SpecificationCurve:
    """The curve of one outcome.  better: None for what the spec says of it.  Raises EstimationError when no
    specification gives an estimate of it."""
    plan, rows = grid.plan, grid.rows
    known = next(o for o in plan.spec.outcomes if o.name == outcome)
    columns = {number: rows[f"{outcome}.{COLUMNS.get(number, number)}"].to_numpy(float) for number in NUMBERS}
    made = pd.DataFrame({"position": rows.index, **columns, **{name: rows[name] for name in COUNTS}}, index=rows.index)
    made["main"] = is_main(plan, rows)
    made = pd.concat([made, rows[list(plan.paths)]], axis=1)
    has = made["estimate"].notna()
    if not has.any():
        raise EstimationError(f'No specification gives an estimate of "{outcome}".', "Look at another outcome.")
    measure = main_measure(known.kind)
    return SpecificationCurve(
        outcome,
        measure,
        MEASURES[measure].null,
        better or known.good,
        plan,
        made[has].sort_values("estimate", kind="stable", ignore_index=True),
        grid.failed,
        int((~has & rows[ERROR].isna()).sum()),
    )


def main_values(plan: Plan) -> Values:
    """The settings of the spec itself on each axis."""
    plain = plan.spec.model_dump(mode="json")
    return tuple(lookup(plain, path) for path in plan.paths)


def is_main(plan: Plan, rows: pd.DataFrame) -> np.ndarray:
    """bool (rows,): whose settings are those of the spec."""
    own = main_values(plan)
    same = [[_same(value, wanted) for value in rows[path]] for path, wanted in zip(plan.paths, own, strict=True)]
    return np.all(np.array(same, dtype=bool).reshape(len(own), len(rows)), axis=0)


def _same(value: object, wanted: object) -> bool:
    missing = isinstance(value, float) and np.isnan(value)
    return wanted is None if missing or value is None else value == wanted


def significant_share(p: np.ndarray) -> float:
    """Share of p-values below ALPHA; NaN when there is none. p: float (n,), NaN where missing."""
    known = p[~np.isnan(p)]
    return float((known < ALPHA).mean()) if len(known) else float("nan")
