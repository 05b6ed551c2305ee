"""The five lines of the Robust? page: other settings, other patients, hidden factors, other outcomes, other days.

Each says in a sentence with its number whether the answer of one outcome survives, and is judged by lib.sensitivity.
verdicts.  The page and `python -m lib sensitivity` ask here.
"""

import math
import time
from collections.abc import Callable

import numpy as np

from ..balance.verdict import balance_verdict
from ..errors import AnalysisError
from ..spec import Outcome
from ..steps import Steps
from ..words import robust as words
from ..words.labels import Labels
from . import others
from .e_value import e_values
from .hidden_bias import hidden_bias
from .masking import masking
from .missing_outcomes import missing_outcomes
from .quick_outcomes import quick_outcomes
from .tipping import fewest_changes
from .verdicts import ALPHA, Line, Main, Name, Seen, State, Tally, Unquoted, days_state, single_state, strength_state
from .verdicts import tally as tally_of

MOST_SETS = 20  # for which the fewest changed outcomes are looked for in the line: beyond, it takes seconds
SMALL = 5_000  # patients x analyses that take well under a second on any machine
CARRIES = 3  # patients named who carry an answer


def main_answer(main: Steps, outcome: str) -> Main:
    """What the main analysis says of an outcome. Raises what its steps raise."""
    asked = next(one for one in main.spec.outcomes if one.name == outcome)
    found = quick_outcomes(main.cohort, main.comparison, (outcome,))[0]
    return Main(outcome, asked.kind, Seen.of("main analysis", found), found.n_sets, unquoted(main))


def unquoted(main: Steps) -> Unquoted:
    """Why numbers are not to be trusted as they stand: the sets are too unlike for a p by set, or balance fails."""
    inside = main.odds_inside_sets
    odds = inside is not None and inside.level == "no_evidence"
    balance = balance_verdict(main.balance, main.balance_test).level == "fail"
    return "both" if odds and balance else "odds" if odds else "balance" if balance else ""


def line(main: Steps, name: Name, outcome: str) -> Line:
    """One of the five. Raises what the main analysis raises."""
    answer = main_answer(main, outcome)
    if not answer.known and name != "outcomes":
        return Line(name, "none", words.NO_ANSWER)
    return MADE[name](main, answer).capped(answer)


def lines(main: Steps, outcome: str) -> tuple[Line, ...]:
    """All five."""
    return tuple(line(main, name, outcome) for name in MADE)


def seconds_needed(main: Steps, outcome: str, name: Name) -> float:
    """About how long a line takes, from one analysis of the kind that it makes many of; 0 for SMALL work, whatever else
    the machine does meanwhile."""
    many = len(others.DAYS_BETWEEN)
    if name != "days":
        listed = others.other_settings(main.spec) if name == "settings" else others.left_out_in_turn(main)
        many = len(listed)
    if main.cohort.n * many <= SMALL:
        return 0.0
    return many * min(_timed(main, outcome) for _ in range(2))  # the first may wake what sleeps


def _timed(main: Steps, outcome: str) -> float:
    steps = main.beside()
    if not steps.cohort.n:  # the cohort is shared by every other analysis
        return 0.0
    started = time.perf_counter()
    others.seen("main analysis", steps, outcome)
    return time.perf_counter() - started


def settings_line(main: Steps, answer: Main) -> Line:
    """Other ratios, calipers, models, and every covariate left out."""
    if main.spec.matching.method == "given":
        return Line("settings", "none", words.GIVEN)
    found = tuple(others.under_other_settings(main, answer.outcome))
    count = tally_of(answer, found)
    return Line("settings", count.state, words.settings(answer, count), _numbers(count), found)


def patients_line(main: Steps, answer: Main) -> Line:
    """Each matched patient left out in turn."""
    found = tuple(others.without_each_patient(main, answer.outcome))
    if not found:
        return Line("patients", "none", words.too_many_patients(others.MOST_PATIENTS))
    count = tally_of(answer, found)
    carriers = [one.label for one in found if one.differs is not None and one.differs != answer.seen.differs]
    sentence = words.patients(answer, count, carriers[:CARRIES], len(carriers))
    return Line("patients", single_state(answer, count), sentence, _numbers(count) | {"carry": len(carriers)}, found)


