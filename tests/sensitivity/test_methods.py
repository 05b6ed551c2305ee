"""The methods side by side: each as its own run, outcomes closed."""

from dataclasses import replace

import numpy as np
import pytest

from lib.design import METHODS
from lib.design.methods import switched
from lib.sensitivity.methods import candidates, tried
from lib.steps import Steps, run
from lib.words.methods import best_line, method_name, methods_table
from tests.sensitivity.builders import TABLE, spec

OWN = spec(matching={"ratio": 2, "caliper": None})
EVERY = candidates(OWN)
FOUND = [tried(Steps(TABLE, OWN), one) for one in EVERY]


class Sealed:
    """Outcomes that nobody may open."""

    def __getattr__(self, name: str):
        raise AssertionError(f"an outcome was opened: {name}")

    def __getitem__(self, name: str):
        raise AssertionError(f"an outcome was opened: {name}")


def test_every_method_is_there_once_and_weights_by_kind():
    assert {one.name for one in EVERY} == set(METHODS) - {"given"}
    assert [one.kind for one in EVERY if one.name == "weights"] == ["att_odds", "overlap", "entropy"]
    assert [one.name for one in EVERY if one.current] == ["nearest"]


def test_no_outcome_is_opened():
    steps = Steps(TABLE, OWN)
    sealed = replace(steps.cohort, outcomes=Sealed())
    with pytest.raises(AssertionError, match="an outcome was opened"):
        _ = sealed.outcomes.columns
    steps.store._kept["cohort"][steps._cohort_key] = sealed
    assert steps.cohort.outcomes is sealed.outcomes
    for one, open_eyed in zip(EVERY, FOUND, strict=True):
        blind = tried(steps, one)
        assert replace(blind, seconds=0.0) == replace(open_eyed, seconds=0.0) or blind.error == open_eyed.error


@pytest.mark.parametrize("found", FOUND, ids=lambda found: f"{found.candidate.name}-{found.candidate.kind}")
def test_every_row_is_its_own_run(found):
    assert not found.error
    whole = run(TABLE, found.candidate.spec)
    assert found.matched_treated == whole.comparison.n_matched(True)
    assert found.matched_control == whole.comparison.n_matched(False)
    assert found.ess_control == pytest.approx(whole.balance.ess_control)
    assert found.worst == pytest.approx(whole.max_abs_smd)
    assert 0 <= found.mean <= found.worst and found.seconds >= 0
    odds = whole.odds_inside_sets
    assert np.isnan(found.typical) if odds is None else found.typical == odds.typical


def test_a_change_of_method_brings_no_caliper_but_keeps_one():
    weights = {"method": "weights", "kind": "overlap", "exact": (), "discard": "none"}
    for name in ("nearest", "optimal", "full"):
        assert switched(name, weights)["caliper"] is None
        assert switched(name, {"method": "nearest", "caliper": 0.3})["caliper"] == 0.3
    assert "caliper" not in switched("subclass", weights)


def test_a_method_that_cannot_be_made_says_why():
    many = spec(matching={"ratio": 100, "caliper": None})
    rows = [tried(Steps(TABLE, many), one) for one in candidates(many)]
    failed = [one for one in rows if one.error]
    assert failed and all(one.matched_treated == 0 and np.isnan(one.worst) for one in failed)
    table = methods_table(rows, 10, 20)
    assert any(failed[0].error in row[0] for row in table.rows)


def test_the_table_in_words():
    table = methods_table(FOUND, *_arms())
    assert len(table.rows) == len(EVERY) and table.kinds.count("primary") == 1
    assert table.rows[0][0].endswith("in use, 1:2 nearest, no caliper")
    assert not {"nan", "inf", "0.000"} & {word for row in table.rows for cell in row for word in cell.split()}
    assert method_name(EVERY[0]) == "Nearest neighbours (greedy)"
    assert best_line(FOUND, _arms()[0]).startswith("Smallest worst difference with every treated patient kept:")
    assert best_line(FOUND, 10**6) == "No method keeps every treated patient with these settings."


def _arms() -> tuple[int, int]:
    arm = Steps(TABLE, OWN).cohort.treated
    return int(arm.sum()), int((~arm).sum())
