"""What any method could reach inside a caliper, against every assignment of small cohorts."""

from itertools import combinations, permutations

import numpy as np
import pandas as pd
import pytest

from lib.design.nearest import Nearest
from lib.design.reach import reach
from lib.words.matching import reach_sentence, rounded_up
from tests.builders import make_cohort, make_score

SAME = 1e-9  # relative: the widths are products of the same few numbers in another order


def study(seed: int, treated: int = 3, control: int = 5):
    """A cohort and its score, distances drawn at random."""
    rng = np.random.default_rng(seed)
    arm = np.arange(treated + control) < treated
    distance = rng.normal(size=len(arm)).round(2)
    cohort = make_cohort(pd.DataFrame({"x": distance}), arm)
    return cohort, make_score(distance), distance, arm


def most_pairs(distance: np.ndarray, arm: np.ndarray, width: float) -> int:
    """By trying every assignment of a control to each of the treated that take part."""
    own, others = distance[arm], distance[~arm]
    for size in range(len(own), 0, -1):
        for part in combinations(range(len(own)), size):
            for chosen in permutations(range(len(others)), size):
                if (np.abs(own[list(part)] - others[list(chosen)]) <= width).all():
                    return size
    return 0


@pytest.mark.parametrize("seed", range(25))
def test_pairs_and_width_are_those_of_the_best_assignment(seed):
    cohort, score, distance, arm = study(seed)
    settings = Nearest(ratio=1, caliper=0.5, caliper_unit="raw")
    found = reach(cohort, score, settings, 1)
    assert found.wanted == 3
    assert found.pairs == most_pairs(distance, arm, 0.5)
    assert most_pairs(distance, arm, found.complete * (1 + SAME)) == 3
    assert most_pairs(distance, arm, found.complete * (1 - 1e-6)) < 3


def test_the_width_is_counted_as_the_caliper_is():
    cohort, score, distance, _ = study(3)
    raw = reach(cohort, score, Nearest(caliper_unit="raw"), 1)
    for caliper in (0.2, None):
        in_sd = reach(cohort, score, Nearest(caliper=caliper, caliper_unit="sd"), 1)
        assert in_sd.complete == pytest.approx(raw.complete / np.std(distance, ddof=1), rel=SAME)


def test_other_rules_leave_it_unsaid():
    cohort, score, _, _ = study(1)
    assert reach(cohort, score, Nearest(metric="mahalanobis", caliper=None), 1) is None
    assert reach(cohort, make_score([np.nan] * 8), Nearest(), 1) is None
    assert reach(cohort, score, Nearest(covariate_calipers={"x": {"width": 1}}), 1) is None


def test_in_words():
    cohort, score, _, _ = study(3)
    settings = Nearest(ratio=1, caliper=None)
    one, two = (reach(cohort, score, settings, ratio) for ratio in (1, 2))
    assert reach_sentence(one, settings) == f"Everybody can have 1 control from {rounded_up(one.complete)} SD on."
    assert reach_sentence(two, settings) == "There are too few controls for everybody to have 2 controls."
    inside = Nearest(ratio=1, caliper=0.2)
    said = reach_sentence(reach(cohort, score, inside, 1), inside)
    assert "Inside 0.2 SD any method makes at most" in said and said.endswith("of 3 pairs.")


@pytest.mark.parametrize(
    ("width", "text"),
    [(0.28799, "0.288"), (0.2881, "0.289"), (0.288, "0.288"), (1.0951, "1.10"), (123.4, "124"), (0, "0")],
)
def test_a_width_in_words_is_wide_enough(width, text):
    assert rounded_up(width) == text
    assert float(text) >= width
