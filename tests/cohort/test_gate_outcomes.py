"""Outcomes at the gate: events as 0/1, missing kept, and the sentence each bad outcome gets."""

import numpy as np
import pytest

from lib.cohort import Cohort, build_cohort
from lib.errors import DataError
from tests.tables import spec, table


def cohort_with(outcome: dict, **columns: list) -> Cohort:
    """The six patients with one outcome called y."""
    return build_cohort(table(**columns), spec(outcomes=[{"name": "y", **outcome}]))


def refusal(outcome: dict, **columns: list) -> str:
    with pytest.raises(DataError) as caught:
        cohort_with(outcome, **columns)
    assert caught.value.hint
    return str(caught.value)


BINARY = {"kind": "binary", "column": "y"}


@pytest.mark.parametrize(
    ("values", "event_value", "expected"),
    [
        ([0, 1, 0, 1, 1, 0], None, [0, 1, 0, 1, 1, 0]),
        ([0, 0, 0, 0, 0, 0], None, [0, 0, 0, 0, 0, 0]),
        ([1, 1, 1, 1, 1, 1], None, [1, 1, 1, 1, 1, 1]),
        ([0, 1, 0, 1, 1, 0], 0, [1, 0, 1, 0, 0, 1]),
        ([1, 2, 1, 2, 2, 1], None, [0, 1, 0, 1, 1, 0]),
        ([1, 2, 1, 2, 2, 1], "1.0", [1, 0, 1, 0, 0, 1]),
        (["no", "yes", "no", "yes", None, "no"], None, [0, 1, 0, 1, np.nan, 0]),
        (["dead", "alive", "dead", "alive", "alive", "dead"], "alive", [0, 1, 0, 1, 1, 0]),
        (["no"] * 6, "yes", [0] * 6),
        ([1.0, None, 0.0, 1.0, None, 0.0], None, [1, np.nan, 0, 1, np.nan, 0]),
    ],
)
def test_binary(values, event_value, expected):
    cohort = cohort_with(BINARY | {"event_value": event_value}, y=values)
    np.testing.assert_array_equal(cohort.outcomes["y"], expected)
    assert cohort.n == 6


def test_which_value_is_the_event_is_noted_unless_plain():
    assert cohort_with(BINARY, y=[0, 1, 0, 1, 1, 0]).notes == ()
    notes = cohort_with(BINARY, y=["no", "yes", "no", "yes", "no", "no"]).notes
    assert notes == ('Outcome "y": "yes" in column "y" counts as the event.',)


def test_the_event_is_looked_up_in_the_whole_file():
    made = table(y=[1, 1, 1, 1, 1, 2])
    settings = spec(outcomes=[{"name": "y", **BINARY}], eligibility=[{"column": "age", "op": "<", "value": 70}])
    assert build_cohort(made, settings).outcomes["y"].tolist() == [0] * 5


@pytest.mark.parametrize(
    ("values", "event_value", "words"),
    [
        ([0, 1, 2, 0, 1, 2], None, 'Column "y" has 3 values ("0", "1", "2"); outcome "y" counts events'),
        ([1, 2, 3, 4, 5, 6.5], None, 'has 6 values; outcome "y" counts events'),
        (["no"] * 6, None, 'holds only "no", so the event of outcome "y" is unknown'),
        ([5] * 6, None, 'holds only "5"'),
        ([0, 1, 0, 1, 0, 1], "yes", 'The event value "yes" of outcome "y" is not in "y"; it holds "0", "1"'),
        ([None] * 6, None, "is empty for every eligible patient"),
    ],
)
def test_bad_binary(values, event_value, words):
    assert words in refusal(BINARY | {"event_value": event_value}, y=values)


def test_a_third_value_may_be_ruled_out():
    settings = spec(outcomes=[{"name": "y", **BINARY}], eligibility=[{"column": "y", "op": "in", "value": [0, 1]}])
    assert build_cohort(table(y=[0, 1, 9, 0, 1, 1]), settings).outcomes["y"].tolist() == [0, 1, 0, 1, 1]


