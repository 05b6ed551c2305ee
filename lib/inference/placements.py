"""The ways in which events can fall over matched sets of one treated patient each, and the exact p of every way.

The exact p by set asks only how many patients of each set had the event, and how many of the treated did. Sets of one
size are interchangeable, so a way is a number of sets at each level: a size and a number of events among it. Ways are
made level by level, all of them at once, never patient by patient.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.special import gammaln

from .engine import SAME_LIKELIHOOD, alike_sets, convolve

AT_ONCE = 500_000  # chances held in memory while p-values are made: 4 MB
LEAST = 1e-300  # chances below are as good as none
FEW = 8  # ways that are faster one by one


@dataclass(frozen=True)
class Ways:
    """P ways in which the events fall over the sets.

    sizes, events: int (L,), patients and patients with the event of a set at each level; larger sets first, within a
        size the most events first.
    counts: int (P, L), sets at each level.
    treated_events: how many of these events the treated patients, one in each set, had.
    """

    sizes: np.ndarray
    events: np.ndarray
    counts: np.ndarray
    treated_events: int

    def __len__(self) -> int:
        return len(self.counts)

    def per_set(self, way: int) -> tuple[int, ...]:
        """Events of each set, in the order of the levels."""
        return tuple(np.repeat(self.events, self.counts[way]).tolist())

    def with_more(self, more: "Ways") -> "Ways":
        """These and others at the same levels."""
        return Ways(self.sizes, self.events, np.concatenate([self.counts, more.counts]), self.treated_events)

    def picked(self, which: np.ndarray | slice | list[int]) -> "Ways":
        """Some of the ways.  which: an index of numpy."""
        return Ways(self.sizes, self.events, self.counts[which], self.treated_events)


@dataclass(frozen=True)
class Chances:
    """p: float (P,), exact_by_set (minlike) of each way.  log_choices: float (P,), logarithm, up to a constant, of how
    many choices of as many treated patients and as many controls with the event look like it."""

    p: np.ndarray
    log_choices: np.ndarray

    @property
    def share(self) -> np.ndarray:
        """float (P,): of all choices those that look like each way; they sum to 1. Meaningful over all ways only."""
        likely = np.exp(self.log_choices - self.log_choices.max())
        return likely / likely.sum()


def ways_at_most(controls: Sequence[int], events: int, treated_events: int) -> float:
    """How many ways there are, as a float (they may be very many): exact while no treated patient has the event, else
    an upper limit, since the treated patients' events also need sets to stand in.

    controls: of each set.  events: of treated patients and controls together.
    """
    ways = np.zeros(events + 1)
    ways[0] = 1
    for size, sets in Counter(controls).items():
        box = np.array(box_counts(sets, size + bool(treated_events), events), dtype=float)
        ways = np.convolve(ways, box)[: events + 1]
    return float(ways[events])


def box_counts(parts: int, largest: int, most: int) -> list[int]:
    """In how many ways `parts` numbers from 0 to `largest`, their order aside, sum to 0, 1, ..., `most`.

    The coefficients of a Gaussian binomial, the product of (1 - q^(parts + i)) / (1 - q^i) (Andrews 1976, The Theory of
    Partitions, chapter 3)."""
    long, short = max(parts, largest), min(parts, largest)
    made = [1] + [0] * most
    for i in range(1, short + 1):
        for at in range(most, long + i - 1, -1):
            made[at] -= made[at - long - i]
        for at in range(i, most + 1):
            made[at] += made[at - i]
    return made


def all_ways(controls: Sequence[int], events: int, treated_events: int) -> Ways:
    """Every way.  controls: of each set, >= 1.  events: of treated patients and controls together.

    Ask `ways_at_most` first: every way costs memory.  No way where the events do not fit.
    """
    left, full = np.array([events]), np.array([treated_events])
    counts, levels, room = np.zeros((1, 0), dtype=np.int64), [], sum(controls) + len(controls)
    for size, sets in sorted(Counter(n + 1 for n in controls).items(), reverse=True):
        room -= size * sets
        free = np.full(len(left), sets)
        for level in range(size, 0, -1):
            most = np.minimum(free, left // level)
            if level == size:  # a set in which everybody has the event has a treated event
                most = np.minimum(most, full)
            take, parent = _each(np.maximum(0, left - free * (level - 1) - room), most)
            counts = np.column_stack([counts[parent], take])
            left, free, full = left[parent] - take * level, free[parent] - take, full[parent]
            full = full - take if level == size else full
        counts = np.column_stack([counts, free])
        levels += [(size, level) for level in range(size, -1, -1)]
    of_size, of_events = np.array(levels).T
    fits = counts[:, of_events > 0].sum(axis=1) >= treated_events
    return Ways(of_size, of_events, counts[fits], treated_events)


def _each(least: np.ndarray, most: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Every whole number from least to most, of each entry the greatest first, and the entry that each belongs to."""
    many = np.maximum(0, most - least + 1)
    parent = np.repeat(np.arange(len(many)), many)
    step = np.arange(len(parent)) - np.repeat(np.cumsum(many) - many, many)
    return most[parent] - step, parent


