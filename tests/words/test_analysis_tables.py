"""Tables made from a real analysis: the sample study, matched and weighted, and a full match with shared controls."""

from dataclasses import replace

import pytest

from lib.design import METHODS
from lib.design.comparison import OUTSIDE_CALIPER
from lib.sensitivity.e_value import e_values
from lib.spec import AnalysisSpec
from lib.steps import run
from lib.words import effects
from lib.words.balance import balance_rows, lost_sentence, sizes_table
from lib.words.cohort import outcomes_table
from lib.words.labels import Labels
from lib.words.losses import losses_table
from lib.words.matching import asked, caption, checks_sentence, lost_table, sets_table
from lib.words.numbers import DASH, percent
from lib.words.outcomes import other_p_table, table_two
from lib.words.power import detectable_table, reach_sentence, set_sizes
from lib.words.sensitivity import e_value_table
from lib.words.table_one import table_one
from tests.sensitivity.builders import sample_study

FULL = {"method": "full", "caliper": None}


@pytest.fixture(scope="module")
def made():
    return run(*sample_study())


def other(matching: dict):
    """The sample study compared in another way."""
    table, spec = sample_study()
    return run(table, spec.replace(matching=matching))


def every_table(made) -> list:
    """All tables that an analysis has."""
    labels, outcome = Labels.of(made.spec), made.outcomes[0]
    names = {o.name: labels.column(o.name).name for o in made.outcomes}
    tables = [
        table_one(made.table_one, made.balance, made.cohort, labels, True),
        sizes_table(made.balance, made.cohort),
        balance_rows(made.balance, made.balance_test, labels),
        table_two(made.outcomes, made.cohort, made.comparison, labels),
        other_p_table(made.outcomes, labels),
        effects.effects_table(outcome, effects.main_estimates(outcome), ""),
        effects.tests_table(outcome.tests),
        effects.several_table(made.multiplicity, names),
        lost_table(made.spec.matching, made.comparison),
        sets_table(made.cohort, made.comparison),
        losses_table(made.losses, labels),
        outcomes_table(made.spec.outcomes),
        e_value_table(e_values(outcome), "Death"),
    ]
    return tables + ([detectable_table(made.power)] if made.power else [])


@pytest.mark.parametrize("name", [name for name in METHODS if name != "given"])
def test_no_cell_reads_like_a_program(name):
    matching = {"method": name} | ({"caliper": None} if "caliper" in METHODS[name].settings.model_fields else {})
    for table in every_table(other(matching)):
        said = " ".join(cell for row in table.rows for cell in row)
        assert not {"nan", "None", "inf", "<NA>"} & set(said.replace("\n", " ").split()), table.title
        assert table.to_html().count("<tr") == len(table.rows) + 1 + len(table.footnotes)


def test_table_two_marks_the_primary_outcome(made):
    table = table_two(made.outcomes, made.cohort, made.comparison, Labels.of(made.spec))
    assert table.kinds.count("primary") == 1 and table.rows[0][0] == "Death by day 28\nprimary"
    effect, p = (table.rows[0][table.heads.index(head)] for head in ("Difference (95% interval)", "p, by matched set"))
    assert effect == "−20.8 (−62.5 to 0)\npercentage points\n0 to 5 of 8 prevented"
    assert p == "0.34\nexact, 8 sets"
    assert any("in proportion to the fitted odds" in foot for foot in table.footnotes), "told once, below"
    others = other_p_table(made.outcomes, Labels.of(made.spec))
    assert others.rows[0][others.heads.index("p, sets ignored")].startswith("0.025\nMcNemar")


def test_balance_has_a_row_for_every_covariate(made):
    table = balance_rows(made.balance, made.balance_test, Labels.of(made.spec))
    assert len(table.rows) == len(made.balance.rows) + len(made.balance.described)
    assert table.rows[0][:3] == ("Age (years)", "−1.51\u00a0→ −0.23", "0.86")
    assert table.rows[-1][0] == "Viral load (cycle threshold)" and table.rows[-1][1].count("→") == 1
    assert "(d², Hansen and Bowers 2008): 3.7 on 7 degrees of freedom; 86.3% of draws by lot" in table.footnotes[1]


def test_sets_name_their_patients(made):
    table = sets_table(made.cohort, made.comparison)
    assert len(table.rows) == 8
    assert all(row[2].count(",") == 2 and row[3] != DASH for row in table.rows)


def test_several_treated_in_a_set_are_said():
    made = other(FULL | {"max_controls": 15})
    said = checks_sentence(made.spec.matching, made.comparison)
    assert "at most 15 controls for each treated patient" in said and "nobody in two sets" in said
    assert "ratio" not in made.spec.matching.model_dump() and asked(made.spec.matching).startswith("full, at most 15")


def test_weights_make_no_sets_and_say_so():
    made = other({"method": "weights"})
    assert checks_sentence(made.spec.matching, made.comparison) == ""
    assert "no test by set" in reach_sentence(made.comparison, None)
    table = table_two(made.outcomes, made.cohort, made.comparison, Labels.of(made.spec))
    assert "plain" in table.footnotes[0]
    assert table.heads[4] == "p, large sample" and table.heads[2].startswith("Weighted controls (")
    assert table.footnotes[1] == "Weights make no sets, so there is no p by set."
    death = made.outcomes[0]
    shown = f"{death.matched_control.events} of 111\n{percent(death.matched_control.weighted_risk)} weighted"
    assert table.rows[0][2] == shown
    assert asked(made.spec.matching) == "weights: odds of treatment (ATT)"


def test_a_caption_says_how_patients_were_chosen(made):
    said = caption(made.cohort, made.comparison, made.spec, "study")
    assert said == (f"study: 8 of 8 treated, 24 of 111 controls, 1:3 nearest, no caliper, spec {made.spec.digest}")
    assert set_sizes(made.comparison) == "each with 3 controls"


def test_who_is_lost_is_counted(made):
    assert lost_sentence(made.comparison) == ""
    table, spec = sample_study()
    tight = run(table, AnalysisSpec.from_dict(spec.model_dump() | {"matching": {"ratio": 1, "caliper": 0.02}}))
    lost = 8 - tight.comparison.n_matched(True)
    assert lost > 0
    said = lost_sentence(tight.comparison)
    assert said.startswith(
        f"{lost} treated patients of 8 found no control (1: its controls were taken by other treated"
    )
    assert said.endswith("what follows speaks for the 6 that did (ATT among the matched).")
    outside = tight.comparison.losses.assign(reason=OUTSIDE_CALIPER)
    assert lost_sentence(replace(tight.comparison, losses=outside)).endswith("(ATT within the caliper).")
    rows = lost_table(tight.spec.matching, tight.comparison).rows
    assert sum(int(row[1]) for row in rows[:-1]) == lost and rows[-1] == ("In the matched sample", "6", "6")
    assert {"No control inside the caliper", "Its controls were taken by other treated patients"} < {r[0] for r in rows}
