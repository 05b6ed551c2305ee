"""MatchedSample: who is compared with whom. `membership` is the one truth; everything else derives from it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

OUTSIDE_SUPPORT = "outside common support"
NO_EXACT_PARTNER = "no control in the same exact group"
OUTSIDE_CALIPER = "no control inside the caliper"
CONTROLS_TAKEN = "its controls were taken by other treated patients"
IN_NO_SET = "in no set of the file"
SET_BROKEN = "the controls of its set are not analysed"
LOST_REASONS = (OUTSIDE_SUPPORT, NO_EXACT_PARTNER, OUTSIDE_CALIPER, CONTROLS_TAKEN, IN_NO_SET, SET_BROKEN)


@dataclass(frozen=True)
class MatchedSample:
    """A match of n analysed patients.

    membership: int (m, 2), columns [row, set]: row indexes the analysed patients; sets are 0..S-1 in file order of
        their treated patient; a control used twice has two rows. Within a set the treated comes first, then its
        controls in the order in which they were chosen (in file order when the sets were made elsewhere).
    treated: bool (n,).  distance: float (n,), what was matched on (logit or probability; NaN if no model was fitted).
    weights: float (n,): 0 for unmatched; mean 1 over the non-zero weights of each arm.
    discarded: bool (n,), patients of either arm left out before matching because they lie outside common support.
    caliper_width: float, in units of the distance; NaN without a caliper.
    lost: DataFrame [row, reason], the treated patients without a control, in file order; reason is one of LOST_REASONS.
    ties: pairs whose control was chosen by file order among equally near ones.
    replace: controls may serve several treated patients; sets then overlap.
    """

    membership: np.ndarray
    treated: np.ndarray
    distance: np.ndarray
    weights: np.ndarray
    discarded: np.ndarray
    caliper_width: float
    lost: pd.DataFrame
    ties: int
    replace: bool
    notes: tuple[str, ...] = ()

    @cached_property
    def pairs(self) -> pd.DataFrame:
        """One row per pair: set, treated_row, control_row, pick (1 for the set's first control), distance (absolute
        difference on the distance scale)."""
        rows, sets = self.membership.T
        arm = self.treated[rows]
        treated_of_set = np.empty(self.n_sets, dtype=int)
        treated_of_set[sets[arm]] = rows[arm]
        control, control_set = rows[~arm], sets[~arm]
        case = treated_of_set[control_set]
        pick = pd.Series(control_set).groupby(control_set).cumcount().to_numpy() + 1
        gap = np.abs(self.distance[case] - self.distance[control])
        columns = {"set": control_set, "treated_row": case, "control_row": control, "pick": pick, "distance": gap}
        return pd.DataFrame(columns)

    @property
    def n_sets(self) -> int:
        """Matched sets, each with exactly one treated patient."""
        return int(self.membership[:, 1].max()) + 1 if len(self.membership) else 0

    @cached_property
    def set_of_row(self) -> np.ndarray:
        """int (n,): the set of each analysed patient, -1 when unmatched. Without replacement only: with replacement a
        control may stand in several sets and gets the first."""
        sets = np.full(len(self.treated), -1)
        sets[self.membership[::-1, 0]] = self.membership[::-1, 1]
        return sets

    @property
    def matched(self) -> np.ndarray:
        """bool (n,): patients with a weight."""
        return self.weights > 0

    def effective_sample_size(self, arm: bool) -> float:
        """(sum w)^2 / sum w^2 in one arm (True: treated)."""
        w = self.weights[self.treated == arm]
        return float(w.sum() ** 2 / (w**2).sum()) if w.any() else 0.0


def matching_weights(membership: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """Weights of MatchIt for the ATT: a treated patient 1, a control the sum over its sets of 1/(controls of that set);
    then each arm scaled to mean 1 over its non-zero weights.  membership: int (m, 2).  Returns float (n,)."""
    rows, sets = membership.T
    arm = treated[rows]
    controls, control_sets = rows[~arm], sets[~arm]
    shares = 1 / np.bincount(control_sets)[control_sets]
    weights = np.bincount(controls, weights=shares, minlength=len(treated)).astype(float)
    weights[rows[arm]] = 1.0
    for side in (treated, ~treated):
        used = side & (weights > 0)
        if used.any():
            weights[used] /= weights[used].mean()
    return weights


def make_membership(treated: np.ndarray, control: np.ndarray, pick: np.ndarray) -> np.ndarray:
    """Membership of MatchedSample from pairs.  treated, control: rows (p,).  pick: 1 for a set's first control ..."""
    matched = np.bincount(treated) > 0
    set_of = np.cumsum(matched) - 1
    cases = np.flatnonzero(matched)
    rows = np.concatenate([cases, control])
    sets = np.concatenate([np.arange(len(cases)), set_of[treated]])
    place = np.concatenate([np.zeros(len(cases), dtype=int), pick])
    order = np.argsort(sets * (pick.max() + 1) + place, kind="stable")
    return np.column_stack([rows[order], sets[order]])
