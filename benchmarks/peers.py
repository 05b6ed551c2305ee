"""MatchLens beside the Python peers on the same cohort in one run: python -m benchmarks.peers --peer-python PATH.

Draws the bench cohort, writes it once to a temporary file, and lets each program fit, match and assess balance in a
process of its own, one after the other. Prints a Markdown table with seconds, peak memory and each peer's time as a
multiple of ours. Ours is the median of three runs; a peer runs once and is stopped after --patience seconds.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from lib.bench import drawn_cohort
from lib.io import write_csv

ROOT = Path(__file__).resolve().parent.parent
RUNS = 3
OURS = (
    "import json, resource, sys; from pathlib import Path; from lib.bench import run_bench; "
    "r = run_bench(0, int(sys.argv[2]), float(sys.argv[3]), Path(sys.argv[1])); "
    "print(json.dumps({'fit_and_match': r.fit + r.match, 'balance': r.balance, 'pairs': r.pairs, "
    "'peak_gb': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20}))"
)


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peer-python", required=True, help="Python with cohortmatch and pymatchit-causal installed")
    parser.add_argument("--rows", type=int, nargs="+", default=[20_000, 100_000, 1_000_000])
    parser.add_argument("--ratio", type=int, default=3)
    parser.add_argument("--caliper", type=float, default=0.2)
    parser.add_argument("--patience", type=int, default=300)
    options = parser.parse_args()
    print("| rows | program | fit + match, s | balance, s | times ours | pairs | peak GB |")
    print("|---|---|---|---|---|---|---|")
    for rows in options.rows:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "bench.csv"
            cohort = drawn_cohort(rows)
            cohort.insert(0, "id", range(1, rows + 1))
            path.write_bytes(write_csv(cohort))
            compare(path, rows, options)


def compare(path: Path, rows: int, options: argparse.Namespace) -> None:
    """One block of the table."""
    settings = [str(path), str(options.ratio), str(options.caliper)]
    runs = [timed([sys.executable, "-c", OURS, *settings], options.patience) for _ in range(RUNS)]
    ours = sorted(runs, key=total)[RUNS // 2]
    show(rows, f"MatchLens (median of {RUNS})", ours, ours)
    for name in ("cohortmatch", "pymatchit"):
        runner = str(Path(__file__).with_name("peer_runner.py"))
        show(rows, name, timed([options.peer_python, runner, name, *settings], options.patience), ours)


def timed(command: list[str], patience: int) -> dict | None:
    """The line of JSON that a program prints; None when it did not end in time or failed."""
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=patience, check=True)
    except (subprocess.TimeoutExpired, subprocess.CalledProcessError):
        return None
    return json.loads(done.stdout.strip().splitlines()[-1])


def total(found: dict) -> float:
    """Fit, match and balance together."""
    return found["fit_and_match"] + found["balance"]


def show(rows: int, name: str, found: dict | None, ours: dict) -> None:
    """One line of the table."""
    if found is None:
        print(f"| {rows:,} | {name} | did not end in time or failed | | | | |", flush=True)
        return
    print(
        f"| {rows:,} | {name} | {found['fit_and_match']:.3f} | {found['balance']:.3f} "
        f"| {total(found) / total(ours):.1f} | {found['pairs']:,} | {found['peak_gb']:.2f} |",
        flush=True,
    )


if __name__ == "__main__":
    main()
