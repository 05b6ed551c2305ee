"""The fast matchers against the obvious one, on cohorts drawn by hypothesis, full of ties."""

import numpy as np
import pandas as pd
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from lib.design import Comparison, match
from lib.design.nearest import Nearest
from lib.errors import EstimationError
from tests.builders import cohort_on_a_line, make_cohort, make_score
from tests.design.naive import naive_match
from tests.invariants import allowed_pairs, assert_good_match


@st.composite
def lines(draw: st.DrawFn) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Distances on a small grid (ties abound) or spread out, arms, and columns to match on."""
    n = draw(st.integers(2, 16))
    treated = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    assume(treated.any() and not treated.all())
    grid = draw(st.booleans())
    values = st.integers(-6, 6) if grid else st.floats(-3, 3, allow_subnormal=False)
    distance = np.array(draw(st.lists(values, min_size=n, max_size=n)), dtype=float)
    assume(grid or np.diff(np.unique(distance)).min(initial=1) > 1e-6)
    extra = pd.DataFrame(
        {
            "site": draw(st.lists(st.sampled_from("ABC"), min_size=n, max_size=n)),
            "age": np.array(draw(st.lists(st.integers(0, 9), min_size=n, max_size=n)), dtype=float),
        }
    )
    return distance, treated, extra


SETTINGS = st.fixed_dictionaries(
    {
        "ratio": st.integers(1, 4),
        "caliper": st.sampled_from([None, 0.2, 0.5, 1.0, 2.0]),
        "caliper_unit": st.sampled_from(["sd", "raw"]),
        "replace": st.booleans(),
        "order": st.sampled_from(["largest", "smallest", "closest", "data"]),
        "exact": st.sampled_from([(), ("site",)]),
        "discard": st.sampled_from(["none", "treated", "control", "both"]),
        "covariate_calipers": st.sampled_from([{}, {"age": {"width": 3, "unit": "raw"}}]),
    }
)


def choosing_order(distance: np.ndarray, treated: np.ndarray, order: str) -> list[int]:
    rows = np.flatnonzero(treated).tolist()
    if order == "largest":
        return sorted(rows, key=lambda row: (-distance[row], row))
    return sorted(rows, key=lambda row: (distance[row], row)) if order == "smallest" else rows


def pairs_of(sample: Comparison) -> list[tuple[int, int, int]]:
    return sorted(sample.pairs[["treated_row", "control_row", "pick"]].itertuples(index=False, name=None))


@settings(max_examples=200, deadline=None)
@given(lines(), SETTINGS)
def test_propensity_distance(line: tuple[np.ndarray, np.ndarray, pd.DataFrame], chosen: dict) -> None:
    distance, treated, extra = line
    chosen = {**chosen, "ratio": min(chosen["ratio"], int((~treated).sum()))}
    asked = Nearest(**chosen)
    cohort, score = cohort_on_a_line(treated, extra), make_score(distance)
    assume(float(np.std(distance)) > 0)
    allowed = allowed_pairs(cohort, score, asked)
    gaps = np.abs(distance[:, None] - distance)
    expected = naive_match(gaps.round(9), allowed, choosing_order(distance, treated, asked.order), asked)
    try:
        sample = match(cohort, score, asked, seed=1)
    except EstimationError:
        assert not expected
        return
    assert_good_match(cohort, score, asked, sample)
    assert pairs_of(sample) == expected


@settings(max_examples=100, deadline=None)
@given(lines(), SETTINGS)
def test_mahalanobis(line: tuple[np.ndarray, np.ndarray, pd.DataFrame], chosen: dict) -> None:
    """One covariate on a grid: the Mahalanobis distance is its difference over one SD, so that ties stay ties."""
    distance, treated, extra = line
    chosen = {**chosen, "ratio": min(chosen["ratio"], int((~treated).sum())), "metric": "mahalanobis"}
    asked = Nearest(**chosen)
    covariate = pd.DataFrame({"x": extra["age"]})
    cohort = make_cohort(covariate, treated, ("site", "age"), extra)
    score = make_score(distance)
    assume(float(np.std(distance)) > 0)
    gaps = np.abs(extra["age"].to_numpy()[:, None] - extra["age"].to_numpy())
    expected = naive_match(
        gaps, allowed_pairs(cohort, score, asked), choosing_order(distance, treated, asked.order), asked
    )
    try:
        sample = match(cohort, score, asked, seed=1)
    except EstimationError:
        return
    assert_good_match(cohort, score, asked, sample)
    assert pairs_of(sample) == expected
