"""The methods side by side before any outcome is seen: how alike the groups get, whom it costs, what a p by set will
rest on."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np

from ..balance.table import mirrored
from ..design import METHODS, MethodSettings
from ..design.methods import name_of, switched
from ..design.weights import Weights
from ..errors import AnalysisError
from ..spec import AnalysisSpec

if TYPE_CHECKING:
    from ..balance import BalanceTable
    from ..steps import Steps

ELSEWHERE = "given"  # sets made elsewhere are no choice to be made here, only what others are held against


@dataclass(frozen=True)
class Candidate:
    """A method with what it takes of the settings in use.  kind: of weights, else "".  current: the one in use."""

    name: str
    kind: str
    spec: AnalysisSpec
    current: bool


@dataclass(frozen=True)
class Tried:
    """What a candidate gives.

    matched_treated, matched_control: different patients.  ess_control: how many equally weighted controls they are
    worth.  worst, mean: |SMD| over the covariates after matching, NaN without one, a factor of two levels counted once.
    typical, largest: odds of treatment inside the sets, as OddsInsideSets; NaN where there are no sets that are apart.
    seconds: to make the comparison alone, cohort and score given.  error: why it cannot be made, "" where it can; then
    all numbers are 0 or NaN."""

    candidate: Candidate
    matched_treated: int = 0
    matched_control: int = 0
    ess_control: float = float("nan")
    worst: float = float("nan")
    mean: float = float("nan")
    typical: float = float("nan")
    largest: float = float("nan")
    seconds: float = float("nan")
    error: str = ""


def candidates(spec: AnalysisSpec) -> tuple[Candidate, ...]:
    """Every method and every kind of weights, in the order of METHODS; sets made elsewhere only where in use."""
    own = spec.matching
    return tuple(
        Candidate(name, kind, spec if settings == own else spec.replace(matching=settings), settings == own)
        for name, kind, settings in _settings(spec)
    )


def _settings(spec: AnalysisSpec) -> Iterator[tuple[str, str, MethodSettings]]:
    own = spec.matching
    for name in METHODS:
        if name == ELSEWHERE and name_of(own) != ELSEWHERE:
            continue
        settings = own
        if name_of(own) != name:
            settings = spec.replace(matching=switched(name, own.model_dump(mode="json"))).matching
        if isinstance(settings, Weights):
            for kind in get_args(Weights.model_fields["kind"].annotation):
                yield name, kind, settings.model_copy(update={"kind": kind})
        else:
            yield name, "", settings


def tried(steps: "Steps", candidate: Candidate) -> Tried:
    """One candidate on the cohort of `steps`. Reads covariates and treatment, never an outcome.

    Raises what the cohort raises; whatever else stands in the way is the candidate's own `error`."""
    other, _ = steps.other(candidate.spec), steps.cohort
    try:
        _ = other.score if candidate.spec.matching.needs_score else None
        begun = time.perf_counter()
        made = other.comparison
        seconds = time.perf_counter() - begun
        balance = other.balance
    except AnalysisError as error:
        return Tried(candidate, error=str(error))
    odds = other.odds_inside_sets
    worst, mean = _differences(balance)
    return Tried(
        candidate,
        made.n_matched(True),
        made.n_matched(False),
        made.effective_sample_size(False),
        worst,
        mean,
        float("nan") if odds is None else odds.typical,
        float("nan") if odds is None else odds.largest,
        seconds,
    )


def _differences(balance: "BalanceTable") -> tuple[float, float]:
    """The worst and the mean |SMD| of the covariates that have one."""
    rows = balance.rows
    if rows.empty:
        return float("nan"), float("nan")
    size = rows.loc[~mirrored(rows), "smd_after"].to_numpy(float)
    size = np.abs(size[~np.isnan(size)])
    return (float(size.max()), float(size.mean())) if len(size) else (float("nan"), float("nan"))
