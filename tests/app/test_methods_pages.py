"""Every method page by page: its own form, its comparison, balance and outcomes, and a sentence where there is none."""

import numpy as np
import pandas as pd
import pytest

from lib.design import METHODS
from lib.words.robust import OPENS
from tests.app.pages import errors, opened, unfold, widget
from tests.app.study_files import assert_readable, on_screen
from tests.app.study_files import study as small_study

OTHERS = [name for name in METHODS if name not in ("nearest", "given")]


def crowded_csv() -> str:
    """20 treated patients and 12 controls, so that a full match lets controls be shared."""
    rng = np.random.default_rng(4)
    n = 32
    arm = np.arange(n) < 20
    frame = pd.DataFrame(
        {
            "id": range(n),
            "group": np.where(arm, "MSC", "control"),
            "age": (rng.normal(60, 8, n) + 3 * arm).round(1),
            "crp": rng.normal(50, 9, n).round(1),
            "ward": np.where(rng.random(n) < 0.5, "A", "B"),
            "death": rng.integers(0, 2, n),
            "days": rng.integers(1, 29, n),
            "crp_day7": rng.normal(40, 9, n).round(1),
        }
    )
    return frame.to_csv(index=False)


def chosen(name: str, app=None):
    """The Match page of the sample (or another app) with a method chosen by hand."""
    app = app or opened("matching", sample="msc_covid19")
    return widget(app.selectbox, "How patients are compared").set_value(name).run()


def every_section(app) -> None:
    """What every line of the Robust? page opens; where there is no answer a sentence says why."""
    for title in OPENS.values():
        assert_readable(unfold(app, title))
    widget(app.segmented_control, "How to look at other settings").set_value("curve").run()
    assert_readable(app)


@pytest.mark.parametrize("name", OTHERS)
def test_a_method_is_chosen_by_its_words_and_answers_on_every_page(name):
    app = chosen(name)
    assert_readable(app)
    assert not app.error and app.session_state["spec"].matching.method == name
    assert METHODS[name].help in on_screen(app)
    for page in ("balance", "outcomes", "sensitivity"):
        app = app.switch_page(f"pages/{page}.py").run()
        assert_readable(app)
        assert not app.error, errors(app)
    every_section(app)


def test_settings_that_both_methods_take_stay():
    app = opened("matching", sample="msc_covid19")
    widget(app.slider, "Controls for each treated patient").set_value(2).run()
    widget(app.multiselect, "Exactly equal within a pair").set_value(["sex"]).run()
    app = chosen("optimal", app)
    matching = app.session_state["spec"].matching
    assert (matching.method, matching.ratio, matching.exact) == ("optimal", 2, ("sex",))
    assert not [s for s in app.selectbox if s.label == "Who chooses first"], "nobody chooses first"


def test_limits_of_a_full_match_reach_the_spec_and_refusals_name_what_works():
    app = chosen("full")
    widget(app.number_input, "Most controls of a treated patient").set_value(20).run()
    assert not app.error and app.session_state["spec"].matching.max_controls == 20
    widget(app.number_input, "Most controls of a treated patient").set_value(2).run()
    assert not app.exception and "max_controls" in errors(app) and "at least" in errors(app)


@pytest.mark.parametrize("page", ["matching", "balance", "outcomes", "sensitivity"])
def test_sets_with_several_treated_break_no_page(page):
    app = small_study(page, crowded_csv(), matching={"method": "full", "caliper": None})
    assert_readable(app)
    assert not app.error, errors(app)
    if page == "matching":
        unfold(app, "The match in numbers")
        unfold(app, "Who is compared with whom?")
        found = {m.label: m.value for m in app.metric}
        assert int(found["Sets"]) <= 12 and found["Treated matched"] == "20"
        names = widget(app.selectbox, "Treated patient").options
        assert any(" more" in name for name in names)
    if page == "outcomes":
        assert "Some sets hold several treated patients" in on_screen(unfold(app, "What these sets could have found"))


def test_one_set_with_several_treated_in_full():
    app = small_study("matching", crowded_csv(), matching={"method": "full", "caliper": None})
    unfold(app, "Who is compared with whom?")
    box = widget(app.selectbox, "Treated patient")
    box.set_value(next(i for i, name in enumerate(box.options) if " more" in name)).run()
    one = next(table.value for table in app.dataframe if "Role" in table.value.columns)
    roles = list(one["Role"])
    assert roles[:2] == ["Treated 1", "Treated 2"] and roles[-1] == "Control 1"
    apart = one.set_index("Role")["Apart"]
    assert np.isnan(apart["Control 1"]) and (apart[roles[:-1]] >= 0).all()


@pytest.mark.skipif("weights" not in METHODS, reason="weights are not a method of this version")
def test_weights_have_no_sets_and_say_so():
    app = unfold(chosen("weights"), "The match in numbers")
    assert "All 8 treated are compared with 111 controls, weighted to look alike" in app.success[0].value
    found = {m.label: m.value for m in app.metric}
    assert "Pairs" not in found and float(found["Controls count as"]) < 111
    assert found["Largest weight of a control"].endswith("%") and "Largest weight of a treated patient" not in found
    assert not [s for s in app.subheader if s.value == "The matched sets"]
    assert not [e for e in app.get("expander") if "compared with whom" in e.label]
    app = unfold(app.switch_page("pages/outcomes.py").run(), "What these weights can show")
    said = on_screen(app)
    assert "there are no sets and no test by set" in said and "are plain: every patient counts once" in said
    assert "counted as" not in said


def test_a_caliper_says_what_any_method_could_reach():
    app = opened("matching", sample="msc_covid19")
    assert "Everybody can have 3 controls from 0.160 SD on." in on_screen(app)
    widget(app.toggle, "Only pairs nearer than").set_value(True).run()
    widget(app.slider, "Caliper, in SD of the distance").set_value(0.1).run()
    assert "Inside 0.1 SD any method makes at most 18 of 24 pairs." in on_screen(app)
