"""The Robust? page in its states: five lines, what they open, settings that move, a grid that runs, errors in place."""

import re

import pytest

from lib.sensitivity.workers import WorkersLost
from lib.words import robust
from pages.ui import stages
from pages.ui.sensitivity import wolf
from tests.app.pages import button, errors, opened, unfold, widget, words
from tests.tables import cohort_frame

WAYS = {"live": "Try one setting", "curve": "All combinations"}
OPENED = {"fragility": "patients", "bias": "hidden", "tipping": "outcomes", "days": "days"}


def section(app, name: str):
    """The page with that part open: of the line of other settings a way to look, else what another line opens."""
    if name in WAYS:
        unfold(app, robust.OPENS["settings"])
        widget(app.segmented_control, "How to look at other settings").set_value(name).run()
    else:
        unfold(app, robust.OPENS[OPENED[name]])
    assert not app.exception
    return app


def states(app) -> list[str]:
    """The word beside each of the five titles."""
    found = [re.match(r"\*\*([^*]+)\*\* :(\w+)-badge\[:material/\w+: ([^\]]+)\]", m.value) for m in app.markdown]
    return [f"{one[1]}: {one[2]} {one[3]}" for one in found if one]


def row(app, number: int) -> list[str]:
    """A row of the first table."""
    return app.table[0].value.iloc[number].tolist()


def sample(name: str = "live"):
    """The page on the sample study."""
    app = opened("sensitivity", "msc_covid19")
    assert not app.exception
    return section(app, name)


def test_without_a_cohort_it_says_where_to_go():
    app = opened("sensitivity")
    assert not app.exception
    assert "There is no cohort yet" in words(app)


@pytest.mark.parametrize("name", [*WAYS, *OPENED])
def test_what_every_line_opens_of_the_sample(name):
    app = sample(name)
    assert not errors(app)


def test_the_sample_stays_undecided_and_nothing_is_open():
    app = opened("sensitivity", "msc_covid19")
    assert states(app) == [
        "Other settings: green Stays undecided",
        "Other patients: green Stays undecided",
        "Hidden factors: green Stays undecided",
        "Other outcomes: orange Look closer",
        "Other days: green Stays undecided",
    ]
    assert "stay undecided, not that there is no effect" in words(app)
    assert "In 18 of 18 other settings p by set stays above 0.05" in words(app)
    assert not app.table and not app.slider, "figures and tables are made when a line is opened"


def test_numbers_that_are_not_quoted_are_said_to_be_so_and_no_line_is_green():
    app = opened("sensitivity", csv=unlike().to_csv(index=False))
    assert not app.exception
    assert any("Not to be quoted" in box.value for box in app.warning)
    assert len(states(app)) == 5 and not [one for one in states(app) if " green " in one]


def unlike():
    """A cohort whose treated are far older than anybody to compare them with."""
    frame = cohort_frame(80, gaps=False)[["id", "arm", "age", "sofa", "died"]]
    treated = frame["arm"] == frame["arm"].max()
    return frame.assign(age=frame["age"].where(~treated, frame["age"] + 25))


def test_a_slow_line_waits_to_be_asked(monkeypatch):
    monkeypatch.setattr(stages, "line_seconds", lambda *asked: 60.0)
    app = opened("sensitivity", "msc_covid19")
    assert "Other settings: gray Not run yet" in states(app)
    button(app, "Run: other settings").click().run()
    assert "Other settings: green Stays undecided" in states(app)
    assert "Other patients: gray Not run yet" in states(app), "each is asked for by itself"


def test_the_untreated_are_drawn_when_asked(monkeypatch):
    monkeypatch.setattr(wolf, "DRAWS", 20)
    app = opened("sensitivity", "msc_covid19")
    assert "false alarm" in words(app)
    button(app, "Draw 20 studies from the untreated").click().run()
    assert not app.exception and not errors(app)
    assert "In 20 studies of 8 of your 111 untreated patients taken as treated" in words(app)
    widget(app.segmented_control, "How the untreated are drawn").set_value("odds").run()
    assert button(app, "Draw 20 studies from the untreated"), "another way of drawing is another question"


def test_main_analysis_is_the_published_one():
    assert row(sample(), 0)[1:3] == ["8 of 8", "24"]
    assert row(sample(), 0)[-2:] == ["0.025", "0.34  \n:gray[8 sets]"]


def entered_again(app):
    """The page after another one."""
    app.switch_page("pages/balance.py").run()
    app.switch_page("pages/sensitivity.py").run()
    assert not app.exception
    return app


def test_settings_tried_survive_a_change_of_page_and_not_another_table():
    app = sample()
    main = row(app, 0)
    widget(app.slider, "Controls for each treated patient").set_value(1).run()
    tried = row(app, 1)
    entered_again(app)
    assert widget(app.slider, "Controls for each treated patient").value == 1
    assert (row(app, 0), row(app, 1)) == (main, tried)
    button(app, "Back to the main analysis").click().run()
    entered_again(app)
    assert row(app, 1)[1:] == main[1:]
    widget(app.slider, "Controls for each treated patient").set_value(1).run()
    app.switch_page("pages/cohort.py").run()
    button(app, "The sample study (synthetic)").click().run()
    app.switch_page("pages/sensitivity.py").run()
    section(app, "live")
    assert row(app, 1)[1:] == main[1:]


