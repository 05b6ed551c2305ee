"""The oracle: a mangled file is read right, asked about, or refused in one sentence. Anything else is wrong."""

import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from lib.errors import AnalysisError
from lib.io import read_table
from lib.roles.guess import guess_spec
from lib.spec import AnalysisSpec
from lib.spec.reading import Reading
from lib.steps import Steps
from lib.table import Table, is_numeric, text_values
from tests.corpus.cohorts import AFTER, KNOWN, NUMBERS
from tests.corpus.draft import Draft, lines, written

RIGHT, ASKED, PARTLY, REFUSED, WRONG = "right", "asked", "partly", "refused", "wrong"
LIMIT = 10.0  # seconds for one file, whatever stands in it
SAME = 1e-9
LONGEST = 1_500  # letters of one sentence and its hint


@dataclass(frozen=True)
class Verdict:
    """kind: one of the five. why: a short code, or the sentence of a refusal. seconds: of everything."""

    kind: str
    why: str = ""
    seconds: float = 0.0


class IsWrong(Exception):
    """The program said something that is not so, or kept silent."""


def judged(draft: Draft, rng: np.random.Generator, whole: bool = False) -> Verdict:
    """What became of one file. whole: also a full run, held against that of the unmangled patients."""
    data, start = written(draft, rng), time.process_time()
    try:
        verdict = _judged(draft, data, whole)
    except IsWrong as wrong:
        verdict = Verdict(WRONG, str(wrong))
    except AnalysisError as error:
        verdict = _refusal(draft, error)
    seconds = time.process_time() - start
    return Verdict(WRONG, "slow", seconds) if seconds > LIMIT else replace(verdict, seconds=seconds)


def _refusal(draft: Draft, error: AnalysisError) -> Verdict:
    text = f"{error} {error.hint}"
    try:
        _require_discreet(draft, [text])
    except IsWrong as wrong:
        return Verdict(WRONG, str(wrong))
    plain = str(error).endswith((".", "?")) and error.hint and "\n" not in text
    return Verdict(REFUSED, str(error)) if plain else Verdict(WRONG, f"no sentence: {text[:200]}")


def _judged(draft: Draft, data: bytes, whole: bool) -> Verdict:
    table = read_table(data, draft.name)
    _require_discreet(draft, [*table.notes, *(q.text for q in table.questions)])
    asked = {q.column for q in table.questions if q.about == "number"}
    if asked:
        table = read_table(data, draft.name, _answers(draft, asked))
    seen = Seen(draft, table)
    found = {key: seen.state(key) for key in draft.header_of}
    spec = guess_spec(table)
    _require_discreet(draft, [t for q in spec.questions for t in (q.text, *q.candidates)])
    open_ = _check_roles(draft, seen, spec)
    outcome = _check_counts(draft, seen, _closed(draft, seen, spec), found)
    if whole:
        _check_whole_run(draft, seen, found)
    if asked or open_:
        return Verdict(ASKED, ", ".join(sorted(map(str, open_)) or ["number"]))
    left = sorted(key for key in (*KNOWN, "days", "dead") if found[key] != "same")
    if left or not outcome:
        return Verdict(PARTLY, "outcome not found" if not outcome else f"not used: {', '.join(left)}")
    return Verdict(RIGHT)


def _require_discreet(draft: Draft, texts: Iterable[str]) -> None:
    """No id and no remark of a patient in any sentence, and no sentence beyond measure."""
    ids = {value for value in draft.truth["id"] if len(value) >= 5}
    for text in texts:
        shown = [mark for mark in (*draft.cohort.marks, *ids) if mark in text]
        if shown:
            raise IsWrong(f"shows a patient: {text[:200]}")
        if len(text) > LONGEST:
            raise IsWrong(f"an endless sentence: {text[:200]}")


def _answers(draft: Draft, asked: set[str | None]) -> Reading:
    """What a user knows of the columns whose numbers are asked about."""
    columns = {_plain(column.header): column for column in draft.columns}
    decimal, thousands = {}, {}
    for name in asked:
        column = columns.get(_plain(name or ""))
        if column is not None:
            decimal[name] = column.decimal or draft.decimal
            thousands[name] = {"\u00a0": " ", "\u202f": " ", "\u2019": "'"}.get(column.thousands, column.thousands)
    return Reading(decimal=decimal, thousands=thousands)