def test_continuous_keeps_gaps_and_baseline():
    outcome = {"kind": "continuous", "column": "y", "baseline": "crp"}
    cohort = cohort_with(outcome, y=[1.5, None, 2.0, 3.0, 4.0, 5.0])
    np.testing.assert_array_equal(cohort.outcomes["y"], [1.5, np.nan, 2, 3, 4, 5])
    assert cohort.outcomes["y.baseline"].tolist() == [10.5, 20, 15, 30, 5, 40]
    assert cohort.n == 6


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (["1", "2", "<3", "4", "5", "6"], 'holds text in 1 row; the continuous outcome "y" needs numbers'),
        ([1, 2, np.inf, 4, 5, 6], "infinity in 1 row"),
        ([None] * 6, "is empty"),
    ],
)
def test_bad_continuous(values, words):
    assert words in refusal({"kind": "continuous", "column": "y"}, y=values)


SURVIVAL = {"kind": "survival", "time": "t", "event": "died", "horizon": 60}


def test_survival_is_known_only_with_time_and_event():
    cohort = cohort_with(SURVIVAL, t=[10, 20, None, 40, 50, 60], died=[1, None, 1, 0, 0, 1])
    np.testing.assert_array_equal(cohort.outcomes["y.time"], [10, np.nan, np.nan, 40, 50, 60])
    np.testing.assert_array_equal(cohort.outcomes["y.event"], [1, np.nan, np.nan, 0, 0, 1])


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ([10, 0, -1, 40, 50, -3.5], 'time column "t" is below 0 in 2 rows'),
        (["a", "1", "2", "3", "4", "5"], "needs numbers"),
        ([1, 2, 3, np.inf, 5, 6], "infinity"),
    ],
)
def test_bad_survival(time, words):
    assert words in refusal(SURVIVAL, t=time)


def test_outcomes_cover_the_eligible_not_only_the_complete():
    made = table(age=[50, 60, None, 65, 45, 70])
    cohort = build_cohort(made, spec(outcomes=[{"name": "y", "kind": "binary", "column": "died"}]))
    assert len(cohort.outcomes) == 6
    assert cohort.n == 5


@pytest.mark.parametrize(
    ("values", "event"),
    [
        (["ja", "nein"], "ja"),
        (["yes", "no"], "yes"),
        (["alive", "dead"], "dead"),
        (["died", "survived"], "died"),
        (["died", "discharged"], "died"),
        (["Vivant", "Décédé"], "Décédé"),
        (["verlegt", "tot"], "tot"),
        (["entlassen", "†"], "†"),
        (["1:DECEASED", "0:LIVING"], "1:DECEASED"),
        (["Recurred", "Not Recurred"], "Recurred"),
        (["1", "2"], "2"),
    ],
)
def test_without_an_event_value_a_word_for_no_event_is_never_the_event(values, event):
    column = values * 3
    asked = spec(outcomes=[{"name": "died", "kind": "binary", "column": "seen"}])
    cohort = build_cohort(table(seen=column), asked)
    assert cohort.outcomes["died"].tolist() == [float(value == event) for value in column]


@pytest.mark.parametrize(
    "values",
    [["A", "B"], ["no", "none"], ["early", "late"], ["Died of disease", "Died of other causes"], ["yes", "ja"]],
)
def test_words_that_do_not_tell_the_event_are_refused_with_both_named(values):
    """The larger text was the event before, without a word."""
    words = refusal({"kind": "binary", "column": "seen"}, seen=values * 3)
    assert all(f'"{value}"' in words for value in values)
    assert "which of them is the event" in words


@pytest.mark.parametrize("name", ["alive", "survived", "censored", "CNSR", "überlebt", "vivant", "cens"])
@pytest.mark.parametrize("values", [[0, 1], [1, 2], ["yes", "no"]])
def test_a_name_for_the_opposite_of_an_event_needs_an_event_value(name, values):
    """1 under "alive" would be read as a death."""
    columns = {name: values * 3}
    assert "may say the opposite of an event" in refusal({"kind": "binary", "column": name}, **columns)
    stated = cohort_with({"kind": "binary", "column": name, "event_value": values[0]}, **columns)
    assert stated.outcomes["y"].tolist() == [1, 0] * 3


