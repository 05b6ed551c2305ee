"""What the reader of a match must know, in sentences."""

import numpy as np

from ..spec import Matching
from ..words import counted
from .rules import Rules


def match_notes(rules: Rules, settings: Matching, membership: np.ndarray, ties: int) -> tuple[str, ...]:
    """Notes on support, lost patients, short sets, reuse of controls and ties, in that order."""
    said = (
        _order(rules, settings),
        _support(rules),
        _lost(rules, settings, membership),
        _short_sets(rules, membership),
        _reuse(rules, membership),
        _ties(ties),
    )
    return tuple(note for note in said if note)


def _order(rules: Rules, settings: Matching) -> str:
    if settings.order in ("largest", "smallest") and np.isnan(rules.distance).any():
        return "Without a propensity score treated patients choose in file order."
    return ""


def _support(rules: Rules) -> str:
    treated, control = (int((rules.discarded & arm).sum()) for arm in (rules.treated, ~rules.treated))
    if not treated + control:
        return ""
    return (
        f"{counted(treated, 'treated patient')} and {counted(control, 'control')} outside the range of the other "
        "group's scores were left out before matching."
    )


def _lost(rules: Rules, settings: Matching, membership: np.ndarray) -> str:
    total = int(rules.treated.sum())
    matched = int(membership[:, 1].max()) + 1
    if matched == total:
        return ""
    limited = settings.caliper is not None or settings.covariate_calipers
    estimand = "ATT within the caliper" if limited else "ATT among the matched"
    return (
        f"{total - matched} of {total} treated patients found no control. The comparison speaks for the {matched} "
        f"matched only ({estimand}), not for all treated patients."
    )


def _short_sets(rules: Rules, membership: np.ndarray) -> str:
    sizes = np.bincount(membership[:, 1]) - 1
    short = int((sizes < rules.ratio).sum())
    if not short:
        return ""
    return (
        f"{short} of {len(sizes)} matched treated patients got fewer than {rules.ratio} controls; controls are "
        "weighted so that every treated patient counts once."
    )


def _reuse(rules: Rules, membership: np.ndarray) -> str:
    used = np.bincount(membership[~rules.treated[membership[:, 0]], 0])
    again = int((used > 1).sum())
    if not again:
        return ""
    return (
        f"{counted(again, 'control')} of {int((used > 0).sum())} served more than one treated patient (at most "
        f"{int(used.max())}); the sets overlap and are not independent."
    )


def _ties(ties: int) -> str:
    if not ties:
        return ""
    return (
        f"In {counted(ties, 'pair')} several controls were equally near; the one earlier in the file was taken, so "
        "another order of the rows could choose others."
    )
