"""What a design could find: by hand, against exact enumeration of small designs, by simulation, and by property."""

from itertools import product
from math import comb

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import norm

from lib.errors import EstimationError
from lib.inference.detectable import (
    ASSUMED_NORMAL,
    FEWEST_STUDIES,
    MOST_SIMULATED,
    RISK_STEPS,
    SHIFT_STEPS,
    STUDIES,
    detectable,
    exact_p_of_many,
    found_by_set,
    shift_found,
    studies_for,
)
from lib.inference.engine import events_distribution
from lib.inference.normal_power import risk_power, shift_power
from lib.inference.ranks import aligned_rank
from lib.inference.sets import Blocks
from lib.words.power import detectable_table
from tests.inference.builders import even_sets

SAME = 1e-9  # two double-precision routes to one number
SAME_RISK = 2 * RISK_STEPS[1]  # a step of the simulation, and three standard errors of its power there
SIMULATED = 3 * np.sqrt(0.25 / STUDIES)  # three standard errors of a simulated power


def true_power(n_sets: int, controls: int, treated_risk: float, control_risk: float) -> float:
    """Of the exact test, over every outcome of a small design."""
    kinds = list(product((0, 1), range(controls + 1)))
    chance = [
        (treated_risk if a else 1 - treated_risk)
        * comb(controls, b)
        * control_risk**b
        * (1 - control_risk) ** (controls - b)
        for a, b in kinds
    ]
    total = 0.0
    for study in product(range(len(kinds)), repeat=n_sets):
        a, b = np.array([kinds[k] for k in study]).T
        p = events_distribution(a + b, np.full(n_sets, controls + 1)).minlike(int(a.sum()))
        total += np.prod([chance[k] for k in study]) * (p <= 0.05)
    return total


@given(st.integers(0, 1000))
@settings(max_examples=20)
def test_many_exact_p_values_at_once(seed: int) -> None:
    rng = np.random.default_rng(seed)
    sizes = rng.integers(2, 5, 7)
    treated, control = rng.integers(0, 2, (20, 7)), rng.integers(0, sizes, (20, 7))
    ours = exact_p_of_many((treated + control) / sizes, treated.sum(axis=1))
    each = [events_distribution(a + b, sizes).minlike(int(a.sum())) for a, b in zip(treated, control, strict=True)]
    assert ours == pytest.approx(each, abs=SAME)


@given(st.integers(0, 1000))
@settings(max_examples=10)
def test_ranks_of_many_studies_at_once(seed: int) -> None:
    blocks, rng = even_sets(6, 2).blocks(), np.random.default_rng(seed)
    noise = rng.normal(size=(30, 18))
    each = [aligned_rank(row + 1.2 * blocks.treated, blocks).p_value <= 0.05 for row in noise]
    assert shift_found(noise, 1.2, blocks).tolist() == each


def test_power_of_three_sets_by_enumeration() -> None:
    """3 sets of 1:3: no event among the treated cannot be found; every event can."""
    design = detectable([3, 3, 3], 1, (0.1,))
    row = design.risks.iloc[0]
    assert design.smallest_p == pytest.approx(1 / 64)
    assert row["power_if_none"] == pytest.approx(true_power(3, 3, 0.0, 0.1), abs=SIMULATED)
    assert row["power_if_all"] == pytest.approx(true_power(3, 3, 1.0, 0.1), abs=SIMULATED)


def test_a_detectable_risk_has_the_power_that_it_claims() -> None:
    design = detectable([3] * 4, 1, (0.1,))
    row, step = design.risks.iloc[0], RISK_STEPS[0]
    assert row["higher_difference"] == pytest.approx(row["higher_risk"] - 0.1)
    assert true_power(4, 3, row["higher_risk"], 0.1) == pytest.approx(0.8, abs=0.05)
    assert true_power(4, 3, row["higher_risk"] - 5 * step, 0.1) < 0.8


def test_thousands_of_sets_agree_with_the_formula() -> None:
    """1:1 pairs, 400 of them: discordant pairs decide; sizes from the normal power of McNemar (Miettinen 1968)."""
    row = detectable([1] * 400, 1, (0.25,)).risks.iloc[0]
    p1, p0 = row["higher_risk"], 0.25
    up, down = p1 * (1 - p0), p0 * (1 - p1)
    sd = np.sqrt(up + down - (up - down) ** 2)
    power = norm.cdf((np.sqrt(400) * (up - down) - 1.96 * np.sqrt(up + down)) / sd)
    assert power == pytest.approx(0.8, abs=0.05)
    shift = detectable([1] * 400, 1).shift
    # the signed rank test's efficiency against t is 0.955; differences have SD sqrt 2
    assert shift == pytest.approx(2.8 * np.sqrt(2) / np.sqrt(400 * 0.955), abs=3 * SHIFT_STEPS[1])


