"""What a script needs to repeat a match from matched.csv: where its columns stand there, and the numbers to meet."""

import csv
import io
import math
import re
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from ..io import write_csv
from ..spec import AnalysisSpec
from ..steps import Steps
from .files import MATCH_COLUMNS, matched_frame

BLANKS = re.compile("[ \t\n\r\f\v]+")


@dataclass(frozen=True)
class Factor:
    """A column of levels.  at: its place in matched.csv, from 0.  texts: what stands there for each level, reference
    first; blanks as one space, since programs read line ends differently.  levels: the same as balance.csv has them."""

    at: int
    texts: tuple[str, ...]
    levels: tuple[str, ...]


@dataclass(frozen=True)
class Facts:
    """One match, as a script repeats it.

    heads: names of the columns of matched.csv as written there.  treatment: its place and the texts of the treated.
    numbers: place and whether logged, by covariate; factors: by covariate. Both in the order of the covariates.
    exact: places.  limited: place and largest difference, in SD or own units, of covariate calipers.
    own: place of each of MATCH_COLUMNS.
    """

    heads: tuple[str, ...]
    treatment: tuple[int, tuple[str, ...]]
    covariates: tuple[str, ...]
    numbers: dict[str, tuple[int, bool]]
    factors: dict[str, Factor]
    exact: tuple[int, ...]
    limited: tuple[tuple[int, float, bool], ...]
    own: dict[str, int]

    @property
    def ambiguous(self) -> bool:
        """Whether blanks alone tell two levels of a factor apart, which not every program reads alike."""
        return any(len(set(factor.texts)) < len(factor.texts) for factor in self.factors.values())


def facts_of(steps: Steps) -> Facts:
    """Read off the file itself, so that what a spreadsheet-safe writer changed is known."""
    cohort, spec = steps.cohort, steps.used[1]
    frame = matched_frame(cohort, steps.score, steps.comparison)
    heads, *lines = csv.reader(io.StringIO(write_csv(frame).decode(), newline=""))
    places = places_of(cohort.eligible)

    def cells(name: str) -> list[str]:
        return [squashed(line[places[name]]) for line in lines]

    texts = cells(spec.columns.treatment)
    treated = tuple(sorted({text for text, arm in zip(texts, cohort.treated.tolist(), strict=True) if arm}))
    factors = {
        str(name): _factor(places[str(name)], cells(str(name)), column)
        for name, column in cohort.covariates.items()
        if isinstance(column.dtype, pd.CategoricalDtype)
    }
    return Facts(
        heads=tuple(heads),
        treatment=(places[spec.columns.treatment], treated),
        covariates=tuple(map(str, cohort.covariates.columns)),
        numbers={
            name: (places[name], name in spec.columns.log) for name in spec.columns.covariates if name not in factors
        },
        factors=factors,
        exact=tuple(places[name] for name in spec.matching.exact),
        limited=tuple((places[name], one.width, one.unit == "sd") for name, one in spec.matching.calipers.items()),
        own={name: len(heads) - len(MATCH_COLUMNS) + number for number, name in enumerate(MATCH_COLUMNS)},
    )


def places_of(eligible: pd.DataFrame) -> dict[str, int]:
    """Where each column of the file stands in matched.csv, from 0."""
    return {str(name): place for place, name in enumerate(eligible.columns)}


def squashed(text: str) -> str:
    """Blanks and line ends as one space, none at the ends, no NUL: what every program reads alike."""
    return BLANKS.sub(" ", text.replace("\0", "")).strip(" ")


def _factor(at: int, cells: list[str], column: pd.Series) -> Factor:
    codes = column.cat.codes.to_numpy()
    levels = [str(level) for level in column.cat.categories]
    first = [int(np.flatnonzero(codes == code)[0]) if (codes == code).any() else -1 for code in range(len(levels))]
    texts = tuple(squashed(level) if row < 0 else cells[row] for row, level in zip(first, levels, strict=True))
    return Factor(at, texts, tuple(levels))


def match_only(steps: Steps, facts: Facts) -> dict[str, Any]:
    """The spec of the match alone, for matched.csv: everything before it (rows of the file, derived columns, limits,
    eligibility, landmark) is done in that file, and outcomes are not compared."""
    spec, cohort = steps.used[1], steps.cohort
    heads = facts.heads
    names = {name: heads[place] for name, place in places_of(cohort.eligible).items()}
    columns = spec.columns
    return {
        "version": spec.version,
        "columns": {
            "id": None if columns.id is None else names[columns.id],
            "treatment": names[columns.treatment],
            "treated_value": facts.treatment[1][0],
            "covariates": [names[name] for name in columns.covariates],
            "categorical": [names[name] for name in facts.factors],
            "log": [names[name] for name in columns.log],
            "repeated_ids": columns.repeated_ids if columns.id is not None else "stop",
            "identifiers": [names[name] for name in columns.identifiers if name in names],
        },
        "propensity": spec.propensity.model_dump(mode="json"),
        "matching": _renamed(spec, names),
        "seed": spec.seed,
    }


def _renamed(spec: AnalysisSpec, names: dict[str, str]) -> dict[str, Any]:
    own = spec.matching.model_dump(mode="json")
    own["exact"] = [names[name] for name in spec.matching.exact]
    if spec.matching.calipers:
        own["covariate_calipers"] = {names[name]: one for name, one in own["covariate_calipers"].items()}
    if spec.matching.set_column is not None:
        own["subclass"] = names[spec.matching.set_column]
    return own


def finite(value: float) -> float | None:
    """None for what no number is."""
    return float(value) if math.isfinite(value) else None
