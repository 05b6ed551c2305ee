"""What a notebook shows of an analysis: a few sentences and tables. It rounds for the eye; `.frame` has the numbers."""

import math

import pandas as pd

from ..balance import BalanceTable, BalanceTest, label
from ..design import Comparison
from ..design.methods import METHODS, name_of
from ..design.settings import MethodSettings
from ..inference import OutcomeResult
from ..inference.results import BinarySummary, ContinuousSummary, Estimate, SurvivalSummary, Test, arm_words
from ..steps import Steps
from ..words import DASH, counted, half_up, p_value, percent
from ..words.moves import TOO_UNLIKE
from ..words.outcomes import reweighted
from ..words.to_quote import quoted_estimate
from ..words.verdict import verdict_sentence
from .blocks import Block

BALANCE_HEADS = ("covariate", "SMD before", "SMD after", "variance ratio after")
OUTCOME_HEADS = ("outcome", "treated", "controls compared", "effect (95% CI)", "p by matched set")
PART_HEADS = ("what", "estimate (95% CI) or p", "how")
FIGURES = 3  # significant figures of an effect


def head_block(made: Steps) -> Block:
    """Who is compared with whom."""
    cohort, comparison = made.cohort, made.comparison
    treated = int(cohort.treated.sum())
    used = f"{comparison.n_matched(True):,} of {counted(treated, 'treated patient')} ({cohort.treated_label})"
    title = f"MatchLens: {used} and {comparison.n_matched(False):,} of {cohort.n - treated:,} controls"
    return Block(title, (f"{_how(made.spec.matching)} {_units(comparison)}",))


def _how(settings: MethodSettings) -> str:
    method = METHODS[name_of(settings)]
    chosen = [axis.say(getattr(settings, name)) for name, axis in method.axes.items()]
    return f"{'; '.join([method.title, *chosen])}."


def _units(comparison: Comparison) -> str:
    """What is independent of what, and how many controls the weights leave."""
    sets = counted(comparison.n_sets, "matched set") if comparison.by_set else comparison.why_no_sets
    ess, n = comparison.effective_sample_size(False), comparison.n_matched(False)
    return (
        f"{sets}." if math.isclose(ess, n) else f"{sets}; by their weights {n:,} controls count as {half_up(ess, 1)}."
    )


def balance_block(balance: BalanceTable, test: BalanceTest) -> Block:
    """How alike the arms are: the verdict, and a row for each covariate or level of one, then the described columns."""
    rows = tuple(_balance_row(row) for _, row in balance.every.iterrows())
    return Block("Balance", (verdict_sentence(balance, test),), BALANCE_HEADS, rows)


def _balance_row(row: pd.Series) -> tuple[str, ...]:
    return label(row), *(_two(row[name]) for name in ("smd_before", "smd_after", "variance_ratio_after"))


def outcomes_block(outcomes: tuple[OutcomeResult, ...]) -> Block:
    """A row for each outcome; nothing when there is none."""
    return Block("Outcomes", (), OUTCOME_HEADS, tuple(map(_outcome_row, outcomes))) if outcomes else Block()


def _outcome_row(outcome: OutcomeResult) -> tuple[str, ...]:
    effect = quoted_estimate(outcome)
    return (
        outcome.name,
        seen(outcome.treated),
        seen(outcome.matched_control),
        DASH if effect is None else f"{words(effect.measure)} {interval(effect)}",
        _p_by_set(outcome),
    )


def _p_by_set(outcome: OutcomeResult) -> str:
    """The quoted p with what it counts; where the sets are too unlike for one, that."""
    test, quoted = outcome.quoted_test, outcome.quoted
    if test is None:
        return DASH
    if quoted is not None and not quoted.evidence:
        return TOO_UNLIKE
    return f"{p_value(test.p_value)} ({test.counts})"


def outcome_block(outcome: OutcomeResult) -> Block:
    """One outcome: both arms, every effect and every test on the matched sample, and its notes."""
    arms = f"Treated {seen(outcome.treated)}; {arm_words('control', outcome.weighted)} {seen(outcome.matched_control)}."
    effects = [(words(e.measure), interval(e), e.full_method(outcome.weighted)) for e in outcome.estimates]
    tests = [(words(t.name), f"p {p_value(t.p_value)}", _counts(t)) for t in outcome.tests if t.sample == "matched"]
    notes = [note.sentence for note in outcome.notes]
    return Block(f"{outcome.name} ({outcome.kind})", (arms, *notes), PART_HEADS, (*effects, *tests))


def _counts(test: Test) -> str:
    return f"{test.counts}: {test.counted_as}" if test.counted_as else test.counts


def notes_block(notes: tuple[str, ...]) -> Block:
    """What the reader must know."""
    return Block(counted(len(notes), "note"), tuple(f"- {note}" for note in notes), folded=True) if notes else Block()


def seen(summary: BinarySummary | ContinuousSummary | SurvivalSummary) -> str:
    """What one arm did: "0 of 8 (0%)", "median 12 (8 to 15), n = 24", "survival 79%, 5 events, n = 24"."""
    if not summary.n:
        return f"{DASH}, n = 0"
    if isinstance(summary, BinarySummary):
        text, weighted = f"{summary.events:,} of {summary.n:,}", percent(summary.weighted_risk)
        return f"{text}, {weighted} weighted" if reweighted(summary) else f"{text} ({percent(summary.risk)})"
    if isinstance(summary, SurvivalSummary):
        return f"{percent(summary.survival)} event-free, {counted(summary.events, 'event')}, n = {summary.n:,}"
    middle, low, high = map(significant, (summary.median, summary.p25, summary.p75))
    return f"median {middle} ({low} to {high}), n = {summary.n:,}"


def interval(effect: Estimate) -> str:
    """An estimate with its 95% interval on its own scale, in words where a limit does not exist; a dash for neither."""
    low, high = significant(effect.ci_low), significant(effect.ci_high)
    limits = {(True, True): f"{low} to {high}", (True, False): f"{low} or more", (False, True): f"up to {high}"}
    found = math.isfinite(effect.ci_low), math.isfinite(effect.ci_high)
    if not any(found) and not math.isfinite(effect.estimate):
        return DASH
    return f"{significant(effect.estimate)} ({limits.get(found, 'no interval')})"


def significant(value: float) -> str:
    """FIGURES significant figures without powers of ten; integers of more digits stay whole; a dash for no number."""
    if not math.isfinite(value):
        return DASH
    places = FIGURES - 1 - math.floor(math.log10(abs(value))) if value else 0
    return half_up(value, min(max(places, 0), 12))


def _two(value: float) -> str:
    if math.isinf(value):
        return "infinite"
    return DASH if math.isnan(value) else half_up(value, 2)


def words(name: str) -> str:
    """A measure or test by its name: "risk_difference" reads "risk difference"."""
    return name.replace("_", " ")
