"""methods.md: every number is result.json's, every setting is named, nothing of a file is a mark in it."""

import platform
import re

import numpy as np
import pandas as pd
import pytest
import scipy
from hypothesis import given
from hypothesis import strategies as st

from lib import __version__
from lib.io import read_file, read_table
from lib.report.files import result_dict
from lib.report.methods import Context, methods_markdown
from lib.spec import AnalysisSpec
from lib.spec.analysis import Sensitivity
from lib.steps import Steps, run
from lib.table import Table
from lib.words.methods_text_design import doubted_notes
from lib.words.methods_text_markdown import md, plain_of
from lib.words.methods_text_matched import sizes_in_words
from lib.words.methods_text_references import REFERENCES, cite, numbered
from lib.words.numbers import counted, half_up, p_equals, significant
from tests.report.samples import DATA, DESIGNS, labels_of, spec_of, steps_of, table_of
from tests.tables import COHORT_SPEC, cohort_frame

SAID = {  # what a design's text has to say, and must not say
    "greedy": ("greedy nearest-neighbour matching without replacement", "descending order of the score", "No caliper"),
    "greedy_all": (
        "0.5 SD, the SD over all patients kept",
        "equal in Sex",
        "Age could differ by at most 15 years",
        "SOFA score could differ by at most 2 SD",
        "outside the range of the other arm's scores",
    ),
    "pooled": ("the SD pooled over the two arms", "the closest remaining pair first", "Austin PC. Optimal caliper"),
    "raw": ("at most 0.25 (caliper)", "ascending order of the score"),
    "random": ("drawn at random (seed 7)", "drawn with seed 7"),
    "file_order": ("with 1 control by", "in the order of the file"),
    "replacement": ("with replacement: a control could serve", "the sets overlap", "hold for large samples"),
    "probability": ("absolute difference in the propensity score;",),
    "mahalanobis": ("Mahalanobis distance of the covariates", "with equal chances, because", "decided nothing"),
    "firth": ("Firth's penalised likelihood", "Firth D."),
    "optimal": ("by optimal matching", "Rosenbaum PR. Optimal matching"),
    "full": ("Optimal full matching", "was not limited", "Hansen BB. Full matching"),
    "full_limits": ("at most 15 controls", "at most 2 treated patients", "10.0% were left out"),
    "subclass": ("in 3 subclasses", "took the nearest from its neighbours"),
    "subclass_none": ("in 4 subclasses", "without an arm was left out"),
    "att_odds": ("odds of treatment, e/(1 - e)", "Weights make no sets", "MacKinnon JG"),
    "overlap": ("overlap weights", "overlap population (ATO)", "Controls whose scores lay outside"),
    "entropy": ("entropy balancing", "Hainmueller J.", "decided nothing about who was compared"),
}
NEVER = re.compile(r"signific|\bnan\b|\bNone\b|\binf\b|0\.000\b|\[@|!")


def text_of(steps: Steps) -> str:
    return methods_markdown(steps, labels_of(steps), Context(versions={"Python": "3", "MatchLens": "1"}))


@pytest.mark.parametrize("design", DESIGNS)
def test_every_design_is_told_with_its_settings(design):
    text = text_of(steps_of(design))
    for words in SAID[design]:
        assert words in text
    assert not NEVER.search(text), NEVER.search(text)
    assert text == text_of(steps_of(design))


@pytest.mark.parametrize("design", DESIGNS)
def test_numbers_are_those_of_result_json(design):
    steps = steps_of(design)
    text, result = text_of(steps), result_dict(steps)
    methods, results = text.split("## Results")
    made = result["matching"]
    compared = counted(made["matched_treated"], "treated patient"), counted(made["matched_control"], "control")
    assert f"{' and '.join(compared)} were compared" in results
    assert f"{result['n']['rows']:,} patients were analysed" in results
    for step in result["attrition"]:
        assert f"{step['treated']:,} treated patients and {step['control']:,} controls" in results
    assert f"c-statistic of {half_up(result['propensity']['c_statistic'], 2)}" in results
    assert f"controls was {half_up(made['ess_control'], 1)}." in results
    if made["sum_distance"] is not None:
        mean = significant(made["sum_distance"] / made["pairs"])
        assert f"was {mean} on average and {significant(made['max_distance'])} at most" in results
    if made["caliper_width"] is not None and design != "raw":
        assert f"a caliper of {significant(made['caliper_width'])} on the logit" in methods
    for when in ("before", "after"):
        sizes = [abs(row[f"smd_{when}"]) for row in result["balance"] if row[f"smd_{when}"] is not None]
        assert f"{half_up(max(sizes), 2)} {when} " in results
    for why, count in made["lost"].items():
        assert f"{why} ({count})" in results


