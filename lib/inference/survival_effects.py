"""Effects on survival to a horizon: hazard ratio, restricted mean survival time, survival at the horizon."""

import numpy as np

from ..errors import EstimationError
from ..words import counted
from .asymptotic import t_quantile
from .binary import zero_event_limit
from .cox import CoxFit, cox_two_arms, one_sided_limit
from .followed import Followed
from .frame import narrow_note
from .kaplan_meier import KaplanMeier, log_survival_variance, restricted_mean
from .results import Estimate
from .rows import (
    NAN,
    NO_ARM,
    NO_CLUSTERS,
    ONE_SIDED_ARM,
    SAME_IN_EVERY_SET,
    absent,
    on_log_scale,
    symmetric,
)
from .survival_tables import summarise

ARM_WORDS = {True: "treated", False: "matched controls"}
NO_SE = "A limit by likelihood has no standard error."
NO_EVENT = "No event before the horizon: no standard error."
CURVE_METHOD = "weighted Kaplan-Meier, log-log limits, jackknife variance"


def fit_cox(followed: Followed) -> CoxFit | str:
    """The fit, or the sentence why there is none."""
    quiet = [
        f"No event among {counted(int(rows.sum()), word)}"
        for rows, word in ((followed.treated, "treated patient"), (~followed.treated, "matched control"))
        if not followed.event[rows].any()
    ]
    if quiet:
        return f"{' and '.join(quiet)}, so the hazard ratio and its limits cannot be estimated."
    try:
        return cox_two_arms(followed.time, followed.event, followed.treated, followed.weights, followed.cluster)
    except EstimationError as error:
        return str(error)


def hazard_ratio(fit: CoxFit | str, by_set: bool) -> Estimate:
    """Weighted marginal hazard ratio, normal limits on the log scale as R coxph; or why there is none."""
    method = f"Cox, Efron ties, matching weights, SE robust by {'set' if by_set else 'patient'}"
    if isinstance(fit, str):
        return absent("hazard_ratio", method, fit)
    note = NO_CLUSTERS if np.isnan(fit.robust_se) else "" if fit.robust_se else SAME_IN_EVERY_SET
    return on_log_scale("hazard_ratio", float(np.exp(fit.log_hr)), fit.robust_se, method, note=note)


def hazard_ratio_limit(followed: Followed) -> Estimate | None:
    """The limit that the likelihood leaves where no finite hazard ratio exists; None where it leaves none."""
    method = "Cox, Efron ties, matching weights, profile likelihood limit (takes no account of the sets)"
    try:
        limit = one_sided_limit(followed.time, followed.event, followed.treated, followed.weights)
    except EstimationError:
        return None
    if limit.above:
        note = f"The hazard ratio has no finite value; the data are compatible with one of at least {limit.bound:.3g}."
        return Estimate("hazard_ratio", NAN, limit.bound, NAN, NAN, method, note=f"{note} {NO_SE}")
    note = f"The hazard ratio is 0; the data are compatible with one of at most {limit.bound:.3g}."
    return Estimate("hazard_ratio", 0.0, 0.0, limit.bound, NAN, method, note=f"{note} {NO_SE}")


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
    note = ""
    if not se > 0:
        note = NO_CLUSTERS if df < 1 else SAME_IN_EVERY_SET if followed.event.any() else NO_EVENT
    elif not all(followed.event[followed.treated == arm].any() for arm in arms):
        note = ONE_SIDED_ARM
    elif by_set:
        note = narrow_note(followed.n_clusters, "the test of this difference with label moves within sets")
    return symmetric("rmst_difference", arms[True].mean - arms[False].mean, se, method, t_quantile(df), note=note)


def survival_at_horizon(followed: Followed, treated: bool, horizon: float) -> Estimate:
    """Weighted Kaplan-Meier survival of one arm at the horizon; with no event the exact lower limit."""
    km, word = followed.arm(treated), ARM_WORDS[treated]
    summary, method, note, se = summarise(km, horizon), f"{word}: {CURVE_METHOD}", "", NAN
    if not summary.n:
        note = NO_ARM
    elif not summary.events:
        method, note = f"{word}: no event, exact lower limit", no_event_note(km, word, horizon)
    elif not summary.survival:
        note = "The curve falls to 0, where its variance is not defined; the upper limit is the last one before."
    else:
        se = summary.survival * float(np.sqrt(log_survival_variance(km)[-1]))
    limits = (summary.ci_low, summary.ci_high)
    return Estimate("survival_at_horizon", summary.survival, *limits, se, method, note=note)


def no_event_note(km: KaplanMeier, word: str, horizon: float) -> str:
    """What no event in an arm still allows: the exact upper limit among those followed to the horizon."""
    followed = int((km.time >= horizon).sum())
    if not followed:
        return f"No event among the {word}, but none of them followed to {horizon:g}: the data set no limit."
    limit = 100 * zero_event_limit(followed)
    return (
        f"No event among the {word}, {followed} of them followed to {horizon:g}: still compatible with a risk of up to "
        f"{limit:.0f}% (exact 95% interval)."
    )
