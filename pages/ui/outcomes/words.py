"""Outcome results as table cells: what was seen, and each p-value with the test and the units that it counts.

A cell is plain text; what follows a line break is its small print.
"""

import math
import re
from dataclasses import replace

import pandas as pd

from lib.cohort import Cohort
from lib.design import Comparison
from lib.inference import Multiplicity
from lib.inference.results import (
    BinarySummary,
    ContinuousOutcome,
    ContinuousSummary,
    Estimate,
    OutcomeResult,
    SurvivalOutcome,
    SurvivalSummary,
    Test,
)
from lib.words import DASH, counted, p_equals, p_value, percent
from pages.ui.cohort.codebook import Codebook
from pages.ui.format import MEASURES, TESTS, count_percent, decimals, effect, interval, median_quartiles, significant

WHOLE = ("fisher_exact", "kruskal_wallis", "logrank")
PUBLISHED = ("mcnemar_pairs", "wilcoxon_signed_rank_pairs", "logrank")
BY_SET = ("exact_by_set", "aligned_rank_by_set", "logrank_by_set")
VARIANTS = ("cmh_by_set_corrected", "exact_by_set_central", "exact_by_set_midp")  # shown when asked for
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
CONVENTIONS = {"whole_cohort": "before matching", "published": "as published", "matched_set": "by matched set"}
UNITS = {  # of time, as column names in English, German, French and Spanish tell them
    "days": r"day|(\b|_)tage?(\b|_)|jours?(\b|_)|d[ií]as?(\b|_)",
    "weeks": "week|woche|semaine|semana",
    "months": "month|monat|mois|meses",
    "years": r"year|jahre?(\b|_)|années|annees|años",
}
EACH = ("survival_at_horizon", "incidence_difference", "incidence_at_horizon")  # a row for each arm or cause
NO_EVENT = "no_event"  # the code of the notes on an arm without an event
IN_UNIT = ("mean_difference", "hodges_lehmann_shift")


def seen(summary: BinarySummary | ContinuousSummary | SurvivalSummary, places: int) -> str:
    """What one group did, its n below. places: decimals of a continuous outcome's values."""
    if not summary.n:
        return f"{DASH}\nn = 0"
    if isinstance(summary, BinarySummary):
        return f"{count_percent(summary.events, summary.n)}\nn = {summary.n:,}"
    if isinstance(summary, SurvivalSummary):
        return f"{percent(summary.survival)} event-free\n{counted(summary.events, 'event')}, n = {summary.n:,}"
    return f"{median_quartiles(summary.median, summary.p25, summary.p75, places)}\nn = {summary.n:,}"


def seen_in(outcome: OutcomeResult, arm: str, places: int) -> str:
    """What one arm did; where events compete, the share that had the event (1 - Kaplan-Meier would overstate it)."""
    summary = getattr(outcome, arm)
    if not isinstance(outcome, SurvivalOutcome) or not len(outcome.incidence) or not summary.n:
        return seen(summary, places)
    first = outcome.incidence["cause"].iloc[0]
    steps = outcome.incidence[(outcome.incidence["arm"] == arm) & (outcome.incidence["cause"] == first)]
    share = percent(steps["incidence"].iloc[-1])
    return f"{share} by {outcome.horizon:g}\n{counted(summary.events, 'event')}, n = {summary.n:,}"


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
    """ "0.025", below it "McNemar, 24 pairs from 8 treated patients"."""
    if test is None:
        return f"{DASH}\nnot available"
    return f"{p_value(test.p_value)}\n{SHORT[test.name].removesuffix(' by set')}, {units(test)}"


def table_two(
    outcomes: tuple[OutcomeResult, ...], cohort: Cohort, sample: Comparison, codebook: Codebook
) -> pd.DataFrame:
    """Table 2 of the study. All treated have a column of their own only when some of them were not matched."""
    treated, control = (int((sample.matched & (sample.treated == arm)).sum()) for arm in (True, False))
    everyone = int(cohort.eligible_treated.sum())
    arms = {"treated": f"Treated ({treated:,})", "matched_control": f"Matched controls ({control:,})"}
    arms |= {"whole_treated": f"All treated ({everyone:,})"} if everyone > treated else {}
    arms |= {"whole_control": f"Whole control cohort ({len(cohort.eligible_treated) - everyone:,})"}
    rows = []
    for outcome in outcomes:
        places = places_of(outcome)
        row = {"Outcome": name_of(outcome, codebook) + ("\nprimary" if outcome.primary else "")}
        row |= {label: seen_in(outcome, arm, places) for arm, label in arms.items()}
        row["p, whole cohort"] = p_cell(find(outcome, "whole", WHOLE))
        row["p, as published"] = p_cell(find(outcome, "matched", PUBLISHED))
        row["p, by matched set"] = p_cell(find(outcome, "matched", BY_SET))
        rows.append(row)
    return pd.DataFrame(rows)


def name_of(outcome: OutcomeResult, codebook: Codebook, unit: bool = True) -> str:
    """An outcome in words, with its unit if asked for; a survival outcome has a name of its own."""
    entry = codebook.column(outcome.name)
    if entry.label == outcome.name and isinstance(outcome, SurvivalOutcome):
        return entry.label[:1].upper() + entry.label[1:]
    return entry.with_unit if unit else entry.label


def curve_name(outcome: SurvivalOutcome) -> str:
    """What a Kaplan-Meier curve shows: survival when the event is a death by its name, else freedom from the event."""
    return "Survival" if re.search("surviv|death|died|dead|mort", outcome.name, re.IGNORECASE) else "Event-free"


