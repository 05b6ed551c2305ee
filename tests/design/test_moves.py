"""Which label moves are quoted, fixed by the design, and how unequal the odds inside the sets are."""

import json

import numpy as np
import pandas as pd
import pytest

from lib.design import Sets
from lib.design.moves import NO_SCORE, NOT_ON_SCORE, SEPARATED, OddsInsideSets, odds_inside_sets, widest_gaps
from lib.report.files import result_dict
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from lib.words import moves as words

SPEC = {
    "columns": {"id": "id", "treatment": "t", "treated_value": "1", "covariates": ["age", "sofa"]},
    "matching": {"method": "nearest", "ratio": 2, "caliper": None},
    "outcomes": [
        {"name": "death", "kind": "binary", "column": "death"},
        {"name": "crp", "kind": "continuous", "column": "crp"},
        {"name": "survival", "kind": "survival", "time": "days", "event": "dead", "event_value": "1"},
    ],
}


def table(n1: int = 10, n0: int = 40, gap: float = 0.4, seed: int = 1, slope: float = 0.0) -> Table:
    """Two covariates that differ by `gap` SDs, and outcomes that follow them with this slope."""
    rng, n = np.random.default_rng(seed), n1 + n0
    x = np.round(rng.normal(size=(n, 2)) + gap * (np.arange(n) < n1)[:, None], 3)
    told = slope * x.sum(axis=1)
    frame = {"id": np.arange(n), "t": (np.arange(n) < n1) * 1, "age": x[:, 0], "sofa": x[:, 1]}
    frame |= {"death": (rng.normal(size=n) + told > 0.5) * 1, "crp": np.round(rng.normal(size=n) + told, 2)}
    frame |= {"days": rng.integers(1, 60, n), "dead": (rng.random(n) < 0.5) * 1, "given": np.arange(n) % n1}
    return Table.from_frame(pd.DataFrame(frame))


def steps(made: Table, **sections) -> Steps:
    return Steps(made, AnalysisSpec.from_dict(SPEC | sections))


def test_widest_gaps_by_hand() -> None:
    membership = np.array([[0, 0], [2, 0], [3, 0], [1, 1], [4, 1]])
    sets = Sets(membership, np.array([True, True, False, False, False]))
    assert widest_gaps(sets, np.array([0.0, 1.0, 0.4, -0.5, 1.2])) == pytest.approx([0.5, 0.2])


def test_of_several_treated_every_pair_counts() -> None:
    sets = Sets(np.array([[0, 0], [1, 0], [2, 0], [3, 0]]), np.array([True, True, False, False]))
    assert widest_gaps(sets, np.array([0.0, 2.0, 1.5, -0.2])) == pytest.approx([2.2])


def test_typical_and_largest_are_those_of_the_fitted_score() -> None:
    made = steps(table())
    found, score, sample = made.odds_inside_sets, made.score, made.comparison
    gaps = []
    for _, pairs in sample.pairs.groupby("set"):
        case, controls = pairs["treated_row"].iloc[0], pairs["control_row"]
        odds = score.score / (1 - score.score)
        ratio = odds[case] / odds[controls.to_numpy()]
        gaps.append(max(np.maximum(ratio, 1 / ratio)))
    assert (found.typical, found.largest) == pytest.approx((np.median(gaps), max(gaps)))
    assert (found.moves, found.why_equal) == ("fitted_odds", "")
    probability = steps(table(), propensity={"distance": "probability"}, matching=SPEC["matching"] | {"caliper": None})
    assert probability.comparison.log_odds == pytest.approx(score.distance, rel=1e-9)


@pytest.mark.parametrize(
    ("sections", "moves", "why"),
    [
        ({}, "fitted_odds", ""),
        ({"matching": {"method": "optimal", "ratio": 2}}, "fitted_odds", ""),
        ({"matching": {"method": "full"}}, "fitted_odds", ""),
        ({"matching": {"method": "subclass", "subclasses": 3}}, "fitted_odds", ""),
        ({"propensity": {"model": "firth"}}, "fitted_odds", ""),
        ({"matching": {"method": "nearest", "metric": "mahalanobis", "caliper": None}}, "equal", NOT_ON_SCORE),
        ({"matching": {"method": "nearest", "metric": "mahalanobis", "caliper": 1}}, "equal", NOT_ON_SCORE),
        ({"matching": {"method": "given", "subclass": "given"}}, "equal", NOT_ON_SCORE),
    ],
)
def test_the_moves_are_fixed_by_the_design(sections: dict, moves: str, why: str) -> None:
    made = steps(table(), **sections)
    assert (made.comparison.moves, made.odds_inside_sets.why_equal) == (moves, why)
    for outcome in made.outcomes:
        assert {t.moves for t in outcome.tests if t.role == "quoted"} == {moves}
        assert {t.moves for t in outcome.tests if t.role == "moves"} == {"fitted_odds", "equal"} - {moves}
        assert outcome.quoted.test.endswith("_adaptive") == (moves == "fitted_odds")


