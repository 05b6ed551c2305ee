"""The headline numbers of an outcome: the default estimate with its interval, the published p and the p by set."""

from dataclasses import dataclass, replace

from ..cohort import Cohort
from ..design import Comparison
from ..inference.compare import data_of
from ..inference.data import TimeData
from ..inference.frame import Frame
from ..inference.registry import main_effect, run_tests
from ..inference.results import Estimate, Test
from ..inference.survival_tests import set_logrank
from ..measures import MEASURES
from ..spec import Outcome


@dataclass(frozen=True)
class QuickOutcome:
    """measure: the kind's main effect; estimate and 95% limits in its units, NaN where they do not exist.  p_published,
    p_by_set: of the published and of the quoted test (lib.inference.registry), NaN where the sample has none.  n_sets:
    the sets that the latter counts.  p_chi_square: of the log-rank test by set as other programs have it, of other
    kinds the quoted one's."""

    name: str
    measure: str
    estimate: float
    ci_low: float
    ci_high: float
    p_published: float
    p_by_set: float
    n_sets: int
    p_chi_square: float = float("nan")

    @classmethod
    def of(cls, name: str, estimate: Estimate, p_published: float, p_by_set: float, n_sets: int) -> "QuickOutcome":
        """From an estimate with its interval."""
        limits = estimate.estimate, estimate.ci_low, estimate.ci_high
        return cls(name, estimate.measure, *limits, p_published, p_by_set, n_sets, p_by_set)

    @property
    def null(self) -> float:
        """What no effect gives: 1 for a ratio, else 0."""
        return MEASURES[self.measure].null


def quick_outcomes(cohort: Cohort, sample: Comparison, names: tuple[str, ...] = ()) -> tuple[QuickOutcome, ...]:
    """The outcomes of the spec in its order; only those named when names are given."""
    frame = Frame.of(cohort.rows, sample)
    return tuple(quick_outcome(cohort, frame, o) for o in cohort.outcome_specs if not names or o.name in names)


def quick_outcome(cohort: Cohort, frame: Frame, outcome: Outcome) -> QuickOutcome:
    """One outcome of one matched sample."""
    data = data_of(outcome, cohort, frame)
    estimate = main_effect(outcome.kind, data)
    published, by_set = (_p(run_tests(outcome.kind, data, (role,))) for role in ("published", "quoted"))
    made = QuickOutcome.of(outcome.name, estimate, published, by_set, data.blocks.n_sets)
    if not isinstance(data, TimeData) or not frame.by_set:
        return made
    return replace(made, p_chi_square=set_logrank(data).p_value)


def _p(tests: list[Test]) -> float:
    """Of the only test, NaN where the sample allows none."""
    return tests[0].p_value if tests else float("nan")