def test_eight_sets_of_three_as_a_reader_sees_them() -> None:
    design = detectable([3] * 8, 1)
    assert (design.n_sets, design.n_controls, design.studies) == (8, 24, STUDIES)
    quarter = design.risks.set_index("control_risk").loc[0.25]
    assert np.isnan(quarter["lower_risk"])
    assert quarter["power_if_none"] < 0.1
    assert design.sentences[2].startswith("If 25% of the controls have the event, even no event among the treated is")
    shift = f"{design.shift:.2f} standard deviations"
    assert design.sentences[-1] == f"A number has to shift by {shift} to be found with 80% power."
    assert detectable([3] * 8, 1).risks.equals(design.risks)


def test_more_sets_find_smaller_differences() -> None:
    found = [detectable([2] * n, 1, (0.5,)) for n in (8, 16, 32, 64)]
    lower = [design.risks["lower_difference"].iloc[0] for design in found[1:]]
    assert lower == sorted(lower)
    shifts = [design.shift for design in found]
    assert shifts == sorted(shifts, reverse=True)


def test_exact_and_approximate_event_tests_meet() -> None:
    rng, sizes = np.random.default_rng(1), np.full(40, 4)
    treated, control = rng.binomial(1, 0.5, (400, 40)), rng.binomial(3, 0.25, (400, 40))
    exact = found_by_set(treated, control, sizes)
    more = np.concatenate([treated, np.zeros((400, 1), dtype=int)], axis=1)  # a set without events says nothing
    silent = np.concatenate([control, np.zeros((400, 1), dtype=int)], axis=1)
    approximate = found_by_set(more, silent, np.full(41, 4))
    assert (approximate != exact).mean() < 0.02


def test_designs_that_can_show_nothing() -> None:
    one = detectable([3], 1)
    assert one.smallest_p == 0.25
    assert np.isnan(one.shift)
    assert one.sentences[-1].startswith("No shift")
    with pytest.raises(EstimationError, match="no matched set"):
        detectable([], 1)
    with pytest.raises(EstimationError, match="between 0 and 1"):
        detectable([3, 3], 1, (0.0,))


def test_fewer_studies_for_thousands_of_patients() -> None:
    assert [studies_for(np.array([n])) for n in (32, 2000, 10**6)] == [STUDIES, 524, FEWEST_STUDIES]
    assert detectable([3] * 2000, 1, (0.25,)).smallest_p > 0


@pytest.mark.parametrize("largest", [1, 3])
def test_the_normal_approximation_takes_over_where_it_agrees_with_the_simulation(largest: int) -> None:
    """At the border both say the same: what one finds with 80% power, the other does too."""
    controls = np.random.default_rng(1).integers(1, largest + 1, MOST_SIMULATED + 1).tolist()
    simulated, normal = detectable(controls[:-1], 1), detectable(controls, 1)
    assert simulated.studies >= FEWEST_STUDIES
    assert normal.studies == 0
    assert simulated.assumptions.startswith("Simulated: ")
    assert normal.assumptions.startswith("By normal approximation, as there are more than 1,000 sets: ")
    both = zip(simulated.risks.itertuples(), normal.risks.itertuples(), strict=True)
    for one, other in both:
        assert other.lower_risk == pytest.approx(one.lower_risk, abs=SAME_RISK)
        assert other.higher_risk == pytest.approx(one.higher_risk, abs=SAME_RISK)
        assert (other.power_if_none, other.power_if_all) == (one.power_if_none, one.power_if_all) == (1, 1)
    assert normal.shift == pytest.approx(simulated.shift, abs=SHIFT_STEPS[1])


@pytest.mark.parametrize("low, high", [(2, 2), (4, 4), (2, 6)])
def test_the_power_of_many_sets_against_many_studies(low: int, high: int) -> None:
    rng = np.random.default_rng(2)
    sizes = np.sort(rng.integers(low, high + 1, MOST_SIMULATED))
    for treated_risk, control_risk in ((0.07, 0.1), (0.3, 0.25), (0.5, 0.5)):
        shape = (STUDIES, len(sizes))
        treated, control = rng.random(shape) < treated_risk, rng.binomial(sizes - 1, control_risk, shape)
        found = found_by_set(treated.astype(int), control, sizes).mean()
        assert risk_power(sizes, treated_risk, control_risk) == pytest.approx(found, abs=SIMULATED)
    blocks = Blocks(np.arange(int(sizes.sum())), sizes, np.ones_like(sizes), np.arange(len(sizes)))
    for shift in (0.0, 0.08):
        found = shift_found(rng.normal(size=(STUDIES, len(blocks.row))), shift, blocks).mean()
        assert shift_power(sizes, shift) == pytest.approx(found, abs=SIMULATED)


def test_many_sets_find_small_differences_and_say_them_with_a_decimal() -> None:
    design = detectable([3] * 100_000, 1)
    assert design.risks["lower_difference"].between(-0.01, 0, inclusive="neither").all()
    assert 0 < design.shift < 0.02
    assert "has to fall to 9.7% to be found" in design.sentences[1]
    assert design.smallest_p == np.finfo(float).tiny


def test_the_table_counts_studies_only_where_there_are_any() -> None:
    few, many = (detectable_table(detectable([2] * n, 1, (0.25,))) for n in (50, MOST_SIMULATED + 1))
    assert few.footnotes[0].endswith(" 1,000 studies of 50 sets.")
    assert many.footnotes == (ASSUMED_NORMAL,)
