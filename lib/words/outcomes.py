"""Outcomes in words: what each group did, each p with the test and the units that it counts, Table 2.

A cell is plain text; what follows a line break is its small print.
"""

import math
import re

import numpy as np

from ..cohort import Cohort
from ..design import Comparison
from ..inference.results import (
    LARGE_SAMPLE,
    BinaryOutcome,
    BinarySummary,
    ContinuousOutcome,
    ContinuousSummary,
    OutcomeResult,
    SurvivalOutcome,
    SurvivalSummary,
    Test,
    quoted_of,
)
from .labels import Labels
from .moves import FITTED, NO_EVIDENCE, TOO_UNLIKE
from .names import BY_SET, PUBLISHED, SHORT, WHOLE, arm_name
from .numbers import (
    DASH,
    capitalised,
    count_percent,
    counted,
    decimals,
    median_quartiles,
    p_equals,
    p_value,
    percent,
)
from .tables import TextTable, row_kinds
from .to_quote import EFFECT_HEAD, effect_cell, effect_sentence

UNITS = {  # of time, as column names in English, German, French and Spanish tell them
    "days": r"day|(\b|_)tage?(\b|_)|jours?(\b|_)|d[ií]as?(\b|_)",
    "weeks": "week|woche|semaine|semana",
    "months": "month|monat|mois|meses",
    "years": r"year|jahre?(\b|_)|années|annees|años",
}
PLAIN_COUNTS = (
    "Counts and medians are plain: every patient counts once. Shares event-free or with the event by a day (weighted "
    "Kaplan-Meier or incidence), the effects, the curves and what is called weighted use the weights of the comparison."
)
BY_SET_HEAD, ALONE_HEAD = "p, by matched set", "p, large sample"
P_COLUMNS = {  # the quoted one first: sample and names of the tests
    BY_SET_HEAD: ("matched", BY_SET),
    "p, sets ignored": ("matched", PUBLISHED),
    "p, whole cohort": ("whole", WHOLE),
}
COUNTED_OTHERWISE = "The same outcomes counted as pairs, and before matching"
ROUNDING = 1e-9  # by which weights that are meant to be equal may differ; they have mean 1
BY_ODDS = "by fitted odds"  # how the short name of a test tells its moves
NO_EVENT = "no_event"  # the code of the notes on an arm without an event


def seen(summary: BinarySummary | ContinuousSummary | SurvivalSummary, places: int) -> str:
    """What one group did, its n below. places: decimals of a continuous outcome's values."""
    if not summary.n:
        return f"{DASH}\nn = 0"
    if isinstance(summary, BinarySummary) and reweighted(summary):
        return f"{summary.events:,} of {summary.n:,}\n{percent(summary.weighted_risk)} weighted"
    if isinstance(summary, BinarySummary):
        return f"{count_percent(summary.events, summary.n)}\nn = {summary.n:,}"
    if isinstance(summary, SurvivalSummary):
        return f"{percent(summary.survival)} event-free\n{counted(summary.events, 'event')}, n = {summary.n:,}"
    return f"{median_quartiles(summary.median, summary.p25, summary.p75, places)}\nn = {summary.n:,}"


def reweighted(summary: BinarySummary) -> bool:
    """Whether the weights change the share that a reader sees."""
    return math.isfinite(summary.weighted_risk) and percent(summary.weighted_risk) != percent(summary.risk)


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
    """Of the tests on that sample with one of these names the quoted one, else the first."""
    found = [t for t in outcome.tests if t.sample == sample and t.name in names]
    return quoted_of(found) or next(iter(found), None)


def the_test(outcome: OutcomeResult, name: str) -> Test:
    """A test of the matched sample that every outcome of its kind has."""
    return next(t for t in outcome.tests if t.sample == "matched" and t.name == name)


def units(test: Test) -> str:
    """What a test counts: "8 sets", "24 pairs from 8 treated patients", "255 patients"."""
    text = counted(test.n_units, test.unit)
    return f"{text} from {counted(test.n_treated, 'treated patient')}" if test.unit == "pair" else text


def _evidence(outcome: OutcomeResult, column: tuple[str, tuple[str, ...]]) -> bool:
    """Whether the p of a column of Table 2 can be evidence."""
    return column[1] != BY_SET or outcome.quoted is None or outcome.quoted.evidence