def hidden_line(main: Steps, answer: Main) -> Line:
    """How strong a hidden factor would have to be to explain the answer away, or to have hidden an effect."""
    asked = _asked(main, answer.outcome)
    inside = main.odds_inside_sets
    typical = math.nan if inside is None else inside.typical
    if not answer.seen.differs:
        gamma = masking(main.cohort, main.comparison, asked)
        numbers = {"gamma_to_hide": gamma, "odds_inside_sets": typical}
        return Line("hidden", strength_state(gamma), words.hidden_effect(answer, gamma), numbers)
    gamma, e_value = _gamma(main, asked), math.nan
    if math.isnan(gamma):
        found = [one.limit for one in e_values(main.outcome_at(asked))]
        e_value = next((limit for limit in found if not math.isnan(limit)), math.nan)
    strength = e_value if math.isnan(gamma) else gamma
    numbers = {"gamma": gamma, "e_value_limit": e_value, "odds_inside_sets": typical}
    return Line("hidden", strength_state(strength), words.explained_away(gamma, e_value), numbers)


def _gamma(main: Steps, asked: Outcome) -> float:
    """At which p could be ALPHA; 1 where the bounds are above it already, infinite where none is enough, NaN without
    bounds."""
    try:
        found = hidden_bias(main.cohort, main.comparison, asked)
    except AnalysisError:
        return math.nan
    if not math.isnan(found.crossing):
        return found.crossing
    return 1.0 if float(found.curve["p_two_sided"].iloc[0]) > ALPHA else math.inf


def outcomes_line(main: Steps, answer: Main) -> Line:
    """Outcomes that treatment cannot change, outcomes recorded wrongly, and outcomes that nobody knows."""
    controls = main.negative_controls
    warns = [one.numbers.name for one in controls if one.level == "warn"]
    quiet = [one.numbers.name for one in controls if one.level == "quiet"]
    changes, decided = _fewest(main, answer), _unknown_decide(main, answer)
    fragile = changes == 1 or decided
    state: State = "red" if warns else "amber" if fragile or not quiet else "green"
    labels = Labels.of(main.spec)
    sentence = words.outcomes([labels.column(name).name for name in warns], len(quiet), answer, changes, decided)
    numbers = {"negative_controls": len(controls), "warn": len(warns), "changed_outcomes": changes}
    return Line("outcomes", state, sentence, numbers | {"unknown_decide": decided})


def _fewest(main: Steps, answer: Main) -> float:
    """The fewest outcomes recorded otherwise that put p on the other side of ALPHA; NaN where it is not counted."""
    if answer.kind != "binary" or not 0 < answer.n_sets <= MOST_SETS or main.comparison.why_no_sets:
        return math.nan
    return fewest_changes(main.cohort, main.comparison, _asked(main, answer.outcome))


def _unknown_decide(main: Steps, answer: Main) -> bool:
    """Whether the outcomes that nobody knows could put the answer on the other side."""
    if answer.kind == "continuous" or math.isnan(answer.seen.p):
        return False
    try:
        cases = missing_outcomes(main.cohort, main.comparison, _asked(main, answer.outcome)).cases
    except AnalysisError:
        return False
    known = cases["p_by_set"].dropna().to_numpy(float)
    return bool(len(known) and ((known < ALPHA) != answer.seen.differs).any())


def days_line(main: Steps, answer: Main) -> Line:
    """Other horizons, the same outcome at another time, other landmarks."""
    found = tuple(others.at_other_days(main, answer.outcome))
    if not found:
        return Line("days", "none", words.ONE_DAY)
    count = tally_of(answer, found)
    return Line("days", days_state(count), words.days(answer, count), _numbers(count), found)


def _numbers(count: Tally) -> dict[str, float | int | None]:
    made = {
        name: getattr(count, name)
        for name in ("done", "same", "sided", "kept", "opposite", "failed", "p_low", "p_high")
    }
    return {key: None if isinstance(value, float) and not np.isfinite(value) else value for key, value in made.items()}


def _asked(main: Steps, outcome: str) -> Outcome:
    return next(one for one in main.spec.outcomes if one.name == outcome)


MADE: dict[Name, Callable[[Steps, Main], Line]] = {
    "settings": settings_line,
    "patients": patients_line,
    "hidden": hidden_line,
    "outcomes": outcomes_line,
    "days": days_line,
}
