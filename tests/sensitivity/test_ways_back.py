"""What brings a lost treated patient back: every offer keeps its promise."""

import numpy as np
import pytest

from lib.errors import AnalysisError
from lib.io import read_csv
from lib.roles.guess import guess_spec
from lib.sensitivity.ways_back import ways_back, without
from lib.spec import AnalysisSpec
from lib.steps import Steps
from lib.words.labels import Labels
from lib.words.match_result import way_label
from tests.conftest import ROOT

TABLE = read_csv((ROOT / "sample_data/msc_covid19.csv").read_bytes())
SPEC = AnalysisSpec.from_json((ROOT / "sample_data/msc_covid19.spec.json").read_bytes())
CLINIC = read_csv((ROOT / "tests/data/cases/cohorte_chu.csv").read_bytes())


def clinic_spec() -> AnalysisSpec:
    """The first guess, its questions taken for answered."""
    return guess_spec(CLINIC).replace(questions=[])


def with_matching(**settings) -> Steps:
    """The sample under other settings of the match."""
    return Steps(TABLE, SPEC.replace(matching={"method": "nearest", **settings}))


def test_nobody_lost_is_no_way_back():
    assert ways_back(with_matching(ratio=3, caliper=None)) == ()


@pytest.mark.parametrize(
    ("settings", "kinds"),
    [
        ({"ratio": 1, "caliper": 0.01}, {"wider", "no_caliper"}),
        ({"ratio": 1, "caliper": 1e-9, "caliper_unit": "raw"}, {"no_caliper"}),
        ({"ratio": 1, "caliper": None, "covariate_calipers": {"age": {"width": 0.01, "unit": "raw"}}}, set()),
        ({"ratio": 1, "caliper": None, "discard": "treated"}, set()),
        ({"ratio": 1, "caliper": 0.3, "exact": ["sofa"]}, {"not_exact"}),
    ],
)
def test_every_offer_gives_what_it_says(settings, kinds):
    steps = with_matching(**settings)
    found = ways_back(steps)
    assert kinds <= {way.kind for way in found}
    try:
        now = steps.comparison.n_matched(True)
    except AnalysisError as error:
        assert "No treated patient" in str(error)
        now = 0
    for way in found:
        assert way.treated > now
        assert Steps(TABLE, way.spec).comparison.n_matched(True) == way.treated
        assert f"{way.treated} of 8 matched" in way_label(way, Labels.of(SPEC), steps.spec.matching, 8)


def test_untried_offers_promise_nothing():
    for way in ways_back(with_matching(ratio=1, caliper=0.01), trying=False):
        assert way.treated is None
        assert "matched" not in way_label(way, Labels.of(SPEC), SPEC.matching, 8)


def test_gaps_bring_columns_that_can_be_left_out_and_all_of_them_together():
    steps = Steps(CLINIC, clinic_spec())
    found = ways_back(steps)
    assert found and {way.kind for way in found} == {"leave_out"}
    everything = max(found, key=lambda way: len(way.names))
    assert len(everything.names) > 1 and everything.treated == steps.losses.eligible[0] == 14
    assert set(everything.names) <= set(everything.spec.columns.described)


def test_a_column_left_out_is_matched_on_no_more():
    spec = SPEC.replace(
        matching={
            "method": "nearest",
            "caliper": None,
            "exact": ["sex"],
            "covariate_calipers": {"age": {"width": 1.0, "unit": "raw"}},
        },
        columns=SPEC.columns.model_dump(mode="json") | {"log": ["crp"]},
    )
    left = without(spec, ("age", "sex", "crp"))
    assert not {"age", "crp"} & {*left.columns.covariates, *left.columns.log}
    assert {"age", "crp"} <= set(left.columns.described)
    assert left.matching.exact == () and not left.matching.calipers
    assert np.isnan(ways_back(Steps(CLINIC, clinic_spec()))[0].value)
