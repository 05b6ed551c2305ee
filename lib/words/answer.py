"""The answer card in words: the question, what both arms did, the effect to quote and how far it can be trusted.

A question speaks of dying only where the value of the event, or a label that people gave, says so; else it repeats
their words.
"""

import math
import re

from ..design import Comparison
from ..inference.attainable import MOST_SETS
from ..inference.design_power import ALPHA, Fall
from ..inference.results import (
    LARGE_SAMPLE,
    BinaryOutcome,
    ContinuousOutcome,
    OutcomeResult,
    SurvivalOutcome,
)
from ..roles.levels import is_dead
from ..spec import Outcome
from .labels import Labels
from .numbers import capitalised, counted, effect, interval, isolated, median_quartiles, p_value, percent
from .outcomes import UNITS, places_of, reweighted, time_unit
from .to_quote import UNKNOWN_UNIT, attributed_range, effect_sentence, quoted_estimate

DEATH = re.compile(r"(?:death|died)(?: during follow-up)?(?: by \w+ [\d.]+)?(?: \([^()]*\))?", re.IGNORECASE)
BY = re.compile(r"\bby (?:day|week|month|year) [\d.]+", re.IGNORECASE)
YES = re.compile(r"y|yes|true|oui|o|vrai|ja|j|wahr|si|s\u00ed|sim|tak|ano|x", re.IGNORECASE)  # in whichever language
CODE = re.compile(r"-?[\d.]+")
OFTEN = {"lower": "less often", "higher": "more often"}
NOT_ALIKE = "No p is quoted here: the groups are not alike, and a difference may come from this."


def dies(outcome: Outcome, labels: Labels) -> bool:
    """Whether the event is a death by the value that is the event, or by a label that somebody gave."""
    if _names_event(outcome):
        return is_dead(outcome.event_value or "")
    column = outcome.event if outcome.kind == "survival" else outcome.column
    told = {labels.column(name).name for name in (outcome.name, column or outcome.name)} - {outcome.name, column}
    return any(DEATH.fullmatch(name) for name in told)


def event_word(outcome: Outcome, labels: Labels) -> str:
    """What an event of the outcome is called: "death" or "event"."""
    return "death" if dies(outcome, labels) else "event"


def with_and_without(outcome: Outcome, labels: Labels) -> tuple[str, str]:
    """What those with and those without the event are called."""
    if dies(outcome, labels):
        return "who died", "who lived"
    return f'with "{outcome.event_value}"' if _names_event(outcome) else "with the event", "without"


def until(horizon: float, unit: str) -> str:
    """ "by day 28", "within 6 months"; of a time without a known unit "up to 28 (unit of t)".  unit: also as other
    languages tell it ("jours")."""
    unit = unit if unit.startswith(UNKNOWN_UNIT) else next((u for u, words in UNITS.items() if _is(words, unit)), unit)
    if unit == "days":
        return f"by day {horizon:g}"
    told = unit and not unit.startswith(UNKNOWN_UNIT)
    return f"within {horizon:g} {unit}" if told else f"up to {horizon:g} ({unit or 'time'})"


def _is(words: str, unit: str) -> bool:
    return re.search(words, unit, re.IGNORECASE) is not None


def unit_of_time(outcome: Outcome, labels: Labels) -> str:
    """The unit of a survival outcome's time; "" for other outcomes."""
    return (labels.column(outcome.name).unit or time_unit(outcome.time)) if outcome.time else ""


def question(outcome: Outcome, result: OutcomeResult, labels: Labels) -> str:
    """What the reader wants to know, in the words of the outcome: its label, its event and which way is good."""
    name = isolated(labels.column(outcome.name).name)
    if isinstance(result, ContinuousOutcome):
        if outcome.good is None:
            return f'Did "{name}" differ between the treated and their controls?'
        return f'Was "{name}" {outcome.good} in the treated than in their controls?'
    often = OFTEN[outcome.good or "lower"]
    if isinstance(result, SurvivalOutcome):
        return _by_time(outcome, often, until(result.horizon, unit_of_time(outcome, labels)), labels)
    by = BY.search(name)
    if dies(outcome, labels) and outcome.good == "lower":
        if by and DEATH.fullmatch(name):
            return f"Did the treated die {often} {by[0].lower()}?"
        return f"Did the treated die {often} ({name})?"
    return f"Did {_event(outcome, name)} happen {often} among the treated?"


