"""Outcomes put in under a number of attributable events where the odds of treatment inside the sets are unequal: which
treated patient is changed then matters, and no two sets are alike.

As lib.inference.imputations: every choice of patients where these are few, else those that maximise variance + slope x
expectation at some slope, of which the nearest to T in standard deviations are evaluated exactly.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np

from .engine import convolve
from .imputations import NEAREST, minlike_rows
from .laws import event_laws
from .sets import Blocks
from .uneven import independent_sum

MOST_CHANGED = 16  # treated patients whose outcome can be changed, in every way
MOST_CELLS = 1 << 22  # imputations x length of a distribution
SLOPES = 250  # orders in which patients are changed that are looked at
SAMPLED = 300  # patients from whose gains the slopes are taken


@dataclass(frozen=True)
class UnevenImputations:
    """hit: bool (m,), in block order.  blocks: with unequal odds.  step: 1 where a change gives a treated patient the
    event, -1 where it takes it away."""

    hit: np.ndarray
    blocks: Blocks
    step: int

    @cached_property
    def places(self) -> np.ndarray:
        """int (k,): the treated patients whose outcome can be changed, set by set."""
        return np.flatnonzero(self.blocks.treated & (self.hit == (self.step < 0)))

    @property
    def changes(self) -> int:
        """The most changes there can be."""
        return len(self.places)

    @property
    def observed(self) -> int:
        """T before any change."""
        return int(self.hit[self.blocks.treated].sum())

    @property
    def few(self) -> bool:
        """Whether every imputation is looked at."""
        return self.changes <= MOST_CHANGED and (self._length << self.changes) <= MOST_CELLS

    @property
    def _length(self) -> int:
        return int(self.blocks.n_treated_of.sum()) + 1

    def law(self, changed: np.ndarray) -> np.ndarray:
        """P(T = 0), .. with the outcomes of these patients changed, float (treated + 1,).  changed: positions."""
        hit = self.hit.copy()
        hit[changed] = self.step > 0
        least, one, rest = event_laws(hit, self.blocks)
        total = independent_sum(one)
        for law in rest:
            total = convolve(total, law)
        made = np.zeros(self._length)
        made[least : least + len(total)] = total
        return made

    def of_all(self) -> np.ndarray:
        """The largest p for each number of changes, 0 and up, float (changes + 1,), over every imputation."""
        sets = self.blocks.set_index[self.places]
        still = np.ones(self.blocks.n_sets, dtype=bool)
        still[sets] = False
        rows, changed = _at(self._of_sets(still, self.places[:0]), self._length)[None, :], np.zeros(1, dtype=int)
        for s in np.unique(sets).tolist():
            own, alone = self.places[sets == s], np.arange(self.blocks.n_sets) == s
            ways = [way for x in range(len(own) + 1) for way in combinations(own.tolist(), x)]
            laws = [self._of_sets(alone, np.array(way, dtype=int)) for way in ways]
            rows = np.concatenate([_convolved(rows, law) for law in laws])
            changed = np.concatenate([changed + len(way) for way in ways])
        worst = np.zeros(self.changes + 1)
        np.maximum.at(worst, changed, minlike_rows(rows, self.observed + self.step * changed))
        return worst

    def _of_sets(self, kept: np.ndarray, changed: np.ndarray) -> tuple[int, np.ndarray]:
        """As `law`, of some sets only, from the least T.  kept: bool (S,)."""
        hit = self.hit.copy()
        hit[changed] = self.step > 0
        least, one, rest = event_laws(hit[np.repeat(kept, self.blocks.sizes)], self.blocks.of_sets(kept))
        total = independent_sum(one)
        for law in rest:
            total = convolve(total, law)
        return least, total

    @cached_property
    def _gains(self) -> tuple[np.ndarray, np.ndarray]:
        """What changing each of `places` alone adds to the expectation and to the variance of T, float (k,) each."""
        blocks, hit, sets = self.blocks, self.hit.astype(float), self.blocks.set_index[self.places]
        own, of_set = blocks.label_chance[self.places], blocks.totals(blocks.label_chance * hit)[sets]
        more = own * (1 - own) - 2 * self.step * own * (of_set - hit[self.places])
        several = np.flatnonzero(np.minimum(blocks.n_treated_of, blocks.n_controls_of)[sets] > 1)
        for at in several.tolist():
            s, place = int(sets[at]), int(self.places[at])
            run = slice(blocks.starts[s], blocks.starts[s] + blocks.sizes[s])
            changed = hit[run].copy()
            changed[place - blocks.starts[s]] += self.step
            draw = blocks.draw(s)
            more[at] = draw.moments(changed)[1] - draw.moments(hit[run])[1]
        return self.step * blocks.chance[self.places], more

    @cached_property
    def _orders(self) -> np.ndarray:
        """int (o, k): orders in which patients are changed, best first, one for each slope that is looked at."""
        mean, variance = self._gains
        some = np.unique(np.linspace(0, len(mean) - 1, min(len(mean), SAMPLED)).astype(int))
        i, j = np.triu_indices(len(some), 1)
        gap = mean[some[i]] - mean[some[j]]
        apart = np.abs(gap) > 0
        turns = np.sort((variance[some[j]] - variance[some[i]])[apart] / gap[apart])
        slopes = np.zeros(1)
        if len(turns):
            turns = turns[np.unique(np.linspace(0, len(turns) - 1, SLOPES).astype(int))]
            slopes = np.concatenate([[turns[0] - 1], (turns[1:] + turns[:-1]) / 2, [turns[-1] + 1]])
        return np.unique([np.argsort(-(variance + slope * mean), kind="stable") for slope in slopes], axis=0)

    @cached_property
    def _distances(self) -> np.ndarray:
        """float (o, k + 1): standard deviations between T and its expectation after 0, 1, .. changes, by order."""
        mean, variance = (_running(gain[self._orders]) for gain in self._gains)
        hit = self.hit.astype(float)
        expected, spread = float(self.blocks.expected(hit).sum()) + mean, float(self.blocks.variance(hit).sum())
        gap = np.abs(self.observed + self.step * np.arange(self.changes + 1) - expected)
        return gap / np.sqrt(np.maximum(spread + variance, np.finfo(float).tiny))

    def worst(self, changes: int) -> float:
        """The largest p over the candidates with so many changes."""
        order = np.argsort(self._distances[:, changes], kind="stable")
        sets = {tuple(sorted(self._orders[o, :changes].tolist())): None for o in order[: 4 * NEAREST].tolist()}
        laws = [self.law(self.places[list(way)]) for way in list(sets)[:NEAREST]]
        at = np.full(len(laws), self.observed + self.step * changes)
        return float(minlike_rows(np.stack(laws), at).max())


def _running(gains: np.ndarray) -> np.ndarray:
    """Sums of the first 0, 1, .. of each row, float (o, k + 1)."""
    return np.concatenate([np.zeros((len(gains), 1)), np.cumsum(gains, axis=1)], axis=1)


def _at(law: tuple[int, np.ndarray], length: int) -> np.ndarray:
    """The chances from 0 on, float (length,)."""
    made = np.zeros(length)
    made[law[0] : law[0] + len(law[1])] = law[1]
    return made


def _convolved(rows: np.ndarray, law: tuple[int, np.ndarray]) -> np.ndarray:
    """Each row (r, L), which has room, with one more sum."""
    made, (least, chances) = np.zeros_like(rows), law
    for shift, chance in enumerate(chances.tolist(), least):
        made[:, shift:] += chance * rows[:, : rows.shape[1] - shift]
    return made
