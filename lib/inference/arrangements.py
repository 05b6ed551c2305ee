"""Every arrangement of the treated labels over the sets, as far as a statistic can tell the patients apart."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import comb, prod

import numpy as np

from .sets import Blocks
from .uneven import SetDraw, independent_sum

COUNTED = 62  # as a power of 2: more arrangements than this are not counted


@dataclass(frozen=True)
class Kinds:
    """The different ways in which each set's treated can be chosen, as far as a statistic can tell.

    position: int (r,), the treated of every way, set by set and way by way: one patient each where a set has one
        treated, who stands for those like it.
    chance: float (w,), of each way within its set.  sizes: int (S,), ways per set.  n_treated_of: int (S,).
    """

    position: np.ndarray
    chance: np.ndarray
    sizes: np.ndarray
    n_treated_of: np.ndarray

    @classmethod
    def of(cls, blocks: Blocks, alike: np.ndarray, most: int) -> "Kinds | None":
        """alike: int (m,), equal for patients of a set who can stand for each other.  None when there are more than
        `most` arrangements that differ."""
        kinds, first, count, per_set = _of_each_set(blocks, alike)
        if not blocks.one_treated:
            counts = _split(count, per_set)
            ways = _all_ways(blocks, counts, most)
            return None if ways is None or prod(ways) > most else _several(blocks, alike, counts, ways)
        if np.log2(per_set).sum() > COUNTED or prod(per_set.tolist()) > most:
            return None
        return cls(first, _chances(blocks, alike, kinds, count, per_set), per_set, blocks.n_treated_of)

    @classmethod
    def within_sets(cls, blocks: Blocks, alike: np.ndarray, most: int) -> "Kinds | None":
        """As `of`, for whoever looks at one set after the other: None when the ways of all sets together, and not the
        arrangements that they make, are more than `most`."""
        kinds, first, count, per_set = _of_each_set(blocks, alike)
        if not blocks.one_treated:
            counts = _split(count, per_set)
            ways = _all_ways(blocks, counts, most)
            return None if ways is None or sum(ways) > most else _several(blocks, alike, counts, ways)
        if len(first) > most:
            return None
        return cls(first, _chances(blocks, alike, kinds, count, per_set), per_set, blocks.n_treated_of)

    @property
    def starts(self) -> np.ndarray:
        """int (S,): where each set's ways begin in `chance`."""
        return np.cumsum(self.sizes) - self.sizes

    @property
    def chances(self) -> np.ndarray:
        """float (A,): the chance of each arrangement, the last set's ways changing fastest."""
        chances = np.ones(1)
        for start, ways in zip(self.starts, self.sizes, strict=True):
            chances = (chances[:, None] * self.chance[start : start + ways]).ravel()
        return chances

    def sums(self, scores: np.ndarray) -> np.ndarray:
        """Sums of scores over the treated of each way. scores: (m, f).  Returns (w, f)."""
        taken = np.repeat(self.n_treated_of, self.sizes)
        return np.add.reduceat(scores[self.position], np.cumsum(taken) - taken, axis=0)

    def every(self, chunk: int) -> Iterator[np.ndarray]:
        """Positions of the treated in every arrangement, int (k, T), about `chunk` positions a time, the last set's
        ways changing fastest."""
        total, m = prod(self.sizes.tolist()), self.n_treated_of
        column = np.repeat(np.arange(len(m)), m)
        place = np.arange(len(column)) - np.repeat(np.cumsum(m) - m, m)
        begins, step = np.cumsum(self.sizes * m) - self.sizes * m, max(1, chunk // len(column))
        differ = np.flatnonzero(self.sizes > 1)
        later = np.cumprod(np.append(self.sizes[differ], 1)[:0:-1])[::-1]  # arrangements of the sets after each
        for start in range(0, total, step):
            number = np.arange(start, min(start + step, total))[:, None]
            digits = np.zeros((len(number), len(m)), dtype=int)
            digits[:, differ] = number // later % self.sizes[differ]
            way = digits[:, column]
            yield self.position.take(begins[column] + way * m[column] + place)


def _of_each_set(blocks: Blocks, alike: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """The kinds of patients set by set: a code that ascends, the first patient, and how many; and kinds per set."""
    shift = int(alike.max(initial=0)) + 1
    kinds, first, count = np.unique(blocks.set_index * shift + alike, return_index=True, return_counts=True)
    return kinds, first, count, np.bincount(kinds // shift, minlength=blocks.n_sets)


def _chances(
    blocks: Blocks, alike: np.ndarray, kinds: np.ndarray, count: np.ndarray, per_set: np.ndarray
) -> np.ndarray:
    """The chance that the one treated patient of a set is of each kind.  Arguments but `alike`: as _of_each_set."""
    if blocks.log_odds is None:
        return count / np.repeat(blocks.sizes, per_set)
    code = blocks.set_index * (int(alike.max(initial=0)) + 1) + alike
    return np.bincount(np.searchsorted(kinds, code), blocks.chance, minlength=len(kinds))


def _by_kind(blocks: Blocks, alike: np.ndarray) -> np.ndarray:
    """The positions, those of a kind together."""
    return np.lexsort((alike, blocks.set_index))


def _split(count: np.ndarray, per_set: np.ndarray) -> list[np.ndarray]:
    return np.split(count, np.cumsum(per_set)[:-1])


def _all_ways(blocks: Blocks, counts: list[np.ndarray], most: int) -> list[int] | None:
    """Ways of each set; None as soon as one has more than `most`."""
    ways = []
    for count, m in zip(counts, blocks.n_treated_of.tolist(), strict=True):
        ways.append(_n_ways(count, m, most))
        if ways[-1] > most:
            return None
    return ways


def _several(blocks: Blocks, alike: np.ndarray, counts: list[np.ndarray], ways: list[int]) -> Kinds:
    """counts: patients of each kind, ways: how many there are, set by set."""
    positions, chances = [], []
    runs = np.split(_by_kind(blocks, alike), blocks.starts[1:])
    for s, (run, count, m) in enumerate(zip(runs, counts, blocks.n_treated_of.tolist(), strict=True)):
        starts, drawn = np.cumsum(count) - count, list(_ways(count.tolist(), m))
        for taken in drawn:
            positions += [run[start : start + k] for start, k in zip(starts, taken, strict=True)]
        if blocks.log_odds is None:
            alike_ways = (prod(comb(n, k) for n, k in zip(count.tolist(), taken, strict=True)) for taken in drawn)
            chances += [ways_of / comb(len(run), m) for ways_of in alike_ways]
        else:
            chances += _uneven_chances(blocks.draw(s), np.split(run - blocks.starts[s], starts[1:]), drawn)
    return Kinds(np.concatenate(positions), np.array(chances), np.array(ways), blocks.n_treated_of)


def _uneven_chances(draw: SetDraw, kinds: list[np.ndarray], drawn: list[tuple[int, ...]]) -> list[float]:
    """The chance of drawing so many of each kind.  kinds: places of the patients of each."""
    sums = [independent_sum(draw.alone[kind], draw.not_alone[kind]) for kind in kinds]
    chances = [prod(float(one[k]) for one, k in zip(sums, taken, strict=True)) for taken in drawn]
    total = sum(chances)
    return [chance / total for chance in chances]


def _n_ways(count: np.ndarray, drawn: int, most: int) -> int:
    """How many ways there are to draw from kinds with so many patients each; counting stops above `most`."""
    ways = np.zeros(drawn + 1)
    ways[0] = 1.0
    for n in count.tolist():
        ways = np.minimum(np.convolve(ways, np.ones(min(n, drawn) + 1))[: drawn + 1], most + 1.0)
    return int(ways[drawn])


def _ways(count: list[int], drawn: int) -> Iterator[tuple[int, ...]]:
    """How many of each kind are drawn, in every way."""
    if len(count) == 1:
        yield (drawn,)
        return
    rest = sum(count[1:])
    for k in range(max(0, drawn - rest), min(count[0], drawn) + 1):
        for others in _ways(count[1:], drawn - k):
            yield (k, *others)


def arrangements(blocks: Blocks) -> int:
    """All arrangements of the labels, alike ones counted apart; may be astronomical."""
    return prod(comb(n, m) for n, m in zip(blocks.sizes.tolist(), blocks.n_treated_of.tolist(), strict=True))


def every_total(scores: np.ndarray, starts: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """Sums of the treated patients' scores in every arrangement, the last set's label moving fastest.

    scores: float (m, f), f statistics of the same label moves.  starts, sizes: int (S,), the sets' runs in `scores`.
    Returns (A, f), A the product of the sizes: at most MOST_ARRANGEMENTS, which the caller checks.
    """
    totals = np.zeros((1, scores.shape[1]))
    for start, size in zip(starts, sizes, strict=True):
        totals = (totals[:, None, :] + scores[None, start : start + size, :]).reshape(-1, scores.shape[1])
    return totals
