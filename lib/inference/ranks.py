"""Rank tests: Kruskal-Wallis, the signed rank on repeated pairs, and aligned ranks permuted within sets."""

from dataclasses import dataclass

import numpy as np
from scipy.special import chdtrc

from ..rounding import as_one, sizes_as_one, slack
from .asymptotic import ChiSquare, normal_p
from .engine import score_work
from .laws import score_law
from .sets import Blocks

EXACT_SETS = 200  # above, the permutation distribution is taken as normal: it is one to three digits of p
EXACT_WORK = 2e9  # additions (score_work): a second or two; 200 sets of 1:15 stay below


@dataclass(frozen=True)
class SignedRank:
    """V = sum of the positive differences' ranks over n non-zero differences, and its normal two-sided p."""

    statistic: float
    p_value: float
    n: int


@dataclass(frozen=True)
class AlignedRank:
    """Sum of the treated patients' aligned ranks, its expectation and SD under no effect, and the two-sided p."""

    statistic: float
    expected: float
    sd: float
    p_value: float
    exact: bool


def doubled_midranks(values: np.ndarray) -> np.ndarray:
    """Twice the rank, ties averaged, so that it is an integer. values: (n,). Returns int (n,), between 2 and 2n."""
    order = np.argsort(values)
    ordered = values[order]
    begins = np.flatnonzero(np.append(True, ordered[1:] != ordered[:-1])[: len(values)])
    ends = np.append(begins[1:], len(values))
    ranks = np.empty(len(values), dtype=np.int64)
    ranks[order] = np.repeat(begins + ends + 1, ends - begins)
    return ranks


def kruskal_wallis(values: np.ndarray, treated: np.ndarray) -> ChiSquare:
    """Kruskal-Wallis for two groups with the tie correction, chi-square on 1 degree of freedom (R kruskal.test).

    Values equal up to rounding tie. NaN when an arm is empty or all values are equal.
    """
    n, n1 = len(values), int(treated.sum())
    if n1 == 0 or n1 == n:
        return ChiSquare(float("nan"), float("nan"))
    ranks = doubled_midranks(as_one(values)) / 2
    spread = float(((ranks - (n + 1) / 2) ** 2).sum())
    if spread == 0:
        return ChiSquare(float("nan"), float("nan"))
    between = (ranks[treated].sum() - n1 * (n + 1) / 2) ** 2 * n / (n1 * (n - n1))
    statistic = float((n - 1) * between / spread)
    return ChiSquare(statistic, float(chdtrc(1, statistic)))


def label_move_p(values: np.ndarray, treated: np.ndarray) -> float:
    """Two-sided p where one arm has a single patient: the share of patients whose midrank lies at least as far from the
    middle as that patient's.  NaN when all values are equal.  values: (n,).  treated: bool (n,)."""
    away = np.abs(doubled_midranks(as_one(values)) - (len(values) + 1))
    alone = treated if treated.sum() == 1 else ~treated
    return float((away >= away[alone][0]).mean()) if away.any() else float("nan")


def signed_rank(differences: np.ndarray) -> SignedRank:
    """Wilcoxon signed rank: zeros dropped, midranks, normal with tie correction, no continuity correction.

    differences: (p,), ranked as they are, as R wilcox.test(d, exact = FALSE, correct = FALSE). NaN when all are 0.
    """
    d = differences[differences != 0]
    n = len(d)
    if not n:
        return SignedRank(float("nan"), float("nan"), 0)
    _, counts = np.unique(np.abs(d), return_counts=True)
    positive = float(doubled_midranks(np.abs(d))[d > 0].sum() / 2)
    variance = n * (n + 1) * (2 * n + 1) / 24 - float((counts.astype(float) ** 3 - counts).sum()) / 48
    return SignedRank(positive, normal_p((positive - n * (n + 1) / 4) / np.sqrt(variance)), n)


def signed_rank_pairs(values: np.ndarray, blocks: Blocks) -> SignedRank:
    """The signed rank test on repeated pairs, as published; NaN where these are too many.  values: (n,), by row.

    Differences equal up to rounding tie, as R does with digits.rank = 7: 1.1 - 1.0 and 0.9 - 0.8 are both 0.1."""
    if blocks.too_many_pairs:
        return SignedRank(float("nan"), float("nan"), blocks.n_pairs)
    case, control = blocks.pairs()
    return signed_rank(sizes_as_one(values[case] - values[control], slack(values)))


def align(values: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Values minus their set's mean, those equal up to rounding made equal. values: float (m,), in block order."""
    centre = blocks.totals(values) / blocks.sizes
    return as_one(values - np.repeat(centre, blocks.sizes), slack(values))


def aligned_rank(values: np.ndarray, blocks: Blocks) -> AlignedRank:
    """Aligned ranks by set (Hodges and Lehmann 1962, Ann Math Stat 33:482).

    values: float (m,), in block order. Each set's mean is subtracted, all patients are ranked together, and the
    treated patients' ranks are summed. p: share of the label arrangements within sets whose sum lies at least as far
    from its expectation; exact up to EXACT_SETS sets and EXACT_WORK, else normal. p is 1 and sd 0 when no set varies.
    """
    doubled = doubled_midranks(align(values, blocks))
    return rank_sum_by_set(doubled, blocks, can_be_exact(doubled, blocks))


def can_be_exact(doubled: np.ndarray, blocks: Blocks, sets: int = EXACT_SETS, work: float = EXACT_WORK) -> bool:
    """Whether the exact distribution of a rank sum is made: up to so many sets and so much work."""
    return blocks.n_sets <= sets and score_work(doubled, blocks.starts, blocks.sizes, blocks.n_treated_of) <= work


def rank_sum_by_set(doubled: np.ndarray, blocks: Blocks, exact: bool = True) -> AlignedRank:
    """The within-set permutation test of a sum of doubled ranks. doubled: int (m,), in block order."""
    observed, expected = int(doubled[blocks.treated].sum()), float(blocks.expected(doubled).sum())
    sd = float(np.sqrt(blocks.variance(doubled).sum()))
    if sd == 0:
        p = 1.0
    elif exact:
        p = score_law(doubled, blocks).far(observed, expected)
    else:
        p = normal_p((observed - expected) / sd)
    return AlignedRank(observed / 2, expected / 2, sd / 2, p, exact)
