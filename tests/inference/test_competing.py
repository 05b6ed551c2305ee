"""Competing events from the file to the result: the gate, the tables, the estimates; survival at chosen times."""

import numpy as np
import pandas as pd
import pytest

from lib.cohort import build_cohort
from lib.errors import DataError, SpecError
from lib.inference import compare_outcome, compare_outcomes, survival_at
from lib.inference.competing import incidence_at
from lib.inference.results import OutcomeResult
from lib.spec import Outcome
from tests.inference.builders import cohort_of, even_sets, sample_of, survival
from tests.inference.test_compare import all_numbers_explained, rows
from tests.tables import spec, table

STATUS = ["dead", "home", "dead", "home", "still there", "home"]
SURVIVAL = {"name": "y", "kind": "survival", "time": "t", "event": "status", "horizon": 60}
DEATH = SURVIVAL | {"event_value": "dead", "competing_values": ["home"]}
DAYS = [10, 20, 30, 40, 50, 60]


def outcome_of(horizon: float = 30, **changes: object) -> Outcome:
    return survival(horizon=horizon).model_copy(update={"event_value": "dead", "competing_values": ("home",)} | changes)


def result_of(days: list[float], ends: list[float], outcome: Outcome, n_sets: int = 4) -> OutcomeResult:
    """Even sets of 1:1."""
    columns = {"survival.time": np.array(days, dtype=float), "survival.event": np.array(ends, dtype=float)}
    sets = even_sets(n_sets, 1)
    return compare_outcomes(cohort_of(sets.treated, columns, [outcome]), sample_of(sets), 1)[0]


def test_the_gate_numbers_the_causes_in_the_specs_order() -> None:
    made = build_cohort(table(t=DAYS, status=STATUS), spec(outcomes=[DEATH]))
    assert made.outcomes["y.event"].tolist() == [1, 2, 1, 2, 0, 2]
    assert made.notes == (
        'Outcome "y": in column "status" "dead" counts as the event and "home" as competing; any other value means '
        "censored.",
    )
    numbers = build_cohort(
        table(t=DAYS, status=[1, 2, None, 0, 3, 0]),
        spec(outcomes=[DEATH | {"event_value": 3, "competing_values": ["2.0", 1]}]),
    )
    np.testing.assert_array_equal(numbers.outcomes["y.event"], [3, 2, np.nan, 0, 1, 0])


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"event_value": "died"}, 'No row of column "status" holds the value "died" of outcome "y"'),
        ({"competing_values": ["gone"]}, 'holds the value "gone"'),
        ({"event_value": "still there", "competing_values": ["dead", "home"]}, ""),
    ],
)
def test_values_that_the_file_does_not_hold(changes: dict, words: str) -> None:
    if not words:
        assert build_cohort(table(t=DAYS, status=STATUS), spec(outcomes=[DEATH | changes])).n == 6
        return
    with pytest.raises(DataError) as caught:
        build_cohort(table(t=DAYS, status=STATUS), spec(outcomes=[DEATH | changes]))
    assert words in str(caught.value)


def test_only_one_value_can_mean_censored_and_three_values_need_competing_ones() -> None:
    with pytest.raises(DataError, match="has 2 values .* beside the event"):
        build_cohort(table(t=DAYS, status=["dead", "home", "lost", "lost", "there", "home"]), spec(outcomes=[DEATH]))
    with pytest.raises(DataError, match="3 values") as caught:
        build_cohort(table(t=DAYS, status=STATUS), spec(outcomes=[SURVIVAL]))
    assert "competing values" in caught.value.hint
    with pytest.raises(DataError, match="twice"):
        changes = {"event_value": "1", "competing_values": ["1.0"]}
        build_cohort(table(t=DAYS, status=[1, 0, 1, 0, 1, 0]), spec(outcomes=[DEATH | changes]))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"event_value": None}, "needs `event_value`"),
        ({"competing_values": ["dead"]}, "names a value twice"),
        ({"times": [0]}, "above 0"),
        ({"kind": "binary", "column": "status", "times": [], "competing_values": ["home"]}, "is for survival outcomes"),
    ],
)
def test_specs_that_make_no_sense(changes: dict, words: str) -> None:
    with pytest.raises(SpecError, match=words):
        spec(outcomes=[DEATH | changes])


def test_incidence_by_hand() -> None:
    """Treated: home 5, dead 10, home 20, there at 30. Controls: dead 4, dead 8, home 12, dead 40 (too late)."""
    result = result_of([5, 4, 10, 8, 20, 12, 30, 40], [2, 1, 1, 1, 2, 2, 0, 1], outcome_of())
    at = incidence_at(result.incidence, np.array([0.0, 9, 30]))
    last = at.set_index(["arm", "cause", "time"]).sort_index()["incidence"]
    assert last["treated", "dead"].tolist() == pytest.approx([0, 0, 0.25])
    assert last["treated", "home"].tolist() == pytest.approx([0, 0.25, 0.5])
    assert last["matched_control", "dead"].tolist() == pytest.approx([0, 0.5, 0.5])
    dead, home = rows(result, "incidence_difference")
    assert (dead.estimate, home.estimate) == pytest.approx((-0.25, 0.25))
    # without censoring an incidence is a mean, so the SE is that of the mean of the four pair differences
    gaps = np.array([0, 1, 0, 0]) - np.array([1, 1, 0, 0])
    assert dead.se == pytest.approx(np.sqrt(4 / 3 * ((gaps + 0.25) ** 2).sum() / 16))
    assert [e.estimate for e in rows(result, "incidence_at_horizon")] == pytest.approx([0.25, 0.5, 0.5, 0.25])
    whose = [(e.arm, e.cause, e.who()) for e in rows(result, "incidence_at_horizon")]
    assert whose[:2] == [("treated", "dead", "treated, dead"), ("control", "dead", "matched controls, dead")]
    assert [(e.arm, e.cause) for e in (dead, home)] == [("", "dead"), ("", "home")]
    assert any("read the risk of each event" in note.text for note in result.notes)
    assert (result.treated.events, result.matched_control.events) == (1, 2)
    all_numbers_explained(result)


