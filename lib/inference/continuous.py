"""A continuous or ordinal outcome: quartiles, rank tests on three conventions, mean difference and shift."""

import numpy as np
import pandas as pd

from ..words import counted
from .adjusted import adjusted_mean_difference
from .frame import Frame, few_sets_notes, missing_notes, outcome_notes
from .marginal import Arms
from .notes import SILENCE, Reason
from .ranks import EXACT_SETS, aligned_rank, kruskal_wallis, signed_rank_pairs
from .results import ARMS, ContinuousOutcome, ContinuousSummary, Estimate, Test
from .rows import (
    NAN,
    NO_ARM,
    NO_SETS,
    absent,
    finite,
    pair_test,
    reasons,
    repeated_note,
    set_test,
    symmetric,
    whole_test,
    without_error,
)
from .set_means import signed_rank_set_means
from .sets import Blocks
from .shift import hodges_lehmann_shift

QUARTILES = (0.25, 0.5, 0.75)
NO_SE = "An interval by inversion has no standard error."
NO_SET_MEANS = Reason(
    "no_set_means",
    "The signed rank test of set means is not offered where a set has several treated patients and several controls; "
    "judge by the aligned ranks by set.",
)
NO_SPREAD = Reason("no_spread", "All values are equal, or an arm has none.")
NO_PAIR_DIFFERS = Reason("no_pair_differs", "No pair differs in this outcome, so the signed rank test does not exist.")
SETS_ALIKE = Reason("silent_sets", "Within every set all values are equal, so the sets cannot speak.")


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
    blocks, arms = frame.blocks(known), frame.arm_rows(matched, known)
    tests = [_kruskal(values, whole_treated)] + ([_signed_rank(matched, blocks)] if frame.grouped else [])
    estimates = [mean_difference(rows) for rows in arms]
    if frame.by_set:
        tests += [_aligned(matched, blocks), _set_means(matched, blocks, frame.seed)]
        estimates.append(shift_estimate(matched, blocks))
    adjusted = adjusted_mean_difference(frame, matched, known)
    estimates[len(arms) : len(arms)] = adjusted.estimates
    groups = frame.groups(whole_treated)
    specific = missing_notes(frame, known, blocks) + reasons(tests, estimates) + adjusted.specific
    return ContinuousOutcome(
        name=name,
        tests=tuple(tests),
        estimates=tuple(estimates),
        notes=outcome_notes(name, frame, specific, few_sets_notes(arms[0].n_clusters) + adjusted.general),
        primary=primary,
        **{arm: summarise(values[rows]) for arm, rows in zip(ARMS, groups, strict=True)},
        points=_points(values, baseline, groups),
    )


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
            "arm": pd.array([part[0] for part in parts], dtype="str").repeat(sizes),
            "moment": pd.array([part[1] for part in parts], dtype="str").repeat(sizes),
            "row": np.concatenate([part[2] for part in parts]),
            "value": np.concatenate([part[3] for part in parts]),
        }
    )


def _kruskal(values: np.ndarray, treated: np.ndarray) -> Test:
    known = ~np.isnan(values)
    chi = kruskal_wallis(values[known], treated[known])
    why = NO_SPREAD if np.isnan(chi.p_value) else SILENCE
    return whole_test("kruskal_wallis", chi.statistic, chi.p_value, treated[known], why)


def _signed_rank(values: np.ndarray, blocks: Blocks) -> Test:
    result, why = signed_rank_pairs(values, blocks), repeated_note("The signed rank test", blocks)
    if blocks.too_many_pairs:
        why = Reason("too_many_pairs", f"The sets make {blocks.n_pairs:,} pairs, too many to rank.")
    elif not result.n:
        why = NO_PAIR_DIFFERS
    return pair_test("wilcoxon_signed_rank_pairs", result.statistic, result.p_value, blocks, why)


def _aligned(values: np.ndarray, blocks: Blocks) -> Test:
    if not blocks.n_sets:
        return set_test("aligned_rank_by_set", NAN, NAN, blocks, NO_SETS)
    result, why = aligned_rank(values[blocks.row], blocks), SILENCE
    if not result.sd:
        why = SETS_ALIKE
    elif not result.exact:
        where = f"Above {EXACT_SETS} sets" if blocks.n_sets > EXACT_SETS else "With this many patients in a set"
        why = Reason("normal_approximation", f"{where} the permutation distribution is taken as normal.")
    return set_test("aligned_rank_by_set", result.statistic, result.p_value, blocks, why)


def _set_means(values: np.ndarray, blocks: Blocks, seed: int) -> Test:
    name = "signed_rank_set_means"
    if not blocks.n_sets:
        return set_test(name, NAN, NAN, blocks, NO_SETS)
    if not blocks.stars:
        return set_test(name, NAN, NAN, blocks, NO_SET_MEANS)
    result = signed_rank_set_means(values[blocks.row], blocks, seed)
    what = "the treated minus the mean of its controls" if blocks.one_treated else "treated minus control, means"
    why = Reason("label_moves", f"One difference per set: {what}. {result.permuted.sentence}")
    return set_test(name, result.statistic, result.permuted.p_value, blocks, why)


def mean_difference(arms: Arms) -> Estimate:
    """Weighted difference in means, treated minus control; SE clustered by set (HC1) with t, or HC3 (see Arms)."""
    if not arms.complete:
        return absent("mean_difference", arms.method, NO_ARM)
    se, why = arms.standard_error(), SILENCE
    if not se > 0:
        why = arms.no_error_note if np.isnan(se) else arms.zero_error_note
    difference = arms.mean(True) - arms.mean(False)
    return symmetric("mean_difference", difference, se, arms.method, arms.df, why=why)


def shift_estimate(values: np.ndarray, blocks: Blocks) -> Estimate:
    """Hodges-Lehmann shift with the aligned rank test's interval; a side that the sets are too few to bound is NaN."""
    method = "inversion of aligned ranks by set, {}"
    if not blocks.n_sets:
        return absent("hodges_lehmann_shift", method.format("exact"), NO_SETS, "conditional")
    shift, why = hodges_lehmann_shift(values[blocks.row], blocks), Reason("no_standard_error", aside=NO_SE)
    method = method.format("exact" if shift.exact else "normal approximation")
    low, high = finite(shift.low), finite(shift.high)
    if np.isnan(low) or np.isnan(high):
        text = f"{counted(blocks.n_sets, 'set')} cannot rule out every large shift at 5%, so a limit is missing."
        why = Reason("limit_missing", text, NO_SE)
    elif low == high:
        low = high = NAN
        why = Reason("no_interval", "The values of a set hardly differ, which leaves no spread for an interval.", NO_SE)
    return without_error("hodges_lehmann_shift", (shift.estimate, low, high), method, why, "conditional")
