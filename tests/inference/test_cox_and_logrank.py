"""Cox regression and log-rank tests, by hand, against other programs, and by property."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize_scalar
from scipy.special import stdtrit

from lib.errors import EstimationError
from lib.inference.cox import cox_two_arms, ratio_at_edge
from lib.inference.followed import Followed
from lib.inference.logrank import logrank
from lib.inference.rows import SAME_IN_EVERY_SET
from lib.inference.survival_effects import fit_cox, hazard_ratios
from lib.inference.survival_tests import cox_test
from tests.inference.builders import even_sets, sets_of_pairs
from tests.inference.lifelines_numbers import lifelines_cases

SAME = 1e-9  # two double-precision routes to one number

seeds = st.integers(0, 10_000)


def draw(seed: int, tied: bool = True) -> tuple[np.ndarray, ...]:
    """time, event, treated, weights, set of 8 to 15 sets of 1:2."""
    rng = np.random.default_rng(seed)
    n_sets = int(rng.integers(8, 16))
    time = rng.exponential(20, 3 * n_sets) + 0.01
    time = np.ceil(time / 4) if tied else time
    event = rng.random(3 * n_sets) < 0.7
    sets = even_sets(n_sets, 2)
    return time, event, sets.treated, np.round(rng.uniform(0.5, 2, 3 * n_sets), 2), sets.set_id


def efron_likelihood(log_hr: float, time, event, treated, weights) -> float:
    """Weighted log partial likelihood with Efron ties, written out."""
    total = 0.0
    hot = weights * np.exp(log_hr * treated)
    for moment in np.unique(time[event]):
        dying = event & (time == moment)
        d, mean_weight = dying.sum(), weights[dying].mean()
        total += log_hr * (weights * treated)[dying].sum()
        for step in range(d):
            total -= mean_weight * np.log(hot[time >= moment].sum() - step / d * hot[dying].sum())
    return total


def test_logrank_of_four_patients_by_hand() -> None:
    """Treated die at 1 and 4, controls at 2 and 3: O = 2, E = 1/2 + 1/3 + 1/2 + 1."""
    chi = logrank(np.array([1.0, 4, 2, 3]), np.ones(4, dtype=bool), np.array([True, True, False, False]))
    assert chi.statistic == pytest.approx((2 - 7 / 3) ** 2 / (1 / 4 + 2 / 9 + 1 / 4))


@pytest.mark.parametrize("case", lifelines_cases("log_rank"))
def test_logrank_is_that_of_lifelines(case: dict) -> None:
    ours = logrank(case["time"], case["event"], case["treated"])
    assert ours.statistic == pytest.approx(case["statistic"], rel=1e-7)


@given(seeds)
def test_stratified_logrank_adds_the_sets_up(seed: int) -> None:
    time, event, treated, _, sets = draw(seed)
    deviation = variance = 0.0
    for s in np.unique(sets):
        for moment in np.unique(time[event & (sets == s)]):
            here = (sets == s) & (time >= moment)
            n, n1, d = here.sum(), (here & treated).sum(), (here & event & (time == moment)).sum()
            deviation += (here & event & treated & (time == moment)).sum() - d * n1 / n
            variance += d * (n - d) / max(n - 1, 1) * n1 * (n - n1) / n**2
    ours = logrank(time, event, treated, sets)
    if variance == 0:
        assert np.isnan(ours.statistic)
    else:
        assert ours.statistic == pytest.approx(deviation**2 / variance, rel=SAME)


def test_no_common_event_time_has_no_logrank() -> None:
    assert np.isnan(logrank(np.ones(2), np.zeros(2, dtype=bool), np.array([True, False])).p_value)
    late = logrank(np.array([1.0, 5]), np.array([False, True]), np.array([True, False]))
    assert np.isnan(late.statistic)


@given(seeds)
def test_logrank_swap_shuffle_and_pairs(seed: int) -> None:
    time, event, treated, _, sets = draw(seed)
    chi = logrank(time, event, treated, sets)
    order = np.random.default_rng(seed).permutation(len(time))
    moved = logrank(7 * time[order], event[order], ~treated[order], sets[order])
    assert moved.statistic == pytest.approx(chi.statistic, rel=SAME, nan_ok=True)
    blocks = sets_of_pairs(*even_sets(len(np.unique(sets)), 2).blocks().pairs())
    again = logrank(time[blocks.row], event[blocks.row], blocks.treated, blocks.set_index)
    assert again.statistic == pytest.approx(chi.statistic, rel=SAME, nan_ok=True)


@given(seeds)
@settings(max_examples=30)
def test_cox_maximises_the_efron_likelihood(seed: int) -> None:
    time, event, treated, weights, sets = draw(seed)
    fit = cox_two_arms(time, event, treated, weights, sets)
    best = minimize_scalar(
        lambda b: -efron_likelihood(b, time, event, treated, weights),
        bracket=(fit.log_hr - 1, fit.log_hr + 1),
        tol=1e-10,
    )
    assert fit.log_hr == pytest.approx(best.x, abs=1e-5)


@pytest.mark.parametrize("case", lifelines_cases("cox"))
def test_cox_is_that_of_lifelines_without_ties(case: dict) -> None:
    fit = cox_two_arms(case["time"], case["event"], case["treated"], case["weight"], case["set"])
    assert fit.log_hr == pytest.approx(case["log_hr"], abs=1e-6)
    assert fit.robust_se == pytest.approx(case["robust_se"], rel=1e-4)


@given(seeds)
def test_cox_swap_unit_weights_scale_and_order(seed: int) -> None:
    time, event, treated, weights, sets = draw(seed)
    fit = cox_two_arms(time, event, treated, weights, sets)
    order = np.random.default_rng(seed).permutation(len(time))
    moved = cox_two_arms(3 * time[order], event[order], ~treated[order], 5 * weights[order], sets[order])
    assert moved.log_hr == pytest.approx(-fit.log_hr, abs=1e-8)
    assert moved.robust_se == pytest.approx(fit.robust_se, rel=1e-7)


def test_a_censored_patient_of_weight_two_is_two_patients() -> None:
    """Copies of events would tie, which Efron treats otherwise; copies share their patient's cluster."""
    time, event, treated, _, sets = draw(5, tied=False)
    copies = np.where(~event & (np.arange(len(time)) % 2 == 0), 2, 1)
    rows = np.repeat(np.arange(len(time)), copies)
    copied = cox_two_arms(time[rows], event[rows], treated[rows], np.ones(len(rows)), sets[rows])
    weighted = cox_two_arms(time, event, treated, copies.astype(float), sets)
    assert len(rows) > len(time)
    assert copied.log_hr == pytest.approx(weighted.log_hr, abs=SAME)
    assert copied.robust_se == pytest.approx(weighted.robust_se, rel=SAME)