def _plain(header: str) -> str:
    return " ".join(header.split()).casefold()


class Seen:
    """A table beside the file that it was read from: which of its rows is which row of the file."""

    def __init__(self, draft: Draft, table: Table) -> None:
        self.draft, self.table, self.frame = draft, table, table.frame
        self.names = {key: self._name(header) for key, header in draft.header_of.items()}
        self.place = self._places()  # per row of the table the row of the draft, -1 for a line that is no patient

    def _name(self, header: str) -> str | None:
        """The column that a header became."""
        return next((name for name in self.frame.columns if _plain(str(name)) == _plain(header)), None)

    def _places(self) -> np.ndarray:
        n = len(self.draft.origin)
        if len(self.frame) == n:
            return np.arange(n)
        records, of_row = lines(self.draft)
        header = len(self.draft.before)
        body = [
            place
            for record, place in list(zip(records, of_row, strict=True))[header + 1 :]
            if place >= 0 or "".join(record).strip()
        ]
        if len(self.frame) == len(body):
            return np.array(body)
        return self._places_by_id(body)

    def _places_by_id(self, body: list[int]) -> np.ndarray:
        """Rows by their ids; those of the file that are gone have to be named by a finding."""
        if self.names["id"] is None:
            raise IsWrong(f"rows: {len(self.frame)} of {len(self.draft.origin)}, and no id column")
        ids = [_id(value) for value in text_values(self.frame[self.names["id"]])]
        wanted = [(_id(self.draft.truth["id"][self.draft.origin[place]]), place) for place in body if place >= 0]
        found, at = [], 0
        for one in ids:
            later = next((k for k in range(at, len(wanted)) if wanted[k][0] == one), None)
            found.append(-1 if later is None else wanted[later][1])
            at = at if later is None else later + 1
        gone = len(self.draft.origin) - sum(place >= 0 for place in found)
        named = sum(len(finding.lines) for finding in self.table.findings)
        if gone > named:
            raise IsWrong(f"rows lost in silence: {gone} of {len(self.draft.origin)}")
        return np.array(found)

    def said(self, key: str) -> bool:
        """Whether the reader names the column in a finding or a question."""
        name = self.names[key]
        return any(f.column == name or f'"{name}"' in f.text for f in self.table.findings) or any(
            question.column == name for question in self.table.questions
        )

    def true_values(self, key: str) -> list:
        """What the patients of the table's rows truly have; None on a line that is no patient."""
        draft = self.draft
        column = draft.truth[key] if key in draft.truth else [None] * draft.cohort.n
        written_ = draft.column(key).values
        return [self._own(key, column, written_, place) for place in self.place]

    def _own(self, key: str, column: list, written_: list, place: int) -> Any:
        if place < 0:
            return None
        if not (self.draft.repeats and place >= self.draft.cohort.n):
            return column[self.draft.origin[place]]
        write = self.draft.column(key).write  # of a second row as of the first, where the words themselves changed
        return write(written_[place]) if key == "diabetes" and write and written_[place] else written_[place]

    def state(self, key: str) -> str:
        """What became of a column: "same", or "text", "excused" or "gone", each of them said. Raises IsWrong where the
        values differ, or where nothing was said."""
        if key not in self.draft.truth or key in ("comment", "leaving", "id"):
            return "same"
        name = self.names[key]
        if name is None:
            if not self.table.findings:
                raise IsWrong(f"column gone in silence: {key}")
            return "gone"
        if key in (*NUMBERS, "days", "los", "crp7"):
            return self._state_of_numbers(key, self.frame[name])
        return self._state_of_words(key, self.frame[name])

    def _state_of_numbers(self, key: str, column: pd.Series) -> str:
        if not is_numeric(column):
            if not self.said(key) and (self.place >= 0).all():
                raise IsWrong(f"numbers left as text in silence: {key}")
            return "text"
        wanted = np.array([np.nan if v is None else float(v) for v in self.true_values(key)])
        patients = self.place >= 0
        if np.allclose(column.to_numpy(float)[patients], wanted[patients], rtol=SAME, atol=0, equal_nan=True):
            return "same"
        if key in self.draft.excused and (self.said(key) or self._sentinel(key)):
            return "excused"
        raise IsWrong(f"other numbers: {key}")

    def _sentinel(self, key: str) -> bool:
        """-1 and -9 are numbers to any program that was told nothing."""
        return self.draft.column(key).gap in ("-1", "-9") or "last_line_cut" in self.draft.used

    def _state_of_words(self, key: str, column: pd.Series) -> str:
        texts = [None if v is None else str(v).strip().casefold() for v in text_values(column)]
        wanted = [None if v is None else self._as_written(key, v).strip().casefold() for v in self.true_values(key)]
        pairs = zip(texts, wanted, self.place, strict=True)
        if all(_same_word(a, b) for a, b, place in pairs if place >= 0):
            return "same"
        if key in self.draft.excused:
            return "excused"
        raise IsWrong(f"other words: {key}")

    def _as_written(self, key: str, value: Any) -> str:
        column = self.draft.column(key)
        return column.write(value) if column.write is not None and key == "dead" else str(value)


