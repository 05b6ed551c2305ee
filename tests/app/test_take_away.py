"""The buttons below tables: two tables of one title can stand on a page, and none needs an analysis."""

from streamlit.testing.v1 import AppTest


def two_tables() -> None:
    """A page with two tables that have the same title."""
    from lib.words.tables import TextTable
    from pages.ui import session
    from pages.ui.tables import table_card

    session.start([])
    for row in ("first", "second"):
        table_card(TextTable("Effects", ("Effect", "p"), ((row, "0.34"),)), "What it is.")


def test_two_tables_of_one_title_without_any_cohort():
    app = AppTest.from_function(two_tables).run()
    assert not app.exception
    labels = [found.proto.label for found in app.get("download_button")]
    assert labels == ["Word", "Excel", "CSV"] * 2
