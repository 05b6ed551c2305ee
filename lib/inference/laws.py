"""The null distribution of a sum over the treated when labels move within their sets, with equal chances or with those
that the sets' odds give."""

import numpy as np

from .engine import Distribution, convolve, score_distribution
from .sets import Blocks
from .stratified import SetCounts, events_null
from .uneven import independent_sum


def score_law(scores: np.ndarray, blocks: Blocks) -> Distribution:
    """Of the sum of the treated patients' integer scores, exact.  scores: int (m,), in block order."""
    if blocks.log_odds is None:
        return score_distribution(scores, blocks.starts, blocks.sizes, blocks.n_treated_of)
    total, low = np.ones(1), 0
    chance = blocks.label_chance
    for s, (start, size, m) in enumerate(
        zip(blocks.starts.tolist(), blocks.sizes.tolist(), blocks.n_treated_of.tolist(), strict=True)
    ):
        run = scores[start : start + size]
        if min(m, size - m) == 1:
            least, chances = _of_one(run, m, chance[start : start + size])
            total = _added(total, *chances)
        else:
            least, sums = blocks.draw(s).sums(run)
            total = convolve(total, sums)
        low += least
    return Distribution(low, total)


def _of_one(run: np.ndarray, m: int, chance: np.ndarray) -> tuple[int, tuple[np.ndarray, np.ndarray]]:
    """One label that moves, the treated patient's or (m above 1) the control's: the least sum of the treated, and by
    how much each patient who gets the label exceeds it, with its chance."""
    if m == 1:
        return int(run.min()), (run - run.min(), chance)
    return int(run.sum() - run.max()), (run.max() - run, chance)


def _added(total: np.ndarray, shifts: np.ndarray, chances: np.ndarray) -> np.ndarray:
    """A draw of one of the shifts added to a sum.  shifts: int (n,) >= 0."""
    made = np.zeros(len(total) + int(shifts.max()))
    for shift, chance in zip(shifts.tolist(), chances.tolist(), strict=True):
        made[shift : shift + len(total)] += chance * total
    return made


def events_law(hit: np.ndarray, blocks: Blocks, counts: SetCounts) -> Distribution:
    """Of the treated patients with the event, exact.  hit: bool (m,), in block order.  counts: of the same sets."""
    if blocks.log_odds is None:
        return events_null(counts)
    least, sure, rest = event_laws(hit, blocks)
    total = independent_sum(sure)
    for law in rest:
        total = convolve(total, law)
    return Distribution(least, total)


def event_laws(hit: np.ndarray, blocks: Blocks) -> tuple[int, np.ndarray, list[np.ndarray]]:
    """The least number of treated patients with the event; the chances of one more in each set in which one label
    moves, float (k,); and in each other set the chances of 0, 1, .. more.  Sets that cannot vary are left out."""
    d = blocks.totals(hit.astype(int))
    least = np.maximum(0, blocks.n_treated_of - (blocks.sizes - d))
    most = np.minimum(d, blocks.n_treated_of)
    varies, one = least < most, np.minimum(blocks.n_treated_of, blocks.n_controls_of) == 1
    more = blocks.expected(hit.astype(float)) - least
    laws = []
    for s in np.flatnonzero(varies & ~one).tolist():
        run = slice(blocks.starts[s], blocks.starts[s] + blocks.sizes[s])
        laws.append(blocks.draw(s).events(hit[run])[least[s] : most[s] + 1])
    return int(least.sum()), np.clip(more[varies & one], 0.0, 1.0), laws
