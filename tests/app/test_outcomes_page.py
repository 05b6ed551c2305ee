"""The Answer page in every state: the card first, its figure, Table 2 with one p, and the rest behind folds."""

import pytest

from lib.inference.notes import Reason
from lib.inference.rows import without_error
from lib.words.names import SET_SCALES
from lib.words.outcomes import day, time_unit
from tests.app.pages import opened, unfold, widget
from tests.app.study_files import OUTCOMES, assert_readable, cells, on_screen, rows, spec, study

FOLDS = {
    "several": "Several outcomes",
    "design": "What these sets could have found",
    "detail": "Another outcome in detail",
    "methods": "Other methods and every test",
    "forest": "All outcomes on one scale",
    "otherwise": "Counted otherwise",
    "definitions": "What each outcome is",
}
LONG = "A very long name of an outcome that somebody typed into the head of a column in"


def table_two(app, number: int = 0):
    """Table 2 without joiners, by outcome; 1: the outcomes counted otherwise, where that part is open."""
    table = [t.value for t in app.table if t.value.columns[0] == "Outcome"][number].map(
        lambda cell: cell.replace("\u2060", "").replace("\\", "")
    )
    table.columns = [c.replace("\\", "") for c in table.columns]
    return table.set_index("Outcome")


def put_on_card(app, name: str):
    """Change the outcome on the card."""
    box = widget(app.selectbox, "Outcome on the card")
    return box.set_value(box.options.index(name)).run()


def choose(app, name: str):
    """Look at one outcome in full, which is not the one on the card."""
    if not [box for box in app.selectbox if box.label == "Outcome"]:
        app = unfold(app, FOLDS["detail"])
    box = widget(app.selectbox, "Outcome")
    return box.select_index(box.options.index(name)).run()


def question(app) -> str:
    """What the card asks."""
    return app.subheader[0].value.replace("\\", "")


def folds(app) -> list[str]:
    """The lines of the folded parts."""
    return [one.label.replace("\\", "") for one in app.get("expander")]


def card(app) -> str:
    """What stands on the card, without what is folded behind its buttons."""
    box = next(one for one in app.main.children.values() if "answer-card" in getattr(one.proto, "id", ""))
    return "\n".join(said(box)).replace("\\", "")


def said(block) -> list[str]:
    """The texts of a block, popovers left out."""
    if getattr(block, "type", "") == "popover":
        return []
    if hasattr(block, "children"):
        return [text for child in block.children.values() for text in said(child)]
    return [str(block.value)] if block.type in ("markdown", "caption", "subheader") else []


def test_without_a_cohort_the_page_says_where_to_get_one():
    app = opened("outcomes")
    assert_readable(app)
    assert "There is no cohort yet" in on_screen(app)


def test_without_an_outcome_the_page_says_where_to_choose_one():
    app = study("outcomes", outcomes=[])
    assert_readable(app)
    assert "No column is marked as an outcome yet" in on_screen(app) and not app.table


def test_the_card_of_the_sample():
    app = opened("outcomes", sample="msc_covid19")
    assert_readable(app)
    assert question(app) == "Did the treated die less often by day 28?"
    said = card(app)
    assert "primary outcome" in said and "**0 of 8 (0%)**" in said and "**5 of 24 (20.8%)**" in said
    assert "Prevented between 0 and 5 deaths among these 8 (95%): −20.8 percentage points (−62.5 to 0)" in said
    assert "**p by set 0.34**" in said
    assert "These 8 sets cannot tell this from chance: it would take about 7 control deaths." in said
    assert "as 24 pairs the p would be 0.025: that counts 8 patients as 24" in said
    links = [link.proto.label for link in app.get("page_link")]
    assert "alike as far as 8 treated patients can show" in links and "none of 8 treated lost" in links


def test_the_figure_stands_right_below_and_says_what_it_shows():
    app = opened("outcomes", sample="msc_covid19")
    heads = [h.value for h in app.subheader]
    assert heads[1:3] == ["Death by day 28, over time", "Death by day 28, set by set"]
    assert heads.index("Table 2: outcomes") == 3
    alt = app.get("plotly_chart")[0].proto.alt
    assert alt.startswith("By day 28: 0/8 v 5/24; p by set 0.34; 0 to 5 deaths prevented. Kaplan-Meier")
    assert "log-rank" not in alt, "one p in a figure, the quoted one"


def test_the_folded_parts_tell_their_answer():
    app = opened("outcomes", sample="msc_covid19")
    lines = folds(app)
    assert "Several outcomes: nothing stays below 0.05 after 11 looks (smallest 0.16)" in lines
    assert "What these sets could have found: 50% v 0% with 84% power" in lines
    assert len(app.table) == 1, "nothing folded is made before it is opened"
    assert "published" not in " ".join(lines)


