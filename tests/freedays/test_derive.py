"""Free days by hand, by property, and on the sample against the cohort's own columns."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import DataError
from lib.freedays import Episodes, Vital, check_deaths, derive, vital_status
from lib.freedays.episodes import ROWS
from lib.spec import Outcome
from tests.freedays.builders import episodes, vital

DIED = Outcome(name="survival", kind="survival", time="days", event="dead")


def days(rows, support, deaths=None, **options):
    """Free days of the patients a to f as a list."""
    return derive(episodes(rows), vital(**(deaths or {})), support, **options).days.tolist()


def test_by_hand_as_the_study_defines_them():
    rows = [
        ("a", "icu", 0, 12),
        ("b", "icu", 0, 6),
        ("b", "icu", 15, 21),
        ("c", "icu", 0, 40),
        ("d", "icu", 0, 10),
        ("e", "icu", 2, 10),
        ("f", "icu", 0, 28),
    ]
    # a leaves on day 12; b comes back and leaves on day 21; c stays; d dies on day 20; e's 28 days start on day 2.
    assert days(rows, "icu", {"d": 20}) == [16, 7, 0, 0, 20, 0]


def test_death_is_zero_or_worst_and_counts_on_the_last_day_of_the_window():
    rows = [(i, "icu", 0, 10) for i in "abcde"] + [("f", "icu", 5, 10)]
    deaths = {"a": 10, "b": 28, "c": 29, "f": 33}
    assert days(rows, "icu", deaths) == [0, 0, 18, 18, 18, 0]
    assert days(rows, "icu", deaths, death_rule="worst") == [-1, -1, 18, 18, 18, -1]


def test_those_who_never_had_the_support():
    rows = [("a", "invasive_ventilation", 3, 10), ("b", "icu", 0, 4)]
    assert np.array_equal(days(rows, "invasive_ventilation"), [21] + 5 * [np.nan], equal_nan=True)
    free = days(rows, "invasive_ventilation", {"b": 20, "c": 28, "d": 29}, never="free")
    assert free == [21, 0, 0, 28, 28, 28]


def test_an_episode_after_the_window_does_not_count_and_one_that_starts_in_it_does():
    rows = [
        ("a", "icu", 0, 5),
        ("a", "icu", 30, 35),
        ("b", "icu", 0, 5),
        ("b", "icu", 27, 35),
        ("c", "icu", 0, 5),
        ("c", "icu", 28, 29),
    ]
    assert days(rows, "icu")[:3] == [23, 0, 23]


def test_a_stronger_breathing_support_is_no_weaning():
    rows = [
        ("a", "hfno", 0, 2),
        ("a", "invasive_ventilation", 2, 9),
        ("b", "hfno", 0, 2),
        ("b", "oxygen", 2, 9),
        ("c", "invasive_ventilation", 0, 5),
        ("c", "hfno", 5, 7),
    ]
    assert days(rows, "hfno")[:3] == [19, 26, 26]
    assert days(rows, "oxygen")[:3] == [19, 19, 21]
    assert days(rows, "invasive_ventilation")[0::2][:2] == [21, 23]


def test_the_three_parts_fill_the_window():
    rows = [("a", "icu", 0, 10), ("b", "icu", 0, 10), ("c", "icu", 1, 40)]
    found = derive(episodes(rows), vital(b=18, c=20), "icu")
    parts = found.parts.loc[[0, 1, 2], ["start", "supported", "free", "dead"]]
    assert parts.to_numpy().tolist() == [[0, 10, 18, 0], [0, 10, 8, 10], [1, 19, 0, 9]]
    assert found.parts["died"].tolist()[:3] == [False, True, True]
    assert (found.never, found.unknown) == (3, 0)


def test_follow_up_that_ends_inside_the_window_leaves_no_value():
    rows = [("a", "icu", 0, 10), ("b", "icu", 0, 28), ("c", "icu", 0, 10)]
    last = Vital(np.array([20.0, 20.0, np.nan, 60, 60, 60]), np.zeros(6, dtype=bool))
    found = derive(episodes(rows), last, "icu")
    assert np.array_equal(found.days[:3], [np.nan, 0, np.nan], equal_nan=True)
    assert found.unknown == 2
    assert "2 patients alive at the end of a follow-up shorter than the window of 28 days have" in found.notes[1]


def test_a_support_that_nobody_had_is_a_sentence_with_those_there_are():
    with pytest.raises(DataError, match='"ecmo"') as caught:
        days([("a", "icu", 0, 10)], "ecmo")
    assert '"icu"' in caught.value.hint


def test_episodes_after_death_are_refused():
    found = episodes([("a", "icu", 0, 10), ("b", "icu", 0, 11)])
    check_deaths(found, vital(a=10, b=10))
    with pytest.raises(DataError, match="2 episodes go on after the patient's death"):
        check_deaths(found, vital(a=8, b=9))


def test_vital_status_reads_the_survival_outcome_and_names_absent_columns():
    frame = pd.DataFrame({"days": [5.0, 60.0], "dead": [1.0, 0.0]})
    found = vital_status(frame, DIED)
    assert (found.last.tolist(), found.dead.tolist()) == ([5, 60], [True, False])
    with pytest.raises(DataError, match='the table lacks "dead"'):
        vital_status(frame[["days"]], DIED)


@st.composite
def courses(draw):
    """Episodes of one support in a few patients, their follow-up, and a window."""
    rows = []
    for patient in range(draw(st.integers(1, 4))):
        cuts = sorted(draw(st.lists(st.integers(-5, 70), max_size=8)))
        rows += [(patient, "icu", float(a), float(b)) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    n = 5
    last = np.array(draw(st.lists(st.integers(71, 99), min_size=n, max_size=n)), dtype=float)
    dead = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    rows = rows or [(0, "icu", 0.0, 3.0)]
    made = Episodes(pd.DataFrame(rows, columns=list(ROWS)), np.array(list("abcde"), dtype=object))
    return made, Vital(last, dead), float(draw(st.integers(1, 90)))


def naive(rows, last, dead, window):
    """One patient: what is left of the window after the last end; 0 for who died in it."""
    if not rows:
        return np.nan
    start = min(a for a, _ in rows)
    inside = [(a, b) for a, b in rows if a < start + window] or [(start, start)]
    if dead and last <= start + window:
        return 0.0
    return max(0.0, start + window - max(b for _, b in inside))


@given(courses())
def test_against_one_patient_at_a_time(course):
    found, life, window = course
    made = derive(found, life, "icu", window)
    for patient in range(5):
        mine = found.rows[found.rows["patient"] == patient]
        rows = list(zip(mine["start"], mine["end"], strict=True))
        expected = naive(rows, life.last[patient], life.dead[patient], window)
        known = life.dead[patient] or not rows or life.last[patient] >= min(r[0] for r in rows) + window
        if known:
            assert made.days[patient] == pytest.approx(expected, nan_ok=True)


@given(courses(), st.integers(-80, 80).map(lambda quarters: quarters / 4))
def test_moving_day_zero_changes_nothing(course, shift):
    found, life, window = course
    later = found.rows.assign(start=found.rows["start"] + shift, end=found.rows["end"] + shift)
    moved = Episodes(later, found.person_id)
    one = derive(found, life, "icu", window)
    two = derive(moved, Vital(life.last + shift, life.dead), "icu", window)
    assert two.days == pytest.approx(one.days, nan_ok=True, abs=1e-9)


@given(courses())
def test_parts_add_up_and_the_rules_differ_for_the_dead_only(course):
    found, life, window = course
    zero, worst = (derive(found, life, "icu", window, rule) for rule in ("zero", "worst"))
    total = zero.parts[["supported", "free", "dead"]].sum(axis=1, skipna=False).dropna()
    assert total.to_numpy() == pytest.approx(np.full(len(total), window))
    assert (zero.parts[["supported", "free", "dead"]].dropna() >= 0).all(axis=None)
    died = zero.parts["died"].to_numpy()
    assert np.array_equal(zero.days[~died], worst.days[~died], equal_nan=True)
    assert (worst.days[died] == -1).all() and (zero.days[died] == 0).all()