def test_no_maximum_is_an_error() -> None:
    time, treated, one = np.array([1.0, 2, 3, 4]), np.array([True, True, False, False]), np.ones(4)
    sets = np.array([0, 1, 0, 1])
    with pytest.raises(EstimationError, match="no event"):
        cox_two_arms(time, np.zeros(4, dtype=bool), treated, one, sets)
    with pytest.raises(EstimationError, match="one arm only"):
        cox_two_arms(time, treated, treated, one, sets)
    with pytest.raises(EstimationError, match="one arm only"):
        cox_two_arms(time, np.array([False, False, True, True]), treated, one, sets)
    with pytest.raises(EstimationError, match="one arm only"):
        cox_two_arms(time, np.ones(4, dtype=bool), treated, one, sets)  # controls die once no treated is left


def test_one_cluster_has_no_robust_error() -> None:
    time, event, treated, weights, _ = draw(3)
    assert np.isnan(cox_two_arms(time, event, treated, weights, np.zeros(len(time), dtype=int)).robust_se)


def test_where_the_likelihood_has_no_maximum() -> None:
    """By hand: the ratio is 0 or infinite after which arm has the events while both are at risk; else there is none."""
    time, treated, one = np.array([1.0, 2, 3, 4]), np.array([True, True, False, False]), np.ones(4)

    def edge(time: np.ndarray, event: list[bool]) -> float | None:
        return ratio_at_edge(time, np.array(event), treated, one)

    assert edge(time, [True, False, False, False]) == np.inf
    assert edge(time, [True, True, True, True]) == np.inf  # controls die once no treated is left
    assert edge(-time, [False, False, True, False]) == 0
    assert np.isnan([edge(time, [False] * 4), edge(time, [False, False, True, True])]).all()
    assert edge(np.array([1.0, 3, 2, 4]), [True] * 4) is None


