"""Matched sets as consecutive runs of rows: what every matched-set test works on."""

from dataclasses import dataclass

import numpy as np

from ..errors import EstimationError


@dataclass(frozen=True)
class Blocks:
    """S complete matched sets over m rows; each set is a run of rows with its one treated patient first.

    row: int (m,), positions of the patients in the caller's arrays; a patient stands once in a set.
    starts: int (S,), where each set begins in `row`: the position of its treated patient.
    sizes: int (S,) >= 2, patients per set.
    labels: (S,), the caller's set ids, ascending.
    """

    row: np.ndarray
    starts: np.ndarray
    sizes: np.ndarray
    labels: np.ndarray

    @property
    def n_sets(self) -> int:
        """S, the sets that a matched-set test counts."""
        return len(self.starts)

    @property
    def is_treated(self) -> np.ndarray:
        """bool (m,)."""
        first = np.zeros(len(self.row), dtype=bool)
        first[self.starts] = True
        return first

    @property
    def set_index(self) -> np.ndarray:
        """int (m,), 0..S-1."""
        return np.repeat(np.arange(self.n_sets), self.sizes)

    def totals(self, values: np.ndarray) -> np.ndarray:
        """Sum within each set. values: (m,), in block order. Returns (S,)."""
        return np.add.reduceat(values, self.starts) if self.n_sets else np.zeros(0, dtype=values.dtype)

    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """The published convention: the treated patient repeated once per control. Returns rows (case, control)."""
        control = ~self.is_treated
        return np.repeat(self.row[self.starts], self.sizes - 1), self.row[control]

    @property
    def n_pairs(self) -> int:
        """Pairs of the published convention: one for each control of each set."""
        return len(self.row) - self.n_sets

    @property
    def n_controls(self) -> int:
        """Distinct controls; with overlapping sets fewer than the pairs."""
        return np.count_nonzero(np.bincount(self.row[~self.is_treated]))

    @property
    def n_treated(self) -> int:
        """Distinct treated patients."""
        return np.count_nonzero(np.bincount(self.row[self.starts]))


def complete_sets(row: np.ndarray, set_id: np.ndarray, treated: np.ndarray) -> Blocks:
    """The sets that hold their treated patient and at least one control; a patient listed twice in a set counts once.

    row, set_id, treated: (k,), one entry per listed patient and set, in any order; leave out patients without the
        outcome. treated is bool and constant for a patient within a set.
    Sets without a treated patient, or without a control, are left out.  Raises EstimationError when a set has two
    different treated patients.
    """
    order = np.lexsort((row, ~treated, set_id))
    row, set_id, treated = row[order], set_id[order], treated[order]
    fresh = np.ones(len(row), dtype=bool)
    fresh[1:] = (row[1:] != row[:-1]) | (set_id[1:] != set_id[:-1])
    row, set_id, treated = row[fresh], set_id[fresh], treated[fresh]
    labels, index, sizes = np.unique(set_id, return_inverse=True, return_counts=True)
    n_treated = np.bincount(index[treated], minlength=len(labels))
    if (n_treated > 1).any():
        raise EstimationError(
            f"{int((n_treated > 1).sum())} matched sets have more than one treated patient.",
            "Tests by set need exactly one treated patient in each set.",
        )
    keep = (n_treated == 1) & (sizes > 1)
    sizes = sizes[keep]
    starts = np.cumsum(sizes) - sizes
    return Blocks(row[keep[index]], starts, sizes, labels[keep])


def sets_of_pairs(case: np.ndarray, control: np.ndarray) -> Blocks:
    """The sets behind a list of pairs in which a treated patient is repeated: all pairs of one patient are one set.

    case, control: int (p,), rows of the treated patient and the control of each pair.
    """
    row = np.concatenate([case, control])
    treated = np.arange(len(row)) < len(case)
    return complete_sets(row, np.concatenate([case, case]), treated)
