"""AnalysisSpec: every choice of one analysis, frozen, validated, JSON both ways. It holds no data."""

from ..design.settings import MAX_RATIO, CovariateCaliper
from ..settings import Section
from .analysis import AnalysisSpec, Columns, EligibilityRule, FreeDays, Outcome, Sensitivity, WinLevel, as_text
from .propensity import Propensity

__all__ = [
    "MAX_RATIO",
    "AnalysisSpec",
    "Columns",
    "CovariateCaliper",
    "EligibilityRule",
    "FreeDays",
    "Outcome",
    "Propensity",
    "Section",
    "Sensitivity",
    "WinLevel",
    "as_text",
]
