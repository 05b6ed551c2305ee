"""Green, amber or red: the rules of the five lines, and that they speak of the answer that there is."""

import math

import numpy as np
import pytest

from lib.sensitivity import others
from lib.sensitivity.hidden_bias import binary_tail
from lib.sensitivity.lines import line, lines, main_answer
from lib.sensitivity.masking import masking
from lib.sensitivity.quick import quick
from lib.sensitivity.verdicts import (
    Line,
    Main,
    Seen,
    days_state,
    single_state,
    strength_state,
    tally,
)
from lib.steps import Steps
from lib.words import robust
from tests.sensitivity.builders import TABLE, sample_study, spec


def said(p: float, side: int | None = -1) -> Seen:
    """An analysis with that p."""
    return Seen("one", p, "risk_difference", 0.1, None if math.isnan(p) else p < 0.05, side)


UNDECIDED = Main("died", "binary", said(0.34), 8)
DIFFERS = Main("died", "binary", said(0.01), 8)


@pytest.mark.parametrize(
    ("main", "ps", "state"),
    [
        (UNDECIDED, [0.3] * 20, "green"),
        (UNDECIDED, [0.3] * 19 + [0.04], "green"),
        (UNDECIDED, [0.3] * 9 + [0.04], "amber"),
        (UNDECIDED, [0.3] * 4 + [0.04], "red"),
        (DIFFERS, [0.01] * 20, "green"),
        (DIFFERS, [0.01] * 9 + [0.2], "amber"),
        (DIFFERS, [0.01] * 3 + [0.2], "red"),
        (DIFFERS, [math.nan] * 3, "none"),
        (DIFFERS, [0.01] + [math.nan] * 3, "amber"),
    ],
)
def test_other_settings(main, ps, state):
    assert tally(main, map(said, ps)).state == state


def test_the_opposite_is_red_and_another_direction_amber():
    assert tally(DIFFERS, [said(0.01)] * 50 + [said(0.01, 1)]).state == "red"
    assert tally(UNDECIDED, [said(0.3)] * 9 + [said(0.3, 1)]).state == "amber"
    assert tally(UNDECIDED, [said(0.3)] * 9 + [said(0.3, None)]).state == "green", "no direction is none that turns"


def test_one_patient_who_carries_a_difference_is_red_and_one_who_hides_it_amber():
    assert single_state(DIFFERS, tally(DIFFERS, [said(0.01)] * 99 + [said(0.06)])) == "red"
    assert single_state(DIFFERS, tally(DIFFERS, [said(0.01)] * 99)) == "green"
    assert single_state(UNDECIDED, tally(UNDECIDED, [said(0.3)] * 31 + [said(0.04)])) == "amber"
    assert single_state(UNDECIDED, tally(UNDECIDED, [said(0.3)] * 20 + [said(0.04)] * 4)) == "red"


def test_other_days():
    assert days_state(tally(UNDECIDED, [said(0.3)])) == "green"
    assert days_state(tally(UNDECIDED, [said(0.3), said(0.01)])) == "amber"
    assert days_state(tally(UNDECIDED, [said(0.01), said(0.01), said(0.3)])) == "red"
    assert days_state(tally(UNDECIDED, [])) == "none"


def test_a_hidden_factor():
    assert [strength_state(g) for g in (1.0, 1.24, 1.25, 1.99, 2.0, math.inf, math.nan)] == [
        *["red"] * 2,
        *["amber"] * 2,
        *["green"] * 2,
        "amber",
    ]


def test_what_is_not_quoted_is_never_green():
    shown = Line("settings", "green", "x")
    for why in ("odds", "balance", "both"):
        main = Main("died", "binary", said(0.01), 8, why)
        assert shown.capped(main).state == "amber"
        assert "Not to be quoted" in robust.unquoted(main)
    assert shown.capped(DIFFERS).state == "green" and not robust.unquoted(DIFFERS)


