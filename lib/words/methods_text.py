"""Methods and results of one analysis as a reviewer reads them, in Markdown. All of its English stands in
lib/words/methods_text*.py; numbers are rounded by lib.words and computed by nobody here."""

import math
from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..inference import OutcomeResult
from ..measures import MEASURES
from ..spec import AnalysisSpec, Outcome
from ..spec.analysis import as_text
from .balance import named
from .labels import Labels
from .methods_text_design import design_sentences, doubted_notes, score_sentences
from .methods_text_markdown import md
from .methods_text_matched import matched_sentences
from .methods_text_outcomes import (
    balance_sentences,
    free_days_sentences,
    moves_sentences,
    multiplicity_sentences,
    outcome_definition,
    test_sentences,
)
from .methods_text_patients import (
    arms_sentence,
    columns_sentences,
    eligibility_sentence,
    flow_sentences,
    gaps_sentence,
    landmark_sentence,
    missing_sentences,
    time_sentence,
)
from .numbers import counted, effect, half_up, interval, p_equals, p_value
from .outcomes import name_of, summary_sentence
from .tables import records
from .verdict import verdict_sentence

if TYPE_CHECKING:
    from ..steps import Steps

TITLE = "# Methods and results"
LEAD = (
    "A draft made from the settings and the results of one analysis. Numbers are those of result.json, rounded. Add "
    "what no program knows: the question, the setting, the treatment, and how outcomes were measured."
)
ALIKE = 1e-9  # weights nearer than this are the same
COUNTED_ONCE = (
    "Counts and medians are plain: every patient counts once. Shares called weighted, shares event-free and the "
    "effects use the weights of the comparison."
)
METHODS, RESULTS, LIMITS, SOURCES = "## Methods", "## Results", "## Limits", "## References"
PATIENTS, SCORE, DESIGN, BALANCE, OUTCOMES, SOFTWARE = (
    "### Patients",
    "### Propensity score",
    "### Who is compared with whom",
    "### Balance",
    "### Outcomes",
    "### Software",
)
OF_DATA, OF_DESIGN, OF_OUTCOMES = "### Of the data", "### Of the design", "### Of the outcomes"
UNMEASURED = "What was not measured may differ between the arms; no design of observed data excludes it."
NOT_EVIDENCE = "The p by set is no evidence here: the sets are too unlike."


def paragraph(sentences: Iterable[str]) -> str:
    """Sentences as one paragraph; empty ones left out."""
    return " ".join(sentence for sentence in sentences if sentence)


def bullets(lines: Iterable[str]) -> str:
    """A list, a line each."""
    return "\n".join(f"- {line}" for line in lines)


def patients_paragraph(steps: "Steps", labels: Labels) -> str:
    """Methods: who was studied."""
    spec, cohort = steps.used[1], steps.cohort
    return paragraph(
        [
            arms_sentence(cohort, spec, labels),
            *columns_sentences(spec, labels),
            eligibility_sentence(spec, labels),
            landmark_sentence(spec),
            time_sentence(steps.treatment_time),
            *missing_sentences(steps.comparison.by_set),
        ]
    )


def score_paragraph(steps: "Steps", labels: Labels) -> str:
    """Methods: the propensity score."""
    return paragraph(score_sentences(steps.used[1], steps.cohort, steps.score, labels))


def design_paragraph(steps: "Steps", labels: Labels) -> str:
    """Methods: matching or weighting."""
    return paragraph(design_sentences(steps.used[1], steps.score, steps.comparison, labels))


def balance_paragraph(steps: "Steps") -> str:
    """Methods: how balance was judged."""
    return paragraph(balance_sentences(steps.balance_test, len(steps.balance.rows)))


def outcomes_paragraph(steps: "Steps", labels: Labels) -> str:
    """Methods: tests and effects."""
    primary = any(outcome.primary for outcome in steps.outcomes)
    return paragraph(
        [
            *test_sentences(steps.comparison, steps.outcomes),
            *(moves_sentences(steps.odds_inside_sets) if steps.outcomes else ()),
            *multiplicity_sentences(steps.multiplicity, primary),
            *free_days(steps, labels),
            "Intervals are 95% intervals, p-values two-sided.",
        ]
    )


def free_days(steps: "Steps", labels: Labels) -> list[str]:
    """Methods: free days, where episodes were given."""
    found = steps.free_days
    if found is None:
        return []
    names = [] if found.win_ratio is None else found.win_ratio.levels["outcome"].tolist()
    order = [md(labels.column(str(name)).name) for name in names]
    return free_days_sentences(steps.spec.free_days, [one.support for one in found.derived], order)


def win_ratio_sentence(steps: "Steps") -> str:
    """Results: the win ratio; empty without one."""
    found = None if steps.free_days is None else steps.free_days.win_ratio
    if found is None:
        return ""
    effects = [
        f"{MEASURES[one.measure].label.lower()} {effect(one.measure, one.estimate)} "
        f"({interval(one.measure, one.ci_low, one.ci_high)})"
        for one in found.estimates
        if math.isfinite(one.estimate)
    ]
    compared = counted(found.wins + found.losses + found.ties, "comparison")
    told = ", ".join([*effects, md(p_equals(found.test.p_value))])
    counts = f"won {found.wins:,}, lost {found.losses:,} and tied in {found.ties:,}"
    return f"**Win ratio**. Of {compared} the treated patient {counts}; {told}."


def definitions(steps: "Steps", labels: Labels) -> str:
    """Methods: the outcomes, a line each."""
    spec, cohort = steps.used[1], steps.cohort
    return bullets(outcome_definition(outcome, labels, event_values(cohort, outcome)) for outcome in spec.outcomes)


