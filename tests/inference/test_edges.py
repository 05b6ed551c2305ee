"""Where a rule turns: the smallest sample that is served, the p of the fewest draws, the larger of two p-values."""

import numpy as np
import pytest

from lib.inference import compare_outcomes, several_outcomes
from lib.inference.adjusted import TOO_FEW_SETS, adjusted_mean_difference, adjusted_risks
from lib.inference.attainable import Attainable, attainable
from lib.inference.design_power import Fall
from lib.inference.detectable import _least, detectable
from lib.inference.followed import Followed
from lib.inference.frame import Frame, few_sets_notes, narrow_note
from lib.inference.kaplan_meier import kaplan_meier
from lib.inference.multiplicity import max_t
from lib.inference.notes import SILENCE, Reason
from lib.inference.permutation import DRAWS, drawn_p, permuted_sum
from lib.inference.survival_effects import fit_cox
from lib.inference.survival_tables import moments_table
from lib.inference.survival_tests import cox_test
from tests.inference.builders import binary, cohort_of, even_sets, sample_of, sets_of

SAME = 1e-12  # the same sum in another order


def frame_of(n_sets: int, covariates: int) -> Frame:
    """Sets of 1:1 with random covariates."""
    sets = even_sets(n_sets, 1)
    design = np.random.default_rng(3).normal(size=(2 * n_sets, covariates))
    return Frame.of(np.arange(2 * n_sets), sample_of(sets), 1, design)


@pytest.mark.parametrize(("lost", "refused"), [(0, ""), (1, "59 patients are fewer than 10 for each of 6")])
def test_ten_patients_for_each_coefficient_are_enough(lost: int, refused: str) -> None:
    """30 sets of 1:1 and 6 coefficients: intercept, treatment and four covariates."""
    frame, known = frame_of(30, 4), np.arange(60) >= lost
    found = adjusted_mean_difference(frame, np.random.default_rng(4).normal(size=60), known)
    assert (len(found.estimates), refused in found.refusal.text) == (0 if refused else 1, True)
    assert bool(found.refusal) == bool(refused)


@pytest.mark.parametrize(("events", "refused"), [(40, ""), (39, "39 events"), (80, ""), (81, "39 non-events")])
def test_ten_events_and_non_events_for_each_coefficient_are_enough(events: int, refused: str) -> None:
    """60 sets of 1:1 and 4 coefficients."""
    frame, order = frame_of(60, 2), np.random.default_rng(4).permutation(120)
    found = adjusted_risks(frame, (order < events).astype(float), np.ones(120, dtype=bool))
    assert len(found.estimates) == (0 if refused else 3)
    assert found.refusal.text.startswith(
        f"Regression adjustment is not offered: {refused} are fewer" if refused else ""
    )
    assert bool(found.refusal) == bool(refused)


@pytest.mark.parametrize(
    ("n_sets", "without", "refused"), [(30, 0, SILENCE), (29, 0, TOO_FEW_SETS), (30, 2, TOO_FEW_SETS)]
)
def test_thirty_sets_are_enough_and_count_where_the_outcome_is_known(
    n_sets: int, without: int, refused: Reason
) -> None:
    """`without`: patients whose outcome is missing, a whole set."""
    frame, known = frame_of(n_sets, 1), np.arange(2 * n_sets) >= without
    found = adjusted_mean_difference(frame, np.random.default_rng(4).normal(size=2 * n_sets), known)
    assert (found.refusal, len(found.estimates)) == (refused, 0 if refused else 1)


def test_a_drawn_p_counts_the_observed_arrangement() -> None:
    """Of 3 draws one is as far from 0 as the observed 2: (1 + 1)/(1 + 3). No p is 0."""
    found = drawn_p(np.array([-2.0, 1, 0]), 2.0, 0.0, seed=1)
    assert found.p_value == 0.5
    assert found.standard_error == pytest.approx(np.sqrt(0.5 * 0.5 / 3))
    assert drawn_p(np.array([1.0, 0, -1]), 2.0, 0.0, seed=1).p_value == 0.25


