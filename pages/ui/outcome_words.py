"""Outcome results as table cells: what was seen, and each p-value with the test and the units that it counts."""

import math
import re

import pandas as pd

from lib.cohort import Cohort
from lib.matching import MatchedSample
from lib.outcomes.results import (
    BinaryOutcome,
    BinarySummary,
    ContinuousOutcome,
    ContinuousSummary,
    Estimate,
    OutcomeResult,
    SurvivalOutcome,
    SurvivalSummary,
    Test,
)
from pages.ui.codebook import Codebook
from pages.ui.format import (
    DASH,
    MEASURES,
    TESTS,
    count_percent,
    counted,
    decimals,
    effect,
    interval,
    median_quartiles,
    p_value,
    percent,
    significant,
)

WHOLE = ("fisher_exact", "kruskal_wallis", "logrank")
PUBLISHED = ("mcnemar_pairs", "wilcoxon_signed_rank_pairs", "logrank")
BY_SET = ("exact_by_set", "aligned_rank_by_set", "logrank_by_set")
SHORT = {
    "fisher_exact": "Fisher exact",
    "kruskal_wallis": "Kruskal-Wallis",
    "logrank": "log-rank",
    "mcnemar_pairs": "McNemar",
    "wilcoxon_signed_rank_pairs": "Wilcoxon signed rank",
    "exact_by_set": "exact by set",
    "aligned_rank_by_set": "aligned ranks by set",
    "logrank_by_set": "log-rank by set",
}
SCOPES = {"marginal": "over all treated (marginal)", "conditional": "within sets (conditional)"}
CONVENTIONS = {
    "whole_cohort": "before matching",
    "published": "as published",
    "matched_set": "by matched set",
}


def seen(summary: BinarySummary | ContinuousSummary | SurvivalSummary, places: int) -> str:
    """What one group did, with its n. places: decimals of a continuous outcome's values."""
    if not summary.n:
        return f"{DASH} (n = 0)"
    if isinstance(summary, BinarySummary):
        return f"{count_percent(summary.events, summary.n)}, n = {summary.n:,}"
    if isinstance(summary, SurvivalSummary):
        return f"{percent(summary.survival)} event-free, {counted(summary.events, 'event')}, n = {summary.n:,}"
    return f"{median_quartiles(summary.median, summary.p25, summary.p75, places)}, n = {summary.n:,}"


def places_of(outcome: OutcomeResult) -> int:
    """Decimals of a continuous outcome's values; 0 for the others."""
    if not isinstance(outcome, ContinuousOutcome):
        return 0
    points = outcome.points
    return decimals(points.loc[points["moment"] == "outcome", "value"].to_numpy(float))


def find(outcome: OutcomeResult, sample: str, names: tuple[str, ...]) -> Test | None:
    """The first test on that sample with one of these names."""
    return next((t for t in outcome.tests if t.sample == sample and t.name in names), None)


def units(test: Test) -> str:
    """What a test counts: "8 sets", "24 pairs from 8 treated patients", "255 patients"."""
    text = counted(test.n_units, test.unit)
    return f"{text} from {counted(test.n_treated, 'treated patient')}" if test.unit == "pair" else text


def p_cell(test: Test | None) -> str:
    """ "0.025 (McNemar, 24 pairs from 8 treated patients)"; a dash with the reason's place when there is none."""
    if test is None:
        return "not available"
    if math.isnan(test.p_value):
        return f"none ({SHORT[test.name]}, {units(test)})"
    return f"{p_value(test.p_value)} ({SHORT[test.name]}, {units(test)})"


def table_two(
    outcomes: tuple[OutcomeResult, ...], cohort: Cohort, sample: MatchedSample, codebook: Codebook
) -> pd.DataFrame:
    """Table 2 of the study, all cells as text. A column for all treated stands there only when some were not matched."""
    matched = sample.matched
    arms = [("treated", f"Treated ({int((matched & sample.treated).sum()):,})"),
            ("matched_control", f"Matched controls ({int((matched & ~sample.treated).sum()):,})"),
            ("whole_control", f"Whole control cohort ({int((~cohort.eligible_treated).sum()):,})")]  # fmt: skip
    everyone = int(cohort.eligible_treated.sum())
    if everyone > int((matched & sample.treated).sum()):
        arms.insert(2, ("whole_treated", f"All treated ({everyone:,})"))
    rows = []
    for outcome in outcomes:
        places = places_of(outcome)
        row = {"Outcome": codebook.column(outcome.name).with_unit + (" (primary)" if outcome.primary else "")}
        row |= {label: seen(getattr(outcome, arm), places) for arm, label in arms}
        row["p, whole cohort"] = p_cell(find(outcome, "whole", WHOLE))
        row["p, matched, as published"] = p_cell(find(outcome, "matched", PUBLISHED))
        row["p, by matched set"] = p_cell(find(outcome, "matched", BY_SET))
        rows.append(row)
    return pd.DataFrame(rows)


def estimate_rows(outcome: OutcomeResult) -> pd.DataFrame:
    """Every estimate as text: measure, estimate, 95% interval, what it refers to, method, note."""
    rows = [(MEASURES.get(e.measure, e.measure), shown(e), interval(e.measure, e.ci_low, e.ci_high),
             SCOPES.get(e.scope, e.scope), e.method, e.note or DASH) for e in outcome.estimates]  # fmt: skip
    return pd.DataFrame(rows, columns=["Effect", "Estimate", "95% interval", "Refers to", "Method", "Note"])


def shown(estimate: Estimate) -> str:
    """The estimate, or "none"."""
    text = effect(estimate.measure, estimate.estimate)
    return "none" if text == DASH else text


def test_rows(outcome: OutcomeResult) -> pd.DataFrame:
    """Every test as text: name, p, what it counts, statistic, note."""
    rows = [(TESTS.get(t.name, t.name), CONVENTIONS.get(t.convention, t.convention), p_value(t.p_value), units(t),
             significant(t.statistic), t.note or DASH) for t in outcome.tests]  # fmt: skip
    return pd.DataFrame(rows, columns=["Test", "Sample and convention", "p", "Counts", "Statistic", "Note"])


def day(name: str) -> str | None:
    """ "Day 7" from a name such as crp_day7; None when the name has no day."""
    found = re.search(r"(?:^|[_ ])day_?(\d+)\b", name, re.IGNORECASE)
    return f"Day {found[1]}" if found else None


def summary_sentence(outcome: OutcomeResult) -> str:
    """The first thing to say about an outcome: what was seen, and the p that counts sets."""
    test = find(outcome, "matched", BY_SET)
    places = places_of(outcome)
    seen_in = f"Treated: {seen(outcome.treated, places)}. Matched controls: {seen(outcome.matched_control, places)}."
    if test is None or math.isnan(test.p_value):
        return seen_in
    return f"{seen_in} Counted by matched set: p {equals(test.p_value)} ({SHORT[test.name]}, {units(test)})."


def equals(p: float) -> str:
    """ "= 0.34" or "< 0.001"."""
    text = p_value(p)
    return f"< {text[1:]}" if text.startswith("<") else f"= {text}"


def is_binary(outcome: OutcomeResult) -> bool:
    """Whether it is an event that happened or not."""
    return isinstance(outcome, BinaryOutcome)


def is_survival(outcome: OutcomeResult) -> bool:
    """Whether it is a time to an event."""
    return isinstance(outcome, SurvivalOutcome)
