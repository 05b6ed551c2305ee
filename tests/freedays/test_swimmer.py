"""The swimmer plot: what is drawn and its numbers. Its labels are looked at in tests/browser/test_figure_text.py."""

import numpy as np
import pandas as pd
import pytest

from lib import figures
from lib.errors import EstimationError
from lib.figures import style
from lib.figures.swimmer import SUPPORT_STYLES
from lib.freedays.lines import EPISODE_COLUMNS, Lines
from tests.figures.drawings import drawn_text, traces

ROWS = [
    (0, "hospital", -2, 30),
    (0, "oxygen", -1, 0),
    (0, "icu", 0, 6),
    (0, "hfno", 0, 6),
    (0, "icu", 15, 21),
    (0, "infusion", 1, 1),
    (0, "infusion", 4, 4),
    (1, "hospital", 0, 12),
    (1, "icu", 0, 12),
    (1, "hfno", 0, 0),
    (1, "invasive_ventilation", 0, 12),
    (1, "ecmo", 3, 9),
    (1, "niv", 1, 2),
    (1, "dialysis", 2, 4),
]


def lines(rows=ROWS, death=(np.nan, 12.0), labels=("Treated", "Control 1")):
    """Two patients, the second dead on day 12."""
    made = pd.DataFrame(rows, columns=list(EPISODE_COLUMNS))
    return Lines(labels, np.array([True, False]), np.array(death), made)


def test_it_follows_the_house():
    drawn = figures.swimmer(lines(), "Days from ICU admission")
    assert drawn.figure.layout.template == style.TEMPLATE and drawn.figure.layout.height > 0
    assert all(axis.range is not None for axis in drawn.figure.select_yaxes())
    said = "2 patients, a bar each, coloured by support day by day; days in the ICU from 12 to 12; 1 died"
    assert drawn.alt == f"{said}; not drawn: dialysis."
    assert figures.swimmer(lines()).figure.to_json() == figures.swimmer(lines()).figure.to_json()


def test_every_support_has_its_own_colour_and_most_a_second_cue():
    assert len({s.color for s in SUPPORT_STYLES.values()}) == len(SUPPORT_STYLES)
    hatched = [s.pattern for s in SUPPORT_STYLES.values() if s.pattern]
    assert len(set(hatched)) == len(hatched) == len(SUPPORT_STYLES) - 2


def test_bars_lines_stars_and_the_cross_lie_where_the_episodes_say():
    drawn = figures.swimmer(lines())
    (hospital,) = traces(drawn, "In hospital")
    assert (list(hospital.base), list(hospital.x), list(hospital.y)) == ([-2, 0], [32, 12], [0, 1])
    (stay,) = traces(drawn, "ICU stay")
    assert [x for x in stay.x if not np.isnan(x)] == [0, 6, 15, 21, 0, 12]
    (stars,) = traces(drawn, "Infusion")
    assert list(stars.x) == [1, 4] and stars.marker.symbol == "star"
    (cross,) = traces(drawn, "Death")
    assert (list(cross.x), list(cross.y), cross.marker.symbol) == ([12], [1], "x")
    (high_flow,) = traces(drawn, "High-flow")
    assert list(high_flow.y) == [0], "an episode of no length has no bar"


def test_what_is_absent_is_not_in_the_legend():
    drawn = figures.swimmer(lines([(0, "hfno", 0, 4)], (np.nan, np.nan)))
    assert [t.name for t in drawn.figure.data] == ["High-flow nasal oxygen"]
    assert drawn.alt.endswith("nobody died.")


def test_the_numbers_are_all_episodes_and_deaths_without_an_id():
    numbers = figures.swimmer(lines()).numbers
    assert list(numbers.columns) == ["patient", "treated", "what", "start_day", "end_day"]
    assert len(numbers) == len(ROWS) + 1
    assert numbers.iloc[-1].tolist() == ["Control 1", 0, "death", 12, 12]


def test_names_are_drawn_as_they_stand():
    assert "&lt;b&gt;1" in drawn_text(figures.swimmer(lines(labels=("<b>1", "2"))))


def test_nothing_to_draw_is_a_sentence():
    with pytest.raises(EstimationError, match="has an episode to draw"):
        figures.swimmer(lines([(0, "dialysis", 0, 4)]))
