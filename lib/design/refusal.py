"""The limits of full matching, and the sentence for those that cannot be kept: what to change, and to which value."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from ..errors import EstimationError
from ..words import counted
from .arcs import Arcs
from .omitted import fraction_for

FEWEST = -1
FREE: dict[str, int | None] = {"omit": 0, "min_controls": 1, "max_controls": None, "max_treated": None}
KEYS = {"omit": "omit_fraction"}  # what the setting is called in a spec
WORDS = {"min_controls": "at most", "max_controls": "at least", "max_treated": "at least"}


class LimitsError(EstimationError):
    """Limits that cannot be kept.  limit: the one setting that has to change ("" where another number does not settle
    it).  works: the nearest value with which, all else equal, a matching exists."""

    def __init__(self, message: str, hint: str, limit: str = "", works: int = 0) -> None:
        super().__init__(message, hint)
        self.limit, self.works = limit, works


def hardest(errors: list[LimitsError]) -> int:
    """Of the refusals of several groups the place of the one whose value works in all groups that the first one's
    setting stands in the way of."""
    first = errors[0]
    alike = [at for at, error in enumerate(errors) if error.limit and error.limit == first.limit]
    sign = -1 if first.limit == "min_controls" else 1
    return max(alike, key=lambda at: sign * errors[at].works, default=0)


class Limits(NamedTuple):
    """What every set must keep: controls of a treated, treated of a control (None: no limit), controls omitted."""

    min_controls: int = 1
    max_controls: int | None = None
    max_treated: int | None = None
    omit: int = 0  # FEWEST: as few as the other limits allow

    def changed_to(self, name: str, value: int | None) -> "Limits":
        """The limits with one of them changed."""
        changes: dict[str, Any] = {name: value}
        return self._replace(**changes)

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


def refusal(
    limits: Limits, sizes: tuple[int, int], feasible: Feasible, fewest: Fewest, other_way: str = ""
) -> LimitsError:
    """The error for limits that cannot be kept.

    It names one limit and the value nearest to the one asked for with which, all else equal, a matching exists; where
    no single limit is enough, several of them. Every value named was tried.
    other_way: what else could be done, after the settings in the hint.
    """
    asked = [name for name in FREE if getattr(limits, name) != FREE[name]]
    for name in [*asked, "omit"]:
        value = _nearest_value(limits, name, sizes, feasible, fewest)
        if value is not None:
            return _error(limits, limits.changed_to(name, value), sizes[1], other_way)
    relaxed, changed = limits, list[str]()
    while not feasible(relaxed):
        changed.append(asked[len(changed)])
        relaxed = relaxed.changed_to(changed[-1], FREE[changed[-1]])
    for name in reversed(changed):
        back = relaxed.changed_to(name, getattr(limits, name))
        value = getattr(limits, name) if feasible(back) else _nearest_value(back, name, sizes, feasible, fewest)
        relaxed = relaxed.changed_to(name, value)
    return _error(limits, relaxed, sizes[1], other_way)


def _nearest_value(limits: Limits, name: str, sizes: tuple[int, int], feasible: Feasible, fewest: Fewest) -> int | None:
    """The value of one limit nearest to the present one that the others allow; None: no value helps."""
    present = getattr(limits, name)
    works = {"omit": fewest(limits) if name == "omit" else None, "min_controls": 1}
    works |= {"max_controls": sizes[1], "max_treated": sizes[0]}
    good = works[name]
    if good is None or present is None or not feasible(limits.changed_to(name, good)):
        return None
    bad = present
    while abs(good - bad) > 1 and (name != "omit" or good < present):
        middle = (good + bad) // 2
        good, bad = (middle, bad) if feasible(limits.changed_to(name, middle)) else (good, middle)
    return good


def _error(asked: Limits, works: Limits, usable: int, other_way: str) -> LimitsError:
    """Says what to change from `asked` to `works`. usable: controls with a permitted arc."""
    changed = [name for name in FREE if getattr(asked, name) != getattr(works, name)]
    parts = [_part(name, getattr(asked, name), getattr(works, name), usable) for name in changed]
    sets = [f"`{KEYS.get(name, name)}` to {_said(name, getattr(works, name), usable)}" for name in changed]
    one = changed[0] if len(changed) == 1 and changed[0] != "omit" else ""
    return LimitsError(
        f"No full matching uses everyone within these limits: {' and '.join(parts)}.",
        f"Set {' and '.join(sets)}{other_way}.",
        one,
        getattr(works, one) if one else 0,
    )


def _part(name: str, asked: int | None, works: int | None, usable: int) -> str:
    word = WORDS.get(name) or ("at most" if (works or 0) < (asked or 0) else "at least")
    said = f"{word} {_said(name, works, usable)}, not {_said(name, asked, usable)}"
    return f"`{KEYS.get(name, name)}` must be {said}"


def _said(name: str, value: int | None, usable: int) -> str:
    if value is None:
        return "no limit"
    return f"{fraction_for(value, usable)} ({counted(value, 'control')})" if name == "omit" and value else str(value)
