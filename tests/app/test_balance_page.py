"""The Alike? page in every state: verdict first, Table 1 with n and differences, no outcome anywhere."""

import pytest

from tests.app.pages import opened, unfold, widget
from tests.app.study_files import assert_readable, cells, on_screen, rows, spec, study


def test_without_a_cohort_the_page_says_where_to_get_one():
    app = opened("balance")
    assert_readable(app)
    assert "There is no cohort yet" in on_screen(app)
    assert not app.table


@pytest.mark.parametrize("sample", ["msc_covid19", "nhefs"])
def test_a_sample_shows_verdict_sizes_and_table_one(sample):
    app = opened("balance", sample=sample)
    assert_readable(app)
    assert any(on_screen(app).count(f"**{word}.**") for word in ("Pass", "Look", "Fail"))
    assert len(cells(app, "Variable")) >= 7
    assert cells(app, "Group").shape == (2, 5)


def test_the_small_study_is_held_against_a_lottery_and_described_columns_stand_apart():
    said = on_screen(opened("balance", sample="msc_covid19"))
    assert "**Look.**" in said and "97.6% of draws would leave a worst difference as large or larger" in said
    assert "Sex = male (0.63) and Creatinine (0.62)" in said


def test_details_are_shown_when_they_are_opened():
    app = opened("balance", sample="msc_covid19")
    assert "Hansen and Bowers 2008): 3.7" not in on_screen(app)
    app = unfold(app, "Every number behind the verdict")
    assert_readable(app)
    table = cells(app, "Covariate")
    assert len(table) == 12 and "A lottery stays within" in table.columns
    assert "Hansen and Bowers 2008): 3.7 on 7" in on_screen(app)


def test_table_one_has_units_normal_values_and_n_beside_each_number():
    table = cells(opened("balance", sample="msc_covid19"), "Variable").map(lambda cell: cell.replace("\u2060", ""))
    row = table[table["Variable"].str.startswith("Lymphocytes")].iloc[0]
    assert "10⁹/L" in row["Variable"] and "normal 1.10–3.70" in row["Variable"]
    assert "0.82 (0.59–0.88)" in row["Treated (8)"] and "n = 8" in row["Treated (8)"]
    assert "n = 247" in row["Whole control cohort (247)"]
    assert row["SMD"].count("→") == row["KS"].count("→") == 1


def test_no_outcome_is_shown():
    said = on_screen(opened("balance", sample="msc_covid19"))
    assert "eath" not in said and "free days" not in said


def test_published_p_values_come_only_when_asked_for_and_with_their_warning():
    app = opened("balance", sample="msc_covid19")
    assert not [c for c in cells(app, "Variable") if c.startswith("p, ")]
    widget(app.toggle, "Show p-values as published").set_value(True).run()
    assert_readable(app)
    table = cells(app, "Variable")
    assert table["p, matched"].str.contains(r"\d+ pairs").all()
    assert "P-values do not judge balance" in on_screen(app)


def test_a_factor_has_a_row_for_every_level_and_no_choice_of_shape():
    app = study("balance")
    assert_readable(app)
    assert {"ward = A", "ward = B"} <= set(cells(app, "Variable")["Variable"])
    widget(app.selectbox, "Covariate").set_value("ward").run()
    assert_readable(app)
    assert not [b for b in app.button_group if b.label == "Drawn as"]


def test_one_treated_patient_is_a_sentence():
    app = study("balance", rows(treated=1), columns=spec().columns.model_copy(update={"covariates": ("age",)}))
    assert_readable(app)


def test_controls_used_again_lower_the_effective_sample_size():
    app = study("balance", matching={"ratio": 2, "caliper": None, "replace": True})
    assert_readable(app)


def test_treated_patients_without_a_control_are_counted():
    app = study("balance", matching={"ratio": 1, "caliper": 0.2})
    assert_readable(app)
    assert "2 treated patients of 6 found no control" in on_screen(app)


def test_a_caliper_that_leaves_nobody_is_one_sentence():
    app = study("balance", matching={"ratio": 1, "caliper": 0.05})
    assert_readable(app)
    assert app.error[0].value.startswith("No treated patient has a control inside the caliper of 0.05 (SD).")


def test_what_cannot_be_matched_is_one_sentence_and_a_next_step():
    columns = spec().columns.model_copy(update={"treated_value": "nobody"})
    app = study("balance", columns=columns)
    assert not app.exception and len(app.error) == 1


def test_downloads_are_offered():
    labels = {b.label for b in opened("balance", sample="msc_covid19").get("download_button")}
    assert {"Table 1 as shown (CSV)", "Balance, all digits (CSV)", "Numbers (CSV)"} <= labels
