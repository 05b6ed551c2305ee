"""The quality of the data as tables: what is odd, what is missing where, what is missing together."""

from ..cohort.quality import Quality
from .labels import Labels
from .numbers import counted, listed, percent
from .tables import TextTable, numbers_right, records, row_kinds

NO_VALUES = "Counts and ranges of the eligible patients; no outcome is looked at."


def quality_table(found: Quality, labels: Labels) -> TextTable:
    """A row for each flaw, what to look at first in its column; no row where nothing is odd."""
    rows = tuple((_name(labels, flaw.column), flaw.sentence, flaw.step) for flaw in found.flaws)
    kinds = row_kinds(flaw.level == "look" for flaw in found.flaws)
    heads = ("Column", "What was found", "What to do")
    return TextTable("What to look at in the data", heads, rows, (NO_VALUES,), kinds=kinds)


def quality_line(found: Quality) -> str:
    """How much there is to look at, in one sentence."""
    look = sum(flaw.level == "look" for flaw in found.flaws)
    if not look:
        return "Nothing odd was found in the columns known before treatment."
    columns = len({flaw.column for flaw in found.flaws if flaw.level == "look"})
    return f"{counted(look, 'thing')} to look at in {counted(columns, 'column')} known before treatment."


def missing_table(found: Quality, labels: Labels) -> TextTable:
    """The share missing of each column in each arm, columns with gaps alone."""
    treated, control = found.n
    gaps = found.missing[(found.missing["treated"] > 0) | (found.missing["control"] > 0)]
    rows = tuple(
        (
            _name(labels, row.column),
            f"{row.treated:,} ({percent(row.share_treated)})",
            f"{row.control:,} ({percent(row.share_control)})",
        )
        for row in records(gaps)
    )
    heads = ("Column", f"Missing in treated (of {treated:,})", f"Missing in controls (of {control:,})")
    return TextTable("What is missing", heads, rows, align=numbers_right(3))


def patterns_table(found: Quality, labels: Labels) -> TextTable:
    """What patients lack together, the most frequent first."""
    rows = tuple(
        (listed([_name(labels, name) for name in row.columns]), f"{row.treated:,}", f"{row.control:,}")
        for row in records(found.patterns)
    )
    return TextTable("What is missing together", ("Columns", "Treated", "Controls"), rows, align=numbers_right(3))


def _name(labels: Labels, column: str | None) -> str:
    return labels.column(column).name if column else ""
