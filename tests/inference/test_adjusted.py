"""Regression-adjusted effects: by hand, against statsmodels, by property, and the rule that refuses them."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.inference.adjusted import OVERLAP, SEPARATED, TOO_FEW_SETS, adjusted_mean_difference, adjusted_risks
from lib.inference.frame import Frame
from lib.inference.notes import SILENCE
from tests.inference.builders import Sets, even_sets, given_sample, sample_of, sets_of

SAME = 1e-7  # two least-squares solvers; R's and statsmodels' GLM stop at a relative change of 1e-8
NUDGE = 1e-6  # of a coefficient, in a numerical derivative


def frame_of(sets: Sets, design: np.ndarray) -> Frame:
    return Frame.of(np.arange(len(sets.set_id)), sample_of(sets), 1, design)


def everyone(frame: Frame) -> np.ndarray:
    return np.ones(len(frame.treated), dtype=bool)


def draw(seed: int, n_sets: int = 120) -> tuple[Sets, np.ndarray, np.ndarray, np.ndarray]:
    """Sets of 1:1 to 1:3, two covariates (one a 0/1 column), a number, an event."""
    rng = np.random.default_rng(seed)
    sizes = rng.integers(1, 4, n_sets) + 1
    sets = sets_of(np.repeat(np.arange(n_sets), sizes).tolist(), [int(i == 0) for n in sizes for i in range(n)])
    n = len(sets.set_id)
    design = np.column_stack([rng.normal(60, 10, n), rng.random(n) < 0.4]).astype(float)
    y = 0.2 * design[:, 0] + 3 * sets.treated + rng.normal(size=n)
    event = rng.random(n) < 1 / (1 + np.exp(-(design[:, 0] - 60) / 10 - sets.treated))
    return sets, design, y, event.astype(float)


def test_risks_by_hand() -> None:
    """A covariate with the same odds ratio, 4, in both levels, so that the model fits the cells: 10/20 and 24/30
    treated, 4/20 and 15/30 controls. With treatment 34/50, without (20 x 1/5 + 30 x 1/2)/50 = 19/50."""
    level = np.repeat([0.0, 1], [20, 30])
    treated = np.concatenate([np.arange(20) < 10, np.arange(30) < 24])
    control = np.concatenate([np.arange(20) < 4, np.arange(30) < 15])
    event = np.stack([treated, control], axis=1).ravel().astype(float)
    frame = frame_of(even_sets(50, 1), np.repeat(level, 2)[:, None])
    difference, ratio, odds = adjusted_risks(frame, event, everyone(frame)).estimates
    assert difference.estimate == pytest.approx(0.30)
    assert ratio.estimate == pytest.approx(34 / 19)
    assert odds.estimate == pytest.approx(34 / 16 / (19 / 31))


@given(st.integers(0, 1000))
@settings(max_examples=15)
def test_the_mean_difference_is_the_weighted_regression(seed: int) -> None:
    sets, design, y, _ = draw(seed)
    frame = frame_of(sets, design)
    (ours,) = adjusted_mean_difference(frame, y, everyone(frame)).estimates
    x = np.column_stack([np.ones(len(y)), sets.treated, design])
    fit = sm.WLS(y, x, weights=frame.weights).fit()
    robust = fit.get_robustcov_results("cluster", groups=sets.set_id, use_correction=True)
    assert ours.estimate == pytest.approx(fit.params[1], rel=SAME)
    assert ours.se == pytest.approx(robust.bse[1], rel=SAME)
    assert "linear, 4 coefficients" in ours.method


@given(st.integers(0, 1000))
@settings(max_examples=15)
def test_the_risks_are_those_of_the_weighted_logistic_model(seed: int) -> None:
    sets, design, _, event = draw(seed)
    frame = frame_of(sets, design)
    rows = adjusted_risks(frame, event, everyone(frame)).estimates
    x = np.column_stack([np.ones(len(event)), sets.treated, (design - [60, 0]) / [10, 1]])
    fit = sm.GLM(event, x, family=sm.families.Binomial(), var_weights=frame.weights).fit(tol=1e-12)
    p, w, n_sets = fit.fittedvalues, frame.weights, sets.set_id.max() + 1
    bread = np.linalg.inv((x * (w * p * (1 - p))[:, None]).T @ x)
    scores = [(x * (w * (event - p))[:, None])[sets.set_id == s].sum(axis=0) for s in range(n_sets)]
    factor = n_sets / (n_sets - 1) * (len(event) - 1) / (len(event) - 4)  # statsmodels has none with weights
    covariance = factor * bread @ sum(np.outer(score, score) for score in scores) @ bread

    def effects(beta: np.ndarray) -> np.ndarray:
        risk = []
        for z in (1, 0):
            moved = x[sets.treated].copy()
            moved[:, 1] = z
            risk.append((1 / (1 + np.exp(-moved @ beta))).mean())
        r1, r0 = risk
        return np.array([r1 - r0, np.log(r1 / r0), np.log(r1 / (1 - r1) / (r0 / (1 - r0)))])

    gradient = np.array([(effects(fit.params + d) - effects(fit.params - d)) / (2 * NUDGE) for d in np.eye(4) * NUDGE])
    errors = np.sqrt(np.diag(gradient.T @ covariance @ gradient))
    own = [rows[0].estimate, *np.log([rows[1].estimate, rows[2].estimate])]
    assert own == pytest.approx(effects(fit.params), rel=1e-5)
    assert [row.se for row in rows] == pytest.approx(errors, rel=1e-5)


@given(st.integers(0, 1000))
@settings(max_examples=15)
def test_units_copies_and_constants_of_covariates_do_not_matter(seed: int) -> None:
    sets, design, y, event = draw(seed)
    frame = frame_of(sets, design)
    again = frame_of(sets, np.column_stack([design[:, 1] * 5 - 3, design[:, 0] / 7, design[:, 0], np.ones(len(y))]))
    for work, values in ((adjusted_mean_difference, y), (adjusted_risks, event)):
        one, two = (work(f, values, everyone(f)).estimates for f in (frame, again))
        assert [e.estimate for e in two] == pytest.approx([e.estimate for e in one], rel=SAME)
        assert [e.se for e in two] == pytest.approx([e.se for e in one], rel=SAME)
        assert [e.method for e in two] == [e.method for e in one]


def test_a_covariate_that_explains_the_outcome_narrows_the_interval() -> None:
    sets, design, y, _ = draw(3)
    frame = frame_of(sets, design)
    (ours,) = adjusted_mean_difference(frame, y, everyone(frame)).estimates
    assert ours.estimate == pytest.approx(3, abs=3 * ours.se)
    assert ours.se < 0.6 * frame.arms(y, everyone(frame)).standard_error()


def test_missing_outcomes_leave_rows_out() -> None:
    sets, design, y, _ = draw(5)
    frame, known = frame_of(sets, design), np.arange(len(y)) % 7 > 0
    holes = np.where(known, y, np.nan)
    (ours,) = adjusted_mean_difference(frame, holes, known).estimates
    x = np.column_stack([np.ones(len(y)), sets.treated, design])[known]
    assert ours.estimate == pytest.approx(sm.WLS(y[known], x, weights=frame.weights[known]).fit().params[1], rel=SAME)


def test_the_rule() -> None:
    sets, design, y, event = draw(2, n_sets=29)
    few = frame_of(sets, design)
    assert adjusted_risks(few, event, everyone(few)).general == [TOO_FEW_SETS]
    sets, design, y, event = draw(2, n_sets=40)
    many = np.random.default_rng(1).normal(size=(len(y), 20))
    frame = frame_of(sets, many)
    refused = adjusted_mean_difference(frame, y, everyone(frame))
    assert [reason.text for reason in refused.specific] == [
        f"Regression adjustment is not offered: {len(y)} patients are fewer than 10 for each of 22 coefficients."
    ]
    frame = frame_of(sets, design)
    rare = (np.arange(len(y)) < 6).astype(float)
    assert "6 events are fewer than 10 for each of 4" in adjusted_risks(frame, rare, everyone(frame)).refusal.text
    assert "6 non-events are fewer" in adjusted_risks(frame, 1 - rare, everyone(frame)).refusal.text
    nothing = frame_of(sets, np.zeros((len(y), 0)))
    assert adjusted_risks(nothing, event, everyone(nothing)).refusal == SILENCE


def test_replacement_separation_and_aliases_are_refused() -> None:
    sets, design, y, event = draw(4, n_sets=60)
    rows = np.arange(len(y))
    sample = given_sample(np.stack([rows, sets.set_id], axis=1), sets.treated, replace=True)
    replaced = Frame.of(rows, sample, 1, design)
    assert adjusted_mean_difference(replaced, y, everyone(replaced)).general == [OVERLAP]
    known_by_age = (design[:, 0] > np.median(design[:, 0])).astype(float)
    frame = frame_of(sets, design)
    assert adjusted_risks(frame, known_by_age, everyone(frame)).specific == [SEPARATED]
    aliased = frame_of(sets, np.column_stack([design[:, 0], sets.treated]))
    assert "who was treated" in adjusted_mean_difference(aliased, y, everyone(aliased)).refusal.text
