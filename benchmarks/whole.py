"""The whole run, from a file to the files of its results: python -m benchmarks.whole [--rows N ...].

Each size runs in a process of its own (`python -m lib bench --whole`), which draws a cohort with three outcomes, writes
it to a temporary file and then times what a user waits for. Prints a Markdown table.
"""

import argparse
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PARTS = ("read", "match", "balance", "outcomes", "write", "total")
GIGABYTE = 1 << 20  # of ru_maxrss, which counts KiB


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    options = parser.parse_args()
    print(f"| rows | {', s | '.join(PARTS)}, s | peak memory, GB |")
    print("|---:" * (len(PARTS) + 2) + "|")
    for rows in options.rows:
        told, peak = whole(rows)
        seconds = " | ".join(f"{told[part]:.2f}" for part in PARTS)
        print(f"| {rows:,} | {seconds} | {peak:.2f} |", flush=True)


def whole(rows: int) -> tuple[dict, float]:
    """The line that `bench --whole` prints, and the largest memory of its process in GB (drawing included)."""
    command = [sys.executable, "-m", "lib", "bench", "--whole", "--rows", str(rows)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)
    told = json.loads(process.stdout.read())
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return told, usage.ru_maxrss / GIGABYTE


if __name__ == "__main__":
    main()
