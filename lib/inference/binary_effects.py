"""Effects on a binary outcome: marginal, weighted and clustered by set; and common over the sets."""

from collections.abc import Callable

import numpy as np

from ..errors import EstimationError
from .attributable import Attributable, attributable_events, attributable_uneven
from .conditional_logit import conditional_logit
from .data import ValueData
from .marginal import Arms
from .mover import Risk, difference_limits, difference_p
from .notes import SILENCE, Reason
from .odds_limits import minlike_limits
from .results import Estimate
from .rows import (
    ALL_ALIKE,
    BY_ODDS,
    NAN,
    NO_ARM,
    NO_SETS,
    ONE_PATIENT,
    absent,
    finite,
    on_log_scale,
    one_sided,
    symmetric,
    to_quote,
    without_error,
)
from .stratified import (
    LogRatio,
    SetCounts,
    exact_odds_ratio,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_ratio,
)

MEASURES = (
    "attributable_events",
    "risk_difference_by_set",
    "risk_difference",
    "risk_ratio",
    "odds_ratio",
    "odds_ratio_by_set",
)
MARGINAL = ("risk_difference", "risk_ratio", "odds_ratio")
NEWCOMBE = "weighted, Newcombe limits (Wilson limits of each arm, effective sample sizes)"
ATTRIBUTABLE = "exact by set, {}"
MINLIKE = "exact conditional, limits of the exact p by set (minlike)"
CENTRAL = "exact conditional, 2.5% in each tail"
SILENT = Reason(
    "silent_sets", "No matched set holds both a patient with the event and one without, so the sets cannot speak."
)
NO_SE = "An exact interval has no standard error."
NO_WILSON_SE = Reason("no_standard_error", aside="An interval from the limits of each arm has no standard error.")
ZERO_RATIO = Reason("zero_ratio", "A ratio of 0 has no interval from a standard error.")
SEE_EXACT = Reason("zero_ratio", f"{ZERO_RATIO.text} See the exact odds ratio by set for a limit.")
INFINITE_RATIO = Reason(
    "infinite_ratio",
    "The ratio is infinite: no control had the event, or of the treated everybody had it.",
)
NO_RATIO = Reason(
    "no_ratio", "A ratio cannot be formed, because it divides by an arm in which nobody, or everybody, had the event."
)


def risk_difference(arms: Arms) -> Estimate:
    """The weighted difference in risk with Newcombe's limits, and where no test by set exists their own p."""
    if not arms.complete:
        return absent("risk_difference", NEWCOMBE, NO_ARM)
    treated, control = (Risk(arms.mean(arm), arms.effective_size(arm)) for arm in (True, False))
    numbers = (treated.p - control.p, *difference_limits(treated, control))
    alone = not arms.tested_by_set and arms.fewest == 1
    made = without_error("risk_difference", numbers, NEWCOMBE, ONE_PATIENT if alone else NO_WILSON_SE)
    if arms.tested_by_set:
        return made
    return to_quote(made, NAN if alone else difference_p(treated, control))


def marginal_estimates(arms: Arms) -> list[Estimate]:
    """Weighted risk difference, risk ratio and odds ratio; SE clustered by set (HC1) with t, or HC3 (see Arms)."""
    if not arms.complete:
        return [absent(measure, arms.method, NO_ARM) for measure in MARGINAL]
    p1, p0 = arms.mean(True), arms.mean(False)
    slopes = {"risk_ratio": _risk_slope, "odds_ratio": _odds_slope}
    pairs = {"risk_ratio": (p1, p0), "odds_ratio": (_odds(p1), _odds(p0))}
    ratios = [_ratio(measure, *pairs[measure], slope(p1), slope(p0), arms) for measure, slope in slopes.items()]
    return [_clustered_difference(p1, p0, arms), *ratios]


def _odds(p: float) -> float:
    return p / (1 - p) if p < 1 else float("inf")


def _risk_slope(p: float) -> float:
    """Derivative of log(p)."""
    return 1 / p if p > 0 else NAN


def _odds_slope(p: float) -> float:
    """Derivative of log(p/(1-p))."""
    return 1 / (p * (1 - p)) if 0 < p < 1 else NAN


def _clustered_difference(p1: float, p0: float, arms: Arms) -> Estimate:
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
        return absent(measure, arms.method, INFINITE_RATIO if top > 0 and np.isfinite(bottom) else NO_RATIO)
    if top == 0 or np.isinf(bottom):
        return without_error(measure, (0.0, NAN, NAN), arms.method, SEE_EXACT if arms.tested_by_set else ZERO_RATIO)
    se, why = arms.standard_error(slope1, slope0), SILENCE
    if not se > 0:
        why = arms.no_error_note if np.isnan(se) else arms.zero_error_note
    return on_log_scale(measure, top / bottom, se, arms.method, arms.df, why=why)


