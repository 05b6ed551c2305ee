"""The line inside a figure that says what it shows: counts, the p to quote, the effect to quote."""

from ..design import Comparison
from ..inference.results import BinaryOutcome, ContinuousOutcome, OutcomeResult
from ..spec import Outcome
from .answer import effect_line, event_word, p_line
from .effects import cites
from .labels import Labels
from .numbers import capitalised, counted, median_quartiles
from .outcomes import places_of
from .to_quote import attributed_range


def answer_takeaway(
    outcome: OutcomeResult,
    spec: Outcome,
    labels: Labels,
    comparison: Comparison,
    alike: bool = True,
    by: str = "",
) -> str:
    """ "0/8 v 5/24; p by set 0.34; 0 to 5 deaths prevented".  alike: False where the groups are not, so that no p may
    be quoted.  by: "by day 28", on a curve that goes on."""
    said = [f"{capitalised(by)}: {both_arms(outcome)}" if by else both_arms(outcome)]
    if not alike or not cites(outcome):
        return "; ".join([*said, "no p is quoted"])
    return "; ".join([*said, p_line(outcome, comparison), _effect(outcome, spec, labels)]).rstrip("; ")


def both_arms(outcome: OutcomeResult) -> str:
    """ "0/8 v 5/24", treated first; medians of a number."""
    if isinstance(outcome, ContinuousOutcome):
        places, arms = places_of(outcome), (outcome.treated, outcome.matched_control)
        return "median " + " v ".join(median_quartiles(one.median, one.p25, one.p75, places) for one in arms)
    return " v ".join(f"{one.events:,}/{one.n:,}" for one in (outcome.treated, outcome.matched_control))


def _effect(outcome: OutcomeResult, spec: Outcome, labels: Labels) -> str:
    found, _ = attributed_range(outcome)
    if found is None:
        line = "" if isinstance(outcome, BinaryOutcome) else effect_line(outcome, spec, labels)
        return f"{line[:1].lower()}{line[1:]}"
    (low, high), word = found, event_word(spec, labels)
    if high <= 0:
        return f"{-high:,} to {counted(-low, word)} prevented"
    if low >= 0:
        return f"{low:,} to {counted(high, word)} caused"
    return f"up to {counted(-low, word)} prevented or {high:,} caused"
