"""The limits of full matching, and the sentence for those that cannot be kept: what to change, and to which value."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from ..errors import EstimationError
from .arcs import Arcs

FREE = {"omit": 0, "min_controls": 1, "max_controls": None, "max_treated": None}
WORDS = {"min_controls": "at most", "max_controls": "at least", "max_treated": "at least"}


class Limits(NamedTuple):
    """What every set must keep: controls of a treated, treated of a control (None: no limit), controls omitted."""

    min_controls: int = 1
    max_controls: int | None = None
    max_treated: int | None = None
    omit: int = 0

    def bounds(self, sizes: tuple[int, int]) -> tuple[int, int, int]:
        """Least and most controls of a treated and most treated of a control, as numbers."""
        most_controls = sizes[1] if self.max_controls is None else min(self.max_controls, sizes[1])
        most_treated = sizes[0] if self.max_treated is None else min(self.max_treated, sizes[0])
        return self.min_controls, most_controls, 1 if self.min_controls > 1 else most_treated

    def kept_by(self, pairs: Arcs, sizes: tuple[int, int]) -> bool:
        """Whether a cover of everyone keeps them."""
        least, most, shared = self.bounds(sizes)
        treated = np.bincount(pairs.treated, minlength=sizes[0])
        control = np.bincount(pairs.control, minlength=sizes[1])
        return not self.omit and treated.min() >= least and treated.max() <= most and control.max() <= shared


Feasible = Callable[[Limits], bool]
Fewest = Callable[[Limits], int | None]


def refusal(limits: Limits, sizes: tuple[int, int], feasible: Feasible, fewest: Fewest) -> EstimationError:
    """The error for limits that cannot be kept.

    It names one limit and the value nearest to the one asked for with which, all else equal, a matching exists; where
    no single limit is enough, several of them. Every value named was tried.
    """
    asked = [name for name in FREE if getattr(limits, name) != FREE[name]]
    for name in [*asked, "omit"]:
        value = _nearest_value(limits, name, sizes, feasible, fewest)
        if value is not None:
            return _error(limits, limits._replace(**{name: value}))
    relaxed, changed = limits, []
    while not feasible(relaxed):
        changed.append(asked[len(changed)])
        relaxed = relaxed._replace(**{changed[-1]: FREE[changed[-1]]})
    for name in reversed(changed):
        back = relaxed._replace(**{name: getattr(limits, name)})
        value = getattr(limits, name) if feasible(back) else _nearest_value(back, name, sizes, feasible, fewest)
        relaxed = relaxed._replace(**{name: value})
    return _error(limits, relaxed)


def _nearest_value(limits: Limits, name: str, sizes: tuple[int, int], feasible: Feasible, fewest: Fewest) -> int | None:
    """The value of one limit nearest to the present one that the others allow; None: no value helps."""
    present = getattr(limits, name)
    works = {"omit": fewest(limits) if name == "omit" else None, "min_controls": 1}
    works |= {"max_controls": sizes[1], "max_treated": sizes[0]}
    good = works[name]
    if good is None or present is None or not feasible(limits._replace(**{name: good})):
        return None
    bad = present
    while abs(good - bad) > 1 and (name != "omit" or good < present):
        middle = (good + bad) // 2
        good, bad = (middle, bad) if feasible(limits._replace(**{name: middle})) else (good, middle)
    return good


def _error(asked: Limits, works: Limits) -> EstimationError:
    """Says what to change from `asked` to `works`."""
    changed = [name for name in FREE if getattr(asked, name) != getattr(works, name)]
    parts = [_part(name, getattr(asked, name), getattr(works, name)) for name in changed]
    return EstimationError(
        f"No full matching uses everyone within these limits: {' and '.join(parts)}.",
        f"Set {' and '.join(f'`{name}` to {_said(getattr(works, name))}' for name in changed)}, or widen the caliper.",
    )


def _part(name: str, asked: int | None, works: int | None) -> str:
    word = WORDS.get(name) or ("at most" if works < asked else "at least")
    return f"`{name}` must be {word} {_said(works)}, not {_said(asked)}"


def _said(value: int | None) -> str:
    return "no limit" if value is None else str(value)
