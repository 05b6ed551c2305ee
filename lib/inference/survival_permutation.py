"""Survival compared by moving the treated label within its set: log-rank statistics and time lost to an event."""

from dataclasses import dataclass, replace
from math import lcm

import numpy as np

from .arrangements import arrangements
from .engine import score_work
from .laws import score_law
from .permutation import MOST_ARRANGEMENTS, SAME_SHARE, PermutationP, Statistic, permutation_p, permuted_sum
from .sets import Blocks

LARGE = 200  # patients in a set; above, sets are scored one by one and not with a table of all their pairs
WHOLE_WORK = 5e7  # additions of a convolution of whole scores: a tenth of a second
LARGEST_SCALE = 1 << 40  # a common denominator above it leaves whole numbers no longer exact
FLAT = 1e-20  # of the scores' squares: a smaller variance is what rounding leaves of 0
NOBODY = 1e-9  # of the total weight: a sum of weights nearer to 0 than this is an empty risk set


def logrank_scores(time: np.ndarray, event: np.ndarray) -> np.ndarray:
    """Event minus the hazard met while at risk (Nelson-Aalen over everyone), float (n,): their sum over the treated is
    the log-rank test's observed minus expected.  time: float (n,).  event: bool (n,)."""
    times = np.unique(time[event])
    index = np.searchsorted(times, time, side="right")
    at_risk = np.cumsum(np.bincount(index, minlength=len(times) + 1)[::-1])[::-1][1:]
    deaths = np.bincount(index[event] - 1, minlength=len(times))
    return event - np.concatenate([[0.0], np.cumsum(deaths / at_risk)])[index]


def label_move_p(time: np.ndarray, event: np.ndarray, treated: np.ndarray) -> float:
    """Two-sided p of the log-rank test where one arm has a single patient: the share of patients whose score lies at
    least as far from 0 as that patient's.  Arguments as for logrank_scores; treated: bool (n,)."""
    away = np.abs(logrank_scores(time, event))
    own = away[treated if treated.sum() == 1 else ~treated][0]
    return float((away >= own - SAME_SHARE * away.max()).mean())


def logrank_scores_by_set(time: np.ndarray, event: np.ndarray, blocks: Blocks) -> np.ndarray:
    """As logrank_scores, everyone at risk counted within the own set: their sum over the treated is observed minus
    expected of the log-rank test by set.  time: float (m,).  event: bool (m,).  Returns (m,); each set sums to 0."""
    scores = np.empty(len(time))
    for start, size in zip(blocks.starts[blocks.sizes > LARGE], blocks.sizes[blocks.sizes > LARGE], strict=True):
        scores[start : start + size] = logrank_scores(time[start : start + size], event[start : start + size])
    for size in np.unique(blocks.sizes[blocks.sizes <= LARGE]):
        at = blocks.starts[blocks.sizes == size][:, None] + np.arange(size)
        t, e = time[at], event[at]
        earlier = t[:, None, :] <= t[:, :, None]  # (sets, patient, event of)
        at_risk = earlier.sum(axis=1)  # patients whose time is not below this one's
        scores[at] = e - (earlier * (e / at_risk)[:, None, :]).sum(axis=2)
    return scores


def logrank_in_sets(
    time: np.ndarray, event: np.ndarray, blocks: Blocks, seed: int, most: int = MOST_ARRANGEMENTS
) -> "PermutedLogrank":
    """The log-rank test by set, everyone at risk compared within the own set, referred to label moves within the sets.

    Arguments as for logrank_permuted.  Exact by convolution where the scores have a common denominator that leaves few
    enough whole numbers, else by looking at all arrangements, else drawn.
    """
    scores = logrank_scores_by_set(time, event, blocks)
    variance, whole = _variance(scores, blocks), _whole(scores, time, event, blocks)
    if whole is None:
        result = permuted_sum(scores, blocks, seed, most)
    else:
        centre = float(blocks.expected(scores).sum()) if blocks.uneven else 0.0
        middle = float(blocks.expected(whole).sum()) if blocks.uneven else 0.0
        p, observed = score_law(whole, blocks).far(int(whole[blocks.treated].sum()), middle), scores[blocks.treated]
        result = PermutationP(float(observed.sum()), centre, p, 0.0, arrangements(blocks), True, seed)
    gap = result.observed - result.centre if blocks.uneven else result.observed
    return PermutedLogrank(gap**2 / variance if variance > 0 else float("nan"), result)


