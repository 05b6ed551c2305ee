"""What a spec file may be: one sentence each, soon, before anything of it is expanded."""

import json
import time
from typing import Any

import pytest

from lib.errors import SpecError
from lib.questions import Question
from lib.sensitivity.axes import plan_grid
from lib.spec import AnalysisSpec
from lib.spec.questions import require_answers, used_columns

SOON = 2.0  # seconds; under one on a machine that does nothing else
PLAIN = {
    "columns": {"treatment": "arm", "covariates": ["age"]},
    "outcomes": [{"name": "death", "kind": "binary", "column": "died"}],
}
SURVIVAL = {"name": "s", "kind": "survival", "time": "days", "event": "died", "event_value": "1"}
MANY = 9_999


def names(count: int) -> list[str]:
    return [f"c{i}" for i in range(count)]


def with_settings(**sections: Any) -> str:
    return json.dumps(PLAIN | sections)


def sentence(text: str | bytes) -> str:
    started = time.perf_counter()
    with pytest.raises(SpecError) as caught:
        plan_grid(AnalysisSpec.from_json(text))
    assert time.perf_counter() - started < SOON
    assert str(caught.value).endswith(".")
    assert str(caught.value).count(". ") == 0
    assert len(str(caught.value)) < 300
    assert caught.value.hint
    return str(caught.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[" * 100_000 + "]" * 100_000, "nested more than 30 deep"),
        ('{"a":' * 100_000, "nested more than 30 deep"),
        ('["\\\\", ' * 50 + "1", "nested more than 30 deep"),
        ('{"columns": {"treatment": "\\ud800"}}', "half a character"),
        ('{"\\udfff": 1}', "half a character"),
        ('{"columns": NaN}', "holds NaN"),
        ('{"seed": -Infinity}', "holds -Infinity"),
        ('{"seed": 1e400}', "too large"),
        ('{"seed": ' + "9" * 401 + "}", "401 digits"),
        ('{"seed": ' + "9" * 5_000 + "}", "5,000 digits"),
        ('{"seed": 1, "seed": 2}', "sets `seed` twice"),
        ('{"columns": {"treatment": "a", "treatment": "b"}}', "sets `treatment` twice"),
        ("", "not valid JSON"),
        (b"\xff\xfe\x00", "not valid JSON"),
        (b"\x80", "not valid JSON"),
        ("null", "must be an object"),
        (b'{"a": "' + b"x" * 3_000_000 + b'"}', "longer than 2 MB"),
        (with_settings(columns={"treatment": "x" * 20_000}), "text of 20,000 letters"),
        (with_settings(columns={"treatment": "t", "covariates": names(10**5)}), "a list of 100,000 entries"),
        (with_settings(columns={"treatment": "t", "covariates": names(10**6)}), "longer than 2 MB"),
        (with_settings(matching={"method": "nearest", "exact": names(10**5)}), "a list of 100,000 entries"),
        (with_settings(matching={"method": "nearest", "exact": names(MANY)}), "9,999 entries; 100 are the most"),
        (with_settings(outcomes=[SURVIVAL | {"times": list(range(1, 10**5))}]), "a list of 99,999 entries"),
        (with_settings(outcomes=[SURVIVAL | {"times": list(range(1, 9_000))}]), "8,999 entries; 5,000 are the most"),
        (with_settings(outcomes=[SURVIVAL | {"name": name} for name in names(MANY)]), "500 are the most"),
        (with_settings(eligibility=[{"column": "a", "op": ">", "value": 1}] * MANY), "500 are the most"),
        (with_settings(free_days={"supports": names(MANY)}), "500 are the most"),
        (with_settings(free_days={"hierarchy": names(MANY)}), "500 are the most"),
        (
            with_settings(columns={"treatment": "t", "covariates": names(MANY), "log": [f"d{i}" for i in range(MANY)]}),
            "not among the covariates",
        ),
    ],
)
def test_files_that_nobody_writes(text: str | bytes, words: str) -> None:
    assert words in sentence(text)


