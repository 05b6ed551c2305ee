"""The settings that several methods share. A method's own settings stand in its own file."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from ..settings import Section

MAX_RATIO = 100
MAX_EXACT = 100

Order = Literal["largest", "smallest", "closest", "random", "data"]


class CovariateCaliper(Section):
    """The largest difference in one covariate within a pair, in SDs of that covariate or in its own unit."""

    width: float = Field(gt=0)
    unit: Literal["sd", "raw"] = "sd"


class MethodSettings(Section):
    """What every method takes. `exact`: columns in which those compared agree. `discard`: whose patients beyond the
    range of the other arm's scores are left out first."""

    exact: tuple[str, ...] = Field(default=(), max_length=MAX_EXACT)
    discard: Literal["none", "treated", "control", "both"] = "none"

    @property
    def needs_score(self) -> bool:
        """Whether the comparison cannot be made without a propensity score."""
        return self.discard != "none"

    @property
    def on_score(self) -> bool:
        """Whether those compared are alike in the propensity score, by the method's own distance."""
        return False

    @property
    def calipers(self) -> Mapping[str, CovariateCaliper]:
        """Calipers on covariates, by column."""
        return {}

    @property
    def set_column(self) -> str | None:
        """The column of the file that names sets made elsewhere."""
        return None


class DistanceSettings(MethodSettings):
    """What every method takes that pairs patients by a distance. `caliper` None means no caliper; its width is caliper
    x SD of the distance over the patients kept (`overall`: all analysed but those discarded), or x sqrt((s1^2 +
    s0^2)/2) (`pooled`, Austin 2011), or in raw units of the distance. Mahalanobis with a caliper: inside that caliper
    of the propensity distance."""

    metric: Literal["propensity", "mahalanobis"] = "propensity"
    caliper: float | None = Field(default=None, gt=0)
    caliper_unit: Literal["sd", "raw"] = "sd"
    caliper_sd: Literal["overall", "pooled"] = "overall"
    covariate_calipers: dict[str, CovariateCaliper] = {}

    @property
    def needs_score(self) -> bool:
        """As MethodSettings: for the propensity distance and for its caliper."""
        return self.metric == "propensity" or self.caliper is not None or self.discard != "none"

    @property
    def on_score(self) -> bool:
        """As MethodSettings: with the propensity metric."""
        return self.metric == "propensity"

    @property
    def calipers(self) -> Mapping[str, CovariateCaliper]:
        """As MethodSettings."""
        return self.covariate_calipers
