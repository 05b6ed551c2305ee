"""Two dresses of a figure: true widths, type that can be read, and nothing but the figure in a journal's."""

import numpy as np
import plotly.graph_objects as go
import pytest

from lib.documents.dress import COLUMN, PAGE, for_journal, for_talk, height_of, journal_width
from lib.figures.style import blank


def figure() -> go.Figure:
    """A bar with small type, a title and six ticks."""
    made = blank(300, title_text="A takeaway", annotations=[{"text": "small", "font": {"size": 7}}])
    made.add_bar(x=[1.0], y=["a"], orientation="h", textfont={"size": 9})
    return made.update_xaxes(tickvals=np.arange(6.0), ticktext=[f"{t}%" for t in range(6)])


@pytest.mark.parametrize("mm", [COLUMN, PAGE])
def test_a_journal_gets_a_bare_figure_of_its_width(mm):
    made = for_journal(figure(), mm)
    assert made.layout.width == journal_width(mm) == round(mm / 25.4 * 96)
    assert made.layout.title.text is None
    assert made.layout.annotations[0].font.size >= 8 * 96 / 72 and made.data[0].textfont.size >= 8 * 96 / 72
    assert len(made.layout.xaxis.ticktext) == (3 if mm == COLUMN else 6)


def test_a_talk_gets_title_takeaway_and_caption_as_text():
    before = figure()
    made = for_talk(before, "<b>Title</b>", "What it shows", "Who was compared")
    text = made.layout.title.text
    assert "&lt;b&gt;Title&lt;/b&gt;" in text and "What it shows" in text and "Who was compared" in text
    assert height_of(made) - height_of(before) == made.layout.margin.t - 16, "the figure itself keeps its height"
    assert before.layout.title.text == "A takeaway", "the figure that is given stays as it is"
