"""The record of openings: what counts as a change of the design, and what the stamp says."""

import pytest

from lib.io import Saved, pack, unpack
from lib.openings import NEVER, Openings
from lib.spec import AnalysisSpec
from lib.spec.design import design_digest
from lib.words.openings import CHANGED, sentence, stamp

BASE = AnalysisSpec.from_dict(
    {
        "columns": {"treatment": "arm", "covariates": ["age", "sofa"], "categorical": [], "described": ["bmi"]},
        "outcomes": [{"name": "died", "kind": "binary", "column": "died", "primary": True}],
    }
)


def changed(**sections) -> AnalysisSpec:
    """The spec with sections merged into it."""
    plain = BASE.model_dump(mode="json")
    for key, value in sections.items():
        plain[key] = plain[key] | value if isinstance(value, dict) else value
    return AnalysisSpec.from_dict(plain)


@pytest.mark.parametrize(
    "sections",
    [
        {"columns": {"covariates": ["age"]}},
        {"columns": {"log": ["age"]}},
        {"columns": {"below_limit": {"age": "half"}}},
        {"matching": {"ratio": 2}},
        {"matching": {"caliper": 0.5}},
        {"matching": {"method": "full"}},
        {"propensity": {"model": "firth"}},
        {"eligibility": [{"column": "age", "op": ">=", "value": 18.0}]},
        {"seed": 2},
    ],
)
def test_what_is_a_change_of_the_design(sections):
    if sections.get("matching", {}).get("method"):
        plain = BASE.model_dump(mode="json") | {"matching": sections["matching"]}
        other = AnalysisSpec.from_dict(plain)
    else:
        other = changed(**sections)
    assert design_digest(other) != design_digest(BASE)


@pytest.mark.parametrize(
    "sections",
    [
        {"columns": {"labels": {"age": "Age at entry"}}},
        {"columns": {"units": {"age": "years"}}},
        {"columns": {"described": []}},
        {"columns": {"covariates": ["sofa", "age"]}},
        {"columns": {"below_limit": {"died": "half"}}},
        {"outcomes": [{"name": "died", "kind": "binary", "column": "died", "label": "Death"}]},
        {"outcomes": []},
        {"sensitivity": {"grid": {"matching.ratio": [1, 2]}}},
    ],
)
def test_what_is_none(sections):
    assert design_digest(changed(**sections)) == design_digest(BASE)


def test_back_and_forth_is_counted_and_going_back_takes_the_stamp_away():
    found = NEVER.with_design("a").with_design("b")
    assert found == NEVER and sentence(found) == "Outcomes have not been opened."
    found = found.opened_with("b")
    assert (found.opened, found.changes, stamp(found)) == (1, 0, "")
    found = found.with_design("c").with_design("c")
    assert (found.changes, stamp(found)) == (1, CHANGED)
    found = found.opened_with("c").with_design("b")
    assert (found.opened, found.changes, found.changed, stamp(found)) == (2, 2, False, "")
    assert sentence(found) == (
        "Outcomes were opened 2 times; the main analysis changed 2 times after the first, and it is the first one "
        "again."
    )


def test_a_saved_file_keeps_the_record_and_one_without_reads_as_before():
    record = NEVER.opened_with("a").with_design("b")
    saved = Saved("s", "msc_covid19", (), {}, None, None, record)
    assert unpack(pack(saved)).openings == record
    assert unpack(pack(Saved("s", "msc_covid19", (), {}, None, None))).openings == NEVER
    assert b"openings" not in pack(Saved("s", "msc_covid19", (), {}, None, None))
    assert Openings.model_validate_json(record.model_dump_json()) == record