def _by_time(outcome: Outcome, often: str, by: str, labels: Labels) -> str:
    if dies(outcome, labels) and outcome.good == "lower":
        return f"Did the treated die {often} {by}?"
    event = isolated(labels.column(outcome.event or outcome.name).name)
    return f"Did {_event(outcome, event)} happen {often} among the treated {by}?"


def _event(outcome: Outcome, name: str) -> str:
    """ "Décédé" (Statut J90) in quotes; the name alone where no value was named."""
    return f'"{isolated(outcome.event_value or "")}" ({name})' if _names_event(outcome) else f'"{name}"'


def _names_event(outcome: Outcome) -> bool:
    """Whether the value that is the event says what happened: a word, not a code and not a bare yes."""
    value = (outcome.event_value or "").strip()
    return bool(value) and not CODE.fullmatch(value) and not YES.fullmatch(value)


def which(result: OutcomeResult, outcomes: tuple[OutcomeResult, ...]) -> str:
    """Whether the outcome on the card is the primary one."""
    if result.primary:
        return "primary outcome"
    return "not the primary outcome" if any(one.primary for one in outcomes) else "no outcome is marked as primary"


def arm_line(outcome: OutcomeResult, arm: str, labels: Labels) -> str:
    """What one arm did: "0 of 8 (0%)", "14 (6.5–22) days", of a survival outcome "0 of 8"."""
    summary = getattr(outcome, arm)
    if not summary.n:
        return "nobody with a value"
    if isinstance(outcome, BinaryOutcome):
        share = f"{percent(summary.weighted_risk)} weighted" if reweighted(summary) else percent(summary.risk)
        return f"{summary.events:,} of {summary.n:,} ({share})"
    if isinstance(outcome, ContinuousOutcome):
        unit = labels.column(outcome.name).unit
        middle = median_quartiles(summary.median, summary.p25, summary.p75, places_of(outcome))
        return f"{middle} {unit}".rstrip()
    return f"{summary.events:,} of {summary.n:,}"


def arm_small(outcome: OutcomeResult, arm: str, spec: Outcome, labels: Labels, matched: int) -> str:
    """Below it: what the number is, and who has no value.  matched: patients of the arm who are compared."""
    summary = getattr(outcome, arm)
    said = ["median (quartiles)", f"n = {summary.n:,}"] if isinstance(outcome, ContinuousOutcome) else []
    if isinstance(outcome, SurvivalOutcome) and summary.n:
        said = [_by_horizon(outcome, arm, spec, labels)]
    unknown = matched - summary.n
    return ", ".join([*said, *([f"{unknown:,} of {matched:,} without a value"] if unknown > 0 else [])])


def _by_horizon(outcome: SurvivalOutcome, arm: str, spec: Outcome, labels: Labels) -> str:
    by = until(outcome.horizon, unit_of_time(spec, labels))
    if len(outcome.incidence):
        first = outcome.incidence["cause"].iloc[0]
        steps = outcome.incidence[(outcome.incidence["arm"] == arm) & (outcome.incidence["cause"] == first)]
        return f"{percent(steps['incidence'].iloc[-1])} {by}" if len(steps) else by
    left = "alive" if dies(spec, labels) else "event-free"
    return f"{percent(getattr(outcome, arm).survival)} {left} {by}"


def effect_line(outcome: OutcomeResult, spec: Outcome, labels: Labels) -> str:
    """The effect to quote: events prevented or caused among the treated, and the percentage points; else the measure
    with its interval."""
    unit = unit_of_time(spec, labels) or labels.column(outcome.name).unit
    found, sets = attributed_range(outcome)
    if found is None:
        return plain_effect(outcome, spec, labels) or effect_sentence(outcome, unit).rstrip(".")
    low, high, word = *found, event_word(spec, labels)
    if high <= 0:
        what = f"Prevented between {-high:,} and {counted(-low, word)}"
    elif low >= 0:
        what = f"Caused between {low:,} and {counted(high, word)}"
    else:
        what = f"Prevented up to {counted(-low, word)} or caused up to {high:,}"
    whom = f"these {sets:,}" if sets > 1 else "one treated patient"
    points = _points(outcome)
    return f"{what} among {whom} (95%)" + (f": {points}" if points else "")


