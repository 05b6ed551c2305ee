"""Greedy matching written out in the most obvious way: the same rules, no sorted list, no links."""

import numpy as np

from lib.design.nearest import Nearest


def naive_match(
    gaps: np.ndarray, allowed: np.ndarray, queue: list[int], settings: Nearest
) -> list[tuple[int, int, int]]:
    """(treated row, control row, pick) of every pair.

    gaps: float (n, n), how far each pair is.  allowed: bool (n, n).  queue: treated rows in choosing order (file order
    for `closest`).  Of equally near controls the earlier in the file is taken."""
    taken: set[int] = set()
    own: dict[int, set[int]] = {row: set() for row in queue}
    pairs = []
    for pick in range(1, settings.ratio + 1):
        waiting, served = list(queue), []
        while waiting:
            offers = {row: _nearest(row, gaps, allowed, own[row] if settings.replace else taken) for row in waiting}
            row = waiting[0] if settings.order != "closest" or settings.replace else _closest(waiting, gaps, offers)
            waiting.remove(row)
            control = offers[row]
            if control is not None:
                taken.add(control)
                own[row].add(control)
                pairs.append((row, control, pick))
                served.append(row)
        queue = [row for row in queue if row in served]
    return sorted(pairs)


def _nearest(row: int, gaps: np.ndarray, allowed: np.ndarray, gone: set[int]) -> int | None:
    candidates = [c for c in range(len(gaps)) if allowed[row, c] and c not in gone]
    return min(candidates, key=lambda c: (gaps[row, c], c), default=None)


def _closest(waiting: list[int], gaps: np.ndarray, offers: dict[int, int | None]) -> int:
    return min(waiting, key=lambda row: (np.inf if offers[row] is None else gaps[row, offers[row]], row))
