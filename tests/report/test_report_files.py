"""The result files: names of interface.md, null with a reason, and nothing that depends on the order of the file."""

import json
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lib.io import read_csv, write_files
from lib.report.files import MATCH_COLUMNS, matched_frame, outcome_frame, result_dict, result_files
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from tests.tables import COHORT_SPEC, cohort_frame

SUMMATION = 1e-9  # relative; another order of rows adds the same numbers in another order


def analyse(frame: pd.DataFrame, **sections: object) -> Steps:
    return run(Table.from_frame(frame), AnalysisSpec.from_dict(COHORT_SPEC | sections))


@pytest.fixture(scope="module")
def analysis() -> Steps:
    return analyse(cohort_frame())


def test_names_of_the_interface(analysis):
    result = result_dict(analysis)
    assert set(result["n"]) == {"rows", "treated", "control"}
    assert {"step", "treated", "control"} <= set(result["attrition"][0])
    assert {"coefficients", "converged", "separation"} <= set(result["propensity"])
    assert list(result["propensity"]["coefficients"]) == ["(Intercept)", "age", "sofa", "sexmale", "site2", "site3"]
    assert {
        "matched_treated",
        "matched_control",
        "pairs",
        "caliper_width",
        "sum_distance",
        "max_distance",
        "ess_treated",
        "ess_control",
        "ties",
    } <= set(result["matching"])
    assert {
        "covariate",
        "level",
        "mean_treated_before",
        "mean_control_before",
        "mean_treated_after",
        "mean_control_after",
        "smd_before",
        "smd_after",
        "variance_ratio_before",
        "variance_ratio_after",
        "ks_before",
        "ks_after",
        "ecdf_mean_before",
        "ecdf_mean_after",
        "smd_limit",
    } <= set(result["balance"][0])
    assert [(row["covariate"], row["level"]) for row in result["balance"]] == [
        ("age", None),
        ("sofa", None),
        ("sex", "female"),
        ("sex", "male"),
        ("site", "1"),
        ("site", "2"),
        ("site", "3"),
    ]
    outcome = result["outcomes"][0]
    assert {"treated", "matched_control", "whole_control"} <= set(outcome["summary"])
    assert {"name", "sample", "statistic", "p_value", "n_units", "unit", "convention"} <= set(outcome["tests"][0])
    assert {"measure", "estimate", "ci_low", "ci_high", "se", "method"} <= set(outcome["estimates"][0])
    assert [outcome["kind"] for outcome in result["outcomes"]] == ["binary", "continuous", "survival"]


def test_the_balance_test_by_dealing_the_sets_of_matched_csv(analysis):
    """p, limits and d2 from the files alone: 20,000 deals of one treated patient to each set, by plain numpy."""
    files = result_files(analysis)
    result = json.loads(files["result.json"])
    matched = matched_frame(analysis.cohort, analysis.score, analysis.comparison).query("weights > 0")
    rows = [(row["covariate"], row["level"]) for row in result["balance"]]
    x = np.column_stack(
        [matched[name] if level is None else matched[name].astype(str) == level for name, level in rows]
    )
    sets, treated = matched["subclass"].to_numpy(), (matched["arm"] == "new").to_numpy()
    own = [np.flatnonzero(sets == s) for s in np.unique(sets)]

    def difference(chosen: list[int]) -> np.ndarray:
        return np.mean([x[i] - np.delete(x[at], list(at).index(i), axis=0).mean(axis=0) for i, at in chosen], axis=0)

    rng = np.random.default_rng(0)
    dealt = np.array([difference([(rng.choice(at), at) for at in own]) for _ in range(2_000)], dtype=float)
    seen = difference([(at[treated[at]][0], at) for at in own]).astype(float)
    sd, test = dealt.std(axis=0), result["balance_test"]
    largest, observed = np.abs(dealt / sd).max(axis=1), np.abs(seen / sd)
    assert test["p_value"] == pytest.approx((largest >= observed.max() * (1 - 1e-9)).mean(), abs=0.04)
    assert (test["covariate"], test["level"]) == rows[int(observed.argmax())]
    smd = [row["smd_after"] for row in result["balance"]]
    assert test["largest_smd"] == abs(smd[int(observed.argmax())])
    for row, limit in zip(result["balance"], np.quantile(largest, 0.95) * sd * smd / seen, strict=True):
        assert row["smd_limit"] == pytest.approx(abs(limit), rel=0.08)
    covariance = np.linalg.pinv(np.cov(dealt.T), rcond=1e-9)
    far = np.einsum("ai,ij,aj->a", dealt, covariance, dealt)
    assert test["omnibus_p"] == pytest.approx((far >= seen @ covariance @ seen).mean(), abs=0.04)
    assert test["verdict"] in ("pass", "look", "fail") and test["sentence"]
    flat = read_csv(files["balance.csv"]).frame
    assert flat["smd_limit"].tolist() == [row["smd_limit"] for row in result["balance"]]
    assert result["balance_described"] == []


