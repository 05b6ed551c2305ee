"""The treated-control arcs that a match may use, found block by block: no matrix of all of them is ever held.

A `Field` holds both arms in an order of its own: by score where there is a fence, then by position, and only between
patients at one position by the row in the table. Everything downstream therefore sees the same numbers however the
table's rows are ordered. Inside this package a treated and a control are named by their place in that order;
`Field.rows` leads back to the table.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

CELLS = 4_000_000  # distances held at a time: 32 MB
TREE_DIMENSIONS = 10  # above this a k-d tree visits nearly every point, and plain distances are faster
TIE = 1e-12  # of the largest distance: differences below it are rounding, not distance

Allowed = Callable[[np.ndarray, np.ndarray], np.ndarray]
Fence = tuple[np.ndarray, float]


class Arcs(NamedTuple):
    """Arcs by place: `treated`, `control` int (m,), `length` float (m,), Euclidean, in the unit of the positions."""

    treated: np.ndarray
    control: np.ndarray
    length: np.ndarray

    def take(self, which: np.ndarray) -> "Arcs":
        """The arcs at `which`, a mask or places."""
        return Arcs(self.treated[which], self.control[which], self.length[which])


def joined(*some: Arcs) -> Arcs:
    """All arcs of several sets, one after the other."""
    return Arcs(*map(np.concatenate, zip(*some, strict=True)))


def unique(arcs: Arcs, sizes: tuple[int, int]) -> Arcs:
    """Every arc once, by treated and control."""
    return arcs.take(np.unique(arcs.treated * sizes[1] + arcs.control, return_index=True)[1])


class Field(NamedTuple):
    """Both arms, treated first: `rows` of the table, `points` float (n_arm, d), `scores` float (n_arm,) ascending.

    Without a fence every score is 0 and `width` is infinite. `allowed` is asked with rows of the table.
    """

    rows: tuple[np.ndarray, np.ndarray]
    points: tuple[np.ndarray, np.ndarray]
    scores: tuple[np.ndarray, np.ndarray]
    width: float
    allowed: Allowed | None

    @property
    def sizes(self) -> tuple[int, int]:
        """The numbers of treated and of controls."""
        return len(self.rows[0]), len(self.rows[1])

    @property
    def limited(self) -> bool:
        """Whether some arcs are not permitted."""
        return self.allowed is not None or np.isfinite(self.width)

    def keep(self, treated: np.ndarray, control: np.ndarray) -> "Field":
        """The field of the treated and controls in two masks."""
        which = (treated, control)
        rows, points, scores = (tuple(a[w] for a, w in zip(arms, which, strict=True)) for arms in self[:3])
        return Field(rows, points, scores, self.width, self.allowed)


def lay_out(position: np.ndarray, treated: np.ndarray, allowed: Allowed | None, fence: Fence | None) -> Field:
    """The field of a table: `position` float (n, d), `treated` bool (n,), `fence` a score float (n,) and its width."""
    score, width = (np.zeros(len(treated)), np.inf) if fence is None else (np.asarray(fence[0], float), float(fence[1]))
    position = np.asarray(position, float).reshape(len(treated), -1)
    order = np.lexsort((*position.T[::-1], score))
    rows = order[treated[order]], order[~treated[order]]
    points, scores = tuple(position[r] for r in rows), tuple(score[r] for r in rows)
    return Field(rows, points, scores, width, allowed)


def diameter(field: Field) -> float:
    """A distance (above 0) that no arc exceeds: twice the largest from the mean of all points, or 1."""
    points = np.concatenate(field.points)
    return 2 * float(np.sqrt(np.square(points - points.mean(axis=0)).sum(axis=1)).max()) or 1.0


def blocks(field: Field, side: int, places: np.ndarray) -> Iterator[tuple[np.ndarray, int, np.ndarray]]:
    """Distances of some units of one arm (0 treated, 1 control) to the other arm, a block of units at a time.

    `places` int (m,), ascending. Yields the block's places, the first place of the other arm, and the distances float
    (block, width) from there on, infinite outside the fence.
    """
    from scipy.spatial.distance import cdist  # slow to import, so only where it is used

    step = max(1, CELLS // max(1, field.sizes[1 - side]))
    for start in range(0, len(places), step):
        block = places[start : start + step]
        low, high = _window(field, side, block)
        distance = cdist(field.points[side][block], field.points[1 - side][low:high])
        if np.isfinite(field.width):
            gap = np.abs(field.scores[side][block, None] - field.scores[1 - side][None, low:high])
            distance[gap > field.width] = np.inf
        yield block, low, distance


def _window(field: Field, side: int, block: np.ndarray) -> tuple[int, int]:
    """The run of the other arm that holds every unit within the fence of a block, a little wide against rounding."""
    own, other = field.scores[side][block], field.scores[1 - side]
    if not np.isfinite(field.width):
        return 0, len(other)
    reach = field.width + TIE * (np.abs(own).max() + field.width)
    return int(np.searchsorted(other, own.min() - reach)), int(np.searchsorted(other, own.max() + reach, "right"))


def nearest(field: Field, side: int, places: np.ndarray, k: int) -> tuple[Arcs, np.ndarray]:
    """The permitted arcs among each unit's `k` nearest of the other arm, and how far those reach.

    `places` int (m,), ascending, of the arm `side`. The reach float (m,) is a floor under every permitted arc of that
    unit which is not returned; infinite where all are.
    """
    k = min(k, field.sizes[1 - side])
    by_tree = (
        not np.isfinite(field.width) and field.points[0].shape[1] <= TREE_DIMENSIONS and 8 * k < field.sizes[1 - side]
    )
    own, other, length, reach = (_by_tree if by_tree else _by_block)(field, side, places, k)
    arcs = Arcs(*((own, other) if side == 0 else (other, own)), length)
    arcs = arcs.take(np.isfinite(arcs.length))
    return arcs.take(permitted(field, arcs)), reach


def permitted(field: Field, arcs: Arcs) -> np.ndarray:
    """Which arcs the caller's `allowed` lets through, bool (m,)."""
    if field.allowed is None or not len(arcs.length):
        return np.ones(len(arcs.length), bool)
    return np.asarray(field.allowed(field.rows[0][arcs.treated], field.rows[1][arcs.control]), bool)


