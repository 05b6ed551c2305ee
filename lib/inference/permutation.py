"""Permutation tests of any statistic: the treated labels move within their set, every set on its own.

Up to MOST_ARRANGEMENTS arrangements are all looked at; above, a seeded sample of them is drawn, and the p-value comes
with its Monte Carlo standard error. Patients of a set who are alike for a statistic (tied values, the same follow-up)
stand for each other, so that ties make the enumeration shorter and not wrong. Draws go through the sets and patients in
the order of their values, so that the order of the rows in a file changes no p-value.
"""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from ..words import counted
from .arrangements import Kinds, arrangements, every_total
from .sets import Blocks

MOST_ARRANGEMENTS = 1 << 20
DRAWS = 10_000
FEWEST_DRAWS = 2_000
DRAWN_POSITIONS = 1 << 21  # draws x sets, so that a page with many sets and outcomes stays quick
CHUNK = 1 << 18  # positions looked at a time, so that they stay in the processor's cache
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


def permutation_p(
    statistic: Statistic,
    blocks: Blocks,
    alike: np.ndarray,
    seed: int,
    centre: float | None = 0.0,
    most: int = MOST_ARRANGEMENTS,
) -> PermutationP:
    """The permutation test of any statistic of who is treated.

    statistic: positions int (k, T) of the treated in block order -> float (k,); called on about CHUNK positions a time.
    alike: int (m,), a code of what the statistic sees of each patient: equal for patients of a set who can stand for
        each other, and the same whatever the order of the rows.  At least one set.
    centre: what no effect gives; None, and where labels move with unequal chances: the mean over the arrangements
        looked at.
    most: arrangements up to which all are looked at.
    """
    observed, centre = float(statistic(blocks.treated_at[None, :])[0]), None if blocks.uneven else centre
    kinds = Kinds.of(blocks, alike, most)
    if kinds is not None:
        values = np.concatenate([statistic(at) for at in kinds.every(CHUNK)])
        return exact_p(values, kinds.chances, observed, centre, blocks, seed)
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
    observed, centre = float(scores[blocks.treated].sum()), float(blocks.expected(scores).sum())
    kinds = Kinds.of(blocks, codes(scores[:, None]), most)
    if kinds is None:
        drawn = drawn_totals(scores[:, None], blocks, draws_for(blocks), seed)[:, 0]
        return drawn_p(drawn, observed, centre, seed)
    totals = every_total(kinds.sums(scores[:, None]), kinds.starts, kinds.sizes)[:, 0]
    return exact_p(totals, kinds.chances, observed, centre, blocks, seed)


def exact_p(
    values: np.ndarray, chance: np.ndarray, observed: float, centre: float | None, blocks: Blocks, seed: int
) -> PermutationP:
    """From the statistic of every arrangement, float (A,), and the chances of each, which sum to 1."""
    middle = float((values * chance).sum()) if centre is None else centre
    far = _far(values, observed, middle)
    p = 1.0 if far.all() else min(1.0, float(chance[far].sum()))
    return PermutationP(observed, middle, p, 0.0, arrangements(blocks), True, seed)


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


