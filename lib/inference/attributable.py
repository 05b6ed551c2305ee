"""Attributable events: how many events of the treated the treatment caused (above 0) or prevented (below 0).

A is the events of the treated minus those that they would have had untreated. The hypothesis that A is `a` lets the
effect go one way: below 0 every event of a treated patient stays and -a treated patients without one would have had
it; above 0 `a` of the events would not have been. With these outcomes put in (lib.inference.imputations) the labels
move within the sets as in the exact test, whose two-sided p (minlike) is taken, the largest over which treated patients
they are. A = 0 puts nothing in: its p is the exact p by set, so the interval holds 0 exactly where that is above 0.05.
Source: Rosenbaum 2002, Observational Studies, 2nd edition, section 5.3; Fay 2010, Biostatistics 11:373 (minlike).
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import numpy as np

from .engine import Distribution
from .imputations import Candidates, Kinds, worst_of_all
from .inversion import ALPHA, furthest
from .sets import Blocks
from .stratified import SetCounts
from .uneven_imputations import UnevenImputations

MOST_IMPUTATIONS = 200_000  # that are all looked at
MOST_WORK = 3e8  # multiplications for it: about a second

Worst = Callable[[int], float]  # number of attributable events -> its p


@dataclass(frozen=True)
class Attributable:
    """estimate: the treated patients' events less the sum of what their sets' controls suggest, T - sum of
    treated x controls' risk; that is the number of treated patients times the difference in risk among them.
    low, high: the least and the greatest number that is not refused at 5%, between -(treated patients without the
    event) and the treated events.  n_treated: treated patients of the sets.  exact: whether every imputation was looked
    at, or those that are likely the worst."""

    estimate: float
    low: int
    high: int
    n_treated: int
    exact: bool


def attributable_events(counts: SetCounts, null: Distribution) -> Attributable:
    """The interval of A with p above 5%, without its holes.  counts: of at least one set.  null: events_null(counts).

    Where A = 0 is refused the interval stays on the side of the estimate.
    """
    prevented, caused = Kinds.of(counts, 1), Kinds.of(counts, -1)
    exact = _few(prevented) and _few(caused)
    worst = _worst(prevented, exact), _worst(caused, exact)
    return _interval(counts, null, worst, (prevented.changes, caused.changes), exact)


def attributable_uneven(hit: np.ndarray, blocks: Blocks, counts: SetCounts, null: Distribution) -> Attributable:
    """The same where labels move with unequal chances.  hit: bool (m,), in block order.  blocks: with odds.  counts: of
    the same sets.  null: events_law of them."""
    prevented, caused = UnevenImputations(hit, blocks, 1), UnevenImputations(hit, blocks, -1)
    exact = prevented.few and caused.few
    worst = tuple(_listed(one.of_all()) if exact else one.worst for one in (prevented, caused))
    return _interval(counts, null, worst, (prevented.changes, caused.changes), exact)


def _interval(
    counts: SetCounts, null: Distribution, worst: tuple[Worst, ...], changes: tuple[int, int], exact: bool
) -> Attributable:
    """worst, changes: of events put in, then of events taken away."""
    events, n_treated, (below, above) = int(counts.a.sum()), int(counts.n1.sum()), worst
    p_zero = null.minlike(events)

    @cache
    def accepted(a: int) -> bool:
        return (p_zero if a == 0 else below(-a) if a < 0 else above(a)) > ALPHA

    estimate = events - float((counts.n1 * counts.b / counts.n0).sum())
    ends = (-changes[0], changes[1])
    if p_zero <= ALPHA:
        ends = (1, ends[1]) if events > null.mean else (ends[0], -1)
    low, high = (_every_end if exact else _searched)(accepted, ends, estimate)
    return Attributable(estimate, low, high, n_treated, exact)


def _few(kinds: Kinds) -> bool:
    """Whether every imputation can be looked at."""
    number, length = kinds.n_imputations, int(kinds.n_treated @ kinds.count) + 1
    return number <= MOST_IMPUTATIONS and number * length * (int(kinds.count.max()) + 1) <= MOST_WORK


def _worst(kinds: Kinds, exact: bool) -> Worst:
    if not exact:
        return Candidates(kinds).worst
    return _listed(worst_of_all(kinds))


def _listed(p_values: np.ndarray) -> Worst:
    """p_values: float (changes + 1,)."""
    found = p_values.tolist()
    return lambda changes: found[changes]


def _every_end(accepted: Callable[[int], bool], ends: tuple[int, int], _: float) -> tuple[int, int]:
    """The first and the last accepted number between the ends."""
    every = [a for a in range(ends[0], ends[1] + 1) if accepted(a)]
    return every[0], every[-1]


def _searched(accepted: Callable[[int], bool], ends: tuple[int, int], estimate: float) -> tuple[int, int]:
    """The same by halving from an accepted number near the estimate: an exact evaluation for each would take long."""
    low, high = ends
    near = range(low, high + 1)
    inside = next(a for a in sorted(near, key=lambda a: abs(a - estimate)) if accepted(a))
    return furthest(accepted, inside, low), furthest(accepted, inside, high)