def time_unit(column: str) -> str:
    """The unit that a column's name tells ("followup_days"), else which column it is the unit of."""
    found = next((unit for unit, words in UNITS.items() if re.search(words, column, re.IGNORECASE)), None)
    return found or f"unit of {column}"


def measure_name(outcome: OutcomeResult, measure: str, unit: str) -> str:
    """A measure in words, with the unit or the horizon that it is about."""
    name = MEASURES.get(measure) or in_words(measure)
    if isinstance(outcome, SurvivalOutcome):
        return name.replace("the horizon", f"{outcome.horizon:g}")
    return f"{name} ({unit})" if unit and measure in IN_UNIT else name


def main_estimates(outcome: OutcomeResult) -> list[Estimate]:
    """The first method of each measure that gives an estimate (else the first); of survival both arms, of competing
    events every cause, but no survival free of the event, which those who had another event would swell."""
    if isinstance(outcome, SurvivalOutcome) and len(outcome.incidence):
        outcome = replace(outcome, estimates=tuple(e for e in outcome.estimates if e.measure != "survival_at_horizon"))
    first = {e.measure: e for e in reversed(outcome.estimates)}
    first |= {e.measure: e for e in reversed(outcome.estimates) if not math.isnan(e.estimate)}
    return [e for e in outcome.estimates if first[e.measure] is e or e.measure in EACH]


def estimate_rows(outcome: OutcomeResult, estimates: list[Estimate], unit: str) -> pd.DataFrame:
    """Estimates as text: effect and what it refers to, estimate, 95% interval, method, note."""
    rows = []
    for e in estimates:
        name, scope = measure_name(outcome, e.measure, unit), e.who or SCOPES.get(e.scope, e.scope)
        numbers = effect(e.measure, e.estimate), interval(e.measure, e.ci_low, e.ci_high)
        rows.append((f"{name}\n{scope}", *numbers, e.method, e.said))
    return noted(pd.DataFrame(rows, columns=["Effect", "Estimate", "95% interval", "Method", "Note"]))


def noted(rows: pd.DataFrame) -> pd.DataFrame:
    """Without the column of notes where there is none."""
    return rows if (rows["Note"] != "").any() else rows.drop(columns="Note")


def test_rows(tests: list[Test]) -> pd.DataFrame:
    """Tests as text: name and convention, p, what it counts, statistic, note."""
    rows = [
        (
            f"{TESTS.get(t.name) or in_words(t.name)}\n{CONVENTIONS[t.convention]}",
            p_value(t.p_value),
            units(t),
            significant(t.statistic),
            t.note,
        )
        for t in tests
    ]
    return noted(pd.DataFrame(rows, columns=["Test", "p", "Counts", "Statistic", "Note"]))


def in_words(name: str) -> str:
    """A program's name as words: "win_ratio" is "Win ratio"."""
    return name.replace("_", " ").capitalize()


def other_notes(outcome: OutcomeResult) -> list[str]:
    """The outcome's notes without its name, and without those that stand in its tables."""
    told = {item.note_code for item in (*outcome.tests, *outcome.estimates)} | {NO_EVENT}
    return [note.text for note in outcome.notes if note.code not in told]


def no_event_paragraph(outcome: OutcomeResult) -> str:
    """What no event in an arm means; empty where both arms had one (or the outcome is a number)."""
    limits = [note.text for note in outcome.notes if note.code == NO_EVENT]
    if not limits:
        return ""
    text = f"{' '.join(limits)} No event in so few patients is not a risk of zero."
    if isinstance(outcome, SurvivalOutcome):
        return f"{text} Intervals from a standard error are too narrow then."
    if outcome.treated.events or outcome.matched_control.events:
        return (
            f"{text} A ratio would be zero or without an end, and no standard error can be made of it: read the exact "
            "odds ratio by set, whose interval needs none."
        )
    return f"{text} Nobody in either arm had the event, so nothing can be compared."


def several_rows(several: Multiplicity, names: dict[str, str]) -> pd.DataFrame:
    """One row per outcome: p by set, Holm, max-T."""
    rows = [
        (
            names[row.outcome] + ("\nprimary" if row.primary else ""),
            SHORT[row.test],
            p_value(row.p_raw),
            p_value(row.p_holm),
            p_value(row.p_max_t),
        )
        for row in several.rows.itertuples()
    ]
    return pd.DataFrame(rows, columns=["Outcome", "Test", "p, by matched set", "Holm", "Max-T"])


def day(name: str) -> str | None:
    """ "Day 7" from a name such as crp_day7; None when the name has no day."""
    found = re.search(r"(?:^|[_ ])day_?(\d+)(?:\b|_)", name, re.IGNORECASE)
    return f"Day {found[1]}" if found else None


def summary_sentence(outcome: OutcomeResult) -> str:
    """The first thing to say about an outcome: what was seen, and the p that counts sets."""
    places = places_of(outcome)
    treated, control = (seen_in(outcome, arm, places).replace("\n", ", ") for arm in ("treated", "matched_control"))
    text = f"Treated: {treated}. Matched controls: {control}."
    test = find(outcome, "matched", BY_SET)
    if test is None or math.isnan(test.p_value):
        return text
    return f"{text} Counted by matched set: {p_equals(test.p_value)} ({SHORT[test.name]}, {units(test)})."
