"""Weights in outcomes, recomputed in plain numpy from matched.csv; no test by set, and a sentence why."""

import json

import numpy as np
import pandas as pd
import pytest

from lib.io import read_csv, read_file
from lib.report.files import matched_frame, result_dict
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from tests.conftest import SAMPLES
from tests.independent.weighted_numbers import difference, log_ratio
from tests.tables import COHORT_SPEC, cohort_frame

SAME = 1e-9  # relative: the same sums in another order
COX = 1e-6  # relative: Newton's method written out once more
KINDS = ("att_odds", "overlap", "entropy")
HORIZON = 60


@pytest.fixture(scope="module", params=KINDS)
def made(request) -> tuple[Steps, pd.DataFrame]:
    """The sample study under one kind of weights: its steps, and the patients with their weights as written."""
    settings = json.loads((SAMPLES / "msc_covid19.spec.json").read_text())
    spec = AnalysisSpec.from_dict(settings | {"matching": {"method": "weights", "kind": request.param}})
    steps = run(read_csv(read_file(SAMPLES / "msc_covid19.csv")), spec)
    matched = matched_frame(steps.cohort, steps.score, steps.comparison)
    return steps, matched.assign(z=(matched["group"] == "MSC").astype(float))


def known(matched: pd.DataFrame, *columns: str) -> list[np.ndarray]:
    """The columns, treatment and weights of those who have them all and a weight."""
    rows = matched[matched[list(columns)].notna().all(axis=1) & (matched["weights"] > 0)]
    return [rows[name].to_numpy(float) for name in (*columns, "z", "weights")]


def outcome(steps: Steps, name: str):
    return next(one for one in steps.outcomes if one.name == name)


def estimate(steps: Steps, name: str, measure: str, arm: str | None = None):
    return next(e for e in outcome(steps, name).estimates if e.measure == measure and (arm is None or e.arm == arm))


def test_effective_sample_sizes_of_the_sample(made) -> None:
    """Odds 31.1 of 111; overlap 7.9 and 40.3; entropy balancing 36.2, its largest weight 0.072 (designs.md, 7)."""
    steps, matched = made
    sizes = {"att_odds": (8, 31.1), "overlap": (7.9, 40.3), "entropy": (8, 36.2)}[steps.spec.matching.kind]
    for arm, size in zip((1, 0), sizes, strict=True):
        w = matched.loc[matched["z"] == arm, "weights"].to_numpy()
        assert w.sum() ** 2 / (w**2).sum() == pytest.approx(size, abs=0.05)
        assert steps.comparison.effective_sample_size(arm == 1) == pytest.approx(size, abs=0.05)
    if steps.spec.matching.kind == "entropy":
        assert steps.comparison.largest_share(False) == pytest.approx(0.072, abs=0.0005)


@pytest.mark.parametrize("name", ["crp_day7", "icu_free_days"])
def test_mean_difference_is_least_squares_with_hc3(made, name: str) -> None:
    steps, matched = made
    y, z, w = known(matched, name)
    found, (value, se) = estimate(steps, name, "mean_difference"), difference(y, z, w, None)
    assert (found.estimate, found.se) == pytest.approx((value, se), rel=SAME)
    assert found.df == len(y) - 2 and "HC3" in found.method


def test_risks_are_weighted_with_hc3(made) -> None:
    steps, matched = made
    y, z, w = known(matched, "need_mv")
    quoted, found = [e for e in outcome(steps, "need_mv").estimates if e.measure == "risk_difference"]
    value, se = difference(y, z, w, None)
    assert (quoted.estimate, found.estimate, found.se) == pytest.approx((value, value, se), rel=SAME)
    assert outcome(steps, "need_mv").quoted.measure == "risk_difference"
    for measure, odds in (("risk_ratio", False), ("odds_ratio", True)):
        found = estimate(steps, "need_mv", measure)
        assert found.estimate == pytest.approx(log_ratio(y, z, w, z, 2, odds)[0], rel=SAME)
    risks = [np.average(y[z == arm], weights=w[z == arm]) for arm in (1, 0)]
    influence = [w * (y - p) / w[z == arm].sum() * (z == arm) for arm, p in zip((1, 0), risks, strict=True)]
    leverage = np.where(z == 1, w / w[z == 1].sum(), w / w[z == 0].sum())
    slopes = [1 / (p * (1 - p)) for p in risks]
    signed = (slopes[0] * influence[0] - slopes[1] * influence[1]) / (1 - leverage)
    assert estimate(steps, "need_mv", "odds_ratio").se == pytest.approx(np.sqrt((signed**2).sum()), rel=SAME)


