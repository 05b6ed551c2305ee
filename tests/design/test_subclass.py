"""Subclassification: against R, by hand, its rule for empty subclasses, and what cannot be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.balance import balance_table
from lib.design import match
from lib.design.subclass import Subclass, filled, subclasses_of
from lib.errors import SpecError
from lib.inference import compare_outcomes
from lib.score import fit_propensity
from lib.spec import AnalysisSpec
from tests.builders import cohort_on_a_line, make_score
from tests.independent.weighted_numbers import difference
from tests.oracle.cohorts import balance_by_variable, cohort_of, design_spec, subclass_run

R_CLOSE = 1e-6  # R's glm stops early, so that scores agree to 1e-6
KINDS = {"nhefs": {"wt82_71": "continuous", "death": "binary"}, "lalonde": {"re78": "continuous"}}


def oracle_spec(name: str) -> AnalysisSpec:
    outcomes = [{"name": column, "kind": kind, "column": column} for column, kind in KINDS[name].items()]
    return design_spec(name, "nn1").replace(matching={"method": "subclass", "subclasses": 5}, outcomes=outcomes)


@pytest.fixture(scope="module", params=["nhefs", "lalonde"])
def found(request):
    spec, told = oracle_spec(request.param), subclass_run(request.param)
    cohort = cohort_of(request.param, spec.to_json())
    made = match(cohort, fit_propensity(cohort, spec.propensity), spec.matching, 1)
    return cohort, made, told


def test_counts_and_effective_size_are_r_s(found):
    cohort, made, told = found
    assert made.n_matched(True) == told["matched_treated"]
    assert made.n_matched(False) == told["matched_control"]
    assert made.effective_sample_size(False) == pytest.approx(told["ess_control"], rel=R_CLOSE)
    assert made.n_sets == 5


def test_balance_across_subclasses_is_r_s(found):
    cohort, made, told = found
    rows = balance_by_variable(balance_table(cohort, made).rows)
    wanted = [row for row in told["balance_after"] if row["variable"] != "distance"]
    for row in wanted:
        ours = rows.loc[row["variable"]]
        assert ours["mean_control_after"] == pytest.approx(row["Means Control"], rel=R_CLOSE)
        assert ours["smd_after"] == pytest.approx(row["Std. Mean Diff."], rel=R_CLOSE, abs=R_CLOSE)
    assert len(wanted) > 5


def test_effects_are_r_s(found):
    cohort, made, told = found
    outcomes = {outcome.name: outcome for outcome in compare_outcomes(cohort, made, 1)}
    effect = told["effects"]["mean_difference"]
    values = cohort.outcomes[effect["outcome"]].to_numpy(float)[cohort.rows]
    as_matched, anew = (plain_difference(values, made, anew) for anew in (False, True))
    assert as_matched == pytest.approx((effect["estimate"], effect["se"]), rel=R_CLOSE)
    ours = next(e for e in outcomes[effect["outcome"]].estimates if e.measure == "mean_difference")
    assert (ours.estimate, ours.se) == pytest.approx(anew, rel=1e-9)


def plain_difference(values, made, anew: bool) -> tuple[float, float]:
    """The weighted difference in means and its clustered error in plain numpy, over the patients with a value: with the
    weights as matched, as R was asked for, or made anew over the patients of each subclass who have one."""
    row, subclass = made.membership.T
    kept = ~np.isnan(values[row])
    row, subclass = row[kept], subclass[kept]
    z, w = made.treated[row] * 1.0, made.weights[row].copy()
    if anew:
        n1, n0 = (np.bincount(subclass, weights=z == arm) for arm in (1, 0))
        w = np.where(z == 1, 1.0, (n1 / n0)[subclass])
    return difference(values[row], z, w, subclass, len(np.unique(subclass)))


def test_cuts_by_hand():
    """Treated at 1, 2, 3, 4 in two halves: cut at 2.5; a control on the cut goes up, those beyond the ends join in."""
    score = np.array([1, 2, 3, 4, 0.5, 2.4, 2.5, 9]) / 10
    bins = subclasses_of(score, np.arange(8) < 4, 2, 1)
    assert bins.tolist() == [0, 0, 1, 1, 0, 0, 1, 1]


def test_an_empty_subclass_takes_from_the_side_with_more_to_spare():
    """Four below and two above: from below, the highest; two below and four above: from above, the lowest."""
    assert filled(np.array([0, 0, 0, 0, 2, 2]), np.arange(6.0), 3, 1).tolist() == [0, 0, 0, 1, 2, 2]
    assert filled(np.array([0, 0, 2, 2, 2, 2]), np.arange(6.0), 3, 1).tolist() == [0, 0, 1, 2, 2, 2]
    assert filled(np.array([0, 0, 0, 0, 0, 2]), np.arange(6.0), 3, 2).tolist() == [0, 0, 1, 1, 2, 2]


@given(st.lists(st.tuples(st.integers(0, 30), st.booleans()), min_size=6, max_size=40), st.integers(1, 6))
def test_every_subclass_has_both_arms_and_scores_stay_in_order(patients, subclasses):
    score = np.array([s for s, _ in patients]) / 31
    treated = np.array([t for _, t in patients])
    if min(treated.sum(), (~treated).sum()) < subclasses:
        return
    bins = subclasses_of(score, treated, subclasses, 1)
    for arm in (treated, ~treated):
        assert set(bins[arm]) == set(range(int(bins.max()) + 1))
        order = np.argsort(score[arm], kind="stable")
        lows = [score[arm][bins[arm] == b].max() for b in range(int(bins.max()))]
        highs = [score[arm][bins[arm] == b + 1].min() for b in range(int(bins.max()))]
        assert all(low <= high for low, high in zip(lows, highs, strict=True)), (order, bins)


def line(**settings):
    distance = np.array([-1.0, 0, 1, 2, -2, -1.5, 0.1, 3])
    return match(cohort_on_a_line(np.arange(8) < 4), make_score(distance), Subclass(**settings), 1)


def test_without_filling_a_subclass_that_lacks_an_arm_is_left_out():
    made = line(subclasses=4, min_n=0)
    assert made.losses["reason"].tolist() == ["no control in the same subclass"]
    assert made.n_sets == 3
    assert any("speaks for the 3 matched only" in note for note in made.notes)
    assert not line(subclasses=4).losses.size


def test_too_many_subclasses_say_how_many_there_can_be():
    with pytest.raises(SpecError, match="5 subclasses need 5 treated patients; there are 4") as caught:
        line(subclasses=5)
    assert "at most 4" in caught.value.hint