def test_without_a_score_chances_are_equal_and_alone() -> None:
    columns = SPEC["columns"] | {"covariates": []}
    made = steps(table(), columns=columns, matching={"method": "given", "subclass": "given"})
    assert (made.comparison.log_odds, made.odds_inside_sets.why_equal) == (None, NO_SCORE)
    assert np.isnan(made.odds_inside_sets.typical) and not made.odds_inside_sets.level
    assert len(made.odds_notes) == 1 and NO_SCORE in made.odds_notes[0]
    assert not {"moves"} & {t.role for outcome in made.outcomes for t in outcome.tests}
    inside = result_dict(run(made.table, made.spec))["design"]["odds_inside_sets"]
    assert inside == {"largest": None, "typical": None, "moves": "equal", "why_equal": NO_SCORE, "level": ""}


def test_a_score_that_separates_is_not_quoted() -> None:
    made = table()
    frame = made.frame.assign(age=made.frame["age"] + 5 * made.frame["t"])
    found = steps(Table.from_frame(frame), propensity={"model": "firth"}).odds_inside_sets
    assert (found.moves, found.why_equal) == ("equal", SEPARATED)


def test_the_moves_do_not_know_the_outcomes() -> None:
    one, two = table(seed=3), table(seed=3)
    other = Table.from_frame(two.frame.assign(death=1 - two.frame["death"], crp=-two.frame["crp"]))
    assert steps(one).odds_inside_sets == steps(other).odds_inside_sets


@pytest.mark.parametrize("sections", [{"replace": True}, None])
def test_without_sets_that_are_apart_there_is_nothing_to_say(sections: dict | None) -> None:
    matching = {"method": "weights"} if sections is None else SPEC["matching"] | sections
    made = steps(table(), matching=matching)
    assert (odds_inside_sets(made.comparison), made.odds_notes) == (None, ())


@pytest.mark.parametrize(
    ("typical", "level"), [(1.0, ""), (1.49, ""), (1.5, "warned"), (1.99, "warned"), (2, "no_evidence")]
)
def test_the_levels_follow_the_typical_odds(typical: float, level: str) -> None:
    assert OddsInsideSets(typical, 50.0, "fitted_odds").level == level
    assert OddsInsideSets(float("nan"), float("nan"), "equal").level == ""


def test_alike_patients_have_odds_of_exactly_one_and_one_p() -> None:
    frame = table(slope=1).frame.assign(age=lambda f: f["given"] % 3, sofa=0.5)
    columns = SPEC["columns"] | {"covariates": ["age"]}
    made = steps(Table.from_frame(frame), columns=columns, matching=SPEC["matching"] | {"exact": ["age"]})
    assert (made.odds_inside_sets.typical, made.odds_inside_sets.largest) == (1, 1)
    for outcome in made.outcomes:
        p = {t.role: t.p_value for t in outcome.tests}
        assert p["quoted"] == p["moves"]


@pytest.mark.parametrize("gap", [0.3, 0.8, 1.6])
def test_interval_and_p_agree_and_the_level_is_said_at_the_number(gap: float) -> None:
    for seed in range(4):
        made = steps(table(16, 40, gap, seed, slope=1.0))
        level = made.odds_inside_sets.level
        for outcome in made.outcomes:
            quoted, null = outcome.quoted, 1 if outcome.kind == "survival" else 0
            low = -np.inf if np.isnan(quoted.ci_low) else quoted.ci_low
            high = np.inf if np.isnan(quoted.ci_high) else quoted.ci_high
            assert (low <= null <= high) == (quoted.p > 0.05)
            assert quoted.evidence == (level != "no_evidence")
            codes = {note.code: note.level for note in outcome.notes if note.code in (words.WARNED, words.NO_EVIDENCE)}
            wanted = {"": {}, "warned": {words.WARNED: "warning"}, "no_evidence": {words.NO_EVIDENCE: "warning"}}
            assert codes == wanted[level]
            assert ("Inside the sets the odds" in outcome.quoted_test.note) == bool(level)


def test_all_three_levels_occur() -> None:
    found = {steps(table(16, 40, gap, seed)).odds_inside_sets.level for gap in (0.1, 0.7, 1.6) for seed in range(6)}
    assert found == {"", "warned", "no_evidence"}


def test_the_file_of_a_poor_match_says_that_p_is_no_evidence() -> None:
    made = next(
        s for seed in range(9) if (s := steps(table(16, 30, 1.6, seed))).odds_inside_sets.level == "no_evidence"
    )
    content = json.loads(json.dumps(result_dict(run(made.table, made.spec))))
    assert content["design"]["odds_inside_sets"]["level"] == "no_evidence"
    assert {outcome["quoted"]["evidence"] for outcome in content["outcomes"]} == {False}
    assert any("no evidence" in note for note in content["notes"])


def test_sentences() -> None:
    assert "typically 1.4 times apart, at most 3.1 times" in words.inside_sentence(1.4, 3.1)
    assert "more than a million times" in words.inside_sentence(1e9, 1e12)
    assert "odds" in words.moves_sentence("fitted_odds", "") and "likelihood" not in words.moves_sentence("equal", "x")
    assert words.level_sentence("", 1.2) == ""
