"""Figures: result -> Drawn (a Plotly figure, the numbers in it, a sentence), one function per figure.

Nothing is computed here that a result could hold, and no figure depends on Plotly's global template.
"""

from .box_plot import boxes
from .checked import checked_p
from .covariate import covariate_distribution
from .event_plots import event_sets, events
from .flow_diagram import flow
from .forest_plot import forest
from .incidence import cumulative_incidence
from .love_plot import love
from .overlap_plot import overlap
from .published import p_comparison, pattern_p
from .sensitivity_bounds import gamma_curve
from .sensitivity_controls import fragility_range
from .sensitivity_curve import specification_curve
from .sensitivity_designs import design_map
from .sensitivity_others import other_analyses
from .sensitivity_tipping import tipping_range
from .sensitivity_wolf import cry_wolf
from .sets import matched_sets
from .style import Drawn
from .survival import kaplan_meier
from .swimmer import swimmer
from .takeaway import with_takeaway
from .type_one import type_one_error

__all__ = [
    "Drawn",
    "boxes",
    "checked_p",
    "covariate_distribution",
    "cry_wolf",
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
    "other_analyses",
    "overlap",
    "p_comparison",
    "pattern_p",
    "specification_curve",
    "tipping_range",
    "swimmer",
    "type_one_error",
    "with_takeaway",
]
