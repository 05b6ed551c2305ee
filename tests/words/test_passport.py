"""The passport: every component is filled from the spec, and what the file cannot know is asked for."""

from lib.io import read_csv
from lib.steps import Steps
from lib.words.labels import Labels
from lib.words.passport import UNTOLD, passport
from pages.ui.samples import read_sample
from tests.app.study_files import rows, spec


def filled(name: str = "msc_covid19", **sections) -> dict[str, str]:
    """Component -> what stands there, for a sample under its spec with sections replaced."""
    table, _, made = read_sample(name)
    steps = Steps(table, made.replace(**sections))
    return dict(passport(steps.spec, steps.cohort, steps.comparison, Labels.of(steps.spec)).rows)


def test_the_sample_fills_every_component():
    told = filled()
    assert len(told) == 8 and all(told.values())
    assert "255 patients" in told["Who could take part"] and "119" in told["Who could take part"]
    assert "MSC (8) against control (247)" in told["What is compared"]
    assert "Age, SOFA score" in told["How treatment was assigned"]
    assert told["How long it lasts"] == "Survival: up to 60 days."
    assert told["What counts as the outcome"].startswith("Primary: Death by day 28")
    assert "8 matched sets" in told["How it is analysed"]


def test_rules_losses_and_weights_are_named():
    rule = [{"column": "age", "op": ">=", "value": 60.0}]
    assert "age at least 60" in filled(eligibility=rule)["Who could take part"]
    assert "(10 are not)" in filled("nhefs")["Whose effect is asked for"]
    weights = filled(matching={"method": "weights", "kind": "overlap"})
    assert "ATO" in weights["Whose effect is asked for"] and "large samples" in weights["How it is analysed"]


def test_what_the_file_cannot_know_is_asked_for():
    told = filled("nhefs")
    assert UNTOLD in told["When follow-up begins"] and told["How long it lasts"] == UNTOLD


def test_without_outcomes_it_says_so():
    steps = Steps(read_csv(rows().encode()), spec(outcomes=[]))
    told = dict(passport(steps.spec, steps.cohort, steps.comparison, Labels.of(steps.spec)).rows)
    assert told["What counts as the outcome"] == "No outcome is named yet."
