"""Effects on survival to a horizon: hazard ratio, restricted mean survival time, survival at the horizon."""

from dataclasses import replace
from typing import Literal

import numpy as np

from ..errors import EstimationError
from ..words import counted
from .cox import CoxFit, cox_two_arms, ratio_at_edge
from .fisher import zero_event_limit
from .followed import Followed
from .frame import narrow_note
from .kaplan_meier import KaplanMeier, log_survival_variance, restricted_mean
from .mover import difference_limits, difference_p
from .notes import SILENCE, Reason
from .results import Estimate, arm_words
from .rows import (
    NAN,
    NO_ARM,
    NO_CLUSTERS,
    NO_SETS,
    SAME_IN_EVERY_SET,
    absent,
    finite,
    on_log_scale,
    one_sided,
    symmetric,
    without_error,
)
from .sets import Blocks
from .survival_tables import summarise
from .tilted_survival import RatioBySet, hazard_ratio_in_sets
from .time_lost import time_lost

ARMS: dict[bool, Literal["treated", "control"]] = {True: "treated", False: "control"}
TILTED = "label moves within sets, tilted by the ratio; estimate: Cox stratified by set"
NO_SE = "An interval from label moves has no standard error."
NO_SE_MOVER = "Limits put together from those of each arm have no standard error."
NO_FOLLOW_UP = Reason("no_follow_up", "Nobody in one of the arms is followed beyond time 0.")
ROUNDED = 1e-12  # of the horizon, or of a share: a standard error below it is what rounding leaves of 0
NO_EVENT = Reason("no_event_before_horizon", "No event before the horizon: no standard error.")
FALLEN = Reason(
    "curve_at_zero", "The curve falls to 0, where its variance is not defined; the upper limit is the last one before."
)
CURVE_METHOD = "weighted Kaplan-Meier, log-log limits, jackknife variance"


def fit_cox(followed: Followed, weighted: bool = False) -> CoxFit | Reason:
    """The fit, or why there is none.  weighted: as OutcomeResult."""
    edge = ratio_at_edge(followed.time, followed.event, followed.treated, followed.weights)
    if edge is not None:
        return _no_fit(edge, followed, arm_words("control", weighted))
    try:
        return cox_two_arms(followed.time, followed.event, followed.treated, followed.weights, followed.cluster)
    except EstimationError as error:
        return Reason("no_hazard_ratio", str(error))


def _no_fit(edge: float, followed: Followed, controls: str) -> Reason:
    """edge: of ratio_at_edge."""
    if np.isnan(edge):
        return Reason("no_hazard_ratio", "No event while both arms were under observation: no hazard ratio.")
    arm, word = (True, "treated patient") if edge == 0 else (False, controls.removesuffix("s"))
    rows = followed.treated == arm
    if followed.event[rows].any():
        text = f"While both arms were under observation, no event among the {'treated' if arm else controls}"
    else:
        text = f"No event among {counted(int(rows.sum()), word)}"
    if edge == 0:
        return Reason("zero_ratio", f"{text}: the hazard ratio is 0 and its standard error gives no limit.")
    return Reason("infinite_ratio", f"{text}: the hazard ratio is infinite and its standard error gives no limit.")


def hazard_ratios(fit: CoxFit | Reason, followed: Followed, by_set: bool) -> list[Estimate]:
    """Weighted marginal hazard ratio: with sets t limits on sets - 1, then normal ones as R coxph; without sets normal
    ones.  One row where the ratio is 0, infinite or unknown, and why."""
    method = f"Cox, Efron ties, matching weights, SE robust by {'set' if by_set else 'patient'}"
    df = float(followed.n_clusters - 1)
    first = f"{method}, t with {max(df, 0):g} df" if by_set else method
    if isinstance(fit, Reason):
        return [without_error("hazard_ratio", (0.0 if fit.code == "zero_ratio" else NAN, NAN, NAN), first, fit)]
    ratio = float(np.exp(fit.log_hr))
    if not fit.robust_se > 0:
        why = NO_CLUSTERS if np.isnan(fit.robust_se) else SAME_IN_EVERY_SET
        return [without_error("hazard_ratio", (ratio, NAN, NAN), first, why)]
    normal = on_log_scale("hazard_ratio", ratio, fit.robust_se, method)
    if not by_set:
        return [normal]
    with_t = on_log_scale("hazard_ratio", ratio, fit.robust_se, first, df)
    return [with_t, replace(normal, method=f"{method}, normal limits")]


def hazard_ratio(fit: CoxFit | Reason, followed: Followed, by_set: bool) -> Estimate:
    """The first of hazard_ratios for where ratios are compared on a log scale: a ratio of 0 has no place there."""
    found = hazard_ratios(fit, followed, by_set)[0]
    return replace(found, estimate=NAN) if found.estimate == 0 else found


def hazard_ratio_by_set(time: np.ndarray, event: np.ndarray, blocks: Blocks, p_at_one: float) -> Estimate:
    """Hazard ratio within the sets with the interval that inverts the log-rank test by set with labels moved.

    Arguments as for hazard_ratio_in_sets; any number of sets."""
    name = "hazard_ratio_by_set"
    found = hazard_ratio_in_sets(time, event, blocks, p_at_one) if blocks.n_sets else NO_SETS
    if isinstance(found, Reason):
        return absent(name, TILTED, found, "conditional")
    numbers = (finite(found.estimate), finite(found.low), finite(found.high))
    tilted = f"{TILTED}, both by the fitted odds" if blocks.uneven else TILTED
    method = tilted if found.exact else f"{tilted}; {found.how}"
    return without_error(name, numbers, method, _why_ratio(found), "conditional")


