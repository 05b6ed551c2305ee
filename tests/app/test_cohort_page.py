"""The Data page in every state: nothing loaded, samples, nasty files, edits that do not hold, settings in and out."""

import numpy as np
import pandas as pd
import pytest

from lib.spec import AnalysisSpec
from lib.words.cohort import UPLOAD
from pages.ui.cohort.roles import COVARIATE, ID, TREATMENT, UNUSED
from tests.app.pages import button, errors, opened, unfold, uploader, widget, words

NASTY = "Patienten-ID;Gruppe;Alter (Jahre);Gewicht kg;Größe*;tot_28\r\n" + "".join(
    f"{i};{'MSC' if i % 4 == 0 else 'Kontrolle'};{40 + i % 17};{61 + i * 0.5:.1f}".replace(".", ",")
    + f";{'groß' if i % 3 else 'klein'};{int(i % 5 == 0)}\r\n"
    for i in range(1, 61)
)


NAMES = "Names, units and groups"


def editor(app, which: str = "columns"):
    """The key under which the table of columns holds its edits, and the table."""
    if not app.data_editor:
        unfold(app, NAMES)
    found = next(e for e in app.data_editor if e.key.startswith(which))
    return found.key, found.value


def edit(app, **changes: str):
    """Set roles in the table of columns, as a hand would."""
    key, rows = editor(app)
    position = {name: i for i, name in enumerate(rows["Column"])}
    app.session_state[key] = {
        "edited_rows": {position[name]: {"Role": role} for name, role in changes.items()},
        "added_rows": [],
        "deleted_rows": [],
    }
    return app.run()


def spec(app) -> AnalysisSpec:
    """The spec that the session holds."""
    return app.session_state["spec"]


def test_nothing_loaded_offers_samples_and_an_upload_and_says_what_stays_here():
    app = opened()
    assert not app.exception
    assert {b.label for b in app.button} >= {"Open the sample study", "Open the NHEFS sample"}
    assert "never written to disk" in words(app)


def test_the_sample_opens_with_its_arms_and_says_that_it_is_synthetic():
    app = opened(sample="msc_covid19")
    assert not app.exception and not app.error
    said = words(app)
    assert "ynthetic" in said and "255 rows" in said
    treated = next(m for m in app.metric if m.label == "Treated (MSC)")
    assert (treated.value, treated.delta) == ("8", "of 8 eligible")


def test_opening_a_sample_changes_none_of_its_settings():
    app = opened(sample="msc_covid19")
    with open("sample_data/msc_covid19.spec.json", "rb") as file:
        assert spec(app) == AnalysisSpec.from_json(file.read())


def test_a_semicolon_file_with_decimal_commas_and_umlauts():
    app = opened(csv=NASTY.encode("cp1252").decode("latin-1"))
    assert not app.exception and not app.error


def test_windows_letters_survive():
    app = opened()
    uploader(app, UPLOAD).upload("studie.csv", NASTY.encode("cp1252")).run()
    assert not app.exception and not app.error
    _, rows = editor(app)
    assert list(rows["Column"]) == ["Patienten-ID", "Gruppe", "Alter (Jahre)", "Gewicht kg", "Größe*", "tot_28"]
    assert rows.set_index("Column").loc["Gewicht kg", "Type"] == "number"
    assert spec(app).columns.treatment == "Gruppe"


def test_a_file_read_wrongly_can_be_read_again():
    app = opened(csv="id;group;x\n" + "".join(f"{i};{i % 2};{i},5\n" for i in range(20)))
    assert app.session_state["table"].frame["x"].notna().all()
    unfold(app, "How the file was read")
    widget(app.text_input, "Means missing").set_value("7,5 8,5")
    button(app, "Read again").click().run()
    assert not app.exception
    assert app.session_state["table"].frame["x"].isna().sum() == 2
    unfold(app, "How the file was read")
    assert widget(app.text_input, "Means missing").value == "7,5 8,5"


@pytest.mark.parametrize("bad", ["", "a,a\n1,2\n", "only one column\n1\n"])
def test_a_file_that_is_no_table_leaves_what_was_there(bad):
    app = opened(sample="msc_covid19")
    before = app.session_state["table"].digest
    uploader(app, UPLOAD).upload("bad.csv", bad.encode()).run()
    assert len(app.error) == 1 and not app.exception
    assert app.session_state["table"].digest == before


