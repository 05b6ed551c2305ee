"""Label moves within sets when treatment multiplies the hazard: how likely each way to choose the treated then is.

Go through the event times of a set.  With R at risk, m of them treated, d events and a hazard ratio of theta, the
treated among the events are a draw weighted by theta^k (extended hypergeometric); who is lost is drawn with equal
chances.  So a way A of choosing the treated, k of whom had an event at each time, has the chance

    P(A) = P_1(A) x product over event times of theta^k / E(theta^k | m of R),

where P_1 gives all ways equal chances and E is over a hypergeometric draw.  With one treated patient this is theta/
(theta d + R - d) for an event, (R - d)/(theta d + R - d) for staying free of it.  The derivative of log P in log theta
is the score U = sum of k - E(k), whose mean over the ways is 0 at every theta; at theta = 1 it is the log-rank score.
Where the patients of a set were unequally likely to be treated, P_1 and the draws behind E follow their odds.  U is
counted as above, so that at theta = 1 it is the same log-rank score, and taken less its mean over the ways.
Source: the conditional likelihood of Cox 1972, J R Stat Soc B 34:187, discrete times, one stratum a set.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import gammaln

from .arrangements import Kinds
from .sets import Blocks
from .survival_permutation import moments_of_sets
from .uneven import SetDraw

MOST_WAYS = 1 << 17  # different choices of the treated, over all sets
MOST_CELLS = 1 << 22  # ways x event times that they meet
FLAT = 1e-12  # of the number of events: scores nearer than this are one


@dataclass(frozen=True)
class Cells:
    """The states that an event time can find: int (u,) each, R at risk, d events, m treated at risk."""

    at_risk: np.ndarray
    events: np.ndarray
    treated: np.ndarray

    @property
    def least(self) -> np.ndarray:
        """int (u,): the fewest treated events possible."""
        return np.maximum(0, self.treated - (self.at_risk - self.events))

    @property
    def most(self) -> np.ndarray:
        """int (u,): the most treated events possible."""
        return np.minimum(self.events, self.treated)

    @cached_property
    def draws(self) -> np.ndarray:
        """log chance of 0, 1, 2.. treated events when all draws are as likely, float (u, most + 1)."""
        k = np.arange(int(self.most.max(initial=0)) + 1)
        d, rest, m = self.events[:, None], (self.at_risk - self.events)[:, None], self.treated[:, None]
        possible = (k >= self.least[:, None]) & (k <= self.most[:, None])
        every = _log_choose(d + rest, m)
        return np.where(possible, _log_choose(d, k) + _log_choose(rest, m - k) - every, -np.inf)

    def tilted(self, log_ratio: float) -> tuple[np.ndarray, np.ndarray]:
        """log E(theta^k) and E(k) under the tilted draw, float (u,) each."""
        return _tilted(self.draws, log_ratio)


def _tilted(draws: np.ndarray, log_ratio: float) -> tuple[np.ndarray, np.ndarray]:
    """As Cells.tilted.  draws: float (u, most + 1), log chances."""
    k = np.arange(draws.shape[1])
    weight = draws + k * log_ratio
    largest = weight.max(axis=1, keepdims=True)
    weight = np.exp(weight - largest)
    total = weight.sum(axis=1)
    return np.log(total) + largest[:, 0], weight @ k / total


def _log_choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    """log of n over k; anything where k is out of range."""
    k = np.clip(k, 0, n)
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)


@dataclass(frozen=True)
class TiltedMoves:
    """The ways of choosing the treated in each of S sets, W in all, set by set.

    chance: float (W,), of each way within its set at a ratio of 1.  events: int (W,), events of the treated.
    sizes: int (S,), ways per set.  actual: int (S,), the way that happened.
    way, cell: int (c,), the states that each way meets at the event times of its set while its treated are at risk.
    cells: what the states are.
    own: float (c, most + 1), where odds are unequal: log chance of 0, 1, .. treated events in each of these states.
    """

    chance: np.ndarray
    events: np.ndarray
    sizes: np.ndarray
    actual: np.ndarray
    way: np.ndarray
    cell: np.ndarray
    cells: Cells
    own: np.ndarray | None = None

    @property
    def starts(self) -> np.ndarray:
        """int (S,): where each set's ways begin."""
        return np.cumsum(self.sizes) - self.sizes

    def at(self, log_ratio: float) -> tuple[np.ndarray, np.ndarray]:
        """Chance of each way within its set, and its score U; float (W,) each."""
        log_mean, expected = self.cells.tilted(log_ratio)
        met = log_mean[self.cell] if self.own is None else _tilted(self.own, log_ratio)[0]
        met = np.bincount(self.way, met, minlength=len(self.chance))
        chance = self.chance * np.exp(self.events * log_ratio - met)
        score = self.events - np.bincount(self.way, expected[self.cell], minlength=len(self.chance))
        if self.own is not None and len(score):
            score = score - np.repeat(np.add.reduceat(chance * score, self.starts), self.sizes)
        return chance, score

    @property
    def speaking(self) -> np.ndarray:
        """bool (S,): the sets in which the score depends on who was treated."""
        if not len(self.sizes):
            return np.zeros(0, dtype=bool)
        scores = self.at(0.0)[1]
        spread = np.maximum.reduceat(scores, self.starts) - np.minimum.reduceat(scores, self.starts)
        return spread > FLAT * max(1, int(self.events.max(initial=1)))

    def of_sets(self, kept: np.ndarray) -> "TiltedMoves":
        """The moves in some sets only.  kept: bool (S,)."""
        ways = np.repeat(kept, self.sizes)
        place, cells = np.cumsum(ways) - 1, ways[self.way]
        return TiltedMoves(
            self.chance[ways],
            self.events[ways],
            self.sizes[kept],
            place[self.actual[kept]],
            place[self.way[cells]],
            self.cell[cells],
            self.cells,
            None if self.own is None else self.own[cells],
        )

    def reach(self) -> tuple[int, int, int]:
        """The fewest treated events that the states met by what happened allow, those there were, and the most."""
        happened = np.isin(self.way, self.actual)
        met = self.cell[happened]
        found = int(self.events[self.actual].sum())
        return int(self.cells.least[met].sum()), found, int(self.cells.most[met].sum())


