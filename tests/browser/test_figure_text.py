"""No figure cuts a label or writes one over another, on a narrow page, a wide one, and patients on a slide."""

from collections.abc import Iterator

import plotly.graph_objects as go
import pytest
from playwright.sync_api import Browser, Page
from plotly.offline import get_plotlyjs

from lib import figures
from lib.figures.enlarged import SLIDE, on_slide
from tests.figures.drawings import EVERY
from tests.freedays.test_swimmer import lines

SLACK = {"edge": 0.5, "width": 1, "height": 4}  # px; a line's box is a little taller than its letters
FAULTS = """(slack) => {
  const page = document.querySelector("svg.main-svg").getBoundingClientRect();
  const texts = [...document.querySelectorAll("svg.main-svg text")]
    .map((text) => [text.textContent, text.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
  const cut = texts.filter(([, box]) => box.left < page.left - slack.edge || box.right > page.right + slack.edge
    || box.top < page.top - slack.edge || box.bottom > page.bottom + slack.edge).map(([text]) => `cut: ${text}`);
  const over = texts.flatMap(([one, a], k) => texts.slice(k + 1).filter(([, b]) =>
    Math.min(a.right, b.right) - Math.max(a.left, b.left) > slack.width &&
    Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > slack.height).map(([two]) => `over: ${one} | ${two}`));
  return [...cut, ...over];
}"""
DRAW = "(spec) => Plotly.newPlot('here', spec.data, spec.layout, {displayModeBar: false})"


@pytest.fixture(scope="module")
def sheet(browser: Browser) -> Iterator[Page]:
    """An empty page with Plotly on it."""
    page = browser.new_page()
    page.set_content('<body style="margin:0"><div id="here"></div></body>')
    page.add_script_tag(content=get_plotlyjs())
    yield page
    page.close()


def faults(sheet: Page, figure: go.Figure, width: int) -> list[str]:
    """Labels cut or overlapping when the figure is drawn `width` px wide."""
    sheet.set_viewport_size({"width": width, "height": 900})
    sheet.evaluate("Plotly.purge('here')")
    sheet.evaluate(f"({DRAW})({go.Figure(figure).update_layout(width=width).to_json()})")
    return sheet.evaluate(FAULTS, SLACK)


DRAWINGS = {**EVERY, "swimmer": lambda: figures.swimmer(lines(), "Days from ICU admission")}


@pytest.mark.parametrize("name", DRAWINGS)
def test_labels_are_whole_and_apart(sheet, name):
    figure = DRAWINGS[name]().figure
    assert [faults(sheet, figure, width) for width in (700, 1000, 1600)] == [[], [], []]


@pytest.mark.parametrize("name", [name for name in DRAWINGS if name.startswith("boxes")])
def test_patients_on_a_slide_have_whole_labels(sheet, name):
    slide = on_slide(DRAWINGS[name]())
    assert faults(sheet, slide, SLIDE[0]) == []