@pytest.mark.parametrize("design", DESIGNS)
def test_the_quoted_p_of_every_outcome_is_that_of_result_json(design):
    steps = steps_of(design)
    result = result_dict(steps)
    lines = text_of(steps).split("## Results")[1].split("\n")
    labels = labels_of(steps)
    for outcome in result["outcomes"]:
        name = labels.column(outcome["name"]).name
        line = next(line for line in lines if line.lower().startswith(f"- **{md(name).lower()}**"))
        quoted = outcome["quoted"]
        if quoted is None or quoted["p"] is None:
            assert "p =" not in line
        elif not quoted["evidence"]:
            assert "No p by matched set is quoted" in line
            assert p_equals(quoted["p"]) not in line
        else:
            assert md(p_equals(quoted["p"])) in line


def test_set_sizes_are_told_in_words():
    assert sizes_in_words(steps_of("greedy").comparison) == "8 sets of 1:3"
    made = sizes_in_words(steps_of("full").comparison)
    units = steps_of("full").comparison.units
    counts = pd.Series(zip(units.n_treated.tolist(), units.n_control.tolist(), strict=True)).value_counts()
    for (treated, control), n in counts.items():
        assert f"{treated}:{control}" in made
        assert n == 1 or str(n) in made
    assert sizes_in_words(steps_of("att_odds").comparison) == ""


@pytest.mark.parametrize("design", DESIGNS)
def test_only_what_is_cited_is_listed_and_all_of_it(design):
    text = text_of(steps_of(design))
    body, sources = text.split("## References")
    cited = {int(n) for group in re.findall(r"(?<!\\)\[([\d, ]+)\]", body) for n in group.split(", ")}
    listed = re.findall(r"^(\d+)\. (.+)$", sources, re.MULTILINE)
    assert cited == {int(n) for n, _ in listed} == set(range(1, len(listed) + 1))
    assert {source for _, source in listed} <= set(REFERENCES.values())


def test_citations_are_numbered_in_the_order_of_the_text():
    text, sources = numbered(f"a{cite('holm1979')} b{cite('fay2010', 'holm1979')}")
    assert text == "a [1] b [2, 1]"
    assert sources == (REFERENCES["holm1979"], REFERENCES["fay2010"])


def test_eligibility_limits_dates_landmark_and_logs_are_told():
    frame = cohort_frame().assign(day=1.0, other=5.0)
    frame["other"] = frame["other"].astype(object)
    frame.loc[3, "other"] = "<2"
    columns = COHORT_SPEC["columns"] | {
        "log": ["age"],
        "treatment_day": "day",
        "below_limit": {"other": "half"},
        "described": ["other"],
        "labels": {"age": "Age"},
    }
    spec = AnalysisSpec.from_dict(
        COHORT_SPEC
        | {
            "columns": columns,
            "eligibility": [
                {"column": "age", "op": ">=", "value": 30},
                {"column": "sex", "op": "in", "value": ["male"]},
            ],
            "landmark": 2,
        }
        | {"columns": columns | {"covariates": ["age", "sofa", "site"]}}
    )
    steps = run(Table.from_frame(frame), spec)
    text = text_of(steps)
    assert "Eligible were patients with Age at least 30 and sex is one of male" in text
    assert "landmark analysis [1] was made at day 2" in text
    assert "Age (natural logarithm)" in text
    assert "site (factor)" in text
    plain = text_of(run(Table.from_frame(cohort_frame()), AnalysisSpec.from_dict(COHORT_SPEC)))
    assert "sex (factor)" in plain  # text is a factor though nobody says so
    assert "Values of other beyond a limit of detection were replaced by half of the limit." in text
    assert "Treated on day" in text
    assert "lacked" not in text or "without a value" in text


def test_sets_made_elsewhere_are_said_to_be():
    frame = cohort_frame(gaps=False)
    first = run(Table.from_frame(frame), AnalysisSpec.from_dict(COHORT_SPEC))
    frame["block"] = pd.Series([f"s{n}" if n >= 0 else None for n in first.comparison.set_of_row], dtype=object)
    spec = AnalysisSpec.from_dict(COHORT_SPEC | {"matching": {"method": "given", "subclass": "block"}})
    text = text_of(run(Table.from_frame(frame), spec))
    assert "made outside this program and read from the column block" in text
    bare = spec.replace(columns=COHORT_SPEC["columns"] | {"covariates": [], "categorical": []})
    text = text_of(run(Table.from_frame(frame), bare))
    assert "No propensity score was fitted, because no covariate was given." in text
    assert "No covariate was given, so balance was not judged." in text


