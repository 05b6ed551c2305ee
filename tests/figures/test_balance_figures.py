"""The love plot and one covariate in both arms."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib import figures
from lib.balance.lottery import Limits
from lib.figures import covariate, love_plot
from tests.figures import samples
from tests.figures.drawings import COHORT, EVERY, SAMPLE, traces


def test_love_is_sorted_and_keeps_levels_together():
    numbers = love_plot.love_numbers(samples.balance(), samples.balance_test())
    order = numbers["covariate"].tolist()
    assert order[:2] == ["pregnant", "age"] and order[9:] == ["centre", "bmi", "sex"]
    assert order[2:5] == ["support"] * 3
    rows = love_plot.display_rows(numbers)
    assert rows["depth"].tolist() == [0, 0, -1, 1, 1, 1, 0, 0, 0, 0, 0, -1, 0, 0]
    assert rows["label"].tolist()[-3:] == ["<b>Only described</b>", "bmi", "sex = m"]


def test_love_draws_infinite_and_undefined_as_such():
    drawn = EVERY["love"]()
    top = drawn.figure.layout.xaxis.range[1]
    arrow = [t for t in drawn.figure.data if t.text == "infinite before  "]
    assert list(arrow[0].x) == [top]
    notes = [a.text for a in drawn.figure.layout.annotations]
    assert "not defined before or after" in notes and "not defined after" in notes
    before = traces(drawn, "Before")[0]
    assert np.nanmax(before.x) == pytest.approx(1.42) and top > 1.42


def test_love_shades_each_row_as_far_as_its_limit_and_draws_the_line():
    drawn = EVERY["love"]()
    (limit,) = drawn.figure.layout.shapes
    assert limit.x0 == limit.x1 == 0.1
    bars = traces(drawn, "A lottery")[0]
    at = dict(zip(bars.y, bars.x, strict=True))
    top = drawn.figure.layout.xaxis.range[1]
    assert at[0] == top, "an infinite limit ends at the edge"
    assert at[1] == 0.97 and (at[12], at[13]) == (0.5, 0.8)
    assert not {2, 10, 11} & set(at), "the name of a factor, no limit, the head of the described columns"
    assert drawn.numbers["limit"].tolist()[-2:] == [0.5, 0.8]
    assert drawn.alt.endswith("1 row beyond what a lottery stays within in 95% of draws.")


def test_love_without_limits_shades_nothing():
    none = Limits(np.full(10, samples.NAN), np.zeros(10, bool))
    bare = replace(samples.balance(), described=samples.balance().described.iloc[:0])
    drawn = figures.love(bare, replace(samples.balance_test(), covariates=none))
    assert not traces(drawn, "A lottery") and "lottery" not in drawn.alt


def test_love_has_room_for_sixty_rows():
    rows = pd.DataFrame(
        {
            "covariate": [f"covariate {k}" for k in range(60)],
            "level": None,
            "smd_before": np.linspace(-1, 1, 60),
            "smd_after": 0.05,
        }
    )
    table = replace(samples.balance(), rows=rows)
    limits = Limits(np.full(60, 0.05), np.zeros(60, bool))
    drawn = figures.love(table, replace(samples.balance_test(), covariates=limits))
    assert drawn.figure.layout.height / 60 >= 24


def test_weighted_cumulative_share_by_hand():
    x, share = covariate.cumulative(np.array([2.0, 1.0, 2.0, 5.0]), np.array([1.0, 0.5, 1.5, 1.0]))
    assert x.tolist() == [1, 2, 5]
    assert share == pytest.approx([0.125, 0.75, 1.0])


def test_levels_are_weighted_after_matching():
    weights = np.where(SAMPLE.treated, 1.0, np.arange(len(SAMPLE.treated)) % 3)
    drawn = figures.covariate_distribution(COHORT, replace(SAMPLE, weights=weights), "support")
    table = drawn.numbers.set_index(["stage", "arm", "level"])["share_percent"]
    is_none = (COHORT.covariates["support"] == "<b>none</b>").to_numpy()
    control = ~SAMPLE.treated
    expected = 100 * weights[control & is_none].sum() / weights[control].sum()
    assert table["after", "control", "<b>none</b>"] == pytest.approx(expected)
    assert table["before", "control", "<b>none</b>"] == pytest.approx(100 * is_none[control].mean())


def test_histogram_bins_begin_at_zero_for_positive_values():
    numbers = EVERY["histogram"]().numbers
    assert numbers["bin_from"].min() >= 0
    assert numbers.groupby(["stage", "arm"])["patients"].sum().tolist() == [24, 8, 247, 8]
