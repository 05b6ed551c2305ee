"""A continuous or ordinal outcome: quartiles, rank tests on three conventions, mean difference and shift."""

import numpy as np
import pandas as pd

from lib.outcomes.asymptotic import t_quantile
from lib.outcomes.binary import NO_SETS, marginal_method, one_set_note
from lib.outcomes.frame import (
    Frame,
    count,
    few_sets_note,
    missing_notes,
    outcome_notes,
    pair_test,
    reasons,
    repeated_note,
    set_test,
    whole_test,
)
from lib.outcomes.marginal import Arms
from lib.outcomes.ranks import EXACT_SETS, aligned_rank, kruskal_wallis, signed_rank
from lib.outcomes.results import ARMS, ContinuousOutcome, ContinuousSummary, Estimate, Test
from lib.outcomes.sets import Blocks
from lib.outcomes.shift import EXACT_LIMIT_SETS, hodges_lehmann_shift

NAN = float("nan")
QUARTILES = (0.25, 0.5, 0.75)


def continuous_outcome(
    name: str,
    primary: bool,
    values: np.ndarray,
    baseline: np.ndarray | None,
    whole_treated: np.ndarray,
    frame: Frame,
) -> ContinuousOutcome:
    """One continuous outcome.  values, baseline: float (N,), NaN where missing.  whole_treated: bool (N,)."""
    matched = values[frame.rows]
    known = ~np.isnan(matched)
    blocks, arms = frame.blocks(known), frame.arms(matched, known)
    tests = [_kruskal(values, whole_treated), _signed_rank(matched, blocks)]
    estimates = [mean_difference(arms)]
    if not frame.replaced:
        tests.append(_aligned(matched, blocks))
        estimates.append(shift_estimate(matched, blocks))
    groups = arm_rows(whole_treated, frame)
    specific = missing_notes(frame, known, blocks) + reasons(tests, estimates)
    return ContinuousOutcome(
        name,
        tuple(tests),
        tuple(estimates),
        outcome_notes(name, frame, specific, few_sets_note(arms)),
        primary,
        *[summarise(values[rows]) for rows in groups],
        _points(values, baseline, groups),
    )


def arm_rows(whole_treated: np.ndarray, frame: Frame) -> list[np.ndarray]:
    """Positions in the eligible table of the four groups, in the order of ARMS."""
    matched = frame.weights > 0
    return [
        frame.rows[matched & frame.treated],
        frame.rows[matched & ~frame.treated],
        np.flatnonzero(whole_treated),
        np.flatnonzero(~whole_treated),
    ]


def summarise(values: np.ndarray) -> ContinuousSummary:
    """Unweighted summary of the known values. values: float (n,), NaN where missing."""
    x = values[~np.isnan(values)]
    if not len(x):
        return ContinuousSummary(0, *[NAN] * 7)
    p25, median, p75 = np.quantile(x, QUARTILES, method="averaged_inverted_cdf").tolist()
    sd = float(x.std(ddof=1)) if len(x) > 1 else NAN
    return ContinuousSummary(len(x), median, p25, p75, float(x.mean()), sd, float(x.min()), float(x.max()))


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
            "arm": np.repeat([part[0] for part in parts], sizes),
            "moment": np.repeat([part[1] for part in parts], sizes),
            "row": np.concatenate([part[2] for part in parts]),
            "value": np.concatenate([part[3] for part in parts]),
        }
    )


def _kruskal(values: np.ndarray, treated: np.ndarray) -> Test:
    known = ~np.isnan(values)
    chi = kruskal_wallis(values[known], treated[known])
    note = "All values are equal, or an arm has none." if np.isnan(chi.p_value) else ""
    return whole_test("kruskal_wallis", chi.statistic, chi.p_value, treated[known], note)


def _signed_rank(values: np.ndarray, blocks: Blocks) -> Test:
    case, control = blocks.pairs()
    result, note = signed_rank(values[case] - values[control]), repeated_note("The signed rank test", blocks)
    if not result.n:
        note = "No pair differs in this outcome, so the signed rank test does not exist."
    return pair_test("wilcoxon_signed_rank_pairs", result.statistic, result.p_value, blocks, note)


def _aligned(values: np.ndarray, blocks: Blocks) -> Test:
    if not blocks.n_sets:
        return set_test("aligned_rank_by_set", NAN, NAN, blocks, NO_SETS)
    result, note = aligned_rank(values[blocks.row], blocks), ""
    if not result.sd:
        note = "Within every set all values are equal, so the sets cannot speak."
    elif not result.exact:
        note = f"Above {EXACT_SETS} sets the permutation distribution is taken as normal."
    return set_test("aligned_rank_by_set", result.statistic, result.p_value, blocks, note)


def mean_difference(arms: Arms) -> Estimate:
    """Weighted difference in means, treated minus control; SE clustered by set (HC1) with t, or HC3 (see Arms)."""
    method = marginal_method(arms)
    if not arms.complete:
        note = "One arm has no matched patient with this outcome."
        return Estimate("mean_difference", NAN, NAN, NAN, NAN, method, note=note)
    difference, se, note = arms.mean(True) - arms.mean(False), arms.standard_error(), one_set_note(arms)
    if se == 0:
        se, note = NAN, "No patient differs from the mean of its arm, so there is no interval."
    half = t_quantile(arms.df) * se
    return Estimate("mean_difference", difference, difference - half, difference + half, se, method, note=note)


def shift_estimate(values: np.ndarray, blocks: Blocks) -> Estimate:
    """Hodges-Lehmann shift with the aligned rank test's interval; a side that the sets are too few to bound is NaN."""
    exact = blocks.n_sets <= EXACT_LIMIT_SETS
    method = f"inversion of aligned ranks by set, {'exact' if exact else 'normal approximation'}"
    if not blocks.n_sets:
        return Estimate("hodges_lehmann_shift", NAN, NAN, NAN, NAN, method, "conditional", NO_SETS)
    shift, note = hodges_lehmann_shift(values[blocks.row], blocks), "An interval by inversion has no standard error."
    low, high = (limit if np.isfinite(limit) else NAN for limit in (shift.low, shift.high))
    if np.isnan(low) or np.isnan(high):
        note = f"{count(blocks.n_sets, 'set')} of these sizes cannot rule out any shift on one side at 5%. {note}"
    return Estimate("hodges_lehmann_shift", shift.estimate, low, high, NAN, method, "conditional", note)