def test_limits_that_do_not_exist_are_null_and_say_why():
    frame = cohort_frame()
    frame["flat"], frame["lab"] = (frame["arm"] == "new") * 1.0, np.where(frame["arm"] == "new", np.nan, 3.0)
    columns = COHORT_SPEC["columns"] | {"covariates": ["age", "flat"], "categorical": [], "described": ["lab"]}
    made = analyse(frame, columns=columns, matching={"metric": "mahalanobis", "caliper": None, "ratio": 1})
    result = json.loads(result_files(made)["result.json"])
    assert [row["smd_limit"] is None for row in result["balance"]] == [False, True]
    assert result["balance_described"][0]["smd_after"] is result["balance_described"][0]["smd_limit"] is None
    assert result["balance_test"]["verdict"] == "fail"
    for said in (
        'smd_limit is null for "flat": the standard deviation is 0.',
        'smd_limit is null for "lab": no comparison has it on both sides.',
        'smd_after is null for "lab": nobody compared has it in one of the arms.',
    ):
        assert said in result["notes"]


def test_matching_numbers_by_hand(analysis):
    """Counts, distances and effective sample sizes recomputed from matched.csv alone."""
    matched = matched_frame(analysis.cohort, analysis.score, analysis.comparison)
    used = matched[matched["weights"] > 0]
    arms = dict(iter(used.groupby("arm")))
    gaps = [
        abs(control - treated)
        for _, one in used.groupby("subclass")
        for treated in one.loc[one["arm"] == "new", "distance"]
        for control in one.loc[one["arm"] == "usual", "distance"]
    ]
    result = result_dict(analysis)["matching"]
    assert result["matched_treated"] == len(arms["new"])
    assert result["matched_control"] == len(arms["usual"])
    assert result["pairs"] == len(gaps)
    assert result["sum_distance"] == pytest.approx(sum(gaps), rel=SUMMATION)
    assert result["max_distance"] == max(gaps)
    weights = arms["usual"]["weights"]
    assert result["ess_control"] == pytest.approx(weights.sum() ** 2 / (weights**2).sum(), rel=SUMMATION)
    np.testing.assert_allclose(matched["distance"], np.log(matched["propensity"] / (1 - matched["propensity"])))


def test_json_is_plain_and_null_has_a_note(analysis):
    frame = cohort_frame()
    frame["flat"] = np.where(frame["arm"] == "new", 7.0, np.arange(len(frame)))
    columns = COHORT_SPEC["columns"] | {"covariates": ["age", "flat"], "categorical": []}
    made = analyse(frame, columns=columns, matching={"metric": "mahalanobis", "caliper": None, "ratio": 1})
    result = json.loads(result_files(made)["result.json"])
    row = next(row for row in result["balance"] if row["covariate"] == "flat")
    assert result["matching"]["caliper_width"] is None
    assert any("no caliper was set" in note for note in result["notes"])
    assert row["variance_ratio_before"] in (None, 0.0)


def test_a_separated_model_that_is_not_needed_is_null():
    frame = cohort_frame()
    frame["age"] += 500.0 * (frame["arm"] == "new")
    made = analyse(frame, matching={"metric": "mahalanobis", "caliper": None, "ratio": 1})
    result = json.loads(result_files(made)["result.json"])
    assert result["propensity"]["separation"] == ["age"]
    assert set(result["propensity"]["coefficients"].values()) == {None}
    assert result["matching"]["sum_distance"] is None
    assert any("no propensity model was fitted" in note for note in result["notes"])
    assert read_csv(result_files(made)["matched.csv"]).frame["distance"].isna().all()


def test_matched_csv_with_replacement_has_no_subclass():
    made = analyse(cohort_frame(), matching={"replace": True, "ratio": 2})
    matched = matched_frame(made.cohort, made.score, made.comparison)
    assert matched["subclass"].isna().all()
    assert (matched["weights"] > 0).sum() > 0


def test_columns_of_the_file_with_our_names_are_renamed_and_noted():
    frame = cohort_frame().assign(weights=1.5, subclass="x", weights_in_file=2.5)
    made = analyse(frame)
    matched = matched_frame(made.cohort, made.score, made.comparison)
    assert matched.columns.tolist()[-4:] == list(MATCH_COLUMNS)
    assert matched.columns.is_unique
    assert matched["weights_in_file_in_file"].unique().tolist() == [1.5]
    assert matched["weights_in_file"].unique().tolist() == [2.5]
    assert 'Column "subclass" of the file is called "subclass_in_file" in matched.csv.' in result_dict(made)["notes"]


