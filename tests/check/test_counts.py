"""p by set and as pairs: against every choice of patients, against the study, and properties."""

import time
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.check import check, claim_of, design_of
from lib.check.by_set import set_range
from lib.check.design import PaperDesign
from lib.check.pairs import discordant
from lib.errors import EstimationError
from lib.inference.asymptotic import chi_square
from lib.inference.attainable import attainable
from lib.inference.results import BinaryOutcome
from lib.io import read_csv
from lib.spec import AnalysisSpec
from lib.steps import run
from lib.study.published import printed_rows, repeated_pairs
from tests.check import brute
from tests.conftest import SAMPLES

EXACT = 1e-9
TINY_DESIGNS = ([1], [3], [1, 1], [2, 2], [2, 1], [1, 1, 1], [3, 1], [2, 2, 1], [3, 2], [3, 3])
designs = st.lists(st.integers(1, 3), min_size=1, max_size=6)


def checked(controls: list[int], a: int, b: int, p: str = ""):
    design = design_of(sets=controls)
    return check(design, claim_of(design, "", (a, b), p=p))


def every_count(controls: list[int]):
    return product(range(len(controls) + 1), range(sum(controls) + 1))


@pytest.mark.parametrize("controls", TINY_DESIGNS)
def test_as_every_choice_of_patients_one_by_one(controls):
    for a, b in every_count(controls):
        seen = brute.choices(controls, a, b)
        p = np.array([brute.set_p(sets, a) for sets in seen])
        found = set_range(PaperDesign(tuple(sorted(controls, reverse=True))), a, b)
        assert (found.p_low, found.p_high) == pytest.approx((p.min(), p.max()), rel=EXACT), (a, b)
        assert found.placements == len(seen), (a, b)
        below = brute.shares(seen, controls, a, b)[p <= 0.05].sum()
        assert found.below == pytest.approx(below, abs=EXACT), (a, b)


@pytest.mark.parametrize("controls", TINY_DESIGNS)
def test_pairs_as_listed_one_by_one(controls):
    for a, b in every_count(controls):
        told = {brute.pair_counts(sets) for sets in brute.choices(controls, a, b)}
        found = discordant(PaperDesign(tuple(sorted(controls, reverse=True))), a, b)
        assert set(zip(found.b.tolist(), found.c.tolist(), strict=True)) == told, (a, b)
        one = checked(controls, a, b)
        p = [chi_square(plus - minus, plus + minus).p_value for plus, minus in told if plus + minus]
        want = (min(p), max(p)) if p and len(controls) > 1 else (np.nan, np.nan)
        assert one.as_pairs == pytest.approx(want, nan_ok=True, rel=EXACT), (a, b)


@pytest.mark.parametrize("controls", [[1], [3], [1, 1], [2, 1], [2, 2], [1, 1, 1], [2, 1, 1]])
def test_the_smallest_p_of_a_design_over_all_events(controls):
    assert design_of(sets=controls).smallest_p == pytest.approx(brute.smallest_p(controls), rel=EXACT)


@pytest.fixture(scope="module")
def study() -> dict[str, BinaryOutcome]:
    spec = AnalysisSpec.from_json((SAMPLES / "msc_covid19.spec.json").read_bytes())
    made = run(read_csv((SAMPLES / "msc_covid19.csv").read_bytes()), spec)
    return {o.name: o for o in made.outcomes if isinstance(o, BinaryOutcome)}


def test_gregoire_as_on_the_published_study_page(study):
    """The sample's own sets are one way of those that its counts allow; without a treated event the range is that of
    the page."""
    printed = {row.variable: row for row in printed_rows((SAMPLES / "published_tables.json").read_bytes())}
    for name, outcome in study.items():
        if name not in printed:
            continue
        cells = {cell.part: cell.values[0] for cell in printed[name].cells}
        one = checked([3] * 8, int(cells["msc"]), int(cells["matched"]), str(cells["p_matched"]))
        p = {test.name: test.p_value for test in outcome.tests}
        low, high = one.as_pairs
        assert low * (1 - EXACT) <= p["mcnemar_pairs"] <= high * (1 + EXACT)
        assert "mcnemar_pairs" in one.same_as
        assert one.by_set.p_low * (1 - EXACT) <= p["exact_by_set"] <= one.by_set.p_high * (1 + EXACT)
        pairs = repeated_pairs(outcome.sets)
        assert (pairs.b, pairs.c) in zip(one.pairs.b.tolist(), one.pairs.c.tolist(), strict=True)
        if not outcome.treated.events:
            shown = attainable(outcome)
            assert (one.by_set.p_low, one.by_set.p_high) == pytest.approx((shown.smallest_p, shown.largest_p))
            assert one.by_set.placements == len(shown.ways)
            assert one.by_set.below == pytest.approx(shown.below, abs=EXACT)


