"""Full matching that leaves out a given number of controls: a price on leaving one out, and what lies between."""

import numpy as np

from .line_flow import line_degrees


def degrees_leaving_out(x, treated, bounds, omit, width):
    """TO DO"""
    return None
