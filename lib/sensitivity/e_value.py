"""The E-value: how strongly a hidden factor would have to go with both treatment and outcome, on the risk-ratio scale.

Source: VanderWeele and Ding 2017, Ann Intern Med 167:268; the approximations of its table 2.
"""

import math
from dataclasses import dataclass, replace

from ..inference.agreement import other_side
from ..inference.results import BinaryOutcome, Estimate, OutcomeResult, SurvivalOutcome
from ..measures import RATIOS

COMMON = 0.15  # an outcome that more than 15% have by the end of follow-up is common (VanderWeele and Ding 2017)
HAZARD_RATIOS = ("hazard_ratio", "hazard_ratio_by_set")
NO_RATIO = "The ratio does not exist, so it has no E-value."
ZERO = "A ratio of 0 has no E-value; the one of its limit counts."
NO_LIMIT = "The interval has no limit on the side of no effect, so there is no E-value for it."
OTHER_SIDE = (
    "Its interval and the quoted p fall on different sides of 0.05, so its limit gets no E-value; take the ratio "
    "whose interval is quoted."
)
NO_EFFECT = "The estimate is no effect, so there is nothing that a hidden factor would have to explain."
CROSSES = "The interval holds 1, so no hidden factor is needed to explain the result: its E-value is 1."


@dataclass(frozen=True)
class EValue:
    """risk_ratio: the estimate on the risk-ratio scale.  value: of the estimate; NaN when that is 0 or does not exist.
    limit: of the confidence limit nearer to 1, 1 when the interval holds 1; NaN without that limit.  common: whether
    the outcome was taken as common.  note: why a number is missing."""

    measure: str
    method: str
    risk_ratio: float
    value: float
    limit: float
    common: bool
    note: str = ""

    @property
    def sentence(self) -> str:
        """What the E-value says, in words a clinician repeats."""
        if math.isnan(self.value):
            return self.note
        if self.value == 1:
            return NO_EFFECT
        text = (
            f"A hidden factor that goes with treatment and with the outcome by a risk ratio of {self.value:.2f} "
            "each, beyond what was measured, could explain the estimate away; a weaker one could not."
        )
        if self.limit == 1:
            return f"{text} {CROSSES}"
        if math.isnan(self.limit):
            return text
        return f"{text} To move the interval to no effect, {self.limit:.2f} each would do."


def e_value(risk_ratio: float) -> float:
    """RR + sqrt(RR (RR - 1)) for RR >= 1, and that of 1/RR below. 3.9 -> 7.26. NaN for 0, NaN or infinity."""
    if not 0 < risk_ratio < math.inf:
        return math.nan
    ratio = max(risk_ratio, 1 / risk_ratio)
    return ratio + math.sqrt(ratio * (ratio - 1))


def e_value_of_limit(estimate: float, low: float, high: float) -> float:
    """The E-value of the limit nearer to 1; 1 when the interval holds 1; NaN when that limit does not exist.

    All on the risk-ratio scale; the estimate may be 0, the other limit may be NaN."""
    nearer, other = (high, low) if estimate < 1 else (low, high)
    if math.isnan(nearer):
        return math.nan
    if (nearer >= 1) == (estimate < 1) or estimate == 1 or nearer == 1:
        return 1.0
    return e_value(nearer)


def as_risk_ratio(measure: str, ratio: float, common: bool) -> float:
    """A ratio on the risk-ratio scale. Of a common outcome: odds ratio -> its square root; hazard ratio ->
    (1 - 0.5^sqrt(HR)) / (1 - 0.5^sqrt(1/HR)). A risk ratio, and any ratio of a rare outcome, stays. 0 and NaN stay."""
    if measure == "risk_ratio" or not common or not ratio > 0:
        return ratio
    if measure in HAZARD_RATIOS:
        return (1 - 0.5 ** math.sqrt(ratio)) / (1 - 0.5 ** math.sqrt(1 / ratio))
    return math.sqrt(ratio)


def e_value_of(estimate: Estimate, common: bool) -> EValue:
    """The E-value of one estimated ratio and of its interval.  common: whether the outcome is (see is_common)."""
    ratio, low, high = (
        as_risk_ratio(estimate.measure, number, common)
        for number in (estimate.estimate, estimate.ci_low, estimate.ci_high)
    )
    if math.isnan(ratio):
        return EValue(estimate.measure, estimate.method, ratio, math.nan, math.nan, common, NO_RATIO)
    limit = e_value_of_limit(ratio, low, high)
    note = CROSSES if limit == 1 else NO_LIMIT if math.isnan(limit) else ""
    if ratio == 0:
        note = f"{ZERO} {note}".strip() if limit == 1 or math.isnan(limit) else f"{ZERO} It is {limit:.2f}."
    return EValue(estimate.measure, estimate.method, ratio, e_value(ratio), limit, common, note)


def e_values(outcome: OutcomeResult) -> tuple[EValue, ...]:
    """The E-values of an outcome's ratios, of each measure the first method that gives an estimate (else the first); ()
    for a continuous outcome."""
    common, made = is_common(outcome), []
    for measure in RATIOS:
        rows = [estimate for estimate in outcome.estimates if estimate.measure == measure]
        if rows:
            told = next((row for row in rows if not math.isnan(row.estimate)), rows[0])
            made.append(_agreeing(outcome, told, e_value_of(told, common)))
    return tuple(made)


def _agreeing(outcome: OutcomeResult, estimate: Estimate, found: EValue) -> EValue:
    """The E-value without that of a limit which the quoted p contradicts."""
    p = math.nan if outcome.quoted is None else outcome.quoted.p
    if math.isnan(found.limit) or not other_side(estimate, p):
        return found
    return replace(found, limit=math.nan, note=OTHER_SIDE)


def is_common(outcome: OutcomeResult) -> bool:
    """Whether more than COMMON had the event: of all eligible patients, of survival of all controls by the horizon."""
    if isinstance(outcome, BinaryOutcome):
        arms = outcome.whole_treated, outcome.whole_control
        n = sum(arm.n for arm in arms)
        return n > 0 and sum(arm.events for arm in arms) / n > COMMON
    if isinstance(outcome, SurvivalOutcome):
        return outcome.whole_control.survival < 1 - COMMON  # 1 - 0.85 is above 0.15 in doubles
    return False
