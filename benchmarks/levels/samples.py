"""Matched samples of one size and shape, without a cohort around them."""

from dataclasses import dataclass
from functools import cached_property
from math import prod

import numpy as np
import pandas as pd

from lib.design import Comparison, Sets
from lib.design.comparison import membership_of, set_weights
from lib.inference.frame import Frame

VARIABLE = (1, 2, 3, 4)  # controls of one set after the other, where the ratio is variable
SHAPES = {"1:1": (1,), "1:2": (2,), "1:3": (3,), "1:4": (4,), "1 to 4": VARIABLE}


@dataclass(frozen=True)
class Sample:
    """`sets` sets, one treated patient each; `shape` of SHAPES tells how many controls."""

    sets: int
    shape: str

    @cached_property
    def controls(self) -> np.ndarray:
        """int (S,): of each set."""
        return np.resize(np.array(SHAPES[self.shape]), self.sets)

    @cached_property
    def set_of(self) -> np.ndarray:
        """int (n,): the set of every patient; the treated first."""
        return np.concatenate([np.arange(self.sets), np.repeat(np.arange(self.sets), self.controls)])

    @property
    def ways(self) -> int:
        """In how many ways the labels can be moved."""
        return prod((self.controls + 1).tolist())

    @cached_property
    def treated(self) -> np.ndarray:
        """bool (n,)."""
        return np.arange(len(self.set_of)) < self.sets

    @cached_property
    def comparison(self) -> Comparison:
        """As the library matches, all patients in sets."""
        case, n = np.repeat(np.arange(self.sets), self.controls), len(self.treated)
        pick = np.concatenate([np.arange(1, k + 1) for k in self.controls])
        units = Sets(membership_of(case, np.arange(self.sets, n), pick), self.treated)
        nothing = pd.DataFrame({"row": np.zeros(0, dtype=int), "reason": np.zeros(0, dtype=object)})
        return Comparison(units, set_weights(units), np.full(n, np.nan), np.zeros(n, dtype=bool), nothing)

    @cached_property
    def frame(self) -> Frame:
        """What tests and effects read."""
        return Frame.of(np.arange(len(self.treated)), self.comparison, 1, np.zeros((len(self.treated), 0)))
