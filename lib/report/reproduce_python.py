"""reproduce.py: repeats the match from the exported matched.csv with this program's own library."""

import json
from typing import Any

from .. import __version__
from ..steps import Steps
from .reproduce_facts import facts_of, match_only

TOLERANCE = 1e-8  # relative, or absolute below 1: other versions of numpy and scipy add in another order
SCRIPT = '''\
"""Repeat the match from matched.csv and compare it with result.json and balance.csv.

Run it in the folder that holds these files: python reproduce.py
Made by MatchLens {version}. Exit 0: counts, pair distances and standardised differences agree; 1: one of them differs;
2: it cannot be done here.
"""

import csv
import json
import sys

try:
    import matchlens as ml
except ModuleNotFoundError:
    try:
        import lib as ml
    except ModuleNotFoundError:
        print("MatchLens is not installed here; run this with its folder on PYTHONPATH.", file=sys.stderr)
        sys.exit(2)

TOLERANCE = {tolerance!r}
SPEC = json.loads(
    r"""
{spec}
"""
)


def agrees(here, there):
    """Whether two numbers agree; both may be missing."""
    if here is None or there is None or here != here or there != there:
        return (here is None or here != here) and (there is None or there != there)
    return here == there or abs(here - there) <= TOLERANCE * max(1.0, abs(there))


def compared():
    """What, here and in the files, a line each."""
    with open("result.json", encoding="utf-8") as file:
        result = json.load(file)
    with open("balance.csv", encoding="utf-8", newline="") as file:
        balance = list(csv.DictReader(file))
    cohort = ml.read("matched.csv", encoding="utf-8", delimiter=",", decimal=".", missing=())
    made = ml.run(cohort, SPEC)
    chosen, there = made.comparison, result["matching"]
    yield "patients", len(chosen.treated), result["n"]["rows"]
    yield "treated patients compared", chosen.n_matched(True), there["matched_treated"]
    yield "controls compared", chosen.n_matched(False), there["matched_control"]
    yield "sets", chosen.n_sets, there["sets"]
    distance = chosen.pairs["distance"]
    if there["pairs"] is not None:
        yield "pairs", len(distance), there["pairs"]
    if there["sum_distance"] is not None:
        yield "sum of pair distances", float(distance.sum()), there["sum_distance"]
        yield "largest pair distance", float(distance.max()), there["max_distance"]
    rows = made.balance.frame.to_dict("records")
    yield "rows of balance", len(rows), len(balance)
    for here, row in zip(rows, balance):
        for key in ("smd_before", "smd_after"):
            name = f"{{key}} of {{row['covariate']}} {{row['level']}}".rstrip()
            yield name, here[key], float(row[key]) if row[key] else None


def main():
    """Print every number that differs."""
    try:
        found = list(compared())
    except ml.AnalysisError as error:
        print(error, error.hint, sep="\\n", file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{{error.filename}} cannot be read; run this in the folder of the results.", file=sys.stderr)
        return 2
    differing = [line for line in found if not agrees(line[1], line[2])]
    for what, here, there in differing:
        print(f"DIFFERS: {{what}}: here {{here}}, in the files {{there}}")
    print(f"{{len(found) - len(differing)}} of {{len(found)}} numbers agree.")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
'''


def reproduce_python(steps: Steps) -> str:
    """The script. Names of columns stand in it as JSON in ASCII, so that none of them can be code."""
    return SCRIPT.format(version=__version__, tolerance=TOLERANCE, spec=_as_json(match_only(steps, facts_of(steps))))


def _as_json(asked: dict[str, Any]) -> str:
    """JSON in ASCII for a raw string in three double quotes: a quote inside a text is always behind a backslash."""
    return json.dumps(asked, indent=1, ensure_ascii=True)
