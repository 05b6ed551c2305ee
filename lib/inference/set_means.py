"""Signed rank of the treated minus the mean of their controls: one difference per set, so it counts sets.

For pairs this is Wilcoxon's test with its exact distribution. With several controls the differences need not be
symmetric under no effect, so signs are not flipped: the treated label moves within its set, and the differences, their
ranks and the statistic are made anew for each arrangement. Where several treated share one control the control's label
moves. Sets with several of both have too many arrangements for a test of this kind and are not offered it.
"""

from dataclasses import dataclass

import numpy as np

from ..rounding import sizes_as_one, slack
from .arrangements import Kinds
from .permutation import MOST_ARRANGEMENTS, PermutationP, Statistic, drawn_p, drawn_values, exact_p
from .ranks import doubled_midranks, signed_rank
from .sets import Blocks


@dataclass(frozen=True)
class SetMeans:
    """V, the sum of the positive differences' ranks over the n sets with a difference, and the permutation test of the
    positive minus the negative rank sum."""

    statistic: float
    n: int
    permuted: PermutationP


def set_differences(values: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Each patient minus the mean of the others of its set, the other way round where it would be the one control,
    float (m,): at `centre_at`, the sets' observed differences, treated minus control.

    values: float (m,), in block order. Sizes equal up to rounding are made equal.
    """
    others = np.repeat(blocks.totals(values), blocks.sizes) - values
    found = values - others / np.repeat(blocks.sizes - 1, blocks.sizes)
    return sizes_as_one(found * blocks.sign, slack(values))


def signed_rank_set_means(values: np.ndarray, blocks: Blocks, seed: int, most: int = MOST_ARRANGEMENTS) -> SetMeans:
    """Wilcoxon signed rank over sets, sets without a difference left out, midranks; two-sided by distance from the mean
    over the arrangements.  values: float (m,), in block order, at least one set, all stars.  p is 1 if none varies."""
    differences, stars = set_differences(values, blocks), blocks.of_centres
    alike = np.unique(differences, return_inverse=True)[1]
    kinds = Kinds.of(stars, alike, most)
    shown = differences[blocks.centre_at]
    plain, observed = signed_rank(shown), _signed_sum(shown)
    if kinds is not None:
        sums = _every_signed_sum(differences[kinds.position], kinds)
        permuted = exact_p(sums, kinds.chances, observed, None, blocks, seed)
    else:
        drawn = drawn_values(_drawn_signed_sums(differences, blocks.n_sets), stars, alike, seed)
        permuted = drawn_p(drawn, observed, expected_signed_sum(differences, blocks), seed)
    return SetMeans(plain.statistic if plain.n else 0.0, plain.n, permuted)


def expected_signed_sum(differences: np.ndarray, blocks: Blocks) -> float:
    """Mean of _signed_sum over all arrangements: of the own signs, and of sign(d_i + d_j) over pairs of different sets.

    differences: float (m,), in block order. Known exactly without looking at an arrangement, so that a drawn p keeps
    ties on both sides of the mean.
    """
    sign, weight = np.sign(differences), (differences != 0) / np.repeat(blocks.sizes, blocks.sizes)
    order = np.argsort(differences)
    ordered, summed = differences[order], np.concatenate([[0.0], np.cumsum(weight[order])])
    below, above = (summed[np.searchsorted(ordered, -differences, side)] for side in ("left", "right"))
    pairs = float((weight * (summed[-1] - above - below)).sum())
    for size in np.unique(blocks.sizes):  # pairs within a set never stand in one arrangement
        at = blocks.starts[blocks.sizes == size][:, None] + np.arange(size)
        d, w = differences[at], weight[at]
        pairs -= float((np.sign(d[:, :, None] + d[:, None, :]) * w[:, :, None] * w[:, None, :]).sum())
    return pairs / 2 + float((weight * sign).sum())


def _signed_sum(differences: np.ndarray) -> float:
    """Positive minus negative sum of the midranks of |d|, zeros left out: what _every_signed_sum counts by pairs of
    sets, as the sum over i <= j of sign(d_i + d_j) (Tukey 1949)."""
    d = differences[differences != 0]
    return float((np.sign(d) * doubled_midranks(np.abs(d))).sum() / 2)


def _every_signed_sum(differences: np.ndarray, kinds: Kinds) -> np.ndarray:
    """_signed_sum of every arrangement, float (A,), built set by set from tables of the signs of pairs of sets.

    A set with one way has equal values, so that its difference is 0 and adds nothing."""
    ways = zip(kinds.starts, kinds.sizes, strict=True)
    runs = [differences[start : start + size] for start, size in ways if size > 1]
    total = np.zeros((), dtype=np.int16)  # at most 210: 20 sets of two make MOST_ARRANGEMENTS
    for s, run in enumerate(runs):
        added = np.broadcast_to(np.sign(run).astype(np.int16), (*total.shape, len(run))).copy()
        for r, before in enumerate(runs[:s]):
            table = np.sign(before[:, None] + run[None, :]) * (before != 0)[:, None] * (run != 0)[None, :]
            added += table.astype(np.int16).reshape((1,) * r + (len(before),) + (1,) * (s - r - 1) + (len(run),))
        total = total[..., None] + added
    return total.ravel().astype(float)


def _drawn_signed_sums(differences: np.ndarray, n_sets: int) -> Statistic:
    """_signed_sum as a Statistic. Sizes and signs go into one small integer: odd where positive, 0 and 1 for none."""
    size = np.unique(np.abs(differences), return_inverse=True)[1]
    if (differences != 0).all():
        size += 1  # code 0 is for no difference
    keys, kinds = 2 * size + (differences > 0), 2 * int(size.max()) + 2
    if kinds <= n_sets:
        return lambda at: _counted_signed_sum(keys.take(at), kinds)
    keys = keys.astype(np.int32)  # sorts fast
    return lambda at: _sorted_signed_sum(keys.take(at))


def _counted_signed_sum(keys: np.ndarray, kinds: int) -> np.ndarray:
    """float (k,), where few keys, below `kinds`, come often. keys: int (k, S)."""
    cells = (keys + kinds * np.arange(len(keys))[:, None]).ravel()
    found = np.bincount(cells, minlength=len(keys) * kinds).reshape(len(keys), -1, 2)
    alike = found[:, :, 0] + found[:, :, 1]
    doubled = 2 * (np.cumsum(alike, axis=1) - alike[:, :1]) - alike + 1
    return (doubled * (found[:, :, 1] - found[:, :, 0]))[:, 1:].sum(axis=1) / 2


def _sorted_signed_sum(keys: np.ndarray) -> np.ndarray:
    """float (k,), where keys seldom come twice. keys: int (k, S)."""
    key = np.sort(keys, axis=1)
    code = key >> 1
    first = np.ones(code.shape, dtype=bool)
    first[:, 1:] = code[:, 1:] != code[:, :-1]
    run = np.cumsum(first.ravel()) - 1
    begins = np.flatnonzero(first.ravel()) % code.shape[1]
    midrank = (begins + (np.bincount(run) + 1) / 2)[run].reshape(code.shape)
    zeros = (code == 0).sum(axis=1, keepdims=True)
    return (np.where(key & 1, 1.0, -1.0) * (code > 0) * (midrank - zeros)).sum(axis=1)
