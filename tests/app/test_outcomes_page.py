"""The Answer page in every state: design first, three p-values with their units, zeros as intervals and sentences."""

import pytest

from lib.inference.notes import Reason
from lib.inference.rows import without_error
from lib.words.names import SET_SCALES
from lib.words.outcomes import day, time_unit
from tests.app.pages import opened, widget
from tests.app.study_files import OUTCOMES, assert_readable, cells, on_screen, rows, spec, study


def table_two(app, number: int = 0):
    """Table 2 without joiners, by outcome; 1: the outcomes counted otherwise, below it."""
    table = [t.value for t in app.table if t.value.columns[0] == "Outcome"][number].map(
        lambda cell: cell.replace("\u2060", "").replace("\\", "")
    )
    table.columns = [c.replace("\\", "") for c in table.columns]
    return table.set_index("Outcome")


def choose(app, name: str):
    """Look at one outcome."""
    box = widget(app.selectbox, "Outcome")
    return box.set_value(box.options.index(name)).run()


def test_without_a_cohort_the_page_says_where_to_get_one():
    app = opened("outcomes")
    assert_readable(app)
    assert "There is no cohort yet" in on_screen(app)


def test_without_an_outcome_the_page_says_where_to_choose_one():
    app = study("outcomes", outcomes=[])
    assert_readable(app)
    assert "No column is marked as an outcome yet" in on_screen(app) and not app.table


def test_the_design_comes_before_any_outcome():
    app = opened("outcomes", sample="msc_covid19")
    assert_readable(app)
    assert [m.value for m in app.metric][:2] == ["8", "24"]
    assert any(word in on_screen(app) for word in ("Balance: Pass", "Balance: Look", "Balance: Fail"))
    assert "at least **7 events** among the controls, falling together as 3 + 3 + 1" in on_screen(app)


def test_table_two_of_the_sample_has_the_published_p_beside_the_p_by_set():
    app = opened("outcomes", sample="msc_covid19")
    row = table_two(app).filter(like="Death by day 28", axis=0).iloc[0]
    assert row["Treated (8)"].startswith("0 (0%)") and "n = 8" in row["Treated (8)"]
    assert row["Matched controls (24)"].startswith("5 (20.8%)")
    assert "0 to 5 of 8 prevented" in row["Difference (95% interval)"]
    row = table_two(app, 1).filter(like="Death by day 28", axis=0).iloc[0]
    assert row["p, whole cohort"].startswith("0.21") and "255 patients" in row["p, whole cohort"]
    assert row["p, sets ignored"].startswith("0.025")
    assert "24 pairs from 8 treated patients" in row["p, sets ignored"]
    assert "8 sets" in row["p, by matched set"]


def test_a_zero_cell_has_an_interval_and_a_sentence():
    app = opened("outcomes", sample="msc_covid19")
    effects = cells(app, "Effect").set_index("Effect")
    within = effects.filter(like="Odds ratio within sets", axis=0).iloc[0]
    assert within["Estimate"] == "0" and within["95% interval"].startswith("0 to ")
    assert "up to 37%" in on_screen(app)


@pytest.mark.parametrize("sample", ["msc_covid19", "nhefs"])
def test_every_outcome_of_a_sample_can_be_looked_at(sample):
    app = opened("outcomes", sample=sample)
    for name in list(widget(app.selectbox, "Outcome").options):
        choose(app, name)
        assert_readable(app)
        assert len(app.get("plotly_chart")) >= 2


def test_no_event_at_all():
    app = study("outcomes", rows(deaths=0))
    for name in ("death", "Survival"):
        choose(app, name)
        assert_readable(app)
    assert "p, by matched set" in cells(app, "Outcome").columns


def test_one_treated_patient():
    columns = spec().columns.model_copy(update={"covariates": ("age",)})
    app = study("outcomes", rows(treated=1), columns=columns)
    assert_readable(app)
    for outcome in ("death", "crp_day7", "Survival"):
        choose(app, outcome)
        assert_readable(app)


def test_with_replacement_no_p_by_set_is_shown_and_the_reason_is():
    app = study("outcomes", matching={"ratio": 3, "caliper": None, "replace": True})
    assert_readable(app)
    assert "sets overlap" in on_screen(app)
    assert "p, by matched set" not in table_two(app)
    assert "With replacement the sets overlap, so there is no p by set." in on_screen(app)


def test_an_outcome_that_no_treated_patient_has():
    lines = [line.rsplit(",", 1)[0] + "," if ",MSC," in line else line for line in rows().splitlines()]
    app = choose(study("outcomes", "\n".join(lines) + "\n"), "crp_day7")
    assert_readable(app)
    assert table_two(app).loc["crp_day7", "Treated (6)"].startswith("–")


def test_an_outcome_that_nobody_has_is_one_sentence():
    lines = [line.rsplit(",", 1)[0] + "," if i else line for i, line in enumerate(rows().splitlines())]
    app = study("outcomes", "\n".join(lines) + "\n")
    assert not app.exception and len(app.error) == 1


def test_day_zero_stands_beside_day_seven():
    app = choose(study("outcomes"), "crp_day7")
    assert_readable(app)
    widget(app.toggle, "Logarithmic axis").set_value(True).run()
    assert_readable(app)


def test_what_cannot_be_matched_is_one_sentence_and_a_next_step():
    app = study("outcomes", columns=spec().columns.model_copy(update={"treated_value": "nobody"}))
    assert not app.exception and len(app.error) == 1


def test_the_forest_draws_every_scale_that_there_is():
    app = opened("outcomes", sample="msc_covid19")
    assert list(widget(app.button_group, "Effect").options) == list(SET_SCALES.values())
    for scale in SET_SCALES:
        widget(app.button_group, "Effect").set_value(scale).run()
        assert_readable(app)