def p_cell(test: Test | None, evidence: bool = True) -> str:
    """ "0.025", below it "McNemar, 24 pairs from 8 treated patients".  evidence: as results.Quoted."""
    if test is None:
        return f"{DASH}\nnot available"
    if not evidence:
        return f"{DASH}\n{TOO_UNLIKE}"
    return f"{p_value(test.p_value)}\n{SHORT[test.name].replace(' by set', '', 1)}, {units(test)}"


def table_two(outcomes: tuple[OutcomeResult, ...], cohort: Cohort, comparison: Comparison, labels: Labels) -> TextTable:
    """Table 2 of the study. All treated have a column of their own only when some of them were not matched."""
    treated, control = (comparison.n_matched(arm) for arm in (True, False))
    everyone = int(cohort.eligible_treated.sum())
    weighted = any(outcome.weighted for outcome in outcomes)
    compared = f"{arm_name('matched_control', weighted)} ({control:,})"
    arms = {"treated": f"Treated ({treated:,})", "matched_control": compared}
    arms |= {"whole_treated": f"All treated ({everyone:,})"} if everyone > treated else {}
    arms |= {"whole_control": f"Whole control cohort ({len(cohort.eligible_treated) - everyone:,})"}
    rows = []
    for outcome in outcomes:
        places = places_of(outcome)
        name = name_of(outcome, labels) + ("\nprimary" if outcome.primary else "")
        treated_cell, control_cell, *others = (seen_in(outcome, arm, places) for arm in arms)
        quoted = effect_cell(outcome), quoted_p_cell(outcome)
        rows.append((name, treated_cell, control_cell, *quoted, *others))
    first, second, *rest = arms.values()
    p_head = BY_SET_HEAD if any(find(outcome, *P_COLUMNS[BY_SET_HEAD]) for outcome in outcomes) else ALONE_HEAD
    return TextTable(
        "Table 2: outcomes",
        ("Outcome", first, second, EFFECT_HEAD, p_head, *rest),
        tuple(rows),
        table_two_foot(outcomes, comparison),
        "Table 2: every outcome by group, with the effect and the p to quote",
        kinds=row_kinds(outcome.primary for outcome in outcomes),
    )


def quoted_p_cell(outcome: OutcomeResult) -> str:
    """ "0.34", below it "exact, 8 sets"; without sets the p of the effect itself."""
    test, quoted = find(outcome, *P_COLUMNS[BY_SET_HEAD]), outcome.quoted
    if test is None and quoted is not None and quoted.test == LARGE_SAMPLE:
        return f"{p_value(quoted.p)}\nof this difference"
    return p_cell(test, quoted is None or quoted.evidence).replace(f", {BY_ODDS},", ",")


def other_p_table(outcomes: tuple[OutcomeResult, ...], labels: Labels) -> TextTable:
    """The p of every outcome as the study counted, and before matching, beside the one to quote."""
    columns = p_columns(outcomes)
    rows = [
        (name_of(o, labels, False), *(p_cell(find(o, *of), _evidence(o, of)) for of in columns.values()))
        for o in outcomes
    ]
    return TextTable(
        COUNTED_OTHERWISE,
        ("Outcome", *columns),
        tuple(rows),
        alt=f"Every outcome with {counted(len(columns), 'p-value')} that count differently",
        kinds=row_kinds(outcome.primary for outcome in outcomes),
    )


