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
    assert not [t for t in app.table if t.value.columns[0] == "Group"], "folded until asked for"
    app = unfold(app, "How many patients are compared")
    assert_readable(app)
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


def test_table_one_has_units_normal_values_and_n_where_it_differs():
    table = cells(opened("balance", sample="msc_covid19"), "Variable").map(lambda cell: cell.replace("\u2060", ""))
    row = table[table["Variable"].str.startswith("Lymphocytes")].iloc[0]
    assert "10⁹/L" in row["Variable"] and "normal 1.10–3.70" in row["Variable"]
    assert row["Treated (n\u00a0=\u00a08)"] == "0.82 (0.59–0.88)", "n stands in the heading alone"
    assert row["Whole control cohort (n\u00a0=\u00a0247)"] == "0.63 (0.41–0.90)"
    assert (row["Difference before (SMD)"], row["Difference after (SMD)"]) == ("+0.43", "−0.43")
    sofa = table[table["Variable"].str.startswith("SOFA")].iloc[0]
    assert "n = 182" in sofa["Whole control cohort (n\u00a0=\u00a0247)"], "and in a cell where fewer have a value"
    assert not table[["Difference before (SMD)", "Difference after (SMD)"]].isin(["–", ""]).any().any()


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
    app = unfold(app, "One covariate at a time")
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
    app = unfold(opened("balance", sample="msc_covid19"), "Every number behind")
    labels = {b.label for b in app.get("download_button")}
    assert {"Balance, all digits (CSV)", "Numbers (CSV)"} <= labels


def figures_of(app) -> list[str]:
    """What the figures of the page say, as JSON."""
    return [chart.proto.spec for chart in app.get("plotly_chart")]


def test_the_love_plot_opens_on_sizes_and_turns_to_directions():
    app = opened("balance", sample="msc_covid19")
    (before,) = figures_of(app)
    assert "Worst 0.63 after (Sex = male)" in before, "the takeaway stands in the figure"
    assert "controls more" not in before
    widget(app.button_group, "Differences").set_value(True).run()
    assert_readable(app)
    (after,) = figures_of(app)
    assert "controls more" in after


def test_the_result_stands_before_anything_else_and_the_next_step_last():
    app = opened("balance", sample="msc_covid19")
    shown = [node for node in app.main if node.type not in ("empty", "heading")]
    assert shown[0].type != "markdown", "no lead paragraph above the verdict"
    assert "Outcomes are not shown here" not in on_screen(app)
    assert app.get("page_link")[-1].label == "Next: the answer"
