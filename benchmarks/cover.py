"""Optimal matching on a distance in seven dimensions, in seconds: python -m benchmarks.cover

Each line is one study drawn from a seed: treated with means 0.3 SD above the controls' in every covariate.
"""

import time
from collections.abc import Callable

import numpy as np

from lib.design.assignment import assign_pairs
from lib.design.cover import cover_pairs

SIZES = [(1_000, 10_000), (5_000, 50_000)]
DIMENSIONS = 7
SHIFT = 0.3
METHODS: dict[str, Callable[..., tuple[np.ndarray, np.ndarray]]] = {
    "full": cover_pairs,
    "optimal 1:3": lambda position, treated: assign_pairs(position, treated, 3),
}


def study(n_treated: int, n_controls: int) -> tuple[np.ndarray, np.ndarray]:
    """Positions float (n, 7) and treated bool (n,)."""
    treated = np.arange(n_treated + n_controls) < n_treated
    noise = np.random.default_rng(20261127).normal(size=(len(treated), DIMENSIONS))
    return noise + SHIFT * treated[:, None], treated


def line(name: str, n_treated: int, n_controls: int) -> str:
    """One row of the Markdown table."""
    position, treated = study(n_treated, n_controls)
    start = time.perf_counter()
    rows = METHODS[name](position, treated)
    seconds = time.perf_counter() - start
    total = np.sqrt(np.square(position[rows[0]] - position[rows[1]]).sum(axis=1)).sum()
    return f"| {name} | {n_treated:,} x {n_controls:,} | {len(rows[0]):,} | {total:,.2f} | {seconds:.2f} |"


def main() -> None:
    print("| method | treated x controls | pairs | total distance | seconds |\n|---|---|---|---|---|")
    for size in SIZES:
        for name in METHODS:
            print(line(name, *size), flush=True)


if __name__ == "__main__":
    main()
