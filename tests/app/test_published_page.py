"""The About this example page: it needs no cohort, counts what agrees, and says what is synthetic."""

import pytest

from tests.app.pages import opened, widget
from tests.app.study_files import assert_readable, cells, on_screen, study


@pytest.fixture(scope="module")
def page():
    return opened("published_study")


def test_it_opens_without_a_cohort_and_says_that_the_patients_are_synthetic(page):
    assert_readable(page)
    assert "synthetic" in on_screen(page)


def test_the_message_stands_first_in_words(page):
    said = on_screen(page)
    assert "Counted as 24 pairs from 8 treated patients this gives p = 0.025." in said
    assert "Counted as 8 sets, it gives p = 0.34" in said and "between 0.13 and 0.34" in said


def test_agreement_is_counted(page):
    total = next(m for m in page.metric if m.label == "Printed cells that agree").value
    same, of = map(int, total.split(" of "))
    assert of == 120 and 90 <= same < of


def test_what_differs_has_a_mark_and_not_only_a_colour(page):
    tables = [t.value for t in page.table if "Source" in t.value.columns]
    marked = [c for t in tables for c in t.to_numpy().ravel() if "background[" in str(c)]
    same, of = map(int, page.metric[0].value.split(" of "))
    assert len(marked) == of - same
    assert all("≠" in cell for cell in marked)


def test_every_variable_of_both_tables_has_a_printed_and_an_own_row(page):
    tables = [t.value for t in page.table if "Source" in t.value.columns]
    assert [len(t) for t in tables] == [20, 20]
    assert all(t["Source"].tolist() == ["printed", "here"] * 10 for t in tables)


def test_the_arithmetic_of_the_printed_p_is_shown(page):
    rows = cells(page, "Outcome").map(lambda cell: str(cell).replace("\\", ""))
    rows.columns = [c.replace("\\", "") for c in rows.columns]
    first = rows.iloc[0]
    assert first["Pairs"] == "24 from 8 patients"
    assert first["(b − c)² / (b + c)"] == "(0 − 5)² / 5 = 5.00"
    assert first["p on pairs"] == first["p as printed"] == "0.025"
    assert first["p by set (exact)"].endswith("8 sets")


def test_every_fall_of_the_deaths_is_listed_as_the_reference_has_them(page):
    falls = cells(page, "Deaths per set (the other sets have none)")
    assert falls["Exact p by set"].tolist() == ["0.1250", "0.1875", "0.2500", "0.2969", "0.3408"]
    assert "never at or below 0.05" in on_screen(page)


def test_deaths_at_sixty_days(page):
    app = opened("published_study")
    widget(app.button_group, "Outcome").set_value("Death by day 60").run()
    assert_readable(app)
    falls = cells(app, "Deaths per set (the other sets have none)")
    assert falls["Exact p by set"].iloc[[0, -1]].tolist() == ["0.0469", "0.2040"]


def test_it_shows_the_sample_whatever_cohort_is_open():
    app = study("published_study")
    assert_readable(app)
    assert app.metric[0].value == opened("published_study").metric[0].value


def test_how_often_each_test_cries_wolf(page):
    table = next(t.value for t in page.table if "How often" in t.value.columns)
    mcnemar = table[table["Test or interval"].str.startswith("McNemar")].iloc[0]
    assert mcnemar["p < 0.05".replace("<", "\\<")].replace("\\", "").startswith("17.0%")
    assert mcnemar["How often"] == "too often"
    exact = table[table["Test or interval"].str.startswith("Exact by set")]
    assert len(exact) == 3 and set(exact["How often"]) <= {"seldom", "as promised"}
