"""Subclassification: patients with alike scores form a few large groups, each with both arms (Rosenbaum and Rubin 1984,
JASA 79:516)."""

from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd
from pydantic import Field

from ..errors import EstimationError, SpecError
from ..rounding import as_one
from ..words import counted
from .checks import SetRules, recheck_sets
from .comparison import (
    NO_EXACT_PARTNER,
    NOT_IN_SUBCLASS,
    OUTSIDE_SUPPORT,
    Comparison,
    Sets,
    membership_of_labels,
    set_weights,
)
from .given import whole_sets
from .lost import nobody_in_a_stratum
from .method import Axis, Method
from .notes import losses_note, support_note, told, unequal_sets_note
from .rules import SAME, discard, strata
from .settings import MethodSettings

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel


class Subclass(MethodSettings):
    """`subclasses`: groups cut at quantiles of the treated patients' scores.  `min_n`: patients that each arm has in
    every subclass at least, taken from a neighbour where it lacks them; 0: subclasses that lack an arm are left out.
    `exact`: subclasses are split by these columns, and parts without both arms left out."""

    method: Literal["subclass"] = "subclass"
    subclasses: int = Field(default=6, ge=1)
    min_n: int = Field(default=1, ge=0)

    @property
    def needs_score(self) -> bool:
        """As MethodSettings: always."""
        return True

    @property
    def on_score(self) -> bool:
        """As MethodSettings: always."""
        return True


def subclassify(cohort: "Cohort", score: "PropensityModel", settings: Subclass, seed: int) -> Comparison:
    """As MatchIt's method "subclass" for the ATT. Nothing is random.

    Raises SpecError when an arm has too few patients for so many subclasses, EstimationError when none has both arms.
    """
    treated = cohort.treated
    discarded = discard(score.distance, treated, settings.discard)
    kept = np.flatnonzero(~discarded)
    _require_enough(treated[kept], settings)
    bins = np.full(cohort.n, -1)
    bins[kept] = subclasses_of(score.score[kept], treated[kept], settings.subclasses, settings.min_n)
    codes = _split(bins, strata(cohort, settings.exact))
    labels, _ = whole_sets(codes, treated)
    if not (labels >= 0).any():
        raise _nobody(settings)
    units = Sets(membership_of_labels(labels, treated), treated)
    losses = _losses(treated, labels, discarded, settings)
    made = Comparison(
        units=units,
        weights=set_weights(units),
        distance=score.distance,
        discarded=discarded,
        losses=losses,
        notes=told(
            support_note(discarded, treated),
            losses_note(units, losses),
            _fewer_note(bins, settings),
            unequal_sets_note(units),
        ),
    )
    recheck_sets(made, SetRules(most_controls=np.inf, most_treated=np.inf, stars=False))
    return made


def subclasses_of(score: np.ndarray, treated: np.ndarray, subclasses: int, min_n: int) -> np.ndarray:
    """int (n,), 0..: the subclass of each patient.

    Cuts are quantiles (R type 7) of the treated patients' scores; a subclass holds its lower cut, the last one its
    upper cut too; scores beyond the treated's belong to the outermost. Subclasses without anybody are not counted.
    A score that differs from another, or from a cut, by rounding only is equal to it.
    score: float (n,).  treated: bool (n,).  min_n: see Subclass; each arm has subclasses x min_n patients at least.
    """
    same = SAME * float(np.std(score))
    score = as_one(score, same)
    cuts = np.quantile(score[treated], np.linspace(0, 1, subclasses + 1))
    bins = np.clip(np.searchsorted(cuts - same, score, side="right") - 1, 0, subclasses - 1)
    bins = np.unique(bins, return_inverse=True)[1]
    n_bins = int(bins.max()) + 1
    for arm in (treated, ~treated):
        bins[arm] = filled(bins[arm], score[arm], n_bins, min_n)
    return bins


def filled(bins: np.ndarray, score: np.ndarray, n_bins: int, least: int) -> np.ndarray:
    """The bins of one arm with at least so many patients in each: a bin that lacks one takes the nearest patient of the
    nearest bin that has one to give, on the side with more to spare (each bin's surplus over its distance).

    bins: int (m,).  score: float (m,), rising with the bins.  m >= n_bins x least.  Of patients with equal scores the
    earlier moves.
    """
    bins = bins.copy()
    for already in range(least):
        count = np.bincount(bins, minlength=n_bins) - already
        while (count < 1).any():
            at = int(np.argmax(count < 1))
            give, inner = _giver(count, at)
            own = np.flatnonzero(bins == give)
            moved = own[(inner * score[own]).argmax()]
            bins[moved] = at
            count[give] -= 1
            count[at] += 1
    return bins


def _giver(count: np.ndarray, at: int) -> tuple[int, int]:
    """The bin that gives to bin `at`, and +1 when its highest score moves (it lies below), -1 when its lowest does."""
    place = np.arange(len(count))
    spare = np.maximum(count - 1, 0) / np.maximum(np.abs(place - at), 1)
    below, above = place[:at][count[:at] > 0], place[at + 1 :][count[at + 1 :] > 0]
    if len(below) and (not len(above) or spare[:at].sum() >= spare[at + 1 :].sum()):
        return int(below[-1]), 1
    return int(above[0]), -1


def _split(bins: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """int (n,): a label for each subclass and exact group, -1 for who is in no subclass."""
    parts = bins * (int(groups.max()) + 1) + groups
    return np.where(bins < 0, -1, pd.factorize(parts)[0])


def _require_enough(treated: np.ndarray, settings: Subclass) -> None:
    smaller, wanted = int(min(treated.sum(), (~treated).sum())), settings.subclasses * settings.min_n
    if smaller < wanted:
        arm = "treated patients" if treated.sum() <= (~treated).sum() else "controls"
        raise SpecError(
            f"{counted(settings.subclasses, 'subclass', 'subclasses')} need {wanted} {arm}; there are {smaller}.",
            f"Set `subclasses` to at most {max(smaller // settings.min_n, 1)}.",
        )


def _nobody(settings: Subclass) -> EstimationError:
    if settings.exact:
        return nobody_in_a_stratum(settings.exact)
    return EstimationError(
        "No subclass has both treated patients and controls.", "Set `min_n` to 1, or use fewer subclasses."
    )


def _losses(treated: np.ndarray, labels: np.ndarray, discarded: np.ndarray, settings: Subclass) -> pd.DataFrame:
    """As Comparison.losses."""
    rows = np.flatnonzero(treated & (labels < 0))
    why = NO_EXACT_PARTNER if settings.exact else NOT_IN_SUBCLASS
    reason = np.where(discarded[rows], OUTSIDE_SUPPORT, why).astype(object)
    return pd.DataFrame({"row": rows, "reason": reason})


def _fewer_note(bins: np.ndarray, settings: Subclass) -> str:
    made = int(bins.max()) + 1
    if made == settings.subclasses:
        return ""
    return f"Many scores are equal, so that {made} of {settings.subclasses} subclasses hold anybody."


def _words(value: int) -> str:
    return counted(value, "subclass", "subclasses")


METHOD = Method(
    "subclass",
    Subclass,
    subclassify,
    "Subclasses: a few large groups of alike scores",
    "Everybody is used: the treated are cut into groups of equal size by their scores, and the controls join the group "
    "their score belongs to. Patients within a group are less alike than in pairs.",
    lambda settings: _words(settings.subclasses),
    {"subclasses": Axis("Subclasses", (2, 3, 4, 5, 6, 8, 10), _words)},
)
