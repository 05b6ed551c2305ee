"""Flow, overlap and the matched sets."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib import figures
from lib.design import Comparison, Sets
from lib.design.comparison import set_weights
from lib.errors import EstimationError
from lib.figures import flow_diagram, overlap_plot, sets, style
from tests.figures import samples
from tests.figures.drawings import EVERY, LOSING, MODEL, SAMPLE, drawn_text, traces

ARMS = ("Treated", "Matched controls")


def test_flow_counts_everyone_lost():
    numbers = flow_diagram.flow_numbers(samples.ATTRITION, LOSING)
    assert numbers["control_lost"].tolist() == [0, 0, 1, 126, 99]
    assert numbers["treated_lost"].tolist() == [0, 0, 0, 0, 1]
    assert numbers["unknown_lost"].tolist() == [0, 3, 0, 0, 0]
    text = drawn_text(EVERY["flow"]())
    assert "99 controls" in text and "age ≥ 18" in text
    assert "1 treated: no control<br>inside the caliper" in text


def test_flow_says_who_was_outside_common_support():
    discarded = ~SAMPLE.treated & (np.arange(len(SAMPLE.treated)) > 250)
    text = drawn_text(figures.flow(samples.ATTRITION, replace(SAMPLE, discarded=discarded)))
    assert f"{discarded.sum()} controls outside" in text


@pytest.mark.parametrize("steps", [2, 5, 10])
def test_boxes_of_the_flow_do_not_touch(steps):
    label = "A rule with a long name that needs a second line, number"
    attrition = [samples.AttritionStep(f"{label} {k}", 80 - k, 900 - 9 * k, 5 if k == 0 else 0) for k in range(steps)]
    drawn = figures.flow(attrition)
    shapes = drawn.figure.layout.shapes
    for edge in flow_diagram.MAIN[0], flow_diagram.SIDE[0]:
        column = sorted((s.y0, s.y1) for s in shapes if s.x0 == edge)
        assert all(above[1] < below[0] for above, below in zip(column, column[1:], strict=False))
    assert max(s.y1 for s in shapes) <= drawn.figure.layout.height


def test_overlap_shares_are_of_each_arm_and_stage():
    numbers = EVERY["overlap"]().numbers
    groups = numbers.groupby(["arm", "stage"])
    assert groups["share_percent"].sum().to_numpy() == pytest.approx([100.0] * 4)
    assert groups["patients"].sum().to_dict() == {
        ("control", "after"): 21,
        ("control", "before"): 247,
        ("treated", "after"): 7,
        ("treated", "before"): 8,
    }


def test_overlap_marks_every_treated_patient():
    drawn = EVERY["overlap"]()
    strip = [t for t in drawn.figure.data if t.yaxis == "y2"]
    assert sorted(np.concatenate([t.x for t in strip])) == pytest.approx(sorted(MODEL.distance[SAMPLE.treated]))
    assert [t.name for t in strip if t.showlegend] == ["Treated without a control (n = 1)"]
    assert strip[1].marker.symbol == "circle-open-dot"


def test_overlap_draws_support_and_caliper_to_scale():
    support, caliper = [t for t in EVERY["overlap"]().figure.data if t.yaxis == "y3"]
    x, arm = MODEL.distance, SAMPLE.treated
    assert list(support.x) == pytest.approx([max(x[arm].min(), x[~arm].min()), min(x[arm].max(), x[~arm].max())])
    assert np.ptp(caliper.x) == pytest.approx(0.18)


def test_overlap_draws_no_caliper_on_the_other_scale():
    drawn = figures.overlap(MODEL, LOSING, "probability")
    assert "Caliper: other scale" in drawn_text(drawn)
    assert len([t for t in drawn.figure.data if t.yaxis == "y3"]) == 1


def test_overlap_says_when_the_arms_do_not_meet():
    distance = np.where(SAMPLE.treated, 3.0, -3.0)
    model = replace(MODEL, distance=distance, score=1 / (1 + np.exp(-distance)))
    drawn = figures.overlap(model, SAMPLE)
    assert "No shared range" in drawn_text(drawn) and "do not overlap" in drawn.alt


def test_a_row_is_as_high_as_its_set_needs():
    """One control and thirteen: 20 + 13 px of 20 + 12 x 13, the later rows below the earlier ones."""
    picks = pd.DataFrame({"set": [1, *[2] * 13], "pick": [1, *range(1, 14)]})
    rows = sets.Rows.of(picks, 13, sets.ROOMY_LANES)
    assert rows.lanes.tolist() == [1, 12] and rows.px == 176
    assert rows.share == pytest.approx([33 / 176, 1.0])
    assert rows.y(picks["set"], picks["pick"]).iloc[0] < rows.y(picks["set"], 0).iloc[1]
    alike = sets.Rows.of(pd.DataFrame({"set": [1, 2, 3], "pick": 1}), 13, sets.ROOMY_LANES)
    assert alike.middle == pytest.approx([1, 2, 3])


def test_figures_of_the_score_need_one():
    nothing = np.full(len(SAMPLE.treated), np.nan)
    with pytest.raises(EstimationError):
        figures.overlap(replace(MODEL, score=nothing, distance=nothing), SAMPLE)
    with pytest.raises(EstimationError):
        figures.matched_sets(replace(SAMPLE, distance=nothing))


def test_a_score_of_one_has_a_place_on_the_logit_scale():
    score = np.where(np.arange(len(MODEL.score)) == 0, 1.0, MODEL.score)
    scores = overlap_plot.prepare(replace(MODEL, score=score, scale="probability"), SAMPLE, "logit")
    assert np.isfinite(scores.x).all()


def test_outline_leaves_empty_bins_alone():
    bins = pd.DataFrame({"bin_from": [0, 1, 2, 3], "bin_to": [1, 2, 3, 4], "share_percent": [0.0, 50.0, 0.0, 50.0]})
    line = overlap_plot.outline(bins, style.TREATED, 1)
    corners = [(x, y) for x, y in zip(line.x, line.y, strict=True) if not np.isnan(y)]
    assert corners == [(1, 0), (1, 50), (2, 50), (2, 0), (3, 0), (3, 50), (4, 50), (4, 0)]


def test_dots_that_would_hide_each_other_are_stacked():
    x = np.array([0.0, 0.1, 5.0, 0.2, 9.0])
    level = overlap_plot.stacked(x, np.array([True, True, True, True, False]), 1.0)
    assert level.tolist() == [0, 1, 0, 2, 0]


def test_sets_show_the_pairs_of_the_sample():
    numbers = EVERY["matched_sets"]().numbers
    assert numbers.groupby("set").size().tolist() == [3] * 7
    gap = (numbers["distance_treated"] - numbers["distance_control"]).abs()
    assert gap.to_numpy() == pytest.approx(numbers["difference"].to_numpy())
    band = traces(EVERY["matched_sets"](), "Within the caliper")[0]
    assert list(band.x) == pytest.approx([0.36] * 7)


def test_many_sets_become_distances_by_pick():
    cohort = samples.cohort(60, 900)
    model = samples.propensity(cohort)
    drawn = figures.matched_sets(samples.sample(cohort, model, ratio=12, caliper=0.3))
    assert drawn.numbers["pick"].tolist() == [sets.ordinal(k) for k in range(1, 11)] + ["Later"]
    assert drawn.numbers["pairs"].tolist() == [60] * 10 + [120]
    assert (drawn.numbers["p25"] <= drawn.numbers["median"]).all()


def test_ordinals():
    assert [sets.ordinal(k) for k in (1, 2, 3, 4, 10)] == ["1st", "2nd", "3rd", "4th", "10th"]


def test_a_control_that_several_treated_share_is_drawn_once_and_linked_to_each():
    """Set 1: two treated round one control; set 2: one treated with two controls, the second nearer."""
    rows = np.array([[0, 0], [1, 0], [3, 0], [2, 1], [4, 1], [5, 1]])
    units = Sets(rows, np.arange(6) < 3)
    comparison = Comparison(
        units=units,
        weights=set_weights(units),
        distance=np.array([0.0, 1.0, 5.0, 0.4, 6.0, 5.5]),
        discarded=np.zeros(6, dtype=bool),
        losses=pd.DataFrame(columns=["row", "reason"]),
    )
    drawn = figures.matched_sets(comparison)
    treated, controls = (next(t for t in drawn.figure.data if t.name and t.name.startswith(arm)) for arm in ARMS)
    assert sorted(treated.x) == [0, 1, 5] and sorted(controls.x) == [0.4, 5.5, 6.0]
    assert treated.name == "Treated (n = 3)" and controls.name == "Matched controls (n = 3)", "nobody chose: no numbers"
    links = next(t for t in drawn.figure.data if t.mode == "lines")
    ends = {round(y, 6) for x, y in zip(links.x, links.y, strict=True) if x == 0.4}
    assert ends == {round(y, 6) for x, y in zip(controls.x, controls.y, strict=True) if x == 0.4}
    assert len(drawn.numbers) == 4
