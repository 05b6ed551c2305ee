"""The effect to quote in words: the interval that is made of the same moves as the p beside it."""

import math

from ..inference.results import Estimate, OutcomeResult, SurvivalOutcome, Test
from ..measures import MEASURES
from .numbers import DASH, NO_INTERVAL, counted, effect, interval

EFFECT_HEAD = "Difference (95% interval)"
UNKNOWN_UNIT = "unit of "  # a time whose unit nobody told is in the unit of its column
ONE_WAY = "if treatment only prevents or only causes it"
SHORT = {  # what a cell says of its number, below it
    "risk_difference": "percentage points",
    "risk_difference_by_set": "percentage points",
    "mean_difference": "difference in means",
    "hodges_lehmann_shift": "shift within sets",
    "hazard_ratio": "hazard ratio",
    "hazard_ratio_by_set": "hazard ratio within sets",
    "incidence_area": "mean time lost to the event",
}


def quoted_estimate(outcome: OutcomeResult) -> Estimate | None:
    """The estimate whose interval belongs to the quoted p; of attributable events their share of the treated."""
    made = next((e for e in outcome.estimates if e.role == "quoted"), None)
    if made is None or made.measure != "attributable_events":
        return made
    return next((e for e in outcome.estimates if e.measure == "risk_difference_by_set"), made)


def quoted_test(outcome: OutcomeResult) -> Test | None:
    """The test whose p is quoted; None where the p is the estimate's own, or none exists."""
    return outcome.quoted_test


def effect_cell(outcome: OutcomeResult) -> str:
    """ "−20.8 (−62.5 to 0)", below it what number that is."""
    found = quoted_estimate(outcome)
    if found is None or not any(map(math.isfinite, (found.estimate, found.ci_low, found.ci_high))):
        return f"{DASH}\nno effect exists"
    limits = interval(found.measure, found.ci_low, found.ci_high)
    if outcome.quoted is not None and not outcome.quoted.evidence:
        return f"{effect(found.measure, found.estimate)}\n{SHORT.get(found.measure, '')}\nno interval is quoted"
    lines = [f"{effect(found.measure, found.estimate)} ({limits})", SHORT.get(found.measure, "")]
    return "\n".join([*lines, *attributed(outcome)])


def attributed(outcome: OutcomeResult) -> list[str]:
    """ "0 to 5 of 8 prevented", where events can be counted."""
    found, sets = _events(outcome)
    if found is None:
        return []
    low, high = round(found.ci_low), round(found.ci_high)
    if high <= 0:
        return [f"{-high} to {-low} of {sets} prevented"]
    if low >= 0:
        return [f"{low} to {high} of {sets} caused"]
    return [f"{-low} prevented to {high} caused, of {sets}"]


def attributed_sentence(outcome: OutcomeResult) -> str:
    """The quoted interval as a number of patients; empty where events cannot be counted."""
    found, treated = _events(outcome)
    if found is None:
        return ""
    low, high, of = round(found.ci_low), round(found.ci_high), f"these {counted(treated, 'treated patient')}"
    if treated == 1:
        of = "the one treated patient"
    if high <= 0:
        what = f"prevented between {-high} and {-low} events"
    elif low >= 0:
        what = f"caused between {low} and {high} events"
    else:
        what = f"prevented up to {counted(-low, 'event')} or caused up to {high}"
    return f"Among {of} treatment {what} (95% interval, {ONE_WAY})."


def attributed_range(outcome: OutcomeResult) -> tuple[tuple[int, int] | None, int]:
    """Fewest and most events of the treated due to treatment, and how many treated that is about; None where events
    cannot be counted."""
    found, treated = _events(outcome)
    return (None if found is None else (round(found.ci_low), round(found.ci_high))), treated


def _events(outcome: OutcomeResult) -> tuple[Estimate | None, int]:
    """The attributable events with both limits, and the treated patients of the sets that they are about."""
    made = next((e for e in outcome.estimates if e.measure == "attributable_events"), None)
    test = quoted_test(outcome)
    if made is None or test is None or not (math.isfinite(made.ci_low) and math.isfinite(made.ci_high)):
        return None, 0
    return made, test.n_treated


def effect_sentence(outcome: OutcomeResult, unit: str = "") -> str:
    """The quoted effect with its interval.  unit: of a continuous outcome or of time."""
    told = attributed_sentence(outcome)
    found = quoted_estimate(outcome)
    if told or found is None or math.isnan(found.estimate):
        return told
    measure, amount = MEASURES[found.measure], effect(found.measure, found.estimate)
    name = measure.label
    if isinstance(outcome, SurvivalOutcome):
        name = name.replace("the horizon", f"{outcome.horizon:g}")
    if unit and not unit.startswith(UNKNOWN_UNIT) and not measure.ratio and not measure.share:
        amount = f"{amount} {unit}"
    limits = interval(found.measure, found.ci_low, found.ci_high)
    return f"{name}: {amount} ({limits if limits == NO_INTERVAL else f'95% interval {limits}'})."
