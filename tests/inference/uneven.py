"""Sets with unequal odds of treatment and everything that their moves allow, one arrangement at a time."""

from collections.abc import Callable, Iterator
from itertools import combinations, product
from math import exp, prod

import numpy as np

from lib.inference.sets import Blocks

SHAPES = {  # (patients, treated) of each set
    "one treated": [(4, 1), (3, 1), (2, 1)],
    "one control": [(3, 2), (4, 3), (2, 1)],
    "several of both": [(4, 2), (5, 3), (3, 1)],
}


def blocks_of(shape: list[tuple[int, int]], log_odds: np.ndarray | None = None) -> Blocks:
    """The treated first in each set."""
    sizes, treated = np.array(shape).T
    rows = np.arange(int(sizes.sum()))
    return Blocks(rows, sizes, treated, np.arange(len(sizes)), log_odds)


def random_blocks(shape: list[tuple[int, int]], rng: np.random.Generator) -> Blocks:
    """With odds up to about ten times apart."""
    return blocks_of(shape, np.round(rng.normal(0, 0.8, sum(n for n, _ in shape)), 2))


def every_move(blocks: Blocks) -> Iterator[tuple[tuple[int, ...], float]]:
    """The treated of each arrangement, and its chance: in each set in proportion to the product of their odds."""
    ways = []
    for start, size, m in zip(blocks.starts.tolist(), blocks.sizes.tolist(), blocks.n_treated_of.tolist(), strict=True):
        chosen = [tuple(start + i for i in way) for way in combinations(range(size), m)]
        weight = [prod(exp(blocks.log_odds[i]) for i in way) for way in chosen]
        ways.append([(way, w / sum(weight)) for way, w in zip(chosen, weight, strict=True)])
    for arrangement in product(*ways):
        yield sum((way for way, _ in arrangement), ()), prod(chance for _, chance in arrangement)


def law_of(blocks: Blocks, statistic: Callable[[tuple[int, ...]], float]) -> tuple[np.ndarray, np.ndarray]:
    """The statistic of every arrangement, and its chance."""
    found = [(statistic(treated), chance) for treated, chance in every_move(blocks)]
    return np.array([value for value, _ in found]), np.array([chance for _, chance in found])


def sums(blocks: Blocks, scores: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """As law_of, of the treated patients' scores."""
    return law_of(blocks, lambda treated: float(scores[list(treated)].sum()))


def far_p(values: np.ndarray, chance: np.ndarray, observed: float) -> float:
    """Chance of a value at least as far from the mean."""
    mean = values @ chance
    return float(chance[np.abs(values - mean) >= abs(observed - mean) - 1e-9].sum())


def minlike_p(values: np.ndarray, chance: np.ndarray, observed: float) -> float:
    """Chance of the values that are no likelier."""
    distinct, index = np.unique(np.round(values, 9), return_inverse=True)
    p = np.bincount(index, chance)
    at = int(np.searchsorted(distinct, observed - 1e-6))
    return float(p[p <= p[at] * (1 + 1e-7)].sum())
