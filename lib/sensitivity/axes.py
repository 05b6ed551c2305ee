"""The axes of a specification grid: dotted paths into the spec, each with its values; all combinations are run."""

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod
from typing import Any

import numpy as np

from ..design.methods import METHODS, taken_by
from ..errors import SpecError
from ..spec import AnalysisSpec

FREE = "matching.covariate_calipers"  # an object whose keys are columns of the file
METHOD = "matching.method"
FIXED = ("version", "sensitivity")
MATCH_ONLY = ("matching.", "propensity.distance")  # settings that neither the cohort nor the fit reads ...
NOT_MATCH_ONLY = ("matching.exact", FREE)  # ... but these the cohort does

MOST_AXES = 50
MOST_EVER = 10_000_000  # combinations that a plan can hold, asked for or not

Values = tuple[Any, ...]


@dataclass(frozen=True)
class Plan:
    """A grid over a spec.  paths: the axes in order.  values: per axis its values.  prune: a covariate that a
    combination leaves out also leaves its `categorical` and `log` lists (else such a combination is an error)."""

    spec: AnalysisSpec
    paths: tuple[str, ...]
    values: tuple[Values, ...]
    prune: bool = False

    @property
    def size(self) -> int:
        """Combinations."""
        return prod(map(len, self.values))

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of the outcomes whose numbers are shown."""
        return tuple(outcome.name for outcome in self.spec.outcomes)

    def combination(self, position: int) -> Values:
        """The combination at a position of the grid, 0..size - 1: the last axis moves fastest."""
        return tuple(values[i] for values, i in zip(self.values, self.places(position), strict=True))

    def places(self, positions: np.ndarray | int) -> np.ndarray:
        """int (axes, n): for each axis, which of its values the combinations at these positions have."""
        return np.array(np.unravel_index(positions, tuple(map(len, self.values))))

    def sharing_order(self) -> np.ndarray:
        """int (size,): positions of all combinations, those that share the cohort and the propensity fit together."""
        positions = np.arange(self.size)
        places = zip(self.paths, self.places(positions), strict=True)
        keys = [place for path, place in places if _shapes_the_fit(path)]
        return np.lexsort([positions, *keys[::-1]])

    def settings(self, combination: Values) -> dict[str, Any]:
        """The combination's spec as plain settings, not validated yet."""
        made = self.spec.model_dump(mode="json")
        made["sensitivity"] = {"grid": {}}
        if METHOD in self.paths:
            made["matching"] = taken_by(combination[self.paths.index(METHOD)], made["matching"])
        for path, value in zip(self.paths, combination, strict=True):
            _put(made, path, copy.deepcopy(value))
        return _pruned(made) if self.prune else made

    def specification(self, combination: Values) -> AnalysisSpec:
        """The combination's spec. Raises SpecError when the settings conflict."""
        return AnalysisSpec.from_dict(self.settings(combination))


def plan_grid(spec: AnalysisSpec, prune: bool = False) -> Plan:
    """The grid of `sensitivity.grid`. Raises SpecError without an axis, for an axis without a value, for a path that
    leads nowhere in the spec, and for more than MOST_AXES settings or MOST_EVER combinations."""
    grid = spec.sensitivity.grid
    if not grid:
        raise SpecError(
            "`sensitivity.grid` names no setting, so there is nothing to vary.",
            'Add one, such as {"matching.ratio": [1, 2, 3]}.',
        )
    if len(grid) > MOST_AXES:
        raise SpecError(f"`sensitivity.grid` varies {len(grid):,} settings; {MOST_AXES} are enough.", "Name fewer.")
    plain = _with_settings_of(spec.model_dump(mode="json"), grid.get(METHOD, ()))
    for path, values in grid.items():
        if not values:
            raise SpecError(f"`sensitivity.grid` gives no value for `{path}`.", "Give it at least one, or remove it.")
        if path.split(".")[0] in FIXED or not _leads_somewhere(plain, path):
            raise SpecError(
                f"`{path}` in `sensitivity.grid` is not a setting of MatchLens.",
                'Write it as a path into the spec, such as "matching.ratio".',
            )
    clash = [path for path in grid for other in grid if other.startswith(f"{path}.")]
    if clash:
        raise SpecError(f"`sensitivity.grid` varies `{clash[0]}` and a part of it at once.", "Vary one of them.")
    plan = Plan(spec, tuple(grid), tuple(map(tuple, grid.values())), prune)
    if plan.size > MOST_EVER:
        raise SpecError(
            f"`sensitivity.grid` has more than {MOST_EVER:,} combinations, more than can ever be run.",
            "Give fewer values to some of its settings.",
        )
    return plan


def _with_settings_of(plain: dict[str, Any], methods: Sequence[Any]) -> dict[str, Any]:
    """The plain settings, and those that only other methods of the grid take."""
    fields = {key: None for name in methods if name in METHODS for key in METHODS[name].settings.model_fields}
    return plain | {"matching": fields | plain["matching"]}


def _steps(path: str) -> Sequence[str]:
    """A column's name may hold dots, so what follows the free object is one step."""
    if path.startswith(f"{FREE}."):
        column, *rest = _split_caliper(path.removeprefix(f"{FREE}."))
        return [*FREE.split("."), column, *rest]
    return path.split(".")


def _split_caliper(text: str) -> list[str]:
    for key in ("width", "unit"):
        if text.endswith(f".{key}"):
            return [text.removesuffix(f".{key}"), key]
    return [text]


def _leads_somewhere(node: Any, path: str) -> bool:
    steps = _steps(path)
    if path.startswith(f"{FREE}.") and len(steps) == len(FREE.split(".")) + 1:
        return bool(steps[-1])
    for step in steps:
        if isinstance(node, list):
            if not step.isdecimal() or int(step) >= len(node):
                return False
            node = node[int(step)]
        elif isinstance(node, dict) and step in node:
            node = node[step]
        else:
            return False
    return True


def lookup(settings: Any, path: str) -> Any:
    """The value at a path of plain settings; None where the free object lacks it."""
    for step in _steps(path):
        settings = settings[int(step)] if isinstance(settings, list) else settings.get(step)
        if settings is None:
            return None
    return settings


def _put(node: Any, path: str, value: Any) -> None:
    *inner, last = _steps(path)
    for step in inner:
        node = node[int(step)] if isinstance(node, list) else node[step]
    if isinstance(node, list):
        node[int(last)] = value
    else:
        node[last] = value


def _pruned(settings: dict[str, Any]) -> dict[str, Any]:
    columns = settings["columns"]
    for key in ("categorical", "log"):
        columns[key] = [name for name in columns[key] if name in columns["covariates"]]
    return settings


def _shapes_the_fit(path: str) -> bool:
    return path.startswith(NOT_MATCH_ONLY) or not path.startswith(MATCH_ONLY)
