"""The spec: defaults, JSON both ways, and one sentence for every setting that is wrong."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.design import METHODS
from lib.errors import SpecError
from lib.spec import AnalysisSpec, EligibilityRule, as_text
from tests.tables import COHORT_SPEC, spec

INTERFACE = """
{"version": 1,
 "columns": {"id": "patient_id", "treatment": "group", "treated_value": "MSC",
             "covariates": ["age", "sofa", "sex"], "categorical": ["sex"], "log": []},
 "eligibility": [{"column": "age", "op": ">=", "value": 18}],
 "missing": "complete_case",
 "propensity": {"model": "logit", "distance": "logit"},
 "matching": {"method": "nearest", "metric": "propensity", "ratio": 3, "caliper": 0.2, "caliper_unit": "sd",
              "caliper_sd": "overall", "covariate_calipers": {"age": {"width": 5, "unit": "raw"}}, "replace": false,
              "order": "largest", "exact": [], "discard": "none"},
 "outcomes": [{"name": "death_28d", "kind": "binary", "column": "death_28d", "primary": true},
              {"name": "crp_day7", "kind": "continuous", "column": "crp_day7"},
              {"name": "survival", "kind": "survival", "time": "days", "event": "death", "horizon": 60}],
 "estimand": "ATT", "seed": 1,
 "sensitivity": {"grid": {"matching.ratio": [1, 2, 3], "matching.caliper": [null, 0.2],
                          "columns.covariates": [["age", "sofa"], ["age"]]}}}
