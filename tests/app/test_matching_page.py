"""The Match page in every state: no data, samples, separation, a caliper that leaves nobody; no outcome in sight."""

import numpy as np
import pandas as pd
import pytest

from lib.spec import AnalysisSpec
from pages.ui.matching.settings import calipers_of
from tests.app.pages import button, errors, opened, unfold, uploader, widget, words
from tests.conftest import ROOT

OUTCOMES = ("death_28d", "death_60d", "icu_free_days", "need_mv", "crp_day7", "followup_days", "death_by_60")


def spec(app) -> AnalysisSpec:
    """The spec that the session holds."""
    return app.session_state["spec"]


def metrics(app) -> dict[str, str]:
    """The metrics of the match by label, their fold opened."""
    return {m.label: m.value for m in unfold(app, "The match in numbers").metric}


def changed(app, **matching):
    """The sample with other matching settings, loaded as a file as a user would."""
    new = spec(app).replace(matching=spec(app).matching.model_dump(mode="json") | matching)
    unfold(app, "Save or load")
    uploader(app, "Load settings").upload("spec.json", new.to_json().encode()).run()
    return app.switch_page("pages/matching.py").run()


def separated_csv() -> str:
    """40 patients whose severity alone says who was treated."""
    rng = np.random.default_rng(3)
    arm = np.arange(40) < 12
    frame = pd.DataFrame(
        {
            "id": range(40),
            "arm": np.where(arm, "cells", "control"),
            "age": rng.integers(30, 80, 40),
            "Severity": np.where(arm, 20, 5) + rng.integers(0, 5, 40),
            "dead": rng.integers(0, 2, 40),
        }
    )
    return frame.to_csv(index=False)


def test_without_a_cohort_there_is_a_way_back():
    app = opened("matching")
    assert not app.exception
    assert "There is no cohort yet" in words(app)


def test_the_sample_is_matched_as_the_study_did():
    app = opened("matching", sample="msc_covid19")
    assert not app.exception and not app.error
    found = metrics(app)
    assert (found["Treated matched"], found["Controls matched"], found["Pairs"]) == ("8", "24", "24")
    assert found["Caliper width"] == "none"
    assert "24 pairs were checked again" in words(app)


def test_the_result_is_one_sentence_on_top():
    app = opened("matching", sample="msc_covid19")
    assert [box.value for box in app.success] == ["All 8 treated are matched with 24 controls, 3 each."]
    shown = [node.type for node in app.main if node.type not in ("empty", "heading")]
    assert "markdown" not in shown[:1], "no lead above the result"
    assert len(app.get("plotly_chart")) == 1, "the rest waits until it is asked for"
    assert "8 treated with 24 controls" in app.get("plotly_chart")[0].proto.spec
    assert app.get("page_link")[-1].label == "Next: are they alike?"


def test_few_patients_for_the_model_are_said_to_fail():
    app = unfold(opened("matching", sample="msc_covid19"), "The match in numbers")
    terms = next(m for m in app.metric if m.label == "Patients per model term")
    assert terms.value == "1.1" and terms.delta == "fail: 8 for 7 terms"


def test_a_ratio_answers_at_once():
    app = opened("matching", sample="msc_covid19")
    widget(app.slider, "Controls for each treated patient").set_value(1).run()
    assert metrics(app)["Pairs"] == "8" and spec(app).matching.ratio == 1


def test_a_caliper_shows_its_raw_width_and_who_it_loses():
    app = opened("matching", sample="msc_covid19")
    widget(app.toggle, "Only pairs nearer than").set_value(True).run()
    widget(app.slider, "Caliper, in SD of the distance").set_value(0.01).run()
    assert spec(app).matching.caliper == 0.01
    assert not app.exception and "4 of 8 treated are matched" in app.error[0].value
    assert metrics(app)["Caliper width"] == "0.0180"
    assert "4 of 8 treated patients found no control" in words(app)


def test_a_lost_treated_patient_is_red_and_a_button_brings_everybody_back():
    app = opened("matching", sample="msc_covid19")
    widget(app.toggle, "Only pairs nearer than").set_value(True).run()
    assert not app.error, "the first width of a caliper loses nobody"
    widget(app.slider, "Caliper, in SD of the distance").set_value(0.01).run()
    assert "of 8 treated are matched" in app.error[0].value and not app.success
    assert "no similar control" in app.error[0].value
    wider = next(b for b in app.button if b.label.startswith("Widen the caliper to"))
    assert wider.label.endswith("of 8 matched")
    button(app, "Drop the caliper: 8 of 8 matched").click().run()
    assert spec(app).matching.caliper is None
    assert not app.error and app.success
    assert not widget(app.toggle, "Only pairs nearer than").value


def cases_csv() -> str:
    """The file of the university hospital: 14 treated of whom laboratory values cost some."""
    return (ROOT / "tests/data/cases/cohorte_chu.csv").read_bytes().decode("cp1252")


