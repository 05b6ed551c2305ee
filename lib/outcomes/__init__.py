"""Outcomes: what happened to the treated, to their matched controls, and to the whole control cohort."""

from lib.cohort import Cohort
from lib.matching.sample import MatchedSample
from lib.outcomes.results import OutcomeResult
from lib.spec import AnalysisSpec

__all__ = ["OutcomeResult", "compare_outcomes"]


def compare_outcomes(cohort: Cohort, sample: MatchedSample, seed: int) -> tuple[OutcomeResult, ...]:
    """One result per outcome of the spec, in the spec's order."""
    raise NotImplementedError
