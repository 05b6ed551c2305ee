"""Episodes: when each patient was on what support. A second file, read beside the cohort and checked once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..errors import DataError
from ..table import Table, is_numeric, text_values
from ..words import counted, quoted

BREATHING = ("oxygen", "hfno", "niv", "invasive_ventilation", "ecmo")  # from the least to the most intensive
STAYS = ("icu", "hospital")
INFUSION = "infusion"
KNOWN_SUPPORTS = (*STAYS, *BREATHING, INFUSION)
SUPPORT, START, END = "support", "start_day", "end_day"
ROWS = ("patient", "support", "start", "end")
MOST_LISTED = 8  # unknown supports named in a note


@dataclass(frozen=True)
class Episodes:
    """Checked episodes of the N patients of a cohort's file.

    rows: DataFrame ROWS, by patient and day. patient: int, position in person_id; support: text in lower case with
        underscores; start, end: days from the cohort's day 0 (ICU admission in the study; negative before it),
        start <= end; equal for what lasts less than a day or a moment, such as an infusion. Within one support of one
        patient episodes touch at most.
    person_id: object (N,), text, in the order of the cohort's file.
    """

    rows: pd.DataFrame
    person_id: np.ndarray
    notes: tuple[str, ...] = ()

    @property
    def supports(self) -> tuple[str, ...]:
        """The supports of the file: the known ones in the order of KNOWN_SUPPORTS, then the others."""
        found = set(self.rows["support"])
        return (*(s for s in KNOWN_SUPPORTS if s in found), *sorted(found - set(KNOWN_SUPPORTS)))

    def of(self, supports: Sequence[str]) -> pd.DataFrame:
        """The rows of these supports."""
        return self.rows[self.rows["support"].isin(supports)]

    def places(self, ids: np.ndarray) -> np.ndarray:
        """int (k,): the position in person_id of each id; every id of the cohort's file has one. ids: object (k,)."""
        return pd.Index(self.person_id).get_indexer(ids)


def read_episodes(table: Table, person_id: np.ndarray, id_column: str = "patient_id") -> Episodes:
    """The episodes of a table with the columns `id_column` (or patient_id), support, start_day and end_day.

    person_id: the ids of the cohort's file as lib.table.text_values, (N,); the episodes of ids that the file does not
    hold are an error, patients without an episode are not. Supports are compared in lower case with blanks and hyphens
    as underscores; unknown ones are kept and named in a note.
    Raises DataError, one sentence: a column is absent, a cell is empty, days are no numbers (dates), an episode ends
    before it starts, names a patient that the cohort lacks, or overlaps another of the same support and patient.
    """
    columns = _columns(table.frame, id_column)
    _require_cells(table.frame[columns])
    days = [_days(table.frame[name]) for name in (START, END)]
    _require_order(*days)
    position = _positions(text_values(table.frame[columns[0]]), person_id)
    support = np.array([_normal(text) for text in text_values(table.frame[SUPPORT])], dtype=object)
    rows = pd.DataFrame(dict(zip(ROWS, (position, support, *days), strict=True)))
    _require_apart(rows)
    rows = rows.sort_values(["patient", "start", "end", "support"], kind="stable", ignore_index=True)
    return Episodes(rows, person_id, table.notes + _unknown_note(rows))


def _columns(frame: pd.DataFrame, id_column: str) -> list[str]:
    found = next((name for name in (id_column, "patient_id") if name in frame.columns), id_column)
    wanted = [found, SUPPORT, START, END]
    absent = [name for name in wanted if name not in frame.columns]
    if absent:
        word = "the column" if len(absent) == 1 else "the columns"
        raise DataError(f"The episodes file lacks {word} {quoted(absent)}.", f"It needs {quoted(wanted)}.")
    if not len(frame):
        raise DataError("The episodes file holds no episode.", "Give one row for each episode of each patient.")
    return wanted


def _require_cells(frame: pd.DataFrame) -> None:
    gaps = frame.isna().sum()
    if not gaps.any():
        return
    name = gaps.index[int(gaps.to_numpy().argmax())]
    raise DataError(
        f'Column "{name}" of the episodes file is empty in {counted(int(gaps[name]), "row")}.',
        "Fill every cell; for a support that still runs give the last day of follow-up as its end.",
    )


def _days(column: pd.Series) -> np.ndarray:
    if not is_numeric(column):
        raise DataError(
            f'Column "{column.name}" of the episodes file holds text; episodes need numbers of days.',
            "Give days from the day that follow-up starts (ICU admission is day 0), not dates.",
        )
    days = column.to_numpy(dtype=float)
    if not np.isfinite(days).all():
        raise DataError(f'Column "{column.name}" of the episodes file holds infinite days.', "Give finite numbers.")
    return days


def _require_order(start: np.ndarray, end: np.ndarray) -> None:
    backwards = int((end < start).sum())
    if backwards:
        verb = "ends before it starts" if backwards == 1 else "end before they start"
        raise DataError(f"{counted(backwards, 'episode')} {verb}.", f'Check "{START}" and "{END}" of these rows.')


def _positions(ids: np.ndarray, person_id: np.ndarray) -> np.ndarray:
    """int, the place of each id in person_id."""
    known = pd.Index(person_id)
    if known[known.notna()].has_duplicates:
        raise DataError(
            "The cohort names a patient in several rows, so episodes cannot be given to one of them.",
            "Choose an id column without repeats on the Data page.",
        )
    position = pd.Series(range(len(known)), index=known)[known.notna()].reindex(ids)
    unknown = pd.unique(ids[position.isna().to_numpy()])
    if len(unknown):
        raise DataError(
            f"The episodes file names {counted(len(unknown), 'patient')} that the cohort does not hold.",
            "Use the same ids in both files, and leave out patients who are not in the cohort.",
        )
    return position.to_numpy(dtype=int)


def _normal(text: str) -> str:
    return "_".join(text.casefold().replace("-", " ").replace("_", " ").split())


def _require_apart(rows: pd.DataFrame) -> None:
    ordered = rows.sort_values(["patient", "support", "start", "end"])
    reached = ordered.groupby(["patient", "support"])["end"].cummax()
    last = reached.groupby([ordered["patient"], ordered["support"]]).shift()
    over = ordered.loc[(ordered["start"] < last).to_numpy(), "support"]
    if len(over):
        raise DataError(
            f"{counted(len(over), 'episode')} overlap an earlier one of the same patient and support "
            f"({quoted(sorted(over.unique())[:MOST_LISTED])}).",
            "Join or correct these episodes; one may start on the day on which another ends.",
        )


def _unknown_note(rows: pd.DataFrame) -> tuple[str, ...]:
    other = rows.loc[~rows["support"].isin(KNOWN_SUPPORTS), "support"].value_counts().sort_index()
    if not len(other):
        return ()
    listed = ", ".join(f'"{name}" ({counted(n, "episode")})' for name, n in other.head(MOST_LISTED).items())
    more = f" and {len(other) - MOST_LISTED} more" if len(other) > MOST_LISTED else ""
    return (f"Supports that are not among {', '.join(KNOWN_SUPPORTS)}: {listed}{more}. They are kept as they stand.",)