def test_gaps_are_red_and_leaving_a_column_out_brings_patients_back():
    app = opened("matching", csv=cases_csv())
    found = app.error[0].value
    assert "of 14 treated are matched with" in found and "lack" in found
    way = next(b for b in app.button if b.label.startswith("Leave out "))
    promised = int(way.label.rsplit(": ", 1)[1].split(" of ")[0])
    way.click().run()
    assert not app.exception
    said = app.error[0].value if app.error else app.success[0].value
    assert (f"{promised} of 14 treated" in said) if promised < 14 else "All 14 treated" in said
    assert spec(app).columns.described, "what is left out stays in Table 1"


def test_a_change_of_method_never_switches_a_caliper_on():
    app = opened("matching", sample="msc_covid19")
    for name in ("weights", "nearest", "subclass", "optimal", "weights", "full"):
        widget(app.selectbox, "How patients are compared").set_value(name).run()
        assert spec(app).matching.model_dump().get("caliper") is None
        assert not app.error


def test_a_design_of_the_map_is_taken_over():
    app = unfold(opened("matching", sample="msc_covid19"), "Which ratio and caliper?")
    assert len(app.get("plotly_chart")) == 2 and len(app.table) == 1
    box = widget(app.selectbox, "Design")
    box.set_value(next(i for i, line in enumerate(box.options) if line.startswith("1:1, no caliper"))).run()
    button(app, "Take this design over").click().run()
    assert spec(app).matching.ratio == 1 and not app.exception
    assert "All 8 treated are matched with 8 controls" in app.success[0].value


def test_every_method_stands_side_by_side_and_one_click_takes_one_over():
    app = unfold(opened("matching", sample="msc_covid19"), "Which method?")
    assert not app.exception
    table = app.table[0].value
    assert len(table) == 7 and "in use" in table.iloc[0, 0]
    assert {"Worst difference", "Mean difference", "Odds inside the sets", "Seconds"} <= set(table.columns)
    button(app, "Full matching").click().run()
    assert spec(app).matching.method == "full" and spec(app).matching.caliper is None
    assert "in 8 sets of" in app.success[0].value


def test_a_caliper_that_leaves_nobody_is_a_sentence_and_the_settings_stay():
    app = changed(opened(sample="msc_covid19"), caliper=1e-9, caliper_unit="raw")
    assert not app.exception
    assert "No treated patient has a control inside the caliper" in errors(app)
    assert "0 of 8 treated" in words(app)
    widget(app.toggle, "Only pairs nearer than").set_value(False).run()
    assert not app.error and metrics(app)["Pairs"] == "24"


def test_settings_survive_a_change_of_page():
    app = opened("matching", sample="msc_covid19")
    widget(app.slider, "Controls for each treated patient").set_value(2).run()
    app.switch_page("pages/cohort.py").run()
    app.switch_page("pages/matching.py").run()
    assert widget(app.slider, "Controls for each treated patient").value == 2
    assert metrics(app)["Pairs"] == "16"


def test_outcomes_are_neither_offered_nor_shown():
    app = opened("matching", sample="msc_covid19")
    offered = {option for found in app.multiselect for option in found.options}
    assert not offered & set(OUTCOMES)
    shown = {str(column) for table in app.dataframe for column in table.value.columns}
    assert not shown & set(OUTCOMES)
    assert not [name for name in OUTCOMES if name in words(app)]


def test_no_covariate_is_a_sentence():
    app = opened("matching", sample="msc_covid19")
    widget(app.multiselect, "Covariates").set_value([]).run()
    assert len(app.error) == 1 and not app.exception
    widget(app.multiselect, "Covariates").set_value(["age", "sofa"]).run()
    assert not app.error and spec(app).columns.covariates == ("age", "sofa")


def test_a_covariate_as_logarithm():
    app = opened("matching", sample="msc_covid19")
    widget(app.multiselect, "Covariates as logarithms").set_value(["crp"]).run()
    assert spec(app).columns.log == ("crp",)
    assert not app.error and metrics(app)["Treated matched"] == "8"


@pytest.mark.parametrize(
    ("label", "section", "key", "value"),
    [
        ("Model of the score", "propensity", "model", "firth"),
        ("Distance", "propensity", "distance", "probability"),
        ("Who chooses first", "matching", "order", "closest"),
        ("Scores without overlap", "matching", "discard", "both"),
    ],
)
def test_every_choice_reaches_the_match(label, section, key, value):
    app = opened("matching", sample="msc_covid19")
    widget(app.selectbox, label).set_value(value).run()
    assert not app.exception and not app.error
    assert getattr(getattr(spec(app), section), key) == value


def test_mahalanobis_alone_has_no_caliper_and_inside_one_has():
    app = opened("matching", sample="msc_covid19")
    widget(app.selectbox, "Nearness in").set_value("mahalanobis").run()
    assert (spec(app).matching.metric, spec(app).matching.caliper) == ("mahalanobis", None)
    assert not app.exception and metrics(app)["Pairs"] == "24"
    widget(app.selectbox, "Nearness in").set_value("inside").run()
    assert spec(app).matching.caliper is not None and not app.exception


