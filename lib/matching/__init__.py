"""Matching: one file per method, one shared MatchedSample. `match` is the only door."""

from lib.cohort import Cohort
from lib.matching.sample import MatchedSample
from lib.propensity import PropensityModel
from lib.spec import Matching

__all__ = ["MatchedSample", "match"]


def match(cohort: Cohort, propensity: PropensityModel, settings: Matching, seed: int) -> MatchedSample:
    """Match as asked, then re-check every pair against the rules it was made under."""
    raise NotImplementedError
