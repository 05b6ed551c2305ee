"""Values that are missing where the event of a survival outcome happened: a laboratory value of day 7 that the dead
cannot have is not missing by chance, and a comparison of those who have it is one of survivors."""

import re

import numpy as np

from ..cohort import Cohort
from ..spec import Outcome
from ..words import counted
from .followed import Course
from .frame import Frame
from .notes import Reason
from .results import arm_words

STAYS = "los|stay|s[ée]jour|dms|liegedauer|verweildauer|degenza|estancia|estadia|ligduur|opnameduur"  # in seven tongues
STAY = re.compile(rf"(\b|_)({STAYS})(\b|_|\d)", re.IGNORECASE)


def missing_by_event(cohort: Cohort, outcome: Outcome, frame: Frame) -> list[Reason]:
    """A sentence for each survival outcome whose event matched patients without a value of `outcome` had; none where
    nobody did.

    outcome: a number or a yes/no outcome.  frame: the matched sample before outcomes."""
    missing = np.isnan(cohort.outcomes[outcome.name].to_numpy(dtype=float)[frame.rows])
    found = []
    for name, event in _bad_events(cohort).items():
        found += _reasons(missing, event[frame.rows], frame, name)
    return found


def stay_beside_deaths(cohort: Cohort, outcome: Outcome, frame: Frame) -> list[Reason]:
    """A sentence where a length of stay stands beside deaths in other shares of the two arms: who dies early has a
    short stay.  Arguments as missing_by_event."""
    if outcome.kind != "continuous" or not STAY.search(f"{outcome.name} {outcome.label or ''}"):
        return []
    found = []
    for name, event in _bad_events(cohort).items():
        hit, hit_control = (int(event[frame.rows][frame.matched(arm)].sum()) for arm in (True, False))
        n, n_control = (int(frame.matched(arm).sum()) for arm in (True, False))
        if hit * n_control != hit_control * n:
            text = (
                f'A stay ends with death too, and "{name}" happened to {hit} of {n} treated and {hit_control} of '
                f"{n_control} {arm_words('control', frame.weighted)}: a short stay may be a bad one. Discharge alive "
                "with death as a competing event, or days free of hospital, tells them apart."
            )
            found.append(Reason("stay_beside_deaths", text))
    return found


def _bad_events(cohort: Cohort) -> dict[str, np.ndarray]:
    """Survival outcome whose event is a bad one -> bool (N,), who had it."""
    bad = [one.name for one in cohort.outcome_specs if one.kind == "survival" and one.good == "lower"]
    columns = cohort.outcomes
    return {
        name: Course.of(*(columns[f"{name}.{part}"].to_numpy(float) for part in ("time", "event"))).event
        for name in bad
    }


def worst_of(cohort: Cohort, outcome: Outcome) -> np.ndarray | None:
    """bool (N,): who had a bad event and so cannot have a value, taken for worse than any value; None where nobody did
    or nobody has said which way the number is good.  outcome: a number."""
    events = _bad_events(cohort)
    if not events or outcome.good is None:
        return None
    missing = np.isnan(cohort.outcomes[outcome.name].to_numpy(dtype=float))
    worst = missing & np.logical_or.reduce(list(events.values()))
    return worst if worst.any() else None


def _reasons(missing: np.ndarray, event: np.ndarray, frame: Frame, name: str) -> list[Reason]:
    parts, hit = [], 0
    for arm, word in ((True, "treated"), (False, arm_words("control", frame.weighted))):
        rows = frame.matched(arm) & missing
        if rows.any():
            parts.append(f"{int((rows & event).sum())} of {int(rows.sum())} {word}")
            hit += int((rows & event).sum())
    if not hit:
        return []
    text = (
        f'{" and ".join(parts)} without this value had the event of "{name}", so it is not missing by chance: what is '
        f"compared are those who have a value. Read it beside that outcome ({counted(hit, 'patient')})."
    )
    return [Reason("missing_by_event", text)]
