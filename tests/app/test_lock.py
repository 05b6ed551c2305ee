"""The lock: outcomes of an upload stay closed until the design is called final, and what follows is counted."""

import pytest

from lib.io import File, Saved, pack
from lib.openings import MOST_LOCKS, NEVER, Lock, Openings
from lib.words.openings import CLOSED, LOCK, LOCK_AGAIN, LOCKED, lock_sentence, sentence
from pages.ui import widgets
from tests.app.pages import button, opened, unfold, widget, words
from tests.app.study_files import OUTCOMES, rows, spec
from tests.app.test_keeping import resumed


def closed(page: str):
    """The small study on a page, as an upload of which nobody has seen outcomes."""
    app = opened(csv=rows(), practice=False)
    app.session_state["spec"] = spec()
    return app.switch_page(f"pages/{page}.py").run()


@pytest.mark.parametrize("page", ["outcomes", "sensitivity", "presentation"])
def test_outcomes_of_an_upload_are_closed(page):
    app = closed(page)
    said = words(app)
    assert CLOSED in said and not app.exception
    assert not any("death" in str(one.value) for one in app.table)
    assert "died" not in said.lower() and "p by set" not in said


def test_the_gate_says_what_would_be_locked_and_opens_what_it_closed():
    app = closed("outcomes")
    assert "All 6 treated are matched with 18 controls" in words(app)
    app = button(app, LOCK).click().run()
    assert not app.exception and CLOSED not in words(app)
    assert len(app.table) > 0
    assert CLOSED not in words(app.switch_page("pages/sensitivity.py").run())


def test_a_changed_design_is_closed_again_and_counted():
    app = button(closed("outcomes"), LOCK).click().run()
    app = app.switch_page("pages/matching.py").run()
    assert LOCKED in words(app)
    widget(app.slider, "Controls for each treated patient").set_value(2).run()
    assert LOCKED not in words(app)
    app = app.switch_page("pages/outcomes.py").run()
    assert "changed after it was locked" in words(app)
    app = button(app, LOCK_AGAIN).click().run()
    record = next(iter(app.session_state["openings"].values()))
    assert len(record.locks) == 2 and record.locks[0].opened == 0 and record.locks[1].opened >= 1
    assert record.locks[0].sets != record.locks[1].sets
    assert "unlocked and locked again 1 time" in sentence(record)


def test_words_of_outcomes_may_change_while_the_design_is_locked():
    app = button(closed("outcomes"), LOCK).click().run()
    labelled = [dict(one, label="Died") if one["name"] == "death" else one for one in OUTCOMES]
    app.session_state["spec"] = app.session_state["spec"].replace(outcomes=labelled)
    assert CLOSED not in words(app.run())


def test_a_sample_is_there_for_practice():
    assert CLOSED not in words(opened("outcomes", sample="msc_covid19"))


def test_the_sentence_of_a_lock_names_data_spec_sets_and_the_time():
    lock = Lock(time="2026-11-28T07:40:00+00:00", data="ab" * 32, spec="d03334ab", design="e" * 16, sets="0123abcd")
    told = lock_sentence(NEVER.locked_with(lock))
    assert told == (
        "The design was locked on 2026-11-28 07:40:00 UTC, before outcomes were opened (data abababab, spec d03334ab, "
        "sets 0123abcd)."
    )
    late = NEVER.opened_with("x").locked_with(lock)
    assert "after outcomes had been opened 1 time" in lock_sentence(late)
    assert lock_sentence(NEVER) == ""


def test_opening_does_not_wash_a_lock_off_and_locks_are_bounded():
    lock = Lock(time="2026-11-28T07:40:00+00:00", data="a", spec="b", design="c", sets="d")
    found = NEVER.locked_with(lock).opened_with("c")
    assert found.holds("c") and not found.holds("x") and found.opened == 1
    for _ in range(MOST_LOCKS + 5):
        found = found.locked_with(lock)
    assert len(found.locks) == MOST_LOCKS


def record(app):
    """Of the only table."""
    return next(iter(app.session_state["openings"].values()))


def test_the_slides_are_a_look_at_outcomes_and_counted():
    app = opened("presentation", sample="msc_covid19")
    assert not app.exception and record(app).opened == 1


def test_a_file_of_the_match_holds_no_outcome_before_the_lock(monkeypatch):
    given = {}
    monkeypatch.setattr(widgets, "download", lambda label, name, spec, make: given.update({name: make}))
    app = unfold(closed("matching"), "Who is compared with whom?")
    header = given["matched"]().decode().splitlines()[0]
    assert "death" not in header and "crp_day7" not in header and "days" not in header
    assert {"id", "group", "age", "crp", "ward"} <= set(header.replace('"', "").split(","))
    assert "until the design is locked" in words(app)
    button(app.switch_page("pages/outcomes.py").run(), LOCK).click().run()
    unfold(app.switch_page("pages/matching.py").run(), "Who is compared with whom?")
    assert "death" in given["matched"]().decode().splitlines()[0]


@pytest.mark.parametrize("page", ["report", "presentation", "sensitivity"])
def test_every_page_with_outcomes_is_closed_again_by_a_changed_design(page):
    app = button(closed("outcomes"), LOCK).click().run()
    app.session_state["spec"] = app.session_state["spec"].replace(matching={"ratio": 2, "caliper": None})
    app = app.switch_page(f"pages/{page}.py").run()
    assert CLOSED in words(app) and not app.exception and not app.get("download_button")[1:]


def saved_with(app, known: Openings) -> bytes:
    """Data, settings and a record as one file."""
    text = app.session_state["spec"].to_json().encode()
    return pack(Saved("study", None, (File("study.csv", rows().encode()),), {}, text, None, known))


def test_a_lock_is_kept_by_a_saved_file_although_nothing_was_opened_yet():
    app = button(closed("outcomes"), LOCK).click().run()
    locked = NEVER.locked_with(record(app).locks[0])
    later = resumed(saved_with(app, locked))
    assert not later.error and record(later).locks == locked.locks


def test_an_older_saved_file_does_not_wash_off_what_was_opened_since():
    app = button(closed("outcomes"), LOCK).click().run()
    app = app.switch_page("pages/sensitivity.py").run().switch_page("pages/outcomes.py").run()
    known = record(app)
    assert known.opened >= 3
    older = saved_with(app, NEVER.opened_with(known.design))
    later = resumed(older, {app.session_state["table"].digest: known})
    assert record(later).opened == known.opened and record(later).locks == known.locks
