"""Permutation tests of any statistic: the treated label moves within its set, every set on its own.

Up to MOST_ARRANGEMENTS arrangements are all looked at; above, a seeded sample of them is drawn, and the p-value comes
with its Monte Carlo standard error. Patients of a set who are alike for a statistic (tied values, the same follow-up)
stand for each other, so that ties make the enumeration shorter and not wrong. Draws go through the sets and patients in
the order of their values, so that the order of the rows in a file changes no p-value.
"""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import prod

import numpy as np

from ..words import counted
from .sets import Blocks

MOST_ARRANGEMENTS = 1 << 20
DRAWS = 10_000
FEWEST_DRAWS = 2_000
DRAWN_POSITIONS = 1 << 21  # draws x sets, so that a page with many sets and outcomes stays quick
CHUNK = 1 << 18  # positions looked at a time, so that they stay in the processor's cache
ENDLESS = 1 << 62  # arrangements from which on they are not counted
SHARED_OUT = 1 << 25  # positions from which on threads are worth their while
SCORE_DIGITS = 9  # decimals, in units of the largest score, to which scores tell patients apart
SAME_SHARE = 1e-9  # of the largest distance: statistics nearer than this are equal, the rest is float error

Statistic = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class PermutationP:
    """Two-sided p: the share of arrangements at least as far from the centre as the observed one.

    standard_error: 0 when every arrangement was looked at, else that of a Monte Carlo (1 + extreme)/(1 + draws).
    arrangements: how many there are (exact), or how many were drawn; alike ones counted apart.
    """

    observed: float
    centre: float
    p_value: float
    standard_error: float
    arrangements: int
    exact: bool
    seed: int

    @property
    def sentence(self) -> str:
        """How the p-value was made."""
        moves = counted(self.arrangements, "arrangement")
        if self.exact:
            return f"Exact: the treated label moves within its set, {moves} in all."
        return (
            f"The treated label moves at random within its set, {moves} drawn with seed {self.seed}; the Monte Carlo "
            f"standard error of p is {self.standard_error:.2g}."
        )


