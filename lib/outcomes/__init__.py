"""Outcomes: what happened to the treated, to their matched controls, and to the whole control cohort."""

from lib.outcomes.compare import compare_outcome, compare_outcomes, survival_at
from lib.outcomes.detectable import Detectable, detectable
from lib.outcomes.multiplicity import Multiplicity, several_outcomes
from lib.outcomes.results import OutcomeResult

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
