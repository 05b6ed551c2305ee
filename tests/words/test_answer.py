"""Every state of the sentences on the Answer page."""

from dataclasses import replace

import pandas as pd
import pytest

from lib.inference import Multiplicity
from lib.inference.siblings import curve_of
from lib.io import read_csv
from lib.spec import AnalysisSpec, Outcome
from lib.steps import Steps
from lib.words import answer, folds
from lib.words.labels import Label, Labels
from lib.words.takeaways import answer_takeaway
from tests.conftest import SAMPLES


@pytest.fixture(scope="module")
def made() -> Steps:
    """The sample study."""
    table = read_csv((SAMPLES / "msc_covid19.csv").read_bytes())
    return Steps(table, AnalysisSpec.from_json((SAMPLES / "msc_covid19.spec.json").read_bytes()))


def binary(label: str = "", **more) -> tuple[Outcome, Labels]:
    """A yes/no outcome of column x, and what it is called."""
    outcome = Outcome.model_validate({"name": "x", "kind": "binary", "column": "x"} | more)
    return outcome, Labels({"x": Label(label or "x")})


@pytest.mark.parametrize(
    ("label", "more", "asked"),
    [
        ("Died by day 90 (Statut J90)", {}, "Did the treated die less often by day 90?"),
        ("Death by month 6", {"event_value": "1"}, "Did the treated die less often by month 6?"),
        ("Statut J90", {"event_value": "Décédé"}, "Did the treated die less often (Statut J90)?"),
        ("Statut J90", {"event_value": "sorti"}, 'Did "sorti" (Statut J90) happen less often among the treated?'),
        ("Went home", {"better": "higher"}, 'Did "Went home" happen more often among the treated?'),
        ("Death benefit paid", {}, 'Did "Death benefit paid" happen less often among the treated?'),
        ("", {}, 'Did "x" happen less often among the treated?'),
    ],
)
def test_the_question_repeats_what_people_said(made, label, more, asked):
    outcome, labels = binary(label, **more)
    assert answer.question(outcome, made.outcomes[0], labels) == asked


def test_a_column_named_death_is_no_label(made):
    outcome = Outcome(name="death", kind="binary", column="death")
    assert not answer.dies(outcome, Labels({}))
    assert answer.with_and_without(outcome, Labels({})) == ("with the event", "without")


def test_times_are_told_as_people_tell_them():
    assert answer.until(28, "days") == answer.until(28, "jours") == "by day 28"
    assert answer.until(6, "mois") == "within 6 months"
    assert answer.until(6, "unit of t") == "up to 6 (unit of t)"


def test_what_the_sets_can_tell(made):
    outcome, comparison = made.outcomes[0], made.comparison
    assert answer.searched(comparison)
    fewest = made.power.fewest
    said = answer.reach_line(outcome, comparison, fewest, "death")
    assert said == "These 8 sets cannot tell this from chance: it would take about 7 control deaths."
    equal = answer.reach_line(outcome, replace(comparison, moves="equal"), fewest, "event")
    assert equal.endswith("it would take 7 control events.")
    many = replace(outcome, matched_control=replace(outcome.matched_control, events=9))
    assert "fell over the sets too evenly" in answer.reach_line(many, comparison, fewest, "death")
    some = replace(outcome, treated=replace(outcome.treated, events=1))
    assert answer.reach_line(some, comparison, fewest, "death") == "These 8 sets cannot tell this from chance."
    found = next(one for one in made.outcomes if one.name == "d_dimer_day7")
    assert "at most 5 of 100" in answer.reach_line(found, comparison, fewest, "event")


def test_the_trust_line():
    assert answer.lost_line(8, 8) == "none of 8 treated lost" and answer.lost_line(8, 14) == "6 of 14 treated lost"
    assert answer.alike_line("fail", 8) == "not alike in what was measured"
    assert answer.alike_line("look", 1) == "alike as far as 1 treated patient can show"
    pairs = "8 patients counted as 24"
    assert answer.guard_line(pairs, 24, 0.025) == "as 24 pairs the p would be 0.025: that counts 8 patients as 24"
    assert "0." not in answer.guard_line(pairs, 24, None) and "0." not in answer.guard_line("", 32, None)


def test_a_takeaway_quotes_no_p_where_none_may_be(made):
    spec, labels = made.spec.outcomes[0], Labels.of(made.spec)
    said = answer_takeaway(made.outcomes[0], spec, labels, made.comparison)
    assert said == "0/8 v 5/24; p by set 0.34; 0 to 5 deaths prevented"
    assert answer_takeaway(made.outcomes[0], spec, labels, made.comparison, alike=False) == "0/8 v 5/24; no p is quoted"


def test_a_folded_part_tells_its_answer_or_what_it_would_tell(made):
    assert "(smallest 0.16)" in folds.several_line(made.multiplicity, 11)
    assert folds.several_line(None, 11) == "Several outcomes: what is left of each p after 11 looks"
    rows = pd.DataFrame({"p_max_t": [0.01, 0.04, 0.6, float("nan")]})
    some = Multiplicity(rows, 1, True, ())
    assert folds.several_line(some, 4) == "Several outcomes: 2 stay at or below 0.05 after 3 looks"
    assert folds.design_line(made.power, 8) == "What these sets could have found: 50% v 0% with 84% power"
    assert folds.design_line(None, 0) == "What these weights can show"


def test_the_curve_of_a_death_is_found_by_the_patients_and_not_by_its_name(made):
    assert curve_of(made.cohort, "death_28d") == ("survival", 28.0)
    assert curve_of(made.cohort, "death_60d") == ("survival", 60.0)
    assert curve_of(made.cohort, "need_mv") is None
    changed = made.cohort.outcomes.copy()
    first = changed.index[changed["death_28d"] == 0][0]
    changed.loc[first, "death_28d"] = 1.0
    assert curve_of(replace(made.cohort, outcomes=changed), "death_28d") is None


@pytest.mark.parametrize("value", ["yes", "Oui", " ja ", "sí", "true", "1"])
def test_a_bare_yes_does_not_say_what_happened(value):
    outcome = Outcome(name="died_28d", kind="binary", column="died_28d", event_value=value)
    assert answer.with_and_without(outcome, Labels({})) == ("with the event", "without")
