"""Stories of the sets on the Match page: what they tell, and a set called not comparable up to the Robust? page."""

from lib.words.stories import REASON
from tests.app.pages import button, opened, unfold, widget, words
from tests.app.study_files import on_screen

SETS = "Who is compared with whom?"
LEAVE = "Leave this set out in an analysis beside the main one"


def told():
    """The sample's first set."""
    return unfold(opened("matching", sample="msc_covid19"), SETS)


def test_a_set_has_its_story_without_an_outcome():
    said = words(told())
    assert "Alike in 6 of 7 covariates" in said and "Not alike: Age" in said
    assert "eath" not in said


def test_a_set_called_not_comparable_is_left_out_beside_the_main_analysis():
    app = told()
    before = app.session_state["spec"]
    widget(app.text_input, REASON).set_value("was pregnant")
    app = button(app, LEAVE).click().run()
    spec = app.session_state["spec"]
    [entry] = spec.sensitivity.not_comparable
    assert (entry.number, entry.reason, entry.after_opening) == (1, "was pregnant", False)
    assert spec.matching == before.matching and "was pregnant" in words(app)
    app = app.switch_page("pages/sensitivity.py").run()
    assert not app.exception
    assert "so 7 of 8 sets are left" in on_screen(app) and "p, without 1 set" in on_screen(app)
    app = app.switch_page("pages/outcomes.py").run()
    assert "0 of 8" in words(app), "the main analysis counts every set"


def test_it_can_be_taken_back_and_late_ones_say_so():
    app = opened("outcomes", sample="msc_covid19").switch_page("pages/matching.py").run()
    app = unfold(app, SETS)
    widget(app.text_input, REASON).set_value("other hospital")
    app = button(app, LEAVE).click().run()
    assert app.session_state["spec"].sensitivity.not_comparable[0].after_opening
    app = button(app, "Take it back").click().run()
    assert app.session_state["spec"].sensitivity.not_comparable == ()


def test_an_empty_reason_is_no_reason():
    app = button(told(), LEAVE).click().run()
    assert app.session_state["spec"].sensitivity.not_comparable == ()