"""


def refused(**sections) -> SpecError:
    with pytest.raises(SpecError) as caught:
        spec(**sections)
    assert caught.value.hint
    assert str(caught.value).endswith(".")
    return caught.value


def test_the_interfaces_example_reads_and_comes_back():
    read = AnalysisSpec.from_json(INTERFACE)
    assert read.matching.covariate_calipers["age"].width == 5
    assert read.sensitivity.grid["matching.caliper"] == (None, 0.2)
    assert AnalysisSpec.from_json(read.to_json()) == read
    assert AnalysisSpec.from_json(b"\xef\xbb\xbf" + INTERFACE.encode()) == read


def test_only_columns_has_no_default():
    least = AnalysisSpec.from_dict({"columns": {"treatment": "arm"}})
    assert (least.matching.ratio, least.matching.caliper, least.matching.order, least.seed) == (3, 0.2, "largest", 1)
    with pytest.raises(SpecError, match="`columns` is missing"):
        AnalysisSpec.from_dict({})


def test_equal_specs_have_equal_text_and_digest():
    one, two = AnalysisSpec.from_dict(COHORT_SPEC), AnalysisSpec.from_dict(json.loads(json.dumps(COHORT_SPEC)))
    assert one == two
    assert (one.canonical(), one.digest) == (two.canonical(), two.digest)
    assert one.digest != one.replace(seed=2).digest
    assert len(one.digest) == 8


NAMES = list(METHODS)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (1, "1"),
        (1.0, "1"),
        ("1", "1"),
        (0.5, "0.5"),
        (True, "True"),
        (None, None),
    ],
)
def test_values_as_text(value, text):
    assert as_text(value) == text
    assert spec(columns={"treated_value": value}).columns.treated_value == text


@pytest.mark.parametrize(
    ("sections", "sentence"),
    [
        ({"matching": {"ratio": 0}}, "`matching.ratio` must be 1 or more, not 0."),
        ({"matching": {"ratio": 1000}}, "`matching.ratio` must be 100 or less, not 1000."),
        ({"matching": {"ratio": 1.5}}, "`matching.ratio` must be a whole number, not 1.5."),
        ({"matching": {"caliper": -1}}, "`matching.caliper` must be above 0, not -1."),
        ({"matching": {"caliper": "wide"}}, '`matching.caliper` must be a number, not "wide".'),
        (
            {"matching": {"method": "psychic"}},
            f'`matching.method` must be {", ".join(NAMES[:-1])} or {NAMES[-1]}, not "psychic".',
        ),
        ({"matching": {"calliper": 1}}, "`matching.calliper` is not a setting of MatchLens."),
        (
            {"matching": {"covariate_calipers": {"age": {"width": 0}}}},
            "`matching.covariate_calipers.age.width` must be above 0, not 0.",
        ),
        ({"matching": {"replace": "maybe"}}, '`matching.replace` must be true or false, not "maybe".'),
        ({"matching": None}, "`matching` must be an object of settings, not null."),
        ({"bogus": 1}, "`bogus` is not a setting of MatchLens."),
        ({"version": 2}, "`version` must be 1, not 2."),
        ({"seed": -1}, "`seed` must be 0 or more, not -1."),
        ({"columns": {"covariates": "age"}}, '`columns.covariates` must be a list, not "age".'),
        (
            {"columns": {"covariates": ["age", "age"]}},
            "`columns.covariates` and `columns.described` name a column twice.",
        ),
        (
            {"columns": {"categorical": ["sex"]}},
            '`columns.categorical` names "sex", which is not among the covariates.',
        ),
        ({"columns": {"log": ["sex"]}}, '`columns.log` names "sex", which is not among the covariates.'),
        ({"columns": {"categorical": ["age"], "log": ["age"]}}, '"age" cannot be both a factor and on the log scale.'),
        ({"columns": {"covariates": ["arm"]}}, "The treatment and id columns cannot be covariates."),
        ({"columns": {"id": "arm"}}, '"arm" cannot be both the treatment and the id.'),
        ({"outcomes": [{"name": "x", "kind": "binary"}]}, 'Outcome "x" needs `column`.'),
        (
            {"outcomes": [{"name": "x", "kind": "survival", "time": "t"}]},
            'Survival outcome "x" needs `time` and `event`.',
        ),
        (
            {"outcomes": [{"name": "x", "kind": "binary", "column": "age"}]},
            '"age" is both a covariate and an outcome; the score must not see it.',
        ),
        (
            {"outcomes": [{"name": "x", "kind": "survival", "time": "age", "event": "died"}]},
            '"age" is both a covariate and an outcome; the score must not see it.',
        ),
        (
            {"outcomes": [{"name": "x", "kind": "binary", "column": "arm"}]},
            "The treatment and id columns cannot be outcomes.",
        ),
        (
            {
                "outcomes": [
                    {"name": "x", "kind": "binary", "column": "a"},
                    {"name": "x", "kind": "binary", "column": "b"},
                ]
            },
            "`outcomes` uses a name twice.",
        ),
        (
            {"matching": {"exact": ["died"]}, "outcomes": [{"name": "x", "kind": "binary", "column": "died"}]},
            'Nothing can be matched on "died": it is the treatment, the id or an outcome.',
        ),
        (
            {"matching": {"method": "given"}},
            "`matching.subclass` must name the column of the sets when `matching.method` is given.",
        ),
        (
            {"matching": {"subclass": "set"}},
            "`matching.subclass` is not a setting of `matching.method` nearest.",
        ),
        (
            {"matching": {"method": "given", "subclass": "age"}},
            '"age" cannot hold the matched sets: it has another role already.',
        ),
        (
            {"matching": {"method": "given", "subclass": "arm"}},
            '"arm" cannot hold the matched sets: it has another role already.',
        ),
        (
            {"matching": {"exact": ["sex"], "covariate_calipers": {"sex": {"width": 1}}}},
            '"sex" is both matched exactly and given a caliper.',
        ),
        (
            {"columns": {"categorical": ["age"]}, "matching": {"covariate_calipers": {"age": {"width": 1}}}},
            'A caliper needs a number, and "age" is a factor; match it exactly.',
        ),
        ({"eligibility": [{"column": "age", "op": "in", "value": 3}]}, 'Eligibility "in" on "age" needs a list.'),
        ({"eligibility": [{"column": "age", "op": ">=", "value": "old"}]}, 'Eligibility ">=" on "age" needs a number.'),
        (
            {"eligibility": [{"column": "age", "op": "~", "value": 3}]},
            "`eligibility.0.op` must be '>=', '<=', '>', '<', '==', '!=', 'in' or 'not in', not \"~\".",
        ),
    ],
)
def test_what_is_wrong_is_said_in_one_sentence(sections, sentence):
    assert str(refused(**sections)) == sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("{", "The spec file is not valid JSON."),
        ("[]", "The spec must be an object of settings, not a list."),
        (b"\xff\xfe\x00", "The spec file is not valid JSON."),
    ],
)
def test_files_that_are_no_spec(text, sentence):
    with pytest.raises(SpecError) as caught:
        AnalysisSpec.from_json(text)
    assert str(caught.value) == sentence


def test_rules_in_words():
    def label(**rule):
        return EligibilityRule.model_validate({"column": "age"} | rule).label()

    assert label(op=">=", value=18) == "age >= 18"
    assert label(op="in", value=["a", 2]) == "age in a, 2"


def test_replace_is_validated_and_leaves_the_old_one():
    old = spec()
    new = old.replace(matching=old.matching.model_copy(update={"ratio": 5}))
    assert (old.matching.ratio, new.matching.ratio) == (3, 5)
    with pytest.raises(SpecError):
        old.replace(matching={"ratio": -5})


def test_given_sets_take_no_caliper():
    made = spec(matching={"method": "given", "subclass": "set"})
    assert "caliper" not in made.matching.model_dump()
    assert AnalysisSpec.from_json(made.to_json()) == made
    assert spec(matching={"method": "given", "subclass": "set", "caliper": None}) == made
    with pytest.raises(SpecError, match="`matching.caliper` is not a setting of `matching.method` given"):
        spec(matching={"method": "given", "subclass": "set", "caliper": 0.1, "exact": ["sex"]})


SCALARS = st.none() | st.booleans() | st.integers(-3, 3) | st.floats() | st.text(max_size=3)
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3)
)
PATHS = st.sampled_from(
    [
        "columns",
        "eligibility",
        "missing",
        "propensity",
        "matching",
        "outcomes",
        "estimand",
        "seed",
        "version",
        "sensitivity",
        "matching.ratio",
        "matching.exact",
        "columns.covariates",
        "matching.covariate_calipers",
        "columns.treated_value",
        "sensitivity.grid",
    ]
)


@settings(deadline=None)
@given(PATHS, VALUES)
def test_any_value_anywhere_is_a_spec_or_a_sentence(path, value):
    written = json.loads(INTERFACE)
    *parents, last = path.split(".")
    section = written
    for parent in parents:
        section = section[parent]
    section[last] = value
    try:
        read = AnalysisSpec.from_dict(written)
    except SpecError as error:
        assert str(error).endswith(".")
        assert error.hint
    else:
        assert AnalysisSpec.from_json(read.to_json()) == read