def test_every_folded_part_opens():
    app = opened("outcomes", sample="msc_covid19")
    for title in FOLDS.values():
        app = unfold(app, title)
        assert_readable(app)
        assert not app.error


def test_the_outcome_on_the_card_can_be_changed_and_stays_when_the_page_is_left():
    app = put_on_card(opened("outcomes", sample="msc_covid19"), "Survival")
    assert question(app) == "Did the treated die less often by day 60?"
    assert "not the primary outcome" in card(app) and "100% alive by day 60" in card(app)
    assert "Died at 0 times the rate of their controls (95%: 0 to 2.10; hazard ratio)" in card(app)
    app = app.switch_page("pages/balance.py").run()
    app = app.switch_page("pages/outcomes.py").run()
    assert question(app) == "Did the treated die less often by day 60?"
    assert table_two(app).index[0].startswith("Death by day 28"), "Table 2 keeps the primary one first"


@pytest.mark.parametrize("sample", ["msc_covid19", "nhefs"])
def test_every_outcome_of_a_sample_stands_on_the_card(sample):
    app = opened("outcomes", sample=sample)
    for name in [*(widget(app.selectbox, "Outcome on the card").options if app.selectbox else [])]:
        app = put_on_card(app, name)
        assert_readable(app)
        assert app.get("plotly_chart")


def test_a_number_on_the_card_has_medians_and_the_way_that_is_good():
    app = put_on_card(opened("outcomes", sample="msc_covid19"), "C-reactive protein, day 7")
    assert question(app) == 'Was "C-reactive protein, day 7" lower in the treated than in their controls?'
    assert "Typically 12.1 mg/L lower than their own controls (95%: −75.9 to 35.2; shift within sets)" in card(app)
    assert "33.2 (6.3–59.8) mg/L" in card(app) and "median (quartiles), n = 22, 2 of 24 without a value" in card(app)


def test_a_name_that_nobody_explained_is_repeated_and_not_guessed():
    app = study("outcomes", outcomes=[OUTCOMES[0]])
    assert question(app) == 'Did "death" happen less often among the treated?'
    assert "primary outcome" in card(app) and not [b for b in app.selectbox if b.label == "Outcome on the card"]
    named = OUTCOMES[0] | {"event_value": "1", "label": "Died by day 90 (Statut J90)"}
    assert question(study("outcomes", outcomes=[named])) == "Did the treated die less often by day 90?"


def test_the_value_that_is_the_event_is_named():
    lines = [line.split(",") for line in rows().splitlines()]
    said = {"1": "Décédé", "0": "Vivant"}
    text = "\n".join(",".join([*line[:5], said.get(line[5], line[5]), *line[6:]]) for line in lines) + "\n"
    one = {"name": "statut", "kind": "binary", "column": "death", "event_value": "Décédé", "primary": True}
    app = study("outcomes", text, outcomes=[one])
    assert question(app) == "Did the treated die less often (statut)?"
    app = study("outcomes", text, outcomes=[one | {"event_value": "Vivant", "better": "higher"}])
    assert question(app) == 'Did "Vivant" (statut) happen more often among the treated?'


def test_treated_who_do_worse_are_said_to():
    lines = [line.split(",") for line in rows(8, 24, 0).splitlines()]
    worse = [lines[0], *([*line[:5], "1" if n < 6 else "0", *line[6:]] for n, line in enumerate(lines[1:]))]
    app = study("outcomes", "\n".join(map(",".join, worse)) + "\n", outcomes=[OUTCOMES[0] | {"label": "Died"}])
    assert_readable(app)
    said = card(app)
    assert question(app) == "Did the treated die less often (Died)?" and "6 of 8 (75.0%)" in said
    assert "Caused between" in said or "No p is quoted here" in said


def test_where_the_sets_are_too_unlike_no_p_and_no_interval_stand_on_the_card():
    app = study("outcomes")
    assert_readable(app)
    said = card(app)
    assert "No p is quoted here." in said and "too unlike for a p by set" in said
    assert "p by set 0" not in said and "the p would be" not in said and "95%" not in said
    assert "no p is quoted" in app.get("plotly_chart")[0].proto.alt
    row = table_two(app).iloc[0]
    assert "none: the sets are too unlike" in row["p, by matched set"]
    assert "no interval is quoted" in row["Difference (95% interval)"]
    assert not [one for one in folds(app) if one.startswith((FOLDS["forest"], FOLDS["several"]))]
    app = unfold(app, FOLDS["design"])
    assert "It is no evidence and stands among the details" in on_screen(app)
    assert "to quote" not in on_screen(unfold(app, FOLDS["methods"]))


