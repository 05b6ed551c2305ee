"""A continuous or ordinal outcome: quartiles, rank tests on three conventions, mean difference and shift."""

from collections.abc import Collection

import numpy as np
import pandas as pd

from .adjusted import adjusted_mean_difference
from .agreement import with_sides
from .continuous_effects import mean_difference, shift_estimate
from .data import ValueData
from .frame import general_notes, missing_notes, outcome_notes
from .registry import ROLES, run_tests
from .results import ARMS, ContinuousOutcome, ContinuousSummary, quoted_of, weighted_mean
from .rows import NAN, own_p, reasons, to_quote

QUARTILES = (0.25, 0.5, 0.75)


def continuous_outcome(
    name: str, primary: bool, data: ValueData, baseline: np.ndarray | None, roles: Collection[str] = ROLES
) -> ContinuousOutcome:
    """One number.  baseline: float (N,), NaN where missing; None without one.  roles: of the tests to make."""
    frame, tests = data.frame, run_tests("continuous", data, roles)
    arms = frame.arm_rows(data.matched, data.known)
    estimates = [mean_difference(rows) for rows in arms]
    adjusted = adjusted_mean_difference(frame, data.matched, data.known)
    estimates += adjusted.estimates
    if frame.by_set:
        test = quoted_of(tests)
        p = NAN if test is None else test.p_value
        estimates.append(to_quote(shift_estimate(data.in_sets, data.quoted.blocks, p)))
    else:
        estimates[0] = to_quote(estimates[0], own_p(estimates[0]))
    estimates, sides = with_sides(estimates, tests)
    groups = data.design.groups(data.whole_treated)
    summaries = {
        arm: summarise(data.values[rows], frame.weights_of(arm, rows)) for arm, rows in zip(ARMS, groups, strict=True)
    }
    specific = missing_notes(data.design, data.known, data.blocks) + sides
    specific += reasons(tests, estimates) + adjusted.specific
    return ContinuousOutcome(
        name=name,
        tests=tuple(tests),
        estimates=tuple(estimates),
        notes=outcome_notes(name, frame, specific, general_notes(frame, arms[0].n_clusters) + adjusted.general),
        primary=primary,
        weighted=frame.weighted,
        **summaries,
        points=_points(data.values, baseline, groups),
    )


def summarise(values: np.ndarray, weights: np.ndarray | None = None) -> ContinuousSummary:
    """Summary of the known values, unweighted but for the last number.

    values: float (n,), NaN where missing.  weights: float (n,) > 0, None for equal ones."""
    x = values[~np.isnan(values)]
    if not len(x):
        return ContinuousSummary(0, *[NAN] * 8)
    p25, median, p75 = np.quantile(x, QUARTILES, method="averaged_inverted_cdf").tolist()
    sd = float(x.std(ddof=1)) if len(x) > 1 else NAN
    spread = (float(x.mean()), sd, float(x.min()), float(x.max()))
    return ContinuousSummary(
        len(x), median, p25, p75, *spread, weighted_mean(values, np.ones(len(values)) if weights is None else weights)
    )


def _points(values: np.ndarray, baseline: np.ndarray | None, groups: list[np.ndarray]) -> pd.DataFrame:
    moments = [("outcome", values)] if baseline is None else [("baseline", baseline), ("outcome", values)]
    parts = []
    for arm, rows in zip(ARMS, groups, strict=True):
        for moment, column in moments:
            kept = rows[~np.isnan(column[rows])]
            parts.append((arm, moment, kept, column[kept]))
    sizes = [len(part[2]) for part in parts]
    return pd.DataFrame(
        {
            "arm": pd.array([part[0] for part in parts], dtype="str").repeat(sizes),
            "moment": pd.array([part[1] for part in parts], dtype="str").repeat(sizes),
            "row": np.concatenate([part[2] for part in parts]),
            "value": np.concatenate([part[3] for part in parts]),
        }
    )