def test_gregoire_by_hand():
    """By set (R mantelhaen.test): 3 + 2 gives 0.125, 1 x 5 gives 0.3408; 3 + 3 + 1 gives 0.0469, 1 x 7 gives 0.2040.
    McNemar: 5 and 7 on 1 degree of freedom."""
    five, seven = checked([3] * 8, 0, 5), checked([3] * 8, 0, 7)
    assert (five.by_set.p_low, five.by_set.p_high) == pytest.approx((0.125, 0.3408), abs=5e-5)
    assert (seven.by_set.p_low, seven.by_set.p_high) == pytest.approx((0.0469, 0.2040), abs=5e-5)
    assert five.as_pairs == pytest.approx((0.0253, 0.0253), abs=5e-5)
    assert seven.as_pairs == pytest.approx((0.0082, 0.0082), abs=5e-5)
    assert five.by_set.example(True)[:3] == (3, 2, 0) and five.by_set.example(False)[:6] == (1, 1, 1, 1, 1, 0)


@given(designs, st.data())
@settings(deadline=None)
def test_properties(controls, data):
    a, b = data.draw(st.integers(0, len(controls))), data.draw(st.integers(0, sum(controls)))
    one = checked(controls, a, b)
    low, high = one.by_set.p_low, one.by_set.p_high
    assert 0 < one.design.smallest_p <= low * (1 + EXACT)
    assert low <= high <= 1
    assert 0 <= one.by_set.below <= 1
    shuffled = checked(data.draw(st.permutations(controls)), a, b)
    assert (low, high) == (shuffled.by_set.p_low, shuffled.by_set.p_high)
    assert one.as_pairs == pytest.approx(shuffled.as_pairs, nan_ok=True)
    mirrored = checked(controls, len(controls) - a, sum(controls) - b)  # event and no event change places
    assert (mirrored.by_set.p_low, mirrored.by_set.p_high) == pytest.approx((low, high), rel=1e-6)


@given(st.integers(2, 40), st.data())
@settings(deadline=None)
def test_in_pairs_the_exact_p_by_set_is_the_exact_mcnemar(pairs, data):
    a, b = data.draw(st.integers(0, pairs)), data.draw(st.integers(0, pairs))
    one = checked([1] * pairs, a, b)
    exact = one.pairs.exact
    assert (one.by_set.p_low, one.by_set.p_high) == pytest.approx((exact.min(), exact.max()), rel=1e-6)


@pytest.mark.parametrize(("a", "b"), [(15, 75), (0, 75), (3, 90), (10, 70), (30, 150)])
def test_thirty_sets_of_five_take_less_than_a_second(a, b):
    start = time.perf_counter()
    found = set_range(design_of(30, 5), a, b)
    assert time.perf_counter() - start < 1
    assert found.complete


def test_above_that_size_some_ways_are_tried_and_it_says_so():
    found = set_range(design_of(200, 5), 50, 300)
    assert not found.complete and np.isnan(found.below)
    assert found.placements > 10**9
    assert len(found.ways) > 100


def test_the_ways_tried_lie_within_all_of_them(monkeypatch):
    whole = set_range(design_of(12, 3), 4, 20)
    monkeypatch.setattr("lib.check.by_set.MOST_WORK", 100)
    some = set_range(design_of(12, 3), 4, 20)
    assert whole.complete and not some.complete
    assert whole.p_low <= some.p_low <= some.p_high <= whole.p_high
    assert some.placements == whole.placements


def test_from_the_ways_tried_the_lowest_and_highest_p_are_nearly_always_found(monkeypatch):
    """Every count of 6 sets of 1:3."""
    counts = [(a, b) for a in range(7) for b in range(19)]
    whole = [set_range(design_of(6, 3), a, b) for a, b in counts]
    monkeypatch.setattr("lib.check.by_set.MOST_WORK", 1)
    some = [set_range(design_of(6, 3), a, b) for a, b in counts]
    found = [one.p_low == pytest.approx(two.p_low, rel=EXACT) for one, two in zip(whole, some, strict=True)]
    assert np.mean(found) > 0.95
    assert all(two.p_high <= one.p_high * (1 + EXACT) for one, two in zip(whole, some, strict=True))


def test_too_many_ways_over_unequal_sets_are_refused():
    with pytest.raises(EstimationError, match="too many ways") as found:
        set_range(design_of(sets=[1, 2, 3, 4, 5, 6, 7] * 12), 30, 170)
    assert found.value.hint


@pytest.mark.parametrize("size", [(2000, 5), (500, 20), (2000, 1)])
def test_the_largest_designs_are_quick_and_no_p_is_zero(size):
    design = design_of(*size)
    start = time.perf_counter()
    found = set_range(design, 0, design.total // 2)
    assert time.perf_counter() - start < 3
    assert 0 < found.p_low <= found.p_high <= 1
    assert design.smallest_p > 0


def test_one_treated_patient_has_no_large_sample_p():
    one = checked([3], 0, 2)
    assert np.isnan(one.as_pairs).all()
    assert one.by_set.p_high == 1


@pytest.mark.parametrize(("a", "b"), [(0, 0), (8, 24)])
def test_nobody_or_everybody_with_the_event(a, b):
    one = checked([3] * 8, a, b)
    assert np.isnan(one.as_pairs).all()
    assert (one.by_set.p_low, one.by_set.p_high, one.by_set.placements) == (1, 1, 1)
