"""Arms that are weighted without being in sets: what they are called, their weighted shares, and what is not said."""

import numpy as np
import pandas as pd
import pytest

from lib.design import Comparison, Independent
from lib.inference import compare_outcomes
from tests.inference.builders import binary, cohort_of, continuous, survival

TREATED = np.array([True, True, False, False, False, False])
WEIGHTS = np.array([1, 1, 2.5, 0.5, 0.5, 0.5])
VALUES = np.array([0.0, 0, 1, 1, 0, 0])  # the controls' share: 3 of 4 by weight, 2 of 4 by count


def weighted() -> Comparison:
    nobody = pd.DataFrame(columns=["row", "reason"])
    return Comparison(Independent.of(TREATED), WEIGHTS, np.zeros(6), np.zeros(6, dtype=bool), nobody)


def results(columns: dict[str, np.ndarray], specs: list) -> tuple:
    return compare_outcomes(cohort_of(TREATED, columns, specs), weighted(), 1)


def test_shares_and_means_by_weight_by_hand() -> None:
    unknown = np.where(np.arange(6) == 5, np.nan, 2 * VALUES)
    death, crp = results({"death": VALUES, "crp": unknown}, [binary(), continuous()])
    control = death.matched_control
    assert (control.n, control.events, control.risk) == (4, 2, 0.5)
    assert control.weighted_risk == pytest.approx(0.75)
    assert death.estimates[0].estimate == pytest.approx(-control.weighted_risk)
    assert death.whole_control.weighted_risk == death.whole_control.risk == 0.5
    assert crp.matched_control.weighted_mean == pytest.approx(6 / 3.5)
    assert crp.matched_control.mean == pytest.approx(4 / 3)


def test_an_arm_without_the_outcome_has_no_weighted_share() -> None:
    (death,) = results({"death": np.where(TREATED, np.nan, VALUES)}, [binary()])
    assert death.treated.n == 0 and np.isnan(death.treated.weighted_risk)


def test_no_test_by_set_is_named_where_none_exists() -> None:
    time = {"survival.time": np.array([9.0, 9, 3, 4, 9, 9]), "survival.event": VALUES}
    found = results({"death": VALUES} | time, [binary(), survival(horizon=9)])
    notes = {e.note_code: e.note for outcome in found for e in outcome.estimates}
    assert "one_sided_arm_without_sets" in notes and "one_sided_arm" not in notes
    assert all(outcome.weighted for outcome in found)
    said = " ".join([*notes.values(), *(note.sentence for outcome in found for note in outcome.notes)])
    assert "judge by the test by set" not in said and "matched control" not in said