@dataclass(frozen=True)
class Kinds:
    """The different patients of each set, as far as a statistic can tell.

    position: int (r,), one representative each, set by set.  count: int (r,), patients whom it stands for.
    sizes: int (S,), kinds per set.
    """

    position: np.ndarray
    count: np.ndarray
    sizes: np.ndarray

    @classmethod
    def of(cls, blocks: Blocks, alike: np.ndarray) -> "Kinds":
        """alike: int (m,), equal for patients of a set who can stand for each other."""
        shift = int(alike.max(initial=0)) + 1
        kinds, first, count = np.unique(blocks.set_index * shift + alike, return_index=True, return_counts=True)
        return cls(first, count, np.bincount(kinds // shift, minlength=blocks.n_sets))

    @property
    def arrangements(self) -> int:
        """Distinguishable arrangements; may be astronomical, then ENDLESS."""
        return prod(self.sizes.tolist()) if np.log2(self.sizes).sum() < np.log2(ENDLESS) else ENDLESS

    @property
    def starts(self) -> np.ndarray:
        """int (S,): where each set's kinds begin."""
        return np.cumsum(self.sizes) - self.sizes

    def chances(self, blocks: Blocks) -> np.ndarray:
        """float (A,): the chance of each arrangement of kinds, the last set's label moving fastest."""
        chances = np.ones(1)
        for start, kinds, size in zip(self.starts, self.sizes, blocks.sizes, strict=True):
            chances = (chances[:, None] * (self.count[start : start + kinds] / size)).ravel()
        return chances


def permutation_p(
    statistic: Statistic,
    blocks: Blocks,
    alike: np.ndarray,
    seed: int,
    centre: float | None = 0.0,
    most: int = MOST_ARRANGEMENTS,
) -> PermutationP:
    """The permutation test of any statistic of who is treated.

    statistic: positions int (k, S) of the treated in block order -> float (k,); called on about CHUNK positions a time.
    alike: int (m,), a code of what the statistic sees of each patient: equal for patients of a set who can stand for
        each other, and the same whatever the order of the rows.  At least one set.
    centre: what no effect gives; None: the mean over the arrangements looked at.
    most: arrangements up to which all are looked at.
    """
    observed = float(statistic(blocks.starts[None, :])[0])
    kinds = Kinds.of(blocks, alike)
    if kinds.arrangements <= most:
        values = np.concatenate([statistic(at) for at in _every(kinds, blocks)])
        return exact_p(values, kinds.chances(blocks), observed, centre, blocks, seed)
    return drawn_p(drawn_values(statistic, blocks, alike, seed), observed, centre, seed)


def codes(scores: np.ndarray) -> np.ndarray:
    """int (m,): equal where the rows of scores, float (m, f), are equal but for float error; ordered as they are."""
    scale = np.abs(scores).max(axis=0, initial=0.0)
    rounded = np.round(scores / np.where(scale > 0, scale, 1.0), SCORE_DIGITS) + 0.0  # no -0.0
    found = np.zeros(len(scores), dtype=np.int64)
    for column in rounded.T:
        own = np.unique(column, return_inverse=True)[1]
        found = np.unique(found * (own.max(initial=0) + 1) + own, return_inverse=True)[1]
    return found


def permuted_sum(scores: np.ndarray, blocks: Blocks, seed: int, most: int = MOST_ARRANGEMENTS) -> PermutationP:
    """The permutation test of the sum of the treated patients' scores. scores: float (m,), in block order."""
    observed = float(scores[blocks.starts].sum())
    centre = float((blocks.totals(scores) / blocks.sizes).sum())
    kinds = Kinds.of(blocks, codes(scores[:, None]))
    if kinds.arrangements > most:
        draws = draws_for(blocks.n_sets)
        return drawn_p(drawn_totals(scores[:, None], blocks, draws, seed)[:, 0], observed, centre, seed)
    totals = every_total(scores[kinds.position, None], kinds.starts, kinds.sizes)[:, 0]
    return exact_p(totals, kinds.chances(blocks), observed, centre, blocks, seed)


def exact_p(
    values: np.ndarray, chance: np.ndarray, observed: float, centre: float | None, blocks: Blocks, seed: int
) -> PermutationP:
    """From the statistic of every arrangement, float (A,), and the chances of each, which sum to 1."""
    middle = float((values * chance).sum()) if centre is None else centre
    far = _far(values, observed, middle)
    p = 1.0 if far.all() else min(1.0, float(chance[far].sum()))
    return PermutationP(observed, middle, p, 0.0, prod(blocks.sizes.tolist()), True, seed)


def drawn_p(values: np.ndarray, observed: float, centre: float | None, seed: int) -> PermutationP:
    """From the statistic of randomly drawn arrangements, float (draws,)."""
    middle = float(values.mean()) if centre is None else centre
    draws = len(values)
    p = (1 + int(_far(values, observed, middle).sum())) / (1 + draws)
    return PermutationP(observed, middle, p, float(np.sqrt(p * (1 - p) / draws)), draws, False, seed)


def _far(values: np.ndarray, observed: float, middle: float) -> np.ndarray:
    """bool: at least as far from the middle as the observed statistic, float error apart."""
    distance = np.abs(values - middle)
    return distance >= abs(observed - middle) - SAME_SHARE * float(distance.max(initial=0.0))


def draws_for(n_sets: int) -> int:
    """Arrangements drawn: DRAWS, with hundreds of sets fewer, but never below FEWEST_DRAWS."""
    return min(DRAWS, max(FEWEST_DRAWS, DRAWN_POSITIONS // max(1, n_sets)))


def draw_treated(starts: np.ndarray, sizes: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Positions of the treated patients in `draws` random arrangements of the labels. Returns int (draws, S)."""
    drawn = (rng.random((draws, len(sizes))) * sizes).astype(np.intp)
    drawn += starts
    return drawn


def _over_draws(made: Callable[[np.ndarray], np.ndarray], sizes: np.ndarray, draws: int, seed: int) -> np.ndarray:
    """What `made` gives for the positions (k, S) of all draws, a column per set in the order of by_content.

    Many positions are shared out over the processors; every chunk goes to its own place in the one stream of random
    numbers, so that the answer is the same."""
    step, starts = max(1, CHUNK // len(sizes)), np.cumsum(sizes) - sizes

    def chunk(done: int) -> np.ndarray:
        rng = np.random.default_rng(seed)
        rng.bit_generator.advance(done * len(sizes))
        return made(draw_treated(starts, sizes, min(step, draws - done), rng))

    begins = range(0, draws, step)
    if draws * len(sizes) < SHARED_OUT:
        return np.concatenate([chunk(done) for done in begins])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.concatenate(list(pool.map(chunk, begins)))


def by_content(blocks: Blocks, alike: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The positions int (m,), and the sizes int (S,) of their sets, with patients by code, then sets by their codes."""
    order = np.lexsort((alike, blocks.set_index))
    place = np.arange(len(order)) - np.repeat(blocks.starts, blocks.sizes)
    table = np.full((blocks.n_sets, int(blocks.sizes.max())), -1)
    table[blocks.set_index, place] = alike[order]
    sets = np.lexsort(table.T[::-1])
    rank = np.empty(blocks.n_sets, dtype=int)
    rank[sets] = np.arange(blocks.n_sets)
    return order[np.argsort(rank[blocks.set_index], kind="stable")], blocks.sizes[sets]


def _every(kinds: Kinds, blocks: Blocks) -> Iterator[np.ndarray]:
    """Positions (k, S) of all arrangements, the last set's label moving fastest."""
    total, step = kinds.arrangements, max(1, CHUNK // blocks.n_sets)
    for start in range(0, total, step):
        digits = np.unravel_index(np.arange(start, min(start + step, total)), tuple(kinds.sizes))
        yield kinds.position.take(np.stack(digits, axis=1) + kinds.starts)


def drawn_values(statistic: Statistic, blocks: Blocks, alike: np.ndarray, seed: int) -> np.ndarray:
    """A statistic in randomly drawn arrangements, float (draws,). alike: as for permutation_p."""
    order, sizes = by_content(blocks, alike)
    return _over_draws(lambda at: statistic(order.take(at)), sizes, draws_for(blocks.n_sets), seed)


def drawn_totals(scores: np.ndarray, blocks: Blocks, draws: int, seed: int) -> np.ndarray:
    """Sums of the treated patients' scores in random arrangements. scores: float (m, f). Returns (draws, f)."""
    order, sizes = by_content(blocks, codes(scores))
    columns = [column[order] for column in scores.T]
    return _over_draws(
        lambda at: np.stack([column.take(at).sum(axis=1) for column in columns], axis=1), sizes, draws, seed
    )


def every_total(scores: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Sums of the treated patients' scores in every arrangement, the last set's label moving fastest.

    scores: float (m, f), f statistics of the same label moves.  starts, sizes: int (S,), the sets' runs in `scores`.
    Returns (A, f), A the product of the sizes: at most MOST_ARRANGEMENTS, which the caller checks.
    """
    totals = np.zeros((1, scores.shape[1]))
    for start, size in zip(starts, sizes, strict=True):
        totals = (totals[:, None, :] + scores[None, start : start + size, :]).reshape(-1, scores.shape[1])
    return totals
