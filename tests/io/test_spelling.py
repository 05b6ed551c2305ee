"""One spelling for each value of a category, never for ids or free text."""

import pytest

from lib.io.spelling import one_spelling
from tests.io.builders import found, read


def grouped(*texts: str):
    return read("id,x\n" + "".join(f"P{i},{text}\n" for i, text in enumerate(texts)))


def test_capitals_and_spaces_make_no_other_value():
    table = grouped("MSC", "msc", "MSC", "control ", "Control", "control", "no  drug", "no drug", "no drug")
    assert table.frame["x"].tolist() == ["MSC"] * 3 + ["control"] * 3 + ["no drug"] * 3
    finding = found(table, "merged")
    assert (finding.column, finding.cells, finding.undo) == ("x", 3, {"merge_case": False})
    assert 'read "msc" as "MSC"' in finding.text


def test_merging_is_undone():
    text = "id,x\n" + "".join(f"P{i},{t}\n" for i, t in enumerate(["Yes", "yes", "YES", "no", "No", "Yes"]))
    assert read(text).frame["x"].tolist() == ["Yes"] * 3 + ["no"] * 2 + ["Yes"]
    assert read(text, merge_case=False).frame["x"].nunique() == 5


@pytest.mark.parametrize(
    ("texts", "kept"),
    [
        (["male", "Male", "M", "female", "Female", "male"], {"male", "female"}),
        (["m\u00e4nnlich", "W", "weiblich", "m", "weiblich"], {"m\u00e4nnlich", "weiblich"}),
        (["mild", "moderate", "M", "mild"], {"mild", "moderate", "M"}),
        (["male", "M", "F", "male"], {"male", "F"}),
        (["m", "f", "M", "m"], {"m", "f"}),
        (["hombre", "M", "mujer", "mujer"], {"hombre", "mujer"}),
    ],
)
def test_letters_join_the_words_they_stand_for(texts, kept):
    assert set(grouped(*texts, *texts).frame["x"]) == kept


@pytest.mark.parametrize(
    "texts",
    [["A1", "a1", "B2", "b2"], ["A1", "a1", "B2", "B2", "c3", "C3"], [f"Note {i}" for i in range(30)] + ["note 1"] * 9],
)
def test_ids_and_free_text_stay_as_they_are(texts):
    assert grouped(*texts).frame["x"].tolist() == texts


def test_the_first_of_equally_frequent_spellings_stays():
    assert one_spelling({"yes": 2, "Yes": 2, "no": 4}) == {"Yes": "yes"}