@given(seeds)
@settings(max_examples=30)
def test_at_an_edge_the_likelihood_only_rises(seed: int) -> None:
    time, event, treated, weights, _ = draw(seed)
    event = event & ~treated
    likelihoods = [efron_likelihood(b, time, event, treated, weights) for b in (-30.0, -2.0, 0.0)]
    edge = ratio_at_edge(time, event, treated, weights)
    if (event & (time <= time[treated].max())).any():
        assert edge == 0
        assert likelihoods == sorted(likelihoods, reverse=True)
    else:
        assert edge is not None and np.isnan(edge)


@pytest.mark.parametrize(("turned", "code"), [(False, "infinite_ratio"), (True, "zero_ratio")])
def test_a_ratio_without_an_end_says_its_direction(turned: bool, code: str) -> None:
    """The treated die first of all: infinite, never "other than 0"; turned round, 0; neither has a limit."""
    treated = np.array([True, False, False, False]) != turned
    followed = Followed(np.arange(1.0, 5), np.array([1, 0, 0, 0]), treated, np.ones(4), np.arange(4))
    fit = fit_cox(followed)
    (row,) = hazard_ratios(fit, followed, by_set=True)
    assert fit.code == row.note_code == code
    assert row.estimate == 0 if turned else np.isnan(row.estimate)
    assert np.isnan([row.ci_low, row.ci_high, row.se]).all()


def test_normal_limits_stand_beside_those_of_t() -> None:
    """t on sets - 1 first; normal limits as R coxph second; without sets only those."""
    time, event, treated, weights, sets = draw(5)
    followed = Followed(time, event.astype(int), treated, weights, sets)
    fit = fit_cox(followed)
    with_t, normal = hazard_ratios(fit, followed, by_set=True)
    (alone,) = hazard_ratios(fit, followed, by_set=False)
    df = len(np.unique(sets)) - 1
    assert with_t.df == df and f"t with {df} df" in with_t.method
    assert np.log(with_t.ci_high / with_t.estimate) == pytest.approx(stdtrit(df, 0.975) * fit.robust_se)
    assert np.log(normal.ci_high / normal.estimate) == pytest.approx(1.959963984540054 * fit.robust_se)
    assert (alone.ci_low, alone.ci_high) == (normal.ci_low, normal.ci_high)


def test_sets_that_agree_give_no_wald_test() -> None:
    """Everybody has the event on one day, so that each set's score cancels: the SE is 0, and no p comes of it."""
    followed = Followed(
        np.full(8, 60.0), np.ones(8, dtype=int), np.array([True, False] * 4), np.ones(8), np.repeat(np.arange(4), 2)
    )
    fit = fit_cox(followed)
    test, (ratio,) = cox_test(fit, followed), hazard_ratios(fit, followed, by_set=True)
    assert (fit.log_hr, fit.robust_se) == (0, 0)
    assert np.isnan([test.statistic, test.p_value, ratio.se, ratio.ci_low]).all()
    assert ratio.estimate == 1
    assert test.note_code == ratio.note_code == SAME_IN_EVERY_SET.code
