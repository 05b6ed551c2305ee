"""The p that an outcome's events could have reached, by hand and against the oracle's patterns."""

import numpy as np
import pytest

from lib.inference import compare_outcomes, detectable
from lib.inference.attainable import attainable, pattern
from tests.conftest import reference
from tests.inference.builders import binary, cohort_of, even_sets, sample_of

EXACT = 1e-9  # double precision; the file keeps 13 digits


def outcome(per_set: list[int], treated: int = 0):
    """8 sets of 1:3 with these control events, and so many treated events."""
    sets = even_sets(8, 3)
    death = np.zeros(32)
    for number, deaths in enumerate(per_set):
        rows = np.flatnonzero((sets.set_id == number) & ~sets.treated)
        death[rows[:deaths]] = 1
    death[np.flatnonzero(sets.treated)[:treated]] = 1
    return compare_outcomes(cohort_of(sets.treated, {"death": death}, [binary()]), sample_of(sets), 1)[0]


def test_five_events_as_the_oracle_has_them():
    found = attainable(outcome([1, 1, 1, 1, 1, 0, 0, 0]))
    assert (found.events, found.controls, found.sets) == (5, 24, 8)
    assert pattern(found.observed) == "1 + 1 + 1 + 1 + 1"
    told = {
        tuple(sorted(f["control_deaths_per_set"], reverse=True)): f["p_exact_two_sided_minlike"]
        for f in reference("matched_sets.json")["binary_8_sets_1_to_3"]
        if sum(f["control_deaths_per_set"]) == 5
    }
    ours = {fall.per_set: fall.p_value for fall in found.ways}
    assert ours.keys() == told.keys()
    assert [ours[k] for k in told] == pytest.approx(list(told.values()), abs=EXACT)
    assert (found.smallest_p, found.largest_p) == (0.125, pytest.approx(0.3408203125))
    assert found.below == 0
    assert sum(fall.share for fall in found.ways) == pytest.approx(1)


def test_a_treated_event_leaves_no_observed_fall():
    assert attainable(outcome([2, 1, 0, 0, 0, 0, 0, 0], treated=1)).observed is None


def test_the_design_needs_seven_events():
    fewest = detectable([3] * 8, 1).fewest
    assert pattern(fewest.per_set) == "3 + 3 + 1"
    assert fewest.p_value == pytest.approx(0.046875)
    assert detectable([1] * 61, 1).fewest is None, "not looked for in more than 60 sets"
