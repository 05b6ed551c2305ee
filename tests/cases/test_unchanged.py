"""Files that came out right before: matching within limits, levels that do not overlap, bounds for hidden bias. And
files whose numbers hang on what is equal up to rounding, or on an arm of one patient."""

import numpy as np
import pytest

from lib.inference.frame import Frame
from lib.inference.stratified import set_counts
from lib.sensitivity.hidden_bias import binary_bounds
from lib.steps import run
from tests.cases.shelf import FOUR, PRINTED, opened, outcome_in, p_value, refusal, result, spec_of


@pytest.mark.parametrize("spec", ["20_matchit236_a1", "20_matchit236_a1b"])
def test_no_pair_is_further_apart_than_ten_years(spec):
    analysis = run(opened("20_matchit236_a1"), spec_of(spec))
    age = analysis.cohort.eligible["age"].to_numpy()[analysis.cohort.rows]
    pairs = analysis.comparison.pairs
    assert np.abs(age[pairs["treated_row"]] - age[pairs["control_row"]]).max() <= 10
    if spec == "20_matchit236_a1":
        ids = analysis.cohort.person_id
        assert [(ids[a], ids[b]) for a, b in zip(pairs["treated_row"], pairs["control_row"], strict=True)] == [
            ("p02", "p05")
        ]


def test_levels_that_do_not_overlap():
    rows = run(opened("K1_disjoint"), spec_of("K1_firth")).balance.rows
    before = rows[rows["covariate"] == "scheme"].set_index("level")["smd_before"]
    assert np.isinf(before["A"])  # as in R
    assert before[["B", "C"]].tolist() == pytest.approx([-1.1547, -1.1547], abs=FOUR)
    assert "scheme" in refusal(opened("K1_disjoint"), spec_of("K1_logit"))
    assert result(opened("K1_disjoint"), spec_of("K1_desc"))["matching"]["matched_treated"] == 10


def test_bounds_of_published_pairs():
    """The binomial tail of 146 of 246 at each Gamma."""
    analysis = run(opened("bsens"), spec_of("bsens"))
    values = analysis.cohort.outcomes["y"].to_numpy()[analysis.cohort.rows]
    blocks = Frame.of(analysis.cohort.rows, analysis.comparison).blocks(~np.isnan(values))
    bounds = binary_bounds("y", set_counts(values[blocks.row], blocks), (1, 1.1, 1.2, 1.5, 2))
    assert bounds.curve["p_one_sided"].tolist() == pytest.approx(
        [0.0020124, 0.0165531, 0.0732577, 0.6092007, 0.9932168], abs=1e-7
    )


def test_one_treated_patient_gives_no_asymptotic_p():
    found = result(opened("14_one_treated"), spec_of("14_spec"))
    test = next(t for t in outcome_in(found)["tests"] if (t["name"], t["sample"]) == ("logrank", "whole"))
    assert test["p_value"] == pytest.approx(2 / 51)
    assert test["note"]


def test_times_that_differ_by_rounding_are_one():
    found = outcome_in(result(opened("17_near_tied_times"), spec_of("17_spec")))
    assert p_value(found, "logrank", "whole") == pytest.approx(0.492148, abs=PRINTED)
    truth = outcome_in(result(opened("17_truth"), spec_of("17_spec")))
    assert p_value(truth, "logrank", "whole") == pytest.approx(0.492148, abs=PRINTED)


@pytest.mark.parametrize("time", ["months", "days"])
def test_months_of_two_programs_are_one(time):
    outcome = {"name": "os", "kind": "survival", "time": time, "event": "dead", "primary": True}
    found = outcome_in(result(opened("17b_months_two_programs"), spec_of("17_spec", outcomes=[outcome])))
    assert p_value(found, "logrank", "whole") == pytest.approx(0.832505, abs=PRINTED)


def test_a_difference_of_exactly_the_caliper_is_inside():
    sets = [
        result(opened(file), spec_of(spec))["matching"]["sets"]
        for file, spec in (("18_caliper_edge", "18_spec"), ("18_times_ten", "18_times_ten_spec"))
    ]
    assert sets == [3, 3]


def test_signed_ranks_of_tenths_are_those_of_whole_numbers():
    tenths, whole = (
        p_value(outcome_in(result(opened(file), spec_of("19_spec"))), "wilcoxon_signed_rank_pairs")
        for file in ("19_signed_rank", "19_times_ten")
    )
    assert whole == pytest.approx(0.083431, abs=PRINTED)
    assert tenths == pytest.approx(whole, abs=1e-12)
