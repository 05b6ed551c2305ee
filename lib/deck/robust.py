"""What is cheap to say on how robust the answer is: what the sets could find, hidden factors, unknown outcomes."""

import math
from dataclasses import dataclass

import numpy as np

from ..errors import EstimationError
from ..inference.attainable import attainable
from ..inference.results import BinaryOutcome, OutcomeResult, SurvivalOutcome
from ..sensitivity.e_value import EValue, e_values
from ..sensitivity.hidden_bias import HiddenBias, hidden_bias
from ..sensitivity.missing_outcomes import missing_outcomes
from ..spec import Outcome
from ..steps import Steps
from ..words import deck as words
from ..words.labels import Labels
from ..words.tables import TextTable, records

MOST_PATIENTS = 20_000  # of a comparison whose bounds are made in passing


@dataclass(frozen=True)
class Robust:
    """The table, and its takeaway line."""

    table: TextTable
    takeaway: str


def robust(steps: Steps, outcome: OutcomeResult, spec: Outcome, labels: Labels) -> Robust:
    """A row for everything that is cheap and exists for this outcome."""
    bias, ratio = _bias(steps, spec), _ratio(outcome)
    rows = [*_smallest(outcome), *_gamma(bias), *_e_value(ratio), *_unknown(steps, outcome, spec)]
    rows += [*_several(steps, outcome), *_negative(steps, labels)]
    table = TextTable("How robust is it?", ("Question", "Found"), tuple(rows), alt="How robust the answer is")
    quoted = outcome.quoted
    p = math.nan if quoted is None or not quoted.evidence else quoted.p
    crossing = math.nan if bias is None else bias.crossing
    return Robust(table, words.robust_takeaway(p, crossing, math.nan if ratio is None else ratio.value))


def _smallest(outcome: OutcomeResult) -> list[tuple[str, str]]:
    found = attainable(outcome) if isinstance(outcome, BinaryOutcome) else None
    return [words.smallest_p_row(found.smallest_p)] if found is not None and found.events else []


def _bias(steps: Steps, spec: Outcome) -> HiddenBias | None:
    if int(steps.comparison.matched.sum()) > MOST_PATIENTS:
        return None
    try:
        return steps.kept("bounds", lambda: hidden_bias(steps.cohort, steps.comparison, spec), spec.name)
    except EstimationError:  # survival, no sets, nothing to bound: there is no such row
        return None


def _gamma(found: HiddenBias | None) -> list[tuple[str, str]]:
    if found is None:
        return []
    return [words.gamma_row(float(found.curve["p_two_sided"].iloc[0]), found.crossing)]


def _ratio(outcome: OutcomeResult) -> EValue | None:
    found = [one for one in e_values(outcome) if math.isfinite(one.value) or math.isfinite(one.limit)]
    return found[0] if found else None


def _e_value(found: EValue | None) -> list[tuple[str, str]]:
    return [] if found is None else [words.e_value_row(found.value, found.limit, found.measure)]


def _unknown(steps: Steps, outcome: OutcomeResult, spec: Outcome) -> list[tuple[str, str]]:
    if spec.kind == "continuous" or int(steps.comparison.matched.sum()) > MOST_PATIENTS:
        return []
    if isinstance(outcome, SurvivalOutcome):  # where the spec names no horizon, to the end of what is shown
        spec = spec.model_copy(update={"horizon": outcome.horizon})
    try:
        found = steps.kept(
            "unknown_on_slide", lambda: missing_outcomes(steps.cohort, steps.comparison, spec), spec.name
        )
    except EstimationError:
        return []
    p = found.cases["p_by_set"].to_numpy(float)
    known = p[np.isfinite(p)]
    low, high = (known.min(), known.max()) if len(known) else (math.nan, math.nan)
    return [words.unknown_row(found.unknown_treated, found.unknown_control, float(low), float(high))]


def _several(steps: Steps, outcome: OutcomeResult) -> list[tuple[str, str]]:
    rows = steps.multiplicity.rows
    own = rows[(rows["outcome"] == outcome.name) & rows["p_max_t"].notna()]
    tested = int(rows["p_raw"].notna().sum())
    if tested < 2 or not len(own) or (outcome.quoted is not None and not outcome.quoted.evidence):
        return []
    return [words.several_row(tested, float(own["p_max_t"].iloc[0]))]


def _negative(steps: Steps, labels: Labels) -> list[tuple[str, str]]:
    names = {outcome.name for outcome in steps.used[1].outcomes if outcome.negative_control}
    found = [one for one in steps.outcomes if one.name in names and one.quoted is not None and one.quoted.evidence]
    return [words.negative_row(labels.column(one.name).name, one.quoted.p) for one in found if one.quoted is not None]


def several_below(steps: Steps) -> int | None:
    """How many outcomes stay below 0.05 after adjusting for being several; None where nothing is adjusted."""
    adjusted = [row.p_max_t for row in records(steps.multiplicity.rows) if not math.isnan(row.p_max_t)]
    return sum(p < words.ALPHA for p in adjusted) if adjusted else None