def test_a_role_edited_by_hand_takes_effect_at_once():
    app = edit(opened(sample="msc_covid19"), sex=COVARIATE, ferritin=UNUSED)
    assert not app.exception and not app.error
    assert "sex" in spec(app).columns.covariates and "ferritin" not in spec(app).columns.covariates


def test_two_treatments_are_refused_in_a_sentence_and_the_edit_stays():
    app = opened(sample="msc_covid19")
    before = spec(app)
    edit(app, sex=TREATMENT)
    assert '"group" and "sex" have the role Treatment' in errors(app)
    assert spec(app) == before
    app.switch_page("pages/matching.py").run()
    app.switch_page("pages/cohort.py").run()
    _, rows = editor(app)
    assert rows.set_index("Column").loc["sex", "Role"] == TREATMENT
    assert '"group" and "sex" have the role Treatment' in errors(app)


def test_an_outcome_among_the_covariates_is_one_role_too_many():
    app = edit(opened(sample="msc_covid19"), death_28d=COVARIATE)
    assert not app.exception
    assert "death_28d" in spec(app).columns.covariates
    assert "death_28d" not in [o.column for o in spec(app).outcomes]


def test_one_arm_says_so_and_keeps_the_table():
    rows = "id,group,age\n" + "".join(f"{i},MSC,{40 + i}\n" for i in range(12))
    app = edit(opened(csv=rows), group=TREATMENT)
    assert not app.exception
    assert 'Column "group" has 1 value ("MSC"); a treatment needs exactly 2.' in errors(app)
    assert app.session_state["table"] is not None


def test_no_column_can_be_the_treatment():
    app = opened(csv="id,age,height\n" + "".join(f"{i},{40 + i},{150 + 2 * i}\n" for i in range(12)))
    assert not app.exception
    assert "who was treated" in words(app)
    assert widget(app.button, "Next: match").disabled


def test_the_other_value_can_be_the_treated_one():
    app = opened(sample="msc_covid19")
    widget(app.radio, "Which value of group means treated?").set_value("control").run()
    assert spec(app).columns.treated_value == "control"
    assert any(m.label.startswith("Treated (control)") for m in app.metric)


def test_an_eligibility_range_is_added_counted_and_removed():
    app = opened(sample="msc_covid19")
    unfold(app, "Who is eligible")
    widget(app.selectbox, "Rule on column").set_value("age").run()
    assert app.number_input[0].label.startswith("From (lowest ")
    app.number_input[0].set_value(60).run()
    button(app, "Add").click().run()
    assert [rule.label() for rule in spec(app).eligibility] == ["age >= 60"]
    assert "age at least 60" in words(app)
    button(app, "Remove").click().run()
    assert spec(app).eligibility == ()


def test_a_rule_that_leaves_nobody_is_said_and_can_be_removed():
    app = opened(sample="msc_covid19")
    unfold(app, "Who is eligible")
    widget(app.selectbox, "Rule on column").set_value("age").run()
    app.number_input[0].set_value(150).run()
    button(app, "Add").click().run()
    assert "No patient is left" in errors(app) and not app.exception
    button(app, "Remove").click().run()
    assert not app.error


def test_levels_can_be_left_out():
    app = opened(sample="msc_covid19")
    unfold(app, "Who is eligible")
    widget(app.selectbox, "Rule on column").set_value("sex").run()
    widget(app.selectbox, "Rule").set_value("Leave these values out").run()
    widget(app.multiselect, "Values").set_value(["female"]).run()
    button(app, "Add").click().run()
    assert [rule.label() for rule in spec(app).eligibility] == ["sex not in female"]