def test_sets_that_are_too_unlike_give_no_p_no_interval_and_no_forest():
    app = study("outcomes")
    assert_readable(app)
    assert "It is no evidence and stands among the details" in on_screen(app)
    row = table_two(app).iloc[0]
    assert "none: the sets are too unlike" in row["p, by matched set"]
    assert "no interval is quoted" in row["Difference (95% interval)"]
    assert not [one for one in app.button_group if one.label == "Effect"]
    assert "to quote" not in on_screen(app)


def test_downloads_are_offered():
    labels = {b.label for b in opened("outcomes", sample="msc_covid19").get("download_button")}
    assert {"Table 2 (CSV)", "All numbers (CSV)", "Numbers (CSV)"} <= labels


def test_only_binary_outcomes_or_only_numbers():
    for outcome in OUTCOMES:
        assert_readable(study("outcomes", outcomes=[outcome]))


def test_what_a_column_name_tells():
    named = [time_unit(c) for c in ("followup_days", "Monate", "Tage_bis_Tod", "survie_jours", "t", "Stage")]
    assert named == ["days", "months", "days", "days", "unit of t", "unit of Stage"]
    assert [day(c) for c in ("crp_day7", "day_28_crp", "crp", "Saturday7")] == ["Day 7", "Day 28", None, None]


def test_notes_on_the_screen_say_nothing_of_standard_errors_that_only_files_show():
    aside = "An exact interval has no standard error."
    for text in ("The odds ratio is 0.", ""):
        found = without_error("odds_ratio_by_set", (0.0, 0.0, 2.0), "exact", Reason("zero_ratio_limit", text, aside))
        assert found.note == f"{text} {aside}".strip()
        assert found.said == text


def test_the_unit_guard_shows_both_numbers_and_the_reason():
    app = opened("outcomes", sample="msc_covid19")
    found = {m.label: m.value for m in app.metric}
    assert "8 patients counted as 24" in on_screen(app)
    assert found["Sets ignored: 24 pairs from 8 treated patients"] == "p = 0.025"
    assert found["By matched set: 8 sets"] == "p = 0.34"
    assert "Several looks at the same patient are not several patients." in on_screen(app)
    choose(app, "Survival")
    assert "32 patients taken for independent" in on_screen(app)


def test_pairs_that_repeat_nobody_need_no_guard():
    app = study("outcomes", matching={"ratio": 1, "caliper": None})
    assert "counted as" not in on_screen(app).replace("Pairs, as the published tests count", "")


def test_no_event_is_one_paragraph():
    app = opened("outcomes", sample="msc_covid19")
    [told] = [i.value.replace("\\", "") for i in app.info if "No event among 8 treated patients" in i.value]
    assert "risk of up to 37%" in told and "exact odds ratio by set" in told and "never at or below 0.05" in told


def test_what_the_design_could_find_stands_before_table_two():
    app = opened("outcomes", sample="msc_covid19")
    text = on_screen(app)
    assert "A number has to shift by 1.25 standard deviations to be found with 80% power." in text
    heads = [h.value for h in app.subheader]
    assert heads.index("Which difference these sets could find") < heads.index("Table 2: outcomes")
    risks = cells(app, "If the risk of the controls is")
    assert risks.iloc[1].tolist()[0] == "25.0%" and "not even 0%" in risks.iloc[1].tolist()[1]


def test_several_outcomes_have_holm_and_max_t_beside_the_raw_p():
    app = opened("outcomes", sample="msc_covid19")
    table = next(t.value for t in app.table if "Holm" in t.value.columns)
    assert len(table) == 11
    row = table[table["Outcome"].str.startswith("D-dimers")].iloc[0].tolist()
    assert row[2:4] == ["0.043", "0.47"] and 0.05 < float(row[4]) < 0.35


def test_the_horizon_moves_and_leaves_table_two_alone():
    app = choose(opened("outcomes", sample="msc_covid19"), "Survival")
    before, table = on_screen(app), table_two(app)
    assert "counted to" not in before
    slider = widget(app.slider, "Count up to (days)")
    assert (slider.value, slider.min, slider.max) == (60, 1, 60)
    app = slider.set_value(28.0).run()
    assert_readable(app)
    assert "stay at 60 days" in on_screen(app) and "counted to 28 days" in on_screen(app)
    hazard = cells(app, "Effect").set_index("Effect").filter(like="Hazard ratio", axis=0).iloc[0]
    assert hazard["Estimate"] == "0" and hazard["95% interval"].startswith("0 to "), "the limit of the likelihood"
    assert "8 of them followed to 28" in on_screen(app)
    assert table_two(app).equals(table)
    moments = cells(app, "Days")
    assert moments["Days"].tolist() == ["28", "60"] and "at risk" in moments.iloc[0, 1]


def test_competing_events_have_a_figure_and_their_effects():
    lines = rows().replace(",28,", ",27,").splitlines()  # survivors leave on day 27
    ends = [lines[0] + ",how"] + [
        f"{line},{'dead' if line.split(',')[5] == '1' else 'home' if n % 3 else 'lost'}"
        for n, line in enumerate(lines[1:])
    ]
    outcomes = [
        {
            "name": "went home",
            "kind": "survival",
            "time": "days",
            "event": "how",
            "event_value": "home",
            "competing_values": ["dead"],
            "horizon": 28,
        }
    ]
    app = study("outcomes", "\n".join(ends) + "\n", outcomes=outcomes)
    assert_readable(app)
    assert "Went home: which event came first" in [h.value for h in app.subheader]
    effects = "\n".join(cells(app, "Effect")["Effect"])
    assert "Cumulative incidence" in effects and "treated, home" in effects
