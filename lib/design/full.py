"""Optimal full matching: every patient with a permitted partner stands in a set, and the sets are as alike as can be.

A set is a star: one treated patient with controls, or one control with treated patients (Rosenbaum 1991, JRSSB 53:597).
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypedDict

import numpy as np
import pandas as pd
from pydantic import Field, model_validator

from ..words import counted
from .checks import SetRules, recheck
from .comparison import Comparison, Sets, membership_of_labels, set_weights
from .cover import cover_pairs
from .line import full_pairs
from .lost import losses_of, nobody_in_reach
from .method import CALIPER, Axis, Method, caliper_line
from .notes import losses_note, support_note, told, unequal_sets_note
from .omitted import omitted_of
from .pools import MakePool, placed, pool_maker
from .refusal import LimitsError, hardest
from .rules import Rules, make_rules
from .settings import DistanceSettings
from .strata import by_stratum, fence_of, limits_of

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel


NOBODY = np.zeros(0, dtype=int)


class Full(DistanceSettings):
    """`min_controls`, `max_controls`: of a treated patient (None: no limit).  `max_treated`: of a control that serves
    several (None: no limit).  `omit_fraction`: share of the usable controls that is left out, rounded down in each
    exact group. From two controls on nobody shares a control, so `max_treated` is then 1."""

    method: Literal["full"] = "full"
    min_controls: int = Field(default=1, ge=1)
    max_controls: int | None = Field(default=None, ge=1)
    max_treated: int | None = Field(default=None, ge=1)
    omit_fraction: float = Field(default=0.0, ge=0, lt=1)

    @model_validator(mode="after")
    def _in_order(self) -> "Full":
        if self.max_controls is not None and self.max_controls < self.min_controls:
            raise ValueError("`matching.max_controls` must not be below `matching.min_controls`.")
        if self.min_controls > 1 and (self.max_treated or 1) > 1:
            raise ValueError(
                "`matching.max_treated` must be 1 when `matching.min_controls` is 2 or more: who has several controls "
                "shares none."
            )
        return self

    @property
    def most_treated(self) -> float:
        """Of one control."""
        if self.min_controls > 1:
            return 1
        return np.inf if self.max_treated is None else self.max_treated


def match_full(cohort: "Cohort", score: "PropensityModel", settings: Full, seed: int) -> Comparison:
    """The least sum of treated-control distances in which every usable patient stands in a set: a minimum-weight edge
    cover (on the propensity distance lib.design.line, else lib.design.cover). Nothing is random.

    Raises EstimationError when nobody can be used, and for limits that cannot be met: the limit and the nearest that
    works are named.
    """
    rules = make_rules(cohort, score, settings)
    place, position = placed(cohort, rules, settings)
    left_out, make_pool = np.zeros(cohort.n, dtype=bool), pool_maker(cohort, rules, settings)
    asked = _Asked(rules, settings, make_pool, position, place, cohort.matching_columns[list(settings.exact)])
    case, control = _covers(asked, left_out)
    if not len(case):
        raise nobody_in_reach(rules, settings, make_pool)
    units = Sets(membership_of_labels(star_labels(case, control, cohort.n), rules.treated), rules.treated)
    losses = losses_of(rules, np.unique(case), make_pool)
    made = Comparison(
        units=units,
        weights=set_weights(units),
        distance=rules.distance,
        discarded=rules.discarded,
        losses=losses,
        caliper_width=rules.caliper_width,
        notes=told(
            support_note(rules.discarded, rules.treated),
            losses_note(units, losses),
            _omitted(int(left_out.sum())),
            unequal_sets_note(units),
        ),
    )
    most = np.inf if settings.max_controls is None else settings.max_controls
    recheck(made, rules, SetRules(most, settings.min_controls, settings.most_treated))
    return made


class _Limits(TypedDict):
    min_controls: int
    max_controls: int | None
    max_treated: int | None


@dataclass(frozen=True)
class _Asked:
    """What every stratum shares. position: float (n, d).  place: float (n,), the distance where one line decides.
    groups: DataFrame (n, .), the exact columns."""

    rules: Rules
    settings: Full
    make_pool: MakePool
    position: np.ndarray
    place: np.ndarray | None
    groups: pd.DataFrame

    def edges(self, rows: np.ndarray, omit: int) -> tuple[np.ndarray, np.ndarray]:
        """Places among `rows` of the treated and the control of every edge, `omit` usable controls left out."""
        rules, settings, treated = self.rules, self.settings, self.rules.treated[rows]
        own = settings.min_controls, settings.max_controls, settings.max_treated
        limits = _Limits(min_controls=own[0], max_controls=own[1], max_treated=own[2])
        if self.place is not None:
            return full_pairs(self.place[rows], treated, **limits, omit=omit, width=rules.width)
        within, fence = limits_of(rules, rows), fence_of(rules, rows)
        return cover_pairs(self.position[rows], treated, **limits, omit=omit, allowed=within, fence=fence)


def _covers(asked: _Asked, left_out: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Rows of the treated and the control of every edge. Limits are tried in every exact group, so that the value named
    works in all of them."""
    refused: list[tuple[int, LimitsError]] = []

    def edges(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        try:
            return _stars(asked, rows, left_out)
        except LimitsError as error:
            refused.append((rows[0], error))
            return NOBODY, NOBODY

    found = by_stratum(asked.rules, edges)
    if refused:
        row, error = refused[hardest([error for _, error in refused])]
        raise _of_group(asked.groups.iloc[row], error)
    return found


def _of_group(levels: pd.Series, error: LimitsError) -> LimitsError:
    """The refusal with the name of its exact group."""
    if levels.empty:
        return error
    where = " and ".join(f'"{name}" is "{level}"' for name, level in levels.items())
    sentence = str(error)
    return LimitsError(f"Where {where}: {sentence[0].lower()}{sentence[1:]}", error.hint, error.limit, error.works)


def _stars(asked: _Asked, rows: np.ndarray, left_out: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The edges of one stratum. left_out: bool (n,), set for the controls that are omitted."""
    if not asked.settings.omit_fraction:
        return asked.edges(rows, 0)
    usable = usable_controls(asked.make_pool, rows, asked.rules.treated[rows])
    case, control = asked.edges(rows, omitted_of(asked.settings.omit_fraction, int(usable.sum())))
    usable[control] = False
    left_out[rows[usable]] = True
    return case, control


def usable_controls(make_pool: MakePool, rows: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """bool, one for each of `rows`: controls with a treated patient inside every caliper.  treated: bool, of `rows`."""
    usable = np.zeros(len(rows), dtype=bool)
    others = make_pool(rows[~treated], rows[treated])  # the pool asked the other way round
    usable[~treated] = others.reachable(np.arange(int((~treated).sum())))
    return usable


def star_labels(case: np.ndarray, control: np.ndarray, n: int) -> np.ndarray:
    """int (n,): the star of each patient, -1 for who is in none.  case, control: rows (p,) of edges that form stars."""
    shared = np.bincount(control, minlength=n) > 1
    centre = np.where(shared[control], control, case)
    label = np.full(n, -1)
    label[case], label[control] = centre, centre
    number = np.cumsum(np.bincount(centre, minlength=n) > 0) - 1
    return np.where(label < 0, -1, number[label])


def _omitted(controls: int) -> str:
    return f"{counted(controls, 'usable control')} left out, as `omit_fraction` asks." if controls else ""


def _most_words(value: int | None) -> str:
    return "any number of controls" if value is None else f"at most {counted(value, 'control')}"


MOST_CONTROLS = Axis("Most controls of a treated patient", (None, 1, 2, 3, 5, 10), _most_words)
METHOD = Method(
    "full",
    Full,
    match_full,
    "Full matching: everybody is used",
    "Every patient with somebody alike stands in a set: one treated patient with several controls, or one control with "
    "several treated patients. Nobody is lost, but the sets differ in size.",
    lambda settings: f"full, {_most_words(settings.max_controls)}, {caliper_line(settings)}",
    {"max_controls": MOST_CONTROLS, "caliper": CALIPER},
)