def test_a_survival_outcome_is_paired_in_the_form():
    rows = "".join(f"{i},{i % 2},{50 + i % 9},{5 + i},{i % 3 // 2}\n" for i in range(40))
    app = opened(csv="id,arm,age,days,dead\n" + rows)
    before = len(spec(app).outcomes)
    button(app, "Add an outcome").click().run()
    widget(app.selectbox, "Kind").set_value("survival").run()
    widget(app.text_input, "Name").set_value("alive")
    widget(app.selectbox, "Time").set_value("days")
    widget(app.selectbox, "Had it happened then?").set_value("dead").run()
    widget(app.selectbox, "The event is").set_value("1")
    widget(app.number_input, "Count up to").set_value(30.0)
    app.run()
    button(app, "Save this outcome").click().run()
    assert not app.exception and not app.error
    assert len(spec(app).outcomes) >= before
    made = next(o for o in spec(app).outcomes if o.name == "alive")
    assert (made.time, made.event, made.horizon) == ("days", "dead", 30)


def test_an_outcome_without_a_name_or_column_is_refused():
    app = opened(sample="msc_covid19")
    button(app, "Add an outcome").click().run()
    button(app, "Save this outcome").click().run()
    assert "The outcome has no name." in errors(app)
    assert len(spec(app).outcomes) == 11


def test_an_outcome_is_removed_and_its_column_becomes_free():
    app = opened(sample="msc_covid19")
    widget(app.menu_button, "Need for mechanical ventilation").click("Remove it").run()
    assert "need_mv" not in [o.name for o in spec(app).outcomes]
    _, rows = editor(app)
    assert rows.set_index("Column").loc["need_mv", "Role"] == UNUSED


def test_a_settings_file_goes_out_and_in():
    app = opened(sample="msc_covid19")
    changed = spec(app).replace(matching={"ratio": 2, "caliper": None})
    unfold(app, "Save or load")
    uploader(app, "Load settings").upload("spec.json", changed.to_json().encode()).run()
    assert spec(app) == changed and not app.error


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "not valid JSON"),
        ('{"columns": {"treatment": "group"}, "ratio": 3}', "`ratio` is not a setting"),
        ('{"columns": {"treatment": "arm"}}', 'The file has no column "arm"'),
        (
            '{"columns": {"treatment": "group", "covariates": ["age", "death_28d"]}, '
            '"outcomes": [{"name": "death", "kind": "binary", "column": "death_28d"}]}',
            "death_28d",
        ),
    ],
)
def test_a_bad_settings_file_changes_nothing(text, sentence):
    app = opened(sample="msc_covid19")
    before = spec(app)
    unfold(app, "Save or load")
    uploader(app, "Load settings").upload("spec.json", text.encode()).run()
    assert sentence in errors(app) and not app.exception
    assert spec(app) == before


def test_identifying_columns_are_pointed_out_first():
    rows = "".join(f"N{i},1960-01-{1 + i % 28:02},{i % 2},{40 + i}\n" for i in range(30))
    app = opened(csv="last_name,date_of_birth,arm,age\n" + rows)
    assert not app.exception
    assert 'Column "last_name" looks like names of persons, so it is left out' in words(app)
    button(app, "Keep it").click().run()
    assert spec(app).columns.identifiers == ("last_name",)
    assert 'Column "last_name" looks like' not in words(app)


def test_odd_headers_are_shown_as_they_are():
    rows = '"p$q$, [x](y)",arm,"*age*","<b>bmi</b>"\n' + "".join(f"{i},{i % 2},{40 + i},{20 + i}\n" for i in range(30))
    app = opened(csv=rows)
    assert not app.exception
    _, table = editor(app)
    assert list(table["Column"]) == ["p$q$, [x](y)", "arm", "*age*", "<b>bmi</b>"]


@pytest.mark.parametrize(
    ("column", "sentence"),
    [
        ("id", "has duplicate ids"),
        ("weight", "holds text in 1 row"),
        ("same", "same value"),
    ],
)
def test_what_the_gate_refuses_is_one_sentence_and_the_table_stays(column, sentence):
    values = {
        "id": [f"P{i // 2 if column == 'id' else i}" for i in range(40)],
        "arm": [i % 2 for i in range(40)],
        "weight": [60 + i for i in range(40)],
        "same": [3] * 40,
    }
    frame = pd.DataFrame(values).astype({"weight": object})
    if column == "weight":
        frame.loc[5, "weight"] = "heavy"
    app = opened(csv=frame.to_csv(index=False))
    roles = {"id": ID} if column == "id" else {column: COVARIATE}
    edit(app, **roles)
    assert not app.exception and len(app.error) == 1
    assert sentence in errors(app) and column in errors(app)
    assert app.data_editor


