"""The love plot and one covariate in both arms."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from lib import figures
from lib.figures import covariate, love_plot
from tests.figures import samples
from tests.figures.drawings import COHORT, EVERY, SAMPLE, traces


def test_love_is_sorted_and_keeps_levels_together():
    order = love_plot.love_numbers(samples.balance())["covariate"].tolist()
    assert order[:2] == ["pregnant", "age"] and order[-1] == "centre"
    assert order[2:5] == ["support"] * 3
    rows = love_plot.display_rows(love_plot.love_numbers(samples.balance()))
    assert rows["depth"].tolist() == [0, 0, -1, 1, 1, 1, 0, 0, 0, 0, 0]


def test_love_draws_infinite_and_undefined_as_such():
    drawn = EVERY["love"]()
    top = drawn.figure.layout.xaxis.range[1]
    arrow = [t for t in drawn.figure.data if t.text == "infinite before  "]
    assert list(arrow[0].x) == [top]
    notes = [a.text for a in drawn.figure.layout.annotations]
    assert "not defined before or after" in notes and "not defined after" in notes
    before = traces(drawn, "Before")[0]
    assert np.nanmax(before.x) == pytest.approx(1.42) and top > 1.42


def test_love_shades_the_chance_band_and_draws_the_limit():
    band, limit = EVERY["love"]().figure.layout.shapes
    assert (band.x0, band.x1) == (0, 0.97)
    assert limit.x0 == limit.x1 == 0.1
    without = figures.love(replace(samples.balance(), chance_band=samples.NAN))
    assert len(without.figure.layout.shapes) == 1


def test_love_has_room_for_sixty_rows():
    rows = pd.DataFrame(
        {
            "covariate": [f"covariate {k}" for k in range(60)],
            "level": None,
            "smd_before": np.linspace(-1, 1, 60),
            "smd_after": 0.05,
        }
    )
    drawn = figures.love(replace(samples.balance(), rows=rows, chance_band=0.05))
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
