"""AnalysisSpec: every choice of one analysis, frozen, validated, JSON both ways. It holds no data."""

from ..design.settings import MAX_RATIO, CovariateCaliper
from ..settings import Section
from .analysis import (
    AnalysisSpec,
    Columns,
    EligibilityRule,
    FreeDays,
    NotComparable,
    Outcome,
    Sensitivity,
    WinLevel,
    as_text,
)
from .propensity import Propensity
from .reading import Derived, Reading

__all__ = [
    "MAX_RATIO",
    "AnalysisSpec",
    "Columns",
    "CovariateCaliper",
    "Derived",
    "EligibilityRule",
    "FreeDays",
    "NotComparable",
    "Outcome",
    "Propensity",
    "Reading",
    "Section",
    "Sensitivity",
    "WinLevel",
    "as_text",
]
