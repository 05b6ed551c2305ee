"""How often would this cry wolf: nobody treated is looked at, the quoted p keeps its level, the pairs' p does not."""

import json

import numpy as np
import pandas as pd
import pytest

from lib.__main__ import main as command
from lib.errors import EstimationError, SpecError
from lib.sensitivity.cry_wolf import Alarms, Flock, cry_wolf, outcome_asked
from lib.steps import Steps
from lib.table import Table
from tests.conftest import SAMPLES
from tests.sensitivity.builders import sample_study

STUDY, SPEC = sample_study()


def test_the_quoted_p_keeps_its_level_and_the_pairs_p_does_not():
    found = cry_wolf(Steps(STUDY, SPEC), "death_28d", 400)
    assert (found.treated, found.pool, found.failed) == (8, 111, ())
    assert found.quoted.limits[0] <= 0.05
    assert found.pairs.limits[0] > 0.05, "beyond what the draws leave open"
    assert found.quoted.n + found.withheld == found.pairs.n == 400


def test_nobody_who_was_treated_is_looked_at():
    frame = STUDY.frame.copy()
    treated = frame["group"] == "MSC"
    frame.loc[treated, ["death_28d", "icu_free_days"]] = 1 - frame.loc[treated, ["death_28d", "icu_free_days"]]
    other = Table.from_frame(frame)
    for outcome in ("death_28d", "icu_free_days"):
        assert cry_wolf(Steps(STUDY, SPEC), outcome, 10) == cry_wolf(Steps(other, SPEC), outcome, 10)


def test_a_study_is_an_analysis_of_the_file_with_these_patients_as_treated():
    flock = Flock.of(Steps(STUDY, SPEC), "death_28d")
    rng = np.random.default_rng([SPEC.seed, 4, 0])
    chosen = flock.cohort.person_id[rng.choice(flock.cohort.n, 8, replace=False)]
    frame = STUDY.frame[STUDY.frame["group"] != "MSC"].copy()
    frame["group"] = np.where(frame["patient_id"].astype(str).isin(chosen), "MSC", "none")
    made = Steps(Table.from_frame(frame.reset_index(drop=True)), SPEC)
    outcome = next(one for one in made.outcomes if one.name == "death_28d")
    pairs = next(test for test in outcome.tests if test.name == "mcnemar_pairs")
    drawn = flock.draw(4, "random")
    assert drawn.pairs == (pairs.p_value < 0.05)
    assert drawn.withheld == (not outcome.quoted.evidence)
    if not drawn.withheld:
        assert drawn.quoted == (outcome.quoted.p < 0.05)


def test_draws_are_seeded_one_by_one_and_odds_make_them_differ():
    flock = Flock.of(Steps(STUDY, SPEC), "death_28d")
    assert [flock.draw(n, "random") for n in (3, 1)] == [flock.draw(3, "random"), flock.draw(1, "random")]
    odds = cry_wolf(Steps(STUDY, SPEC), "death_28d", 40, "odds")
    assert odds.withheld > cry_wolf(Steps(STUDY, SPEC), "death_28d", 40).withheld, "unlike on purpose"


@pytest.mark.parametrize("outcome", ["death_28d", "icu_free_days", "survival"])
@pytest.mark.parametrize("method", ["nearest", "full", "weights"])
def test_every_kind_and_design(outcome, method):
    found = cry_wolf(Steps(STUDY, SPEC.replace(matching={"method": method})), outcome, 4)
    assert found.quoted.n + found.withheld + sum(n for _, n in found.failed) <= 4
    assert found.quoted.n + found.withheld > 0
    assert (found.pairs.n > 0) == (method != "weights")


def test_what_cannot_be_asked_is_a_sentence():
    steps = Steps(STUDY, SPEC)
    with pytest.raises(SpecError, match="0 draws"):
        cry_wolf(steps, "death_28d", 0)
    with pytest.raises(SpecError, match="no such outcome"):
        outcome_asked(SPEC, "nothing")
    assert outcome_asked(SPEC) == "death_28d"
    frame = STUDY.frame
    few = Table.from_frame(
        pd.concat([frame[frame["group"] == "MSC"], frame[frame["group"] != "MSC"].head(12)], ignore_index=True)
    )
    with pytest.raises(EstimationError, match="too few"):
        cry_wolf(Steps(few, SPEC), "death_28d", 5)


def test_an_interval_without_a_study_is_none():
    assert all(np.isnan(x) for x in (Alarms(0, 0).share, *Alarms(0, 0).limits))
    low, high = Alarms(10, 200).limits
    assert low == pytest.approx(0.0274, abs=1e-4) and high == pytest.approx(0.0896, abs=1e-4)


def test_the_command_prints_json(capsys):
    files = ["--data", str(SAMPLES / "msc_covid19.csv"), "--spec", str(SAMPLES / "msc_covid19.spec.json")]
    assert command(["wolf", *files, "--draws", "5"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert (made["outcome"], made["draws"], made["treated"], made["untreated"]) == ("death_28d", 5, 8, 111)
    assert made["pairs"]["test"] == "mcnemar_pairs" and made["pairs"]["studies"] == 5
    assert command(["wolf", *files, "--draws", "0"]) == 2
