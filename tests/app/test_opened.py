"""The stamp: a design that changes after outcomes were seen is said under every later figure, and saving keeps it."""

from lib.io import Saved, pack, unpack
from tests.app.pages import button, opened
from tests.app.test_keeping import resumed


def go(app, page: str):
    """Another page."""
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    return app


def with_ratio(app, ratio: int):
    """The ratio of the main analysis, as the Match page sets it."""
    spec = app.session_state["spec"]
    app.session_state["spec"] = spec.replace(matching=spec.matching.model_dump(mode="json") | {"ratio": ratio})
    return app.run()


def record(app):
    """Of the table on screen."""
    return app.session_state["openings"][app.session_state["table"].digest]


def test_a_change_before_outcomes_are_seen_is_nobodys_business():
    app = with_ratio(opened("matching", "msc_covid19"), 2)
    go(app, "balance")
    assert "openings" not in app.session_state or not app.session_state["openings"]


def test_a_change_afterwards_is_counted_on_any_page_and_undone_by_going_back():
    app = go(opened("matching", "msc_covid19"), "outcomes")
    assert (record(app).opened, record(app).changes) == (1, 0)
    app.run()
    assert record(app).opened == 1, "a rerun is no new look"
    with_ratio(go(app, "balance"), 2)
    assert (record(app).changes, record(app).changed) == (1, True)
    with_ratio(app, 3)
    assert (record(app).changes, record(app).changed) == (2, False)
    go(app, "outcomes")
    assert record(app).opened == 2


def test_opening_the_sample_again_and_saving_do_not_wash_it_off():
    app = with_ratio(go(opened("matching", "msc_covid19"), "outcomes"), 2)
    assert record(app).changed
    digest = app.session_state["table"].digest
    go(app, "cohort")
    button(app, "The sample study (synthetic)").click().run()
    assert app.session_state["openings"][digest].changes >= 1


def test_a_saved_file_carries_the_record_into_another_session():
    app = with_ratio(go(opened("matching", "msc_covid19"), "outcomes"), 2)
    text, known = app.session_state["spec"].to_json().encode(), record(app)
    later = resumed(pack(Saved("msc_covid19", "msc_covid19", (), {}, text, None, known)))
    assert not later.error
    assert record(later) == known and known.changed
    later.run()
    assert unpack(later.session_state["again"]()).openings == known
