"""How often each number is wrong in simulated studies, in words (benchmarks.levels makes the numbers)."""

import math
from collections.abc import Iterator
from typing import Any

import pandas as pd

from .names import MEASURES, TESTS, in_words
from .numbers import DASH, percent
from .tables import TextTable, records

KINDS = {
    "event": "yes-or-no outcomes",
    "number": "numbers",
    "survival": "survival",
    "competing": "survival with competing events",
}
TITLES = {
    ("none", "quoted"): "Quoted numbers where treatment does nothing",
    ("none", ""): "The other numbers where treatment does nothing",
    ("some", "quoted"): "Quoted intervals where treatment does something",
    ("some", ""): "The other intervals where treatment does something",
}
LEAD = (
    "Every quoted p has to reject in at most 5.5 of 100 studies in which treatment does **nothing**, every quoted "
    "interval has to miss the truth in at most 5.5 of 100. Simulated for 4, 8, 30 and 100 sets, 1:1 to 1:4 and "
    "unequal sets, patients alike inside their sets or not, and event risks of 2 to 50%. A cell is the worst of these "
    "settings with its Monte Carlo error, and their average; marked cells are above 5.5% by more than chance explains, "
    "an asterisk says that the simulation cannot tell."
)
CONFOUNDING_LEAD = (
    "The same where the treated differ: by 0.6 standard deviations in each of three covariates on which the outcome "
    "depends, with a correct propensity score. A p may then be too small because the sets are too unlike. *Told* "
    "counts the studies in which the reader is told so: balance fails, or the odds inside the sets are so unequal "
    "that no p is printed as evidence."
)
CONFOUNDING_TITLE = "With confounding and a correct score"
HELP = (
    "A p of 0.05 promises that it comes about in at most 5 of 100 studies without an effect; a 95% interval, that it "
    "holds the truth in 95 of 100. Here both are counted in simulated studies of many sizes. The last column says in "
    "how many studies there is such a number."
)
NO_NUMBER = {"rare": "too rare", "few studies": "few studies"}


def _filled(rows: pd.DataFrame) -> pd.DataFrame:
    """Texts that a file holds as empty cells."""
    texts = ("how", "role", "worst", "verdict")
    return rows.assign(**{name: [t if isinstance(t, str) else "" for t in rows[name]] for name in texts})


def _by_kind(rows: pd.DataFrame) -> pd.DataFrame:
    """In the order of KINDS."""
    return rows.sort_values("kind", key=lambda kind: kind.map(list(KINDS).index), kind="stable")


def number_name(row: Any) -> str:
    """What a row is about: "p of Exact by set", "95% interval of ..."."""
    if row.part == "p":
        return f"p: {TESTS.get(row.name) or in_words(row.name)}"
    return f"95% interval: {MEASURES.get(row.name) or in_words(row.name)}" + (f"\n{row.how}" if row.how else "")


def levels_tables(rows: pd.DataFrame) -> list[TextTable]:
    """Quoted numbers, the others, then the same with an effect.  rows: benchmarks.levels.summary.COLUMNS."""
    rows = _by_kind(_filled(rows))
    rows = rows.assign(quoted=rows["role"].where(rows["role"] == "quoted", ""))
    made = []
    for (effect, role), title in TITLES.items():
        mine = rows[(rows["effect"] == effect) & (rows["quoted"] == role)]
        if len(mine):
            made.append(_table(mine, title))
    return made


def _table(rows: pd.DataFrame, title: str) -> TextTable:
    sizes = sorted(int(s) for s in rows["sets"].unique())
    lines: list[tuple[str, ...]] = []
    marks: set[tuple[int, int]] = set()
    for _, group in rows.groupby(["kind", "part", "name", "how"], sort=False, dropna=False):
        found = {int(r.sets): r for r in records(group)}
        first = next(iter(found.values()))
        marks |= {
            (len(lines), 2 + j) for j, size in enumerate(sizes) if size in found and found[size].verdict == "above"
        }
        cells = (level_cell(found[size]) if size in found else DASH for size in sizes)
        lines.append((KINDS[first.kind], number_name(first), *cells, existence(group)))
    heads = ("Outcome", "Number", *(f"{size} sets" for size in sizes), "Exists")
    return TextTable(title, heads, tuple(lines), marks=frozenset(marks))


def level_cell(row: Any) -> str:
    """ "4.8% ± 0.2", below it "average 3.1%"."""
    if not math.isfinite(row.share):
        return NO_NUMBER[row.verdict]
    open_question = "\u00a0*" if row.verdict.startswith("not") else ""
    return f"{percent(row.share)} ± {100 * row.standard_error:.1f}{open_question}\naverage {percent(row.average)}"


def existence(group: pd.DataFrame) -> str:
    """ "15.3 to 100%"."""
    low, high = group["exists_least"].min(), group["exists_most"].max()
    return percent(low) if low == high else f"{percent(low)} to {percent(high)}"


def confounding_table(rows: pd.DataFrame) -> TextTable:
    """A row an outcome of each design.  rows: benchmarks.levels.confounding.COLUMNS."""
    lines: list[tuple[str, ...]] = []
    marks: set[tuple[int, int]] = set()
    for r in records(rows):
        if r.verdict == "above":
            marks.add((len(lines), 7))
        lines.append(
            (
                r.cohort,
                r.outcome,
                f"{r.studies:,}",
                percent(r.rejected),
                percent(r.failed),
                f"{percent(r.withheld)}\ntypical odds {r.typical_odds:.2f}",
                percent(r.told),
                f"{percent(r.standing)} ± {100 * r.standard_error:.1f}" + (" *" if r.verdict.startswith("not") else ""),
                percent(r.among) if math.isfinite(r.among) else DASH,
            )
        )
    heads = (
        "Design",
        "Outcome",
        "Studies",
        "p ≤ 0.05",
        "Balance fails",
        "Odds of 2 or more",
        "Told",
        "p ≤ 0.05, not told",
        "Of those not told",
    )
    return TextTable(CONFOUNDING_TITLE, heads, tuple(lines), marks=frozenset(marks))


def missing_levels(rows: pd.DataFrame, confounded: pd.DataFrame) -> list[str]:
    """One sentence for each number above its level; the quoted ones first."""
    rows = _by_kind(_filled(rows))
    found = [*_above(rows[rows["role"] == "quoted"]), *_above(rows[rows["role"] != "quoted"])]
    for r in records(confounded[confounded["verdict"] == "above"] if len(confounded) else confounded):
        found.append(
            f"With confounding, {r.cohort}, {r.outcome}: {percent(r.standing)} have p ≤ 0.05 and are not told."
        )
    return found or ["Every number reaches it."]


def _above(rows: pd.DataFrame) -> Iterator[str]:
    for _, group in rows.groupby(["effect", "kind", "part", "name", "how"], sort=False):
        above = [r for r in records(group) if r.verdict == "above"]
        if not above:
            continue
        first = above[0]
        quoted, effect = (
            "Quoted. " if first.role == "quoted" else "",
            "" if first.effect == "none" else ", with an effect",
        )
        sizes = "; ".join(
            f"{r.sets} sets up to {percent(r.share)} ({r.worst}), above in {r.above} of {r.settings} settings"
            for r in above
        )
        yield f"{quoted}{KINDS[first.kind].capitalize()}, {number_name(first).replace(chr(10), ', ')}{effect}: {sizes}."