def plain_effect(outcome: OutcomeResult, spec: Outcome, labels: Labels) -> str:
    """A rate or a shift in plain words, its measure behind; empty for other measures and where there is no estimate."""
    made = quoted_estimate(outcome)
    if made is None or not math.isfinite(made.estimate):
        return ""
    amount, limits = effect(made.measure, made.estimate), interval(made.measure, made.ci_low, made.ci_high)
    if made.measure in ("hazard_ratio", "hazard_ratio_by_set"):
        verb = "Died" if dies(spec, labels) else "Had the event"
        return f"{verb} at {amount} times the rate of their controls (95%: {limits}; hazard ratio)"
    if made.measure != "hodges_lehmann_shift":
        return ""
    unit = f" {labels.column(outcome.name).unit}".rstrip()
    size = effect(made.measure, abs(made.estimate))
    side = f"{size}{unit} {'higher' if made.estimate > 0 else 'lower'} than" if made.estimate else "the same as"
    return f"Typically {side} their own controls (95%: {limits}; shift within sets)"


def _points(outcome: OutcomeResult) -> str:
    made = quoted_estimate(outcome)
    if made is None or made.measure == "attributable_events" or math.isnan(made.estimate):
        return ""
    return (
        f"{effect(made.measure, made.estimate)} percentage points ({interval(made.measure, made.ci_low, made.ci_high)})"
    )


def p_line(outcome: OutcomeResult, comparison: Comparison) -> str:
    """ "p by set 0.34"; without sets the p of the effect itself, or why there is none."""
    quoted = outcome.quoted
    if quoted is not None and math.isfinite(quoted.p):
        large = quoted.test == LARGE_SAMPLE
        return f"p {p_value(quoted.p)} (for large samples)" if large else f"p by set {p_value(quoted.p)}"
    why = comparison.why_no_sets
    return f"no p by set: {why[0].lower()}{why[1:]}" if why else "no p by set exists for it"


def reach_line(outcome: OutcomeResult, comparison: Comparison, fewest: Fall | None, word: str) -> str:
    """What these sets can tell of the outcome.  fewest: as Detectable.fewest; None where it was not looked for."""
    quoted = outcome.quoted
    if quoted is None or math.isnan(quoted.p) or not comparison.by_set:
        return ""
    sets = f"{'These ' if comparison.n_sets > 1 else ''}{counted(comparison.n_sets, 'set')}"
    if quoted.p <= ALPHA:
        return f"{capitalised(sets)} tell this from chance: by lot alone so much would come about in at most 5 of 100."
    text = f"{sets} cannot tell this from chance"
    needed = sum(fewest.per_set) if fewest else 0
    if not isinstance(outcome, BinaryOutcome) or not needed or outcome.treated.events:
        return f"{text}."
    if outcome.matched_control.events >= needed:
        return f"{text}: the {counted(outcome.matched_control.events, word)} fell over the sets too evenly."
    about = "about " if comparison.moves == "fitted_odds" else ""
    return f"{text}: it would take {about}{counted(needed, f'control {word}')}."


def searched(comparison: Comparison) -> bool:
    """Whether the fewest events that reach 0.05 are looked for: sets that are apart, of one treated, and not many."""
    return comparison.by_set and comparison.units.one_treated and 0 < comparison.n_sets <= MOST_SETS


def alike_line(level: str, treated: int) -> str:
    """The verdict on balance in a phrase.  level: pass, look or fail."""
    if level == "pass":
        return "alike in what was measured"
    if level == "fail":
        return "not alike in what was measured"
    return f"alike as far as {counted(treated, 'treated patient')} can show"


def lost_line(matched: int, treated: int) -> str:
    """How many of the treated are in the answer."""
    lost = treated - matched
    return f"{lost:,} of {treated:,} treated lost" if lost else f"none of {treated:,} treated lost"


def guard_line(counted_as: str, pairs: int, p: float | None) -> str:
    """The unit guard in a phrase.  counted_as: "8 patients counted as 24"; "" for the log-rank test of strangers.  p:
    of the pairs, None where no p may be shown."""
    if not counted_as:
        told = "taken for strangers" if p is None else f"taken for strangers the p would be {p_value(p)}"
        return f"{told}, although sets are made of patients who are alike"
    again = counted_as.replace(" counted as ", " as ")
    said = f"as {counted(pairs, 'pair')}"
    return f"{said} it would count {again}" if p is None else f"{said} the p would be {p_value(p)}: that counts {again}"