def p_columns(outcomes: tuple[OutcomeResult, ...]) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Of P_COLUMNS those that some outcome has, and the last."""
    *rest, last = P_COLUMNS
    told = [head for head in rest if any(find(outcome, *P_COLUMNS[head]) for outcome in outcomes)]
    return {head: P_COLUMNS[head] for head in (*told, last)}


def table_two_foot(outcomes: tuple[OutcomeResult, ...], comparison: Comparison) -> tuple[str, ...]:
    """What plain numbers stand beside weighted effects, and why there is no p by set."""
    unequal = outcomes and np.ptp(comparison.weights[comparison.matched]) > ROUNDING
    said = [PLAIN_COUNTS] if unequal else []
    if any(BY_ODDS in SHORT[test.name] for one in outcomes if (test := find(one, *P_COLUMNS[BY_SET_HEAD]))):
        said.append(f"p by matched set: the label moves within each set {FITTED}.")
    if comparison.why_no_sets:
        said.append(f"{comparison.why_no_sets}, so there is no p by set.")
    return tuple(said)


def name_of(outcome: OutcomeResult, labels: Labels, unit: bool = True) -> str:
    """An outcome in words, with its unit if asked for; a survival outcome has a name of its own."""
    label = labels.column(outcome.name)
    if isinstance(outcome, SurvivalOutcome):
        return capitalised(label.name) if label.name == outcome.name else label.name
    return label.with_unit if unit else label.name


def curve_name(outcome: SurvivalOutcome) -> str:
    """What a Kaplan-Meier curve shows: survival when the event is a death by its name, else freedom from the event."""
    return "Survival" if re.search("surviv|death|died|dead|mort", outcome.name, re.IGNORECASE) else "Event-free"


def time_unit(column: str) -> str:
    """The unit that a column's name tells ("followup_days"), else which column it is the unit of."""
    found = next((unit for unit, words in UNITS.items() if re.search(words, column, re.IGNORECASE)), None)
    return found or f"unit of {column}"


def other_notes(outcome: OutcomeResult) -> list[str]:
    """The outcome's notes without its name, and without those that stand in its tables."""
    told = {test.note_code for test in outcome.tests} | {one.note_code for one in outcome.estimates} | {NO_EVENT}
    return [note.text for note in outcome.notes if note.code not in told]


def no_event_paragraph(outcome: OutcomeResult) -> str:
    """What no event in an arm means; empty where both arms had one (or the outcome is a number)."""
    limits = [note.text for note in outcome.notes if note.code == NO_EVENT]
    if not limits:
        return ""
    text = f"{' '.join(limits)} No event in so few patients is not a risk of zero."
    if isinstance(outcome, SurvivalOutcome):
        return f"{text} Intervals from a standard error are too narrow then."
    if not any(test.convention == "matched_set" for test in outcome.tests):
        return f"{text} Without tests by set no exact interval of a ratio exists."
    if isinstance(outcome, BinaryOutcome) and (outcome.treated.events or outcome.matched_control.events):
        return (
            f"{text} A ratio would be zero or without an end, and no standard error can be made of it: read the exact "
            "odds ratio by set, whose interval needs none."
        )
    return f"{text} Nobody in either arm had the event, so nothing can be compared."


def day(name: str) -> str | None:
    """ "Day 7" from a name such as crp_day7; None when the name has no day."""
    found = re.search(r"(?:^|[_ ])day_?(\d+)(?:\b|_)", name, re.IGNORECASE)
    return f"Day {found[1]}" if found else None


def summary_sentence(outcome: OutcomeResult, unit: str = "") -> str:
    """The first thing to say about an outcome: what was seen, and the quoted interval and p.  unit: of what is
    measured."""
    places = places_of(outcome)
    treated, control = (seen_in(outcome, arm, places).replace("\n", ", ") for arm in ("treated", "matched_control"))
    text = f"Treated: {treated}. {arm_name('matched_control', outcome.weighted)}: {control}."
    told = f"{text} {effect_sentence(outcome, unit)}".rstrip()
    test = find(outcome, "matched", BY_SET)
    if test is None or math.isnan(test.p_value):
        return f"{told}{own_p(outcome)}"
    quoted = outcome.quoted
    if quoted is not None and not quoted.evidence:
        why = next(note.text for note in outcome.notes if note.code == NO_EVIDENCE)
        return f"{text} No p by matched set is quoted: {why[0].lower()}{why[1:]}"
    return f"{told} Counted by matched set: {p_equals(test.p_value)} ({SHORT[test.name]}, {units(test)})."


def own_p(outcome: OutcomeResult) -> str:
    """Where no test by set exists, the p of the quoted effect itself; empty where there is none."""
    quoted = outcome.quoted
    if quoted is None or quoted.test != LARGE_SAMPLE or math.isnan(quoted.p):
        return ""
    return f" For large samples, {p_equals(quoted.p)}."