def test_a_cause_that_an_arm_does_not_have_keeps_an_exact_limit() -> None:
    result = result_of([5, 4, 10, 8, 20, 12, 15, 30], [2, 1, 2, 1, 2, 2, 0, 0], outcome_of())
    dead = rows(result, "incidence_at_horizon")[0]
    assert (dead.estimate, dead.ci_low) == (0, 0)
    assert dead.ci_high == pytest.approx(1 - 0.025 ** (1 / 3))  # one of the four is censored at 15
    steps = result.incidence[(result.incidence["arm"] == "treated") & (result.incidence["cause"] == "dead")]
    assert steps["ci_high"].tolist() == pytest.approx([dead.ci_high] * len(steps))
    assert steps["time"].tolist() == [0, 5, 10, 20]
    assert "too narrow" in rows(result, "incidence_difference")[0].note
    all_numbers_explained(result)


def test_nothing_competes() -> None:
    result = result_of([5, 4, 10, 8], [1, 1, 0, 1], survival(horizon=30), 2)
    assert not len(result.incidence)
    assert not rows(result, "incidence_difference")
    assert not len(incidence_at(result.incidence, np.array([1.0])))


def test_with_nobody_known_or_one_set() -> None:
    all_numbers_explained(result_of([np.nan] * 4, [np.nan] * 4, outcome_of(), 2))
    all_numbers_explained(result_of([5, 6], [1, 2], outcome_of(), 1))


def test_survival_at_times_beyond_the_horizon() -> None:
    """Treated 10, 50, 70 and 90 censored, one death at 50; controls die at 5, 40, 80, censored at 85."""
    outcome = survival(horizon=30).model_copy(update={"times": (28.0, 60.0, 95.0)})
    days, ends = [10, 5, 50, 40, 70, 80, 90, 85], [0, 1, 1, 1, 0, 1, 0, 0]
    result = result_of(days, ends, outcome)
    assert result.horizon == 30
    treated = result.moments[result.moments["arm"] == "treated"]
    assert treated["time"].tolist() == [28, 60, 95]
    assert treated["at_risk"].tolist() == [3, 2, 0]
    assert treated["survival"].tolist() == pytest.approx([1, 2 / 3, 2 / 3])
    assert treated["ci_low"].iloc[0] == pytest.approx(0.025 ** (1 / 3))
    assert treated["note"].tolist() == [
        "No event yet: exact lower limit.",
        "",
        "Carried forward from 90, where follow-up ends.",
    ]
    control = result.moments[result.moments["arm"] == "matched_control"]
    assert control["survival"].tolist() == pytest.approx([0.75, 0.5, 0.25])
    sets = even_sets(4, 1)
    columns = {"survival.time": np.array(days, dtype=float), "survival.event": np.array(ends, dtype=float)}
    cohort, sample = cohort_of(sets.treated, columns, [outcome]), sample_of(sets)
    again = survival_at(cohort, sample, outcome, [28, 60, 95])
    assert again.equals(result.moments)
    further = compare_outcome(cohort, sample, outcome.model_copy(update={"horizon": 60.0}), 1)
    assert further.horizon == 60
    at_horizon = rows(further, "survival_at_horizon")[1]
    row = again[(again["arm"] == "matched_control") & (again["time"] == 60)].iloc[0]
    assert [at_horizon.estimate, at_horizon.ci_low, at_horizon.ci_high] == pytest.approx(
        row[["survival", "ci_low", "ci_high"]].tolist()
    )


def test_by_default_survival_is_told_at_the_ticks() -> None:
    result = result_of([5, 4, 10, 8], [1, 1, 0, 1], survival(horizon=60), 2)
    assert result.moments["time"].unique().tolist() == [10, 20, 30, 40, 50, 60]


def test_before_the_first_event_an_incidence_has_no_interval() -> None:
    table = pd.DataFrame(
        {
            "arm": "treated",
            "cause": "dead",
            "time": [0.0, 9, 20],
            "incidence": [0.0, 0.2, 0.4],
            "ci_low": [0.0, 0.05, 0.1],
            "ci_high": [0.0, 0.5, 0.7],
        }
    )
    early, late = incidence_at(table, np.array([5.0, 10.0])).itertuples()
    assert (early.incidence, late.incidence) == (0, 0.2)
    assert np.isnan([early.ci_low, early.ci_high]).all()
    assert (late.ci_low, late.ci_high) == (0.05, 0.5)
