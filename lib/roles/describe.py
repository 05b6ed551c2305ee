"""What each column holds, in words that show no patient: counts, ranges, and levels where they are categories."""

import pandas as pd

from ..table import Table, number_text
from ..words import counted
from .facts import MOST_LEVELS, Facts, column_facts


def describe_columns(table: Table) -> pd.DataFrame:
    """DataFrame [column, type, n, missing, distinct, summary], a row per column in file order.

    type: "empty", "two values", "whole number", "number", "date" or "text". n, missing: rows. distinct: values.
    summary: the range of numbers, or the levels of a category. Identifiers, dates and free text show only how many
    different values they have.
    """
    facts = [column_facts(table.frame[name]) for name in table.frame.columns]
    return pd.DataFrame(
        {
            "column": [fact.name for fact in facts],
            "type": [_type(fact) for fact in facts],
            "n": [fact.n for fact in facts],
            "missing": [fact.rows - fact.n for fact in facts],
            "distinct": [fact.distinct for fact in facts],
            "summary": [_summary(table.frame[fact.name], fact) for fact in facts],
        }
    )


def _type(fact: Facts) -> str:
    """The kind of values a column holds, in plain words."""
    if not fact.n:
        return "empty"
    if fact.date:
        return "date"
    if fact.binary:
        return "two values"
    if fact.numeric:
        return "whole number" if fact.whole else "number"
    return "text"


def _summary(column: pd.Series, fact: Facts) -> str:
    if not fact.n:
        return ""
    hidden = fact.date or (fact.unique and not (fact.numeric and not fact.whole))
    few = fact.distinct <= MOST_LEVELS and 2 * fact.distinct <= fact.n
    if not hidden and few and (fact.binary or not fact.numeric):
        return ", ".join(fact.levels)
    if not hidden and fact.numeric:
        return f"{_short(column.min())} to {_short(column.max())}"
    return counted(fact.distinct, "different value")


def _short(value: float) -> str:
    return number_text(value) if float(value).is_integer() else f"{value:.6g}"