def test_an_analysis_without_outcomes_says_so():
    text = text_of(run(Table.from_frame(cohort_frame()), AnalysisSpec.from_dict(COHORT_SPEC | {"outcomes": []})))
    assert "No outcome was compared." in text
    assert text.split("## Results")[1].count("### Outcomes") == 0


@given(st.text(max_size=40))
def test_a_name_is_text_in_markdown(name):
    made = md(name)
    assert "\n" not in made
    assert not re.search(r"(?<!\\)[`*_<>\[\]|#]", made.replace("\\\\", ""))
    assert plain_of(made) == plain_of(made).strip()


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "[a](http://x.y)",
        "| cell |",
        "- item",
        "1. item",
        "# head",
        "`r 1`",
        "$x$",
        "\x1b[2J",
    ],
)
def test_hostile_names_do_nothing(name):
    made = md(name)
    assert not re.search(r"(?<!\\)[<`\[|#$]", made)
    assert not re.match(r"[-#]|\d+[.)]", made)
    assert "http://" not in made
    assert "\x1b" not in made


@pytest.mark.parametrize(
    ("text", "made"), [("1.00", "1.00"), ("0.34)", "0.34)"), ("1. item", "1\\. item"), ("2)", "2\\)")]
)
def test_only_the_number_of_a_list_is_marked(text, made):
    assert md(text) == made and plain_of(made) == text


def test_columns_and_outcomes_are_called_as_people_call_them():
    text = text_of(steps_of("greedy"))
    results = text.split("## Results")[1]
    assert not re.search(r"\\\d|death\\_28d|d\\_dimer|\bcrp\b", results)
    assert "Death by day 28: 1.00 and " in results and "- Death by day 28: No event among" in results
    assert "up to 60 days" in text


@pytest.mark.parametrize(("design", "said"), [("greedy", False), ("full", True), ("att_odds", True)])
def test_plain_counts_beside_weighted_effects_are_said_to_be_so(design, said):
    text = text_of(steps_of(design))
    assert ("every patient counts once. Shares called weighted" in text) == said
    assert ("With these weights" in text, "After matching" in text) == (design == "att_odds", design != "att_odds")


@pytest.mark.parametrize("design", ["greedy", "full", "subclass", "att_odds", "entropy", "replacement"])
def test_a_large_cohort_is_told_too(design):
    steps = steps_of(design, "nhefs")
    text, result = text_of(steps), result_dict(steps)
    assert f"{result['matching']['matched_treated']:,} treated patients and " in text
    assert not NEVER.search(text.replace("\\!", ""))
    quoted = result["outcomes"][0]["quoted"]
    if quoted["evidence"]:
        assert md(p_equals(quoted["p"])) in text
    assert ("of other sizes" in text) == (design == "full")


def test_free_days_and_the_win_ratio_are_told():
    path = DATA / "msc_covid19_episodes.csv"
    episodes = read_table(read_file(path), path.name)
    text = text_of(run(table_of("msc_covid19"), spec_of("msc_covid19"), episodes))
    assert re.search(r"Free days of .+ were counted within 28 days from the file of episodes", text)
    steps = run(table_of("msc_covid19"), spec_of("msc_covid19"), episodes)
    won = result_dict(steps)["win_ratio"]
    assert "A win ratio compared each treated patient with the controls of its set by survival, then " in text
    assert f"won {sum(level['wins'] for level in won['levels'])}, lost " in text
    assert p_equals(steps.free_days.win_ratio.test.p_value) in text


def test_versions_are_those_installed():
    text = methods_markdown(steps_of("greedy"), labels_of(steps_of("greedy")))
    assert f"numpy {np.__version__}, scipy {scipy.__version__}, pandas {pd.__version__}" in text
    assert f"MatchLens {__version__} (Python {platform.python_version()}" in text


def test_study_and_design_sentence_are_text():
    steps = steps_of("greedy")
    text = methods_markdown(steps, labels_of(steps), Context("a <b> study", "Outcomes opened [twice]."))
    assert "a \\<b\\> study" in text
    assert "Outcomes opened \\[twice\\]." in text


def test_a_set_that_was_doubted_is_told():
    entry = {"number": 2, "sets": "0" * 8, "reason": "pregnant", "after_opening": True}
    told = doubted_notes(Sensitivity.model_validate({"not_comparable": [entry]}))
    assert told == [
        "Set 2 was said to be not comparable, after outcomes were opened: pregnant. It stays in the main analysis."
    ]
