"""The Answer page with a file of episodes: by one click, by upload, with mistakes, and without it again."""

import json
import re

import pytest

from tests.app.pages import button, errors, opened, uploader, widget, words
from tests.conftest import SAMPLES

UPLOAD = "A CSV file of episodes"


@pytest.fixture
def app():
    """The sample's Answer page with the sample's episodes."""
    opened_page = opened("outcomes", sample="msc_covid19")
    return button(opened_page, "Use the sample's episodes").click().run()


def levels(app):
    """The hierarchy as the page lists it."""
    said = [m.value.replace("\\", "") for m in app.markdown]
    return [text.split(". ", 1)[1] for text in said if re.match(r"[1-9]\. ", text)]


def pressed(app, level, part):
    """The page after a button of one level of the hierarchy."""
    return next(b for b in app.button if f"level-{level}-{part}" in (b.key or "")).click().run()


def test_the_samples_episodes_in_one_click(app):
    assert not app.exception and not app.error
    said = words(app)
    assert "episodes beside the cohort" in said
    assert "24 comparisons" in said and "8 sets, not 24 pairs" in said
    assert 'The derived free days equal "icu_free_days"' in said
    assert "Where the days went" in said and "The treated patients day by day" in said


def test_the_hierarchy_is_put_in_order_by_hand(app):
    days = "-free days (from episodes)"
    assert levels(app) == ["Survival", f"Invasive ventilation{days}", f"ICU{days}"]
    before = words(app)
    app = pressed(app, "icu_free_days_derived", "Up")
    app = pressed(app, "icu_free_days_derived", "Up")
    assert levels(app)[0] == "ICU-free days (from episodes)"
    assert words(app) != before
    app = pressed(app, "survival", "remove")
    assert len(levels(app)) == 2
    widget(app.selectbox, "Add an outcome").select("crp_day7").run()
    app = button(app, "Add").click().run()
    assert levels(app)[2] == "C-reactive protein, day 7"
    assert not app.exception and not app.error


def test_other_rules_count_again_and_are_outcomes_of_their_own(app):
    widget(app.radio, "Who dies within the window has").set_value("worst")
    widget(app.number_input, "Window (days)").set_value(14.0)
    app = button(app, "Count again").click().run()
    assert not app.exception and not app.error
    assert "icu_free_days_derived differs" in words(app)
    for page in ("cohort", "matching", "balance"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception and not app.error, page
    app.switch_page("pages/outcomes.py").run()
    app = button(app, "Remove the episodes").click().run()
    assert not app.exception and not app.error
    assert "Use the sample's episodes" in [b.label for b in app.button]


def test_no_support_chosen_is_a_sentence(app):
    widget(app.multiselect, "Supports").set_value([])
    app = button(app, "Count again").click().run()
    assert "Choose at least one" in errors(app) and not app.exception
    assert "24 comparisons" in words(app)


def test_one_set_day_by_day(app):
    widget(app.selectbox, "Day by day").select(2).run()
    assert "Matched set 3 day by day" in words(app)
    assert not app.exception


def test_an_upload_with_mistakes_is_one_sentence_and_the_next_is_taken():
    app = opened("outcomes", sample="msc_covid19")
    uploader(app, UPLOAD).upload("e.csv", b"patient_id;support;start_day;end_day\nNOBODY;icu;0;4\n").run()
    assert "names 1 patient that the cohort does not hold" in errors(app) and "NOBODY" not in errors(app)
    assert not app.exception
    data = (SAMPLES / "msc_covid19_episodes.csv").read_bytes().replace(b",", b";")
    uploader(app, UPLOAD).upload("again.csv", data).run()
    assert not app.exception and not app.error
    assert "24 comparisons" in words(app)


def test_a_cohort_without_an_id_or_a_survival_outcome_hears_what_is_missing():
    app = opened("outcomes", sample="nhefs")
    uploader(app, UPLOAD).upload("e.csv", b"seqn,support,start_day,end_day\n233,icu,0,4\n").run()
    assert "survival outcome" in errors(app)
    assert not app.exception


def test_settings_loaded_before_the_file_ask_for_it(app):
    widget(app.radio, "Who dies within the window has").set_value("worst")
    app = button(app, "Count again").click().run()
    app.switch_page("pages/cohort.py").run()
    spec = app.session_state["spec"].to_json()
    assert json.loads(spec)["free_days"]["death"] == "worst"
    fresh = opened("cohort", sample="msc_covid19")
    fresh.session_state["spec"] = app.session_state["spec"]
    fresh.switch_page("pages/outcomes.py").run()
    assert "not open yet" in words(fresh) and not fresh.exception
    fresh = button(fresh, "Use the sample's episodes").click().run()
    assert not fresh.exception and not fresh.error
    assert "24 comparisons" in words(fresh)


def test_another_cohort_starts_without_episodes(app):
    app.switch_page("pages/cohort.py").run()
    app = button(app, "The NHEFS sample").click().run()
    app.switch_page("pages/outcomes.py").run()
    assert not app.exception
    assert UPLOAD in [u.label for u in app.file_uploader]
