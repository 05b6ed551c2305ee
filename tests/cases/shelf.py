"""The shelf of files, and what a user does with one: read it, take the guess, answer what is asked, run."""

from functools import cache
from typing import Any

import pytest

from lib.errors import AnalysisError
from lib.io import read_table
from lib.report.files import result_dict
from lib.roles.guess import guess_spec
from lib.spec import AnalysisSpec
from lib.spec.reading import Reading
from lib.steps import run
from lib.table import Table
from tests.conftest import ROOT

FILES = ROOT / "tests" / "data" / "cases"
PRINTED = 1e-6  # the numbers from R are written down with six decimals
FOUR = 5.1e-5  # or with four
AS_IN_R = {"method": "nearest", "ratio": 3, "caliper": 0.2}  # the settings that the numbers from R belong to
ENDINGS = {"survival": ("time", "event"), "binary": ("column",)}


def raw(name: str) -> bytes:
    """The bytes of NAME.csv."""
    return (FILES / f"{name}.csv").read_bytes()


def read(name: str, reading: Reading | None = None) -> Table:
    """NAME.csv as the program reads it."""
    return read_table(raw(name), f"{name}.csv", reading or Reading())


@cache
def opened(name: str) -> Table:
    """The same without any answer, read once."""
    return read(name)


@cache
def guessed(name: str) -> AnalysisSpec:
    """The first spec of NAME.csv."""
    return guess_spec(opened(name))


def spec_of(name: str, **changes: Any) -> AnalysisSpec:
    """NAME.json, with whole sections replaced."""
    return AnalysisSpec.from_json((FILES / f"{name}.json").read_bytes()).replace(**changes)


def waiting(spec: AnalysisSpec) -> list:
    """The questions that an analysis waits for."""
    return [question for question in spec.questions if question.blocking]


def event_of(spec: AnalysisSpec, table: Table, *columns: str) -> set[str | None]:
    """The values that count as the event in the outcomes of the spec that read exactly these columns; a plain 0/1
    without a stated value has the event 1."""
    found = [o for o in spec.outcomes if o.columns() == columns]
    return {_stated(outcome, table) for outcome in found}


def _stated(outcome: Any, table: Table) -> str | None:
    values = set(table.frame[outcome.columns()[-1]].dropna().astype(str))
    return "1" if outcome.event_value is None and values <= {"0", "1", "0.0", "1.0"} else outcome.event_value


def as_in_r(spec: AnalysisSpec, **changes: Any) -> AnalysisSpec:
    """The spec with the matching that the numbers from R belong to, every question closed."""
    return spec.replace(questions=[], matching=AS_IN_R, **changes)


def result(table: Table, spec: AnalysisSpec) -> dict:
    """result.json of a run."""
    return result_dict(run(table, spec))


def refusal(table: Table, spec: AnalysisSpec) -> str:
    """The sentence and hint with which a run stops."""
    with pytest.raises(AnalysisError) as caught:
        result_dict(run(table, spec))
    return f"{caught.value} {caught.value.hint}"


def outcome_in(found: dict, name: str | None = None) -> dict:
    """One outcome of a result, the only or primary one without a name."""
    return next(o for o in found["outcomes"] if (o["primary"] if name is None else o["name"] == name))


def p_value(outcome: dict, test: str, sample: str = "matched") -> float:
    """The p of one test."""
    return next(t["p_value"] for t in outcome["tests"] if (t["name"], t["sample"]) == (test, sample))


AS_R = "normal limits"  # of the marginal hazard ratio, as coxph prints them; t on sets - 1 stands first


def estimate(outcome: dict, measure: str, method: str = "") -> list[float]:
    """The default estimate of a measure with its limits; the first whose method has these words, if given."""
    row = next(e for e in outcome["estimates"] if e["measure"] == measure and method in e["method"])
    return [row["estimate"], row["ci_low"], row["ci_high"]]


def arm(outcome: dict, *keys: str, arms: tuple[str, ...] = ("whole_treated", "whole_control")) -> list[tuple]:
    """These numbers of the summary of each arm."""
    return [tuple(outcome["summary"][name][key] for key in keys) for name in arms]


def is_the_whole_truth(found: dict, outcome: str | None = None) -> None:
    """The cohort of Truth L0 before matching: 10 and 50 patients, 3 and 21 deaths, Kaplan-Meier, log-rank."""
    told = outcome_in(found, outcome)
    assert found["n"] == {"rows": 60, "treated": 10, "control": 50}
    assert arm(told, "n", "events") == [(10, 3), (50, 21)]
    assert arm(told, "survival") == [(pytest.approx(0.7),), (pytest.approx(0.58),)]
    assert p_value(told, "logrank", "whole") == pytest.approx(0.507243, abs=PRINTED)


def is_the_truth(found: dict, outcome: str | None = None) -> None:
    """Truth L0 (R survival 3.5 and MatchIt 4.7.2), to the digits that R printed."""
    is_the_whole_truth(found, outcome)
    told = outcome_in(found, outcome)
    assert arm(told, "n", "events", arms=("treated", "matched_control")) == [(10, 3), (23, 13)]
    assert told["summary"]["matched_control"]["survival"] == pytest.approx(0.43333, abs=1e-5)
    assert estimate(told, "hazard_ratio", AS_R) == pytest.approx([0.448607, 0.152964, 1.315663], abs=PRINTED)
    assert p_value(told, "logrank_by_set") == pytest.approx(0.349825, abs=PRINTED)


def ids_in(table: Table, column: str) -> set[str]:
    """The ids of a file, to look for where none may stand."""
    return set(table.frame[column].dropna().astype(str))
