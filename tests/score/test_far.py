"""Scores so far out that a caliper in their SDs is none: said, with what drives them; the matches stay the same."""

import numpy as np
import pandas as pd
import pytest

from lib.design.far import far_out
from lib.spec import AnalysisSpec
from lib.steps import Steps
from lib.table import Table
from tests.tables import COHORT_SPEC, cohort_frame


def steps(*odd: float, **matching) -> Steps:
    """Treated patients have a higher lab value; the first treated ones have these."""
    rng = np.random.default_rng(5)
    n, treated = 120, np.arange(120) < 20
    lab = np.exp(rng.normal(6.5, 0.5, n) + 0.8 * treated)
    lab[: len(odd)] = odd
    frame = pd.DataFrame({"arm": treated.astype(int), "age": rng.normal(60, 10, n), "lab": lab})
    columns = {"treatment": "arm", "covariates": ["age", "lab"]}
    return Steps(Table.from_frame(frame), AnalysisSpec.from_dict({"columns": columns, "matching": matching}))


def said(made: Steps) -> list[str]:
    return [note for note in (*made.score.notes, *made.comparison.notes) if "logit" in note or "apart" in note]


def test_two_patients_with_scores_of_one_are_said_with_what_drives_them_and_what_the_caliper_is_worth() -> None:
    made = steps(400_000, 9_000_000, caliper=0.2)
    score, caliper = said(made)
    assert score.startswith("2 patients have a propensity score of 1.000 (logit ")
    assert '"lab" drives them' in score
    assert f"The caliper of 0.2 SD is {made.comparison.caliper_width:.3g} wide" in caliper
    assert "without 2 of them" in caliper
    others = ~far_out(made.score.distance)
    usual = 0.2 * np.std(made.score.distance[others], ddof=1)
    assert f"would be {usual:.2g} " in caliper
    assert made.comparison.caliper_width > 10 * usual


def test_one_is_said_as_one_and_without_a_caliper_in_sds_the_score_alone_is_told() -> None:
    (note,) = said(steps(9_000_000, caliper=None))
    assert note.startswith("1 patient has a propensity score of 1.000")
    assert '"lab" drives it' in note
    assert len(said(steps(9_000_000, caliper=0.5, caliper_unit="raw"))) == 1


def test_ordinary_scores_are_left_alone() -> None:
    assert said(steps(caliper=0.2)) == []
    made = Steps(Table.from_frame(cohort_frame()), AnalysisSpec.from_dict(COHORT_SPEC))
    assert said(made) == []


@pytest.mark.parametrize("seed", range(5))
def test_no_sample_of_a_usual_shape_has_far_scores(seed) -> None:
    rng = np.random.default_rng(seed)
    for values in (
        rng.normal(size=300),
        rng.standard_t(3, 300),
        rng.exponential(size=300),
        rng.integers(0, 2, 300) * 9.0,
    ):
        assert not far_out(values).any()
    assert not far_out(np.full(9, np.nan)).any()
    assert not far_out(np.zeros(9)).any()
    assert far_out(np.append(rng.normal(size=300), [900.0])).sum() == 1
