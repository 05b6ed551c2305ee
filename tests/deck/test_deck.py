"""The deck: which slides there are, that their numbers are the results', and that what they hold fits."""

import re

import pytest

from lib.deck import Origin
from lib.deck.fit import BODY, HEIGHT, INNER, LEFT, TEXT, Table, even_parts, fitted, paragraph_px, split_table
from lib.deck.flow import layout
from lib.deck.html import slide_html
from lib.deck.letters import lines_of, one_line, width_of
from lib.deck.slide import Bars, Curves, Flow, Forest, Love, Picture, Sentences
from lib.deck.svg import svg_of
from lib.words.numbers import p_value
from lib.words.tables import TextTable
from tests.deck.studies import METHODS, forty, sample, slides

ALL = ("question", "flow", "table_one", "love", "answer", "figure", "table_two", "robust", "limits")


def keys(made) -> list[str]:
    """The kinds of slides in their order, each once."""
    return list(dict.fromkeys(slide.key for slide in made))


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("primary", ["death_28d", "crp_day7", "survival"])
def test_every_method_and_kind_of_outcome_has_a_whole_deck(method, primary):
    made = slides(sample(method, primary))
    assert [key for key in keys(made) if key in ALL] == list(ALL)
    assert all(slide.title and slide.takeaway and slide.alt for slide in made)
    said = " ".join([slide.title + slide.takeaway + slide.alt for slide in made]).split()
    assert not {"nan", "inf", "None", "0.000", "NS"} & set(said)


def test_without_an_outcome_the_deck_has_no_answer():
    assert keys(slides(sample(primary=""))) == ["question", "flow", "table_one", "love", "limits"]


def test_the_numbers_are_those_of_the_result():
    steps = sample()
    made = slides(steps)
    outcome = next(one for one in steps.outcomes if one.primary)
    answer = next(slide for slide in made if slide.key == "answer")
    assert answer.takeaway.startswith(f"{outcome.treated.events}/{outcome.treated.n} v 5/24; p by set 0.34;")
    assert p_value(outcome.quoted.p) == "0.34"
    bars = next(slide.content for slide in made if slide.key == "figure")
    assert isinstance(bars, Bars) and [bar.percent for bar in bars.rows][:2] == [0.0, pytest.approx(100 * 5 / 24)]
    flow = next(slide.content for slide in made if slide.key == "flow")
    assert [(step.treated, step.control) for step in flow.steps] == [(8, 247), (8, 111), (8, 24)]
    love = next(slide.content for slide in made if slide.key == "love")
    rows = steps.balance.every.set_index("covariate")
    age = next(row for row in love.rows if row.label == "Age")
    assert (age.before, age.after) == tuple(rows.loc["age", ["smd_before", "smd_after"]].abs())
    curves = next(slide.content for slide in made if slide.key == "curves")
    survival = next(one for one in steps.outcomes if one.kind == "survival")
    at_risk = survival.at_risk[survival.at_risk["arm"] == "matched_control"]
    assert isinstance(curves, Curves) and curves.curves[1].shares[-1] == survival.matched_control.survival
    assert list(curves.curves[1].at_risk) == at_risk["at_risk"].tolist()


def test_table_two_quotes_every_outcome_once_the_primary_first():
    steps = sample()
    tables = [slide.content for slide in slides(steps) if slide.key == "table_two"]
    rows = [row for table in tables for row in table.text.rows]
    told = sorted(steps.outcomes, key=lambda one: not one.primary)
    assert [row[-1] for row in rows] == [p_value(one.quoted.p) for one in told]


def test_every_note_says_where_the_numbers_come_from():
    steps = sample()
    for slide in slides(steps):
        notes = "\n".join(slide.notes)
        assert "synthetic" in notes and steps.spec.digest in notes and steps.table.digest[:16] in notes
        assert "outcomes opened 2 times" in notes and "synthetic" in slide.footer


def test_limits_are_what_was_raised():
    plain = slides(sample())[-1]
    told = slides(sample(), Origin("x", raised=("The main analysis was changed after outcomes were opened.",)))
    limits = [line for slide in told if slide.key == "limits" for line in slide.content.lines]
    assert limits[0].startswith("The main analysis was changed")
    assert any("136 of 247 controls are not analysed" in line for line in plain.content.lines)
    assert any("so there is no p by set" in s.alt for s in slides(sample("weights")) if s.key == "limits")


