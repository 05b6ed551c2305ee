"""The deck of one analysis: question, flow, Table 1, love plot, answer, figure, Table 2, robustness and limits. The
page Presentation and the PowerPoint file show the same slides."""

from .make import Origin, deck
from .slide import Slide

__all__ = ["Origin", "Slide", "deck"]
