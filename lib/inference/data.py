"""One outcome of a matched sample as its tests and effects read it; each part is made when it is first asked for."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from ..design.comparison import Moves
from .cox import CoxFit
from .engine import Distribution
from .followed import Course, Followed
from .frame import Frame
from .laws import events_law
from .marginal import Arms
from .notes import Reason
from .sets import Blocks
from .stratified import SetCounts, set_counts
from .survival_effects import fit_cox
from .survival_permutation import PermutedLogrank, logrank_in_sets


@dataclass(frozen=True)
class ValueData:
    """A yes/no outcome or a number.  values: float (N,), every eligible patient, NaN unknown; events are 1.
    whole_treated: bool (N,).  design: the matched sample before outcomes.  moves: of the labels in the sets.
    worst: bool (N,), those without a value who count as worse than any value, None where nobody does.
    high_is_good: of a number, when anybody does."""

    values: np.ndarray
    whole_treated: np.ndarray
    design: Frame
    moves: Moves = "equal"
    worst: np.ndarray | None = None
    high_is_good: bool = True

    @cached_property
    def fitted(self) -> "ValueData":
        """The same with labels that move by the fitted odds."""
        return replace(self, design=self.frame, moves="fitted_odds")

    @property
    def quoted(self) -> "ValueData":
        """The same with the moves that are quoted."""
        return self.fitted if self.design.moves == "fitted_odds" else self

    @cached_property
    def frame(self) -> Frame:
        """The matched sample of this outcome."""
        return self.design.of_known(self.known)

    @cached_property
    def matched(self) -> np.ndarray:
        """float (n,): the values of the analysed patients."""
        return self.values[self.design.rows]

    @cached_property
    def known(self) -> np.ndarray:
        """bool (n,)."""
        return ~np.isnan(self.matched)

    @property
    def worst_matched(self) -> np.ndarray:
        """bool (n,): `worst` of the analysed patients."""
        return np.zeros(len(self.known), dtype=bool) if self.worst is None else self.worst[self.design.rows]

    @cached_property
    def blocks(self) -> Blocks:
        """The sets that are complete for this outcome."""
        return self.frame.moved(self.frame.blocks(self.known), self.moves)

    @cached_property
    def in_sets(self) -> np.ndarray:
        """float (m,): the values in block order."""
        return self.matched[self.blocks.row]

    @cached_property
    def arms(self) -> Arms:
        """The weighted arms with the default standard error."""
        return self.frame.arms(self.matched, self.known)

    @cached_property
    def counts(self) -> SetCounts:
        """Of a yes/no outcome."""
        return set_counts(self.in_sets, self.blocks)

    @cached_property
    def null(self) -> Distribution:
        """Of the treated patients with the event, when the labels move within the sets."""
        return events_law(self.in_sets == 1, self.blocks, self.counts)

    @property
    def observed(self) -> int:
        """Treated patients with the event in complete sets."""
        return int(self.counts.a.sum())


@dataclass(frozen=True)
class TimeData:
    """Times to an event.  course: of all N eligible patients, all their follow-up.  horizon: where the analysis ends,
    None for the last time at which both matched arms are followed.  whole_treated: bool (N,).
    design: the matched sample before outcomes.  causes: the event and those that compete with it.  moves: of the labels
    in the sets."""

    course: Course
    horizon: float | None
    whole_treated: np.ndarray
    design: Frame
    causes: int = 1
    moves: Moves = "equal"

    @cached_property
    def fitted(self) -> "TimeData":
        """The same with labels that move by the fitted odds."""
        return replace(self, design=self.frame, horizon=self.end, moves="fitted_odds")

    @property
    def quoted(self) -> "TimeData":
        """The same with the moves that are quoted."""
        return self.fitted if self.design.moves == "fitted_odds" else self

    @property
    def competing(self) -> bool:
        """Whether other events compete."""
        return self.causes > 1

    @cached_property
    def frame(self) -> Frame:
        """The matched sample of those whose time and end are known."""
        return self.design.of_known(self.course.known[self.design.rows])

    @cached_property
    def end(self) -> float:
        """The horizon."""
        return self.horizon or common_follow_up(self.course, self.frame)

    @cached_property
    def blocks(self) -> Blocks:
        """The sets that are complete for this outcome."""
        return self.frame.moved(self.frame.blocks(self.course.known[self.frame.rows]), self.moves)

    @cached_property
    def rows(self) -> np.ndarray:
        """int (m,): the eligible patients in block order."""
        return self.frame.rows[self.blocks.row]

    @cached_property
    def set_logrank(self) -> PermutedLogrank:
        """The log-rank test by set with labels moved, all follow-up; of at least one set."""
        course = self.course
        return logrank_in_sets(course.time[self.rows], course.event[self.rows], self.blocks, self.frame.seed)

    @cached_property
    def followed(self) -> Followed:
        """The matched patients, all their follow-up."""
        return Followed.of(self.course, self.frame)

    @cached_property
    def fit(self) -> CoxFit | Reason:
        """The weighted Cox model, or why there is none."""
        return fit_cox(self.followed, self.frame.weighted)


def common_follow_up(course: Course, frame: Frame) -> float:
    """The last time at which both matched arms have a patient under observation; of everyone when an arm is empty, and
    1 when no patient has both a time and an event status.
    """
    time, known = course.time, course.known
    arms = [time[frame.rows][frame.matched(arm) & known[frame.rows]] for arm in (True, False)]
    if not all(len(times) for times in arms):
        return float(time[known].max()) if known.any() else 1.0
    return float(min(times.max() for times in arms))
