"""Everything of the Robust? page but the grid, in one result: bounds, E-values, tipping points, unknown outcomes,
negative controls, fragility of the match and the map of designs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from ..cohort import Cohort
from ..errors import AnalysisError
from ..inference.results import OutcomeResult
from ..spec import AnalysisSpec, Outcome
from ..steps import Steps
from ..table import Table
from .design_map import DesignMap, design_map
from .doubted import Doubted, doubted
from .e_value import EValue, e_values
from .fragility import Fragility, fragility
from .hidden_bias import HiddenBias, hidden_bias
from .left_out import LeftOut, left_out
from .missing_outcomes import MissingOutcomes, missing_outcomes
from .negative_control import NegativeControl
from .tipping import Tipping, outcome_tipping

T = TypeVar("T")
GIVEN = "The sets were made elsewhere, so there is no other match to compare them with."


@dataclass(frozen=True)
class OutcomeSensitivity:
    """One outcome. What cannot be made is the sentence that says why. tipping: by set, then as published."""

    name: str
    kind: str
    hidden_bias: HiddenBias | str
    e_values: tuple[EValue, ...]
    tipping: tuple[Tipping, Tipping] | str
    missing: MissingOutcomes | str


@dataclass(frozen=True)
class WholeSensitivity:
    """fragility, designs, left_out, doubted: the sentence that says why where there is none.

    person_id: object (N,), text ids of the eligible patients, whose rows fragility names; None for those who are not
        analysed."""

    spec: AnalysisSpec
    outcomes: tuple[OutcomeSensitivity, ...]
    negative_controls: tuple[NegativeControl, ...]
    fragility: Fragility | str
    designs: DesignMap | str
    left_out: LeftOut | str
    doubted: Doubted | str
    person_id: np.ndarray


def whole_sensitivity(table: Table, spec: AnalysisSpec) -> WholeSensitivity:
    """Raises what the main analysis raises."""
    main = Steps(table, spec)
    outcomes = tuple(_outcome(main, asked, made) for asked, made in zip(spec.outcomes, main.outcomes, strict=True))
    given = spec.matching.method == "given"
    return WholeSensitivity(
        spec,
        outcomes,
        main.negative_controls,
        GIVEN if given else _or_why(lambda: fragility(main)),
        GIVEN if given else _or_why(lambda: design_map(main)),
        _or_why(lambda: left_out(main)),
        _or_why(lambda: doubted(main)),
        _ids(main.cohort),
    )


def _outcome(main: Steps, asked: Outcome, made: OutcomeResult) -> OutcomeSensitivity:
    cohort, sample = main.cohort, main.comparison
    return OutcomeSensitivity(
        asked.name,
        asked.kind,
        _or_why(lambda: hidden_bias(cohort, sample, asked)),
        e_values(made),
        _or_why(lambda: outcome_tipping(cohort, sample, asked)),
        _or_why(lambda: missing_outcomes(cohort, sample, asked)),
    )


def _or_why(make: Callable[[], T]) -> T | str:
    try:
        return make()
    except AnalysisError as error:
        return str(error)


def _ids(cohort: Cohort) -> np.ndarray:
    ids = np.full(len(cohort.eligible_treated), None, dtype=object)
    ids[cohort.rows] = cohort.person_id
    return ids