def _variance(scores: np.ndarray, blocks: Blocks) -> float:
    """Of the sum of the treated patients' scores, which sum to 0 in each set, when the labels move."""
    if blocks.uneven:
        found = float(blocks.variance(scores).sum())
        return found if found > FLAT * max(1.0, float((scores**2).sum())) else 0.0
    return float((blocks.spread * (blocks.totals(scores**2) / blocks.sizes)).sum())


def _whole(scores: np.ndarray, time: np.ndarray, event: np.ndarray, blocks: Blocks) -> np.ndarray | None:
    """The scores by set as whole numbers, int (m,); None where these or their convolution are too large."""
    scale = lcm(*np.unique(moments_of_sets(time, event, blocks).at_risk).tolist())
    if scale > LARGEST_SCALE:
        return None
    whole = np.round(scores * scale).astype(np.int64)
    whole //= max(1, int(np.gcd.reduce(whole)))
    return whole if score_work(whole, blocks.starts, blocks.sizes, blocks.n_treated_of) <= WHOLE_WORK else None


@dataclass(frozen=True)
class Moments:
    """The event times of all sets, set by set, ascending: int (k,) each, patients at risk and events.

    first, met: int (m,), by patient: the first of the own set, and how many of them are at or before the own time.
    """

    at_risk: np.ndarray
    events: np.ndarray
    first: np.ndarray
    met: np.ndarray


