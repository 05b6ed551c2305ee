"""Ids that repeat: said with persons, rows and arms, and one of three ways out (stop, the first row, every row)."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import DataError
from ..spec import Columns
from ..table import Table, text_values
from ..words import counted

FIRST_STEP = "First row of each patient"
WAYS_OUT = (
    'Take the first row of each person (`columns.repeated_ids` "first") or every row as a patient of its own ("rows"), '
    "choose one row of each with an eligibility rule, or choose another id column."
)


@dataclass(frozen=True)
class Repeated:
    """Ids of one column that stand in several rows.  persons: so many ids. rows: all rows of theirs. both_arms: persons
    who have rows of more than one value of the treatment."""

    column: str
    persons: int
    rows: int
    both_arms: int

    @property
    def sentence(self) -> str:
        """In words, without any id."""
        who, verb = (counted(self.persons, "person"), "stands" if self.persons == 1 else "stand")
        arms = f", {counted(self.both_arms, 'person')} in both arms" if self.both_arms else ", nobody in both arms"
        return f'The id column "{self.column}" has duplicate ids: {who} {verb} in {counted(self.rows, "row")}{arms}.'


def repeated_ids(table: Table, columns: Columns) -> Repeated | None:
    """Whose id stands in several rows of the whole file; None where there is no id column or nobody's does."""
    name, frame = columns.id, table.frame
    if name is None or not {name, columns.treatment} <= set(frame.columns):
        return None
    return _repeated(frame[name], text_values(frame[columns.treatment]))


def check_ids(eligible: pd.DataFrame, treated: np.ndarray, columns: Columns) -> None:
    """Raise DataError when an eligible patient has no id, or where ids repeat and the spec says to stop. Never shows an
    id.  treated: bool, a row of `eligible` each."""
    if columns.id is None:
        return
    ids = eligible[columns.id]
    blank = int(ids.isna().sum())
    if blank:
        raise DataError(
            f'The id column "{columns.id}" is empty in {counted(blank, "row")}.', "Give every patient an id."
        )
    found = _repeated(ids, treated) if columns.repeated_ids == "stop" else None
    if found is not None:
        raise DataError(found.sentence, WAYS_OUT)


def first_rows(column: pd.Series) -> np.ndarray:
    """bool (n,): the first row in the file of every id, and rows without one."""
    return ~column.duplicated(keep="first").to_numpy() | column.isna().to_numpy()


def repeated_notes(frame: pd.DataFrame, eligible: pd.DataFrame, columns: Columns) -> tuple[str, ...]:
    """What was done where ids repeat.  frame: the file."""
    if columns.id is None or columns.repeated_ids == "stop":
        return ()
    if columns.repeated_ids == "first":
        gone = int((~first_rows(frame[columns.id])).sum())
        said = (
            f'Of every id in column "{columns.id}" the first row of the file counts; {counted(gone, "row")} left out.'
        )
        return (said,) if gone else ()
    found = _repeated(eligible[columns.id], np.zeros(len(eligible)))
    if found is None:
        return ()
    return (
        f'In column "{columns.id}" {counted(found.persons, "person")} stand in {counted(found.rows, "row")}, and every '
        "row counts as a patient of its own. Rows of one person are not independent, so intervals are too narrow and "
        "p-values too small.",
    )


def told_apart(ids: np.ndarray, file_rows: np.ndarray) -> np.ndarray:
    """Text ids (n,) of which those that repeat name their row in the file too (1 is the first)."""
    again = pd.Series(ids).duplicated(keep=False).to_numpy()
    if not again.any():
        return ids
    made = ids.copy()
    made[again] = [f"{one} (row {row + 1})" for one, row in zip(ids[again], file_rows[again], strict=True)]
    return made


def _repeated(ids: pd.Series, arms: np.ndarray) -> Repeated | None:
    """arms: (n,), what tells the arms apart; None or NaN where unknown."""
    again = (ids.duplicated(keep=False) & ids.notna()).to_numpy()
    if not again.any():
        return None
    of_person = pd.Series(arms[again]).groupby(ids[again].to_numpy(), sort=False).nunique()
    return Repeated(str(ids.name), len(of_person), int(again.sum()), int((of_person > 1).sum()))
