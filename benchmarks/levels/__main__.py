"""python -m benchmarks.levels [--again] [--only KIND]; python -m benchmarks.levels --confounding [--again]; ... --page

Each scenario is written when it is done, so a run that was stopped goes on where it was; --again forgets what is there.
One process: about 22 minutes, and 5 with confounding. --page makes the summary for the page About this example and
docs/levels.md from what is there; so does every run at its end.
"""

import argparse
import time
from dataclasses import astuple
from pathlib import Path

import pandas as pd

from lib.io import write_csv

from . import confounding
from .scenarios import Scenario, every
from .summary import page, summary
from .tally import COLUMNS, TITLE, as_tuples, simulate

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CSV, CONFOUNDED = HERE / "levels.csv", HERE / "confounding.csv"
PAGE = ROOT / "docs" / "levels.md"
SAMPLES = ROOT / "sample_data"


def stored(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    """The rows that are there."""
    return pd.read_csv(path, keep_default_na=False, na_values=[""]) if path.exists() else pd.DataFrame(columns=columns)


def titles(table: pd.DataFrame) -> set[tuple[str, ...]]:
    """The scenarios that are done."""
    return {tuple(_text(value) for value in row) for row in table[list(TITLE)].itertuples(index=False)}


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def joined(table: pd.DataFrame, made: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The rows and the new ones, written."""
    table = made if table.empty else pd.concat([table, made], ignore_index=True)
    path.write_bytes(write_csv(table))
    return table


def run(scenarios: list[Scenario], again: bool) -> None:
    """Those that are not there yet, one after the other."""
    table = stored(CSV, COLUMNS)
    table = table.iloc[:0] if again else table
    done = titles(table)
    for scenario in (one for one in scenarios if one.title not in done):
        began = time.process_time()
        table = joined(table, pd.DataFrame(as_tuples(simulate(scenario)), columns=list(COLUMNS)), CSV)
        print(" ".join(scenario.title), f"{time.process_time() - began:.1f} s", flush=True)


def run_confounding(again: bool) -> None:
    """The same with confounding."""
    table = stored(CONFOUNDED, confounding.COLUMNS)
    table = table.iloc[:0] if again else table
    done = set(table["cohort"])
    for size in (one for one in confounding.SCENARIOS if one.title not in done):
        began = time.process_time()
        made = pd.DataFrame([astuple(row) for row in confounding.simulate(size)], columns=list(confounding.COLUMNS))
        table = joined(table, made, CONFOUNDED)
        print(size.title, f"{time.process_time() - began:.1f} s", flush=True)


def write_page() -> None:
    """docs/levels.md, and what the page About this example reads."""
    table, confounded = stored(CSV, COLUMNS), stored(CONFOUNDED, confounding.COLUMNS)
    (SAMPLES / "levels.csv").write_bytes(write_csv(summary(table)))
    (SAMPLES / "levels_confounding.csv").write_bytes(write_csv(confounded))
    PAGE.write_text(page(table, confounded), encoding="utf-8")


def main() -> None:
    """As the module says."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--again", action="store_true", help="forget what is there")
    parser.add_argument("--only", help="scenarios of this kind")
    parser.add_argument("--confounding", action="store_true", help="the studies with confounding instead")
    parser.add_argument("--page", action="store_true", help="nothing but the summary and the page")
    chosen = parser.parse_args()
    if chosen.confounding:
        run_confounding(chosen.again)
    elif not chosen.page:
        run([one for one in every() if chosen.only in (None, one.kind)], chosen.again)
    write_page()


if __name__ == "__main__":
    main()