@pytest.mark.parametrize("power", [19, 30, 200])
def test_grids_that_nobody_can_run(power: int) -> None:
    """10 to this power combinations: ten values of each of so many settings, or more of fewer."""
    axes = min(power, 45)
    values = list(range(10 if power < 200 else 40_000 // axes))
    grid = {f"matching.covariate_calipers.c{i}": values for i in range(axes)}
    assert "10,000,000 combinations" in sentence(with_settings(sensitivity={"grid": grid}))


def test_a_grid_of_too_many_settings() -> None:
    grid = {f"matching.covariate_calipers.{name}": [None] for name in names(MANY)}
    assert "varies 9,999 settings" in sentence(with_settings(sensitivity={"grid": grid}))


def test_a_grid_of_as_many_as_can_be_planned() -> None:
    grid = {"matching.ratio": list(range(1, 101)), "matching.caliper": [i / 1000 for i in range(1, 10_001)]}
    made = AnalysisSpec.from_json(with_settings(sensitivity={"grid": {**grid, "seed": list(range(10))}}))
    assert plan_grid(made).size == 10_000_000


def test_what_people_write_is_read() -> None:
    text = with_settings(columns={"treatment": "Gruppe ä 😀", "covariates": names(MANY), "categorical": names(MANY)})
    for written in (text, text.encode(), text.encode("utf-16"), b"\xef\xbb\xbf" + text.encode()):
        assert AnalysisSpec.from_json(written).columns.treatment == "Gruppe ä 😀"
    brackets = with_settings(columns={"treatment": "[" * 1000 + '"\\' + "{" * 1000})
    assert AnalysisSpec.from_json(brackets).columns.treatment.startswith("[[")
    assert AnalysisSpec.from_json(AnalysisSpec.from_json(text).to_json()) == AnalysisSpec.from_json(text)


# ---- open questions


def spec_with(*questions: dict[str, Any], **sections: Any) -> AnalysisSpec:
    return AnalysisSpec.from_dict(PLAIN | {"questions": list(questions)} | sections)


@pytest.mark.parametrize("about", ["treatment", "event", "time"])
def test_a_blocking_question_is_asked(about: str) -> None:
    with pytest.raises(SpecError) as caught:
        require_answers(spec_with({"about": about, "column": "died", "candidates": ["0", 1.0]}))
    assert str(caught.value) == f"A question is open: what is the {about}? (0, 1)."
    assert "`columns.treatment`" in caught.value.hint or "outcome" in caught.value.hint


def test_other_questions_wait() -> None:
    require_answers(spec_with(*({"about": about} for about in ("id", "role", "number"))))


def number(column: str) -> Question:
    return Question(about="number", column=column, candidates=("1137", "1.137"))


def test_numbers_that_could_be_read_two_ways_stop_what_uses_them() -> None:
    spec = spec_with(eligibility=[{"column": "weight", "op": ">", "value": 1}])
    require_answers(spec, [number("height"), Question(about="role", column="age")])
    for column in ("age", "died", "weight"):
        with pytest.raises(SpecError, match=f'"{column}" could be read two ways: 1137 or 1.137') as caught:
            require_answers(spec, [number(column)])
        assert '"reading"' in caught.value.hint


def test_every_column_that_an_analysis_reads() -> None:
    spec = AnalysisSpec.from_dict(
        {
            "columns": {
                "treatment": "arm",
                "id": "pid",
                "covariates": ["age"],
                "described": ["bmi"],
                "treatment_day": "day",
            },
            "derived": [{"name": "time", "kind": "joined", "columns": ["to_death", "to_contact"]}],
            "eligibility": [{"column": "weight", "op": ">", "value": 1}],
            "matching": {"method": "nearest", "exact": ["site"], "covariate_calipers": {"sofa": {"width": 1}}},
            "outcomes": [
                {"name": "s", "kind": "survival", "time": "time", "event": "died"},
                {"name": "c", "kind": "continuous", "column": "crp7", "baseline": "crp0"},
            ],
        }
    )
    named = "arm pid age bmi day to_death to_contact time weight site sofa died crp7 crp0"
    assert used_columns(spec) == set(named.split())
