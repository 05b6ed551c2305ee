"""Times that differ by rounding are one time, whatever the unit; times that differ by more stay two."""

import numpy as np
import pytest

from lib.inference.followed import Course
from lib.rounding import as_one


def test_sums_of_decimals_by_hand() -> None:
    one = as_one(np.array([0.3, 0.1 + 0.2, np.nan, 0.4, 0.0]))
    assert one[0] == one[1] == 0.3
    assert np.isnan(one[2]) and one[3] == 0.4 and one[4] == 0.0


def test_what_is_not_rounding_stays() -> None:
    values = np.array([1.0, 1.0 + 1e-9, 100.0])
    assert (as_one(values) == values).all()


@pytest.mark.parametrize("unit", [1e-9, 1.0, 365.25, 1e9])
def test_the_unit_does_not_matter(unit: float) -> None:
    """Tenths added up in another order, in any unit, are the tenths."""
    tenths = np.arange(1, 40) / 10
    summed = np.cumsum(np.full(39, 0.1))
    both = as_one(unit * np.concatenate([tenths, summed]))
    assert len(np.unique(both)) == 39
    assert (both[:39] == both[39:]).all()


def test_nothing_known() -> None:
    assert np.isnan(as_one(np.full(2, np.nan))).all()
    assert len(as_one(np.zeros(0))) == 0


def test_a_time_at_the_horizon_but_for_rounding_is_at_it() -> None:
    course = Course.of(np.array([0.1 + 0.2, 0.4, 0.3, np.nan]), np.array([1.0, 1.0, 0.0, 1.0])).cut(0.3)
    assert course.time[:3].tolist() == [0.3, 0.3, 0.3]
    assert course.cause.tolist() == [1, 0, 0, 0]
