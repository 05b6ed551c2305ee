"""AnalysisSpec: every choice of one analysis, frozen, validated, JSON both ways. It holds no data."""

from .analysis import (
    AnalysisSpec,
    Columns,
    EligibilityRule,
    FreeDays,
    Outcome,
    Sensitivity,
    WinLevel,
    as_text,
)
from .matching import MAX_RATIO, CovariateCaliper, Matching, Propensity, Section

__all__ = [
    "MAX_RATIO",
    "AnalysisSpec",
    "Columns",
    "CovariateCaliper",
    "EligibilityRule",
    "FreeDays",
    "Matching",
    "Outcome",
    "Propensity",
    "Section",
    "Sensitivity",
    "WinLevel",
    "as_text",
]