def set_estimates(data: ValueData) -> list[Estimate]:
    """Common effects over the complete sets: attributable events (quoted), exact conditional, Mantel-Haenszel,
    conditional logistic.  The first of both exact ones take the moves that are quoted."""
    counts = data.counts
    if not len(counts.a):
        names = {"attributable_events": "every imputation", "risk_difference_by_set": "every imputation"}
        none = [absent(name, ATTRIBUTABLE.format(how), NO_SETS, "conditional") for name, how in names.items()]
        return [to_quote(none[0]), none[1], absent("odds_ratio_by_set", MINLIKE, NO_SETS, "conditional")]
    rbg, gr = "Robins-Breslow-Greenland", "Greenland-Robins"
    return [
        *_attributable(data.quoted),
        *_exact_odds_ratios(data),
        _mantel_haenszel("odds_ratio_by_set", mantel_haenszel_odds_ratio, rbg, counts),
        _conditional(counts),
        _mantel_haenszel("risk_ratio", mantel_haenszel_risk_ratio, gr, counts),
    ]


def _attributable(data: ValueData) -> list[Estimate]:
    """The attributable events, and these over the treated patients of the sets, with the interval of the quoted p."""
    why = Reason("no_standard_error", aside=NO_SE)
    found = attributable_of(data)
    method = ATTRIBUTABLE.format("every imputation" if found.exact else "the likely worst imputations")
    method = f"{method}, {BY_ODDS}" if data.blocks.uneven else method
    numbers = np.array([found.estimate, found.low, found.high], dtype=float)
    events, share = (
        without_error(measure, (float(e), float(low), float(high)), method, why, "conditional")
        for measure, (e, low, high) in (
            ("attributable_events", numbers),
            ("risk_difference_by_set", numbers / found.n_treated),
        )
    )
    return [to_quote(events), share]


def attributable_of(data: ValueData) -> Attributable:
    """The attributable events by the moves of the data, of at least one set."""
    if data.blocks.uneven:
        return attributable_uneven(data.in_sets == 1, data.blocks, data.counts, data.null)
    return attributable_events(data.counts, data.null)


def _exact_odds_ratios(data: ValueData) -> list[Estimate]:
    """With the moves and limits of the quoted p, then with equal chances and 2.5% in each tail, as R prints them."""
    moved, observed = data.quoted, data.observed
    minlike = f"{MINLIKE}, {BY_ODDS}" if moved.blocks.uneven else MINLIKE
    if data.null.degenerate:
        return [absent("odds_ratio_by_set", method, SILENT, "conditional") for method in (minlike, CENTRAL)]
    exact = exact_odds_ratio(data.null, observed)
    first = exact if moved is data else exact_odds_ratio(moved.null, observed)
    return [
        _exact_odds_ratio(first.estimate, *minlike_limits(moved.null, observed), minlike),
        _exact_odds_ratio(exact.estimate, exact.low, exact.high, CENTRAL),
    ]


def _exact_odds_ratio(ratio: float, low: float, high: float, method: str) -> Estimate:
    """A limit that does not exist (infinite) is NaN with a sentence."""
    why = Reason("no_standard_error", aside=NO_SE)
    if ratio == 0:
        text = f"The odds ratio is 0; the data are compatible with one of up to {high:.3g}."
        why = Reason("zero_ratio_limit", text, NO_SE)
    elif np.isinf(ratio):
        text = f"The odds ratio has no finite value; the data are compatible with one of {low:.3g} or more."
        why = Reason("infinite_ratio_limit", text, NO_SE)
    numbers = (finite(ratio), finite(low), finite(high))
    return without_error("odds_ratio_by_set", numbers, method, why, "conditional")


def _mantel_haenszel(measure: str, rule: Callable[[SetCounts], LogRatio], variance: str, counts: SetCounts) -> Estimate:
    method, result, why = f"Mantel-Haenszel, {variance} variance", rule(counts), SILENCE
    if not np.isfinite(result.ratio):
        return absent(measure, method, NO_RATIO if np.isnan(result.ratio) else INFINITE_RATIO, "conditional")
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


def in_order(estimates: list[Estimate]) -> list[Estimate]:
    """All rows of a measure together, the default (first given) leading."""
    return sorted(estimates, key=lambda estimate: MEASURES.index(estimate.measure))
