"""The sections of a spec that say how the propensity score is made and how controls are chosen."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

MAX_RATIO = 100


class Section(BaseModel):
    """A frozen group of settings; an unknown key is an error."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Propensity(Section):
    """How the propensity score is estimated, and the scale of the distance matched on."""

    model: Literal["logit", "firth"] = "logit"
    distance: Literal["logit", "probability"] = "logit"


class CovariateCaliper(Section):
    """The largest difference in one covariate within a pair, in SDs of that covariate or in its own unit."""

    width: float = Field(gt=0)
    unit: Literal["sd", "raw"] = "sd"


class Matching(Section):
    """How controls are chosen. `caliper` None means no caliper; its width is caliper x SD of the distance over all
    analysed patients (`overall`), or x sqrt((s1^2 + s0^2)/2) (`pooled`, Austin 2011), or in raw units of the distance.
    `given`: the sets were made elsewhere and stand in the column `subclass`, whose empty cells are the unmatched; they
    are taken as they are, and no other setting of this section is applied (its caliper is then None unless stated).
    """

    method: Literal["nearest", "given"] = "nearest"
    subclass: str | None = None
    metric: Literal["propensity", "mahalanobis"] = "propensity"
    ratio: int = Field(default=3, ge=1, le=MAX_RATIO)
    caliper: float | None = Field(default=0.2, gt=0)
    caliper_unit: Literal["sd", "raw"] = "sd"
    caliper_sd: Literal["overall", "pooled"] = "overall"
    covariate_calipers: dict[str, CovariateCaliper] = {}
    replace: bool = False
    order: Literal["largest", "smallest", "closest", "random", "data"] = "largest"
    exact: tuple[str, ...] = ()
    discard: Literal["none", "treated", "control", "both"] = "none"

    def applied(self) -> "Matching":
        """The settings that have an effect: of given sets their column alone."""
        return Matching(method="given", subclass=self.subclass) if self.method == "given" else self

    @model_validator(mode="before")
    @classmethod
    def _without_caliper(cls, settings: Any) -> Any:
        given = isinstance(settings, dict) and settings.get("method") == "given"
        return {"caliper": None} | settings if given else settings

    @model_validator(mode="after")
    def _subclass_with_given(self) -> "Matching":
        if self.method == "given" and not self.subclass:
            raise ValueError("`matching.subclass` must name the column of the sets when `matching.method` is given.")
        if self.method != "given" and self.subclass is not None:
            raise ValueError("`matching.subclass` names sets made elsewhere; it needs `matching.method` given.")
        return self
