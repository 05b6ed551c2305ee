"""A binary outcome and a survival outcome that tell of the same event, decided by the patients and not by names."""

import pandas as pd

from ..cohort import Cohort
from ..spec import Outcome


def curve_of(cohort: Cohort, name: str) -> tuple[str, float] | None:
    """The survival outcome whose events by one of its times (`times`, or its horizon) are those of the binary outcome
    `name` in every patient, and that time; None where there is none, or more than one that fits."""
    fits = [
        (other.name, moment)
        for other in cohort.outcome_specs
        if other.kind == "survival" and not other.competing_values
        for moment in _moments(other)
        if _same(cohort.outcomes, name, other.name, moment)
    ]
    return fits[0] if len(fits) == 1 else None


def _moments(outcome: Outcome) -> list[float]:
    """The times that the spec names, each once."""
    return sorted({*outcome.times, *([outcome.horizon] if outcome.horizon else [])})


def _same(table: pd.DataFrame, name: str, survival: str, moment: float) -> bool:
    """Whether everybody whose binary outcome is known had the event by that time exactly where it says so."""
    known = table[name].notna()
    hit, time, event = (table.loc[known, column] for column in (name, f"{survival}.time", f"{survival}.event"))
    by_then = (event == 1) & (time <= moment)
    return bool(known.any() and time.notna().all() and by_then.any() and (by_then == (hit == 1)).all())