def simplest_ways(size: int, sets: int, events: int, treated_events: int) -> Ways:
    """The ways over sets of one size in which the sets differ least or most: with at most three different numbers of
    events. Among them are the ways that put the events together and those that spread them evenly.

    size: patients of a set, the treated included.
    """
    made = [_of_three(three, sets, events, size) for three in combinations(range(size + 1), 3)]
    counts = np.unique(np.concatenate([np.zeros((0, size + 1), dtype=np.int64), *made]), axis=0)
    level = np.arange(size, -1, -1)
    return _fitting(Ways(np.full(size + 1, size), level, counts, treated_events))


def _fitting(ways: Ways) -> Ways:
    """The ways over sets of one size in which the treated events have sets to stand in."""
    full, some = ways.counts[:, 0], ways.counts[:, :-1].sum(axis=1)
    return ways.picked((ways.counts.min(axis=1) >= 0) & (full <= ways.treated_events) & (some >= ways.treated_events))


def neighbours(ways: Ways, way: int) -> Ways:
    """The ways over sets of one size that differ from one of them by one event that fell in another set."""
    levels = len(ways.events)
    up = np.eye(levels, dtype=np.int64)[:-1] - np.eye(levels, dtype=np.int64)[1:]  # a set with one event more
    moves = (up[:, None, :] - up[None, :, :])[~np.eye(levels - 1, dtype=bool)]
    return _fitting(Ways(ways.sizes, ways.events, ways.counts[way] + moves, ways.treated_events))


def _of_three(three: tuple[int, ...], sets: int, events: int, size: int) -> np.ndarray:
    """int (P, size + 1): sets at each level, all at three levels.  three: numbers of events, ascending."""
    low, middle, high = three
    at_high = np.arange(sets + 1)
    rest = events - low * sets - (high - low) * at_high
    at_middle, odd = np.divmod(rest, middle - low)
    at_low = sets - at_high - at_middle
    fits = (odd == 0) & (at_middle >= 0) & (at_low >= 0)
    counts = np.zeros((int(fits.sum()), size + 1), dtype=np.int64)
    for level, at in ((low, at_low), (middle, at_middle), (high, at_high)):
        counts[:, size - level] = at[fits]
    return counts


def spread(ways: Ways) -> np.ndarray:
    """float (P,): the variance of the number of treated patients with the event when the label moves in the sets."""
    share = ways.events / ways.sizes
    return ways.counts @ (share * (1 - share))