def _same_word(one: str | None, other: str | None) -> bool:
    """TRUE and T are one word for a reader of spreadsheets; so are m and male."""
    same = {"true": "t", "false": "f", "yes": "y", "no": "n"}
    if one is None or other is None:
        return one == other
    return same.get(one, one) == same.get(other, other)


def _id(value: str | None) -> str | None:
    return None if value is None else value.strip().lstrip("0")


def _check_roles(draft: Draft, seen: Seen, spec: AnalysisSpec) -> set[str]:
    """What is open. IsWrong where the guess decided wrongly."""
    open_ = {question.about for question in spec.questions if question.blocking}
    columns, names = spec.columns, seen.names
    leaked = {names.get(key) for key in AFTER} & {*columns.covariates, *columns.described} - {None}
    if leaked:
        raise IsWrong(f"an outcome among the covariates: {', '.join(sorted(leaked))}")
    right = columns.treatment == names["arm"] and _same_word(
        (columns.treated_value or "").strip().casefold(), draft.treated.casefold()
    )
    if not right and "treatment" not in open_:
        raise IsWrong(f"treatment: {columns.treatment} = {columns.treated_value}")
    for outcome in spec.outcomes:
        if names["dead"] in outcome.columns() and outcome.time not in (None, names["days"]) and "time" not in open_:
            raise IsWrong(f"time: {outcome.time}")
    repeats = draft.repeats and not any(question.about == "id" for question in spec.questions)
    if repeats and names["id"] is not None and columns.id != names["id"]:
        raise IsWrong("repeated ids unsaid")
    return open_ | ({"id"} if draft.repeats else set())


def _closed(draft: Draft, seen: Seen, spec: AnalysisSpec) -> AnalysisSpec:
    """The guess with every question answered as the user would, who knows the truth."""
    columns = spec.columns.model_dump(mode="json")
    open_ = {question.about for question in spec.questions}
    if "treatment" in open_:
        columns |= {"treatment": seen.names["arm"], "treated_value": draft.treated}
        for key in ("covariates", "categorical", "described"):
            columns[key] = [name for name in columns[key] if name != seen.names["arm"]]
        columns["id"] = None if columns["id"] == seen.names["arm"] else columns["id"]
    if draft.repeats:
        columns |= {"id": seen.names["id"], "repeated_ids": "first"}
        columns["covariates"] = [name for name in columns["covariates"] if name != seen.names["id"]]
        columns["categorical"] = [name for name in columns["categorical"] if name in columns["covariates"]]
    outcomes = [outcome.model_dump(mode="json") for outcome in spec.outcomes]
    if open_ & {"event", "time"}:
        outcomes = [o for o in outcomes if seen.names["dead"] not in (o["column"], o["event"])]
        used = {seen.names["dead"], seen.names["days"], seen.names["arm"]}
        outcomes = [o for o in outcomes if not used & {o["column"], o["event"], o["time"]}]
        outcomes.append(_death(draft, seen) | {"primary": not any(o["primary"] for o in outcomes)})
    return spec.replace(questions=[], columns=columns, outcomes=outcomes)


def _death(draft: Draft, seen: Seen) -> dict:
    names = seen.names
    return {
        "name": "death of the patient",
        "kind": "survival",
        "time": names["days"],
        "event": names["dead"],
        "event_value": draft.event,
    }


def _patients(draft: Draft) -> pd.DataFrame:
    """The unmangled patients, a row each, with what the mangling made unknown."""
    frame = pd.DataFrame({key: draft.truth[key] for key in ("id", "arm", *KNOWN, "days", "dead")}, dtype=object)
    return frame.assign(treated=[None if arm is None else arm == draft.treated for arm in frame["arm"]])


