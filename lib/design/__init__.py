"""Designs: who is compared with whom, one file a method, one shared Comparison. `match` is the only door."""

from .comparison import LOST_REASONS, Comparison, Independent, Overlapping, Sets
from .method import Method
from .methods import METHODS, match
from .settings import CovariateCaliper, DistanceSettings, MethodSettings

__all__ = [
    "LOST_REASONS",
    "METHODS",
    "Comparison",
    "CovariateCaliper",
    "DistanceSettings",
    "Independent",
    "Method",
    "MethodSettings",
    "Overlapping",
    "Sets",
    "match",
]