def _by_tree(field: Field, side: int, places: np.ndarray, k: int) -> tuple[np.ndarray, ...]:
    """`nearest` by a k-d tree: own places, places in the other arm, lengths, reach; no fence."""
    from scipy.spatial import cKDTree

    found = cKDTree(field.points[1 - side]).query(field.points[side][places], np.arange(1, k + 1))
    length, other = np.asarray(found[0]), np.asarray(found[1])
    return np.repeat(places, k), other.ravel(), length.ravel(), length[:, -1]


def _by_block(field: Field, side: int, places: np.ndarray, k: int) -> tuple[np.ndarray, ...]:
    """`nearest` by all distances within the fence."""
    found = [_smallest(block, low, distance, k) for block, low, distance in blocks(field, side, places)]
    return tuple(np.concatenate(column) for column in zip(*found, strict=True))


def _smallest(block: np.ndarray, low: int, distance: np.ndarray, k: int) -> tuple[np.ndarray, ...]:
    """The k smallest distances in each row of one block; the reach is infinite where there are no more than k."""
    if distance.shape[1] <= k:
        places = np.indices(distance.shape)
        return block[places[0].ravel()], low + places[1].ravel(), distance.ravel(), np.full(len(block), np.inf)
    other = np.sort(np.argpartition(distance, k - 1, axis=1)[:, :k], axis=1)
    length = np.take_along_axis(distance, other, axis=1)
    return np.repeat(block, k), low + other.ravel(), length.ravel(), length.max(axis=1)


def shorter_than(
    field: Field, treated: np.ndarray, control: np.ndarray, *, side: int = 0, places=None, most: int | None = None
) -> Arcs:
    """Every permitted arc shorter than the sum of its units' values, `treated` float (n1,) and `control` float (n0,).

    side, places: only the arcs of these units of one arm, int (m,), ascending; at most `most` for each of them, those
    that are shorter by the most.
    """
    values = (treated, control)
    places = np.arange(field.sizes[side]) if places is None else places
    found = [_short(field, side, values, most, *block) for block in blocks(field, side, places)]
    return joined(*found)


def _short(
    field: Field, side: int, values, most: int | None, block: np.ndarray, low: int, distance: np.ndarray
) -> Arcs:
    """`shorter_than` in one block, whose distances are used up."""
    distance -= values[1 - side][low : low + distance.shape[1]]
    limit = values[side][block][:, None]
    arcs, places = _below(field, side, block, low, distance < limit)
    if most is None or len(places[0]) <= most:
        return arcs
    distance[~_scatter(distance.shape, places)] = np.inf
    if most < distance.shape[1]:
        limit = np.minimum(limit, np.partition(distance, most - 1, axis=1)[:, most - 1 : most])
        arcs, places = _below(
            field._replace(allowed=None), side, block, low, (distance <= limit) & np.isfinite(distance)
        )
    order = np.lexsort((distance[places], places[0]))
    unit = places[0][order]
    return arcs.take(order[np.arange(len(unit)) - np.searchsorted(unit, unit) < most])


def _below(
    field: Field, side: int, block: np.ndarray, low: int, mask: np.ndarray
) -> tuple[Arcs, tuple[np.ndarray, ...]]:
    """The permitted arcs of a block at the places of a mask, and those places."""
    own, other = np.nonzero(mask)
    ends = (block[own], low + other) if side == 0 else (low + other, block[own])
    arcs = Arcs(ends[0], ends[1], lengths(field, ends[0], ends[1]))
    keep = permitted(field, arcs)
    return arcs.take(keep), (own[keep], other[keep])


def _scatter(shape: tuple[int, ...], places: tuple[np.ndarray, ...]) -> np.ndarray:
    """A mask that is true at some places."""
    mask = np.zeros(shape, bool)
    mask[places] = True
    return mask


def lengths(field: Field, treated: np.ndarray, control: np.ndarray) -> np.ndarray:
    """Euclidean lengths float (m,) of the arcs between places `treated` and `control`, int (m,)."""
    return np.sqrt(np.square(field.points[0][treated] - field.points[1][control]).sum(axis=1))


def stars(arcs: Arcs, sizes: tuple[int, int]) -> Arcs:
    """The arcs of a cover without those between two units that both have another: longest first, as long as any are."""
    arcs = unique(arcs, sizes)
    uses = [np.bincount(ends, minlength=n) for ends, n in zip(arcs[:2], sizes, strict=True)]
    spare = np.flatnonzero((uses[0][arcs.treated] > 1) & (uses[1][arcs.control] > 1))
    keep = np.ones(len(arcs.length), bool)
    for place in spare[np.argsort(-arcs.length[spare], kind="stable")]:
        t, c = arcs.treated[place], arcs.control[place]
        if uses[0][t] > 1 and uses[1][c] > 1:
            keep[place] = False
            uses[0][t] -= 1
            uses[1][c] -= 1
    return arcs.take(keep)
