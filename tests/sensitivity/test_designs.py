"""Design map, missing outcomes and negative controls."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import EstimationError, SpecError
from lib.sensitivity.design_map import design_map, pareto
from lib.sensitivity.missing_outcomes import missing_outcomes
from lib.sensitivity.negative_control import negative_controls
from lib.spec import Outcome
from lib.steps import Steps, run
from tests.inference.builders import binary, cohort_of, continuous, even_sets, sample_of, survival
from tests.sensitivity.builders import TABLE, spec


def test_pareto_by_hand():
    kept, worst = np.array([10, 20, 20, 30, 5, 0]), np.array([0.1, 0.2, 0.3, 0.2, 0.1, np.nan])
    assert pareto(kept, worst).tolist() == [True, False, False, True, False, False]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=12))
def test_pareto_is_never_beaten_and_beats_the_rest(points):
    kept, worst = (np.array(x, dtype=float) for x in zip(*points, strict=True))
    front = pareto(kept, worst)
    assert front.any()
    for i in range(len(points)):
        beaten = any(
            kept[j] >= kept[i] and worst[j] <= worst[i] and (kept[j], worst[j]) != (kept[i], worst[i])
            for j in range(len(points))
        )
        assert front[i] != beaten


def test_every_design_is_its_own_run():
    own = spec(matching={"ratio": 2, "caliper": 0.4})
    found = design_map(Steps(TABLE, own), {"ratio": (1, 3), "caliper": (None, 0.1, 1e-9)})
    rows = found.designs
    assert rows["ratio"].tolist() == [1] * 4 + [2] * 4 + [3] * 4
    assert rows.loc[rows["current"], ["ratio", "caliper"]].to_numpy().tolist() == [[2, 0.4]]
    assert rows["error"].notna().sum() == 3
    assert rows.loc[rows["error"].notna(), "kept"].eq(0).all()
    for row in rows[rows["error"].isna()].itertuples():
        caliper = None if np.isnan(row.caliper) else row.caliper
        analysis = run(TABLE, spec(matching={"ratio": row.ratio, "caliper": caliper}))
        sample = analysis.comparison
        assert row.kept == row.matched_treated + row.matched_control == int(sample.matched.sum())
        assert row.max_abs_smd == analysis.balance.rows["smd_after"].abs().max()
        assert row.ess_control == analysis.balance.ess_control
    assert found.treated == int(analysis.cohort.treated.sum())


def test_no_caliper_of_ones_own_is_marked_too():
    rows = design_map(Steps(TABLE, spec(matching={"ratio": 1, "caliper": None})), {"ratio": (1,)}).designs
    assert rows["current"].tolist() == [True] + [False] * 6


DIED = np.array([0, 1, np.nan, 0, 1, np.nan, np.nan, 0, 0])
SETS = even_sets(3, 2)


def test_missing_events_at_their_best_and_worst():
    """Three sets of 1:2; a treated patient and two controls are unknown. Known: two sets of 0 against 1."""
    cohort = cohort_of(SETS.treated, {"death": DIED}, [binary()])
    found = missing_outcomes(cohort, sample_of(SETS), binary())
    assert (found.unknown_treated, found.unknown_control, found.measure) == (1, 2, "risk_difference_by_set")
    cases = found.cases.set_index("case")["estimate"]
    assert cases["known"] == pytest.approx(0 - 2 / 2)
    assert cases["best"] == pytest.approx(0 - 4 / 6)
    assert cases["worst"] == pytest.approx(1 / 3 - 2 / 6)
    assert cases["all"] == pytest.approx(1 / 3 - 4 / 6)
    assert cases["none"] == pytest.approx(0 - 2 / 6)


def test_where_the_event_is_hoped_for_best_and_worst_change_places():
    recovered = binary().model_copy(update={"better": "higher"})
    cohort = cohort_of(SETS.treated, {"death": DIED}, [recovered])
    found = missing_outcomes(cohort, sample_of(SETS), recovered)
    cases = found.cases.set_index("case")["estimate"]
    assert found.event_good
    assert cases["best"] == pytest.approx(1 / 3 - 2 / 6) and cases["worst"] == pytest.approx(0 - 4 / 6)


def test_nothing_missing_is_one_case():
    cohort = cohort_of(SETS.treated, {"death": np.nan_to_num(DIED)}, [binary()])
    assert missing_outcomes(cohort, sample_of(SETS), binary()).cases["case"].tolist() == ["known"]


def test_drop_outs_of_a_survival_outcome():
    """A treated drop-out on day 10 dies then at worst and lives to day 60 at best."""
    time = np.array([10.0, 60, 60, 60, 20, 60, 60, 30, 60])
    event = np.array([0.0, 0, 0, 0, 1, 0, 0, 1, 0])
    cohort = cohort_of(SETS.treated, {"survival.time": time, "survival.event": event}, [survival()])
    found = missing_outcomes(cohort, sample_of(SETS), survival())
    assert (found.unknown_treated, found.unknown_control) == (1, 0)
    cases = found.cases.set_index("case")
    assert cases.loc["best", "estimate"] == 0
    died = {"survival.time": time, "survival.event": np.where(time == 10, 1, event)}
    dead = cohort_of(SETS.treated, died, [survival()])
    expected = missing_outcomes(dead, sample_of(SETS), survival()).cases.loc[0]
    assert cases.loc["worst", "p_by_set"] == expected["p_by_set"]
    assert cases.loc["worst", "estimate"] == expected["estimate"]


def test_what_has_no_best_case():
    cohort = cohort_of(SETS.treated, {"crp": DIED}, [continuous()])
    with pytest.raises(EstimationError, match="no best and worst"):
        missing_outcomes(cohort, sample_of(SETS), continuous())
    with pytest.raises(EstimationError, match="horizon"):
        missing_outcomes(cohort, sample_of(SETS), survival(horizon=None))


def negative(event: np.ndarray, controls: int = 1) -> str:
    outcome = Outcome(name="eye_colour", kind="binary", column="x", negative_control=True)
    sets = even_sets(len(event) // (controls + 1), controls)
    cohort = cohort_of(sets.treated, {"death": event, "eye_colour": event}, [binary(), outcome])
    [found] = negative_controls(cohort, sample_of(sets))
    return f"{found.level}: {found.sentence}"


def test_negative_controls_are_read_as_a_warning():
    assert negative(np.tile([1.0, 0.0], 8)).startswith('warn: "eye_colour", which treatment cannot change, differs')
    assert negative(np.tile([1.0, 1.0], 8)).startswith("quiet")
    assert "proves nothing" in negative(np.full(8, np.nan))


def test_a_negative_control_warns_from_1_in_21_on_and_not_at_the_limit(monkeypatch):
    """One set of 1:19 with one event, the treated's: 1 of 20 label moves. In 1:20 it is 1 of 21."""
    for controls, level in ((19, "quiet"), (20, "warn")):
        assert negative((np.arange(controls + 1) == 0).astype(float), controls).startswith(level)
    monkeypatch.setattr("lib.sensitivity.negative_control.ALPHA", 1.0)
    assert negative(np.tile([1.0, 1.0], 8)).startswith("quiet"), "a p of 1 is not below 1"


def test_a_run_carries_the_warning_in_its_notes():
    outcomes = [
        {"name": "died", "kind": "binary", "column": "died", "negative_control": True},
        {"name": "score", "kind": "continuous", "column": "score", "primary": True},
    ]
    notes = run(TABLE, spec(outcomes=outcomes)).notes
    assert sum('"died", which treatment cannot change' in note for note in notes) == 1
    assert not any("cannot change" in note for note in run(TABLE, spec()).notes)


def test_no_negative_control_no_sentence():
    cohort = cohort_of(SETS.treated, {"death": DIED}, [binary()])
    assert negative_controls(cohort, sample_of(SETS)) == ()


def test_the_primary_outcome_is_no_negative_control():
    outcomes = [{"name": "died", "kind": "binary", "column": "died", "primary": True, "negative_control": True}]
    with pytest.raises(SpecError, match="both the primary outcome and a negative control"):
        spec(outcomes=outcomes)