def curve(time: np.ndarray, event: np.ndarray, w: np.ndarray, moments: np.ndarray) -> np.ndarray:
    """Weighted Kaplan-Meier at some moments, event time by event time."""
    survival = np.ones(len(moments))
    for t in np.unique(time[event == 1]):
        at_risk, died = w[time >= t].sum(), w[(time == t) & (event == 1)].sum()
        survival[moments >= t] *= 1 - died / at_risk
    return survival


def test_curves_are_weighted_and_numbers_at_risk_are_plain_counts(made) -> None:
    steps, matched = made
    time, event, z, w = known(matched, "followup_days", "death_by_60")
    found = outcome(steps, "survival")
    for arm, name in ((1, "treated"), (0, "matched_control")):
        own = z == arm
        rows = found.curves[found.curves["arm"] == name]
        expected = curve(time[own], event[own], w[own], rows["time"].to_numpy(float))
        assert rows["survival"].to_numpy(float) == pytest.approx(expected, rel=SAME)
        table = found.at_risk[found.at_risk["arm"] == name]
        counts = [(time[own] >= moment).sum() for moment in table["time"]]
        assert table["at_risk"].tolist() == counts
        shown = estimate(steps, "survival", "survival_at_horizon", "treated" if arm else "control")
        assert shown.estimate == pytest.approx(curve(time[own], event[own], w[own], np.array([HORIZON]))[0], rel=SAME)
    days = np.arange(0.0, HORIZON)
    areas = [curve(time[z == arm], event[z == arm], w[z == arm], days).sum() for arm in (1, 0)]  # events on whole days
    assert (time % 1 == 0).all()
    assert estimate(steps, "survival", "rmst_difference").estimate == pytest.approx(areas[0] - areas[1], rel=SAME)


def test_the_hazard_ratio_carries_the_weights() -> None:
    """A study with deaths in both arms: Breslow and Efron agree without ties, and so the score is a plain sum."""
    frame, rng = cohort_frame(150, 1, gaps=False), np.random.default_rng(1)
    frame["days"] = rng.permutation(len(frame)) + 1
    spec = AnalysisSpec.from_dict(COHORT_SPEC | {"matching": {"method": "weights"}})
    steps = run(Table.from_frame(frame), spec)
    matched = matched_frame(steps.cohort, steps.score, steps.comparison)
    z, w = (matched["arm"] == "new").to_numpy(float), matched["weights"].to_numpy()
    time, event = matched["days"].to_numpy(float), matched["status"].to_numpy(float)
    beta = 0.0
    for _ in range(50):
        mean = np.array([np.average(z[time >= t], weights=(w * np.exp(beta * z))[time >= t]) for t in time])
        beta += (w * event * (z - mean)).sum() / (w * event * mean * (1 - mean)).sum()
    found = estimate(steps, "survival", "hazard_ratio")
    assert found.estimate == pytest.approx(np.exp(beta), rel=COX)
    total = np.array([(w * np.exp(beta * z))[time >= t].sum() for t in time])
    met = [(w * event * (z[i] - mean) * np.exp(beta * z[i]) / total)[time <= time[i]].sum() for i in range(len(time))]
    residual = w * (event * (z - mean) - np.array(met))
    information = (w * event * mean * (1 - mean)).sum()
    assert found.se == pytest.approx(np.sqrt((residual**2).sum()) / information, rel=COX)


def test_no_test_by_set_no_pair_and_a_sentence_why(made) -> None:
    steps, _ = made
    for one in steps.outcomes:
        assert {test.convention for test in one.tests} == {"whole_cohort"}
        assert not any("by_set" in e.measure or e.measure == "hodges_lehmann_shift" for e in one.estimates)
        assert all(e.scope == "marginal" for e in one.estimates)
    assert np.isnan(steps.multiplicity.rows["p_raw"]).all()
    told = " ".join(result_dict(steps)["notes"])
    for words in (
        "Weights make no sets: there is no test by set, no pair and no matched control.",
        "Standard errors are robust (sandwich, HC3), take the weights as known, and hold for large samples.",
        "Weights make no sets: no test by set is shown, so nothing is adjusted for several outcomes.",
    ):
        assert words in told
    assert ("Overlap weights speak for" in told) == (steps.comparison.estimand == "ATO")
