"""slides.pptx: what it says, what it must never carry, and that it is the same on every run."""

import base64
import io
import re
import zipfile

import pytest
from pptx import Presentation
from pptx.util import Pt

from lib.deck.slide import Picture
from lib.documents.slides import slides_bytes
from lib.words.deck import NOT_FIGURE
from lib.words.numbers import p_value
from tests.deck.studies import forty, sample, slides

PNG = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def no_picture(figure) -> None:
    """A machine without a browser."""


def opened(data: bytes):
    """The file as PowerPoint sees it."""
    return Presentation(io.BytesIO(data))


def texts(slide) -> str:
    """Every text of a slide."""
    said = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    said += [cell.text for s in slide.shapes if s.has_table for row in s.table.rows for cell in row.cells]
    return "\n".join(said)


def every_part(data: bytes) -> dict[str, bytes]:
    """All parts of the package, and those of the workbooks inside."""
    parts = {}
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        for name in package.namelist():
            parts[name] = package.read(name)
            if name.endswith(".xlsx"):
                parts |= {f"{name}/{inner}": content for inner, content in every_part(parts[name]).items()}
    return parts


def test_the_file_says_what_the_deck_says():
    steps = sample()
    made = slides(steps)
    file = opened(slides_bytes(made, no_picture))
    assert (file.slide_width, file.slide_height) == (12192000, 6858000) and len(file.slides) == len(made)
    for slide, page in zip(made, file.slides, strict=True):
        assert page.shapes.title.text == slide.title and slide.takeaway in texts(page)
        notes = page.notes_slide.notes_text_frame.text
        assert steps.spec.digest in notes and "outcomes opened 2 times" in notes and "synthetic" in notes
    second = "\n".join(texts(page) for page in file.slides if "Table 2" in page.shapes.title.text)
    assert all(f"\n{p_value(one.quoted.p)}" in second for one in steps.outcomes)


def test_charts_and_tables_are_native_and_described():
    file = opened(slides_bytes(slides(sample()), no_picture))
    charts = [shape for page in file.slides for shape in page.shapes if shape.has_chart]
    tables = [shape for page in file.slides for shape in page.shapes if shape.has_table]
    connectors = [s for page in file.slides for s in page.shapes if s._element.tag.endswith("cxnSp")]
    assert len(charts) == 4 and len(tables) >= 5 and len(connectors) == 4
    for shape in charts + tables:
        assert shape._element.xpath(".//p:cNvPr")[0].get("descr")
    love = next(shape.chart for shape in charts if "SMD" in shape.chart.category_axis.axis_title.text_frame.text)
    assert [len(list(series.values)) for series in love.plots[0].series] == [11, 11, 11]


def test_the_numbers_at_risk_stand_under_their_ticks():
    file = opened(slides_bytes(slides(sample()), no_picture))
    page = next(page for page in file.slides if page.shapes.title.text == "Survival")
    chart = next(shape for shape in page.shapes if shape.has_chart)
    left, width = (
        float(chart.chart._chartSpace.xpath(f".//c:plotArea/c:layout/c:manualLayout/c:{side}/@val")[0]) for side in "xw"
    )
    for tick in (0, 30, 60):
        boxes = [shape for shape in page.shapes if shape.name == f"At risk at {tick}"]
        wanted = chart.left + chart.width * (left + width * tick / 60)
        assert len(boxes) == 2 and all(abs(box.left + box.width / 2 - wanted) < 9525 for box in boxes)


@pytest.mark.parametrize("primary", ["death_28d", "crp_day7"])
def test_no_patient_is_in_any_part(primary):
    steps = sample("nearest", primary)
    ids = {str(one) for one in steps.cohort.person_id}
    assert all(re.fullmatch(r"P\d{3}", one) for one in ids)
    values = steps.table.frame["crp_day7"].dropna()
    rare = {f"{value:.10g}" for value in values if value != round(value)}
    for name, content in every_part(slides_bytes(slides(steps), lambda figure: PNG)).items():
        if name.endswith((".xml", ".rels")) and ("slide" in name or "chart" in name or "embed" in name):
            words = set(re.findall(r">([^<>]+)<", content.decode()))
            assert not words & ids, name
            assert "embed" not in name or not words & rare, name


def test_patients_are_a_picture_or_nothing():
    made = slides(sample("nearest", "crp_day7"))
    assert sum(isinstance(slide.content, Picture) for slide in made) == 1
    page = next(page for page in opened(slides_bytes(made, no_picture)).slides if NOT_FIGURE in texts(page))
    assert "33.2 (6.3–59.8)" in texts(page)
    drawn = opened(slides_bytes(made, lambda figure: PNG))
    pictures = [shape for page in drawn.slides for shape in page.shapes if shape.shape_type == 13]
    assert len(pictures) == 1 and pictures[0]._element.xpath(".//p:cNvPr")[0].get("descr")


def test_the_same_deck_gives_the_same_bytes():
    made = slides(sample())
    first = slides_bytes(made, no_picture)
    assert first == slides_bytes(made, no_picture)
    properties = opened(first).core_properties
    assert properties.author == "MatchLens" and "spec" in properties.comments and properties.created.year == 2000


def test_no_body_text_is_below_18_pt_and_nothing_leaves_the_slide():
    file = opened(slides_bytes(slides(forty()), no_picture))
    for page in file.slides:
        for shape in page.shapes:
            assert shape.left >= 0 and shape.top >= 0
            assert shape.left + shape.width <= file.slide_width and shape.top + shape.height <= file.slide_height
            if shape.name in ("Takeaway", "Text", "Counts"):
                sizes = [paragraph.font.size for paragraph in shape.text_frame.paragraphs]
                assert min(sizes) >= (Pt(18) if shape.name == "Takeaway" else Pt(24))


def test_signs_that_a_file_cannot_hold_are_left_out():
    made = slides(sample())
    bad = type(made[0])("question", "a\x00b\x1f", "=1+1 \ud800", made[0].content, "c\x08", ("d\x0b",), "e\x01")
    page = opened(slides_bytes((bad,), no_picture)).slides[0]
    assert page.shapes.title.text == "ab" and "=1+1" in texts(page)
