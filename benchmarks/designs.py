"""Optimal and full matching beside the Python peers, in one run: python -m benchmarks.designs [--peer-python PATH].

On the bench cohort (about 9.5% treated) with its fitted logit as the distance, which the peers are given; so only the
matching is timed, and everybody minimises the same sum, which is computed here from whoever was matched. Mahalanobis
full matching is timed on the study of benchmarks.cover. The peers run one after the other, each in a process of its own
with a limit of time and memory. Ends with an error if a peer matched more, or as much with a smaller total, than ours.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from lib.bench import COVARIATES, bench_spec, drawn_cohort
from lib.cohort import Cohort, build_cohort
from lib.design import Comparison, Sets, match
from lib.design.comparison import membership_of_labels
from lib.design.cover import cover_pairs
from lib.design.line import full_pairs, optimal_pairs
from lib.design.mahalanobis import mahalanobis_position
from lib.score.propensity import PropensityModel, fit_propensity
from lib.spec import AnalysisSpec
from lib.table import Table

from .cover import study
from .designs_peer import NO_MEMORY, NO_METHOD, RATIO, method_of

HEAD = "| patients | design | program | CPU, s | wall, s | times ours | patients in sets | pairs | total |"
TASKS = ("optimal 1:3", "optimal 1:3, caliper 0.2 SD", "full", "full, caliper 0.2 SD")
ROUNDING = 1e-9  # of a total: the peers add the same numbers in another order
WHY = {NO_METHOD: "cannot: no such method", NO_MEMORY: "cannot: needs more than {memory:g} GB"}


class Matched(NamedTuple):
    """CPU and wall seconds of one call, and the rows of every pair: int (p,) each."""

    cpu: float
    wall: float
    case: np.ndarray
    control: np.ndarray

    def total(self, position: np.ndarray) -> float:
        """The sum of the distances in a pair.  position: float (n, d)."""
        return float(np.sqrt(np.square(position[self.case] - position[self.control]).sum(axis=1)).sum())

    @property
    def patients(self) -> int:
        """Who is in a set."""
        return len(np.unique(self.case)) + len(np.unique(self.control))


class Study(NamedTuple):
    """name: in the table.  position: float (n, d), in which the peers and the algorithm alone measure.  own: in which
    lib.design.match does.  given: what the peers are given."""

    name: str
    treated: np.ndarray
    position: np.ndarray
    own: np.ndarray
    given: dict
    match: Callable[[str, float | None], Comparison]
    alone: Callable[[str, float | None], tuple[np.ndarray, np.ndarray]]


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer-python", help="Python with cohortmatch and pymatchit-causal installed; none: ours only")
    parser.add_argument("--rows", type=int, nargs="*", default=[5_000, 20_000, 100_000, 1_000_000])
    parser.add_argument("--treated", type=int, nargs="*", default=[1_000, 5_000], help="Mahalanobis: 10 controls each")
    parser.add_argument("--patience", type=int, default=300, help="seconds for a peer")
    parser.add_argument("--memory", type=float, default=16, help="GB for a peer")
    options = parser.parse_args()
    print(HEAD + "\n" + "|---" * HEAD.count(" |") + "|")
    for rows in options.rows:
        for task in TASKS:
            compare(on_the_score(rows), task, ("pymatchit", "cohortmatch"), options)
    for n_treated in options.treated:
        compare(mahalanobis(n_treated), "full, Mahalanobis", ("pymatchit", "cohortmatch"), options)


@cache
def on_the_score(rows: int) -> Study:
    """The bench cohort and its fitted logit."""
    spec, cohort, model = fitted(drawn_cohort(rows))
    x, treated = model.distance, cohort.treated

    def ours(method: str, caliper: float | None) -> Comparison:
        return match(cohort, model, bench_spec(RATIO, caliper, method).matching, spec.seed)

    def alone(method: str, caliper: float | None) -> tuple[np.ndarray, np.ndarray]:
        width = None if caliper is None else caliper * float(x.std(ddof=1))
        if method == "optimal":
            return optimal_pairs(x, treated, RATIO, width)
        return full_pairs(x, treated, width=width)

    given = {"treated": treated, "score": x}
    return Study(f"{rows:,}", treated, x[:, None], x[:, None], given, ours, alone)


def mahalanobis(n_treated: int) -> Study:
    """The study of benchmarks.cover. pymatchit measures with the covariance of all patients, lib.design.match with that
    within the arms, as MatchIt."""
    covariates, treated = study(n_treated, 10 * n_treated)
    frame = pd.DataFrame({"t": treated.astype(int), **dict(zip(COVARIATES, covariates.T, strict=True))})
    spec, cohort, model = fitted(frame)
    position = covariates @ np.linalg.cholesky(np.linalg.inv(np.cov(covariates.T)))
    asked = bench_spec(RATIO, None, "full").matching.model_copy(update={"metric": "mahalanobis"})
    return Study(
        f"{n_treated:,} x {10 * n_treated:,}",
        treated,
        position,
        mahalanobis_position(covariates, treated, np.ones(len(treated), dtype=bool)),
        {"treated": treated, "covariates": covariates},
        lambda method, caliper: match(cohort, model, asked, spec.seed),
        lambda method, caliper: cover_pairs(position, treated),
    )


def fitted(frame: pd.DataFrame) -> tuple[AnalysisSpec, Cohort, PropensityModel]:
    """What lib.design.match needs of a frame with the bench's columns."""
    spec = bench_spec(RATIO, None)
    cohort = build_cohort(Table.from_frame(frame), spec)
    return spec, cohort, fit_propensity(cohort, spec.propensity)


