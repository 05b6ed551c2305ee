"""Full matching through `match`, with every rule and limit, against integer programming; what a refusal names works."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.design import match
from lib.design.full import Full
from lib.errors import EstimationError
from tests.builders import cohort_on_a_line, make_score
from tests.design.studies import DISTANCE, LIMITS, Small, best_full, settings_of, small_studies
from tests.invariants import allowed_pairs, assert_good_match

SAME = 1e-7  # of a total of few distances near 1: a linear programme stops at 1e-7
CHOSEN = st.fixed_dictionaries(DISTANCE | LIMITS)
FREE = st.fixed_dictionaries(DISTANCE)
FARTHER = "would only send treated patients to farther ones"
NAMED = re.compile(r"`(\w+)` to (?:at least |at most )?([\d.]+|no limit)")
OMITTED = re.compile(r"`omit_fraction` (?:to )?([\d.]+)")


def test_by_hand() -> None:
    """0 | 0.1 0.2 and 5 6 | 5.5, cut between: one treated with two controls, two treated with one control."""
    treated = np.array([True, False, False, True, True, False])
    cohort, score = cohort_on_a_line(treated), make_score([0, 0.1, 0.2, 5, 6, 5.5])
    made = match(cohort, score, Full(), 1)
    assert made.membership.tolist() == [[0, 0], [1, 0], [2, 0], [3, 1], [4, 1], [5, 1]]
    assert made.pairs["distance"].sum() == pytest.approx(0.1 + 0.2 + 0.5 + 0.5)
    assert made.weights[~treated] == pytest.approx(np.array([0.5, 0.5, 2]) / 1)
    assert_good_match(cohort, score, Full(), made)


@settings(max_examples=1000)
@given(small_studies(), FREE)
def test_everybody_usable_and_the_least_total_as_by_integer_programming(study: Small, chosen: dict) -> None:
    asked = settings_of(Full, chosen)
    try:
        made = match(study.cohort, study.score, asked, 1)
    except EstimationError as error:
        nobody = not allowed_pairs(study.cohort, study.score, asked).any()
        assert error.hint and (nobody or "Mahalanobis" in str(error))
        return
    assert_good_match(study.cohort, study.score, asked, made)
    least, _ = best_full(study, asked, study.gaps(asked))
    assert study.total(asked, made.pairs) == pytest.approx(least, abs=SAME)


@settings(max_examples=1000)
@given(small_studies(most=12), CHOSEN)
def test_limits_as_by_integer_programming(study: Small, chosen: dict) -> None:
    asked = settings_of(Full, chosen)
    try:
        made = match(study.cohort, study.score, asked, 1)
    except EstimationError as error:
        assert error.hint
        if allowed_pairs(study.cohort, study.score, asked).any() and "Mahalanobis" not in str(error):
            assert_rightly_refused(study, asked, error)
        return
    assert_good_match(study.cohort, study.score, asked, made)
    least, _ = best_full(study, asked, study.gaps(asked))
    assert least is not None and study.total(asked, made.pairs) == pytest.approx(least, abs=SAME)


def assert_rightly_refused(study: Small, asked: Full, error: EstimationError) -> None:
    """There is none, or (on the score) fewer omitted controls are no farther; and what the hint names works."""
    gaps = study.gaps(asked)
    least, _ = best_full(study, asked, gaps)
    if FARTHER in str(error):
        fewer, _ = best_full(study, asked, gaps, at_least=True)
        assert least is None or fewer <= least + SAME
    else:
        assert least is None, str(error)
    if not asked.exact:
        match(study.cohort, study.score, as_hinted(asked, error), 1)


def as_hinted(asked: Full, error: EstimationError) -> Full:
    """The settings with what the hint tells to set, set."""
    said = dict(NAMED.findall(error.hint))
    if not said:
        said = {"omit_fraction": OMITTED.search(error.hint).group(1)}
    changes = {
        name: None if value == "no limit" else float(value) if name == "omit_fraction" else int(float(value))
        for name, value in said.items()
    }
    return Full(**(asked.model_dump() | changes))


def test_with_exact_groups_a_refusal_names_the_group_and_the_value_for_all_of_them() -> None:
    """One treated with 2 controls in A, with 4 in B: `max_controls` 4 serves both."""
    treated = np.array([True, False, False, True, False, False, False, False])
    cohort = cohort_on_a_line(treated, pd.DataFrame({"site": list("AAABBBBB")}))
    for metric in ("propensity", "mahalanobis"):
        asked = Full(max_controls=1, exact=("site",), metric=metric)
        with pytest.raises(EstimationError, match='"site" is "B"') as caught:
            match(cohort, make_score(np.arange(8)), asked, 1)
        again = as_hinted(asked, caught.value)
        assert again.max_controls == 4
        assert match(cohort, make_score(np.arange(8)), again, 1).matched.all()


def test_omitted_controls_are_counted_in_a_note() -> None:
    treated = np.array([True, False, False, False, False])
    made = match(cohort_on_a_line(treated), make_score([0, 1, 2, 3, 4]), Full(omit_fraction=0.5), 1)
    assert made.membership[:, 0].tolist() == [0, 1, 2]
    assert any(note.startswith("2 usable controls left out") for note in made.notes)


@settings(max_examples=40)
@given(small_studies(), FREE)
def test_units_of_the_distance_decide_nothing(study: Small, chosen: dict) -> None:
    """Scores in other units, calipers in SDs: the same total in those units."""
    asked = settings_of(Full, chosen | {"caliper_unit": "sd"})
    wide = Small(study.cohort, make_score(8 * study.score.distance))
    try:
        one = match(study.cohort, study.score, asked, 1)
    except EstimationError:
        with pytest.raises(EstimationError):
            match(wide.cohort, wide.score, asked, 1)
        return
    two = match(wide.cohort, wide.score, asked, 1)
    factor = 8 if asked.metric == "propensity" else 1
    assert wide.total(asked, two.pairs) == pytest.approx(factor * study.total(asked, one.pairs), abs=8 * SAME)
