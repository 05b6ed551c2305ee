"""The quality of the data: each kind of fault planted in a column, and columns in which nothing is wrong."""

import numpy as np
import pandas as pd
import pytest

from lib.cohort.flaws import Flaw, normal_limits, number_flaws
from lib.cohort.possible import possible
from lib.cohort.quality import Quality, quality
from lib.spec.parts import CohortPart
from lib.steps import Steps
from lib.table import Table
from lib.words.labels import Labels
from lib.words.quality import missing_table, patterns_table, quality_line, quality_table
from tests.tables import spec

N = 100
RNG = np.random.default_rng(4)
AGE = np.round(RNG.normal(60, 12, N))
CRP = np.round(np.exp(RNG.normal(4, 1, N)), 1)
HB = np.round(RNG.normal(12, 1.5, N), 1)


def flaws(name: str, values, normal: str = "") -> dict[str, Flaw]:
    return {flaw.code: flaw for flaw in number_flaws(name, np.asarray(values, dtype=float), normal)}


def planted(values: np.ndarray, *new: float) -> np.ndarray:
    made = values.astype(float).copy()
    made[: len(new)] = new
    return made


@pytest.mark.parametrize(
    ("code", "name", "values", "cells", "said"),
    [
        ("impossible", "age", planted(AGE, -4), 1, "1 of 100 values lies outside what is possible (0 to 120)"),
        ("impossible", "Âge (ans)", planted(AGE, 640, 580), 2, "2 of 100 values lie outside"),
        ("impossible", "arterial_ph", planted(RNG.normal(7.4, 0.05, N), 74), 1, "(6.2 to 8.2)"),
        ("impossible", "SpO2 (%)", planted(RNG.integers(85, 100, N), 985), 1, "(0 to 100)"),
        ("impossible", "heart rate", planted(RNG.normal(80, 10, N), 800), 1, "0 to 400"),
        ("impossible", "Körpertemperatur", RNG.normal(37, 1, N), 0, ""),
        ("impossible", "temp", planted(RNG.normal(37, 0.5, N), 3.7, 373), 2, "20 to 46 or 68 to 115"),
        ("impossible", "FiO2", planted(RNG.uniform(0.21, 1, N), 5), 1, "0.15 to 1 or 15 to 100"),
        ("impossible", "SOFA", planted(RNG.integers(0, 15, N), 40), 1, "0 to 24"),
        ("impossible", "age_months", planted(AGE * 12), 0, ""),
        ("unit", "hb", planted(HB, *(HB[:12] * 10)), 12, "12 of 100 values are about 10 times the others"),
        ("unit", "d_dimer", planted(CRP * 10, *(CRP[:3] * 1e5)), 0, ""),
        ("unit", "ferritin", CRP * 10, 0, ""),
        ("unit", "weight", planted(RNG.normal(80, 10, N), 79_000), 1, "1 of 100 values is about 1,000 times"),
        ("unit", "creatinine", planted(RNG.normal(90, 20, N), 0.9, 1.1), 2, "about 1/100 of the others"),
        ("code", "x", planted(AGE, 999, 999), 2, "999 stands in 2 rows"),
        ("code", "x", planted(AGE, -1), 1, "-1 stands in 1 row"),
        ("code", "x", planted(AGE - 60, -1), 0, ""),
        ("code", "x", planted(CRP * 20, 999), 0, ""),
        ("outlying", "x", planted(HB, 45), 1, "the column runs from"),
        ("outlying", "crp", CRP, 0, ""),
        ("outlying", "er", np.where(RNG.random(N) < 0.3, 0, CRP), 0, ""),
        ("constant", "x", np.ones(N), 0, "same value"),
    ],
)
def test_what_is_planted_is_found_and_counted(code, name, values, cells, said) -> None:
    found = flaws(name, values)
    if not said:
        assert code not in found
        return
    assert said in found[code].sentence
    assert found[code].cells == cells
    assert found[code].step


def test_sound_columns_raise_nothing_and_few_values_are_left_alone() -> None:
    for name, values in (("age", AGE), ("crp", CRP), ("hb", HB), ("x", [np.nan] * 5), ("x", [1.0, 2, 900])):
        assert flaws(name, values) == {}


def test_a_single_value_is_never_shown_beyond_the_range_of_its_column() -> None:
    values = np.sort(planted(HB, 45.25, 44.75))
    found = flaws("x", values)["outlying"]
    assert "45.3" in found.sentence, "the end of the range"
    assert "44.8" not in found.sentence
    assert found.level == "look"


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("1.10-3.70", (1.1, 3.7)),
        ("1,10–3,70", (1.1, 3.7)),
        ("4 to 11", (4, 11)),
        ("<5", (-np.inf, 5)),
        ("≥ 60", (60, np.inf)),
        ("5", None),
        ("<1-5", None),
        ("normal", None),
    ],
)
def test_normal_values_as_they_are_typed(text, limits) -> None:
    assert normal_limits(text) == limits


