"""A binary outcome: counts, tests on the whole cohort, on repeated pairs and by set, and effects with intervals."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from ..words import counted
from .adjusted import adjusted_risks
from .agreement import with_sides
from .binary_effects import in_order, marginal_estimates, risk_difference, set_estimates
from .data import ValueData
from .fisher import zero_event_limit
from .frame import Frame, general_notes, missing_notes, outcome_notes
from .notes import Reason
from .registry import ROLES, run_tests
from .results import ARMS, BinaryOutcome, BinarySummary, arm_words, weighted_mean
from .rows import reasons


def binary_outcome(name: str, primary: bool, data: ValueData, roles: Collection[str] = ROLES) -> BinaryOutcome:
    """One yes/no outcome.  roles: of the tests to make."""
    frame, tests = data.frame, run_tests("binary", data, roles)
    arms = frame.arm_rows(data.matched, data.known)
    estimates = [risk_difference(arms[0]), *(estimate for rows in arms for estimate in marginal_estimates(rows))]
    if frame.by_set:
        estimates += set_estimates(data)
    adjusted = adjusted_risks(frame, data.matched, data.known)
    estimates, sides = with_sides(in_order([*estimates, *adjusted.estimates]), tests)
    groups = dict(zip(ARMS, data.design.groups(data.whole_treated), strict=True))
    summaries = {arm: _summary(data.values[rows], frame.weights_of(arm, rows)) for arm, rows in groups.items()}
    specific = missing_notes(data.design, data.known, data.blocks) + _no_event_notes(summaries, frame)
    specific += sides + reasons(tests, estimates) + adjusted.specific
    return BinaryOutcome(
        name=name,
        tests=tuple(tests),
        estimates=tuple(estimates),
        notes=outcome_notes(name, frame, specific, general_notes(frame, arms[0].n_clusters) + adjusted.general),
        primary=primary,
        weighted=frame.weighted,
        **summaries,
        sets=set_table(data.matched, data.known, data.design),
    )


def _summary(event: np.ndarray, weights: np.ndarray) -> BinarySummary:
    return BinarySummary(int((~np.isnan(event)).sum()), int(np.nansum(event)), weighted_mean(event, weights))


def set_table(event: np.ndarray, known: np.ndarray, frame: Frame) -> pd.DataFrame:
    """Patients with the outcome and events, per set and arm, incomplete sets too. event, known: (n,)."""
    listed = known[frame.member_row]
    row, set_id = frame.member_row[listed], frame.member_set[listed]
    labels = np.unique(frame.member_set)
    index, arm, hit = np.searchsorted(labels, set_id), frame.treated[row], event[row] == 1
    columns = {"set": labels}
    for side, patients, events in ((True, "treated", "treated_events"), (False, "controls", "control_events")):
        columns[patients] = np.bincount(index[arm == side], minlength=len(labels))
        columns[events] = np.bincount(index[(arm == side) & hit], minlength=len(labels))
    return pd.DataFrame(columns)


def _no_event_notes(summaries: dict[str, BinarySummary], frame: Frame) -> list[Reason]:
    """What no event in n patients still allows: the exact upper limit 1 - 0.025^(1/n)."""
    control = arm_words("control", frame.weighted).removesuffix("s")
    arms = ((summaries["treated"], "treated patient"), (summaries["matched_control"], control))
    return [
        Reason(
            "no_event",
            f"No event among {counted(summary.n, word)}: still compatible with a risk of up to "
            f"{100 * zero_event_limit(summary.n):.0f}% (exact 95% interval).",
        )
        for summary, word in arms
        if summary.n and not summary.events
    ]