def test_an_effect_that_no_draw_reaches_has_the_smallest_p_there_is() -> None:
    """40 sets of 1:3, every treated patient above every control: one of 4^40 arrangements is as far."""
    blocks = even_sets(40, 3).blocks()
    scores = np.where(blocks.treated, 3.0, -1.0)
    assert permuted_sum(scores, blocks, 1).p_value == 1 / (1 + DRAWS)
    both = max_t(np.column_stack([scores, 0 * scores]), blocks, 1)
    assert both.p_values.tolist() == pytest.approx([1 / (1 + DRAWS), 1.0], abs=SAME)


def test_an_adjusted_p_is_never_below_the_outcomes_own() -> None:
    """One outcome with an exact p by set of 13/24 and a max-T of 7/24: they order the arrangements differently."""
    sizes, events = [3, 2, 2, 3, 4], [1, 1, 1, 1, 0, 1, 1, 1, 1, 0, 1, 0, 1, 1]
    sets = sets_of(np.repeat(np.arange(5), sizes).tolist(), [int(i == 0) for n in sizes for i in range(n)])
    blocks, event = sets.blocks(), np.array(events, dtype=float)
    alone = max_t((event - np.repeat(blocks.totals(event) / blocks.sizes, blocks.sizes))[:, None], blocks, 1)
    cohort, sample = cohort_of(sets.treated, {"death": event}, [binary()]), sample_of(sets)
    row = several_outcomes(cohort, sample, compare_outcomes(cohort, sample, 1), 1).rows.iloc[0]
    assert alone.p_values.tolist() == pytest.approx([7 / 24])
    assert row["p_raw"] == pytest.approx(13 / 24)
    assert row["p_max_t"] == row["p_raw"]


@pytest.mark.parametrize(("n_sets", "few"), [(1, False), (2, True), (29, True), (30, False)])
def test_below_thirty_sets_clustered_errors_are_doubted(n_sets: int, few: bool) -> None:
    assert bool(few_sets_notes(n_sets)) == few
    assert bool(narrow_note(n_sets, "the test by set")) == (n_sets < 30)


@pytest.mark.parametrize(("n_sets", "few"), [(29, True), (30, False)])
def test_below_thirty_sets_the_cox_test_is_doubted(n_sets: int, few: bool) -> None:
    rng, sets = np.random.default_rng(2), even_sets(n_sets, 1)
    time, cause = rng.permutation(2 * n_sets) + 1.0, np.ones(2 * n_sets, dtype=int)
    followed = Followed(time, cause, sets.treated, np.ones(2 * n_sets), sets.set_id)
    assert ("few for a clustered SE" in cox_test(fit_cox(followed), followed).note) == few


def test_sixty_sets_are_told_every_way_their_events_could_fall_and_61_are_not() -> None:
    for n_sets, told in ((60, True), (61, False)):
        sets = even_sets(n_sets, 1)
        death = (np.arange(2 * n_sets) == 1).astype(float)
        [outcome] = compare_outcomes(cohort_of(sets.treated, {"death": death}, [binary()]), sample_of(sets), 1)
        assert (attainable(outcome) is not None) == told
        assert (detectable([1] * n_sets, seed=1, control_risks=()).fewest is not None) == told


def test_a_p_of_005_is_within_reach() -> None:
    ways = (Fall((1,), 0.05, 1, 0.25), Fall((0,), 0.051, 3, 0.75))
    assert Attainable(ways, 1, 4, 1, None).below == 0.25


def test_the_least_difference_has_just_the_power_asked_for() -> None:
    """Power that rises as the difference does: 80% at 0.8, which is a step of 0.05; 79% with a step less."""
    assert _least(lambda x: x, 1.0, 0.05) == pytest.approx(0.8)
    assert _least(lambda x: x - 0.01, 1.0, 0.05) == pytest.approx(0.85)
    assert np.isnan(_least(lambda x: 0.79, 1.0, 0.05))


def test_a_survival_is_carried_forward_only_beyond_the_last_follow_up() -> None:
    km = kaplan_meier(np.array([2.0, 3, 9]), np.array([True, False, False]), np.ones(3))
    notes = moments_table({"treated": km}, np.array([1.0, 9, 9.5]))["note"].tolist()
    assert notes == ["No event yet: exact lower limit.", "", "Carried forward from 9, where follow-up ends."]
