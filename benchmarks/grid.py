"""Specifications a second: python -m benchmarks.grid [--peer-python PATH].

Runs `python -m lib grid` on the sample study with 2,400 whole specifications (fit, match, balance, and three outcomes
with exact p by set), start-up and writing included; then, in the same run, loops the Python peers over some of the
same specifications (fit, match and balance only) in a process each. Prints a Markdown table.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from lib.cohort import build_cohort
from lib.io import read_csv, write_csv
from lib.spec import AnalysisSpec

ROOT = Path(__file__).resolve().parent.parent
SAMPLE = ROOT / "sample_data/msc_covid19"
OUTCOMES = ("death_28d", "icu_free_days", "survival")
RATIOS, CALIPERS = [1, 2, 3, 4, 5], [0.1, 0.2, 0.5, 1.0]


def grid_spec() -> AnalysisSpec:
    """2,400 combinations around the published specification."""
    spec = AnalysisSpec.from_json(SAMPLE.with_suffix(".spec.json").read_bytes())
    axes = {
        "columns.covariates": covariate_sets(spec),
        "propensity.model": ["logit", "firth"],
        "propensity.distance": ["logit", "probability"],
        "matching.order": ["largest", "smallest", "closest", "random", "data"],
        "matching.ratio": RATIOS,
        "matching.caliper": CALIPERS,
    }
    kept = [outcome for outcome in spec.outcomes if outcome.name in OUTCOMES]
    return spec.replace(outcomes=kept, sensitivity={"grid": axes})


def covariate_sets(spec: AnalysisSpec) -> list[list[str]]:
    """All of them, and five sets that lack one."""
    everything = list(spec.columns.covariates)
    return [everything, *([name for name in everything if name != left_out] for left_out in everything[:5])]


def ours(folder: Path, jobs: int) -> tuple[int, float]:
    """Specifications done, and the wall-clock seconds of the whole command."""
    (folder / "spec.json").write_text(grid_spec().to_json())
    command = [
        sys.executable,
        "-m",
        "lib",
        "grid",
        "--data",
        str(SAMPLE.with_suffix(".csv")),
        "--spec",
        str(folder / "spec.json"),
        "--out",
        str(folder / f"out{jobs}"),
        "--jobs",
        str(jobs),
    ]
    started = time.perf_counter()
    subprocess.run(command, cwd=ROOT, check=True)
    seconds = time.perf_counter() - started
    return len((folder / f"out{jobs}/grid.csv").read_text().splitlines()) - 1, seconds


def peer(python: str, name: str, folder: Path, many: int, patience: int) -> tuple[int, float] | None:
    """Specifications done and seconds; None when it failed or did not end in time."""
    spec = grid_spec()
    table = read_csv(SAMPLE.with_suffix(".csv").read_bytes())
    cohort = build_cohort(table, spec)
    (folder / "peer.csv").write_bytes(write_csv(cohort.covariates.assign(t=cohort.treated.astype(int))))
    asked = [[names, ratio, caliper] for names in covariate_sets(spec) for ratio in RATIOS for caliper in CALIPERS]
    (folder / "specs.json").write_text(json.dumps(asked[: many + 1]))
    command = [
        python,
        str(Path(__file__).with_name("grid_peer.py")),
        name,
        str(folder / "peer.csv"),
        str(folder / "specs.json"),
    ]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=patience, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    found = json.loads(done.stdout.strip().splitlines()[-1])
    return found["done"], found["seconds"]


def show(name: str, does: str, found: tuple[int, float] | None) -> None:
    """One line of the table."""
    if found is None:
        print(f"| {name} | {does} | failed or did not end in time | | |", flush=True)
        return
    done, seconds = found
    print(f"| {name} | {does} | {done:,} | {seconds:.1f} | {done / seconds:,.0f} |", flush=True)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer-python", help="Python with cohortmatch and pymatchit-causal installed")
    parser.add_argument("--peer-specs", type=int, default=60)
    parser.add_argument("--patience", type=int, default=300)
    options = parser.parse_args()
    whole, part = "fit, match, balance, 3 outcomes by set; start-up included", "fit, match, balance; start-up excluded"
    print("| program | what | specifications | seconds | a second |\n|---|---|---|---|---|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for jobs in (2, 1):
            show(f"MatchLens, --jobs {jobs}", whole, ours(folder, jobs))
        for one in ("cohortmatch", "pymatchit") if options.peer_python else ():
            found = peer(options.peer_python, one, folder, options.peer_specs, options.patience)
            show(f"{one}, in a loop", part, found)


if __name__ == "__main__":
    main()
