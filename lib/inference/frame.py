"""The matched sample as the outcome functions read it, and the notes that every kind of outcome shares."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..design import Comparison, Independent, Overlapping, Sets
from ..design.comparison import Moves, Units, scaled_by_arm, set_weights
from ..design.moves import OddsInsideSets
from ..words import counted
from ..words import moves as words
from .marginal import Arms, ReusedArms
from .notes import SILENCE, Note, Reason, once
from .results import Test, arm_words
from .sets import Blocks, complete_sets

FEW_SETS = 30  # below, cluster-robust SEs are too small; with 8 sets nominal 5% tests reach 8% (statistics.md, 2)
REPLACEMENT = Reason(
    "overlapping_sets",
    "Matched with replacement: a control may stand in several sets, so the sets overlap and no test by set is shown; "
    "standard errors are HC3 on the weighted patients, with one clustered on the control as a second row.",
)

LARGE = Reason(
    "large-sample",
    "There are no sets that are apart, so no exact test by set: the quoted p and interval are large-sample ones "
    "of the weighted effect.",
)


@dataclass(frozen=True)
class Frame:
    """n analysed patients of whom some are matched.

    rows: int (n,), their positions in the eligible table.  treated: bool (n,).  weights: float (n,), 0 if unmatched.
    units: what is independent of what.  cluster: int (n,) set of each patient, None where there are no sets that are
    apart.  seed: of simulated p-values.  covariates: float (n, k), what is adjusted for, or None.
    log_odds: float (n,), fitted, or None.  moves: which label moves are quoted (both as design.Comparison).
    inside: how unequal these odds are inside the sets, where it is to be said.
    """

    rows: np.ndarray
    treated: np.ndarray
    weights: np.ndarray
    units: Units
    cluster: np.ndarray | None
    seed: int = 1
    covariates: np.ndarray | None = None
    log_odds: np.ndarray | None = None
    moves: Moves = "equal"
    inside: OddsInsideSets | None = None

    @classmethod
    def of(cls, rows: np.ndarray, sample: Comparison, seed: int = 1, covariates: np.ndarray | None = None) -> "Frame":
        """rows: int (n,), Cohort.rows.  covariates: float (n, k), Cohort.covariate_matrix; None when nothing is
        adjusted for."""
        cluster = sample.set_of_row if sample.by_set else None
        odds = sample.log_odds, sample.moves
        return cls(rows, sample.treated, sample.weights, sample.units, cluster, seed, covariates, *odds)

    @property
    def by_set(self) -> bool:
        """Whether the sets are apart, so that tests by set exist."""
        return isinstance(self.units, Sets)

    @property
    def overlapping(self) -> bool:
        """Whether controls may stand in several sets."""
        return isinstance(self.units, Overlapping)

    @property
    def grouped(self) -> bool:
        """Whether there are sets at all, apart or overlapping."""
        return not isinstance(self.units, Independent)

    @property
    def weighted(self) -> bool:
        """Whether the controls are weighted without being in sets (as OutcomeResult)."""
        return not self.grouped

    @property
    def member_row(self) -> np.ndarray:
        """int (m,), who stands in the set at the same place of `member_set`."""
        return self.units.membership[:, 0]

    @property
    def member_set(self) -> np.ndarray:
        """int (m,)."""
        return self.units.membership[:, 1]

    @cached_property
    def n_sets(self) -> int:
        """Matched sets, complete or not."""
        return self.units.n_sets

    def matched(self, arm: bool) -> np.ndarray:
        """bool (n,): matched patients of one arm (True: treated)."""
        return (self.weights > 0) & (self.treated == arm)

    def used(self, known: np.ndarray) -> np.ndarray:
        """bool (n,): matched patients whose outcome is known."""
        return known & (self.weights > 0)

    def blocks(self, known: np.ndarray) -> Blocks:
        """The sets that keep their treated patient and a control when patients without the outcome are left out."""
        listed = known[self.member_row]
        if listed.all():
            return self._whole_blocks
        row = self.member_row[listed]
        return complete_sets(row, self.member_set[listed], self.treated[row])

    def moved(self, blocks: Blocks, moves: Moves) -> Blocks:
        """The sets with the chances of these moves."""
        if moves == "equal" or self.log_odds is None:
            return blocks
        return blocks.with_odds(self.log_odds[blocks.row])

    @cached_property
    def _whole_blocks(self) -> Blocks:
        return complete_sets(self.member_row, self.member_set, self.treated[self.member_row])

    def of_known(self, known: np.ndarray) -> "Frame":
        """The matched sample of an outcome: sets without a treated patient or without any control who has it leave, and
        the weights are made anew over the patients with the outcome in the rest, as if nobody else had been matched.
        Weights that come from no sets stay as they are.  known: bool (n,)."""
        if self.used(known).sum() == (self.weights > 0).sum():
            return self
        if isinstance(self.units, Independent):
            return replace(self, weights=scaled_by_arm(np.where(known, self.weights, 0.0), self.treated))
        listed = self.units.membership[known[self.member_row]]
        both = _has(listed[:, 1], self.treated[listed[:, 0]]) & _has(listed[:, 1], ~self.treated[listed[:, 0]])
        row, label = listed[both].T
        membership = np.column_stack([row, np.unique(label, return_inverse=True)[1]])
        units = replace(self.units, membership=membership)
        cluster = units.set_of_row if self.by_set else None
        return replace(self, weights=set_weights(units), units=units, cluster=cluster)

    def arms(self, values: np.ndarray, known: np.ndarray) -> Arms:
        """Every matched patient with the outcome, with the weights of this sample. values: (n,)."""
        used = self.used(known)
        cluster = None if self.cluster is None else self.cluster[used]
        return Arms(values[used], self.treated[used], self.weights[used], cluster, self.n_sets)

    def arm_rows(self, values: np.ndarray, known: np.ndarray) -> list[Arms]:
        """The rows whose standard errors are shown, the default first: with replacement two kinds."""
        default = self.arms(values, known)
        return [default, self._reused(values, known)] if self.overlapping else [default]

    def _reused(self, values: np.ndarray, known: np.ndarray) -> ReusedArms:
        controls = ~self.treated[self.member_row]
        per_set = np.bincount(self.member_set, weights=controls)[self.member_set]
        weights, listed = np.where(controls, 1 / per_set, 1.0), known[self.member_row]
        row = self.member_row[listed]
        return ReusedArms(values[row], self.treated[row], weights[listed], self.member_set[listed], self.n_sets, row)

    def weights_of(self, arm: str, rows: np.ndarray) -> np.ndarray:
        """float (k,): what some patients of an arm of results.ARMS count; 1 in the whole cohort.  rows: as `groups`."""
        if arm.startswith("whole"):
            return np.ones(len(rows))
        return self.weights[np.searchsorted(self.rows, rows)]

    def groups(self, whole_treated: np.ndarray) -> list[np.ndarray]:
        """Positions in the eligible table of the four groups, in the order of ARMS. whole_treated: bool (N,)."""
        return [
            self.rows[self.matched(True)],
            self.rows[self.matched(False)],
            np.flatnonzero(whole_treated),
            np.flatnonzero(~whole_treated),
        ]


def _has(label: np.ndarray, arm: np.ndarray) -> np.ndarray:
    """bool (m,): whether the set of each entry has an entry in the arm.  label: int (m,).  arm: bool (m,)."""
    return np.isin(label, label[arm])


def missing_notes(frame: Frame, known: np.ndarray, blocks: Blocks) -> list[Reason]:
    """What missing outcomes cost; empty when every matched patient has the outcome.

    frame: the matched sample as designed.  known: bool (n,).  blocks: the sets that are complete for the outcome."""
    parts = []
    for arm, word in ((True, "treated"), (False, arm_words("control", frame.weighted))):
        total, left = int(frame.matched(arm).sum()), int((frame.matched(arm) & known).sum())
        if left < total:
            parts.append(f"{left} of {total} {word}")
    if not parts:
        return []
    text, dropped = f"Known for {' and '.join(parts)}.", frame.n_sets - blocks.n_sets
    if not frame.grouped:
        text += " The weights of these patients stay as they were made."
    elif dropped:
        sets = counted(frame.n_sets, "set")
        text += (
            f" {dropped} of {sets} are left out, for want of the treated or of any control; the weights are made anew "
            "over the patients with this outcome in the rest, whom every number here is about."
        )
    else:
        text += " The weights are made anew over these patients, whom every number here is about."
    return [Reason("missing_outcomes", text)]


def few_sets_notes(n_sets: int) -> list[Reason]:
    """A warning below FEW_SETS sets."""
    if not 1 < n_sets < FEW_SETS:
        return []
    text = (
        f"{n_sets} sets are few for standard errors clustered by set: even with t on {n_sets - 1} degrees of freedom "
        "such intervals tend to be too narrow. The tests by set, and intervals made of the same moves, do not rely on "
        "them."
    )
    return [Reason("few_sets", text)]


def general_notes(frame: Frame, n_sets: int) -> list[Reason]:
    """What the sample as a whole does to the numbers of an outcome.  n_sets: those that have it."""
    return few_sets_notes(n_sets) + odds_notes(frame) if frame.by_set else [LARGE]


def odds_notes(frame: Frame) -> list[Reason]:
    """The warning where measured odds inside the sets are far apart, in every p by set."""
    if frame.inside is None or not frame.inside.level:
        return []
    code = words.NO_EVIDENCE if frame.inside.level == "no_evidence" else words.WARNED
    return [Reason(code, words.level_sentence(frame.inside.level, frame.inside.typical))]


def warned(test: Test, frame: Frame) -> Test:
    """A test by set with what is said where the odds inside the sets are far apart."""
    for why in odds_notes(frame):
        note = " ".join(part for part in (why.text, test.note) if part)
        test = replace(test, note=note, note_code=test.note_code or why.code)
    return test


def narrow_note(n_sets: int, test: str) -> Reason:
    """Of an interval that is too narrow with few sets (benchmarks/type_one_error.py); nothing from FEW_SETS on."""
    if n_sets >= FEW_SETS:
        return SILENCE
    return Reason("narrow_interval", f"With {n_sets} sets this interval tends to be too narrow; judge by {test}.")


def outcome_notes(name: str, frame: Frame, specific: list[Reason], general: list[Reason]) -> tuple[Note, ...]:
    """Notes of one outcome: specific ones are about it; general ones read the same for every outcome."""
    shared = general + ([REPLACEMENT] if frame.overlapping else [])
    return once([reason.about(name) for reason in specific if reason] + [reason.about() for reason in shared])
