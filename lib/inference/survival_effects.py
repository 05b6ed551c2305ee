"""Effects on survival to a horizon: hazard ratio, restricted mean survival time, survival at the horizon."""

from dataclasses import replace
from typing import Literal

import numpy as np

from ..errors import EstimationError
from ..words import counted
from .cox import CoxFit, cox_two_arms, one_sided_limit
from .fisher import zero_event_limit
from .followed import Followed
from .frame import narrow_note
from .kaplan_meier import KaplanMeier, log_survival_variance, restricted_mean
from .notes import SILENCE, Reason
from .results import Estimate, arm_words
from .rows import (
    NAN,
    NO_ARM,
    NO_CLUSTERS,
    SAME_IN_EVERY_SET,
    absent,
    on_log_scale,
    one_sided,
    symmetric,
    without_error,
)
from .survival_tables import summarise

ARMS: dict[bool, Literal["treated", "control"]] = {True: "treated", False: "control"}
NO_SE = "A limit by likelihood has no standard error."
NO_EVENT = Reason("no_event_before_horizon", "No event before the horizon: no standard error.")
FALLEN = Reason(
    "curve_at_zero", "The curve falls to 0, where its variance is not defined; the upper limit is the last one before."
)
CURVE_METHOD = "weighted Kaplan-Meier, log-log limits, jackknife variance"


def fit_cox(followed: Followed, weighted: bool = False) -> CoxFit | Reason:
    """The fit, or why there is none.  weighted: as OutcomeResult."""
    control = arm_words("control", weighted).removesuffix("s")
    quiet = [
        f"No event among {counted(int(rows.sum()), word)}"
        for rows, word in ((followed.treated, "treated patient"), (~followed.treated, control))
        if not followed.event[rows].any()
    ]
    if quiet:
        text = f"{' and '.join(quiet)}, so the hazard ratio and its limits cannot be estimated."
        return Reason("no_hazard_ratio", text)
    try:
        return cox_two_arms(followed.time, followed.event, followed.treated, followed.weights, followed.cluster)
    except EstimationError as error:
        return Reason("no_hazard_ratio", str(error))


def hazard_ratio(fit: CoxFit | Reason, by_set: bool) -> Estimate:
    """Weighted marginal hazard ratio, normal limits on the log scale as R coxph; or why there is none."""
    method = f"Cox, Efron ties, matching weights, SE robust by {'set' if by_set else 'patient'}"
    if isinstance(fit, Reason):
        return absent("hazard_ratio", method, fit)
    why = NO_CLUSTERS if np.isnan(fit.robust_se) else SILENCE if fit.robust_se else SAME_IN_EVERY_SET
    return on_log_scale("hazard_ratio", float(np.exp(fit.log_hr)), fit.robust_se, method, why=why)


def hazard_ratio_limit(followed: Followed) -> Estimate | None:
    """The limit that the likelihood leaves where no finite hazard ratio exists; None where it leaves none."""
    method = "Cox, Efron ties, matching weights, profile likelihood limit (takes no account of the sets)"
    try:
        limit = one_sided_limit(followed.time, followed.event, followed.treated, followed.weights)
    except EstimationError:
        return None
    if limit.above:
        text = f"The hazard ratio has no finite value; the data are compatible with one of at least {limit.bound:.3g}."
        why = Reason("infinite_ratio_limit", text, NO_SE)
        return without_error("hazard_ratio", (NAN, limit.bound, NAN), method, why)
    text = f"The hazard ratio is 0; the data are compatible with one of at most {limit.bound:.3g}."
    return without_error("hazard_ratio", (0.0, 0.0, limit.bound), method, Reason("zero_ratio_limit", text, NO_SE))


def rmst_difference(followed: Followed, horizon: float, by_set: bool) -> Estimate:
    """Restricted mean survival time to the horizon, treated minus control, in the unit of time; matching weights.

    SE from jackknife influences summed by cluster, times G/(G-1), t with G-1 degrees of freedom. With replacement each
    patient is a cluster.
    """
    unit, df = "set" if by_set else "patient", followed.n_clusters - 1
    method = f"area under weighted Kaplan-Meier to {horizon:g}, SE clustered by {unit}, t with {max(df, 0)} df"
    if not followed.treated.any() or followed.treated.all():
        return absent("rmst_difference", method, NO_ARM)
    arms = {arm: restricted_mean(followed.arm(arm), horizon) for arm in (True, False)}
    se = followed.clustered_error(arms[True].influence, arms[False].influence)
    why = SILENCE
    if not se > 0:
        why = NO_CLUSTERS if df < 1 else SAME_IN_EVERY_SET if followed.event.any() else NO_EVENT
    elif not all(followed.event[followed.treated == arm].any() for arm in arms):
        why = one_sided(by_set)
    elif by_set:
        why = narrow_note(followed.n_clusters, "the test of this difference with label moves within sets")
    return symmetric("rmst_difference", arms[True].mean - arms[False].mean, se, method, df, why=why)


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
