"""Which settings the specification curve varies: a multiselect for each axis, in words."""

from typing import Any

import streamlit as st

from lib import design
from lib.design.nearest import Nearest
from lib.sensitivity.axes import lookup
from lib.sensitivity.fragility import without_covariate
from lib.words.settings import value_words
from pages.ui import session
from pages.ui.matching.choices import MODELS, ORDERS, SCALES
from pages.ui.matching.fields import name_of
from pages.ui.matching.settings import can_be_logged
from pages.ui.view import View

VALUES = {"ratio": (1, 2, 3, 4, 5), "caliper": (None, 0.1, 0.2, 0.3, 0.5, 1.0)}
METHODS = tuple(name for name in design.METHODS if name != "given")
NAMES = {
    "matching.ratio": "Ratio",
    "matching.caliper": "Caliper (SD)",
    "columns.covariates": "Covariates",
    "columns.log": "Logarithms",
    "propensity.model": "Model of the score",
    "propensity.distance": "Scale of the distance",
    "matching.order": "Who chooses first",
    "matching.method": "Method",
}
STARTS = {  # what is varied before anybody chooses, beside the main analysis itself
    "matching.ratio": (1, 2, 3),
    "matching.caliper": (None, 0.2),
    "propensity.model": ("logit", "firth"),
}
WIDE = "columns.covariates"  # has the longest names
TITLES = {name: method.title for name, method in design.METHODS.items()}
WORDS = {
    "propensity.model": MODELS,
    "propensity.distance": SCALES,
    "matching.order": ORDERS,
    "matching.method": TITLES,
}


def chosen_axes(view: View) -> dict[str, list[Any]]:
    """Paths and values, the spec's own value first offered; axes of one value are left out unless all are."""
    offered = options(view)
    start = starting(view, offered)

    st.markdown("**Settings to vary**")
    wide, (left, right) = st.container(), st.columns(2, gap="medium")
    made = {}
    for number, (path, values) in enumerate(offered.items()):
        place = wide if path == WIDE else (left, right)[number % 2]
        labels = in_words(view, path, values)
        made[path] = axis(title(view, path), path, values, labels, start[path], place)
    return made


def options(view: View) -> dict[str, list[Any]]:
    """The values offered on each axis, the main analysis's own among them."""
    spec = view.spec
    columns = spec.columns
    sets = [list(columns.covariates)]
    if len(sets[0]) > 1:
        sets += [list(without_covariate(columns, name).covariates) for name in columns.covariates]
    loggable = [c for c in columns.covariates if c not in columns.categorical and can_be_logged(view.table, c)]
    made: dict[str, list[Any]] = of_method(spec.matching.method) | {
        "columns.covariates": sets,
        "columns.log": [[], loggable] if loggable else [[]],
        "propensity.model": list(MODELS),
        "propensity.distance": list(SCALES),
        "matching.method": list(METHODS),
    }
    if isinstance(spec.matching, Nearest):
        made["matching.order"] = list(ORDERS)
    plain = spec.model_dump(mode="json")
    for path, values in made.items():
        own = lookup(plain, path)
        if own not in values:
            values.append(own)
    return {path: values for path, values in made.items() if len(values) > 1}


def starting(view: View, offered: dict[str, list[Any]]) -> dict[str, list[Any]]:
    """What is chosen first: the grid of a loaded spec, else STARTS and every covariate left out."""
    plain, grid = view.spec.model_dump(mode="json"), view.spec.sensitivity.grid
    made = {}
    for path, values in offered.items():
        own = lookup(plain, path)
        wanted = [list(v) if isinstance(v, (list, tuple)) else v for v in grid.get(path, STARTS.get(path, ()))]
        if path == "columns.covariates" and path not in grid:
            wanted = values
        made[path] = [value for value in values if value in wanted or value == own]
    return made


def of_method(name: str) -> dict[str, list[Any]]:
    """The settings worth varying of a method, each with its values."""
    return {f"matching.{key}": list(VALUES.get(key, axis.values)) for key, axis in design.METHODS[name].axes.items()}


def in_words(view: View, path: str, values: list[Any]) -> list[str]:
    """A label for each value of an axis: as its widget has them, as the method says them, else as the figure does."""
    if path in WORDS:
        return [WORDS[path].get(value, str(value)) for value in values]
    axes = design.METHODS[view.spec.matching.method].axes
    key = path.removeprefix("matching.")
    if path.startswith("matching.") and key in axes and key not in VALUES:
        return [axes[key].say(value) for value in values]
    names = {name: view.labels.column(name).name for name in view.spec.columns.covariates}
    return value_words(path, values, names)


def title(view: View, path: str) -> str:
    """The name of an axis."""
    method = design.METHODS[view.spec.matching.method]
    return NAMES.get(path) or name_of(method, path.removeprefix("matching."))


def axis(name: str, path: str, values: list[Any], labels: list[str], start: list[Any], place) -> list[Any]:
    """One multiselect.  labels: of the values."""
    places = place.multiselect(
        name,
        range(len(values)),
        default=[values.index(v) for v in start],
        wrap=True,
        format_func=labels.__getitem__,
        key=session.key(f"axis-{path}"),
        persist_state="session",
    )
    return [values[i] for i in places]