def test_values_beside_the_normal_ones() -> None:
    found = flaws("x", [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], "3-7")
    assert found["normal"].sentence.startswith("2 below and 3 above the normal values (3-7), of 10 values")
    assert found["normal"].level == "note"
    assert "normal" not in flaws("x", [3, 4, 5, 6, 7], "3-7")
    assert flaws("hb", HB, "130-170")["normal_unit"].step == "Are both in the same unit?"
    assert flaws("hb", HB * 10, "12-17")["normal_unit"].cells == N
    assert "normal_unit" not in flaws("crp", CRP * 3, "<5"), "the sick are often far above"


@pytest.mark.parametrize("name", ["stage", "dosage", "image", "gene_map", "fractures", "phase", "sport", "igg"])
def test_words_inside_words_have_no_limits(name) -> None:
    assert possible(name) is None


def found(columns: dict, **settings) -> Quality:
    names = tuple(columns)
    frame = pd.DataFrame({"arm": ["MSC"] * 20 + ["control"] * 80} | columns)
    asked = spec(columns={"id": None, "covariates": names} | settings)
    return quality(Table.from_frame(frame), CohortPart.of(asked))


def codes(made: Quality) -> set[tuple[str, str]]:
    return {(flaw.column, flaw.code) for flaw in made.flaws}


def test_covariates_beside_the_treatment() -> None:
    cells = np.where(np.arange(N) < 20, RNG.normal(100, 1, N), RNG.normal(10, 1, N))
    only = np.where(np.arange(N) < 20, AGE, np.nan)
    often = np.where((np.arange(N) >= 20) & (RNG.random(N) < 0.5), np.nan, AGE + RNG.normal(0, 9, N))
    ward = np.where(np.arange(N) < 20, "north", "south")
    made = found({"cells": cells, "only": only, "often": often, "ward": ward, "age": AGE, "sex": ["f", "m"] * 50})
    assert {one for one in codes(made) if one[1] not in ("unit", "twins", "outlying")} == {
        ("cells", "separates"),
        ("only", "one_arm"),
        ("often", "uneven"),
        ("ward", "separates"),
    }


def test_names_that_speak_of_later_days_and_columns_that_are_one() -> None:
    made = found(
        {
            "crp_day7": CRP,
            "crp_day0": CRP * 1.1 + RNG.normal(0, 50, N),
            "discharge_hb": HB,
            "age": AGE,
            "years": AGE * 1,
        }
    )
    assert {one for one in codes(made) if one[1] in ("later", "twins")} == {
        ("crp_day7", "later"),
        ("discharge_hb", "later"),
        ("age", "twins"),
    }
    same = found({"sex": ["f", "m"] * 50, "gender": ["female", "male"] * 50, "age": AGE})
    assert codes(same) == {("sex", "twins")}


def test_the_missing_map_and_what_is_missing_together() -> None:
    lacks = np.arange(N) % 10 == 0  # 2 treated, 8 controls
    also = np.arange(N) % 20 == 0  # 1 treated, 4 controls
    made = found({"age": np.where(lacks, np.nan, AGE), "crp": np.where(also, np.nan, CRP), "hb": HB})
    assert made.missing.set_index("column").loc["age"].tolist() == [2, 8, 0.1, 0.1]
    assert made.patterns.to_dict("list") == {
        "columns": [("age",), ("age", "crp")],
        "treated": [1, 1],
        "control": [4, 4],
    }
    labels = Labels.of(spec())
    assert missing_table(made, labels).rows == (("age", "2 (10.0%)", "8 (10.0%)"), ("crp", "1 (5.0%)", "4 (5.0%)"))
    assert patterns_table(made, labels).rows[1] == ("age and crp", "1", "4")
    assert quality_line(made) == "Nothing odd was found in the columns known before treatment."


def test_the_table_and_the_line_say_it_and_outcomes_are_not_looked_at() -> None:
    frame = pd.DataFrame(
        {"arm": ["MSC"] * 20 + ["control"] * 80, "age": planted(AGE, -4), "died": [0, 1] * 50, "y": 1.0}
    )
    outcomes = [{"name": "y", "kind": "continuous", "column": "y"}]
    asked = spec(columns={"id": None, "covariates": ["age"]}, outcomes=outcomes)
    steps = Steps(Table.from_frame(frame), asked)
    assert steps.quality is steps.quality
    shown = quality_table(steps.quality, Labels.of(asked))
    assert [row[0] for row in shown.rows] == ["age"]
    assert shown.kind(0) == "primary"
    assert quality_line(steps.quality) == "1 thing to look at in 1 column known before treatment."


@pytest.mark.parametrize("seed", range(6))
def test_clean_normal_and_skewed_columns_are_left_alone(seed) -> None:
    rng = np.random.default_rng(seed)
    n = 300
    for values in (rng.normal(50, 5, n), np.exp(rng.normal(3, 1.2, n)), rng.integers(0, 20, n), rng.gamma(1, 30, n)):
        assert not [flaw for flaw in number_flaws("x", values.astype(float)) if flaw.level == "look"]
