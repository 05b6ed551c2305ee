"""Sets made elsewhere: taken as they are, by hand, as a round trip, and one sentence for broken ones."""

import dataclasses

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.design.comparison import IN_NO_SET, SET_BROKEN
from lib.errors import AnalysisError, DataError, EstimationError, SpecError
from lib.inference import compare_outcomes
from lib.io import write_csv
from lib.report.files import matched_frame, result_dict, result_files
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from tests.invariants import assert_good_match
from tests.tables import COHORT_SPEC, cohort_frame, spec, table

GIVEN = {"method": "given", "subclass": "set"}


def sets_of_six(labels: list, covariates: tuple[str, ...] = (), **sections) -> Steps:
    """The six patients (two treated first) under these set labels."""
    sections.setdefault("outcomes", [{"name": "died", "kind": "binary", "column": "died"}])
    return run(table(set=labels), spec(columns={"covariates": covariates}, matching=GIVEN, **sections))


def refused(labels: list, **changes) -> AnalysisError:
    """The error of six patients with these labels."""
    with pytest.raises(AnalysisError) as caught:
        run(table(set=labels, **changes), spec(columns={"covariates": []}, matching=GIVEN))
    assert caught.value.hint
    return caught.value


def test_six_patients_by_hand():
    found = sets_of_six(["b", "a", "a", "a", "b", None])
    assert found.comparison.membership.tolist() == [[0, 0], [4, 0], [1, 1], [2, 1], [3, 1]]
    assert found.comparison.weights.tolist() == pytest.approx([1, 1, 0.75, 0.75, 1.5, 0])
    assert found.comparison.set_of_row.tolist() == [0, 1, 1, 1, 0, -1]
    assert found.comparison.losses.empty
    assert_good_match(found.cohort, found.score, found.spec.matching, found.comparison)


def test_without_covariates_there_is_no_score_and_every_file_says_so():
    found = sets_of_six([1, 2, 2, 2, 1, None])
    assert np.isnan(found.score.score).all() and np.isnan(found.comparison.distance).all()
    assert found.balance.rows.empty and found.balance_test.how == "none"
    told = result_dict(found)
    assert told["propensity"]["coefficients"] == {} and told["matching"]["sum_distance"] is None
    assert any("no propensity model was fitted" in note for note in told["notes"])
    assert any("made elsewhere" in note for note in told["notes"])
    written = matched_frame(found.cohort, found.score, found.comparison)
    assert written["propensity"].isna().all()
    assert written["subclass"].tolist()[:5] == [1, 2, 2, 2, 1] and np.isnan(written["subclass"].iloc[5])


def test_the_names_of_the_sets_stay_in_their_own_column():
    found = sets_of_six(["x", "a", "a", "a", "x", None])
    written = matched_frame(found.cohort, found.score, found.comparison)
    assert written["set"].tolist() == ["x", "a", "a", "a", "x", None]
    assert written.groupby("set")["subclass"].nunique().eq(1).all()


@pytest.mark.parametrize(
    ("labels", "sentence"),
    [
        (["a", "b", "a", "b", "c", "d"], 'Column "set" has 2 sets without a treated patient, of 4 sets.'),
        (["a", "b", "a", "a", None, None], 'Column "set" has 1 set without a control, of 2 sets.'),
        (
            ["a", "b", "c", "b", None, None],
            'Column "set" has 1 set without a treated patient and 1 set without a control, of 3 sets.',
        ),
        ([None] * 6, 'The set column "set" is empty in every row.'),
    ],
)
def test_broken_sets_are_one_sentence_with_their_count(labels, sentence):
    error = refused(labels)
    assert isinstance(error, DataError) and str(error) == sentence


def test_a_set_column_that_is_not_there_is_named():
    with pytest.raises(DataError, match='no column "set"'):
        run(table(), spec(columns={"covariates": []}, matching=GIVEN))


def test_who_leaves_by_eligibility_or_a_gap_breaks_only_the_own_set():
    older = [{"column": "age", "op": ">", "value": 45}]
    found = sets_of_six(["b", "a", "a", "a", "b", None], eligibility=older)  # P5, aged 45, was the only control of b
    assert found.comparison.losses["row"].tolist() == [0]
    assert found.comparison.losses["reason"].tolist() == [SET_BROKEN]
    assert any(note.startswith("1 set is left out") for note in found.comparison.notes)
    gap = run(
        table(set=["b", "a", "a", "a", "b", None], crp=[10.5, 20, None, 30, 5, 40]),
        spec(columns={"covariates": ["crp"]}, matching=GIVEN),
    )
    assert gap.comparison.n_sets == 2
    assert any(note.startswith("1 eligible patient of the given sets") for note in gap.comparison.notes)
    assert_good_match(gap.cohort, gap.score, gap.spec.matching, gap.comparison)


def test_treated_in_no_set_are_lost_and_nobody_left_is_an_error():
    found = sets_of_six([None, "a", "a", None, None, None])
    assert found.comparison.losses["reason"].tolist() == [IN_NO_SET]
    older = [{"column": "age", "op": "<", "value": 60}]
    with pytest.raises(EstimationError, match="No set of column"):
        sets_of_six([None, "a", "a", None, None, None], eligibility=older)


