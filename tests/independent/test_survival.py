"""Survival of random sets: log-rank, Cox, Kaplan-Meier and RMST, against risk sets written out."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from tests.independent import survival_numbers
from tests.independent.harness import random_sets
from tests.independent.sets_made_elsewhere import OUTCOMES, Study, study
from tests.independent.test_yes_no import check, check_interval

SAME = 1e-9  # the same formula in two orders of summation
NEWTON = 1e-7  # two iterations that stop at different places
NUDGE = 1e-6  # an influence by small differences of the weights against one by formula

SHAPES = [(6, (1, 2, 3, 4)), (8, (3,)), (12, (1, 2, 3)), (20, (1,)), (30, (2, 3))]
CASES = [(200 + seed, *SHAPES[seed % len(SHAPES)]) for seed in range(10)]


@pytest.fixture(params=CASES, ids=lambda c: f"seed{c[0]}-{c[1]}sets", scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Study:
    seed, n_sets, sizes = request.param
    return study(tmp_path_factory.mktemp("run"), random_sets(seed, n_sets, sizes), OUTCOMES[3:])


def columns(rows: pd.DataFrame, *more: str) -> list[np.ndarray]:
    return [rows[c].to_numpy() for c in ("days", "dead", "z", *more)]


def test_logrank(case: Study) -> None:
    check(case.answers.test("alive", "logrank", "whole"), *survival_numbers.logrank(*columns(case.frame)))
    check(case.answers.test("alive", "logrank"), *survival_numbers.logrank(*columns(case.matched)))
    row = case.answers.test("alive", "logrank_by_set")
    check(row, *survival_numbers.logrank(*columns(case.matched, "set")))
    assert (row["unit"], row["n_units"]) == ("set", case.matched["set"].nunique())


def test_cox(case: Study) -> None:
    beta, se = survival_numbers.cox(*columns(case.matched, "w", "set"))
    g = case.matched["set"].nunique()
    quantiles = stats.t.isf(0.025, g - 1), stats.norm.isf(0.025)  # the default first, then as R coxph
    for row, quantile in zip(case.answers.estimates("alive", "hazard_ratio"), quantiles, strict=True):
        assert (np.log(row["estimate"]), row["se"]) == pytest.approx((beta, se), rel=NEWTON, abs=NEWTON)
        check_interval(row, quantile, ratio=True)
    p = 2 * stats.norm.sf(abs(beta / se))
    assert case.answers.test("alive", "cox_cluster")["p_value"] == pytest.approx(p, rel=NEWTON, abs=NEWTON)


@pytest.mark.parametrize(("outcome", "horizon"), [("early", 30.0), ("alive", 100.0)])
def test_curves(case: Study, outcome: str, horizon: float) -> None:
    """survival_at_horizon stands twice, treated first; a horizon beyond follow-up carries the last survival forward."""
    time, event, z, w, cluster = columns(case.matched, "w", "set")
    arms = [(time[z == arm], event[z == arm], w[z == arm]) for arm in (1, 0)]
    rows = case.answers.estimates(outcome, "survival_at_horizon")
    assert [row["method"].split(":")[0] for row in rows] == ["treated", "matched controls"]
    wanted = [survival_numbers.kaplan_meier(*arm, horizon) for arm in arms]
    assert [row["estimate"] for row in rows] == pytest.approx(wanted, rel=SAME, abs=SAME)
    row = case.answers.estimates(outcome, "rmst_difference")[0]
    means = [survival_numbers.rmst(*arm, horizon) for arm in arms]
    assert row["estimate"] == pytest.approx(means[0] - means[1], rel=SAME, abs=SAME)
    influence = np.zeros(len(z))
    for arm, sign in ((1, 1), (0, -1)):
        here = z == arm
        influence[here] = sign * w[here] * survival_numbers.rmst_influence(time[here], event[here], w[here], horizon)
    sums = pd.Series(influence).groupby(cluster).sum()
    g = len(sums)
    assert row["se"] == pytest.approx(np.sqrt(g / (g - 1) * (sums**2).sum()), rel=NUDGE)
    check_interval(row, stats.t.isf(0.025, g - 1), ratio=False)


def test_summary_counts_events_up_to_the_horizon(case: Study) -> None:
    for outcome, horizon in (("early", 30), ("alive", 100)):
        summary = case.answers.outcome(outcome)["summary"]
        for arm, name in ((1, "treated"), (0, "matched_control")):
            rows = case.matched[case.matched["z"] == arm]
            events = ((rows["dead"] == 1) & (rows["days"] <= horizon)).sum()
            assert (summary[name]["n"], summary[name]["events"]) == (len(rows), events)
