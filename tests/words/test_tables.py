"""TextTable: the same text on a page, in a spreadsheet and as HTML, whatever signs a name brings."""

import pytest

from lib.words.tables import TextTable, numbers_right, without_empty
from tests.html_text import table_text

ODD = "<b>p</b> & 5 < 6"


def table(**changes) -> TextTable:
    """Two rows, small print in one cell, odd signs in another."""
    settings = {
        "title": "Effects",
        "heads": ("Effect", "Estimate", "Note"),
        "rows": (("Risk\nmarginal", "0.5", ""), (ODD, "=1+1", "seen")),
        "footnotes": ("A foot & a note.",),
    }
    return TextTable(**settings | changes)


def test_cells_stand_in_a_frame_as_they_are():
    frame = table().to_frame()
    assert list(frame.columns) == ["Effect", "Estimate", "Note"]
    assert frame.to_numpy().tolist() == [["Risk\nmarginal", "0.5", ""], [ODD, "=1+1", "seen"]]


def test_a_csv_has_one_line_for_each_row_and_no_formula():
    lines = table().to_csv().decode().splitlines()
    assert lines == ["Effect,Estimate,Note", "Risk; marginal,0.5,", f"{ODD},'=1+1,seen"]


def test_html_reads_as_the_text_does():
    made = table_text(table().to_html())
    assert made == ["Effects", "Effect", "Estimate", "Note", "Risk", "marginal", "0.5", "", ODD, "=1+1", "seen"] + [
        "A foot & a note."
    ]


def test_html_says_what_the_table_holds_and_which_cells_are_marked():
    text = table(alt='all "effects"', marks=frozenset({(1, 1)}), kinds=("primary", "plain")).to_html()
    assert 'aria-label="all &quot;effects&quot;"' in text
    assert text.count("<mark>") == 1 and "<mark>=1+1</mark>" in text
    assert '<tr class="primary"><td style="text-align:left">Risk' in text


def test_alignment_of_numbers():
    assert numbers_right(3) == ("left", "right", "right")
    assert 'text-align:right">0.5' in table(align=numbers_right(3)).to_html()


def test_a_column_that_says_nothing_goes_and_marks_move_with_it():
    empty = table(
        heads=("Effect", "Note", "p"),
        rows=(("a", "", "1"), ("b", "", "2")),
        marks=frozenset({(0, 1), (1, 2)}),
        align=numbers_right(3),
    )
    kept = without_empty(empty, "Note")
    assert (kept.heads, kept.rows) == (("Effect", "p"), (("a", "1"), ("b", "2")))
    assert kept.marks == {(1, 1)} and kept.align == ("left", "right")
    assert kept.footnotes == empty.footnotes
    full = table()
    assert without_empty(full, "Note") is full


@pytest.mark.parametrize(
    ("wrong", "word"),
    [
        ({"rows": (("a", "b"),)}, "3 cells"),
        ({"align": ("left",)}, "align"),
        ({"kinds": ("plain",)}, "kinds"),
    ],
)
def test_a_table_whose_parts_do_not_fit_is_refused(wrong, word):
    with pytest.raises(ValueError, match=word):
        table(**wrong)