def _why_ratio(found: RatioBySet) -> Reason:
    """What the reader of its numbers has to know."""
    if found.estimate == 0:
        limit = f"one of up to {found.high:.3g}" if np.isfinite(found.high) else "any other"
        return Reason("zero_ratio_limit", f"The hazard ratio is 0; the data are compatible with {limit}.", NO_SE)
    if np.isinf(found.estimate):
        limit = f"one of {found.low:.3g} or more" if found.low > 0 else "any other"
        text = f"The hazard ratio is infinite; the data are compatible with {limit}."
        return Reason("infinite_ratio_limit", text, NO_SE)
    if np.isinf(found.high):
        return Reason("no_limit", "The sets are too few to refuse any ratio above the estimate at 5%.", NO_SE)
    return Reason("no_standard_error", aside=NO_SE)


def rmtl_difference(followed: Followed, horizon: float) -> Estimate:
    """Mean time lost to the event up to the horizon, treated minus control, in the unit of time; matching weights.

    followed: cut at the horizon, nothing competing."""
    return lost_difference("rmtl_difference", f"area above weighted Kaplan-Meier to {horizon:g}", followed, horizon)


def lost_difference(
    measure: str, area: str, followed: Followed, horizon: float, causes: int = 1, own_p: bool = False
) -> Estimate:
    """Time lost to the event (the first of `causes`), treated minus control.  area: the words for it.  own_p: whether
    the p of these limits is wanted."""
    method = f"{area}, MOVER from the limits of each arm, effective sample sizes"
    if not followed.treated.any() or followed.treated.all():
        return absent(measure, method, NO_ARM)
    if horizon <= 0:
        return absent(measure, method, NO_FOLLOW_UP)
    treated, control = (time_lost(followed.patients(arm), horizon, causes) for arm in (True, False))
    low, high = difference_limits(treated, control)
    numbers = (horizon * (treated.share - control.share), horizon * low, horizon * high)
    made = without_error(measure, numbers, method, Reason("no_standard_error", aside=NO_SE_MOVER))
    return replace(made, own_p=difference_p(treated, control)) if own_p else made


def rmst_difference(followed: Followed, horizon: float, by_set: bool) -> Estimate:
    """Restricted mean survival time to the horizon, treated minus control, in the unit of time; matching weights: minus
    the difference of rmtl_difference, with a clustered interval that is too narrow with few sets.

    SE from jackknife influences summed by cluster, times G/(G-1), t with G-1 degrees of freedom. With replacement each
    patient is a cluster.
    """
    unit, df = "set" if by_set else "patient", followed.n_clusters - 1
    method = f"area under weighted Kaplan-Meier to {horizon:g}, SE clustered by {unit}, t with {max(df, 0)} df"
    if not followed.treated.any() or followed.treated.all():
        return absent("rmst_difference", method, NO_ARM)
    arms = {arm: restricted_mean(followed.arm(arm), horizon) for arm in (True, False)}
    se = followed.clustered_error(arms[True].influence, arms[False].influence)
    se, why = (0.0 if se <= ROUNDED * horizon else se), SILENCE
    if not se > 0:
        why = NO_CLUSTERS if df < 1 else SAME_IN_EVERY_SET if followed.event.any() else NO_EVENT
    elif not all(followed.event[followed.treated == arm].any() for arm in arms):
        why = one_sided(by_set)
    elif by_set:
        why = narrow_note(followed.n_clusters, "the test of this difference with label moves within sets")
    return symmetric("rmst_difference", arms[True].mean - arms[False].mean, se, method, df, why=why, horizon=horizon)


def survival_at_horizon(followed: Followed, treated: bool, horizon: float, weighted: bool = False) -> Estimate:
    """Weighted Kaplan-Meier survival of one arm at the horizon; with no event the exact lower limit.

    weighted: as OutcomeResult."""
    km, arm = followed.arm(treated), ARMS[treated]
    summary, method, why, se = summarise(km, horizon), CURVE_METHOD, SILENCE, NAN
    if not summary.n:
        why = NO_ARM
    elif not summary.events:
        method, why = "no event, exact lower limit", no_event_note(km, arm_words(arm, weighted), horizon)
    elif not summary.survival:
        why = FALLEN
    else:
        se = summary.survival * float(np.sqrt(log_survival_variance(km)[-1]))
    limits = (summary.ci_low, summary.ci_high)
    made = without_error("survival_at_horizon", (summary.survival, *limits), method, why)
    return replace(made, se=se, arm=arm)


def no_event_note(km: KaplanMeier, word: str, horizon: float) -> Reason:
    """What no event in an arm still allows: the exact upper limit among those followed to the horizon."""
    followed = int((km.time >= horizon).sum())
    if not followed:
        text = f"No event among the {word}, but none of them followed to {horizon:g}: the data set no limit."
        return Reason("no_event", text)
    limit = 100 * zero_event_limit(followed)
    return Reason(
        "no_event",
        f"No event among the {word}, {followed} of them followed to {horizon:g}: still compatible with a risk of up to "
        f"{limit:.0f}% (exact 95% interval).",
    )
