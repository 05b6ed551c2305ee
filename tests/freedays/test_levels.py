"""Which of two patients fared better, level by level."""

import numpy as np
import pytest

from lib.errors import SpecError
from lib.freedays.levels import decide, level_of, pairs_within
from lib.spec import Outcome, WinLevel
from tests.freedays.builders import binary, blocks, numbers, survival

NAN = float("nan")


def verdict(level):
    """Patient 0 against patient 1, and the other way round."""
    return level.verdicts(np.array([0, 1]), np.array([1, 0])).tolist()


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        (binary([0, 1]), 1),
        (binary([1, 1]), 0),
        (binary([0, NAN]), 0),
        (binary([0, 1], "higher"), -1),
        (numbers([5, 3]), 1),
        (numbers([5, 3], "lower"), -1),
        (numbers([5, 5]), 0),
        (numbers([NAN, 3]), 0),
        (numbers([5, 3], margin=2), 0),
        (numbers([5, 2.9], margin=2), 1),
        (numbers([0.3, 0.1 + 0.2]), 0),
        (survival([60, 20], [0, 1]), 1),  # one lived, the other died
        (survival([30, 20], [1, 1]), 1),  # both died, one later
        (survival([20, 20], [1, 1]), 0),  # on the same day
        (survival([20, 20], [0, 1]), 1),  # followed alive through that day
        (survival([10, 20], [0, 1]), 0),  # lost before the other died: nobody knows
        (survival([10, 20], [0, 0]), 0),  # nobody died
        (survival([70, 65], [0, 1], horizon=60), 0),  # a death beyond the horizon does not count
        (survival([50, 65], [1, 1], horizon=60), -1),
        (survival([NAN, 20], [NAN, 1]), 0),
        (survival([5, 20], [1, 1], better="higher"), 1),  # discharge: earlier is better
    ],
)
def test_two_patients_by_hand(level, expected):
    assert verdict(level) == [expected, -expected]


def test_the_first_level_that_tells_decides():
    levels = (binary([0, 0, 1, 0]), numbers([5, 9, 9, NAN]))
    first, decided = decide(levels, np.array([0, 0, 0]), np.array([1, 2, 3]))
    assert first.tolist() == [-1, 1, 0]
    assert decided.tolist() == [1, 0, -1]


def test_unknown_values_are_counted():
    assert numbers([NAN, 3, 4]).unknown(np.array([0, 1]), np.array([1, 2])).tolist() == [True, False]


def test_every_pair_of_a_set_once_and_none_across():
    sets = blocks([1, 1, 1, 2, 2, 3, 3, 3, 3], [1, 0, 0, 1, 0, 1, 0, 0, 0])
    seen = [(i, j) for p in pairs_within(sets) for i, j in zip(p.first.tolist(), p.second.tolist(), strict=True)]
    assert sorted(seen) == [(0, 1), (0, 2), (1, 2), (3, 4), (5, 6), (5, 7), (5, 8), (6, 7), (6, 8), (7, 8)]


def test_the_direction_is_the_levels_else_the_outcomes_and_asked_for_otherwise():
    crp = Outcome(name="crp", kind="continuous", column="crp")
    death = Outcome(name="death", kind="binary", column="death")
    none = np.zeros(2)
    assert level_of(WinLevel(outcome="death"), death, none, none).better == "lower"
    days = crp.model_copy(update={"better": "higher"})
    assert level_of(WinLevel(outcome="crp"), days, none, none).better == "higher"
    assert level_of(WinLevel(outcome="crp", better="lower"), days, none, none).better == "lower"
    alive = death.model_copy(update={"better": "higher"})
    assert level_of(WinLevel(outcome="death"), alive, none, none).better == "higher"
    assert level_of(WinLevel(outcome="crp", better="lower"), crp, none, none).better == "lower"
    with pytest.raises(SpecError, match='higher or a lower "crp" is better'):
        level_of(WinLevel(outcome="crp"), crp, none, none)
    with pytest.raises(SpecError, match="margin"):
        level_of(WinLevel(outcome="death", margin=1), death, none, none)
