"""Tipping points of a binary outcome: how many patients would have to have fared differently for p to cross 0.05.

The fragility index (Walsh et al. 2014, J Clin Epidemiol 67:622), counted by matched set: it matters in whose set a
patient fared differently. Sets that look alike are interchangeable, so a state is how many sets of each look there are,
and the fewest changes are found by trying all states with one change more, then two, and so on.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..errors import EstimationError
from ..inference.asymptotic import chi_square
from ..inference.engine import events_distribution
from ..inference.frame import Frame
from ..inference.sets import Blocks
from ..inference.stratified import SetCounts, set_counts
from ..spec import Outcome
from ..words import counted, p_value

ALPHA = 0.05
MOST_STATES = 2_000  # p-values looked at in one search before only the most promising states are followed
BEAM = 20  # of these as many
MOST_LOOKS = 24  # different sets; with more of them (full matching of hundreds) a search would take minutes
MANY_SHAPES = 6  # sets of more sizes leave many states alike in p: the search ends after MOST_TRIED
MOST_TRIED = 6_000
SPREAD = 3  # changed outcomes for which the whole range of p is told
WHO = {"any": "in either arm", "treated": "among the treated", "control": "among the controls"}
WAYS = {"more": "with the event instead of without", "fewer": "without the event instead of with"}
COLUMNS = ["who", "changes", "treated_more", "treated_fewer", "control_more", "control_fewer", "p", "exact"]

State = tuple[tuple["Look", int], ...]
Probability = Callable[[State], float]


@dataclass(frozen=True, order=True)
class Look:
    """What a set looks like: how many of its treated patients had the event, how many of its controls, of how many
    controls and of how many treated."""

    treated: int
    control: int
    controls: int
    n_treated: int = 1


@dataclass(frozen=True)
class Change:
    """One changed outcome.  arm: "treated" or "control".  up: an event is taken to have happened that did not."""

    arm: str
    up: bool


@dataclass(frozen=True)
class Tipping:
    """p: as observed.  needed: DataFrame [who, changes, treated_more, treated_fewer, control_more, control_fewer, p,
    exact], a row for each of WHO: the fewest changed outcomes that take p to the other side of ALPHA, who they are in
    one such way, and the p then; changes NaN when no number of them does. exact: every way with fewer was tried (else
    only the most promising ones, and fewer might do).
    spread: DataFrame [changes, p_low, p_high]: the range of p when that many outcomes were recorded wrongly, in the
    worst and the best way; 0 to SPREAD."""

    convention: str
    p: float
    needed: pd.DataFrame
    spread: pd.DataFrame

    @property
    def sentence(self) -> str:
        """The tipping point in words."""
        if np.isnan(self.p):
            return "There is no p-value, so there is no tipping point."
        row = self.needed[self.needed["who"] == "any"].iloc[0]
        goal = "at 0.05 or above" if self.p < ALPHA else "below 0.05"
        if np.isnan(row["changes"]):
            return f"p is {p_value(self.p)}; no number of other outcomes was found that would put it {goal}."
        least = "" if row["exact"] else "At most "
        return (
            f"p is {p_value(self.p)}. {least}{counted(int(row['changes']), 'outcome')} would have to differ to put "
            f"it {goal}, for example {described(row)} (p {p_value(row['p'])})."
        )


def described(row: pd.Series) -> str:
    """Whose outcomes differ: "1 treated patient with the event instead of without, 2 controls without ..."."""
    parts = []
    for arm, word in (("treated", "treated patient"), ("control", "control")):
        for way, text in WAYS.items():
            number = int(row[f"{arm}_{way}"])
            parts += [f"{counted(number, word)} {text}"] if number else []
    return ", ".join(parts)


def outcome_tipping(cohort: Cohort, sample: Comparison, outcome: Outcome) -> tuple[Tipping, Tipping]:
    """Those of a binary outcome of a matched sample. Raises EstimationError for another kind, and with replacement."""
    if outcome.kind != "binary":
        raise EstimationError(
            f'"{outcome.name}" is no yes/no outcome, so no number of changed patients tips it.',
            "Look at a yes/no outcome.",
        )
    if sample.why_no_sets:
        raise EstimationError(
            f"{sample.why_no_sets}, so there is no p by set to tip.", "Match in sets without replacement."
        )
    values = cohort.outcomes[outcome.name].to_numpy(dtype=float)[cohort.rows]
    blocks = Frame.of(cohort.rows, sample).blocks(~np.isnan(values))
    return tipping_points(values[blocks.row], blocks)


def tipping_points(event: np.ndarray, blocks: Blocks) -> tuple[Tipping, Tipping]:
    """By set (exact test) and as published (McNemar on repeated pairs).  event: 0/1 (m,), in block order.

    Raises EstimationError without a matched set, and for more than MOST_LOOKS different ones."""
    if not blocks.n_sets:
        raise EstimationError(
            "No matched set has this outcome for its treated patient and a control.", "Look at another outcome."
        )
    state = state_of(set_counts(event, blocks))
    if len(state) > MOST_LOOKS:
        raise EstimationError(
            f"The {counted(blocks.n_sets, 'set')} are of {len(state)} different kinds, too many to search for the "
            "fewest changed outcomes.",
            "Match in sets of one size.",
        )
    return tipping("by set", exact_p, state), tipping("published", mcnemar_p, state)


def fewest_changes(cohort: Cohort, sample: Comparison, outcome: Outcome) -> float:
    """As `needed` of a yes/no outcome's tipping point by set, in either arm, without the rest of it: the fewest changed
    outcomes; NaN where no number of them does, where there is no p, and for sets of more than MOST_LOOKS kinds."""
    values = cohort.outcomes[outcome.name].to_numpy(dtype=float)[cohort.rows]
    blocks = Frame.of(cohort.rows, sample).blocks(~np.isnan(values))
    if not blocks.n_sets:
        return float("nan")
    state = state_of(set_counts(values[blocks.row], blocks))
    return float("nan") if len(state) > MOST_LOOKS else _fewest(exact_p, state, exact_p(state), "any")[0]


def state_of(counts: SetCounts) -> State:
    """Which looks the sets have, and how many sets each."""
    numbers = np.stack([counts.a, counts.b, counts.n0, counts.n1]).astype(int).T.tolist()
    looks = Counter(Look(*number) for number in numbers)
    return tuple(sorted(looks.items()))


def exact_p(state: State) -> float:
    """exact_by_set (minlike)."""
    counts = [count for _, count in state]
    events = np.repeat([look.treated + look.control for look, _ in state], counts)
    sizes = np.repeat([look.controls + look.n_treated for look, _ in state], counts)
    n_treated = np.repeat([look.n_treated for look, _ in state], counts)
    return events_distribution(events, sizes, n_treated).minlike(sum(look.treated * count for look, count in state))


def mcnemar_p(state: State) -> float:
    """McNemar on the repeated pairs, no continuity correction; NaN when no pair differs."""
    plus = sum(count * look.treated * (look.controls - look.control) for look, count in state)
    minus = sum(count * (look.n_treated - look.treated) * look.control for look, count in state)
    return chi_square(plus - minus, plus + minus).p_value


def tipping(convention: str, probability: Probability, state: State) -> Tipping:
    """The tipping point of one p."""
    p = probability(state)
    rows = [(who, *_fewest(probability, state, p, who)) for who in WHO]
    spread = [(changes, low, high) for changes, (low, high) in enumerate(_spread(probability, state))]
    return Tipping(
        convention, p, pd.DataFrame(rows, columns=COLUMNS), pd.DataFrame(spread, columns=["changes", "p_low", "p_high"])
    )


def _changes(who: str) -> list[Change]:
    arms = ("treated", "control") if who == "any" else (who,)
    return [Change(arm, up) for arm in arms for up in (True, False)]


def _after(state: State, change: Change) -> Iterator[State]:
    """Every state that one such change can make."""
    for look, count in state:
        step = 1 if change.up else -1
        treated = look.treated + step * (change.arm == "treated")
        control = look.control + step * (change.arm == "control")
        if 0 <= treated <= look.n_treated and 0 <= control <= look.controls:
            looks = Counter(dict(state))
            looks[look] = count - 1
            looks[replace(look, treated=treated, control=control)] += 1
            yield tuple(sorted((k, n) for k, n in looks.items() if n))


def _fewest(probability: Probability, state: State, p: float, who: str) -> tuple[float, ...]:
    """The numbers of COLUMNS after `who`, of equally few changes those that go furthest."""
    nothing = (np.nan, *[0] * 4, np.nan, True)
    if np.isnan(p):
        return nothing
    rising, exact, looked = p < ALPHA, True, 0
    seen: dict[State, Made] = {state: (0, 0, 0, 0)}
    frontier = dict(seen)
    shapes = {(look.n_treated, look.controls) for look, _ in state}
    most = MOST_TRIED if len(shapes) > MANY_SHAPES else np.inf
    for changes in range(1, sum(count * (look.n_treated + look.controls) for look, count in state) + 1):
        if looked > most:
            return nothing
        frontier = _one_more(frontier, seen, who)
        found = {there: q for there in frontier if not np.isnan(q := probability(there))}
        crossing = [there for there, q in found.items() if (q < ALPHA) != rising]
        if crossing:
            best = (max if rising else min)(crossing, key=lambda there: (found[there], there))
            return changes, *frontier[best], found[best], exact
        looked += len(frontier)
        if looked > MOST_STATES and len(frontier) > BEAM:
            exact = False
            furthest = sorted(found, key=lambda there: (found[there], there), reverse=rising)[:BEAM]
            frontier = {there: frontier[there] for there in furthest}
    return nothing


Made = tuple[int, ...]  # how many of each change, in the order of COLUMNS


def _one_more(frontier: dict[State, Made], seen: dict[State, Made], who: str) -> dict[State, Made]:
    """States one change further away that have not been seen; adds them to `seen`."""
    found: dict[State, Made] = {}
    for state, made in frontier.items():
        for change in _changes(who):
            place = 2 * (change.arm == "control") + (not change.up)
            for there in _after(state, change):
                if there not in seen:
                    seen[there] = found[there] = tuple(n + (i == place) for i, n in enumerate(made))
    return found


def _spread(probability: Probability, state: State) -> Iterator[tuple[float, float]]:
    seen: dict[State, Made] = {state: (0, 0, 0, 0)}
    looked = 0
    frontier = dict(seen)
    p = probability(state)
    yield p, p
    low, high = p, p
    for _ in range(SPREAD):
        frontier = _one_more(frontier, seen, "any")
        looked += len(frontier)
        if looked > MOST_STATES:
            return
        found = [q for q in map(probability, frontier) if not np.isnan(q)]
        low, high = (np.nanmin([low, *found]), np.nanmax([high, *found])) if found else (low, high)
        yield float(low), float(high)