def test_flat_outcomes_hold_the_same_numbers(analysis):
    rows = outcome_frame(analysis.outcomes)
    for outcome in result_dict(analysis)["outcomes"]:
        own = rows[rows["outcome"] == outcome["name"]]
        for test in outcome["tests"]:
            row = own[(own["part"] == "test") & (own["name"] == test["name"]) & (own["sample"] == test["sample"])]
            assert (None if np.isnan(row["p_value"].iloc[0]) else row["p_value"].iloc[0]) == test["p_value"]
            assert row["n_units"].iloc[0] == test["n_units"]
        assert own.loc[own["part"] == "estimate", "name"].tolist() == [e["measure"] for e in outcome["estimates"]]
        assert own.loc[own["part"] == "summary", "n"].tolist() == [arm["n"] for arm in outcome["summary"].values()]


def test_files_move_in_together(tmp_path):
    write_files({"a.csv": b"1", "b.csv": b"2"}, tmp_path / "new" / "out")
    assert (tmp_path / "new" / "out" / "b.csv").read_bytes() == b"2"
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["out"]


# ---- invariants 3, 4 and 11 of statistics.md section 6


def assert_same(one: object, other: object, path: str = "") -> None:
    """Equal text, counts and structure; floats to SUMMATION. Lists of notes may come in another order."""
    if isinstance(one, dict):
        assert list(one) == list(other), path
        for key in one:
            assert_same(one[key], other[key], f"{path}.{key}")
    elif isinstance(one, list) and isinstance(other, list):
        assert len(one) == len(other), path
        for i, (a, b) in enumerate(zip(one, other, strict=True)):
            assert_same(a, b, f"{path}[{i}]")
    elif isinstance(one, float) and isinstance(other, float):
        assert math.isclose(one, other, rel_tol=SUMMATION, abs_tol=SUMMATION), (path, one, other)
    else:
        assert one == other, path


def sets_by_id(analysis: Steps) -> set[frozenset[str]]:
    matched = matched_frame(analysis.cohort, analysis.score, analysis.comparison)
    return {frozenset(one["id"]) for _, one in matched.groupby("subclass")}


ORDERS = st.sampled_from(["largest", "smallest", "closest"])
MATCHES = st.fixed_dictionaries(
    {
        "ratio": st.integers(1, 3),
        "caliper": st.sampled_from([None, 0.2, 0.5]),
        "order": ORDERS,
        "replace": st.booleans(),
        "metric": st.sampled_from(["propensity", "mahalanobis"]),
    }
)


@settings(deadline=None, max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(st.randoms(use_true_random=False), MATCHES, st.integers(0, 5))
def test_order_of_rows_and_columns_and_unused_columns_change_nothing(random, matching, seed):
    frame = cohort_frame(seed=seed, n=80)
    rows, columns = list(range(len(frame))), list(frame.columns)
    random.shuffle(rows)
    random.shuffle(columns)
    other = frame.iloc[rows][columns].assign(unused=[None if i % 3 else "x" for i in range(len(frame))])
    one, two = analyse(frame, matching=matching), analyse(other, matching=matching)
    assert sets_by_id(one) == sets_by_id(two)
    told = [{key: value for key, value in result_dict(made).items() if key != "data"} for made in (one, two)]
    assert_same(*told)  # the digest names the file, rows in their order


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 50), MATCHES)
def test_same_table_and_spec_give_the_same_bytes(seed, matching):
    frame = cohort_frame(seed=seed, n=60)
    assert result_files(analyse(frame, matching=matching)) == result_files(analyse(frame.copy(), matching=matching))


@settings(deadline=None, max_examples=10)
@given(st.integers(0, 50))
def test_outcomes_never_touch_score_or_match(seed):
    """Invariant 4: scrambled outcomes leave score, sets and balance as they were, to the bit."""
    frame = cohort_frame(seed=seed, n=80)
    scrambled = frame.assign(
        died=1 - frame["died"],
        score=frame["score"].to_numpy()[::-1] * 7,
        status=np.roll(frame["status"], 7),
        days=np.roll(frame["days"], 7),
    )
    one, two = analyse(frame), analyse(scrambled)
    np.testing.assert_array_equal(one.score.score, two.score.score)
    np.testing.assert_array_equal(one.comparison.membership, two.comparison.membership)
    pd.testing.assert_frame_equal(one.balance.rows, two.balance.rows)
