"""What a notebook shows: the numbers of the results, rounded for the eye; text and HTML hold the same."""

import html
import math
import re

import pandas as pd
import pytest

import lib as ml
from lib.face.blocks import Block, as_html, as_text
from lib.face.summary import interval, seen, significant
from lib.inference.results import BinarySummary, ContinuousSummary, Estimate, SurvivalSummary
from tests.conftest import SAMPLES

NAN = float("nan")


@pytest.fixture(scope="module")
def made() -> ml.MatchedAnalysis:
    outcomes = {
        "death_28d": ml.binary(),
        "icu_free_days": ml.continuous(),
        "survival": ml.survival("followup_days", "death_by_60", horizon=60),
    }
    data = SAMPLES / "msc_covid19.csv"
    return ml.match(data, treatment="group", treated="MSC", covariates=["age", "sofa"], outcomes=outcomes)


def row(text: str, name: str) -> str:
    return next(line for line in text.split("\n") if line.startswith(f"  {name}"))


def unwrapped(text: str) -> str:
    return " ".join(text.split())


def test_the_summary_holds_the_results(made: ml.MatchedAnalysis) -> None:
    text = repr(made)
    assert text.startswith("MatchLens: 8 of 8 treated patients (MSC) and 24 of 182 controls\n")
    assert "(greedy); 1:3; no caliper. 8 matched sets." in unwrapped(text)
    after = made.balance.frame.set_index("covariate").loc["sofa", "smd_after"]
    assert f"{after:.2f}" in row(text, "sofa")
    result = made["death_28d"].result
    wanted = f"0 of 8 (0%) *{result.matched_control.events} of 24"
    assert re.search(wanted.replace("(", r"\(").replace(")", r"\)"), row(text, "death_28d"))
    p = result.quoted.p
    assert f"{p:.2f} (8 sets)" in row(text, "death_28d")
    ratio = next(e for e in made["survival"].result.estimates if e.role == "quoted")
    assert f"hazard ratio by set 0 (0 to {ratio.ci_high:.2f})" in row(text, "survival")
    assert f"\n{len(made.notes)} notes\n" in text
    assert max(map(len, text.split("\n"))) < 180


def test_other_designs_say_what_they_are(made: ml.MatchedAnalysis) -> None:
    text = repr(made.replace(method="weights", outcomes={}))
    ess = made.replace(method="weights", outcomes={}).steps.balance.ess_control
    assert f"Weights make no sets; by their weights 182 controls count as {ess:.1f}." in unwrapped(text)
    assert "With replacement the sets overlap" in unwrapped(repr(made.replace(replace=True, outcomes={})))


def test_the_unit_guard_stands_beside_the_published_test(made: ml.MatchedAnalysis) -> None:
    assert "24 pairs from 8 treated patients: 8 patients counted as 24" in row(repr(made["death_28d"]), "mcnemar pairs")


def test_html_holds_the_text(made: ml.MatchedAnalysis) -> None:
    shown = html.unescape(re.sub("<[^>]*>", " ", made._repr_html_()))
    words = set(re.sub("[^a-z0-9.]", " ", repr(made).lower()).split())
    assert words <= set(re.sub("[^a-z0-9.]", " ", shown.lower()).split())
    assert made._repr_html_().count("<table>") == 2
    assert f"<summary>{len(made.notes)} notes</summary>" in made._repr_html_()


def test_names_from_the_file_are_no_html() -> None:
    frame = pd.DataFrame({"<b>arm": [1, 1, 0, 0, 0, 0], "<i>age": [50, 60, 52, 61, 45, 70], "<u>": [0, 1, 0, 1, 1, 0]})
    made = ml.match(frame, treatment="<b>arm", covariates=["<i>age"], ratio=1, outcomes={"<u>": ml.binary()})
    for shown in (made, made.balance, made["<u>"]):
        assert not re.search("<[biu]>", shown._repr_html_())
    assert "&lt;i&gt;age" in made._repr_html_()


def test_blocks_align_and_empty_ones_vanish() -> None:
    block = Block("Title", ("word " * 40,), ("a", "long head"), (("1", "2"), ("333", "4")))
    title, *prose, head, first, second = as_text([block, Block()]).split("\n")
    assert (title, head, first, second) == ("Title", "  a    long head", "  1    2", "  333  4")
    assert [line[:2] for line in prose] == ["wo", "  ", "  "]
    assert as_html([Block()]) == "<div></div>"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (0.04567, "0.0457"),
        (-1.005, "−1.01"),
        (12345.6, "12,346"),
        (99.96, "100.0"),
        (NAN, "–"),
        (math.inf, "–"),
    ],
)
def test_significant(value: float, text: str) -> None:
    assert significant(value) == text


@pytest.mark.parametrize(
    ("numbers", "text"),
    [
        ((0.5, 0.25, 1.0), "0.500 (0.250 to 1.00)"),
        ((0.0, 0.0, NAN), "0 (0 or more)"),
        ((0.0, NAN, 4.8), "0 (up to 4.80)"),
        ((2.0, NAN, NAN), "2.00 (no interval)"),
        ((NAN, NAN, NAN), "–"),
        ((NAN, 1.5, NAN), "– (1.50 or more)"),
    ],
)
def test_interval(numbers: tuple[float, float, float], text: str) -> None:
    assert interval(Estimate("odds_ratio", *numbers, NAN, "by hand")) == text


def test_seen() -> None:
    assert seen(BinarySummary(0, 0)) == "–, n = 0"
    assert seen(BinarySummary(24, 4)) == "4 of 24 (16.7%)"
    assert seen(ContinuousSummary(3, 14, 6.5, 22, 14, 8, 5, 23)) == "median 14.0 (6.50 to 22.0), n = 3"
    assert seen(SurvivalSummary(24, 1, 0.75, 0.5, 0.9)) == "75.0% event-free, 1 event, n = 24"
