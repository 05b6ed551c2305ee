"""Settings of a specification grid in words: the names of axes, and of values along them."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

AXES = {
    "matching.ratio": "Ratio",
    "matching.caliper": "Caliper",
    "matching.caliper_sd": "SD of the caliper",
    "matching.method": "Method",
    "matching.metric": "Metric",
    "matching.order": "Order",
    "matching.replace": "Replacement",
    "matching.discard": "Left out",
    "matching.exact": "Exact match",
    "propensity.model": "Model",
    "propensity.distance": "Scale",
    "columns.covariates": "Covariates",
    "columns.log": "Log scale",
    "seed": "Seed",
}
VALUES = {
    ("propensity.model", "logit"): "maximum likelihood",
    ("propensity.model", "firth"): "Firth",
    ("propensity.distance", "logit"): "logit",
    ("propensity.distance", "probability"): "probability",
}
LIST_LENGTH = 3  # names of a list shown before it is only counted


def axis_name(path: str) -> str:
    """ "Ratio" for "matching.ratio"; an unknown path as it stands."""
    return AXES.get(path, path)


def value_words(path: str, values: Sequence[Any], names: Mapping[str, str] | None = None) -> list[str]:
    """A label for each value along one axis.  names: column -> words, else the column's own name."""
    names = names or {}
    if path == "columns.covariates":
        return _covariate_sets([[names.get(name, name) for name in value] for value in values])
    return [_value(path, value, names) for value in values]


def _value(path: str, value: Any, names: Mapping[str, str]) -> str:
    if value is None or (isinstance(value, float) and np.isnan(value)):
        return "none"
    if path == "matching.ratio":
        return f"1:{value}"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, (list, tuple)):
        return _listed([names.get(str(name), str(name)) for name in value])
    if isinstance(value, float):
        return f"{value:g}"
    return VALUES.get((path, value), str(value))


def _listed(value: Sequence[str]) -> str:
    if not value:
        return "none"
    return ", ".join(value) if len(value) <= LIST_LENGTH else f"{len(value)} named"


def _covariate_sets(values: Sequence[Sequence[str]]) -> list[str]:
    """Each set by what it lacks of all covariates named, when that is shorter."""
    everything = list(dict.fromkeys(name for names in values for name in names))
    made = []
    for names in values:
        lacking = [name for name in everything if name not in names]
        if not lacking:
            made.append(f"all {len(everything)}")
        elif len(lacking) <= min(2, len(names)):
            made.append(f"without {' and '.join(lacking)}")
        else:
            made.append(_listed(names) if len(names) <= LIST_LENGTH else f"{len(names)} of {len(everything)}")
    return made