def tilted_moves(time: np.ndarray, event: np.ndarray, blocks: Blocks) -> TiltedMoves | None:
    """The moves of the labels in these sets; None when they are too many (MOST_WAYS, MOST_CELLS).

    time: float (m,).  event: bool (m,), both in block order; times equal up to rounding are taken as told apart.
    """
    rank = np.unique(time, return_inverse=True)[1]
    kinds = Kinds.within_sets(blocks, 2 * rank + event, MOST_WAYS)
    if kinds is None:
        return None
    moments = moments_of_sets(time, event, blocks)
    taken = np.repeat(kinds.n_treated_of, kinds.sizes)
    way_of = np.repeat(np.arange(len(taken)), taken)
    length = moments.met[kinds.position]
    if length.sum() > MOST_CELLS:
        return None
    place = np.arange(int(length.sum())) - np.repeat(np.cumsum(length) - length, length)
    n = max(len(moments.events), 1)
    pair = np.repeat(way_of, length) * n + np.repeat(moments.first[kinds.position], length) + place
    pairs, m = np.unique(pair, return_counts=True)
    way, moment = pairs // n, pairs % n
    states = np.stack([moments.at_risk[moment], moments.events[moment], m])
    cells, cell = np.unique(states, axis=1, return_inverse=True)
    died = np.bincount(way_of, event[kinds.position], minlength=len(taken)).astype(int)
    actual = _actual(kinds, 2 * rank + event, blocks)
    own = None
    if blocks.log_odds is not None:
        of_set = np.repeat(np.arange(blocks.n_sets), kinds.sizes)[way]
        states = np.stack([of_set, moment - moments.first[blocks.starts][of_set], m])
        own = _own_draws(time, event, blocks, blocks.log_odds, states)
    return TiltedMoves(kinds.chance, died, kinds.sizes, actual, way, cell.ravel(), Cells(*cells), own)


def _own_draws(
    time: np.ndarray, event: np.ndarray, blocks: Blocks, log_odds: np.ndarray, states: np.ndarray
) -> np.ndarray:
    """log chance of 0, 1, .. treated events, float (c, most + 1), by the odds of those at risk.

    states: int (3, c): the set, which of its event times, and how many treated are at risk then."""
    distinct, back = np.unique(states, axis=1, return_inverse=True)
    made = np.full((distinct.shape[1], int(distinct[2].max(initial=0)) + 1), -np.inf)
    for row, (s, nth, m) in enumerate(distinct.T.tolist()):
        run = slice(blocks.starts[s], blocks.starts[s] + blocks.sizes[s])
        t, odds = time[run], log_odds[run]
        at = np.unique(t[event[run]])[nth]
        here = t >= at
        chances = _events_among(odds[here], (event[run] & (t == at))[here], m)
        with np.errstate(divide="ignore"):
            made[row, : len(chances)] = np.log(chances)
    return made[back.ravel()]


def _events_among(log_odds: np.ndarray, hit: np.ndarray, treated: int) -> np.ndarray:
    """Chances of 0, 1, .. treated events of those at risk.  hit: bool (R,)."""
    if treated == len(hit):
        return np.eye(treated + 1)[int(hit.sum())]
    if treated == 1:
        weight = np.exp(log_odds - log_odds.max())
        return np.array([weight[~hit].sum(), weight[hit].sum()]) / weight.sum()
    return SetDraw(log_odds, treated).events(hit)


def _actual(kinds: Kinds, alike: np.ndarray, blocks: Blocks) -> np.ndarray:
    """int (S,): the way that chooses patients like those treated.  alike: int (m,), as for Kinds."""
    taken = np.repeat(kinds.n_treated_of, kinds.sizes)
    begins, wanted = np.cumsum(taken) - taken, alike[blocks.treated_at]
    ends, actual = np.cumsum(blocks.n_treated_of), np.empty(blocks.n_sets, dtype=int)
    for s, (start, size, m) in enumerate(zip(kinds.starts, kinds.sizes, kinds.n_treated_of, strict=True)):
        ways = np.sort(alike[kinds.position[begins[start] : begins[start] + size * m]].reshape(size, m), axis=1)
        same = (ways == np.sort(wanted[ends[s] - m : ends[s]])).all(axis=1)
        actual[s] = start + int(np.flatnonzero(same)[0])
    return actual