def test_a_caliper_in_raw_units_starts_small():
    app = opened("matching", sample="msc_covid19")
    widget(app.toggle, "Only pairs nearer than").set_value(True).run()
    widget(app.selectbox, "Caliper in").set_value("raw").run()
    assert spec(app).matching.caliper_unit == "raw" and not app.exception


def test_exact_columns_hold():
    app = opened("matching", sample="msc_covid19")
    widget(app.multiselect, "Exactly equal within a pair").set_value(["sex"]).run()
    assert spec(app).matching.exact == ("sex",)
    unfold(app, "The match in numbers")
    assert "equal in sex" in words(app)


def test_replacement_lets_a_control_serve_twice():
    app = opened("matching", sample="msc_covid19")
    widget(app.toggle, "Controls may be used again").set_value(True).run()
    assert spec(app).matching.replace and not app.exception
    assert "used 24 times" in app.success[0].value
    unfold(app, "The match in numbers")
    assert "no control twice" not in words(app)


def test_separation_names_the_covariate_and_offers_ways_out():
    app = opened(csv=separated_csv())
    app.switch_page("pages/matching.py").run()
    assert not app.exception
    assert "Severity" in errors(app)
    button(app, "Use Firth's logistic regression").click().run()
    assert spec(app).propensity.model == "firth"
    assert not app.exception and "no finite solution" not in errors(app)
    assert widget(app.selectbox, "Model of the score").value == "firth"
    widget(app.toggle, "Only pairs nearer than").set_value(False).run()
    assert not app.error and metrics(app)["Treated matched"] == "12"


def test_separation_can_be_met_without_a_score():
    app = opened(csv=separated_csv())
    app.switch_page("pages/matching.py").run()
    button(app, "Match on all covariates at once, without a score").click().run()
    assert spec(app).matching.metric == "mahalanobis"
    assert not app.exception and not app.error


def test_one_matched_set_in_full():
    app = unfold(opened("matching", sample="msc_covid19"), "Who is compared with whom?")
    one = next(table.value for table in app.dataframe if "Role" in table.value.columns)
    assert list(one["Role"]) == ["Treated", "Control 1", "Control 2", "Control 3"]
    assert one["Apart"].iloc[1:].is_monotonic_increasing
    assert {"age", "sofa", "crp"} <= set(one.columns)


def test_another_set_can_be_chosen():
    app = unfold(opened("matching", sample="msc_covid19"), "Who is compared with whom?")
    chosen = widget(app.selectbox, "Treated patient")
    assert len(chosen.options) == 8
    chosen.set_value(3).run()
    assert not app.exception


def test_odd_headers_do_no_harm():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "arm": np.arange(60) % 4 == 0,
            "p$q$ [x](y)": rng.normal(size=60).round(2),
            "*age*": rng.integers(30, 80, 60),
            "<b>bmi</b>": rng.normal(25, 3, 60).round(1),
        }
    )
    app = opened(csv=frame.astype({"arm": int}).to_csv(index=False))
    app.switch_page("pages/matching.py").run()
    assert not app.exception and not app.error
    assert int(metrics(app)["Treated matched"]) > 10


def test_a_large_cohort_is_matched_when_asked():
    rng = np.random.default_rng(7)
    n = 6_000
    arm = (rng.random(n) < 0.2).astype(int)
    frame = pd.DataFrame({"id": range(n), "arm": arm, "age": rng.normal(60, 9, n).round(1)})
    app = opened(csv=frame.to_csv(index=False))
    app.switch_page("pages/matching.py").run()
    assert not app.exception and not app.error
    before = spec(app).matching.ratio
    widget(app.slider, "Controls for each treated patient").set_value(1)
    button(app, "Match").click().run()
    assert before != 1 and spec(app).matching.ratio == 1
    assert not app.exception


def test_covariate_calipers_wait_until_their_row_is_filled():
    rows = pd.DataFrame(
        {"covariate": ["age", "bmi", None], "width": [5.0, None, 1.0], "unit": ["own units", "own units", "SDs"]}
    )
    assert calipers_of(rows) == {"age": {"width": 5.0, "unit": "raw"}}


def test_more_controls_than_there_are_is_a_sentence_and_fewer_than_asked_a_note():
    app = changed(opened(sample="msc_covid19"), ratio=100)
    assert not app.exception and not app.error
    assert int(metrics(app)["Controls matched"]) > 100
    assert app.info, "the note among the numbers"
    widget(app.slider, "Controls for each treated patient").set_value(3).run()
    assert metrics(app)["Pairs"] == "24"


def test_nhefs_opens_and_matches():
    app = opened("matching", sample="nhefs")
    assert not app.exception
    assert "lack a value" in errors(app) or "have no similar control" in errors(app) or "has no similar" in errors(app)
    assert int(metrics(app)["Treated matched"]) > 300