def placements(ways: Ways) -> int:
    """In how many ways the events of both arms can fall: in each set the number of controls with the event, and whether
    the treated patient had it; sets of one size are interchangeable. Counted over all `ways`."""
    table = np.zeros((len(ways), ways.treated_events + 1))
    table[:, 0] = 1
    for size, events, count in zip(ways.sizes, ways.events, ways.counts.T, strict=True):
        if events == size:
            table = _shifted(table, count)
        elif events > 0:  # 0 to `count` of the sets have a treated event
            total = np.cumsum(table, axis=1)
            table = total - _shifted(total, count + 1)
    return int(table[:, -1].sum())


def _shifted(table: np.ndarray, by: np.ndarray) -> np.ndarray:
    """Every row moved right by its own number of columns, zeros coming in.  table: (P, C).  by: int (P,) >= 0."""
    at = np.arange(table.shape[1]) - by[:, None]
    return np.where(at >= 0, np.take_along_axis(table, np.maximum(at, 0), axis=1), 0)


def even_placements(controls: int, sets: int, control_events: int, treated_events: int) -> int:
    """As `placements`, over all ways of sets of one size, without making them.  controls: of each set."""
    with_event = box_counts(treated_events, controls, control_events)
    without = box_counts(sets - treated_events, controls, control_events)
    return sum(one * other for one, other in zip(with_event, reversed(without), strict=True))


def chances(ways: Ways) -> Chances:
    """The exact p of every way, and how likely each is when as many patients as had the event are drawn at random."""
    sets = int(ways.counts[0].sum()) if len(ways) else 1
    step = max(1, AT_ONCE // (sets + 1))
    parts = [_chances(ways.picked(slice(at, at + step))) for at in range(0, len(ways), step)]
    return Chances(*(np.concatenate(part) for part in zip(*parts, strict=True)))


def _chances(ways: Ways) -> tuple[np.ndarray, np.ndarray]:
    """float (P,), twice: p of each way, and its log_choices."""
    probability = _treated_events(ways)
    full = ways.counts[:, ways.events == ways.sizes].sum(axis=1)
    seen = probability[np.arange(len(ways)), ways.treated_events - full]
    as_rare = probability <= (seen * SAME_LIKELIHOOD)[:, None]
    p = np.where(as_rare.all(axis=1), 1.0, np.minimum(1.0, np.where(as_rare, probability, 0).sum(axis=1)))
    return p, _log_choices(ways) + np.log(np.maximum(seen, LEAST))


def _treated_events(ways: Ways) -> np.ndarray:
    """float (P, S + 1): chances of 0, 1, ... treated events in the sets that do not all have the event."""
    sets = int(ways.counts[0].sum())
    made = np.zeros((len(ways), sets + 1))
    made[:, 0] = 1
    for size, events, count in zip(ways.sizes.tolist(), ways.events.tolist(), ways.counts.T, strict=True):
        if 0 < events < size:
            for many in np.unique(count[count > 0]).tolist():
                rows = np.flatnonzero(count == many)
                made[rows] = _added(made[rows], alike_sets(events, size, 1, many))
    return made


def _added(chances_before: np.ndarray, more: np.ndarray) -> np.ndarray:
    """The distributions of the sum with one more number.  chances_before: (P, C).  more: (K,), K <= C."""
    columns = chances_before.shape[1]
    if len(chances_before) <= FEW:
        return np.array([convolve(row, more)[:columns] for row in chances_before])
    made = np.zeros_like(chances_before)
    for k, chance in enumerate(more.tolist()):
        made[:, k:] += chance * chances_before[:, : columns - k]
    return made


def _log_choices(ways: Ways) -> np.ndarray:
    """float (P,): logarithm, up to a constant, of the choices of as many patients, treated or not, that look like each
    way: which sets of a size are at which level, times who has the event in each."""
    return ways.counts @ _log_choose(ways.sizes, ways.events) - gammaln(ways.counts + 1).sum(axis=1)


def _log_choose(n: np.ndarray, k: np.ndarray) -> np.ndarray:
    return gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1)