@pytest.mark.parametrize(
    "steps", [sample(), sample("weights", "crp_day7"), forty()], ids=["sample", "weights", "forty"]
)
def test_everything_fits_on_its_slide(steps):
    for slide in slides(steps):
        assert "…" not in fitted(slide.takeaway, INNER, 84, (32, 28, 24))[0][-1][-2:]
        content = slide.content
        if isinstance(content, Table):
            assert sum(content.heights) <= BODY[1] and sum(content.widths) == pytest.approx(INNER)
            for row in content.cells:
                for lines, width in zip(row, content.widths, strict=True):
                    assert all(width_of(line, content.size) <= width for line in lines)
        elif isinstance(content, Sentences):
            high = sum(paragraph_px(line) for line in content.lines)
            assert high + sum(paragraph_px(line, 40) for line in content.counts) <= BODY[1] + TEXT
        elif isinstance(content, Flow):
            boxes = layout(content).boxes
            assert max(box.top + box.height for box in boxes) <= BODY[0] + BODY[1] + 1 < HEIGHT
            assert not any(overlap(a, b) for a in boxes for b in boxes if a is not b)
        elif not isinstance(content, Picture):
            inside(svg_of(content))


def overlap(a, b) -> bool:
    """Whether two boxes share a place."""
    return (
        a.left < b.left + b.width
        and b.left < a.left + a.width
        and a.top < b.top + b.height
        and b.top < a.top + a.height
    )


TEXT_OF_SVG = re.compile(r'<text x="([-\d.]+)" y="([-\d.]+)" text-anchor="(\w+)" font-size="(\d+)"[^>]*>([^<]*)<')


def inside(svg: str) -> None:
    """No word of a chart leaves it or lies on another."""
    found = []
    for x, y, anchor, size, words in TEXT_OF_SVG.findall(svg):
        wide = 0.97 * width_of(words.replace("&lt;", "<").replace("&quot;", '"'), float(size))
        left = float(x) - {"start": 0, "middle": wide / 2, "end": wide}[anchor]
        found.append((left, left + wide, float(y) - 0.7 * float(size), float(y) + 0.1 * float(size), words))
        assert float(size) >= 16 and left >= -1 and left + wide <= INNER + 1 and float(y) <= BODY[1] + 4, words
    for place, a in enumerate(found):
        for b in found[place + 1 :]:
            assert not (a[0] < b[1] and b[0] < a[1] and a[2] < b[3] and b[2] < a[3]), (a, b)


@pytest.mark.parametrize("study", [sample, forty])
def test_charts_are_of_every_kind_and_hold_at_most_twelve_rows(study):
    steps = study()
    kinds = [type(slide.content) for slide in slides(steps)]
    assert Love in kinds and Forest in kinds
    rows = [len(slide.content.rows) for slide in slides(steps) if isinstance(slide.content, Love | Forest)]
    assert max(rows) <= 12


def test_names_of_a_file_are_text_on_the_page():
    hostile = '<img src=x onerror="alert(1)">'
    table = TextTable(hostile, (hostile, "a"), ((hostile, "1"),))
    slide = slides(sample())[0]
    made = slide_html(type(slide)("robust", hostile, hostile, split_table(table)[0], hostile, (), hostile), 1, 1)
    assert "<img" not in made and "onerror=&quot;" in made
    hostile_chart = Bars((), hostile, 10.0)
    assert hostile not in svg_of(type(hostile_chart)((bar(hostile),), hostile, 10.0))


def bar(label: str):
    """A bar with that label."""
    from lib.deck.slide import Bar

    return Bar(label, "#0072B2", 5.0, label)


def test_rows_are_spread_evenly_and_none_is_lost():
    assert even_parts((1.0,) * 13, 12.0) == [(0, 7), (7, 13)]
    assert even_parts((), 5.0) == [(0, 0)]
    assert even_parts((9.0, 1.0), 5.0) == [(0, 1), (1, 2)]


def test_a_long_name_keeps_its_end():
    name = "x" * 60 + " number 07"
    assert one_line(name, 24, 300).endswith("07") and width_of(one_line(name, 24, 300), 24) <= 300
    assert " ".join(lines_of(name * 4, 24, 200, 2)).endswith("07") and len(lines_of(name * 4, 24, 200, 2)) == 2
    assert LEFT + INNER < 1280
