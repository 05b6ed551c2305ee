"""The one gate for data: a table and a spec become a Cohort, or one sentence says why not."""

from .gate import build_cohort, privacy_warnings
from .model import MISSING_COLUMNS, AttritionStep, Cohort

__all__ = ["MISSING_COLUMNS", "AttritionStep", "Cohort", "build_cohort", "privacy_warnings"]
