"""What a design can show before any outcome."""

from itertools import combinations
from math import comb

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.errors import EstimationError
from lib.inference.design_power import MOST_FALLS, fall_p, falls, fewest_events, smallest_p

layouts = st.lists(st.integers(1, 3), min_size=1, max_size=4)


def test_eight_sets_of_three_as_published() -> None:
    """The exact table of statistics.md: 0/8 against 5/24 can not reach 0.05 however the deaths fall."""
    five = {fall.per_set[:5]: fall.p_value for fall in falls([3] * 8, 5)}
    assert five[(3, 2, 0, 0, 0)] == pytest.approx(0.1250, abs=5e-5)
    assert five[(2, 1, 1, 1, 0)] == pytest.approx(0.2969, abs=5e-5)
    assert five[(1, 1, 1, 1, 1)] == pytest.approx(0.3408, abs=5e-5)
    seven = falls([3] * 8, 7)
    assert (seven[0].per_set[:3], seven[0].p_value) == ((3, 3, 1), pytest.approx(0.0469, abs=5e-5))
    assert (seven[-1].per_set[:7], seven[-1].p_value) == ((1,) * 7, pytest.approx(0.2040, abs=5e-5))
    assert sum(fall.ways for fall in seven) == comb(24, 7)
    assert sum(fall.share for fall in seven) == pytest.approx(1)
    assert min(five.values()) == smallest_p([3] * 8, 5).p_value == 0.125


def test_fewest_events() -> None:
    assert fewest_events([3] * 8).per_set == (3, 3, 1, 0, 0, 0, 0, 0)
    assert fewest_events([1] * 8).per_set == (1, 1, 1, 1, 1, 1, 0, 0)
    assert fewest_events([1] * 4) is None
    assert fewest_events([3]) is None


@given(layouts, st.data())
def test_every_choice_of_dying_controls_is_one_of_the_falls(controls: list[int], data: st.DataObject) -> None:
    deaths = data.draw(st.integers(0, sum(controls)))
    layout = sorted(controls, reverse=True)
    home = [s for s, size in enumerate(layout) for _ in range(size)]
    seen: dict[tuple[int, ...], int] = {}
    for dying in combinations(range(len(home)), deaths):
        numbers = [sum(home[patient] == s for patient in dying) for s in range(len(layout))]
        canonical = tuple(
            d
            for size in sorted(set(layout), reverse=True)
            for d in sorted((n for n, c in zip(numbers, layout, strict=True) if c == size), reverse=True)
        )
        seen[canonical] = seen.get(canonical, 0) + 1
    found = falls(controls, deaths)
    assert {fall.per_set: fall.ways for fall in found} == seen
    assert [fall.p_value for fall in found] == sorted(fall_p(layout, fall.per_set) for fall in found)
    assert smallest_p(controls, deaths) == found[0]


def test_bad_questions() -> None:
    with pytest.raises(EstimationError, match="25 deaths cannot fall among 24 controls"):
        falls([3] * 8, 25)
    with pytest.raises(EstimationError, match=f"{MOST_FALLS:,} ways"):
        falls([1] * 40 + [2] * 40 + [3] * 40 + [4] * 40 + [5] * 40, 60)
