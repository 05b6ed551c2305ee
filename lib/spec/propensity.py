"""The section of a spec that says how the propensity score is made."""

from typing import Literal

from ..settings import Section


class Propensity(Section):
    """How the propensity score is estimated, and the scale of the distance matched on."""

    model: Literal["logit", "firth"] = "logit"
    distance: Literal["logit", "probability"] = "logit"
