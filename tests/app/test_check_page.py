"""The Check a paper page: it needs no file, says the sentence first, and keeps what was typed."""

import pytest

from tests.app.pages import button, errors, opened
from tests.app.study_files import assert_readable, cells, on_screen, study


def field(app, label: str, row: int = 0):
    """A field by its label; of outcomes the one in that row."""
    return [found for found in app.text_input if found.label == label][row]


def typed(row: int = 0, app=None, **fields: str):
    """The page after typing into fields, named by their labels, and pressing Check."""
    app = app or opened("check_a_paper")
    for label, text in fields.items():
        whole = label.startswith(("Treated", "Controls", "or ", "Outcome"))
        field(app, label, 0 if whole else row).input(text)
    return button(app, "Check").click().run()


FIVE = {"Treated, matched": "8", "Controls for each": "3", "Events, treated": "0", "Events, controls": "5"}


@pytest.fixture(scope="module")
def example():
    return button(opened("check_a_paper"), "Gregoire 2022").click().run()


def test_it_opens_without_a_file_and_says_what_to_do():
    app = opened("check_a_paper")
    assert_readable(app)
    assert "Nothing is typed yet" in on_screen(app)
    assert not app.get("plotly_chart")


def test_the_sentence_stands_above_the_fields():
    app = typed(**FIVE, p="0.025")
    assert_readable(app)
    said = "However these 5 events fell over the 8 sets, the p by set is between 0.13 and 0.34: the paper's 0.025"
    assert app.main.subheader[0].value.replace("\\", "").startswith(said)
    assert len(app.get("plotly_chart")) == 1


def test_the_example_has_the_outcomes_of_the_published_study(example):
    assert_readable(example)
    table = cells(example, "Outcome")
    assert table["Outcome"].str.replace("\\", "").tolist()[:2] == ["Death by day 28", "Death by day 60"]
    assert table["p by set"].tolist()[:2] == ["0.13 to 0.34", "0.047 to 0.20"]
    assert "Death by day 60 can have a p by set of 0.05 or less" in on_screen(example)


def test_the_ways_are_those_of_the_published_study_page(example):
    page = cells(opened("published_study"), "Deaths per set (the other sets have none)")
    ours = cells(example, "Events per set (the other sets have none)")
    assert ours["p by set"].tolist() == page["Exact p by set"].tolist()
    assert ours["Share"].tolist() == page["Share of all ways"].tolist()


def test_a_percentage_that_cannot_be_is_named():
    app = typed(**FIVE, **{"% of controls": "21.0"})
    assert "21.0% cannot be of 24 controls: 5 of 24 are 20.8%" in on_screen(app)
    assert not typed(**FIVE, **{"% of controls": "20.8"}).warning


def test_the_design_alone_says_what_it_can_give():
    app = typed(**{"Treated, matched": "8", "or controls in all": "24"})
    assert "8 sets of 1:3 can give no p by set below 1 in 65,536" in on_screen(app)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"Treated, matched": "0"}, "must be from 1 to 2,000, not 0"),
        ({"Controls for each": "0"}, "must be from 1 to 20, not 0"),
        ({"Treated, matched": "1000000"}, "not 1,000,000"),
        ({"Events, treated": "9"}, "9 of 8 treated patients cannot have the event"),
        ({"Events, controls": "five"}, 'must be a whole number, not "five"'),
        ({"Events, controls": ""}, "is missing"),
        ({"Controls for each": "", "or controls in all": "23"}, "23 controls cannot be shared equally"),
        ({"% of treated": "x"}, "is no percentage"),
        ({"p": "NS"}, '"NS" is no p'),
        ({"p": "[a](http://evil.example)"}, "is no p"),
    ],
)
def test_bad_input_is_one_sentence_and_the_fields_stay(fields, sentence):
    app = typed(**(FIVE | {"Outcome 1": "Death"} | fields))
    assert not app.exception
    assert sentence in errors(app)
    assert len(app.error) == 1
    assert field(app, "Outcome 1").value == "Death"


def test_an_error_names_its_outcome():
    app = typed(**(FIVE | {"Outcome 1": "Death", "Events, treated": "9"}))
    assert errors(app).startswith("Death: 9 of 8 treated patients")


def test_an_outcome_can_be_added_without_losing_what_is_typed():
    app = opened("check_a_paper")
    for label, text in FIVE.items():
        field(app, label).input(text)
    button(app, "Add an outcome").click().run()
    assert field(app, "Events, controls").value == "5"
    app = typed(1, app, **{"Outcome 2": "Shock", "Events, treated": "2", "Events, controls": "11"})
    assert cells(app, "Outcome")["Outcome"].tolist() == ["Event", "Shock"]


def test_what_was_typed_is_there_after_another_page_and_cleared_by_a_click():
    app = typed(**FIVE)
    app.switch_page("pages/published_study.py").run()
    app.switch_page("pages/check_a_paper.py").run()
    assert field(app, "Events, controls").value == "5"
    assert "between 0.13 and 0.34" in on_screen(app)
    button(app, "Clear").click().run()
    assert field(app, "Events, controls").value == "" and "Nothing is typed yet" in on_screen(app)


def test_what_is_typed_does_nothing_but_read():
    app = typed(**(FIVE | {"Outcome 1": "**x** :red[y] <b>"}))
    assert_readable(app)
    assert "**x** :" in on_screen(app).replace("\u2060", "")


def test_unequal_sets():
    app = typed(**{"or of each set, one by one": "3, 3 2", "Events, treated": "0", "Events, controls": "4"})
    assert "4 events fell over the 3 sets" in on_screen(app)


def test_it_works_beside_an_open_cohort():
    app = typed(app=study("check_a_paper"), **FIVE)
    assert_readable(app)
    assert "between 0.13 and 0.34" in on_screen(app)