def event_values(cohort: Cohort, outcome: Outcome) -> list[str]:
    """The values in the file that count as the event, as far as an eligible patient has one; () for a number."""
    if outcome.kind == "continuous":
        return []
    survival = outcome.kind == "survival"
    column = outcome.event if survival else outcome.column
    known = cohort.outcomes[f"{outcome.name}.event" if survival else outcome.name].to_numpy() == 1
    found = {str(as_text(plain)) for plain in cohort.eligible.loc[known, str(column)].dropna().tolist()}
    return sorted(found or ({outcome.event_value} if outcome.event_value else set()))


def flow_paragraph(steps: "Steps", labels: Labels) -> str:
    """Results: from the file to the comparison."""
    cohort = steps.cohort
    return paragraph(
        [
            *flow_sentences(cohort),
            gaps_sentence(cohort, labels),
            f"{counted(cohort.n, 'patient')} were analysed.",
            *matched_sentences(steps.comparison, steps.used[1].matching),
        ]
    )


def fit_sentence(steps: "Steps") -> str:
    """Results: how far the score tells the arms apart; empty without one."""
    score = steps.score
    if not math.isfinite(score.c_statistic):
        return ""
    return (
        f"The score told the arms apart with a c-statistic of {half_up(score.c_statistic, 2)}, from "
        f"{half_up(score.events_per_variable, 1)} patients of the smaller arm for each coefficient."
    )


def balance_results(steps: "Steps", labels: Labels) -> str:
    """Results: the largest differences and the verdict."""
    return paragraph(
        [
            fit_sentence(steps),
            worst_sentence(steps, labels),
            md(verdict_sentence(named(steps.balance, labels), steps.balance_test)),
        ]
    )


def worst_sentence(steps: "Steps", labels: Labels) -> str:
    """The largest |SMD| before and after; empty without covariates."""
    rows = steps.balance.rows
    if rows.empty:
        return ""
    verb = "matching" if steps.comparison.n_sets else "weighting"
    said = []
    for when in ("before", "after"):
        size = rows[f"smd_{when}"].abs()
        if size.isna().all():
            continue
        row = rows.iloc[int(np.nanargmax(size.to_numpy(float)))]
        amount = half_up(float(size.max()), 2) if math.isfinite(size.max()) else "without limit"
        level = "" if pd.isna(row["level"]) else f" = {md(row['level'])}"
        said.append(f"{amount} {when} {verb} ({md(labels.column(str(row['covariate'])).name)}{level})")
    return f"The largest SMD of a covariate was {' and '.join(said)}."


def outcome_results(steps: "Steps", labels: Labels) -> str:
    """Results: a line for each outcome, with the quoted effect and p; first what is weighted, where that matters."""
    told = bullets(
        f"**{md(name_of(outcome, labels, False))}**{' (primary)' if outcome.primary else ''}. "
        f"{md(summary_sentence(outcome, unit_of(steps.used[1], outcome, labels)))}"
        for outcome in steps.outcomes
    )
    return f"{COUNTED_ONCE}\n\n{told}" if unequal(steps.comparison) else told


def unequal(comparison: Comparison) -> bool:
    """Whether patients of one arm who are compared have different weights."""
    arms = (comparison.treated, ~comparison.treated)
    return any(np.ptp(comparison.weights[comparison.matched & arm]) > ALIKE for arm in arms)


def unit_of(spec: AnalysisSpec, outcome: OutcomeResult, labels: Labels) -> str:
    """The unit of what is measured: of a time that of its column; empty where nobody told it."""
    return labels.column(outcome.name).unit if outcome.kind != "binary" else ""


def adjusted_sentence(steps: "Steps", labels: Labels) -> str:
    """Results: p adjusted for several outcomes; empty for one."""
    rows = steps.multiplicity.rows
    known = rows[rows["p_raw"].notna()] if len(rows) else rows
    odds = steps.odds_inside_sets
    if len(known) < 2:
        return ""
    if odds is not None and odds.level == "no_evidence":
        return NOT_EVIDENCE
    names = {outcome.name: name_of(outcome, labels, False) for outcome in steps.outcomes}
    said = [
        f"{md(names[row.outcome])}: {md(p_value(row.p_holm))} and {md(p_value(row.p_max_t))}" for row in records(known)
    ]
    return f"p adjusted for {len(known)} outcomes, by Holm and by max-T: {'; '.join(said)}."


def limits(steps: "Steps", labels: Labels) -> str:
    """The notes that the analysis raised, by what they are about; what no analysis can exclude comes last."""
    called = called_notes(steps, labels)
    parts = {OF_DATA: steps.cohort.notes, OF_DESIGN: design_notes(steps)}
    told = {note for notes in parts.values() for note in notes}
    parts[OF_OUTCOMES] = tuple(note for note in steps.notes if note not in told)
    blocks = [
        f"{head}\n\n{bullets(md(called.get(note, note)) for note in notes)}" for head, notes in parts.items() if notes
    ]
    return "\n\n".join([*blocks, UNMEASURED])


def called_notes(steps: "Steps", labels: Labels) -> dict[str, str]:
    """Notes of outcomes -> the same with the outcome as it is called."""
    return {
        note.sentence: f"{name_of(outcome, labels, False)}: {note.text}"
        for outcome in steps.outcomes
        for note in outcome.notes
        if note.about == outcome.name
    }


def design_notes(steps: "Steps") -> tuple[str, ...]:
    """Notes on score, match, balance and time of treatment."""
    stages = (steps.score, steps.comparison, steps.balance)
    time = steps.treatment_time
    own = [
        *doubted_notes(steps.spec.sensitivity),
        *(note for stage in stages for note in stage.notes),
        *steps.odds_notes,
        *([time.sentence] if time else []),
    ]
    return tuple(dict.fromkeys(note for note in own if note not in steps.cohort.notes))
