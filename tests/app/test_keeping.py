"""What a session holds: removing empties it, undoing brings it back, a saved file goes on elsewhere, settings that
cannot be used never lock anybody out."""

import gc
import time
import weakref

import pytest
from streamlit.testing.v1 import AppTest

from lib.io import File, Saved, pack, unpack
from lib.table import Table
from pages.ui.bin import Bin
from tests.app.pages import SECONDS, button, errors, opened, words
from tests.app.study_files import rows, spec, study

PAGES = ("cohort", "matching", "balance", "outcomes", "sensitivity")


def holder() -> None:
    """A page with nothing but the session's own functions on it."""
    import streamlit as st

    from lib.io import File, read_csv
    from pages.ui import session
    from tests.app.study_files import rows, spec

    session.start([])
    data = rows().encode()
    if st.button("open"):
        session.open_table(read_csv(data), "clinic", spec(), (File("clinic.csv", data),))
        session.keep("reading", {"delimiter": ","})
        session.keep("grid", 3)
    st.button("remove", on_click=session.forget)
    st.button("undo", on_click=session.take_back)
    st.button("delete", on_click=session.forget_for_good)
    if session.own_table() is not None:
        st.markdown(f"{session.study()} {session.file()[0].name} {session.keep('grid')} {session.at_stake()}")
    else:
        st.markdown(f"nothing here, at stake: {session.at_stake()}")


def held() -> AppTest:
    """That page with a cohort open."""
    app = AppTest.from_function(holder, default_timeout=SECONDS).run()
    assert "at stake: nothing" in words(app)
    button(app, "open").click().run()
    app.run()
    assert words(app) == "clinic clinic.csv 3 upload"
    return app


def test_removed_data_can_be_taken_back_with_everything_that_was_remembered():
    app = held()
    button(app, "remove").click().run()
    assert "nothing here, at stake: upload" in words(app)
    button(app, "undo").click().run()
    assert words(app) == "clinic clinic.csv 3 upload"


def test_after_deleting_there_is_nothing_to_take_back():
    app = held()
    button(app, "remove").click().run()
    button(app, "delete").click().run()
    button(app, "undo").click().run()
    assert "nothing here, at stake: no more" in words(app)


def tables() -> int:
    """Tables that are alive in this process and hold this study."""
    gc.collect()
    return sum(1 for one in gc.get_objects() if isinstance(one, Table) and "crp_day7" in one.frame.columns)


def test_after_its_minute_no_part_of_the_table_is_left_in_memory(monkeypatch):
    before = tables()
    app = held()
    assert tables() > before
    monkeypatch.setattr("pages.ui.session.removal.Bin", lambda contents: Bin(contents, seconds=0.3))
    button(app, "remove").click().run()
    app.run()
    time.sleep(0.5)
    button(app, "undo").click().run()
    assert "nothing here" in words(app), "it is too late"
    assert tables() == before


def test_a_bin_is_empty_when_its_time_is_over_and_what_is_taken_is_no_longer_in_it():
    class Content:
        """Something to look for."""

    content = Content()
    watched, held_back = weakref.ref(content), Bin({"it": content}, seconds=0.2)
    del content
    assert held_back.full and watched() is not None
    deadline = time.monotonic() + 20
    while held_back.full and time.monotonic() < deadline:
        time.sleep(0.05)
    gc.collect()
    assert watched() is None and not held_back.full and held_back.take() is None
    other = Bin({"it": 1}, seconds=60)
    assert other.take() == {"it": 1}
    assert not other.full


def resumed(data: bytes, known: dict | None = None) -> AppTest:
    """A session that opens a saved file.  known: when it opened outcomes before; None for a fresh one."""

    def script(data: bytes) -> None:
        import streamlit as st

        from lib.errors import AnalysisError
        from pages.ui import session

        session.start([])
        if st.button("open saved"):
            try:
                session.open_saved(data)
            except AnalysisError as error:
                session.error_box(error)
        st.session_state["again"] = session.save_bytes()

    app = AppTest.from_function(script, args=(data,), default_timeout=SECONDS).run()
    app.session_state["openings"] = known
    return button(app, "open saved").click().run()


CLINIC = Saved(
    "clinic",
    None,
    (File("clinic.csv", rows().replace(",", ";").encode()),),
    {"delimiter": ";"},
    spec().to_json().encode(),
    None,
)


def test_a_saved_file_opens_in_another_session_and_saves_as_the_same_bytes():
    app = resumed(pack(CLINIC))
    assert not app.error and not app.exception
    assert app.session_state["spec"] == spec()
    assert len(app.session_state["table"].frame) == 24
    app.run()
    assert app.session_state["again"]() == pack(CLINIC)


def test_a_saved_sample_is_the_sample_again():
    text = (opened(sample="msc_covid19").session_state["spec"]).to_json().encode()
    app = resumed(pack(Saved("msc_covid19", "msc_covid19", (), {}, text, None)))
    assert not app.error
    app.run()
    assert unpack(app.session_state["again"]()).sample == "msc_covid19"


@pytest.mark.parametrize(
    "data",
    [
        b"not a zip",
        pack(Saved("a", "no such sample", (), {}, None, None)),
        pack(Saved("a", None, (File("a.csv", b"\x00\x01"),), {}, None, None)),
        pack(Saved("a", None, (File("a.csv", b"a,b\n1,2\n"),), {}, b'{"columns": 3}', None)),
    ],
)
def test_a_saved_file_that_cannot_be_used_is_a_sentence_and_changes_nothing(data):
    app = resumed(data)
    assert errors(app) and not app.exception
    assert "table" not in app.session_state


@pytest.mark.parametrize("page", PAGES)
def test_settings_that_do_not_fit_are_a_sentence_with_a_way_back_on_every_page(page):
    app = study("matching")
    assert not app.error
    other = {"id": "nobody", "treatment": "arm", "treated_value": "x", "covariates": ["height", "weight"]}
    app.session_state["spec"] = spec(columns=other)
    app.switch_page(f"pages/{page}.py").run()
    assert not app.exception
    assert errors(app)
    if page != "cohort":
        assert "arm" in errors(app)
        button(app, "Go back to the settings before").click().run()
        assert not app.error and not app.exception
        assert app.session_state["spec"] == spec()


def test_settings_under_which_nobody_is_left_have_a_way_back():
    app = study("matching")
    barred = [{"column": "age", "op": ">", "value": 1000}]
    app.session_state["spec"] = spec(eligibility=barred)
    app.switch_page("pages/balance.py").run()
    assert errors(app) and not app.exception
    button(app, "Go back to the settings before").click().run()
    assert not app.error
    assert app.session_state["spec"] == spec()


def test_a_first_spec_that_fails_has_no_way_back_to_nowhere():
    app = study("balance", eligibility=[{"column": "age", "op": ">", "value": 1000}])
    assert errors(app)
    assert not any(found.label == "Go back to the settings before" for found in app.button)
