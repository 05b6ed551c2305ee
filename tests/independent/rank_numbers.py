"""Reference for numbers: Kruskal-Wallis, signed rank on repeated pairs, aligned ranks by set, its shift."""

import itertools
import math

import numpy as np
from scipy import stats

Set = tuple[float, list[float]]
SAME = 9  # decimals to which aligned values are rounded before ranking


def kruskal_wallis(y: np.ndarray, z: np.ndarray) -> tuple[float, float]:
    """Tie-corrected H of two groups, and p."""
    ranks, n = stats.rankdata(y), len(y)
    h = 12 / (n * (n + 1)) * sum(ranks[z == g].sum() ** 2 / (z == g).sum() for g in (0, 1)) - 3 * (n + 1)
    counts = np.unique(y, return_counts=True)[1]
    h /= 1 - (counts**3 - counts).sum() / (n**3 - n)
    return h, stats.chi2.sf(h, 1)


def signed_rank(differences: np.ndarray) -> tuple[float, float]:
    """R wilcox.test(exact=FALSE, correct=FALSE): V of the positive, zeros dropped, tie-corrected normal p."""
    d = differences[differences != 0]
    ranks, n = stats.rankdata(np.abs(d)), len(d)
    v = ranks[d > 0].sum()
    counts = np.unique(np.abs(d), return_counts=True)[1]
    sigma = np.sqrt(n * (n + 1) * (2 * n + 1) / 24 - (counts**3 - counts).sum() / 48)
    return v, 2 * stats.norm.sf(abs(v - n * (n + 1) / 4) / sigma)


def aligned(sets: list[Set], shift: float = 0.0) -> list[np.ndarray]:
    """Ranks within the whole of what is left after each set's mean; the treated stands first in each set."""
    values = [np.array([t - shift, *controls]) for t, controls in sets]
    flat = np.concatenate([np.round(v - v.mean(), SAME) for v in values])
    return np.split(stats.rankdata(flat), np.cumsum([len(v) for v in values])[:-1])


def excess(sets: list[Set], shift: float) -> float:
    """How far the treated's rank sum lies above its expectation once `shift` is taken off the treated."""
    return sum(r[0] - r.mean() for r in aligned(sets, shift))


def aligned_rank(sets: list[Set], shift: float = 0.0) -> tuple[float, float]:
    """Sum of the treated's ranks; exact p by every placement of the labels."""
    ranks = aligned(sets, shift)
    seen, centre = sum(r[0] for r in ranks), sum(r.mean() for r in ranks)
    sums = np.zeros(1)
    chance = np.ones(1)
    for r in ranks:
        sums, places = np.unique(np.add.outer(sums, r).ravel(), return_inverse=True)
        chance = np.bincount(places.ravel(), np.repeat(chance, len(r)) / len(r))
    return seen, chance[np.abs(sums - centre) >= abs(seen - centre) - 1e-9].sum()


def every_placement(sets: list[Set]) -> int:
    return math.prod(1 + len(c) for _, c in sets)


def brute_force_p(sets: list[Set]) -> float:
    """The same p by listing all placements one by one."""
    ranks = aligned(sets)
    centre = sum(r.mean() for r in ranks)
    far = abs(sum(r[0] for r in ranks) - centre) - 1e-9
    sums = [abs(sum(choice) - centre) >= far for choice in itertools.product(*ranks)]
    return float(np.mean(sums))