def compare(on: Study, task: str, peers: tuple[str, ...], options: argparse.Namespace) -> None:
    """One block of the table."""
    method, caliper = method_of(task)
    ours = timed(lambda: on.match(method, caliper), pairs_of)
    alone = timed(lambda: on.alone(method, caliper), lambda pairs: pairs)
    show(on.name, task, "MatchLens", ours, ours, on.own)
    show(on.name, task, "the algorithm alone", alone, ours, on.position)
    for name in peers if options.peer_python else ():
        theirs = peer(name, on, task, options)
        show(on.name, task, name, theirs, ours, on.position)
        if isinstance(theirs, Matched):
            never_worse(method, alone, theirs, on.position)


def timed(work: Callable, read: Callable) -> Matched:
    """Seconds of one call; the pairs are read from its result afterwards."""
    cpu, wall = time.process_time(), time.perf_counter()
    done = work()
    seconds = time.process_time() - cpu, time.perf_counter() - wall
    return Matched(*seconds, *read(done))


def pairs_of(sample: Comparison) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the treated and the control of every pair."""
    return sample.pairs["treated_row"].to_numpy(), sample.pairs["control_row"].to_numpy()


def peer(name: str, on: Study, task: str, options: argparse.Namespace) -> Matched | str:
    """What a peer matched, or why not."""
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "in.npz", Path(folder) / "out.npz"
        np.savez(source, **on.given)
        command = [options.peer_python, str(Path(__file__).with_name("designs_peer.py")), name, task, source, target]
        try:
            done = subprocess.run(
                [*map(str, command), str(options.memory)], capture_output=True, text=True, timeout=options.patience
            )
        except subprocess.TimeoutExpired:
            return f"cannot: did not end in {options.patience} s"
        if done.returncode:
            return WHY.get(done.returncode, "cannot: " + done.stderr.strip()[-80:]).format(memory=options.memory)
        seconds = json.loads(done.stdout.strip().splitlines()[-1])
        return Matched(seconds["cpu"], seconds["wall"], *pairs_in(np.load(target), on.treated))


def pairs_in(saved: Mapping[str, np.ndarray], treated: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Pairs of a peer. Sets given by labels are stars, or they are no full matching."""
    if "pairs" in saved:
        return saved["pairs"][:, 0], saved["pairs"][:, 1]
    sets = Sets(membership_of_labels(saved["label"], treated), treated)
    if not sets.stars:
        raise SystemExit("A peer's full matching has a set with several patients of both arms.")
    return sets.pairs["treated_row"].to_numpy(), sets.pairs["control_row"].to_numpy()


def never_worse(method: str, ours: Matched, theirs: Matched, position: np.ndarray) -> None:
    """Exit with an error if a peer made more pairs (of full matching: used more patients), or as many with a smaller
    total."""
    sizes = [found.patients if method == "full" else len(found.case) for found in (ours, theirs)]
    nearer = theirs.total(position) < ours.total(position) * (1 - ROUNDING)
    if sizes[1] > sizes[0] or (sizes[1] == sizes[0] and nearer):
        raise SystemExit("A peer found a better matching: ours is not optimal.")


def show(rows: str, task: str, program: str, found: Matched | str, ours: Matched, position: np.ndarray) -> None:
    """One line of the table."""
    if isinstance(found, str):
        print(f"| {rows} | {task} | {program} | {found} | | | | | |", flush=True)
        return
    print(
        f"| {rows} | {task} | {program} | {found.cpu:.2f} | {found.wall:.2f} | {found.cpu / ours.cpu:,.1f} "
        f"| {found.patients:,} | {len(found.case):,} | {found.total(position):,.6f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
