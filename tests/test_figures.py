"""Figures: every function draws the made-up study, says it in words, and hands out its numbers."""

import plotly.graph_objects as go
import pytest

from lib import figures
from tests import figure_samples as samples

COHORT = samples.cohort()
MODEL = samples.propensity(COHORT)
SAMPLE = samples.sample(COHORT, MODEL)
OUTCOMES = (
    samples.binary(),
    samples.binary("need_mv", (3, 2, 2, 2, 1, 1, 0, 0), 3),
    samples.continuous(),
    samples.survival(),
)
EVERY = {
    "flow": lambda: figures.flow(samples.ATTRITION, SAMPLE),
    "overlap": lambda: figures.overlap(MODEL, SAMPLE),
    "matched_sets": lambda: figures.matched_sets(SAMPLE),
    "love": lambda: figures.love(samples.balance()),
    "ecdf": lambda: figures.covariate_distribution(COHORT, SAMPLE, "age"),
    "histogram": lambda: figures.covariate_distribution(COHORT, SAMPLE, "d_dimer", "histogram"),
    "factor": lambda: figures.covariate_distribution(COHORT, SAMPLE, "support"),
    "kaplan_meier": lambda: figures.kaplan_meier(samples.survival()),
    "boxes": lambda: figures.boxes(samples.continuous()),
    "events": lambda: figures.events(samples.binary()),
    "event_sets": lambda: figures.event_sets(samples.binary()),
    "forest": lambda: figures.forest(OUTCOMES),
    "p_comparison": lambda: figures.p_comparison(OUTCOMES),
    "pattern_p": lambda: figures.pattern_p(samples.patterns()),
}


@pytest.mark.parametrize("name", EVERY)
def test_every_figure_follows_the_house(name):
    drawn = EVERY[name]()
    layout = drawn.figure.layout
    assert layout.height and layout.template.layout.paper_bgcolor == "#FFFFFF"
    assert len(drawn.numbers) and drawn.alt.endswith(".")
    assert not any("gl" in trace.type for trace in drawn.figure.data)
    for axis in (*drawn.figure.select_xaxes(), *drawn.figure.select_yaxes()):
        assert axis.range is not None
