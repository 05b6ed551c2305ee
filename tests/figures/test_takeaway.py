"""The takeaway line: in the figure, literal, and with room of its own."""

import plotly.graph_objects as go

from lib.figures import Drawn, with_takeaway
from lib.figures.style import blank


def drawn() -> Drawn:
    """A figure with a legend above it."""
    figure = blank(300, margin={"t": 40}).add_trace(go.Scatter(x=[1], y=[1], name="a", showlegend=True))
    return Drawn(figure, None, "One point.")


def test_the_line_stands_in_the_figure_which_grows_by_its_room():
    before, after = drawn(), with_takeaway(drawn(), "0/8 v 5/24; p by set 0.34")
    room = after.figure.layout.margin.t - before.figure.layout.margin.t
    assert "0/8 v 5/24; p by set 0.34" in after.figure.layout.title.text
    assert room > 20 and after.figure.layout.height == before.figure.layout.height + room
    assert after.alt == "0/8 v 5/24; p by set 0.34. One point."
    assert before.figure.layout.title.text is None


def test_a_long_line_is_broken_and_markup_is_text():
    figure = with_takeaway(drawn(), "<b>x</b> " + "word " * 20).figure
    assert figure.layout.title.text.count("<br>") >= 1
    assert "&lt;b&gt;x&lt;/b&gt;" in figure.layout.title.text


def test_no_text_leaves_the_figure_alone():
    one = drawn()
    assert with_takeaway(one, "") is one


def test_lines_end_where_a_part_ends_unless_that_costs_a_line():
    said = "By day 28: 0/8 v 5/24; p by set 0.34; 0 to 5 deaths prevented"
    made = with_takeaway(drawn(), said).figure.layout.title.text
    assert made == "<b>By day 28: 0/8 v 5/24; p by set 0.34;</b><br><b>0 to 5 deaths prevented</b>"
    costly = "one two three; four five six seven eight nine ten eleven; twelve thirteen"
    assert with_takeaway(drawn(), costly).figure.layout.title.text.count("<br>") == 1
