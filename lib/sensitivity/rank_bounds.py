"""The largest tail probability of a sum of scores over the treated, when the label is dealt unevenly within sets.

The worst hidden factor sits in the patients of a set with the highest scores and in nobody else (Rosenbaum and Krieger
1990, JASA 85:493); what is open is how many of them, set by set. Few sets: every combination is tried, which is exact.
Else each set takes the number that gives the largest expectation, of equal ones the largest variance, which is right
for many sets (Gastwirth, Krieger and Rosenbaum 2000, J R Stat Soc B 62:545).
"""

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
from scipy.special import ndtr

from ..inference.engine import SAME_DISTANCE
from ..inference.sets import Blocks

MOST_CELLS = 1 << 22  # combinations x length of the distribution that are tried one by one: about 50 ms
CONVOLVED_SETS = 60  # above, the sum is taken as normal
SAME_MEAN = 1e-12

EXACT = "exact: every worst case over the sets"
SEPARABLE = "exact convolution at the separable worst case of each set"
NORMAL = "normal approximation at the separable worst case of each set"


@dataclass(frozen=True)
class RankSets:
    """scores: int (m,), ascending within each set, as if drawn as the centre of its star (the treated patient; or the
    one control, then negative).  starts, sizes: int (S,).  observed: the centres' sum."""

    scores: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    observed: int

    @property
    def varying(self) -> int:
        """Sets whose patients differ."""
        return int((self.lows != self.scores[self.starts + self.sizes - 1]).sum())

    @property
    def lows(self) -> np.ndarray:
        """int (S,): the lowest score of each set."""
        return self.scores[self.starts]

    @cached_property
    def runs(self) -> tuple[np.ndarray, ...]:
        """Per set that varies its scores, ascending."""
        runs = [self.scores[start : start + size] for start, size in zip(self.starts, self.sizes, strict=True)]
        return tuple(run for run in runs if run[0] != run[-1])

    @cached_property
    def steps(self) -> tuple[np.ndarray, ...]:
        """Per set of `runs`: how many of its patients may lack the hidden factor, a number for each step of scores."""
        return tuple(np.flatnonzero(np.diff(run)) + 1 for run in self.runs)

    @property
    def cells(self) -> int:
        """Combinations of worst cases times the length of the sum's distribution; may be astronomical."""
        return prod(len(step) for step in self.steps[:-1]) * sum(int(run[-1] - run[0]) + 1 for run in self.runs)

    @property
    def needed(self) -> int:
        """The observed sum above the sum of the sets' lowest scores."""
        return self.observed - int(self.lows.sum())


def rank_sets(scores: np.ndarray, blocks: Blocks) -> RankSets:
    """scores: int (m,), in block order; large scores of the treated are what the effect looks like.  blocks: stars.

    Where several treated share a control the roles are swapped: the control is the patient drawn, its odds differ by as
    much, and the treated patients' sum is large where its score is small.
    """
    scores = scores * blocks.sign
    order = np.lexsort((scores, blocks.set_index))
    return RankSets(scores[order], blocks.starts, blocks.sizes, int(scores[blocks.centre_at].sum()))


def tail_method(sets: RankSets) -> str:
    """How rank_tail works for these sets, in words."""
    if sets.cells <= MOST_CELLS:
        return EXACT
    return SEPARABLE if len(sets.runs) <= CONVOLVED_SETS else NORMAL


def rank_tail(sets: RankSets, gamma: float) -> float:
    """The largest P(sum >= observed) when odds of treatment within a set differ by at most gamma >= 1; 1 when no set
    varies."""
    if not sets.runs:
        return 1.0
    method = tail_method(sets)
    if method == NORMAL:
        return _normal_tail(sets, gamma)
    choices = sets.steps if method == EXACT else _separable(sets, gamma)
    return _largest_tail(sets, [_chances(run, choice, gamma) for run, choice in zip(sets.runs, choices, strict=True)])


def _chances(run: np.ndarray, choice: np.ndarray, gamma: float) -> np.ndarray:
    """float (choices, n): each patient's chance of the label when all but the first `choice` have the factor."""
    weight = np.where(np.arange(len(run)) < choice[:, None], 1.0, gamma)
    return weight / weight.sum(axis=1, keepdims=True)


def _largest_tail(sets: RankSets, chances: list[np.ndarray]) -> float:
    """Convolve set by set, a row for every combination of choices so far; the last set needs tails only."""
    total = np.ones((1, 1))
    for run, chance in zip(sets.runs[:-1], chances[:-1], strict=True):
        total = _convolved(total, run - run[0], chance)
    above = np.cumsum(total[:, ::-1], axis=1)[:, ::-1]
    tails = np.concatenate([np.ones((len(above), 1)), above[:, 1:], np.zeros((len(above), 1))], axis=1)
    at = np.clip(sets.needed - (sets.runs[-1] - sets.runs[-1][0]), 0, total.shape[1])
    return min(1.0, float((tails[:, at] @ chances[-1].T).max()))


def _convolved(total: np.ndarray, shifts: np.ndarray, chance: np.ndarray) -> np.ndarray:
    """total: float (k, L).  shifts: int (n,).  chance: float (c, n).  Returns (k c, L + largest shift)."""
    k, length = total.shape
    made = np.zeros((len(chance), k, length + int(shifts[-1])))
    for j, shift in enumerate(shifts.tolist()):
        made[:, :, shift : shift + length] += chance[:, j, None, None] * total
    return made.reshape(len(chance) * k, -1)


def _separable(sets: RankSets, gamma: float) -> list[np.ndarray]:
    """Per set of `runs` the one choice with the largest expectation, of equal ones the largest variance."""
    chosen = []
    for run, steps in zip(sets.runs, sets.steps, strict=True):
        chance = _chances(run, steps, gamma)
        mean = chance @ run
        variance = chance @ run**2 - mean**2
        best = mean >= mean.max() - SAME_MEAN * np.abs(run).max()
        chosen.append(steps[[np.argmax(np.where(best, variance, -1.0))]])
    return chosen


def _normal_tail(sets: RankSets, gamma: float) -> float:
    """The separable bound with the sum taken as normal, all sets at once."""
    q = sets.scores - np.repeat(sets.lows, sets.sizes).astype(float)
    place = np.arange(len(q)) - np.repeat(sets.starts, sets.sizes) + 1
    size = np.repeat(sets.sizes, sets.sizes)
    with_factor = np.maximum(size - place, 0)
    weight = place + gamma * with_factor
    mean = _weighted(q, sets, gamma) / weight
    variance = _weighted(q**2, sets, gamma) / weight - mean**2
    largest = np.maximum.reduceat(mean, sets.starts)
    best = mean >= np.repeat(largest, sets.sizes) - SAME_MEAN * q.max()
    spread = np.maximum.reduceat(np.where(best, variance, 0.0), sets.starts)
    gap = sets.needed - largest.sum()
    if abs(gap) <= SAME_DISTANCE:
        return 0.5
    return float(ndtr(-gap / np.sqrt(spread.sum())))


def _weighted(q: np.ndarray, sets: RankSets, gamma: float) -> np.ndarray:
    """float (m,): for each place of a set, the sum of q up to there plus gamma times the sum after it."""
    running = np.cumsum(q)
    before = np.repeat(running[sets.starts] - q[sets.starts], sets.sizes)
    upto = running - before
    whole = np.repeat(np.add.reduceat(q, sets.starts), sets.sizes)
    return upto + gamma * (whole - upto)