def test_a_gamma_chosen_survives_a_change_of_page():
    app = sample("bias")
    slider = "A hidden factor multiplies the odds of treatment by"
    widget(app.slider, slider).set_value(2.0).run()
    assert widget(entered_again(app).slider, slider).value == 2.0


def test_a_killed_process_stops_the_grid_with_a_sentence_and_go_on_finishes_it(monkeypatch):
    real, asked = stages.grid_wave, []

    def lost_once(table, spec, number, alone):
        asked.append(number)
        if asked.count(1) == 1 and number == 1:
            raise WorkersLost("One of the parallel processes was ended from outside.", "Go on from there.")
        return real(table, spec, number, alone)

    monkeypatch.setattr(stages, "grid_wave", lost_once)
    app = sample("curve")
    button(app, "Run all").click().run()
    assert not app.exception
    assert "ended from outside" in errors(app)
    done = len(set(asked)) - 1
    assert done == 1, "the first part is kept"
    assert "of 72 done" in words(app) or " done. " in words(app)
    button(app, "Go on").click().run()
    assert not errors(app)
    assert "favour the treated" in words(app)
    assert not any(found.label in ("Go on", "Run all") for found in app.button)


def test_a_slider_moves_the_numbers_and_not_the_main_analysis():
    app = sample()
    main = row(app, 0)
    widget(app.slider, "Controls for each treated patient").set_value(1).run()
    assert row(app, 0) == main
    assert row(app, 1)[1:3] == ["8 of 8", "8"]
    assert "16 gone" in words(app)
    assert "the estimate goes from" in words(app)
    button(app, "Back to the main analysis").click().run()
    assert row(app, 1)[1:] == main[1:]
    assert not app.exception


def test_switches_for_covariates_logs_firth_and_scale():
    app = sample()
    covariates = widget(app.pills, "Covariates in the score")
    covariates.set_value([c for c in covariates.value if c != "ferritin"]).run()
    assert row(app, 1) != row(app, 0)
    widget(app.toggle, "Firth's model of the score").set_value(True).run()
    widget(app.toggle, "Distance on the logit scale").set_value(False).run()
    widget(app.pills, "Of these as logarithms").set_value(["crp", "ferritin"]).run()
    assert not app.exception and not errors(app)
    widget(app.pills, "Covariates in the score").set_value([]).run()
    assert "no covariate" in errors(app)
    assert not app.exception


def test_a_setting_can_become_the_main_analysis():
    app = sample()
    widget(app.slider, "Controls for each treated patient").set_value(2).run()
    button(app, "Make this the main analysis").click().run()
    assert not app.exception
    assert row(app, 0)[2] == "16"
    assert "Nothing differs" in words(app)


def test_a_grid_is_run_and_kept():
    app = sample("curve")
    assert "96 specifications" in words(app)
    button(app, "Run all").click().run()
    assert not app.exception and not errors(app)
    assert "90 of 96 specifications (93.8%) favour the treated" in words(app)
    assert "The main analysis (" in words(app)
    section(app, "bias")
    section(app, "curve")
    assert "favour the treated" in words(app), "results are kept"
    widget(app.segmented_control, "In this outcome").set_value("higher").run()
    assert "**0 of 96 specifications (0%) favour the treated" in words(app), "in six the estimate is 0"


def test_an_empty_axis_is_one_sentence():
    app = sample("curve")
    widget(app.multiselect, "Ratio").set_value([]).run()
    assert "gives no value for `matching.ratio`" in errors(app).replace("\\", "")
    assert not app.exception


def test_hidden_bias_answers_in_words():
    app = sample("bias")
    assert "Without any hidden factor p by set is already" in words(app)
    widget(app.slider, "A hidden factor multiplies the odds of treatment by").set_value(2.0).run()
    assert "could then be as large as" in words(app)
    assert any("E-value" in table.value.columns for table in app.table)


def test_negative_controls_are_marked_in_the_settings():
    app = sample("tipping")
    chosen = widget(app.multiselect, "Negative control outcomes")
    chosen.set_value(["need_mv"]).run()
    assert not app.exception
    assert "which treatment cannot change" in words(app)


def test_survival_has_no_bounds_and_says_so():
    app = sample("bias")
    outcome = widget(app.selectbox, "Outcome")
    outcome.set_value(outcome.options.index("survival") if "survival" in outcome.options else 10).run()
    assert any("no bounds for the survival outcome" in box.value for box in app.info)
    section(app, "tipping")
    assert any("no yes/no outcome" in box.value for box in app.info)
    assert not app.exception


def test_tipping_point():
    app = sample("tipping")
    assert "4 outcomes would have to differ" in words(app)
    assert len(app.table[0].value) == 3


def test_a_cohort_without_outcomes_is_sent_to_the_designs():
    frame = cohort_frame(80, gaps=False)[["id", "arm", "age", "sofa"]]
    app = opened("sensitivity", csv=frame.to_csv(index=False))
    assert not app.exception
    assert any("no answer to be robust" in box.value for box in app.info)


def test_an_upload_with_gaps_in_every_line():
    app = opened("sensitivity", csv=cohort_frame(120).to_csv(index=False))
    assert not app.exception
    assert len(states(app)) == 5
    for name in [*WAYS, *OPENED]:
        section(app, name)
