"""Every choice of patients with the event, one by one: what lib.check must find without looking at patients."""

from collections import Counter
from itertools import combinations, product
from math import comb, prod

import numpy as np

SAME = 1 + 1e-7  # as R counts an outcome as equally likely


def choices(controls: list[int], treated_events: int, control_events: int) -> Counter:
    """Over all choices of patients: for each set (controls, treated event, control events), sets of a size in any
    order, how many choices look like it."""
    homes = [s for s, n in enumerate(controls) for _ in range(n)]
    seen: Counter = Counter()
    for treated in combinations(range(len(controls)), treated_events):
        for hit in combinations(range(len(homes)), control_events):
            per_set = Counter(homes[c] for c in hit)
            seen[tuple(sorted((n, s in treated, per_set[s]) for s, n in enumerate(controls)))] += 1
    return seen


def set_p(sets: tuple, treated_events: int) -> float:
    """Two-sided minlike p, by giving the treated label to every patient of every set in turn."""
    members = [[1] * (hit + own) + [0] * (n + 1 - hit - own) for n, own, hit in sets]
    totals = Counter(sum(labels) for labels in product(*members))
    chance = {t: many / prod(n + 1 for n, _, _ in sets) for t, many in totals.items()}
    return sum(p for p in chance.values() if p <= chance[treated_events] * SAME)


def pair_counts(sets: tuple) -> tuple[int, int]:
    """b and c of McNemar's test, from the list of pairs."""
    pairs = [(own, k < hit) for n, own, hit in sets for k in range(n)]
    return sum(own and not other for own, other in pairs), sum(other and not own for own, other in pairs)


def smallest_p(controls: list[int]) -> float:
    """Over all events in both arms."""
    found = [
        set_p(sets, a)
        for a in range(len(controls) + 1)
        for b in range(sum(controls) + 1)
        for sets in choices(controls, a, b)
    ]
    return min(found)


def shares(seen: Counter, controls: list[int], treated_events: int, control_events: int) -> np.ndarray:
    """Of all choices, those of each entry."""
    total = comb(len(controls), treated_events) * comb(sum(controls), control_events)
    return np.array([many / total for many in seen.values()])
