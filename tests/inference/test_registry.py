"""The table of tests agrees with the results, and whoever asks for a few tests gets those and the same numbers."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from lib.inference import compare_outcomes
from lib.inference.headline import main_measure
from lib.inference.registry import ROLES, TESTS, named, names
from lib.inference.results import OutcomeResult
from lib.measures import MEASURES
from lib.sensitivity.quick_outcomes import quick_outcomes
from lib.words.to_quote import quoted_estimate
from tests.inference.builders import binary, cohort_of, continuous, even_sets, given_sample, sample_of, survival

KINDS = ("binary", "continuous", "survival")


def study(replace: bool = False, moves: str = "fitted_odds"):
    """12 sets of 1:2 with one outcome of each kind, a covariate and the odds that it gives."""
    sets, rng = even_sets(12, 2), np.random.default_rng(6)
    columns = {
        "death": (rng.random(36) < 0.4) * 1.0,
        "crp": rng.normal(size=36),
        "survival.time": rng.integers(1, 60, 36) * 1.0,
        "survival.event": (rng.random(36) < 0.5) * 1.0,
    }
    cohort = cohort_of(sets.treated, columns, [binary(), continuous(), survival()])
    sample = sample_of(sets)
    if replace:
        sample = given_sample(np.stack([np.arange(36), sets.set_id], axis=1), sets.treated, replace=True)
    x = rng.normal(size=36)
    cohort = dataclasses.replace(cohort, covariate_matrix=pd.DataFrame({"age": x}))
    return cohort, dataclasses.replace(sample, log_odds=x, moves=moves)


@pytest.fixture(scope="module", params=["fitted_odds", "equal"])
def moves(request) -> str:
    return request.param


@pytest.fixture(scope="module")
def results(moves) -> tuple[OutcomeResult, ...]:
    cohort, sample = study(moves=moves)
    return compare_outcomes(cohort, sample, 1)


def test_every_result_is_a_row_of_the_table(results) -> None:
    for result in results:
        rows = [t for t in TESTS if t.kind == result.kind and not t.competing and not t.worst]
        assert [(t.name, t.unit, t.convention) for t in result.tests] == [(r.name, r.unit, r.convention) for r in rows]
        assert [t.sample == "whole" for t in result.tests] == [r.role == "whole" for r in rows]


def test_every_effect_is_a_measure_on_its_scale(results) -> None:
    for estimate in (e for result in results for e in result.estimates):
        assert (estimate.scale == "log") == MEASURES[estimate.measure].ratio


def test_each_kind_has_one_test_before_matching_one_published_and_one_quoted() -> None:
    for role in ("whole", "published", "quoted"):
        assert list(named(role)) == list(KINDS)
        assert names(role) == tuple(dict.fromkeys(t.name for t in TESTS if t.role == role))
        assert set(named(role).values()) <= set(names(role))
    assert {t.role for t in TESTS} | {"moves"} == ROLES  # a role that a sample gives, see role_in
    assert len({(t.name, t.role) for t in TESTS}) == len(TESTS)
    twins = {t.name.removesuffix("_adaptive") for t in TESTS if t.moves == "fitted_odds"}
    assert twins == {t.name for t in TESTS if t.moves == "equal"}


def test_a_few_tests_are_the_same_as_in_all_of_them(results, moves) -> None:
    cohort, sample = study(moves=moves)
    for roles in (("quoted",), ("moves",), ("whole", "published"), ()):
        for few, all_ in zip(compare_outcomes(cohort, sample, 1, roles), results, strict=True):
            assert few.tests == tuple(t for t in all_.tests if t.role in roles)


def test_the_design_says_which_of_two_moves_is_quoted(results, moves) -> None:
    for result in results:
        by_role = {t.role: t for t in result.tests}
        assert result.quoted_test is by_role["quoted"]
        assert (by_role["quoted"].moves, by_role["quoted"].name.endswith("_adaptive")) == (moves, moves != "equal")
        assert by_role["moves"].moves != moves
        assert by_role["quoted"].p_value != by_role["moves"].p_value
        assert result.quoted.test == by_role["quoted"].name


def test_the_other_moves_change_roles_and_no_p(results, moves) -> None:
    other = {"equal": "fitted_odds", "fitted_odds": "equal"}[moves]
    for one, two in zip(results, compare_outcomes(*study(moves=other), 1), strict=True):
        assert {t.name: t.p_value for t in one.tests if t.moves and "adjusted" not in t.name} == {
            t.name: t.p_value for t in two.tests if t.moves and "adjusted" not in t.name
        }
        assert one.quoted.p != two.quoted.p


def test_without_odds_there_is_one_kind_of_moves() -> None:
    cohort, sample = study(moves="equal")
    for result in compare_outcomes(cohort, dataclasses.replace(sample, log_odds=None), 1):
        assert "moves" not in {t.role for t in result.tests}
        assert result.quoted_test.moves == "equal"


def test_what_nobody_asked_for_is_not_made(monkeypatch) -> None:
    """The quick path draws no label moves: the permutation tests raise here if they are run."""

    def never(*_):
        raise AssertionError("a permutation was made that nobody asked for")

    for place in ("survival_tests.logrank_permuted", "survival_tests.rmst_permuted"):
        monkeypatch.setattr(f"lib.inference.{place}", never)
    monkeypatch.setattr("lib.inference.continuous_tests.signed_rank_set_means", never)
    cohort, sample = study()
    assert len(quick_outcomes(cohort, sample)) == 3
    assert len(compare_outcomes(cohort, sample, 1, ("published", "quoted"))) == 3
    with pytest.raises(AssertionError, match="nobody asked for"):
        compare_outcomes(cohort, sample, 1)


def test_the_quick_numbers_are_those_of_the_whole_results(results, moves) -> None:
    cohort, sample = study(moves=moves)
    for quick, result in zip(quick_outcomes(cohort, sample), results, strict=True):
        p = {(t.name, t.convention): t.p_value for t in result.tests}
        first = next(e for e in result.estimates if e.measure == main_measure(result.kind))
        assert (quick.measure, quick.estimate) == (first.measure, first.estimate)
        share = next((e for e in result.estimates if e.measure == "risk_difference_by_set"), None)
        limits = (quick.ci_low, quick.ci_high)
        assert np.isnan(limits).all() if share is None else limits == (share.ci_low, share.ci_high)
        assert quick.p_published == p[named("published")[result.kind], "published"]
        assert quick.p_by_set == result.quoted.p
        assert np.isnan(quick.p_plain)
    for quick, result in zip(quick_outcomes(cohort, sample, plain=True), results, strict=True):
        p = {(t.name, t.convention): t.p_value for t in result.tests}
        plain = {"survival": "logrank_by_set"}.get(result.kind, named("quoted")[result.kind])
        assert quick.p_plain == p[plain, "matched_set"]


def test_with_replacement_no_test_by_set_exists() -> None:
    cohort, sample = study(replace=True)
    for quick, result in zip(quick_outcomes(cohort, sample), compare_outcomes(cohort, sample, 1), strict=True):
        assert np.isnan(quick.p_by_set) and not np.isnan(quick.p_published)
        assert {t.convention for t in result.tests} == {"whole_cohort", "published"}


def test_the_quoted_quick_numbers_are_those_that_are_quoted(results, moves) -> None:
    cohort, sample = study(moves=moves)
    for quick, result in zip(quick_outcomes(cohort, sample, quoted=True), results, strict=True):
        said = quoted_estimate(result)
        numbers = ("measure", "estimate", "ci_low", "ci_high")
        assert [getattr(quick, name) for name in numbers] == [getattr(said, name) for name in numbers]
        assert quick.p_by_set == result.quoted.p
