"""Sets made elsewhere, taken as they are: the set column of the file becomes the comparison."""

from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from ..errors import EstimationError
from ..words import counted, quoted
from .checks import SetRules, recheck_sets
from .comparison import (
    IN_NO_SET,
    NO_EXACT_PARTNER,
    OUTSIDE_SUPPORT,
    SET_BROKEN,
    Comparison,
    Sets,
    membership_of_labels,
    set_weights,
)
from .method import Method
from .notes import support_note, told, unequal_sets_note
from .rules import discard, strata
from .settings import MethodSettings

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel


class Given(MethodSettings):
    """`subclass`: the column that names the set of every matched patient; empty cells are the unmatched. The sets are
    taken as they are; `exact` splits them by further columns, `discard` takes patients out of them."""

    method: Literal["given"] = "given"
    subclass: str = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _named(cls, settings: Any) -> Any:
        if isinstance(settings, dict) and not settings.get("subclass"):
            raise ValueError("`matching.subclass` must name the column of the sets when `matching.method` is given.")
        return settings

    @property
    def set_column(self) -> str | None:
        """As MethodSettings."""
        return self.subclass


def given_sets(cohort: "Cohort", score: "PropensityModel", settings: Given, seed: int) -> Comparison:
    """The sets of the file, renumbered from 0 in file order of their first treated patient; within a set both arms
    stand in file order. A set may hold several treated patients.

    The gate has checked that each set of the file holds a treated patient and a control. A set that has lost all of an
    arm since (eligibility, a missing covariate, support), and a part of a set that `exact` leaves without an arm, is
    left out and counted in a note.  Raises EstimationError when no set is left.
    """
    treated = cohort.treated
    discarded = discard(score.distance, treated, settings.discard)
    whole, broken = whole_sets(_codes(cohort, settings, discarded), treated)
    labels, split = whole_sets(_parts(cohort, settings, whole), treated)
    if not (labels >= 0).any():
        raise _no_set_left(settings, bool((whole >= 0).any()))
    units = Sets(membership_of_labels(labels, treated), treated)
    made = Comparison(
        units=units,
        weights=set_weights(units),
        distance=score.distance,
        discarded=discarded,
        losses=_losses(cohort, settings, whole, labels, discarded),
        notes=_notes(cohort, settings, units, (broken, split), discarded),
    )
    recheck_sets(made, SetRules(most_controls=np.inf, most_treated=np.inf, stars=False))
    return made


def _codes(cohort: "Cohort", settings: Given, discarded: np.ndarray) -> np.ndarray:
    """int (n,): the set of each patient in the file, -1 for who is in none."""
    return np.where(discarded, -1, pd.factorize(cohort.matching_columns[settings.subclass])[0])


def _parts(cohort: "Cohort", settings: Given, sets: np.ndarray) -> np.ndarray:
    """int (n,): sets, split by the exact columns; -1 for who is in none."""
    if not settings.exact:
        return sets
    groups = strata(cohort, settings.exact)
    return np.where(sets >= 0, pd.factorize(sets * (int(groups.max()) + 1) + groups)[0], -1)


def whole_sets(codes: np.ndarray, treated: np.ndarray) -> tuple[np.ndarray, int]:
    """Labels int (n,), 0.. for the sets that hold both arms and -1 for everyone else; and how many sets do not.

    codes: int (n,), any labels from 0, -1 for who is in no set.  treated: bool (n,)."""
    sets = int(codes.max(initial=-1)) + 1
    own = np.bincount(codes[(codes >= 0) & treated], minlength=sets)
    others = np.bincount(codes[(codes >= 0) & ~treated], minlength=sets)
    whole = (own > 0) & (others > 0)
    number = np.where(whole, np.cumsum(whole) - 1, -1)
    return np.append(number, -1)[codes], int((~whole & (own + others > 0)).sum())


def _losses(
    cohort: "Cohort", settings: Given, whole: np.ndarray, labels: np.ndarray, discarded: np.ndarray
) -> pd.DataFrame:
    """As Comparison.losses.  whole, labels: int (n,), the sets before and after `exact`."""
    rows = np.flatnonzero(cohort.treated & (labels < 0))
    named = cohort.matching_columns[settings.subclass].notna().to_numpy()[rows]
    reason = np.where(named, SET_BROKEN, IN_NO_SET).astype(object)
    reason[whole[rows] >= 0] = NO_EXACT_PARTNER
    reason[discarded[rows]] = OUTSIDE_SUPPORT
    return pd.DataFrame({"row": rows, "reason": reason})


def _no_set_left(settings: Given, without_exact: bool) -> EstimationError:
    """without_exact: whether sets are left before the exact columns split them."""
    sets = f'No set of column "{settings.subclass}" has'
    if without_exact:
        names = quoted(settings.exact)
        return EstimationError(
            f"{sets} a treated patient and a control with the same {names}.",
            "Take fewer columns into `matching.exact`.",
        )
    return EstimationError(
        f"{sets} both its treated patient and a control among the analysed.",
        "Loosen the eligibility rules, use covariates with fewer gaps, or do not discard patients outside support.",
    )


def _notes(
    cohort: "Cohort", settings: Given, units: Sets, gone: tuple[int, int], discarded: np.ndarray
) -> tuple[str, ...]:
    """gone: sets that lost an arm, and parts that `exact` left without one."""
    taken = (
        f'The sets were made elsewhere (column "{settings.subclass}") and are taken as they are: no caliper, ratio or '
        "other setting of the match was applied to them."
    )
    if settings.exact:
        taken = (
            f'The sets were made elsewhere (column "{settings.subclass}") and are split so that those compared agree '
            f"on {quoted(settings.exact)}; no caliper or ratio was applied to them."
        )
    return told(
        taken,
        support_note(discarded, cohort.treated),
        _broken(gone[0], bool(discarded.any())),
        _split(gone[1], settings),
        _thinned(cohort, settings),
        _lost_note(units),
        unequal_sets_note(units),
    )


def _broken(sets: int, discarded: bool) -> str:
    if not sets:
        return ""
    verb = "is" if sets == 1 else "are"
    causes = "eligibility, a missing covariate, or support" if discarded else "eligibility, or a missing covariate"
    return (
        f"{counted(sets, 'set')} {verb} left out: the treated patient or all of the controls are not among the "
        f"analysed patients ({causes})."
    )


def _split(parts: int, settings: Given) -> str:
    if not parts:
        return ""
    verb = "is" if parts == 1 else "are"
    return (
        f"{counted(parts, 'part')} of sets {verb} left out: split by {quoted(settings.exact)}, they hold no treated "
        "patient or no control."
    )


def _thinned(cohort: "Cohort", settings: Given) -> str:
    """Members of sets who are eligible but lack a covariate."""
    labelled = cohort.eligible[settings.subclass].notna().to_numpy()
    gone = int(labelled.sum() - labelled[cohort.rows].sum())
    if not gone:
        return ""
    return f"{counted(gone, 'eligible patient')} of the given sets lack a covariate and are left out of their sets."


def _lost_note(units: Sets) -> str:
    total, matched = int(units.treated.sum()), int(units.n_treated.sum())
    if matched == total:
        return ""
    return (
        f"{total - matched} of {total} treated patients stand in no complete set. The comparison speaks for the other "
        f"{matched} only (ATT among the matched), not for all treated patients."
    )


METHOD = Method(
    "given",
    Given,
    given_sets,
    "Sets made elsewhere",
    "A column of the file says who is compared with whom; balance and outcomes are worked out for these sets.",
    lambda settings: f'sets given in "{settings.subclass}"',
)
