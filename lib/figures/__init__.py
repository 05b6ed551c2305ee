"""Figures: result -> Drawn (a Plotly figure, the numbers in it, a sentence). One function per figure; nothing is computed
here that a result could hold, and no figure depends on Plotly's global template."""

from lib.figures.boxes import boxes
from lib.figures.covariate import covariate_distribution
from lib.figures.events import event_sets, events
from lib.figures.flow import flow
from lib.figures.forest import forest
from lib.figures.love import love
from lib.figures.overlap import overlap
from lib.figures.published import p_comparison, pattern_p
from lib.figures.sets import matched_sets
from lib.figures.style import Drawn
from lib.figures.survival import kaplan_meier

__all__ = [
    "Drawn",
    "boxes",
    "covariate_distribution",
    "event_sets",
    "events",
    "flow",
    "forest",
    "kaplan_meier",
    "love",
    "matched_sets",
    "overlap",
    "p_comparison",
    "pattern_p",
]
