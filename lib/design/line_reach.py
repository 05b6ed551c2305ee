"""What any method could reach on one score: the most pairs inside a caliper, and the width that loses nobody."""

import numpy as np


def largest_pairs(x: np.ndarray, treated: np.ndarray, ratio: int, width: float | None) -> int:
    """The most pairs that any method can make when each treated takes up to `ratio` controls inside the caliper.

    x: float (n,).  treated: bool (n,).  width: in units of x, inclusive; None = no caliper.  Returns 0 or more.
    Both arms sorted: the lowest place still open takes the lowest control that it reaches, which is exact because the
    reaches begin and end in the same order (Glover 1967, convex bipartite graphs).  O(n log n)."""
    limit = np.inf if width is None else width
    targets, controls = np.sort(x[treated]).tolist(), np.sort(x[~treated]).tolist()
    pairs, at, left = 0, 0, ratio
    for control in controls:
        while at < len(targets) and control - targets[at] > limit:
            at, left = at + 1, ratio
        if at == len(targets):
            break
        if targets[at] - control <= limit:
            pairs, left = pairs + 1, left - 1
            if left == 0:
                at, left = at + 1, ratio
    return pairs


def complete_width(x: np.ndarray, treated: np.ndarray, ratio: int) -> float:
    """The smallest caliper inside which every treated patient can have `ratio` controls of its own.

    x: float (n,).  treated: bool (n,).  Returns a distance |x_t - x_c| that occurs, in units of x: at this width (it is
    inclusive) `largest_pairs` is ratio * n1, at any smaller one it is less. Infinite where there are too few controls.
    No treated patient: 0.  Bisection between the distance to each one's own `ratio`-th nearest control, which no answer
    can undercut, and the widest pair of an answer that works.  O(n log n) for each of some 50 steps at most."""
    places, controls = np.repeat(np.sort(x[treated]), ratio), np.sort(x[~treated])
    if len(places) > len(controls):
        return np.inf
    if len(places) == 0:
        return 0.0
    low, high = _own_nearest(places[::ratio], controls, ratio), _widest(places, controls, np.inf)
    trial = low
    while True:
        widest = _widest(places, controls, trial)
        low, high = (low, widest) if widest <= trial else (trial, high)
        if widest <= low:
            return float(widest)
        trial = low + (high - low) / 2
        if trial in (low, high):
            return float(high)


def _own_nearest(targets: np.ndarray, controls: np.ndarray, ratio: int) -> float:
    """The largest distance from a treated patient to its `ratio`-th nearest control; both sorted, enough controls."""
    start = np.searchsorted(controls, targets)[:, None]
    place = start + np.arange(-ratio, ratio)
    inside = (place >= 0) & (place < len(controls))
    gaps = np.abs(controls[np.clip(place, 0, len(controls) - 1)] - targets[:, None])
    return float(np.partition(np.where(inside, gaps, np.inf), ratio - 1, axis=1)[:, ratio - 1].max())


def _widest(places: np.ndarray, controls: np.ndarray, width: float) -> float:
    """Every place takes the lowest free control that it reaches; the widest pair of that, infinite if one finds none.
    All places find one inside `width` if and only if the result is at most `width`.  places, controls: sorted."""
    first = first_within(controls, places, width)
    number = np.arange(len(places))
    taken = np.maximum.accumulate(first - number) + number
    if taken[-1] >= len(controls):
        return np.inf
    return float(np.abs(controls[taken] - places).max())


def first_within(values: np.ndarray, targets: np.ndarray, width: float) -> np.ndarray:
    """For each target the first of the sorted values with target - value <= width, as this difference rounds.
    Returns int (len(targets),), len(values) where there is none."""
    first = np.searchsorted(values, targets - width)
    while len(wrong := np.flatnonzero((first > 0) & (targets - values[first - 1] <= width))):
        first[wrong] = np.searchsorted(values, values[first[wrong] - 1])
    padded = np.append(values, np.inf)
    while len(wrong := np.flatnonzero(targets - padded[first] > width)):
        first[wrong] = np.searchsorted(values, values[first[wrong]], side="right")
    return first
