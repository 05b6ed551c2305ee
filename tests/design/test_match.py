"""match(): by hand on a line, then the refusals, the reasons and the notes."""

import numpy as np
import pandas as pd
import pytest

from lib.design import match
from lib.design.comparison import CONTROLS_TAKEN, NO_EXACT_PARTNER, OUTSIDE_CALIPER, OUTSIDE_SUPPORT, Comparison
from lib.design.lost import rounded_up
from lib.design.nearest import Nearest
from lib.errors import EstimationError, SpecError
from lib.score.propensity import fit_propensity
from lib.spec import Propensity
from tests.builders import cohort_on_a_line, make_cohort, make_score
from tests.invariants import assert_good_match

#            T     T     C     C     C     C
LINE = np.array([1.0, 2.0, 0.9, 1.8, 2.6, 5.0])
ARMS = np.array([True, True, False, False, False, False])


def matched(
    distance: np.ndarray = LINE, treated: np.ndarray = ARMS, extra: pd.DataFrame | None = None, **chosen: object
) -> Comparison:
    cohort, score = cohort_on_a_line(treated, extra), make_score(distance)
    asked = Nearest(**{"caliper": None, "ratio": 1, **chosen})
    sample = match(cohort, score, asked, seed=1)
    assert_good_match(cohort, score, asked, sample)
    return sample


def pairs(sample: Comparison) -> list[tuple[int, int]]:
    return list(sample.pairs[["treated_row", "control_row"]].itertuples(index=False, name=None))


def test_one_to_one_by_hand() -> None:
    sample = matched()
    assert pairs(sample) == [(0, 2), (1, 3)]
    assert sample.pairs["distance"].tolist() == pytest.approx([0.1, 0.2])
    assert sample.weights.tolist() == [1, 1, 1, 1, 0, 0]
    assert (sample.ties, sample.notes, len(sample.losses)) == (0, (), 0)


def test_rounds_by_hand() -> None:
    """Largest first. Round 1: 1 takes 3, 0 takes 2. Round 2: 1 takes 4 (0.6), 0 is left with 5, 4 away."""
    sample = matched(ratio=2)
    assert sample.membership.tolist() == [[0, 0], [2, 0], [5, 0], [1, 1], [3, 1], [4, 1]]
    assert sample.pairs["pick"].tolist() == [1, 2, 1, 2]


def test_raw_caliper_is_inclusive() -> None:
    distance = np.array([0.0, 4.0, 1.0, 6.0])
    arms = np.array([True, True, False, False])
    assert pairs(matched(distance, arms, caliper=2.0, caliper_unit="raw")) == [(0, 2), (1, 3)]
    assert pairs(matched(distance, arms, caliper=1.5, caliper_unit="raw")) == [(0, 2)]


def test_caliper_widths() -> None:
    """Overall: SD of all six, divisor 5. Pooled: root of the mean of both arms' variances."""
    assert matched(caliper=0.3).caliper_width == pytest.approx(0.3 * np.std(LINE, ddof=1))
    pooled = np.sqrt((np.var(LINE[:2], ddof=1) + np.var(LINE[2:], ddof=1)) / 2)
    assert matched(caliper=0.3, caliper_sd="pooled").caliper_width == pytest.approx(0.3 * pooled)
    assert matched(caliper=0.3, caliper_unit="raw").caliper_width == 0.3
    assert np.isnan(matched().caliper_width)


def test_caliper_width_leaves_out_the_discarded() -> None:
    """As MatchIt: the SD is that of the patients who remain (control 5, at 5.0, is beyond every treated)."""
    sample = matched(caliper=1.0, discard="both")
    assert sample.discarded.tolist() == [False, False, True, False, True, True]
    assert sample.caliper_width == pytest.approx(np.std(LINE[[0, 1, 3]], ddof=1))


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("largest", [(0, 3), (1, 2)]),
        ("smallest", [(0, 2), (1, 3)]),
        ("data", [(0, 2), (1, 3)]),
        ("closest", [(0, 3), (1, 2)]),
    ],
)
def test_orders_by_hand(order: str, expected: list[tuple[int, int]]) -> None:
    """Treated at 1.0 and 1.2 compete for the control at 1.3; the other stands at 0."""
    distance, arms = np.array([1.0, 1.2, 1.3, 0.0]), np.array([True, True, False, False])
    assert pairs(matched(distance, arms, order=order)) == expected


