"""Negative control outcomes: what treatment cannot change, tested like any other outcome and read as a warning.

Source: Lipsitch, Tchetgen Tchetgen and Cohen 2010, Epidemiology 21:383.
"""

import math
from dataclasses import dataclass
from typing import Literal

from ..cohort import Cohort
from ..design import Comparison
from ..words import counted, p_equals
from .quick_outcomes import QuickOutcome, quick_outcomes

ALPHA = 0.05


@dataclass(frozen=True)
class NegativeControl:
    """level: warn (the groups differ by more than chance), quiet (no sign of it), silent (no p by set exists)."""

    numbers: QuickOutcome
    level: Literal["warn", "quiet", "silent"]

    @property
    def sentence(self) -> str:
        """How to read it."""
        name, p, sets = self.numbers.name, p_equals(self.numbers.p_by_set), counted(self.numbers.n_sets, "matched set")
        if self.level == "warn":
            return (
                f'"{name}", which treatment cannot change, differs between the groups ({p} by set). Something that '
                "was not measured sets them apart, and may lie behind the other differences too."
            )
        if self.level == "quiet":
            return (
                f'"{name}", which treatment cannot change, shows no difference beyond chance ({p} by set, {sets}). '
                "That is a good sign, not a proof: few sets miss all but large differences."
            )
        return f'"{name}", a negative control, cannot be compared by set, so it warns of nothing and proves nothing.'


def negative_controls(cohort: Cohort, sample: Comparison) -> tuple[NegativeControl, ...]:
    """The outcomes marked so in the spec, in its order; () when there is none."""
    names = tuple(outcome.name for outcome in cohort.outcome_specs if outcome.negative_control)
    if not names:
        return ()
    return tuple(NegativeControl(found, _level(found)) for found in quick_outcomes(cohort, sample, names))


def _level(found: QuickOutcome) -> Literal["warn", "quiet", "silent"]:
    if math.isnan(found.p_by_set):
        return "silent"
    return "warn" if found.p_by_set < ALPHA else "quiet"
