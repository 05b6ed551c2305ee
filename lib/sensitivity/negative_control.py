"""Negative control outcomes: what treatment cannot change, tested like any other outcome and read as a warning.

Source: Lipsitch, Tchetgen Tchetgen and Cohen 2010, Epidemiology 21:383.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from ..cohort import Cohort
from ..design import Comparison
from ..inference.frame import FEW_SETS
from ..words import counted, p_equals
from ..words.numbers import half_up
from .quick_outcomes import QuickOutcome, quick_outcomes

ALPHA = 0.05


@dataclass(frozen=True)
class NegativeControl:
    """level: warn (the groups differ by more than chance), quiet (no sign of it), silent (no p by set exists).
    worst: the largest |SMD| of what was measured, after matching; infinite where an arm holds one value; NaN where
    nothing was measured."""

    numbers: QuickOutcome
    level: Literal["warn", "quiet", "silent"]
    worst: float = math.nan

    @property
    def sentence(self) -> str:
        """How to read it."""
        name, p, sets = self.numbers.name, p_equals(self.numbers.p_by_set), counted(self.numbers.n_sets, "matched set")
        if self.level == "warn":
            return (
                f'"{name}", which treatment cannot change, differs between the groups ({p} by set). Something, '
                f"measured or not, sets them apart{self._measured}, and may lie behind the other differences too."
            )
        if self.level == "quiet":
            return (
                f'"{name}", which treatment cannot change, shows no difference beyond chance ({p} by set, {sets}). '
                f"That is a good sign, not a proof{self._missed}."
            )
        return f'"{name}", a negative control, cannot be compared by set, so it warns of nothing and proves nothing.'

    @property
    def _measured(self) -> str:
        """How far apart the groups are in what was measured."""
        if math.isnan(self.worst):
            return " (nothing was measured that could tell what)"
        size = half_up(self.worst, 2) if math.isfinite(self.worst) else "without a limit"
        return f" (worst measured |SMD| {size})"

    @property
    def _missed(self) -> str:
        return ": few sets miss all but large differences" if self.numbers.n_sets < FEW_SETS else ""


def negative_controls(
    cohort: Cohort, sample: Comparison, worst: Callable[[], float] = lambda: math.nan
) -> tuple[NegativeControl, ...]:
    """The outcomes marked so in the spec, in its order; () when there is none.  worst: see NegativeControl; asked only
    where there is one."""
    names = tuple(outcome.name for outcome in cohort.outcome_specs if outcome.negative_control)
    if not names:
        return ()
    apart = worst()
    return tuple(NegativeControl(found, _level(found), apart) for found in quick_outcomes(cohort, sample, names))


def _level(found: QuickOutcome) -> Literal["warn", "quiet", "silent"]:
    if math.isnan(found.p_by_set):
        return "silent"
    return "warn" if found.p_by_set < ALPHA else "quiet"
