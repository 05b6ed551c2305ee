"""Effects on a binary outcome: marginal, weighted and clustered by set; and common over the sets."""

from collections.abc import Callable

import numpy as np

from ..errors import EstimationError
from .conditional_logit import conditional_logit
from .engine import Distribution
from .frame import narrow_note
from .marginal import Arms
from .notes import SILENCE, Reason
from .results import Estimate
from .rows import (
    ALL_ALIKE,
    NAN,
    NO_ARM,
    NO_SETS,
    ONE_SIDED_ARM,
    absent,
    finite,
    on_log_scale,
    one_sided,
    symmetric,
    without_error,
)
from .stratified import (
    LogRatio,
    SetCounts,
    exact_odds_ratio,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
)

MEASURES = ("risk_difference", "risk_ratio", "odds_ratio", "odds_ratio_by_set")
EXACT = "exact conditional, 2.5% in each tail"
SILENT = Reason(
    "silent_sets", "No matched set holds both a patient with the event and one without, so the sets cannot speak."
)
NO_SE = "An exact interval has no standard error."
ZERO_RATIO = Reason("zero_ratio", "A ratio of 0 has no interval from a standard error.")
SEE_EXACT = Reason("zero_ratio", f"{ZERO_RATIO.text} See the exact odds ratio by set for a limit.")
NO_RATIO = Reason(
    "no_ratio", "A ratio cannot be formed, because it divides by an arm in which nobody, or everybody, had the event."
)


def marginal_estimates(arms: Arms) -> list[Estimate]:
    """Weighted risk difference, risk ratio and odds ratio; SE clustered by set (HC1) with t, or HC3 (see Arms)."""
    if not arms.complete:
        return [absent(measure, arms.method, NO_ARM) for measure in MEASURES[:3]]
    p1, p0 = arms.mean(True), arms.mean(False)
    slopes = {"risk_ratio": _risk_slope, "odds_ratio": _odds_slope}
    pairs = {"risk_ratio": (p1, p0), "odds_ratio": (_odds(p1), _odds(p0))}
    ratios = [_ratio(measure, *pairs[measure], slope(p1), slope(p0), arms) for measure, slope in slopes.items()]
    return [_risk_difference(p1, p0, arms), *ratios]


def _odds(p: float) -> float:
    return p / (1 - p) if p < 1 else float("inf")


def _risk_slope(p: float) -> float:
    """Derivative of log(p)."""
    return 1 / p if p > 0 else NAN


def _odds_slope(p: float) -> float:
    """Derivative of log(p/(1-p))."""
    return 1 / (p * (1 - p)) if 0 < p < 1 else NAN


def _risk_difference(p1: float, p0: float, arms: Arms) -> Estimate:
    se, why = arms.standard_error(), SILENCE
    if np.isnan(se):
        why = arms.no_error_note
    elif se == 0:
        why = arms.zero_error_note
    elif p1 in (0, 1) or p0 in (0, 1):
        why = one_sided(arms.tested_by_set)
    return symmetric("risk_difference", p1 - p0, se, arms.method, arms.df, why=why)


def _ratio(measure: str, top: float, bottom: float, slope1: float, slope0: float, arms: Arms) -> Estimate:
    """A ratio of risks or odds with a Wald interval on the log scale; 0 without limits, or nothing, at the edges."""
    if bottom == 0 or np.isinf(top):
        return absent(measure, arms.method, NO_RATIO)
    if top == 0 or np.isinf(bottom):
        return without_error(measure, (0.0, NAN, NAN), arms.method, SEE_EXACT if arms.tested_by_set else ZERO_RATIO)
    se, why = arms.standard_error(slope1, slope0), SILENCE
    if not se > 0:
        why = arms.no_error_note if np.isnan(se) else arms.zero_error_note
    return on_log_scale(measure, top / bottom, se, arms.method, arms.df, why=why)


def set_estimates(counts: SetCounts, null: Distribution, observed: int) -> list[Estimate]:
    """Common effects over the complete sets: exact conditional, Mantel-Haenszel, conditional logistic.

    null, observed: of the number of treated patients with the event (engine.events_distribution).
    """
    if not len(counts.a):
        return [absent("odds_ratio_by_set", EXACT, NO_SETS, "conditional")]
    rbg, gr = "Robins-Breslow-Greenland", "Greenland-Robins"
    return [
        _exact_odds_ratio(null, observed),
        _mantel_haenszel("odds_ratio_by_set", mantel_haenszel_odds_ratio, rbg, counts),
        _conditional(counts),
        _mantel_haenszel("risk_ratio", mantel_haenszel_risk_ratio, gr, counts),
        _sato(counts),
    ]


def _exact_odds_ratio(null: Distribution, observed: int) -> Estimate:
    """A limit that does not exist (infinite) is NaN with a sentence."""
    if null.degenerate:
        return absent("odds_ratio_by_set", EXACT, SILENT, "conditional")
    exact, why = exact_odds_ratio(null, observed), Reason("no_standard_error", aside=NO_SE)
    if exact.estimate == 0:
        text = f"The odds ratio is 0; the data are compatible with one of up to {exact.high:.3g}."
        why = Reason("zero_ratio_limit", text, NO_SE)
    elif np.isinf(exact.estimate):
        text = f"The odds ratio has no finite value; the data are compatible with one of {exact.low:.3g} or more."
        why = Reason("infinite_ratio_limit", text, NO_SE)
    numbers = (finite(exact.estimate), finite(exact.low), finite(exact.high))
    return without_error("odds_ratio_by_set", numbers, EXACT, why, "conditional")


def _mantel_haenszel(measure: str, rule: Callable[[SetCounts], LogRatio], variance: str, counts: SetCounts) -> Estimate:
    method, result, why = f"Mantel-Haenszel, {variance} variance", rule(counts), SILENCE
    if np.isnan(result.ratio):
        return absent(measure, method, NO_RATIO, "conditional")
    if result.ratio == 0:
        why = SEE_EXACT
    elif not result.se > 0:
        why = ALL_ALIKE
    return on_log_scale(measure, result.ratio, result.se, method, scope="conditional", why=why)


def _conditional(counts: SetCounts) -> Estimate:
    """Wald limits; where the likelihood has no maximum, why, and never the numbers that other programs print there."""
    method = "conditional logistic regression by set, Wald limits"
    if not counts.informative:
        return absent("odds_ratio_by_set", method, SILENT, "conditional")
    try:
        fit = conditional_logit(counts)
    except EstimationError as error:
        return absent("odds_ratio_by_set", method, Reason("no_maximum", str(error)), "conditional")
    return on_log_scale("odds_ratio_by_set", float(np.exp(fit.log_or)), fit.se, method, scope="conditional")


def _sato(counts: SetCounts) -> Estimate:
    difference, se = mantel_haenszel_risk_difference(counts)
    alike = not 0 < counts.a.sum() < counts.n1.sum() or not 0 < counts.b.sum() < counts.n0.sum()
    why = ALL_ALIKE if se == 0 else ONE_SIDED_ARM if alike else narrow_note(len(counts.a), "the test by set")
    method = "Mantel-Haenszel, Sato variance"
    return symmetric("risk_difference", difference, se, method, scope="conditional", why=why)


def in_order(estimates: list[Estimate]) -> list[Estimate]:
    """All rows of a measure together, the default (first given) leading."""
    return sorted(estimates, key=lambda estimate: MEASURES.index(estimate.measure))
