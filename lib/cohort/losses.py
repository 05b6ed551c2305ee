"""What covariates with gaps cost: whom each keeps out alone and together, and what leaving some out brings back."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations
from typing import Literal

import numpy as np
import pandas as pd

from ..spec.parts import CohortPart
from ..table import Table
from .columns import require_columns
from .flow import screen

TRIED = 12  # columns up to which every choice to leave out is looked at; beyond it one after the other
Level = Literal["none", "note", "red"]


@dataclass(frozen=True)
class Cost:
    """What one column costs.  lacking: eligible patients without it, (treated, controls). alone: those of them who
    lack nothing else, so that leaving out this column alone brings them back."""

    column: str
    lacking: tuple[int, int]
    alone: tuple[int, int]


@dataclass(frozen=True)
class Choice:
    """Who is usable, (treated, controls), when these columns are left out."""

    left_out: tuple[str, ...]
    usable: tuple[int, int]


@dataclass(frozen=True)
class Losses:
    """The eligible against the usable, who have every covariate and every column that is matched on.

    eligible: (treated, controls).  columns: what is asked of a patient, in the spec's order (p of them).  patterns:
    bool (K, p), which columns are lacking together, each row once and with a gap.  counts: int (K, 2), the eligible
    treated and controls of each.
    """

    eligible: tuple[int, int]
    columns: tuple[str, ...]
    patterns: np.ndarray
    counts: np.ndarray

    @property
    def usable(self) -> tuple[int, int]:
        """(treated, controls) who lack nothing."""
        return self.eligible[0] - self.lost[0], self.eligible[1] - self.lost[1]

    @property
    def lost(self) -> tuple[int, int]:
        """(treated, controls) who lack something."""
        return self._sum(np.ones(len(self.patterns), dtype=bool))

    @property
    def level(self) -> Level:
        """ "red" where a treated patient is lost, "note" where only controls are, "none" where nobody is."""
        treated, control = self.lost
        return "red" if treated else "note" if control else "none"

    @cached_property
    def costs(self) -> tuple[Cost, ...]:
        """A Cost for each column with gaps: most treated lost first, then most controls, then in the spec's order."""
        single = np.asarray(self.patterns.sum(axis=1) == 1)
        found = [
            Cost(name, self._sum(gap), self._sum(gap & single))
            for name, gap in zip(self.columns, self.patterns.T, strict=True)
            if gap.any()
        ]
        return tuple(sorted(found, key=lambda cost: (-cost.lacking[0], -cost.lacking[1])))

    @cached_property
    def needed(self) -> Choice:
        """The fewest columns to leave out so that no treated patient is lost: all those that a treated patient lacks,
        since a patient with two gaps comes back only without both columns."""
        return self.without(self._of_treated())

    @cached_property
    def choices(self) -> tuple[Choice, ...]:
        """The best to leave out when it is one column, two, ... up to `needed`: most treated usable, then most
        controls, then the earlier columns. Every choice is looked at up to TRIED columns; beyond it each adds the best
        one to the choice before. Sizes that bring back no treated patient more than a smaller one are left out."""
        found: list[Choice] = []
        names, best = self._of_treated(), self.usable[0]
        made = self._exactly(names) if len(names) <= TRIED else self._one_by_one(names)
        for choice in made:
            if choice.usable[0] > best:
                found.append(choice)
                best = choice.usable[0]
        return tuple(found)

    def without(self, columns: tuple[str, ...]) -> Choice:
        """Who is usable when these columns are left out."""
        kept = np.array([name not in columns for name in self.columns], dtype=bool)
        treated, control = self._sum(np.asarray(self.patterns[:, kept].any(axis=1)))
        return Choice(columns, (self.eligible[0] - treated, self.eligible[1] - control))

    def _of_treated(self) -> tuple[str, ...]:
        gaps = np.asarray(self.patterns[self.counts[:, 0] > 0].any(axis=0))
        return tuple(name for name, gap in zip(self.columns, gaps, strict=True) if gap)

    def _exactly(self, names: tuple[str, ...]) -> Iterator[Choice]:
        for size in range(1, len(names) + 1):
            yield max(map(self.without, combinations(names, size)), key=lambda choice: choice.usable)

    def _one_by_one(self, names: tuple[str, ...]) -> Iterator[Choice]:
        out: tuple[str, ...] = ()
        while len(out) < len(names):
            more = [self.without((*out, name)) for name in names if name not in out]
            best = max(more, key=lambda choice: choice.usable)
            out = best.left_out
            yield Choice(tuple(name for name in names if name in out), best.usable)

    def _sum(self, patterns: np.ndarray) -> tuple[int, int]:
        treated, control = self.counts[patterns].sum(axis=0).tolist()
        return treated, control


def losses(table: Table, spec: CohortPart) -> Losses:
    """Who lacks what among the eligible patients of a table. Raises DataError when a column is absent or an arm is left
    without an eligible patient; none left usable is no error here."""
    require_columns(table.frame, spec)
    screened = screen(table.frame, spec)
    names = asked_of_patients(spec)
    treated = int(screened.treated.sum())
    return Losses(
        (treated, len(screened.treated) - treated),
        names,
        *patterns_of(table.frame, names, screened.rows, screened.treated),
    )


def asked_of_patients(spec: CohortPart) -> tuple[str, ...]:
    """The columns that a patient must have: covariates, then what else is matched on."""
    return tuple(dict.fromkeys([*spec.columns.covariates, *spec.exact, *spec.calipered]))


def gaps(frame: pd.DataFrame, names: tuple[str, ...], rows: np.ndarray) -> np.ndarray:
    """bool (len(rows), len(names)): where a column is missing."""
    found = np.zeros((len(rows), len(names)), dtype=bool)
    for place, name in enumerate(names):
        found[:, place] = frame[name].isna().to_numpy()[rows]
    return found


def patterns_of(
    frame: pd.DataFrame, names: tuple[str, ...], rows: np.ndarray, treated: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Losses.patterns and Losses.counts of these rows of the file.  treated: bool, an entry a row."""
    lacking = gaps(frame, names, rows)
    some = lacking.any(axis=1)
    if not some.any():
        return np.zeros((0, len(names)), dtype=bool), np.zeros((0, 2), dtype=int)
    patterns, of_row = np.unique(lacking[some], axis=0, return_inverse=True)
    by_arm = [np.bincount(of_row[treated[some] == arm], minlength=len(patterns)) for arm in (True, False)]
    return patterns, np.column_stack(by_arm)
