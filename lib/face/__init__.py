"""The public face: one call from a frame to an analysis, for notebooks and scripts. No number is computed here."""

from .analysis import MatchedAnalysis, match, run
from .frames import read
from .settings import binary, continuous, survival

__all__ = ["MatchedAnalysis", "binary", "continuous", "match", "read", "run", "survival"]