def test_a_set_may_hold_several_treated():
    """Two treated and two controls in one set: each control counts 2/2."""
    found = sets_of_six(["a", "a", "a", "a", None, None])
    assert found.comparison.membership.tolist() == [[0, 0], [1, 0], [2, 0], [3, 0]]
    assert found.comparison.weights.tolist() == [1, 1, 1, 1, 0, 0]
    assert_good_match(found.cohort, found.score, found.spec.matching, found.comparison)


@pytest.mark.parametrize(
    ("name", "value"),
    [("caliper", 0.01), ("replace", True), ("ratio", 1), ("covariate_calipers", {"crp": {"width": 0.1}})],
)
def test_a_setting_of_another_method_is_refused_by_name_and_left_out_where_it_is_null(name, value):
    with pytest.raises(SpecError, match=f"`matching.{name}` is not a setting of `matching.method` given"):
        spec(matching=GIVEN | {name: value})
    assert spec(matching=GIVEN | {name: None}) == spec(matching=GIVEN)
    assert not spec(matching=GIVEN).matching.needs_score


def test_covariates_of_given_sets_make_a_score_and_separation_is_no_obstacle():
    found = run(table(set=["b", "a", "a", "a", "b", None], age=[50, 60, 1, 2, 3, 4]), spec(matching=GIVEN))
    assert np.isnan(found.score.score).all() and found.score.separation == ("age",)
    assert len(found.balance.rows) == 1
    fitted = sets_of_six(["b", "a", "a", "a", "b", None], covariates=("age",))
    assert np.isfinite(fitted.comparison.distance).all()
    assert fitted.comparison.pairs["distance"].notna().all()


def test_other_methods_still_need_a_covariate():
    with pytest.raises(SpecError, match="no covariate"):
        run(table(), spec(columns={"covariates": []}))


def as_given(made: Steps, frame: pd.DataFrame, *covariates: str) -> Steps:
    """The analysis of matched sets written into a column named like ours."""
    sets = pd.Series(pd.NA, index=frame.index, dtype="object")
    sets.iloc[made.cohort.rows] = matched_frame(made.cohort, made.score, made.comparison)["subclass"].map(
        lambda s: None if np.isnan(s) else f"S{s:.0f}"
    )
    settings = made.spec.replace(
        matching=GIVEN | {"subclass": "subclass"},
        columns=made.spec.columns.model_copy(update={"covariates": covariates, "categorical": ()}),
    )
    return run(Table.from_frame(frame.assign(subclass=sets)), settings)


def equal_moves(made):
    """The outcomes of the same sets with labels that move with equal chances, whoever made the sets."""
    sets = dataclasses.replace(made.comparison, moves="equal", log_odds=None)
    return compare_outcomes(made.cohort, sets, made.spec.seed)


def p_values(outcome):
    """Of the tests that need no covariate."""
    return [t.p_value for t in outcome.tests if "adjusted" not in t.name]


@settings(max_examples=15, deadline=None)
@given(seed=st.integers(0, 10_000), ratio=st.integers(1, 4))
def test_our_own_sets_given_back_have_the_same_outcomes(seed, ratio):
    frame = cohort_frame(60, seed)
    asked = AnalysisSpec.from_dict(
        COHORT_SPEC | {"matching": {"ratio": ratio, "caliper": None}, "propensity": {"model": "firth"}}
    )
    try:
        made = run(Table.from_frame(frame), asked)
    except EstimationError:
        return
    again = as_given(made, frame)
    assert again.comparison.moves == "equal"
    for ours, theirs in zip(equal_moves(made), equal_moves(again), strict=True):
        assert p_values(ours) == pytest.approx(p_values(theirs), nan_ok=True)
        effects = [[e.estimate for e in o.estimates if "g-computation" not in e.method] for o in (ours, theirs)]
        assert effects[0] == pytest.approx(effects[1], nan_ok=True)
    assert again.comparison.pairs["set"].tolist() == again.comparison.pairs["set"].sort_values().tolist()


def test_the_order_of_the_rows_and_the_names_of_the_sets_change_nothing():
    frame = cohort_frame(80, 5)
    made = run(Table.from_frame(frame), AnalysisSpec.from_dict(COHORT_SPEC))
    sets = matched_frame(made.cohort, made.score, made.comparison).set_index("id")["subclass"]
    frame["set"] = frame["id"].map(sets)
    columns = COHORT_SPEC["columns"] | {"covariates": ["age"], "categorical": []}
    asked = AnalysisSpec.from_dict(COHORT_SPEC | {"columns": columns, "matching": GIVEN})
    one = result_dict(run(Table.from_frame(frame), asked))
    renamed = frame.sample(frac=1, random_state=2, ignore_index=True)
    renamed["set"] = renamed["set"].map({number: f"pair {97 * number % 101}" for number in sets.dropna().unique()})
    two = result_dict(run(Table.from_frame(renamed), asked))
    for a, b in zip(one["outcomes"], two["outcomes"], strict=True):
        for test, other in zip(a["tests"], b["tests"], strict=True):
            assert test["p_value"] == pytest.approx(other["p_value"], nan_ok=True)


def test_the_files_are_the_same_bytes_each_time():
    labels = ["b", "a", "a", "a", "b", None]
    assert result_files(sets_of_six(labels)) == result_files(sets_of_six(labels))
    found = sets_of_six(labels)
    assert b"NaN" not in write_csv(matched_frame(found.cohort, found.score, found.comparison))
