"""Matched sets as consecutive runs of rows: what every matched-set test works on."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .uneven import SetDraw, even, shares

MOST_PAIRS = 5_000_000  # a second to rank


@dataclass(frozen=True)
class Blocks:
    """S complete matched sets over m rows; each set is a run of rows, its treated patients first.

    row: int (m,), positions of the patients in the caller's arrays; a patient stands once in a set.
    sizes: int (S,) >= 2, patients per set.
    n_treated_of: int (S,), treated patients per set: 1 or more, fewer than `sizes`.
    labels: (S,), the caller's set ids, ascending.
    log_odds: float (m,), of treatment, up to a constant of the set, where labels move with unequal chances: a way of
        choosing the treated of a set is as likely as the product of their odds says.  None: all ways are as likely.
    """

    row: np.ndarray
    sizes: np.ndarray
    n_treated_of: np.ndarray
    labels: np.ndarray
    log_odds: np.ndarray | None = None

    @property
    def n_sets(self) -> int:
        """S, the sets that a matched-set test counts."""
        return len(self.sizes)

    @cached_property
    def starts(self) -> np.ndarray:
        """int (S,), where each set begins in `row`: the position of its first treated patient."""
        return np.cumsum(self.sizes) - self.sizes

    @cached_property
    def treated(self) -> np.ndarray:
        """bool (m,)."""
        return np.arange(len(self.row)) - self.starts[self.set_index] < self.n_treated_of[self.set_index]

    @cached_property
    def treated_at(self) -> np.ndarray:
        """int, ascending: the positions of the treated patients; with one in each set these are `starts`."""
        return np.flatnonzero(self.treated)

    @cached_property
    def set_index(self) -> np.ndarray:
        """int (m,), 0..S-1."""
        return np.repeat(np.arange(self.n_sets), self.sizes)

    @property
    def n_controls_of(self) -> np.ndarray:
        """int (S,) >= 1: controls per set."""
        return self.sizes - self.n_treated_of

    @property
    def one_treated(self) -> bool:
        """Whether every set has a single treated patient."""
        return bool((self.n_treated_of == 1).all())

    @property
    def uneven(self) -> bool:
        """Whether labels move with unequal chances."""
        return self.log_odds is not None

    @property
    def stars(self) -> bool:
        """Whether every set has a single treated patient or a single control, as after full matching."""
        return bool((np.minimum(self.n_treated_of, self.n_controls_of) == 1).all())

    @property
    def centre_at(self) -> np.ndarray:
        """int (S,): in stars the position of the patient who stands alone in the arm; of a pair the treated one."""
        return np.where(self.n_treated_of == 1, self.starts, self.starts + self.sizes - 1)

    @property
    def of_centres(self) -> "Blocks":
        """The same runs with one label a set to move, the centre's: for stars, whose arrangements these are."""
        odds = None if self.log_odds is None else self.sign * self.log_odds
        return replace(self, n_treated_of=np.ones_like(self.n_treated_of), log_odds=odds)

    @property
    def sign(self) -> np.ndarray:
        """int (m,): 1 where the centre of the star is the treated patient, -1 where it is the control.  The sum of the
        treated patients' scores is that of the centres' sign x score, plus all scores of the sets with one control."""
        return np.repeat(np.where(self.n_treated_of == 1, 1, -1), self.sizes)

    @property
    def spread(self) -> np.ndarray:
        """float (S,): the variance of a sum of m scores drawn from n without replacement, over the mean square of their
        deviations: m (n - m) / (n - 1), exactly 1 for one treated patient."""
        return self.n_treated_of * self.n_controls_of / (self.sizes - 1)

    def totals(self, values: np.ndarray) -> np.ndarray:
        """Sum within each set. values: (m,), in block order. Returns (S,)."""
        return np.add.reduceat(values, self.starts) if self.n_sets else np.zeros(0, dtype=values.dtype)

    def expected(self, values: np.ndarray) -> np.ndarray:
        """float (S,): the mean of the treated patients' sum over all moves of the label within the set."""
        if self.log_odds is not None:
            return self.totals(values * self.chance)
        return self.n_treated_of * (self.totals(values) / self.sizes)

    def variance(self, values: np.ndarray) -> np.ndarray:
        """float (S,): the variance of the treated patients' sum over all moves of the label.  values: float (m,)."""
        if self.log_odds is None:
            mean = np.repeat(self.totals(values) / self.sizes, self.sizes)
            return self.spread * (self.totals((values - mean) ** 2) / self.sizes)
        mean = np.repeat(self.totals(values * self.label_chance), self.sizes)
        found = self.totals(self.label_chance * (values - mean) ** 2)
        for s, of_set in self._mixed:
            found[s] = self.draw(s).moments(values[of_set])[1]
        return found

    def of_sets(self, kept: np.ndarray) -> "Blocks":
        """Some of the sets.  kept: bool (S,)."""
        rows = np.repeat(kept, self.sizes)
        odds = None if self.log_odds is None else self.log_odds[rows]
        return Blocks(self.row[rows], self.sizes[kept], self.n_treated_of[kept], self.labels[kept], odds)

    def of_known(self, known: np.ndarray) -> "Blocks":
        """The same sets without some patients; every set that is left has both arms.  known: bool (m,)."""
        sizes = self.totals(known.astype(int))
        treated = self.totals((known & self.treated).astype(int))
        kept, odds = sizes > 0, None if self.log_odds is None else self.log_odds[known]
        return Blocks(self.row[known], sizes[kept], treated[kept], self.labels[kept], odds)

    def with_odds(self, log_odds: np.ndarray | None) -> "Blocks":
        """The same sets, labels moving in proportion to these odds, float (m,) in block order; where they are equal
        within every set, or None, all moves are as likely."""
        return replace(self, log_odds=None if log_odds is None or even(log_odds, self.starts) else log_odds)

    def draw(self, s: int) -> SetDraw:
        """The law of one set's treated patients, where odds are unequal."""
        assert self.log_odds is not None
        run = slice(self.starts[s], self.starts[s] + self.sizes[s])
        return SetDraw(self.log_odds[run], int(self.n_treated_of[s]))

    @property
    def _mixed(self) -> Iterator[tuple[int, slice]]:
        """The sets with several treated patients and several controls, and where they stand."""
        for s in np.flatnonzero(np.minimum(self.n_treated_of, self.n_controls_of) > 1).tolist():
            yield s, slice(self.starts[s], self.starts[s] + self.sizes[s])

    @cached_property
    def label_chance(self) -> np.ndarray:
        """float (m,): in stars with unequal odds each patient's chance of being the centre (see of_centres)."""
        assert self.log_odds is not None
        return shares(self.sign * self.log_odds, self.starts, self.sizes)

    @cached_property
    def chance(self) -> np.ndarray:
        """float (m,): each patient's chance of being among the treated of its set when the labels move."""
        if self.log_odds is None:
            return np.repeat(self.n_treated_of / self.sizes, self.sizes)
        found = np.where(self.sign > 0, self.label_chance, 1 - self.label_chance)
        for s, of_set in self._mixed:
            found[of_set] = self.draw(s).inclusion
        return found

    def pair_positions(self) -> tuple[np.ndarray, np.ndarray]:
        """Every treated patient with every control of its set, treated patients in order: positions in block order."""
        each = self.n_controls_of[self.set_index[self.treated_at]]
        place = np.arange(int(each.sum())) - np.repeat(np.cumsum(each) - each, each)
        first = (self.starts + self.n_treated_of)[self.set_index[self.treated_at]]
        return np.repeat(self.treated_at, each), np.repeat(first, each) + place

    def pairs(self) -> tuple[np.ndarray, np.ndarray]:
        """The published convention: a treated patient repeated once per control of its set, and where the set has
        several treated every one of them so. Returns rows (case, control)."""
        case, control = self.pair_positions()
        return self.row[case], self.row[control]

    @property
    def n_pairs(self) -> int:
        """Pairs of the published convention."""
        return int((self.n_treated_of * self.n_controls_of).sum())

    @property
    def too_many_pairs(self) -> bool:
        """Whether large sets with several treated make more pairs than are worth listing; never with one treated."""
        return self.n_pairs > MOST_PAIRS and not self.one_treated

    @property
    def n_controls(self) -> int:
        """Distinct controls; with overlapping sets fewer than the pairs."""
        return int(np.count_nonzero(np.bincount(self.row[~self.treated])))

    @property
    def n_treated(self) -> int:
        """Distinct treated patients."""
        return int(np.count_nonzero(np.bincount(self.row[self.treated])))


def complete_sets(row: np.ndarray, set_id: np.ndarray, treated: np.ndarray) -> Blocks:
    """The sets that hold at least one treated patient and one control; a patient listed twice in a set counts once.

    row, set_id, treated: (k,), one entry per listed patient and set, in any order; leave out patients without the
        outcome. treated is bool and constant for a patient within a set.
    Sets without a treated patient, or without a control, are left out.
    """
    order = np.lexsort((row, ~treated, set_id))
    row, set_id, treated = row[order], set_id[order], treated[order]
    fresh = np.ones(len(row), dtype=bool)
    fresh[1:] = (row[1:] != row[:-1]) | (set_id[1:] != set_id[:-1])
    row, set_id, treated = row[fresh], set_id[fresh], treated[fresh]
    labels, index, sizes = np.unique(set_id, return_inverse=True, return_counts=True)
    n_treated = np.bincount(index[treated], minlength=len(labels))
    keep = (n_treated > 0) & (n_treated < sizes)
    return Blocks(row[keep[index]], sizes[keep], n_treated[keep], labels[keep])
