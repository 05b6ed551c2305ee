"""What every figure has in common, whatever it shows."""

from dataclasses import replace

import numpy as np
import pytest

from lib import figures
from lib.figures import style
from tests.builders import comparison_of
from tests.figures import samples
from tests.figures.drawings import EVERY, drawn_text


@pytest.mark.parametrize("name", EVERY)
def test_every_figure_follows_the_house(name):
    drawn = EVERY[name]()
    layout = drawn.figure.layout
    assert layout.height > 0
    assert layout.template == style.TEMPLATE
    assert not layout.title.text
    assert len(drawn.numbers)
    assert drawn.alt.endswith(".") and "nan" not in drawn.alt.lower()
    assert not any("gl" in trace.type for trace in drawn.figure.data)
    for axis in (*drawn.figure.select_xaxes(), *drawn.figure.select_yaxes()):
        assert axis.range is not None


@pytest.mark.parametrize("name", EVERY)
def test_the_same_data_give_the_same_picture(name):
    assert EVERY[name]().figure.to_json() == EVERY[name]().figure.to_json()


def test_text_of_the_file_is_drawn_as_it_stands():
    for drawn in (EVERY["love"](), EVERY["factor"]()):
        assert "&lt;b&gt;none&lt;/b&gt;" in drawn_text(drawn)
        assert "20 &amp; over" in drawn_text(drawn)
    steps = (replace(samples.ATTRITION[0], step="a <i>b</i> & c"),)
    assert "a &lt;i&gt;b&lt;/i&gt; &amp; c" in drawn_text(figures.flow(steps))


def test_no_figure_of_a_large_cohort_draws_each_patient():
    cohort = samples.cohort(3_000, 57_000)
    model = samples.propensity(cohort)
    rows = np.column_stack([np.r_[0:3_000, 3_000:6_000], np.r_[0:3_000, 0:3_000]])
    sample = comparison_of(rows, cohort.treated, model.distance)
    drawings = [
        figures.overlap(model, sample),
        figures.matched_sets(sample),
        figures.covariate_distribution(cohort, sample, "d_dimer"),
        figures.covariate_distribution(cohort, sample, "d_dimer", "histogram"),
        figures.boxes(samples.continuous(whole=60_000)),
    ]
    for drawn in drawings:
        assert sum(len(t.y) for t in drawn.figure.data if t.y is not None) < style.MAX_MARKS
