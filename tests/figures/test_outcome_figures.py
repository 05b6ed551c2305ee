"""Survival, boxes, events, effects and p-values."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib import figures
from lib.errors import SpecError
from lib.figures import event_plots, forest_plot, published, survival
from tests.figures import samples
from tests.figures.drawings import EVERY, OUTCOMES, drawn_text, traces


def test_kaplan_meier_shows_the_p_by_set():
    text = drawn_text(EVERY["kaplan_meier"]())
    assert "Log-rank by set, 8 sets: p = 0.11" in text and "0.10" not in text
    assert "Log-rank, 255 patients: p = 0.045" in drawn_text(EVERY["kaplan_meier_whole"]())


def test_kaplan_meier_draws_the_counts_of_the_result():
    drawn = EVERY["kaplan_meier"]()
    outcome = samples.survival()
    rows = [t for t in drawn.figure.data if t.mode == "text"]
    assert len(rows) == 6
    treated = outcome.at_risk[outcome.at_risk["arm"] == "treated"]
    assert list(rows[0].text) == [str(v) for v in treated["at_risk"]]
    assert set(drawn.numbers["kind"]) == {"curve", "censored", "count"}
    low, high = drawn.figure.layout.yaxis.range
    assert low == 0 and high == pytest.approx(1, abs=0.05)


def test_type_one_error_says_each_share_with_what_the_test_counts():
    drawn = EVERY["type_one_error"]()
    text = drawn_text(drawn)
    assert "17.0%" in text and "24 pairs from 8 treated patients" in text
    dots = {t.name: (list(t.x), list(t.y)) for t in drawn.figure.data}
    assert dots["By matched set"] == ([2.7, 4.5], [2, 4]), "a gap before the second outcome"
    assert "by matched set from 2.7% to 4.5%" in drawn.alt


def test_cumulative_incidence_has_a_panel_for_each_cause():
    drawn = EVERY["cumulative_incidence"]()
    assert drawn.numbers.equals(samples.competing().incidence)
    curves = [t for t in drawn.figure.data if t.fill is None]
    assert [(t.xaxis, t.name) for t in curves] == [
        ("x", "Treated (n = 8)"),
        ("x", "Matched controls (n = 24)"),
        ("x2", "Treated (n = 8)"),
        ("x2", "Matched controls (n = 24)"),
    ]
    assert list(curves[3].y) == [0, 0.3, 0.71]
    assert [t.showlegend for t in curves] == [True, True, False, False]
    assert "died" in drawn_text(drawn) and "discharged alive: treated 87.5%" in drawn.alt


def test_the_band_ends_where_the_limits_do():
    curves = pd.DataFrame(
        {
            "arm": "treated",
            "time": [0.0, 5.0, 9.0, 20.0],
            "survival": [1, 0.5, 0, 0],
            "ci_low": [1, 0.2, np.nan, np.nan],
            "ci_high": [1, 0.8, np.nan, np.nan],
        }
    )
    drawn = figures.kaplan_meier(replace(samples.survival(), curves=curves), ("treated",))
    band = drawn.figure.data[0]
    assert max(band.x) == 9.0
    assert sorted(set(band.y)) == [0.2, 0.8, 1]


def test_long_follow_up_is_thinned_for_the_picture_only():
    time = np.arange(0, 20_000.0)
    curves = pd.DataFrame(
        {"arm": "treated", "time": time, "survival": np.linspace(1, 0.4, 20_000), "ci_low": 0.3, "ci_high": 1.0}
    )
    censored = pd.DataFrame({"arm": "treated", "time": time, "survival": 0.5})
    outcome = replace(samples.survival(), curves=curves, censored=censored, horizon=20_000.0)
    drawn = figures.kaplan_meier(outcome, ("treated",))
    line = traces(drawn, "Treated")[0]
    assert len(line.x) == survival.MAX_STEPS and line.x[-1] == time[-1]
    assert (drawn.numbers["kind"] == "curve").sum() == 20_000


def test_boxes_are_the_summaries_of_the_result():
    outcome = samples.continuous()
    table = EVERY["boxes"]().numbers.set_index(["arm", "moment"])
    for arm in ("treated", "matched_control", "whole_control"):
        box, summary = table.loc[(arm, "outcome")], getattr(outcome, arm)
        assert (box["n"], box["p25"], box["median"], box["p75"]) == (
            summary.n,
            summary.p25,
            summary.median,
            summary.p75,
        )
        assert (box["minimum"], box["maximum"]) == (summary.minimum, summary.maximum)
    assert len(EVERY["boxes_log"]().numbers) == 3


def test_every_patient_is_a_point_within_its_box():
    drawn = EVERY["boxes"]()
    boxes, clouds = drawn.figure.data[::2], drawn.figure.data[1::2]
    for box, cloud in zip(boxes, clouds, strict=True):
        assert abs(np.asarray(cloud.x) - box.x[0]).max() < box.width / 2
    assert sum(len(c.y) for c in clouds) == 2 * (8 + 24 + 247)


def test_a_log_axis_needs_positive_values():
    outcome = samples.continuous()
    points = outcome.points.assign(value=outcome.points["value"].where(outcome.points.index > 0, 0.0))
    with pytest.raises(SpecError):
        figures.boxes(replace(outcome, points=points), log=True)


def test_events_keep_the_arm_without_any():
    drawn = EVERY["events"]()
    assert drawn.numbers["events"].tolist() == [0, 5, 71]
    assert "0% (0 of 8)" in drawn_text(drawn)
    nobody = replace(samples.binary(), treated=samples.BinarySummary(0, 0))
    assert "nobody known" in drawn_text(figures.events(nobody))


def test_a_bar_is_the_weighted_share_where_weights_change_it():
    of_weights = replace(samples.binary(), matched_control=samples.BinarySummary(111, 41, 0.163), weighted=True)
    drawn = figures.events(of_weights)
    bar = drawn.figure.data[0]
    assert bar.x[1] == pytest.approx(16.3) and bar.text[1] == " 16.3% weighted; 41 of 111"
    assert bar.x[2] == pytest.approx(100 * 71 / 247) and "Weighted controls" in drawn.figure.layout.yaxis.ticktext
    assert drawn.numbers["risk_percent"].iloc[1] == pytest.approx(100 * 41 / 111)
    assert "weighted controls 16.3% weighted; 41 of 111" in drawn.alt


def test_the_treated_of_a_set_are_all_counted():
    columns = ["set", "treated", "treated_events", "controls", "control_events"]
    several = pd.DataFrame([[0, 3, 1, 2, 0], [1, 1, 0, 2, 1]], columns=columns)
    drawn = figures.event_sets(replace(samples.binary(), sets=several))
    said = drawn.figure.layout.yaxis.ticktext
    assert set(said) == {"Event: treated 1 of 3, controls 0 of 2", "Event: treated no, controls 1 of 2"}


def test_event_sets_draw_a_mark_per_patient():
    drawn = EVERY["event_sets"]()
    count = {t.name: len([x for x in t.x if x is not None]) for t in drawn.figure.data}
    assert count == {
        "Treated with the event: 3": 3,
        "Treated without: 5": 5,
        "Controls with the event: 11": 11,
        "Controls without: 13": 13,
    }
    none = figures.event_sets(samples.binary())
    assert traces(none, "Treated with the event: 0")
    assert "4 of 8 sets hold both outcomes" in none.alt


def test_many_sets_are_counted_by_their_make_up():
    kinds = pd.DataFrame(
        {
            "set": range(90),
            "treated": 1,
            "treated_events": [0, 0, 1] * 30,
            "controls": 2,
            "control_events": [0, 1, 1] * 30,
        }
    )
    drawn = figures.event_sets(replace(samples.binary(), sets=kinds))
    assert drawn.numbers["sets"].tolist() == [30, 30, 30]
    assert "Event: treated no, controls 1 of 2" in drawn_text(drawn)


def test_risk_axis_holds_every_risk():
    for largest in (0, 0.4, 9.9, 24, 39, 41, 100):
        axis = event_plots.risk_axis(largest)
        assert axis["tickvals"][-1] >= largest and axis["range"][1] > largest
    assert event_plots.risk_axis(float("nan"))["tickvals"][-1] == 100


def test_forest_is_in_percentage_points_and_says_what_is_missing():
    numbers = EVERY["forest"]().numbers.set_index("outcome")
    assert numbers.loc["death_28d", "estimate"] == pytest.approx(-100 * 5 / 24)
    assert "−20.8 (−39.0 to −3.0)" in drawn_text(EVERY["forest"]())
    assert "nobody died among the treated" in drawn_text(figures.forest(OUTCOMES, "hazard_ratio"))


@pytest.mark.parametrize(
    ("estimate", "low", "high", "said"),
    [
        (samples.NAN, samples.NAN, 4.0, "no estimate (up to 4.00)"),
        (2.0, 0.5, samples.NAN, "2.00 (0.50 or more)"),
        (0.0, 0.0, 3.14159, "0 (0 to 3.14)"),
        (1.5, samples.NAN, samples.NAN, "1.50 (no interval)"),
        (samples.NAN, samples.NAN, samples.NAN, "no estimate (no interval)"),
    ],
)
def test_forest_words_for_intervals_that_lack_an_end(estimate, low, high, said):
    effect = samples.Estimate("odds_ratio", estimate, low, high, samples.NAN, "exact")
    drawn = figures.forest([replace(samples.binary(), estimates=(effect,))], "odds_ratio")
    assert said in drawn_text(drawn)
    assert forest_plot.axis_range(drawn.numbers, True)[0] > 0


def test_published_p_stand_beside_those_by_set():
    numbers = published.p_numbers(OUTCOMES)
    assert numbers["p_published"].tolist() == [0.025, 0.21, 0.0085, 0.1]
    assert numbers["p_by_set"].tolist() == [0.2969, 0.2969, 0.043, 0.11]
    assert (numbers["sets"] == 8).all() and (numbers["units_published"] == 24).all()
    assert "24 pairs, 8 sets" in drawn_text(EVERY["p_comparison"]())


def test_patterns_are_shown_by_p_with_their_share():
    drawn = EVERY["pattern_p"]()
    assert drawn.numbers["p"].is_monotonic_increasing
    assert drawn.numbers["ways_percent"].sum() == pytest.approx(100)
    assert "observed 2 + 1 + 1 + 1, p = 0.30" in drawn.alt
    assert "below 0.05 in 0% of all ways" in drawn.alt
    many = EVERY["pattern_p_many"]().figure.data[1]
    assert many.y[0] == pytest.approx(100 * 41 / 99)
