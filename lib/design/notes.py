"""What the reader of a match must know, in sentences; empty where there is nothing to say."""

import numpy as np
import pandas as pd

from ..words import counted
from .comparison import OUTSIDE_CALIPER, Overlapping, Sets


def told(*notes: str) -> tuple[str, ...]:
    """Those that say something."""
    return tuple(note for note in notes if note)


def order_note(order: str, distance: np.ndarray) -> str:
    """distance: float (n,), NaN without a score."""
    if order in ("largest", "smallest") and np.isnan(distance).any():
        return "Without a propensity score treated patients choose in file order."
    return ""


def support_note(discarded: np.ndarray, treated: np.ndarray) -> str:
    """discarded, treated: bool (n,)."""
    case, control = (int((discarded & arm).sum()) for arm in (treated, ~treated))
    if not case + control:
        return ""
    return (
        f"{counted(case, 'treated patient')} and {counted(control, 'control')} outside the range of the other "
        "group's scores were left out before matching."
    )


def losses_note(units: Sets | Overlapping, losses: pd.DataFrame) -> str:
    """Whom the comparison does not speak for.  losses: as Comparison.losses."""
    total = int(units.treated.sum())
    if losses.empty:
        return ""
    lost, matched = len(losses), total - len(losses)
    return (
        f"{lost} of {total} treated patients found no control. The comparison speaks for the {matched} "
        f"matched only ({spoken_for(losses)}), not for all treated patients."
    )


def spoken_for(losses: pd.DataFrame) -> str:
    """The estimand once treated patients are lost. Only where the caliper took all of them is it a group that could be
    told beforehand; whose controls went to others depends on who those others were.  losses: Comparison.losses."""
    return "ATT within the caliper" if (losses["reason"] == OUTSIDE_CALIPER).all() else "ATT among the matched"


def short_sets_note(units: Sets | Overlapping, ratio: int) -> str:
    """Sets with fewer controls than asked for."""
    short = int((units.n_control < ratio).sum())
    if not short:
        return ""
    return (
        f"{short} of {units.n_sets} matched treated patients got fewer than {ratio} controls; controls are "
        "weighted so that every treated patient counts once."
    )


def reuse_note(units: Sets | Overlapping) -> str:
    """Controls that stand in several sets."""
    rows = units.membership[:, 0]
    used = np.bincount(rows[~units.treated[rows]])
    again = int((used > 1).sum())
    if not again:
        return ""
    return (
        f"{counted(again, 'control')} of {int((used > 0).sum())} served more than one treated patient (at most "
        f"{int(used.max())}); the sets overlap and are not independent."
    )


def ties_note(ties: int) -> str:
    """Pairs that file order decided."""
    if not ties:
        return ""
    return (
        f"In {counted(ties, 'pair')} several controls were equally near; the one earlier in the file was taken, so "
        "another order of the rows could choose others."
    )


def unequal_sets_note(units: Sets) -> str:
    """How large the sets are, where they differ."""
    treated, control = units.n_treated, units.n_control
    if treated.max() == treated.min() and control.max() == control.min():
        return ""
    cases = f"{_range(treated, 'treated patient')} and " if treated.max() > 1 else ""
    return (
        f"The sets have {cases}{_range(control, 'control')}; controls are weighted so that every treated patient "
        "counts once."
    )


def _range(sizes: np.ndarray, word: str) -> str:
    low, high = int(sizes.min()), int(sizes.max())
    return counted(low, word) if low == high else f"{low:,} to {counted(high, word)}"