def test_words_speak_of_the_answer_that_there_is():
    assert "not that there is no effect" in robust.lead(UNDECIDED, "Death")
    assert "Robust means that it stays one" in robust.lead(DIFFERS, "Death")
    green = Line("settings", "green", "")
    assert robust.state_word(green, UNDECIDED) == "Stays undecided"
    assert robust.state_word(green, DIFFERS) == "Holds"
    one = tally(UNDECIDED, [said(0.04)])
    assert "goes below 0.05" in robust.days(UNDECIDED, one)


def test_numbers_of_the_line_are_those_of_whole_runs():
    table, sample = sample_study()
    main = Steps(table, sample)
    answer = main_answer(main, "death_28d")
    for label, make in others.other_settings(sample):
        other = next(one for one in quick(Steps(table, make())).outcomes if one.name == "death_28d")
        shown = next(s for s in others.under_other_settings(main, "death_28d") if s.label == label)
        assert shown.p == other.p_by_set and shown.estimate == other.estimate
    assert answer.seen.p == pytest.approx(0.34, abs=0.005)


def test_a_patient_left_out_is_a_file_without_them():
    table, sample = sample_study()
    main = Steps(table, sample)
    found = {one.label: one for one in others.without_each_patient(main, "death_28d")}
    assert len(found) == 32
    control = main.cohort.person_id[np.flatnonzero(main.comparison.matched & ~main.comparison.treated)[0]]
    rows = table.frame["patient_id"].astype(str) != str(control)
    smaller = type(table).from_frame(table.frame[rows].reset_index(drop=True))
    p = main_answer(Steps(smaller, sample), "death_28d").seen.p
    assert found[f"without control {control}"].p == pytest.approx(p, abs=1e-9)


def test_masking_is_where_the_smallest_p_reaches_005():
    table, sample = sample_study()
    main = Steps(table, sample)
    asked = sample.outcomes[0]
    gamma = masking(main.cohort, main.comparison, asked)
    assert gamma > 1
    from lib.inference.frame import Frame
    from lib.inference.stratified import set_counts

    values = main.cohort.outcomes[asked.name].to_numpy(float)[main.cohort.rows]
    blocks = Frame.of(main.cohort.rows, main.comparison).blocks(~np.isnan(values))
    counts = set_counts(values[blocks.row], blocks)
    smallest = min(binary_tail(counts, 1 / gamma, upper) for upper in (True, False))
    assert 2 * smallest == pytest.approx(0.05, abs=1e-6)


@pytest.mark.parametrize(
    "matching",
    [
        {"method": "weights"},
        {"method": "full"},
        {"method": "subclass"},
        {"method": "optimal"},
        {"method": "nearest", "replace": True},
    ],
)
def test_every_design_and_kind_has_five_lines(matching):
    main = Steps(TABLE, spec(matching=matching))
    for outcome in [one.name for one in main.spec.outcomes]:
        made = lines(main, outcome)
        assert [one.name for one in made] == ["settings", "patients", "hidden", "outcomes", "days"]
        assert all(one.sentence and "nan" not in one.sentence for one in made)


def test_survival_followed_to_an_earlier_day_is_the_file_cut_there():
    table, sample = sample_study()
    main = Steps(table, sample)
    frame = table.frame.copy()
    late = frame["followup_days"] > 15
    frame.loc[late, "followup_days"] = 15
    frame.loc[late, "death_by_60"] = 0
    cut = Steps(type(table).from_frame(frame), sample)
    by_day = {one.label: one for one in others.at_other_days(main, "survival")}
    assert by_day["followed to day 15"].p == pytest.approx(main_answer(cut, "survival").seen.p, abs=1e-12)


def test_a_quiet_negative_control_makes_the_line_green():
    table, sample = sample_study()
    outcomes = [o.model_copy(update={"negative_control": o.name == "icu_free_days"}) for o in sample.outcomes]
    found = line(Steps(table, sample.replace(outcomes=outcomes)), "outcomes", "death_28d")
    assert found.state == "green" and "no difference" in found.sentence
