"""Figures: result -> Drawn (a Plotly figure, the numbers in it, a sentence), one function per figure.

Nothing is computed here that a result could hold, and no figure depends on Plotly's global template.
"""

from lib.figures.box_plot import boxes
from lib.figures.covariate import covariate_distribution
from lib.figures.event_plots import event_sets, events
from lib.figures.flow_diagram import flow
from lib.figures.forest_plot import forest
from lib.figures.incidence import cumulative_incidence
from lib.figures.love_plot import love
from lib.figures.overlap_plot import overlap
from lib.figures.published import p_comparison, pattern_p
from lib.figures.sensitivity_bounds import gamma_curve
from lib.figures.sensitivity_controls import fragility_range, selection_map
from lib.figures.sensitivity_curve import specification_curve
from lib.figures.sensitivity_designs import design_map
from lib.figures.sensitivity_tipping import tipping_range
from lib.figures.sets import matched_sets
from lib.figures.style import Drawn
from lib.figures.survival import kaplan_meier
from lib.figures.swimmer import swimmer
from lib.figures.type_one import type_one_error

__all__ = [
    "Drawn",
    "boxes",
    "covariate_distribution",
    "cumulative_incidence",
    "design_map",
    "event_sets",
    "events",
    "flow",
    "forest",
    "fragility_range",
    "gamma_curve",
    "kaplan_meier",
    "love",
    "matched_sets",
    "overlap",
    "p_comparison",
    "pattern_p",
    "selection_map",
    "specification_curve",
    "tipping_range",
    "swimmer",
    "type_one_error",
]
