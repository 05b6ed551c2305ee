"""A survival outcome to a horizon: curves, numbers at risk, tests, effects, and the incidence of competing events."""

from collections.abc import Collection

import numpy as np

from ..spec import Outcome
from .agreement import with_sides
from .competing import competing_estimates, competing_note, incidence_table
from .data import TimeData
from .followed import Course, Followed, arm_patients
from .frame import general_notes, missing_notes, outcome_notes
from .kaplan_meier import KaplanMeier
from .notes import Reason
from .registry import ROLES, run_tests
from .results import ARMS, Estimate, SurvivalOutcome, Test, arm_words
from .rows import NAN, own_p, reasons, to_quote
from .survival_effects import (
    hazard_ratio_by_set,
    hazard_ratios,
    no_event_note,
    rmst_difference,
    rmtl_difference,
    survival_at_horizon,
)
from .survival_tables import (
    at_risk_table,
    censored_table,
    curve_table,
    moments_table,
    summarise,
    tick_times,
)

NO_HORIZON = Reason(
    "no_horizon", "No horizon was set; curves and restricted means end where the follow-up of one matched arm does."
)


def survival_outcome(outcome: Outcome, data: TimeData, roles: Collection[str] = ROLES) -> SurvivalOutcome:
    """One survival outcome.  roles: of the tests to make.

    Log-rank tests and Cox use all follow-up, as R's survdiff and coxph do; curves, survival, restricted means and
    incidences end at the horizon.
    """
    full, end, frame, whole_treated = data.course, data.end, data.frame, data.whole_treated
    course = full.cut(end)
    tests = run_tests("survival", data, roles)
    estimates, apart = _estimates(outcome, data, tests)
    arms = arm_patients(course, whole_treated, frame)
    curves = {arm: patients.curve for arm, patients in arms.items()}
    moments = np.array(outcome.times) if outcome.times else tick_times(end)[1:]
    uncut = {arm: patients.curve for arm, patients in arm_patients(full, whole_treated, frame).items()}
    specific = ([] if outcome.horizon else [NO_HORIZON]) + _beyond(full, end) + competing_note(outcome)
    specific += missing_notes(data.design, full.known[frame.rows], data.blocks)
    specific += _curve_notes(curves, end, frame.weighted) + apart + reasons(tests, estimates)
    general = general_notes(frame, data.followed.n_clusters)
    return SurvivalOutcome(
        name=outcome.name,
        tests=tuple(tests),
        estimates=tuple(estimates),
        notes=outcome_notes(outcome.name, frame, specific, general),
        primary=outcome.primary,
        weighted=frame.weighted,
        **{arm: summarise(curves[arm], end) for arm in ARMS},
        horizon=end,
        curves=curve_table(curves, end),
        censored=censored_table(curves, end),
        at_risk=at_risk_table(curves, end),
        moments=moments_table(uncut, moments),
        incidence=incidence_table(arms, outcome, end),
    )


def _estimates(outcome: Outcome, data: TimeData, tests: list[Test]) -> tuple[list[Estimate], list[Reason]]:
    """The effects, then survival or incidence of each arm; and what is said of intervals that p does not agree with."""
    made = ratio_estimates(data) + _to_horizon(outcome, data)
    effects, apart = with_sides([one for one in made if not one.arm], tests)
    return effects + [one for one in made if one.arm], apart


def ratio_estimates(data: TimeData) -> list[Estimate]:
    """Hazard ratios: by set where sets are apart, then marginal.  Quoted where nothing competes."""
    marginal = hazard_ratios(data.fit, data.followed, data.frame.by_set)
    if not data.frame.by_set:
        return marginal if data.competing else [_own(marginal[0]), *marginal[1:]]
    data = data if data.competing else data.quoted
    p = data.set_logrank.permuted.p_value if data.blocks.n_sets else NAN
    found = hazard_ratio_by_set(data.course.time[data.rows], data.course.event[data.rows], data.blocks, p)
    return [found if data.competing else to_quote(found), *marginal]


def _own(ratio: Estimate) -> Estimate:
    """The marginal ratio as the quoted one, with its own p; a ratio of 0 has none."""
    return to_quote(ratio, own_p(ratio) if ratio.estimate > 0 else NAN)


def _to_horizon(outcome: Outcome, data: TimeData) -> list[Estimate]:
    end, by_set, weighted = data.end, data.frame.by_set, data.frame.weighted
    followed = Followed.of(data.course.cut(end), data.frame)
    at_horizon = [survival_at_horizon(followed, arm, end, weighted) for arm in (True, False)]
    if not data.competing:
        return [rmtl_difference(followed, end), rmst_difference(followed, end, by_set), *at_horizon]
    return [*at_horizon, *competing_estimates(followed, outcome, end, by_set)]


def _beyond(full: Course, horizon: float) -> list[Reason]:
    """What is said where anybody is followed beyond the horizon."""
    last = float(full.time[full.known].max(initial=0.0))
    if last <= horizon:
        return []
    until = f"to {last:g}; the other numbers end at {horizon:g}."
    return [Reason("beyond_horizon", f"Log-rank tests and the hazard ratio use all follow-up, {until}")]


def _curve_notes(curves: dict[str, KaplanMeier], horizon: float, weighted: bool) -> list[Reason]:
    """What no event in an arm still allows; and that a curve ending above 0 before the horizon is carried forward."""
    notes = []
    for arm, word in (("treated", "treated"), ("matched_control", arm_words("control", weighted))):
        km = curves[arm]
        if len(km.time) and not km.event.any():
            notes.append(no_event_note(km, word, horizon))
        if len(km.time) and km.last_follow_up < horizon and (not len(km.survival) or km.survival[-1] > 0):
            text = (
                f"Follow-up of the {word} ends at {km.last_follow_up:g}, before the horizon {horizon:g}; "
                "their last survival is carried forward."
            )
            notes.append(Reason("carried_forward", text))
    return notes
