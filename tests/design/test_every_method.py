"""What holds for every method and setting: the rules on the output, nothing from the order of the file, no outcome in a
match, and the same tests from pairs as from sets (statistics.md section 6)."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.design import METHODS, match
from lib.design.full import Full
from lib.design.given import Given
from lib.design.nearest import Nearest
from lib.design.optimal import Optimal
from lib.design.subclass import Subclass
from lib.design.weights import Weights
from lib.errors import AnalysisError, EstimationError
from lib.report.files import matched_frame
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from tests.builders import make_cohort
from tests.design.studies import DISTANCE, LIMITS, SHARED, Small, settings_of, small_studies
from tests.invariants import assert_good_match, exact_groups
from tests.tables import COHORT_SPEC, cohort_frame

NEWTON = 1e-8  # of a weight: another order of rows ends Newton's iterations with other last digits
SAME = 1e-9  # of a p: two routes to one sum
MEANS = 1e-8  # SD: a score fitted to a gradient of 1e-10

KINDS = {
    Nearest: DISTANCE
    | {
        "ratio": st.integers(1, 3),
        "replace": st.booleans(),
        "order": st.sampled_from(["largest", "smallest", "closest", "data", "random"]),
    },
    Optimal: DISTANCE | {"ratio": st.integers(1, 3)},
    Full: DISTANCE | LIMITS,
    Weights: SHARED | {"kind": st.sampled_from(["att_odds", "overlap", "entropy"])},
    Subclass: SHARED | {"subclasses": st.integers(1, 3), "min_n": st.integers(0, 1)},
}


def test_no_method_is_forgotten() -> None:
    assert {method.settings for method in METHODS.values()} == {*KINDS, Given}


@pytest.mark.parametrize("method", KINDS, ids=lambda method: method.__name__)
def test_a_match_obeys_its_own_rules(method) -> None:
    made = []

    @settings(max_examples=60)
    @given(small_studies(most=18), st.fixed_dictionaries(KINDS[method]))
    def one(study: Small, chosen: dict) -> None:
        if "ratio" in chosen:
            chosen = chosen | {"ratio": min(chosen["ratio"], int((~study.treated).sum()))}
        asked = settings_of(method, chosen)
        try:
            sample = match(study.cohort, study.score, asked, 1)
        except AnalysisError as error:
            assert str(error).endswith(".") and error.hint
            return
        assert_good_match(study.cohort, study.score, asked, sample)
        made.append(sample)

    one()
    assert len(made) > 12, "hardly any match was possible, so hardly anything was tried"


@settings(max_examples=40)
@given(small_studies(most=18), st.fixed_dictionaries(SHARED), st.integers(0, 1000))
def test_given_sets_are_those_of_the_file(study: Small, chosen: dict, seed: int) -> None:
    """Labels at random; the gate would refuse sets of one arm, later steps must cope with them."""
    rng = np.random.default_rng(seed)
    extra = study.cohort.eligible[["site", "age"]].assign(set=rng.choice(["p", "q", "r", None], study.cohort.n))
    cohort = make_cohort(study.cohort.eligible[["x", "y"]], study.treated, ("site", "age", "set"), extra)
    asked = Given(subclass="set", **chosen)
    try:
        sample = match(cohort, study.score, asked, 1)
    except EstimationError as error:
        assert str(error).endswith(".") and error.hint
        return
    assert_good_match(cohort, study.score, asked, sample)


# ---- whole analyses: nothing but the patients decides

MATCHES = [
    {"method": "optimal", "ratio": 2, "caliper": 0.3},
    {"method": "optimal", "metric": "mahalanobis", "exact": ["sex"]},
    {"method": "full", "caliper": 0.5},
    {"method": "full", "max_controls": 3, "max_treated": 2, "omit_fraction": 0.1},
    {"method": "full", "metric": "mahalanobis", "exact": ["sex"]},
    {"method": "weights", "kind": "att_odds", "exact": ["sex"]},
    {"method": "weights", "kind": "overlap", "discard": "both"},
    {"method": "weights", "kind": "entropy", "exact": ["sex"]},
]
ids = pytest.mark.parametrize("matching", MATCHES, ids=lambda m: "-".join(map(str, m.values())))


def steps(frame: pd.DataFrame, matching: dict) -> Steps:
    return Steps(Table.from_frame(frame), AnalysisSpec.from_dict(COHORT_SPEC | {"matching": matching}))


def weights_and_sets(made: Steps) -> tuple[dict[str, float], set[frozenset[str]]]:
    matched = matched_frame(made.cohort, made.score, made.comparison)
    sets = {frozenset(one["id"]) for _, one in matched.groupby("subclass")}
    return dict(zip(matched["id"], matched["weights"], strict=True)), sets


@ids
@pytest.mark.parametrize("seed", range(3))
def test_order_of_rows_and_columns_and_unused_columns_change_nothing(matching: dict, seed: int) -> None:
    frame, rng = cohort_frame(150, seed), np.random.default_rng(seed)
    unused = [None if i % 3 else "x" for i in range(len(frame))]
    other = frame.iloc[rng.permutation(len(frame))][rng.permutation(frame.columns)].assign(unused=unused)
    (one, sets), (two, again) = (weights_and_sets(steps(table, matching)) for table in (frame, other))
    assert sets == again
    assert {name: two[name] for name in one} == pytest.approx(one, rel=NEWTON, abs=NEWTON)


@ids
def test_no_outcome_enters_a_match(matching: dict) -> None:
    """Outcomes scrambled: score and weights to the bit."""
    frame = cohort_frame(150, 2)
    scrambled = frame.assign(
        died=1 - frame["died"],
        score=frame["score"].to_numpy()[::-1] * 7,
        status=np.roll(frame["status"], 7),
        days=np.roll(frame["days"], 7),
    )
    one, two = steps(frame, matching), steps(scrambled, matching)
    assert np.array_equal(one.score.score, two.score.score)
    assert np.array_equal(one.comparison.weights, two.comparison.weights)
    assert np.array_equal(one.comparison.membership, two.comparison.membership)


@ids
def test_the_same_table_twice_is_the_same_match(matching: dict) -> None:
    one, two = (steps(cohort_frame(150, 4), matching).comparison for _ in range(2))
    assert np.array_equal(one.weights, two.weights) and one.notes == two.notes


@pytest.mark.parametrize("seed", range(5))
def test_overlap_weights_balance_the_means_of_a_logit_exactly(seed: int) -> None:
    made = steps(cohort_frame(150, seed), {"method": "weights", "kind": "overlap"})
    values, weights, treated = (
        made.cohort.covariate_matrix.to_numpy(float),
        made.comparison.weights,
        made.cohort.treated,
    )
    means = [np.average(values[arm], axis=0, weights=weights[arm]) for arm in (treated, ~treated)]
    assert (np.abs(means[0] - means[1]) / values.std(axis=0)).max() < MEANS
    assert made.comparison.estimand == "ATO"


@pytest.mark.parametrize("kind", ["att_odds", "overlap", "entropy"])
def test_arms_weigh_the_same_in_each_exact_group(kind: str) -> None:
    made = steps(cohort_frame(150, 1), {"method": "weights", "kind": kind, "exact": ["sex", "site"]})
    treated, weights = made.cohort.treated, made.comparison.weights
    groups = exact_groups(made.cohort, made.spec.matching)
    assert len(groups) == 6
    for group in groups:
        shares = [weights[group & arm].sum() / weights[arm].sum() for arm in (treated, ~treated)]
        assert shares[0] == pytest.approx(shares[1], abs=MEANS)


# ---- tests by set count a person once


@settings(max_examples=12)
@given(st.integers(0, 10_000), st.sampled_from([2, None]))
def test_pairs_with_repeated_patients_give_the_tests_of_the_sets(seed: int, most: int | None) -> None:
    """Invariant 8: sets put together again from a full match's list of pairs, and p by moving labels, written out."""
    rng = np.random.default_rng(seed)
    treated = rng.permutation(14) < 6
    frame = pd.DataFrame(
        {
            "id": [f"p{i}" for i in range(14)],
            "arm": np.where(treated, "new", "usual"),
            "age": rng.normal(60, 9, 14),
            "died": rng.integers(0, 2, 14),
        }
    )
    columns = {"id": "id", "treatment": "arm", "treated_value": "new", "covariates": ["age"]}
    outcome = {"name": "died", "kind": "binary", "column": "died"}
    spec = {"columns": columns, "outcomes": [outcome], "propensity": {"model": "firth"}}
    made = run(
        Table.from_frame(frame),
        AnalysisSpec.from_dict(spec | {"matching": {"method": "full", "max_treated": most, "max_controls": 4}}),
    )
    frame["set"] = sets_of_pairs(made.comparison.pairs, made.cohort.n)
    again = run(
        Table.from_frame(frame), AnalysisSpec.from_dict(spec | {"matching": {"method": "given", "subclass": "set"}})
    )
    ours, theirs = (
        {test.name: test.p_value for test in steps.outcomes[0].tests if test.unit == "set"} for steps in (made, again)
    )
    for told in (ours, theirs):  # it takes the moves that are quoted: by the score that was matched on, or equal ones
        del told["exact_by_set_adjusted"]
    assert ours == pytest.approx(theirs, abs=SAME, nan_ok=True)
    died = frame["died"].to_numpy()
    assert ours["exact_by_set"] == pytest.approx(
        p_by_moving_labels(made.comparison.membership, treated, died), abs=SAME
    )


def sets_of_pairs(pairs: pd.DataFrame, n: int) -> list[str | None]:
    """A label for each patient of a list of pairs: who is linked, directly or through others, shares one."""
    label = np.arange(n)
    for _ in range(n):
        for a, b in zip(pairs["treated_row"], pairs["control_row"], strict=True):
            label[[a, b]] = label[[a, b]].min()
    paired = {*pairs["treated_row"], *pairs["control_row"]}
    return [f"s{label[row]}" if row in paired else None for row in range(n)]


def p_by_moving_labels(membership: np.ndarray, treated: np.ndarray, died: np.ndarray) -> float:
    """Every way to call as many of each set treated as are: the share whose number of treated deaths is no likelier
    than the one seen."""
    rows, sets = membership.T
    ways = []
    for number in range(sets.max() + 1):
        own = rows[sets == number]
        ways.append([int(died[list(chosen)].sum()) for chosen in combinations(own, int(treated[own].sum()))])
    totals = np.array([sum(way) for way in product(*ways)])
    value, count = np.unique(totals, return_counts=True)
    seen = count[value == died[rows[treated[rows]]].sum()][0]
    return float(count[count <= seen].sum() / count.sum())
