"""Seconds of matching on one score: python -m benchmarks.line [--rows 1000000].

The score is the true logit of a cohort with seven standard normal covariates and about 9.5% treated; the caliper is 0.2
standard deviations of it. Prints a Markdown table: rows, what, seconds, pairs, total distance.
"""

import argparse
import time

import numpy as np

from lib.design.line import complete_width, full_pairs, largest_pairs, optimal_pairs


def cohort(rows: int, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """(score, treated) of a cohort in which treatment follows the score."""
    rng = np.random.default_rng(seed)
    score = -2.5 + 0.3 * rng.normal(size=(rows, 7)).sum(axis=1)
    return score, rng.random(rows) < 1 / (1 + np.exp(-score))


def tasks(x: np.ndarray, treated: np.ndarray) -> dict:
    """What is timed, by name."""
    width = 0.2 * x.std(ddof=1)
    return {
        "optimal 1:3": lambda: optimal_pairs(x, treated, 3),
        "optimal 1:3, caliper": lambda: optimal_pairs(x, treated, 3, width),
        "full": lambda: full_pairs(x, treated),
        "full, caliper": lambda: full_pairs(x, treated, width=width),
        "full, at most 50 and 3": lambda: full_pairs(x, treated, max_controls=50, max_treated=3),
        "full, a tenth left out": lambda: full_pairs(x, treated, omit=len(x) // 10),
        "the most pairs inside the caliper": lambda: largest_pairs(x, treated, 3, width),
        "the width that keeps everybody": lambda: complete_width(x, treated, 3),
    }


def timed(name: str, rows: int, x: np.ndarray, task) -> str:
    """One line of the table."""
    start = time.perf_counter()
    result = task()
    seconds = time.perf_counter() - start
    if isinstance(result, tuple):
        total = np.abs(x[result[0]] - x[result[1]]).sum()
        return f"| {rows:,} | {name} | {seconds:.2f} | {len(result[0]):,} | {total:.4f} |"
    return f"| {rows:,} | {name} | {seconds:.2f} | {result:,.6g} | |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000, 1_000_000])
    print("| rows | what | seconds | pairs | total |\n|---|---|---|---|---|")
    for rows in parser.parse_args().rows:
        x, treated = cohort(rows)
        for name, task in tasks(x, treated).items():
            print(timed(name, rows, x, task), flush=True)


if __name__ == "__main__":
    main()
