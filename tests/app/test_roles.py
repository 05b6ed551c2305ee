"""Roles on screen and back to a spec: nothing is lost that was not edited."""

import pytest

from lib.errors import SpecError
from lib.spec import AnalysisSpec
from pages.ui.cohort.roles import BINARY, CONTINUOUS, COVARIATE, EVENT, ID, TIME, TREATMENT, UNUSED, roles_of, spec_of

NAMES = ["pid", "arm", "age", "sofa", "sex", "dead28", "score7", "days", "dead60", "note"]
SPEC = AnalysisSpec.from_dict(
    {
        "columns": {
            "id": "pid",
            "treatment": "arm",
            "treated_value": "MSC",
            "covariates": ["sofa", "age", "sex"],
            "categorical": ["sex"],
            "log": ["sofa"],
        },
        "outcomes": [
            {"name": "death by 28", "kind": "binary", "column": "dead28", "primary": True},
            {"name": "score", "kind": "continuous", "column": "score7", "baseline": "sofa"},
            {"name": "dead60", "kind": "binary", "column": "dead60"},
            {"name": "days alive", "kind": "continuous", "column": "days"},
            {"name": "survival", "kind": "survival", "time": "days", "event": "dead60", "horizon": 60},
        ],
        "matching": {"ratio": 2},
    }
)


def edited(**changes: str) -> dict[str, str]:
    """The roles of SPEC with some of them changed."""
    return roles_of(NAMES, SPEC) | changes


def test_roles_of_a_spec():
    assert edited() == {
        "pid": ID,
        "arm": TREATMENT,
        "age": COVARIATE,
        "sofa": COVARIATE,
        "sex": COVARIATE,
        "dead28": BINARY,
        "score7": CONTINUOUS,
        "days": CONTINUOUS,
        "dead60": BINARY,
        "note": UNUSED,
    }


def test_without_an_edit_the_spec_stays_the_same():
    assert spec_of(edited(), ["sex"], SPEC) == SPEC


def test_a_column_with_two_uses_keeps_both():
    assert [o.name for o in spec_of(edited(note=COVARIATE), ["sex"], SPEC).outcomes] == [o.name for o in SPEC.outcomes]


def test_a_new_covariate_comes_last_and_a_removed_one_takes_its_settings_along():
    new = spec_of(edited(sofa=UNUSED, note=COVARIATE), ["sex", "note"], SPEC)
    assert new.columns.covariates == ("age", "sex", "note")
    assert new.columns.categorical == ("sex", "note")
    assert new.columns.log == ()
    assert new.matching == SPEC.matching


def test_a_group_is_not_logged():
    assert spec_of(edited(), ["sex", "sofa"], SPEC).columns.log == ()


def test_an_outcome_goes_with_its_role_and_comes_with_one():
    new = spec_of(edited(dead28=UNUSED, note=CONTINUOUS), ["sex"], SPEC)
    assert "death by 28" not in [o.name for o in new.outcomes]
    assert new.outcomes[-1].name == "note" and new.outcomes[-1].kind == "continuous"


def test_a_time_finds_its_event():
    fresh = dict.fromkeys(NAMES, UNUSED) | {"arm": TREATMENT, "days": TIME, "dead60": EVENT}
    (survival,) = spec_of(fresh, [], None).outcomes
    assert (survival.time, survival.event) == ("days", "dead60")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"days": TIME}, '"days" is a time without an event.'),
        ({"dead60": EVENT}, '"dead60" is an event without a time.'),
        ({"arm": UNUSED}, "No column is marked as the treatment."),
        ({"note": TREATMENT}, '"arm" and "note" have the role Treatment; only one column can.'),
        ({"note": ID}, '"pid" and "note" have the role Patient id; only one column can.'),
    ],
)
def test_what_is_not_a_spec_yet_is_said(changes, message):
    before = SPEC.replace(outcomes=[])
    with pytest.raises(SpecError, match="^" + message.replace(".", r"\.") + "$") as caught:
        spec_of(roles_of(NAMES, before) | changes, ["sex"], before)
    assert caught.value.hint


def test_another_treatment_forgets_the_old_treated_value():
    new = spec_of(edited(arm=UNUSED, note=TREATMENT), ["sex"], SPEC)
    assert new.columns.treatment == "note" and new.columns.treated_value is None


def test_words_and_units_stay_with_their_columns_until_changed():
    words = {"labels": {"sofa": "SOFA"}, "units": {"sofa": "points", "elsewhere": "mg"}}
    said = SPEC.replace(columns=SPEC.columns.model_copy(update=words))
    kept = spec_of(edited(sofa=UNUSED, note=COVARIATE), ["sex"], said)
    assert (kept.columns.labels, kept.columns.units) == (words["labels"], words["units"])
    new = spec_of(edited(), ["sex"], said, {"age": "Age"}, {})
    assert (new.columns.labels, new.columns.units) == ({"age": "Age"}, {"elsewhere": "mg"})