def test_every_covariate_empty_is_a_sentence():
    app = opened(csv="id,arm,age\n" + "".join(f"{i},{i % 2},\n" for i in range(30)))
    edit(app, age=COVARIATE)
    assert not app.exception
    assert "age is missing, with other columns" in errors(app) or 'Covariate "age" is empty' in errors(app)


def test_sixty_thousand_rows():
    rng = np.random.default_rng(1)
    n = 60_000
    frame = pd.DataFrame({"id": range(n), "arm": rng.integers(0, 2, n), "age": rng.normal(60, 9, n).round(1)})
    app = opened(csv=frame.to_csv(index=False))
    assert not app.exception and not app.error
    assert "60,000 rows" in words(app)


def test_another_table_takes_the_place_of_the_upload_and_of_every_edit():
    app = edit(opened(csv=NASTY), Gruppe=UNUSED)
    assert app.error and app.session_state["file"]
    button(app, "The sample study (synthetic)").click().run()
    assert not app.error
    assert app.session_state["file"] == ()
    assert "kept-edited-1" not in app.session_state


def typed(app, name: str, **cells: str):
    """Type into the row of one column, as a hand would."""
    key, rows = editor(app)
    row = list(rows["Column"]).index(name)
    app.session_state[key] = {"edited_rows": {row: cells}, "added_rows": [], "deleted_rows": []}
    return app.run()


def test_a_column_gets_words_and_a_unit():
    app = opened(csv=NASTY)
    typed(app, "Gewicht kg", Called="Weight", Unit="kg")
    assert not app.exception and not app.error
    assert (spec(app).columns.labels, spec(app).columns.units) == (
        {"Gewicht kg": "Weight"},
        {"Gewicht kg": "kg", "Alter (Jahre)": "Jahre"},
    )
    typed(app, "Gewicht kg", Called=" ")
    assert spec(app).columns.labels == {}


def test_an_outcome_gets_words_and_a_good_direction():
    app = opened(sample="msc_covid19")
    widget(app.menu_button, "C-reactive protein, day 7 (mg/L)").click("Change it").run()
    assert widget(app.selectbox, "Better is").value == "lower"
    widget(app.text_input, "Called").set_value("CRP after a week")
    widget(app.text_input, "Unit").set_value("mg/L")
    widget(app.selectbox, "Better is").set_value("higher")
    button(app, "Save this outcome").click().run()
    assert not app.exception and not app.error
    [crp] = [o for o in spec(app).outcomes if o.name == "crp_day7"]
    assert (crp.label, crp.unit, crp.better, crp.baseline) == ("CRP after a week", "mg/L", "higher", "crp")
    app.switch_page("pages/outcomes.py").run()
    assert "CRP after a week" in widget(app.selectbox, "Outcome on the card").options


def test_normal_values_are_typed_beside_a_column():
    app = opened(csv=NASTY)
    typed(app, "Gewicht kg", **{"Normal values": "50-90"})
    assert not app.exception and not app.error
    assert spec(app).columns.normal == {"Gewicht kg": "50-90"}


def test_a_day_of_treatment_says_who_was_gone_by_then_and_a_landmark_leaves_them_out():
    rows = "".join(
        f"{i},{i % 4 // 3},{50 + i % 9},{i % 5 + 1 if i % 4 == 3 else ''},{1 + i % 30},{i % 3 // 2}\n"
        for i in range(80)
    )
    app = opened(csv="id,treated,age,infusion,days,dead\n" + rows)
    widget(app.selectbox, "Day of treatment, if the file has it").set_value("infusion").run()
    assert spec(app).columns.treatment_day == "infusion"
    assert "Treated on day" in words(app) and "dead or gone" in words(app)
    before = next(m.value for m in app.metric if m.label.startswith("Control"))
    widget(app.number_input, "Count only those still there on day").set_value(5.0).run()
    assert not app.exception and not app.error
    assert spec(app).landmark == 5
    assert int(next(m.value for m in app.metric if m.label.startswith("Control"))) < int(before)