def test_words_for_death_speak_under_any_name():
    made = cohort_with({"kind": "binary", "column": "survival_status"}, survival_status=["Dead", "Alive"] * 3)
    assert made.outcomes["y"].tolist() == [1, 0] * 3


@pytest.mark.parametrize("mark", ["x", 1, "yes"])
def test_a_mark_or_nothing_waits_for_what_empty_means(mark):
    """A mark beside empty cells is no risk of 100%."""
    column = {"seen": [mark, None, None, mark, None, None]}
    asked = {"kind": "binary", "column": "seen", "event_value": mark}
    assert "is empty in 4 rows; whether empty means" in refusal(asked, **column)
    no_event = cohort_with(asked | {"empty": "no_event"}, **column)
    assert no_event.outcomes["y"].tolist() == [1, 0, 0, 1, 0, 0]
    assert any("an empty cell" in note for note in no_event.notes)
    missing = cohort_with(asked | {"empty": "missing"}, **column).outcomes["y"]
    np.testing.assert_array_equal(missing, [1, np.nan, np.nan, 1, np.nan, np.nan])


def test_an_empty_end_of_follow_up_may_mean_censored():
    made = cohort_with(
        SURVIVAL | {"event_value": "x", "empty": "no_event"},
        t=[10, 20, 30, None, 50, 60],
        died=["x", None, None, "x", None, "x"],
    )
    np.testing.assert_array_equal(made.outcomes["y.time"], [10, 20, 30, np.nan, 50, 60])
    np.testing.assert_array_equal(made.outcomes["y.event"], [1, 0, 0, np.nan, 0, 1])


def test_a_time_of_zero_is_analysed():
    cohort = cohort_with(SURVIVAL, t=[0, 20, 0, 40, 50, 60], died=[1, 0, 0, 1, 0, 1])
    assert cohort.outcomes["y.time"].tolist() == [0, 20, 0, 40, 50, 60]


def test_those_alive_or_lost_are_all_censored():
    ends = ["Décédé", "Vivant", "Perdu de vue", "Décédé", "Sorti", "Vivant"]
    made = cohort_with(SURVIVAL | {"event": "end"}, t=[10, 20, 30, 40, 50, 60], end=ends)
    assert made.outcomes["y.event"].tolist() == [1, 0, 0, 1, 0, 0]
    assert "has 4 values" in refusal({"kind": "binary", "column": "end"}, end=ends)
    alive = ["Décédé", "Vivant", "Transféré", "Décédé", "Sorti", "Vivant"]
    assert cohort_with({"kind": "binary", "column": "end"}, end=alive).outcomes["y"].tolist() == [1, 0, 0, 1, 0, 0]
    greffe = ["Décédé", "Vivant", "Greffé", "Décédé", "Sorti", "Vivant"]
    assert "has 4 values" in refusal(SURVIVAL | {"event": "end"}, t=[10, 20, 30, 40, 50, 60], end=greffe)


def test_a_time_of_the_dead_alone_is_refused():
    """Without the survivors' time survival would be 0 in both arms."""
    words = refusal(SURVIVAL, t=[10, None, 30, None, None, 60], died=[1, 0, 1, 0, 0, 1])
    assert 'have a value in its time column "t"; 3 patients without the event' in words
    one_known = cohort_with(SURVIVAL, t=[10, None, 30, 40, None, 60], died=[1, 0, 1, 0, 0, 1])
    assert one_known.outcomes["y.time"].notna().sum() == 4
    nobody_died = cohort_with(SURVIVAL, t=[10, 20, None, 40, None, 60], died=[0, 0, 0, 0, 0, 0])
    assert nobody_died.outcomes["y.event"].sum() == 0


def test_a_level_may_differ_in_capitals_and_blanks_from_the_value_asked_for():
    made = cohort_with({"kind": "binary", "column": "seen", "event_value": " DEAD"}, seen=["dead", "alive"] * 3)
    assert made.outcomes["y"].tolist() == [1, 0] * 3
    both = {"kind": "binary", "column": "seen", "event_value": "Dead"}
    assert "is not in" in refusal(both, seen=["dead", "DEAD"] * 3)
