"""Lines against rows: a quote without a partner swallows nobody, a cell with line breaks is one cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import DataError
from lib.io.lines import find_records, joined_cells, split
from tests.io.builders import ROWS, found, lines, read


def with_quotes(*places: tuple[int, str]) -> str:
    """The file with cells of a comment column, by row."""
    comments = dict(places)
    rows = [f"{row},{comments.get(i, 'ok')},z" for i, row in enumerate(ROWS)]
    return "pid,grp,age,sofa,crp,days,dead,comment,last\n" + "\n".join(rows) + "\n"


@pytest.mark.parametrize(
    "places",
    [
        ((10, '"'), (30, '"')),
        ((10, '"'), (11, '"')),
        ((10, '"idem'), (20, '"idem')),
        ((10, '"idem'), (20, 'idem"')),
        ((10, '"idem'), (11, 'idem"')),
        ((10, '"idem'),),
        ((39, '"'),),
        tuple((i, '"') for i in range(40)),
        ((3, '"a ""b"'), (10, '"idem')),
    ],
)
def test_a_quote_without_a_partner_swallows_nobody(places):
    table = read(with_quotes(*places))
    assert table.frame["pid"].tolist() == [row[:4] for row in ROWS]
    assert table.frame["age"].dtype == np.int64
    finding = found(table, "quote")
    assert finding.level == "look"
    assert set(finding.lines) <= {row + 2 for row, _ in places}


def test_the_quote_itself_is_dropped_unless_it_is_all_that_the_cell_holds():
    comments = read(with_quotes((4, '"'), (10, '"idem'))).frame["comment"]
    assert comments[4] == '"'
    assert comments[10] == "idem"


def test_two_ditto_marks_in_one_line_are_two_cells():
    table = read('id,a,b,c,d\nP1,u,3,v,4\nP2,",2,",3\nP3,u,1,v,2\n')
    assert table.frame.loc[1].tolist() == ["P2", '"', 2, '"', 3]


@pytest.mark.parametrize("last", ['P3,"279,6",1,v', 'P3,"279,6",1,"v', 'P3,"a, b",",",5'])
def test_paired_quotes_are_never_read_as_text(last):
    """Four cells of five: with its quotes as text the line would have five, all in the wrong columns."""
    with pytest.raises(DataError, match="^Line 4"):
        read(f"id,a,b,c,d\nP1,u,3,v,4\nP2,u,2,v,3\n{last}")


def test_a_cell_with_line_breaks_is_one_cell_and_said():
    table = read(with_quotes((5, '"two\nlines"'), (9, '"a\n\nb, with, commas\nc"'), (12, '"x ""y""\nz"')))
    assert table.frame["comment"][[5, 9, 12]].tolist() == ["two\nlines", "a\n\nb, with, commas\nc", 'x "y"\nz']
    assert found(table, "breaks").lines == (7, 12, 18)
    assert len(table.frame) == 40


def test_narrow_files_keep_line_breaks_and_rows_apart():
    assert len(read('id,note\nP1,"one\ntwo, three"\nP2,x\n').frame) == 2
    assert len(read('id,note\nP1,"one\nP2,two"\nP3,x\n').frame) == 3


def test_a_line_that_no_reading_makes_whole_is_named_and_not_shown():
    with pytest.raises(DataError, match="^Line 11 has a double quote that nothing closes") as caught:
        read(lines(at=11, line='P777,"MSC, secret,50,3,10.5,7,1'))
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_lines_of_a_refusal_are_counted_past_line_breaks_and_blank_lines():
    text = with_quotes((5, '"two\nlines"')) + "\nP900,MSC\n"
    with pytest.raises(DataError, match="^Line 44 has 2 values"):
        read(text)


CELLS = st.text(st.sampled_from('ab",\n ;1'), max_size=6).map(str.strip)


@settings(deadline=None)
@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), min_size=1, max_size=8))
def test_well_written_rows_come_back(rows):
    """Rows of five cells, each ending in its own plain word, so that no cell looks like a row."""
    plain = [["p", "1", "2", "3", "4", "5", "end"]] * 20  # which tell how wide the table is
    rows = [*plain, *([f"row-{i}-", *row, "end"] for i, row in enumerate(rows))]
    raw = b"\n".join(b'"h",b,c,d,e,f,g' if row is None else joined_cells(row, ",") for row in [None, *rows])
    records = find_records(raw, ",")
    wide = [row for row in rows if any(cell.count(",") == 6 for part in row for cell in part.split("\n"))]
    if not wide:
        assert [records.cells(i) for i in range(1, len(records))] == [[c.strip() for c in row] for row in rows]


@given(st.lists(st.text(st.sampled_from("ab ;1"), max_size=4), min_size=2, max_size=6))
def test_split_is_the_inverse_of_joining(cells):
    found_cells = split(joined_cells(cells, ",").decode(), ",").cells
    assert found_cells == [cell.lstrip(" ") for cell in cells]


@pytest.mark.parametrize("seed", range(4))
def test_quotes_put_in_and_taken_out_anywhere_lose_nobody(seed):
    """Forty rows with quoted notes, spoilt by up to four quotes a file: forty patients, or a line is named."""
    random = np.random.default_rng(seed)
    rows = [f'{row},"note {i}, x",{i}' if i % 3 else f"{row},note {i},{i}" for i, row in enumerate(ROWS)]
    clean = "pid,grp,age,sofa,crp,days,dead,note,n\n" + "\n".join(rows) + "\n"
    named = 0
    for _ in range(100):
        text = list(clean)
        for _ in range(random.integers(1, 5)):
            quotes = [i for i, sign in enumerate(text) if sign == '"']
            if random.random() < 0.6:
                text.insert(int(random.integers(45, len(text))), '"')
            else:
                del text[random.choice(quotes)]
        try:
            table = read("".join(text))
        except DataError as error:
            assert str(error).startswith("Line ")
            named += 1
            continue
        assert table.frame["n"].astype(str).tolist() == [str(i) for i in range(40)] or any(
            finding.level == "look" for finding in table.findings
        )
        assert table.frame.shape == (40, 9)
    assert named < 100
