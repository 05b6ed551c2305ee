"""The drawings of the Robust? page: the house, their numbers, and what they do with many specifications."""

import numpy as np
import pytest

from lib import figures
from lib.figures import style
from lib.inference.stratified import set_counts
from lib.sensitivity.curve import specification_curve
from lib.sensitivity.design_map import design_map
from lib.sensitivity.fragility import fragility
from lib.sensitivity.grid import run_grid
from lib.sensitivity.hidden_bias import binary_bounds
from lib.sensitivity.lines import line, main_answer
from lib.sensitivity.null_curve import null_curve, run_permuted
from lib.sensitivity.tipping import tipping_points
from lib.steps import Steps
from lib.words.sensitivity import core_table
from lib.words.settings import axis_name, value_words
from tests.figures.drawings import drawn_text, traces
from tests.inference.builders import deaths_per_set, even_sets
from tests.sensitivity.builders import TABLE, plan, spec

AXES = {
    "matching.ratio": [1, 2, 3],
    "matching.caliper": [None, 0.5],
    "propensity.model": ["logit", "firth"],
    "columns.covariates": [["age", "sofa", "sex", "site"], ["age", "sofa", "site"]],
    "seed": [1],
}
PLAN = plan(AXES)
GRID = run_grid(TABLE, PLAN)
CURVE = specification_curve(GRID, "score")
NULL = null_curve(CURVE, run_permuted(TABLE, PLAN, range(4)))
MANY = run_grid(TABLE, plan(AXES | {"matching.order": ["largest", "smallest", "data", "closest"], "seed": [1, 2, 3]}))
MAIN, LINE = main_answer(Steps(TABLE, spec()), "died"), line(Steps(TABLE, spec()), "settings", "died")
FRAGILE = fragility(Steps(TABLE, spec()), orders=3)
MAP = design_map(Steps(TABLE, spec()))
SETS = even_sets(8, 3).blocks()
BOUNDS = binary_bounds("died", set_counts(deaths_per_set([3, 3, 3, 1, 0, 0, 0, 0]), SETS))
EVERY = {
    "specification_curve": lambda: figures.specification_curve(CURVE, NULL, "Score"),
    "specification_curve_many": lambda: figures.specification_curve(specification_curve(MANY, "score")),
    "specification_curve_ratio": lambda: figures.specification_curve(specification_curve(GRID, "survival")),
    "other_analyses": lambda: figures.other_analyses(MAIN, LINE, "Death"),
    "fragility_range": lambda: figures.fragility_range(FRAGILE, "died", "Death"),
    "fragility_range_ratio": lambda: figures.fragility_range(FRAGILE, "survival"),
    "design_map": lambda: figures.design_map(MAP),
    "gamma_curve": lambda: figures.gamma_curve(BOUNDS, 1.5, "Death"),
    "tipping_range": lambda: figures.tipping_range(tipping_points(deaths_per_set([1] * 8), SETS)[0], "Death"),
}


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
    assert all(axis.range is not None for axis in (*drawn.figure.select_xaxes(), *drawn.figure.select_yaxes()))
    assert sum(len(t.y) for t in drawn.figure.data if t.y is not None) < style.MAX_MARKS
    assert drawn.figure.to_json() == EVERY[name]().figure.to_json()


def test_every_specification_is_a_mark_with_its_settings_below():
    drawn = EVERY["specification_curve"]()
    points = [t for t in drawn.figure.data if t.mode == "markers" and t.yaxis is None and t.error_y.array is not None]
    assert sum(len(t.x) for t in points) == PLAN.size
    [matrix] = [t for t in drawn.figure.data if t.yaxis == "y2"]
    assert len(matrix.x) == PLAN.size * 4, "four axes vary; the one with a single value is not drawn"
    order = CURVE.rows["matching.ratio"].tolist()
    drawn_ratio = {x: y for x, y in zip(matrix.x, matrix.y, strict=True) if y < 4.2}
    assert [order[x - 1] for x in sorted(drawn_ratio, key=lambda x: (drawn_ratio[x], x))] == sorted(order)
    [main] = traces(drawn, "Main analysis")
    assert main.x[0] == CURVE.main_rank
    assert len(traces(drawn, "95% of 4 curves")) == 2, "the lower and the upper edge"


def test_many_specifications_are_drawn_together():
    drawn = EVERY["specification_curve_many"]()
    assert any(t.type == "heatmap" for t in drawn.figure.data)
    assert len(drawn.numbers) > 240


def test_risk_differences_are_in_percentage_points():
    drawn = figures.specification_curve(specification_curve(GRID, "died"))
    shown = np.concatenate([t.y for t in drawn.figure.data if t.error_y.array is not None])
    assert np.sort(shown) == pytest.approx(np.sort(100 * GRID.rows["died.estimate"]))
    assert "Risk difference in percentage" in drawn_text(drawn)


def test_gamma_names_its_crossing_and_the_strength_asked_about():
    names = [t.name for t in EVERY["gamma_curve"]().figure.data]
    assert any(name.startswith("At 1.5: p up to") for name in names)
    assert any("reaches 0.05 at" in name for name in names) == bool(np.isfinite(BOUNDS.crossing))


def test_designs_that_are_the_same_share_a_mark():
    drawn = EVERY["design_map"]()
    marks = sum(len(t.x) for t in drawn.figure.data if t.mode == "markers" and t.name != "Other methods") - 1
    assert len(traces(drawn, "Other methods")[0].x) == MAP.methods["error"].isna().sum() > 0
    assert marks <= len(MAP.designs)
    assert len(drawn.numbers) == len(MAP.designs)
    assert traces(drawn, "In use: 1:2, 0.5")


def test_core_controls_are_counted_and_everybody_stands_in_one_row():
    table = core_table(FRAGILE)
    assert table.rows[0][1] == f"{len(FRAGILE.core)}"
    assert sum(int(row[1]) for row in table.rows) == len(FRAGILE.shares)
    assert sum(int(row[2]) for row in table.rows) == int(FRAGILE.shares["main"].sum())


def test_the_main_analysis_stands_on_top_of_those_behind_a_line():
    drawn = EVERY["other_analyses"]()
    assert drawn.numbers["analysis"].iloc[0] == "main analysis"
    assert drawn.numbers["p_by_set"].iloc[1:].is_monotonic_increasing, "nearest to another answer first"


def test_settings_in_words():
    assert axis_name("matching.ratio") == "Ratio"
    assert axis_name("eligibility") == "eligibility"
    assert value_words("matching.caliper", [None, 0.25, 1.0]) == ["none", "0.25", "1"]
    assert value_words("matching.ratio", [3]) == ["1:3"]
    assert value_words("matching.replace", [True, False]) == ["yes", "no"]
    assert value_words("propensity.model", ["firth"]) == ["Firth"]
    assert value_words("matching.exact", [[], ["sex"], list("abcd")]) == ["none", "sex", "4 named"]
    sets = [list("abcdef"), list("abcde"), list("abc"), ["a"]]
    assert value_words("columns.covariates", sets) == ["all 6", "without f", "a, b, c", "a"]
