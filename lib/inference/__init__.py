"""Outcomes: what happened to the treated, to their matched controls, and to the whole control cohort."""

from .compare import compare_outcome, compare_outcomes, survival_at
from .detectable import Detectable, detectable
from .multiplicity import Multiplicity, several_outcomes
from .results import OutcomeResult

__all__ = [
    "Detectable",
    "Multiplicity",
    "OutcomeResult",
    "compare_outcome",
    "compare_outcomes",
    "detectable",
    "several_outcomes",
    "survival_at",
]