def far_apart() -> str:
    """Many patients whose covariates overlap and yet differ, so that the balance fails after matching."""
    lines = ["id,group,age,crp,ward,death,days,crp_day7"]
    for i in range(160):
        treated = i < 60
        age = 50 + (i * 7) % 30 + (9 if treated else 0)
        lines.append(f"p{i},{'MSC' if treated else 'control'},{age},{10 + i % 31},A,{int(i % 6 == 0)},28,{20 + i % 17}")
    return "\n".join(lines) + "\n"


def test_where_the_balance_fails_no_p_stands_on_the_card():
    columns = spec().columns.model_copy(update={"covariates": ("crp",), "described": ()})
    app = study("outcomes", far_apart(), columns=columns, matching={"ratio": 1, "caliper": None}, outcomes=OUTCOMES[:1])
    fine = card(app)
    worse = spec().columns.model_copy(update={"covariates": ("age", "crp")})
    app = study("outcomes", far_apart(), columns=worse, matching={"ratio": 1, "caliper": None}, outcomes=OUTCOMES[:1])
    assert_readable(app)
    said = card(app)
    assert "p by set" in fine and "No p is quoted here" in said and "p by set 0" not in said
    assert "not alike in what was measured" in [link.proto.label for link in app.get("page_link")]


def test_forty_outcomes_with_long_names():
    names = [f"{LONG} {n:02d}" for n in range(40)]
    lines = rows().splitlines()
    text = [",".join([lines[0], *names])]
    text += [",".join([line, *(str((n * 7 + k * 5) % 3 % 2) for k in range(40))]) for n, line in enumerate(lines[1:])]
    outcomes = [{"name": name, "kind": "binary", "column": name} for name in names]
    app = study("outcomes", "\n".join(text) + "\n", outcomes=outcomes)
    assert_readable(app)
    assert "no outcome is marked as primary" in card(app) and names[0] in question(app)
    assert len(table_two(app)) == 40


def test_names_from_right_to_left_are_kept_apart_from_the_sentence():
    one = OUTCOMES[0] | {"label": "וفاة"}
    app = study("outcomes", outcomes=[one])
    assert_readable(app)
    assert "\u2068וفاة\u2069" in question(app)


def test_with_replacement_no_p_by_set_is_shown_and_the_reason_is():
    app = study("outcomes", matching={"ratio": 3, "caliper": None, "replace": True})
    assert_readable(app)
    assert "no p by set" in card(app) or "(for large samples)" in card(app)
    assert "p, by matched set" not in table_two(app)
    assert "With replacement the sets overlap, so there is no p by set." in on_screen(app)
    assert "sets overlap and are not independent" in on_screen(unfold(app, FOLDS["design"]))


@pytest.mark.parametrize("method", ["weights", "full", "subclass"])
def test_other_methods_have_a_card(method):
    app = study("outcomes", matching={"method": method})
    assert_readable(app)
    assert question(app)
    if method == "weights":
        assert "Weighted controls" in card(app) and "(for large samples)" in card(app)


def test_missing_outcomes_are_counted_on_the_card():
    lines = rows().splitlines()
    text = [lines[0], *(",".join([*line.split(",")[:5], "", *line.split(",")[6:]]) for line in lines[1:3]), *lines[3:]]
    app = study("outcomes", "\n".join(text) + "\n", outcomes=OUTCOMES[:1])
    assert_readable(app)
    assert "2 of 6 without a value" in card(app)


def test_table_two_of_the_sample_has_one_p_and_the_others_are_folded():
    app = opened("outcomes", sample="msc_covid19")
    row = table_two(app).filter(like="Death by day 28", axis=0).iloc[0]
    assert row["Treated (8)"].startswith("0 (0%)") and "n = 8" in row["Treated (8)"]
    assert row["Matched controls (24)"].startswith("5 (20.8%)")
    assert "0 to 5 of 8 prevented" in row["Difference (95% interval)"]
    assert row.index[0] == "Treated (8)" and [c for c in row.index if c.startswith("p,")] == ["p, by matched set"]
    row = table_two(unfold(app, FOLDS["otherwise"]), 1).filter(like="Death by day 28", axis=0).iloc[0]
    assert row["p, whole cohort"].startswith("0.21") and "255 patients" in row["p, whole cohort"]
    assert row["p, sets ignored"].startswith("0.025")
    assert "24 pairs from 8 treated patients" in row["p, sets ignored"]
    assert "8 sets" in row["p, by matched set"]


