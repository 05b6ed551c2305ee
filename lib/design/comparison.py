"""Comparison: who is compared with whom, and what each counts. What balance and outcomes read of any design."""

from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
import pandas as pd

OUTSIDE_SUPPORT = "outside common support"
NO_EXACT_PARTNER = "no control in the same exact group"
OUTSIDE_CALIPER = "no control inside the caliper"
CONTROLS_TAKEN = "its controls were taken by other treated patients"
NOT_IN_SUBCLASS = "no control in the same subclass"
IN_NO_SET = "in no set of the file"
SET_BROKEN = "the controls of its set are not analysed"
NOT_COMPARABLE = "its set was called not comparable"
LOST_REASONS = (
    OUTSIDE_SUPPORT,
    NO_EXACT_PARTNER,
    OUTSIDE_CALIPER,
    CONTROLS_TAKEN,
    NOT_IN_SUBCLASS,
    IN_NO_SET,
    SET_BROKEN,
    NOT_COMPARABLE,
)

Moves = Literal["fitted_odds", "equal"]

PAIR_COLUMNS = ("set", "treated_row", "control_row", "pick")


@dataclass(frozen=True)
class Groups:
    """Sets of n analysed patients.

    membership: int (m, 2), columns [row, set]: row indexes the analysed patients; sets are 0..S-1 in file order of
        their first treated patient. Within a set the treated come first, in file order, then its controls in the order
        in which they were chosen (in file order where nobody chose).
    treated: bool (n,).
    """

    membership: np.ndarray
    treated: np.ndarray

    @cached_property
    def n_sets(self) -> int:
        """Sets, each with at least one treated patient and one control."""
        return int(self.membership[:, 1].max()) + 1 if len(self.membership) else 0

    @cached_property
    def n_treated(self) -> np.ndarray:
        """int (S,): treated patients of each set."""
        rows, sets = self.membership.T
        return np.bincount(sets[self.treated[rows]], minlength=self.n_sets)

    @cached_property
    def n_control(self) -> np.ndarray:
        """int (S,): controls of each set."""
        rows, sets = self.membership.T
        return np.bincount(sets[~self.treated[rows]], minlength=self.n_sets)

    @property
    def one_treated(self) -> bool:
        """Whether every set has exactly one treated patient."""
        return bool((self.n_treated == 1).all())

    @property
    def stars(self) -> bool:
        """Whether every set has one treated patient, or one control: whether pairs say who is compared with whom."""
        return bool((np.minimum(self.n_treated, self.n_control) == 1).all())

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """DataFrame PAIR_COLUMNS, a row for each treated patient and control of a star, set by set; empty when a set
        has several of both. pick: 1 for the set's first control (or, round one control, its first treated patient)."""
        if not self.stars:
            return pd.DataFrame({name: np.zeros(0, dtype=int) for name in PAIR_COLUMNS})
        rows, sets = self.membership.T
        arm = self.treated[rows]
        several = (self.n_treated > 1)[sets]
        spoke = np.where(several, arm, ~arm)  # whoever is not the centre of the star
        centre = np.empty(self.n_sets, dtype=int)
        centre[sets[~spoke]] = rows[~spoke]
        row, of = rows[spoke], sets[spoke]
        pick = pd.Series(of).groupby(of).cumcount().to_numpy() + 1
        case = np.where(several[spoke], row, centre[of])
        control = np.where(several[spoke], centre[of], row)
        return pd.DataFrame({"set": of, "treated_row": case, "control_row": control, "pick": pick})

    @cached_property
    def set_of_row(self) -> np.ndarray:
        """int (n,): the set of each analysed patient, -1 when in none. Where sets overlap a control may stand in
        several and gets the first."""
        sets = np.full(len(self.treated), -1)
        sets[self.membership[::-1, 0]] = self.membership[::-1, 1]
        return sets


@dataclass(frozen=True)
class Sets(Groups):
    """Matched sets or strata: nobody stands in two of them, so they are the independent units."""


@dataclass(frozen=True)
class Overlapping(Groups):
    """Sets of matching with replacement: a control may stand in several of them, so they are not independent."""


@dataclass(frozen=True)
class Independent(Groups):
    """No sets: every patient is a unit of its own, and only the weights say what it counts."""

    @classmethod
    def of(cls, treated: np.ndarray) -> "Independent":
        """treated: bool (n,)."""
        return cls(np.zeros((0, 2), dtype=int), treated)


Units = Sets | Overlapping | Independent