def test_random_order_depends_on_the_seed_only() -> None:
    rng = np.random.default_rng(0)
    distance, arms = rng.normal(size=80), np.arange(80) < 30
    cohort, score, asked = cohort_on_a_line(arms), make_score(distance), Nearest(order="random", caliper=None, ratio=1)
    first, again, other = (match(cohort, score, asked, seed).membership.tolist() for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_ties_go_to_the_earlier_in_the_file_and_are_counted() -> None:
    """Two controls at the same place, and two at 1 on either side."""
    same = matched(np.array([0.0, 1.0, 1.0]), np.array([True, False, False]))
    assert (pairs(same), same.ties) == ([(0, 1)], 1)
    sides = matched(np.array([0.0, 1.0, -1.0]), np.array([True, False, False]))
    assert (pairs(sides), sides.ties) == ([(0, 1)], 1)
    assert sides.notes == (
        "In 1 pair several controls were equally near; the one earlier in the file was taken, so "
        "another order of the rows could choose others.",
    )
    rounding = matched(np.array([0.2, 0.3, 0.2 - (0.3 - 0.2) * (1 + 1e-14)]), np.array([True, False, False]))
    assert (pairs(rounding), rounding.ties) == ([(0, 1)], 1)


def test_replacement_by_hand() -> None:
    """Both treated want the control at 1.8 (0.8 and 0.2 away) first or second; it serves both."""
    sample = matched(
        np.array([1.0, 2.0, 0.9, 1.8, 5.0]), np.array([True, True, False, False, False]), ratio=2, replace=True
    )
    assert pairs(sample) == [(0, 2), (0, 3), (1, 3), (1, 2)]
    assert sample.weights.tolist() == [1, 1, 1, 1, 0]
    assert sample.notes == (
        "2 controls of 2 served more than one treated patient (at most 2); the sets overlap and are not independent.",
    )


def test_every_reason_for_a_loss() -> None:
    #                 T0   T1   T2   T3    T4   C5   C6   C7
    distance = np.array([9.0, 0.0, 0.1, 3.0, 1.0, 0.0, 1.0, 6.0])
    arms = np.arange(8) < 5
    extra = pd.DataFrame({"site": ["A", "A", "A", "A", "B", "A", "A", "A"]})
    sample = matched(distance, arms, extra, caliper=0.5, caliper_unit="raw", exact=("site",), discard="treated")
    assert pairs(sample) == [(2, 5)]
    assert dict(sample.losses.itertuples(index=False, name=None)) == {
        0: OUTSIDE_SUPPORT,
        1: CONTROLS_TAKEN,
        3: OUTSIDE_CALIPER,
        4: NO_EXACT_PARTNER,
    }
    assert sample.notes[0] == (
        "1 treated patient and 0 controls outside the range of the other group's scores were left out before matching."
    )
    assert sample.notes[1] == (
        "4 of 5 treated patients found no control. The comparison speaks for the 1 matched only "
        "(ATT among the matched), not for all treated patients."
    )


def test_fewer_controls_than_asked_is_matched_as_far_as_it_goes() -> None:
    sample = matched(ratio=3)
    assert np.bincount(sample.membership[:, 1]).tolist() == [3, 3]
    assert sample.notes == (
        "2 of 2 matched treated patients got fewer than 3 controls; controls are weighted so that "
        "every treated patient counts once.",
    )


def test_covariate_caliper_in_its_own_unit() -> None:
    extra = pd.DataFrame({"age": [50.0, 60.0, 56.0, 54.0, 65.0, 60.0]})
    sample = matched(extra=extra, covariate_calipers={"age": {"width": 5, "unit": "raw"}})
    assert pairs(sample) == [(0, 3), (1, 4)]


def test_a_covariate_caliper_limits_whom_the_comparison_speaks_for() -> None:
    """Patient 1 has no control within a year of age; without any caliper the estimand has another name."""
    extra = pd.DataFrame({"age": [50.0, 60.0, 56.0, 50.0, 65.0, 50.0]})
    limited = matched(extra=extra, covariate_calipers={"age": {"width": 1, "unit": "raw"}})
    assert any("the 1 matched only (ATT within the caliper)" in note for note in limited.notes)
    short = matched(np.array([0.0, 1.0, 2.0]), np.array([True, True, False]))
    assert any("the 1 matched only (ATT among the matched)" in note for note in short.notes)


def test_covariate_caliper_in_sds() -> None:
    extra = pd.DataFrame({"age": [50.0, 60.0, 56.0, 54.0, 65.0, 60.0]})
    limit = 5 / np.std(extra["age"], ddof=1)
    wide = matched(extra=extra, covariate_calipers={"age": {"width": limit * 1.0001}})
    assert pairs(wide) == [(0, 3), (1, 4)]
    narrow = matched(extra=extra, covariate_calipers={"age": {"width": limit * 0.9999}})
    assert pairs(narrow) == [(0, 3), (1, 2)]


def test_ratio_above_the_number_of_controls() -> None:
    with pytest.raises(SpecError, match="asks for 5 controls per treated patient; there are 4"):
        matched(ratio=5)


def test_a_caliper_that_leaves_nobody_names_the_smallest_that_would_not() -> None:
    with pytest.raises(EstimationError, match="No treated patient has a control inside the caliper of 0.01") as caught:
        matched(caliper=0.01)
    least = float(caught.value.hint.split(" is ")[1].split(";")[0])
    assert len(matched(caliper=least).pairs) == 1
    with pytest.raises(EstimationError):
        matched(caliper=least * 0.99)


def test_nobody_with_an_exact_partner() -> None:
    extra = pd.DataFrame({"site": ["A", "A", "B", "B", "B", "B"]})
    with pytest.raises(EstimationError, match='No treated patient has a control with the same "site"'):
        matched(extra=extra, exact=("site",))


def test_nobody_in_common_support() -> None:
    distance, arms = np.array([5.0, 6.0, 1.0, 2.0]), np.array([True, True, False, False])
    with pytest.raises(EstimationError, match="nobody is left inside common support"):
        matched(distance, arms, discard="treated")


def test_nobody_inside_a_covariate_caliper() -> None:
    extra = pd.DataFrame({"age": [10.0, 10.0, 50.0, 50.0, 50.0, 50.0]})
    with pytest.raises(EstimationError, match='inside the caliper on "age"'):
        matched(extra=extra, covariate_calipers={"age": {"width": 5, "unit": "raw"}})


def test_a_pooled_caliper_needs_two_in_each_arm() -> None:
    with pytest.raises(EstimationError, match="needs two patients in each group"):
        matched(np.array([0.0, 1.0, 2.0]), np.array([True, False, False]), caliper=0.2, caliper_sd="pooled")


def test_without_a_score_mahalanobis_goes_in_file_order() -> None:
    rng = np.random.default_rng(0)
    frame = pd.DataFrame({"age": rng.normal(60, 10, 40), "sofa": rng.normal(5, 2, 40)})
    treated = np.arange(40) < 10
    frame.loc[treated, "age"] += 200
    cohort = make_cohort(frame, treated)
    score = fit_propensity(cohort, Propensity(), required=False)
    asked = Nearest(metric="mahalanobis", caliper=None, ratio=2)
    sample = match(cohort, score, asked, seed=1)
    assert sample.n_sets == 10
    assert sample.pairs["distance"].isna().all()
    assert "choose in file order" in sample.notes[0]


def test_one_treated_patient() -> None:
    sample = matched(np.array([0.0, 1.0, 2.0, 3.0]), np.array([True, False, False, False]), ratio=3)
    assert sample.membership.tolist() == [[0, 0], [1, 0], [2, 0], [3, 0]]


@pytest.mark.parametrize("order", ["largest", "smallest", "closest"])
def test_row_order_changes_nothing_without_ties(order: str) -> None:
    rng = np.random.default_rng(4)
    distance, arms = rng.normal(size=200), rng.random(200) < 0.3
    shuffle = rng.permutation(200)
    plain = matched(distance, arms, order=order, ratio=3, caliper=0.2)
    mixed = matched(distance[shuffle], arms[shuffle], order=order, ratio=3, caliper=0.2)
    assert sorted((shuffle[t], shuffle[c]) for t, c in pairs(mixed)) == sorted(pairs(plain))


@pytest.mark.parametrize(
    ("value", "expected"), [(0.12341, 0.124), (0.124, 0.124), (3.0, 3.0), (1234.5, 1240), (0, 0.001)]
)
def test_rounded_up(value: float, expected: float) -> None:
    assert rounded_up(value) == pytest.approx(expected, rel=1e-12)


def test_a_number_of_three_digits_stays_though_its_quotient_may_not_be_whole() -> None:
    exact = [float(f"{digits}e-8") for digits in range(100, 1000)]
    assert [rounded_up(value) for value in exact] == pytest.approx(exact, rel=1e-12)
