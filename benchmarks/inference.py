"""The inference of matched sets against an obvious loop that does the same: python -m benchmarks.inference

Each line times one task here and the same arrangements one by one in numpy, in one process, one after the other, the
best of several. The loop is timed on fewer arrangements where it is slow, and scaled.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path

import numpy as np

from lib.design import match
from lib.inference import compare_outcomes, detectable, several_outcomes
from lib.inference.arrangements import every_total
from lib.inference.permutation import drawn_totals
from lib.inference.ranks import rank_sum_by_set
from lib.inference.sets import Blocks
from lib.inference.shift import hodges_lehmann_shift
from lib.io import read_csv
from lib.spec import AnalysisSpec
from lib.steps import run

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data" / "msc_covid19.csv"
REPEATS = 5
LOOPED = 200  # arrangements that the loop is timed on


@dataclass(frozen=True)
class Line:
    """One task: seconds here, and of the loop where there is one."""

    task: str
    ours: float
    loop: float | None = None

    def row(self) -> str:
        """A row of the Markdown table."""
        loop, ratio = ("", "") if self.loop is None else (f"{1000 * self.loop:,.0f}", f"{self.loop / self.ours:,.0f}")
        return f"| {self.task} | {1000 * self.ours:,.1f} | {loop} | {ratio} |"


def best(work: Callable[[], object]) -> float:
    """Seconds of the fastest of REPEATS runs."""
    took = []
    for _ in range(REPEATS):
        began = time.perf_counter()
        work()
        took.append(time.perf_counter() - began)
    return min(took)


def even_blocks(sets: int, controls: int) -> Blocks:
    """Sets of one treated patient and as many controls."""
    size = controls + 1
    return Blocks(np.arange(sets * size), np.full(sets, size), np.ones(sets, int), np.arange(sets))


def enumerated() -> Line:
    """All arrangements of ten outcomes of 8 sets of 1:3."""
    blocks, scores = even_blocks(8, 3), np.random.default_rng(1).normal(size=(32, 10))
    choices = np.array(list(product(range(4), repeat=8))) + blocks.starts

    def loop() -> None:
        for at in choices[:LOOPED]:
            scores[at].sum(axis=0)

    return Line(
        "8 sets of 1:3, ten outcomes, all 65,536 arrangements",
        best(lambda: every_total(scores, blocks.starts, blocks.sizes)),
        best(loop) * len(choices) / LOOPED,
    )


def drawn() -> Line:
    """10,000 random arrangements of 2,000 sets of 1:3."""
    blocks, scores = even_blocks(2_000, 3), np.random.default_rng(1).normal(size=(8_000, 1))
    rng = np.random.default_rng(1)

    def loop() -> None:
        for _ in range(LOOPED):
            scores[blocks.starts + rng.integers(0, 4, 2_000), 0].sum()

    return Line(
        "2,000 sets of 1:3, 10,000 permutations",
        best(lambda: drawn_totals(scores, blocks, 10_000, 1)),
        best(loop) * 10_000 / LOOPED,
    )


def ranks() -> Line:
    """Exact aligned-rank p by convolution, 200 sets: 4^200 arrangements that no loop can visit."""
    blocks = even_blocks(200, 3)
    ranked = 2 * np.random.default_rng(1).permutation(800) + 2
    return Line("200 sets of 1:3, exact rank test by convolution", best(lambda: rank_sum_by_set(ranked, blocks)))


def shift() -> Line:
    """Hodges-Lehmann shift with its interval by inversion, 500 sets."""
    blocks = even_blocks(500, 3)
    y = np.random.default_rng(1).normal(size=2_000)
    return Line("500 sets of 1:3, Hodges-Lehmann shift with interval", best(lambda: hodges_lehmann_shift(y, blocks)))


def sample_study() -> list[Line]:
    """Everything of the Outcomes page's sample study."""
    table = read_csv(SAMPLE.read_bytes())
    spec = AnalysisSpec.from_json(SAMPLE.with_suffix(".spec.json").read_bytes())
    done = run(table, spec)
    cohort, sample = done.cohort, match(done.cohort, done.propensity, spec.matching, spec.seed)
    return [
        Line("sample study, 11 outcomes, every test and effect", best(lambda: compare_outcomes(cohort, sample, 1))),
        Line("sample study, max-T over 11 outcomes", best(lambda: several_outcomes(cohort, sample, done.outcomes, 1))),
        Line("sample study, detectable differences (1,000 studies)", best(lambda: detectable([3] * 8, 1))),
    ]


def main() -> None:
    """Print the table of benchmarks/README.md."""
    print("| task | ms | the same in a loop, ms | times |\n|---|---:|---:|---:|")
    for line in (enumerated(), drawn(), ranks(), shift(), *sample_study()):
        print(line.row(), flush=True)


if __name__ == "__main__":
    main()
