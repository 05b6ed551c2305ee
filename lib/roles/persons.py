"""Which column tells patients apart, and whether it really does."""

from collections.abc import Collection

import pandas as pd

from ..questions import Question
from ..words import counted
from . import choose
from .evidence import concept, evidence
from .facts import Facts

MOST_ROWS = 20  # rows for one id beyond which a column named like an id numbers something else
WAYS = ("stop", "first", "rows")


def id_column(facts: dict[str, Facts], unnamed: Collection[str] = ()) -> str | None:
    """The column named like an id: with a value of its own in every row if there is one, else one whose values repeat;
    else the first column, if it holds a different whole number or text in every row.

    unnamed: columns that the reader had to name: the names of rows tell no patients apart where a column says it does.
    """
    able = [fact for fact in facts.values() if not fact.date and (fact.whole or not fact.numeric) and fact.n]
    named = [fact for fact in able if fact.find(choose.ID) and not fact.find(choose.SITES)]
    unique = [fact for fact in able if fact.unique]
    for found in (
        [fact for fact in named if fact.unique and fact.name not in unnamed],
        [fact for fact in named if 2 * fact.distinct > fact.n and fact.name not in unnamed],
        [fact for fact in named if fact.unique],
        [fact for fact in unique if fact.find(choose.WEAK_ID)],
        [
            fact
            for fact in named
            if 2 < fact.distinct <= fact.n <= MOST_ROWS * fact.distinct and fact.distinct > fact.n / 20
        ],
    ):
        if found:
            return found[0].name
    first = next(iter(facts.values()), None)
    plain = first is not None and first in unique and concept(first) is None and evidence(first).side != "after"
    return first.name if first is not None and plain else None


def id_questions(frame: pd.DataFrame, name: str | None, treatment: str) -> tuple[Question, ...]:
    """What to do where ids stand in several rows: counts only, never an id."""
    if name is None:
        return ()
    ids = frame[name].dropna()
    repeated = ids.duplicated(keep=False)
    if not repeated.any():
        return ()
    n_ids, n_rows = int(ids[repeated].nunique()), int(repeated.sum())
    both = _in_both_arms(frame, ids[repeated], treatment)
    text = (
        f"{counted(len(frame), 'row')}, {counted(ids.nunique(), 'patient')}: {counted(n_ids, 'id')} "
        f"{'stands' if n_ids == 1 else 'stand'} in {counted(n_rows, 'row')}, {_both(both)}in both arms. "
        "Stop, keep the first row of each, or take every row as a patient?"
    )
    return (Question(about="id", column=name, candidates=WAYS, text=text),)


def _both(count: int) -> str:
    return "none of them " if not count else f"{'one' if count == 1 else count} of them "


def _in_both_arms(frame: pd.DataFrame, ids: pd.Series, treatment: str) -> int:
    """How many of the repeated ids have two values of the treatment."""
    if not treatment:
        return 0
    arms = frame.loc[ids.index, treatment]
    return int((arms.groupby(ids).nunique() > 1).sum())