def test_a_zero_cell_has_an_interval_and_a_sentence():
    app = unfold(opened("outcomes", sample="msc_covid19"), FOLDS["methods"])
    effects = cells(app, "Effect").set_index("Effect")
    within = effects.filter(like="Odds ratio within sets", axis=0).iloc[0]
    assert within["Estimate"] == "0" and within["95% interval"].startswith("0 to ")
    assert "up to 37%" in on_screen(app)


@pytest.mark.parametrize("sample", ["msc_covid19", "nhefs"])
def test_every_outcome_of_a_sample_can_be_looked_at(sample):
    app = opened("outcomes", sample=sample)
    names = widget(app.selectbox, "Outcome on the card").options[1:] if app.selectbox else []
    for name in names:
        choose(app, name)
        assert_readable(app)
        assert len(app.get("plotly_chart")) >= 2


def test_no_event_at_all():
    app = study("outcomes", rows(deaths=0))
    assert_readable(choose(app, "Survival"))
    assert "Nobody in either arm had the event" in on_screen(unfold(app, FOLDS["methods"]))
    assert "p, by matched set" in table_two(app).columns


def test_one_treated_patient():
    columns = spec().columns.model_copy(update={"covariates": ("age",)})
    app = study("outcomes", rows(treated=1), columns=columns)
    assert_readable(app)
    for outcome in ("crp_day7", "Survival"):
        choose(app, outcome)
        assert_readable(app)


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
    app = unfold(opened("outcomes", sample="msc_covid19"), FOLDS["forest"])
    assert list(widget(app.button_group, "Effect").options) == list(SET_SCALES.values())
    for scale in SET_SCALES:
        widget(app.button_group, "Effect").set_value(scale).run()
        assert_readable(app)


def test_downloads_are_offered():
    labels = {b.label for b in opened("outcomes", sample="msc_covid19").get("download_button")}
    assert {"All numbers (CSV)", "Numbers (CSV)"} <= labels


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


def test_the_unit_guard_is_one_phrase_with_both_numbers_and_the_reason_behind_why():
    app = opened("outcomes", sample="msc_covid19")
    found = {m.label: m.value for m in app.metric}
    assert [one.proto.popover.label for one in app.get("popover")].count("why") == 1
    assert "8 patients counted as 24" in on_screen(app)
    assert found["Sets ignored: 24 pairs from 8 treated patients"] == "p = 0.025"
    assert found["By matched set: 8 sets"] == "p = 0.34"
    assert "Several looks at the same patient are not several patients." in on_screen(app)
    app = put_on_card(app, "Survival")
    assert "32 patients taken for independent" in on_screen(app) and "taken for strangers the p would be" in card(app)


def test_pairs_that_repeat_nobody_need_no_guard():
    app = study("outcomes", matching={"ratio": 1, "caliper": None})
    assert "counts" not in card(app) and "counted as" not in card(app)


def test_no_event_is_one_paragraph():
    app = unfold(opened("outcomes", sample="msc_covid19"), FOLDS["methods"])
    [told] = [i.value.replace("\\", "") for i in app.info if "No event among 8 treated patients" in i.value]
    assert "risk of up to 37%" in told and "exact odds ratio by set" in told and "never at or below 0.05" in told


def test_what_the_design_could_find_needs_no_outcome():
    app = unfold(opened("outcomes", sample="msc_covid19"), FOLDS["design"])
    text = on_screen(app)
    assert "A number has to shift by 1.25 standard deviations to be found with 80% power." in text
    assert "at least **7 events** among the controls, falling together as 3 + 3 + 1" in text
    risks = cells(app, "If the risk of the controls is")
    assert risks.iloc[1].tolist()[0] == "25.0%" and "not even 0%" in risks.iloc[1].tolist()[1]


def test_several_outcomes_have_holm_and_max_t_beside_the_raw_p():
    app = unfold(opened("outcomes", sample="msc_covid19"), FOLDS["several"])
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
    assert question(app) == 'Did "home" (how) happen less often among the treated by day 28?'
    assert "Went home: which event came first" in [h.value for h in app.subheader]
    app = unfold(app, FOLDS["methods"])
    effects = "\n".join(cells(app, "Effect")["Effect"])
    assert "Cumulative incidence" in effects and "treated, home" in effects


def test_one_outcome_of_any_kind_alone():
    for outcome in OUTCOMES:
        app = study("outcomes", outcomes=[outcome])
        assert_readable(app)
        assert not [one for one in folds(app) if one.startswith((FOLDS["several"], FOLDS["detail"]))]
