"""Rank tests of a number: on the whole cohort, on repeated pairs, and by set."""

import numpy as np

from ..words import counted
from .data import ValueData
from .notes import SILENCE, Reason
from .ranks import EXACT_SETS, aligned_rank, doubled_midranks, kruskal_wallis, label_move_p, signed_rank_pairs
from .results import Test
from .rows import NAN, NO_SETS, ONE_PATIENT, one_patient, pair_test, repeated_note, set_test, whole_test
from .set_means import signed_rank_set_means

NO_SET_MEANS = Reason(
    "no_set_means",
    "The signed rank test of set means is not offered where a set has several treated patients and several controls; "
    "judge by the aligned ranks by set.",
)
NO_SPREAD = Reason("no_spread", "All values are equal, or an arm has none.")
NO_PAIR_DIFFERS = Reason("no_pair_differs", "No pair differs in this outcome, so the signed rank test does not exist.")
SETS_ALIKE = Reason("silent_sets", "Within every set all values are equal, so the sets cannot speak.")


def kruskal_test(data: ValueData) -> Test:
    """Kruskal-Wallis on everyone with the outcome."""
    known = ~np.isnan(data.values)
    arm = data.whole_treated[known]
    if 1 in (arm.sum(), (~arm).sum()):
        return _alone(data.values[known], arm)
    chi = kruskal_wallis(data.values[known], arm)
    why = NO_SPREAD if np.isnan(chi.p_value) else SILENCE
    return whole_test("kruskal_wallis", chi.statistic, chi.p_value, arm, why)


def _alone(values: np.ndarray, arm: np.ndarray) -> Test:
    """Kruskal-Wallis where an arm has one patient, whose rank is compared with everybody's: exact."""
    chi, p = kruskal_wallis(values, arm), label_move_p(values, arm)
    text = "An arm has a single patient: p by moving the label over all patients, not from the chi-square."
    return whole_test("kruskal_wallis", chi.statistic, p, arm, Reason("one_patient", text) if p <= 1 else NO_SPREAD)


def signed_rank_test(data: ValueData) -> Test:
    """The published convention's test with its unit guard."""
    blocks = data.blocks
    result, why = signed_rank_pairs(data.matched, blocks), repeated_note("The signed rank test", blocks)
    if blocks.too_many_pairs:
        why = Reason("too_many_pairs", f"The sets make {blocks.n_pairs:,} pairs, too many to rank.")
    elif not result.n:
        why = NO_PAIR_DIFFERS
    elif one_patient(blocks):
        return pair_test("wilcoxon_signed_rank_pairs", result.statistic, NAN, blocks, ONE_PATIENT)
    return pair_test("wilcoxon_signed_rank_pairs", result.statistic, result.p_value, blocks, why)


def aligned_test(data: ValueData) -> Test:
    """Aligned ranks by set."""
    name, blocks = "aligned_rank_by_set", data.blocks
    if not blocks.n_sets:
        return set_test(name, NAN, NAN, blocks, NO_SETS)
    result, why = aligned_rank(data.in_sets, blocks), SILENCE
    if not result.sd:
        why = SETS_ALIKE
    elif not result.exact:
        where = f"Above {EXACT_SETS} sets" if blocks.n_sets > EXACT_SETS else "With this many patients in a set"
        why = Reason("normal_approximation", f"{where} the permutation distribution is taken as normal.")
    return set_test(name, result.statistic, result.p_value, blocks, why)


def set_means_test(data: ValueData) -> Test:
    """Signed rank of one difference per set."""
    name, blocks = "signed_rank_set_means", data.blocks
    if not blocks.n_sets:
        return set_test(name, NAN, NAN, blocks, NO_SETS)
    if not blocks.stars:
        return set_test(name, NAN, NAN, blocks, NO_SET_MEANS)
    result = signed_rank_set_means(data.in_sets, blocks, data.frame.seed)
    what = "the treated minus the mean of its controls" if blocks.one_treated else "treated minus control, means"
    why = Reason("label_moves", f"One difference per set: {what}. {result.permuted.sentence}")
    return set_test(name, result.statistic, result.permuted.p_value, blocks, why)


def worst_rank_test(data: ValueData) -> Test:
    """Aligned ranks by set over everybody, those whom a bad event took tied at the worst rank: all are ranked first and
    the ranks aligned by set, so that p hangs on no number that stands for death (Lachin 1999, Control Clin Trials
    20:408, for worst ranks).

    data: with `worst`.  There is no shift of such ranks, so no interval belongs to this p."""
    name = "aligned_rank_by_set_worst"
    known = data.known | data.worst_matched
    frame = data.design.of_known(known)
    blocks = frame.moved(frame.blocks(known), data.design.moves)
    if not blocks.n_sets:
        return set_test(name, NAN, NAN, blocks, NO_SETS)
    beyond = -np.inf if data.high_is_good else np.inf
    ranks = doubled_midranks(np.where(data.worst_matched, beyond, data.matched)[blocks.row]).astype(float)
    result, died = aligned_rank(ranks, blocks), int(data.worst_matched[blocks.row].sum())
    text = (
        f"{counted(died, 'patient')} without the value who had the event of a survival outcome rank worst; no interval."
    )
    return set_test(
        name, result.statistic, result.p_value, blocks, Reason("worst_rank", text) if result.sd else SETS_ALIKE
    )