def draws_for(blocks: Blocks) -> int:
    """Arrangements drawn: DRAWS, with hundreds of labels to move fewer, but never below FEWEST_DRAWS."""
    moved = np.minimum(blocks.n_treated_of, blocks.n_controls_of).sum()
    return min(DRAWS, max(FEWEST_DRAWS, DRAWN_POSITIONS // max(1, int(moved))))


def draw_treated(
    starts: np.ndarray, sizes: np.ndarray, n_treated: np.ndarray, draws: int, rng: np.random.Generator
) -> np.ndarray:
    """Positions of the treated patients in `draws` random arrangements of the labels. Returns int (draws, T), the sets
    in turn; T the treated of all sets."""
    if (n_treated == 1).all():
        return _draw_one(starts, sizes, draws, rng)
    drawn = np.empty((draws, int(n_treated.sum())), dtype=np.intp)
    columns = np.cumsum(n_treated) - n_treated
    for n, m in np.unique(np.stack([sizes, n_treated]), axis=1).T.tolist():
        which = np.flatnonzero((sizes == n) & (n_treated == m))
        places = _draw_places(draws * len(which), n, m, rng).reshape(draws, len(which), m)
        drawn[:, columns[which][:, None] + np.arange(m)] = places + starts[which][:, None]
    return drawn


def draw_moves(blocks: Blocks, draws: int, rng: np.random.Generator) -> np.ndarray:
    """As draw_treated, with the chances that the sets' odds give."""
    if not blocks.uneven:
        return draw_treated(blocks.starts, blocks.sizes, blocks.n_treated_of, draws, rng)
    if blocks.one_treated:
        reached = np.cumsum(blocks.chance) - np.repeat(np.arange(blocks.n_sets), blocks.sizes)  # within each set, to 1
        reached[blocks.starts + blocks.sizes - 1] = 1.0
        wanted = rng.random((draws, blocks.n_sets)) + np.arange(blocks.n_sets)
        found = np.searchsorted(reached + blocks.set_index, wanted, side="right")
        return np.minimum(found, blocks.starts + blocks.sizes - 1)
    drawn = [np.nonzero(blocks.draw(s).places(rng.random((draws, size)))) for s, size in enumerate(blocks.sizes)]
    places = [column.reshape(draws, -1) + start for (_, column), start in zip(drawn, blocks.starts, strict=True)]
    return np.concatenate(places, axis=1)


def _draw_one(starts: np.ndarray, sizes: np.ndarray, draws: int, rng: np.random.Generator) -> np.ndarray:
    drawn = (rng.random((draws, len(sizes))) * sizes).astype(np.intp)
    drawn += starts
    return drawn


def _draw_places(draws: int, n: int, m: int, rng: np.random.Generator) -> np.ndarray:
    """m of the places 0..n-1 without replacement, int (draws, m)."""
    if m == 1 or m == n - 1:
        one = (rng.random((draws, 1)) * n).astype(np.intp)
        return one if m == 1 else np.arange(m) + (np.arange(m) >= one)
    return rng.random((draws, n)).argpartition(m, axis=1)[:, :m]


def _over_draws(made: Callable[[np.ndarray], np.ndarray], content: Blocks, draws: int, seed: int) -> np.ndarray:
    """What `made` gives for the positions of the treated (k, T), set by set, of all draws.  content: of by_content.

    Many positions are shared out over the processors where every set has one treated: each chunk then goes to its own
    place in the one stream of random numbers, so that the answer is the same."""
    moved = int(content.n_treated_of.sum())
    step, rng = max(1, CHUNK // moved), np.random.default_rng(seed)

    def chunk(done: int, rng: np.random.Generator) -> np.ndarray:
        count = min(step, draws - done)
        return made(draw_moves(content, count, rng))

    begins = range(0, draws, step)
    if draws * moved < SHARED_OUT or not content.one_treated:
        return np.concatenate([chunk(done, rng) for done in begins])
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        return np.concatenate(list(pool.map(lambda done: chunk(done, _advanced(seed, done * moved)), begins)))


def _advanced(seed: int, numbers: int) -> np.random.Generator:
    """The seed's generator after so many random numbers."""
    stream = np.random.PCG64(seed)
    return np.random.Generator(stream.advance(numbers))


def by_content(blocks: Blocks, alike: np.ndarray) -> tuple[np.ndarray, Blocks]:
    """The positions int (m,) with patients by code, then sets by their treated and codes; and the sets in that order,
    their rows being places in it.  Patients of unequal odds have codes of their own."""
    if blocks.log_odds is not None:
        alike = codes(np.column_stack([alike, blocks.chance]))
    order = np.lexsort((alike, blocks.set_index))
    place = np.arange(len(order)) - np.repeat(blocks.starts, blocks.sizes)
    table = np.full((blocks.n_sets, int(blocks.sizes.max())), -1)
    table[blocks.set_index, place] = alike[order]
    sets = np.lexsort((*table.T[::-1], blocks.n_treated_of))
    rank = np.empty(blocks.n_sets, dtype=int)
    rank[sets] = np.arange(blocks.n_sets)
    order = order[np.argsort(rank[blocks.set_index], kind="stable")]
    odds = None if blocks.log_odds is None else blocks.log_odds[order]
    content = Blocks(np.arange(len(order)), blocks.sizes[sets], blocks.n_treated_of[sets], blocks.labels[sets], odds)
    return order, content


def drawn_values(statistic: Statistic, blocks: Blocks, alike: np.ndarray, seed: int) -> np.ndarray:
    """A statistic in randomly drawn arrangements, float (draws,). alike: as for permutation_p."""
    order, content = by_content(blocks, alike)
    return _over_draws(lambda at: statistic(order.take(at)), content, draws_for(blocks), seed)


def drawn_totals(scores: np.ndarray, blocks: Blocks, draws: int, seed: int) -> np.ndarray:
    """Sums of the treated patients' scores in random arrangements. scores: float (m, f). Returns (draws, f)."""
    order, content = by_content(blocks, codes(scores))
    columns = [column[order] for column in scores.T]
    return _over_draws(
        lambda at: np.stack([column.take(at).sum(axis=1) for column in columns], axis=1), content, draws, seed
    )