@dataclass(frozen=True)
class Comparison:
    """A design for n analysed patients.

    units: Sets, Overlapping or Independent: what is independent of what.
    weights: float (n,): 0 for who is not compared; mean 1 over the non-zero weights of each arm.
    distance: float (n,), the propensity distance (logit or probability; NaN if no model was fitted).
    discarded: bool (n,), patients of either arm left out first because they lie outside common support.
    losses: DataFrame [row, reason], the treated patients who are not compared, in file order; reason is one of
        LOST_REASONS.
    estimand: ATT, the effect in the treated; ATO, in those who could have been in either arm.
    caliper_width: float, in units of the distance; NaN without a caliper.
    ties: pairs whose control was chosen by file order among equally near ones.
    log_odds: float (n,), the fitted log odds of treatment, whatever the scale of the distance; None without a score.
    moves: which chances label moves within the sets have where p and interval are quoted, fixed here and so before any
        outcome: those of the fitted odds, or equal ones.  why_equal: the reason for these, "" for fitted odds.
    """

    units: Units
    weights: np.ndarray
    distance: np.ndarray
    discarded: np.ndarray
    losses: pd.DataFrame
    estimand: Literal["ATT", "ATO"] = "ATT"
    caliper_width: float = float("nan")
    ties: int = 0
    notes: tuple[str, ...] = ()
    log_odds: np.ndarray | None = None
    moves: Moves = "equal"
    why_equal: str = ""

    @property
    def treated(self) -> np.ndarray:
        """bool (n,)."""
        return self.units.treated

    @property
    def by_set(self) -> bool:
        """Whether the sets are apart, so that tests by set exist."""
        return isinstance(self.units, Sets)

    @property
    def why_no_sets(self) -> str:
        """Why there is no test by set, as the beginning of a sentence; empty where the sets are apart."""
        if isinstance(self.units, Overlapping):
            return "With replacement the sets overlap"
        return "" if self.by_set else "Weights make no sets"

    @property
    def membership(self) -> np.ndarray:
        """As Groups.membership; (0, 2) without sets."""
        return self.units.membership

    @property
    def n_sets(self) -> int:
        """As Groups.n_sets; 0 without sets."""
        return self.units.n_sets

    @property
    def set_of_row(self) -> np.ndarray:
        """As Groups.set_of_row."""
        return self.units.set_of_row

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """As Groups.pairs, with `distance`, the absolute difference on the distance scale."""
        pairs = self.units.pairs
        case, control = pairs["treated_row"].to_numpy(), pairs["control_row"].to_numpy()
        return pairs.assign(distance=np.abs(self.distance[case] - self.distance[control]))

    @property
    def matched(self) -> np.ndarray:
        """bool (n,): patients with a weight."""
        return self.weights > 0

    def n_matched(self, arm: bool) -> int:
        """Patients of one arm (True: treated) with a weight."""
        return int((self.matched & (self.treated == arm)).sum())

    def effective_sample_size(self, arm: bool) -> float:
        """(sum w)^2 / sum w^2 in one arm (True: treated)."""
        w = self.weights[self.treated == arm]
        return float(w.sum() ** 2 / (w**2).sum()) if w.any() else 0.0

    def largest_share(self, arm: bool) -> float:
        """The largest weight of one arm (True: treated) as a share of the arm's weights; NaN for an empty arm."""
        w = self.weights[self.treated == arm]
        return float(w.max() / w.sum()) if w.any() else float("nan")


def set_weights(units: Sets | Overlapping) -> np.ndarray:
    """Weights for the ATT, as MatchIt: a treated patient 1, a control the sum over its sets of treated/controls of that
    set; then each arm scaled to mean 1 over its non-zero weights. Returns float (n,)."""
    rows, sets = units.membership.T
    arm = units.treated[rows]
    controls, control_sets = rows[~arm], sets[~arm]
    shares = units.n_treated[control_sets] / units.n_control[control_sets]
    weights = np.bincount(controls, weights=shares, minlength=len(units.treated)).astype(float)
    weights[rows[arm]] = 1.0
    return scaled_by_arm(weights, units.treated)


def scaled_by_arm(weights: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Weights (n,) with mean 1 over the non-zero ones of each arm; a new array."""
    scaled = weights.copy()
    for side in (treated, ~treated):
        used = side & (weights > 0)
        if used.any():
            scaled[used] /= scaled[used].mean()
    return scaled


def membership_of(treated: np.ndarray, control: np.ndarray, pick: np.ndarray) -> np.ndarray:
    """Membership of sets with one treated patient, from pairs.  treated, control: rows (p,).  pick: 1 for a set's first
    control ..."""
    matched = np.bincount(treated) > 0
    set_of = np.cumsum(matched) - 1
    cases = np.flatnonzero(matched)
    rows = np.concatenate([cases, control])
    sets = np.concatenate([np.arange(len(cases)), set_of[treated]])
    place = np.concatenate([np.zeros(len(cases), dtype=int), pick])
    order = np.argsort(sets * (pick.max() + 1) + place, kind="stable")
    return np.column_stack([rows[order], sets[order]])


def membership_of_labels(labels: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Membership from a label for each patient: int (n,), -1 for who is in no set. Every set has a treated patient;
    within a set both arms stand in file order."""
    rows = np.flatnonzero(labels >= 0)
    first = np.full(int(labels.max(initial=-1)) + 1, len(labels))
    cases = rows[treated[rows]]
    np.minimum.at(first, labels[cases], cases)
    rank = np.argsort(np.argsort(first, kind="stable"), kind="stable")
    place = 2 * rank[labels[rows]] + ~treated[rows]
    place, rows = np.divmod(np.sort(place * len(labels) + rows), len(labels))  # one number is sorted faster than three
    return np.column_stack([rows, place // 2])