def _check_counts(draft: Draft, seen: Seen, spec: AnalysisSpec, found: dict[str, str]) -> bool:
    """The cohort of the answered guess has the patients and the deaths of the unmangled file; whether it has deaths."""
    steps = Steps(seen.table, spec)
    cohort = steps.cohort
    _require_discreet(draft, cohort.notes)
    patients = _patients(draft)
    known = patients[patients["treated"].notna()]
    in_file = cohort.attrition[0]
    counted = in_file.treated + in_file.control + in_file.unknown
    if counted < len(draft.origin) and counted < len(seen.frame):
        raise IsWrong(f"the flow starts with {counted} of {len(seen.frame)} rows")
    arms = [int(cohort.eligible_treated.sum()), int((~cohort.eligible_treated).sum())]
    if arms != [int(known["treated"].sum()), int((~known["treated"].astype(bool)).sum())]:
        raise IsWrong(f"patients: {arms}")
    return _check_deaths(draft, seen, spec, cohort, known, found)


def _check_deaths(draft, seen, spec, cohort, known, found) -> bool:
    told = False
    for outcome in spec.outcomes:
        if seen.names["dead"] not in outcome.columns() or outcome.columns()[-1] != seen.names["dead"]:
            continue
        told = True
        values = cohort.outcomes[outcome.name if outcome.kind == "binary" else f"{outcome.name}.event"].to_numpy()
        events = [np.nansum(values[cohort.eligible_treated]), np.nansum(values[~cohort.eligible_treated])]
        wanted = [known.loc[known["treated"] == arm, "dead"].sum() for arm in (True, False)]
        clear = found["dead"] == "same" and (outcome.kind == "binary" or found["days"] == "same")
        if clear and events != wanted:
            raise IsWrong(f"deaths: {events} of {wanted}")
    return told


def _check_whole_run(draft: Draft, seen: Seen, found: dict[str, str]) -> None:
    """Matched sets, estimates and p-values equal those of the unmangled patients, with the same choices."""
    covariates = [key for key in (*NUMBERS, "sex") if found[key] == "same" and draft.has(key)]
    if found["dead"] != "same" or found["days"] != "same" or found["arm"] != "same" or not covariates:
        return
    patients = _patients(draft)
    one = _truth_spec(draft, {key: key for key in patients.columns}, covariates)
    frame = patients.drop(columns="treated").astype(object)
    frame["dead"] = [draft.event if value else "survivor" for value in frame["dead"]]
    numbers = {key: pd.to_numeric(frame[key]) for key in (*NUMBERS, "days")}
    wanted = _numbers(Table.from_frame(frame.assign(**numbers)), one)
    got = _numbers(seen.table, _truth_spec(draft, seen.names, covariates))
    if wanted is None or got is None:
        if (wanted is None) != (got is None):
            raise IsWrong("only one of the two can be run")
        return
    if len(wanted) != len(got) or not np.allclose(got, wanted, rtol=SAME, atol=1e-12, equal_nan=True):
        raise IsWrong("the run gives other numbers")


def _truth_spec(draft: Draft, names: dict, covariates: list[str]) -> AnalysisSpec:
    outcome = {"name": "os", "kind": "survival", "time": names["days"], "event": names["dead"], "primary": True}
    return AnalysisSpec.from_dict(
        {
            "columns": {
                "id": names["id"],
                "treatment": names["arm"],
                "treated_value": draft.treated,
                "covariates": [names[key] for key in covariates],
                "repeated_ids": "first",
            },
            "matching": {"ratio": 1, "caliper": None},
            "outcomes": [outcome | {"event_value": draft.event}],
        }
    )


def _numbers(table: Table, spec: AnalysisSpec) -> np.ndarray | None:
    """How many are matched, and every number of the outcomes' tests and estimates; None where it cannot be run."""
    try:
        steps = Steps(table, spec)
        matched, outcomes = [steps.comparison.n_matched(arm) for arm in (True, False)], steps.outcomes
    except AnalysisError:
        return None
    rows = [asdict(row) for outcome in outcomes for row in (*outcome.tests, *outcome.estimates)]
    return np.array([*matched, *(v for row in rows for v in row.values() if isinstance(v, (int, float)))], dtype=float)