def moments_of_sets(time: np.ndarray, event: np.ndarray, blocks: Blocks) -> Moments:
    """time: float (m,).  event: bool (m,), both in block order."""
    rank = np.unique(time, return_inverse=True)[1]
    span = int(rank.max(initial=0)) + 1
    key = blocks.set_index * span + rank
    moments, events = np.unique(key[event], return_counts=True)
    ordered, first = np.sort(key), np.searchsorted(moments, key - rank)
    at_risk = np.searchsorted(ordered, (moments // span + 1) * span) - np.searchsorted(ordered, moments)
    return Moments(at_risk, events, first, np.searchsorted(moments, key, side="right") - first)


@dataclass(frozen=True)
class PermutedLogrank:
    """chi_square: (observed - expected)^2 over its variance under the label moves; NaN when nothing varies in a set."""

    chi_square: float
    permuted: PermutationP


def logrank_permuted(
    time: np.ndarray, event: np.ndarray, blocks: Blocks, seed: int, most: int = MOST_ARRANGEMENTS
) -> PermutedLogrank:
    """The log-rank statistic, everyone at risk compared with everyone, referred to label moves within the sets.

    time: float (m,).  event: bool (m,), both in block order, at least one set.  The by-set log-rank compares within a
    set only and stops listening when its treated patient or its last control has gone; this one does not.
    """
    scores = logrank_scores(time, event)
    centre = np.repeat(blocks.totals(scores) / blocks.sizes, blocks.sizes)
    variance = float((blocks.spread * (blocks.totals((scores - centre) ** 2) / blocks.sizes)).sum())
    result = permuted_sum(scores, blocks, seed, most)
    chi = (result.observed - result.centre) ** 2 / variance if variance > 0 else float("nan")
    return PermutedLogrank(chi, result)


def rmst_permuted(
    time: np.ndarray,
    event: np.ndarray,
    weights: np.ndarray,
    horizon: float,
    blocks: Blocks,
    seed: int,
    most: int = MOST_ARRANGEMENTS,
) -> PermutationP:
    """The difference in restricted mean survival time, referred to label moves within the sets.

    time: float (m,) <= horizon.  event: bool (m,).  weights: float (m,) > 0, equal among the treated of a set and among
    its controls; a label that moves takes its weight with it. All in block order, at least one set.
    """
    lost = lost_permuted(time, event.astype(int), weights, horizon, blocks, seed, most)
    return replace(lost, observed=0.0 - lost.observed)


def lost_permuted(
    time: np.ndarray,
    cause: np.ndarray,
    weights: np.ndarray,
    horizon: float,
    blocks: Blocks,
    seed: int,
    most: int = MOST_ARRANGEMENTS,
) -> PermutationP:
    """The difference of the areas under the cumulative incidence of cause 1, referred to label moves within the sets.

    cause: int (m,), 0 censored, 1 the event, above a competing event.  Other arguments as for rmst_permuted.
    """
    end, times = np.minimum(cause, 2), np.unique(time[cause > 0])
    index = np.searchsorted(times, time, side="right")
    role, treated_role = (
        np.repeat(weights[first], blocks.sizes) for first in (blocks.starts + blocks.n_treated_of, blocks.starts)
    )
    arms = _Arms(index, end, role, treated_role, np.diff(times, append=horizon))
    return permutation_p(arms.difference(), blocks, arms.ends, seed, most=most)


@dataclass(frozen=True)
class _Arms:
    """index: int (m,), event times at or before each patient's time.  end: int (m,), 0 censored, 1 event, 2 another.
    role, treated_role: float (m,), what each patient weighs as a control and as a treated patient of its set.
    widths: float (K,), from each event time to the next, the last to the horizon."""

    index: np.ndarray
    end: np.ndarray
    role: np.ndarray
    treated_role: np.ndarray
    widths: np.ndarray

    @property
    def kinds(self) -> int:
        """Ways to end that occur: 2 without competing events, so that less is counted, else 3."""
        return max(2, int(self.end.max(initial=0)) + 1)

    @property
    def ends(self) -> np.ndarray:
        """int (m,): when and how each patient ended."""
        return self.kinds * self.index + self.end

    def difference(self) -> Statistic:
        """Area under the treated patients' incidence minus that of the others, for positions (k, T)."""
        ends, same_role = self.ends, np.ptp(self.role) == np.ptp(self.treated_role) == 0
        everyone = self._sums(ends[None, :], self.role[None, :])
        total, ones = float(self.role.sum()), bool((self.treated_role == 1).all())

        def statistic(at: np.ndarray) -> np.ndarray:
            end = ends.take(at)
            treated = self._sums(end, None if ones else self.treated_role.take(at))
            if same_role:
                others = everyone - self.role[0] / self.treated_role[0] * treated
            else:
                others = everyone - self._sums(end, self.role.take(at))
            return self._area(treated, total) - self._area(others, total)

        return statistic

    def _sums(self, end: np.ndarray, weight: np.ndarray | None) -> np.ndarray:
        """Weight that ends in each way at each event time, (k, K + 1, kinds); before the first in column 0.

        end: int (k, n), `ends` of the patients counted.  weight: float (k, n); None: 1 each."""
        shape = len(end), len(self.widths) + 1, self.kinds
        cell = (end + shape[1] * shape[2] * np.arange(len(end))[:, None]).ravel()
        weights = None if weight is None else weight.ravel()
        return np.bincount(cell, weights, minlength=shape[0] * shape[1] * shape[2]).reshape(shape).astype(float)

    def _area(self, ended: np.ndarray, total: float) -> np.ndarray:
        """float (k,). ended: as _sums."""
        at_risk = np.cumsum(ended.sum(axis=2)[:, ::-1], axis=1)[:, ::-1][:, 1:]
        present, of_cause, of_any = at_risk > NOBODY * total, ended[:, 1:, 1], ended[:, 1:, 1:].sum(axis=2)
        share = np.divide(of_any, at_risk, out=np.zeros_like(at_risk), where=present)
        free = np.cumprod(np.clip(1 - share, 0.0, 1.0), axis=1)
        before = np.concatenate([np.ones((len(free), 1)), free[:, :-1]], axis=1)
        risen = np.divide(of_cause, at_risk, out=np.zeros_like(at_risk), where=present) * before
        return np.einsum("ij,j->i", np.cumsum(risen, axis=1), self.widths)
