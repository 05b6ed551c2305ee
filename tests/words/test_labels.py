"""What columns and outcomes are called: as the spec says, else as their column is, else by their own name."""

from lib.spec import AnalysisSpec
from lib.words.labels import Label, Labels, column_label, outcome_label

SPEC = AnalysisSpec.from_dict(
    {
        "columns": {
            "treatment": "t",
            "covariates": ["age", "bmi"],
            "labels": {"age": "Age", "crp_day7": "C-reactive protein"},
            "units": {"age": "years", "crp_day7": "mg/L", "days": "days", "bmi": "kg/m²"},
        },
        "outcomes": [
            {"name": "crp_day7", "kind": "continuous", "column": "crp_day7"},
            {"name": "quality", "kind": "continuous", "column": "q", "label": "Quality of life", "unit": "points"},
            {"name": "survival", "kind": "survival", "time": "days", "event": "dead", "horizon": 28},
        ],
    }
)


def test_a_column_is_called_as_the_spec_says():
    assert column_label(SPEC, "age") == Label("Age", "years")
    assert column_label(SPEC, "bmi").with_unit == "bmi (kg/m²)"
    assert column_label(SPEC, "other") == Label("other")
    assert column_label(SPEC, "icu_free_days_derived").name == "ICU-free days (from episodes)"


def test_an_outcome_has_its_own_words_or_those_of_its_column():
    crp, quality, survival = SPEC.outcomes
    assert outcome_label(SPEC, crp).with_unit == "C-reactive protein (mg/L)"
    assert outcome_label(SPEC, quality).with_unit == "Quality of life (points)"
    assert outcome_label(SPEC, survival) == Label("survival", "days")


def test_all_of_them_by_name_with_values_of_healthy_people():
    labels = Labels.of(SPEC, {"age": "18-99", "crp_day7": "<5"})
    assert labels.column("age") == Label("Age", "years", "18-99")
    assert labels.column("crp_day7").normal == "<5"
    assert labels.column("quality").name == "Quality of life"
    assert labels.column("nothing") == Label("nothing")


def test_a_unit_that_the_name_says_is_not_said_twice():
    assert Label("ICU-free days", "days").with_unit == "ICU-free days"
