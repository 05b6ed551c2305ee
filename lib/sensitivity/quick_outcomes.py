"""The headline numbers of an outcome: an estimate, the quoted interval, the published p and the p by set."""

from dataclasses import dataclass, replace

from ..cohort import Cohort
from ..design import Comparison
from ..inference.compare import data_of
from ..inference.data import TimeData
from ..inference.frame import Frame
from ..inference.registry import main_effect, quoted_effect, run_tests
from ..inference.results import Estimate, Test
from ..inference.survival_tests import set_logrank
from ..measures import MEASURES
from ..spec import Outcome


@dataclass(frozen=True)
class QuickOutcome:
    """measure: the effect, with estimate and 95% limits in its units, NaN where they do not exist or do not belong to
    the quoted p (lib.inference.registry: main_effect, or quoted_effect where that was asked for).  p_published,
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


def quick_outcomes(
    cohort: Cohort, sample: Comparison, names: tuple[str, ...] = (), quoted: bool = False
) -> tuple[QuickOutcome, ...]:
    """The outcomes of the spec in its order; only those named when names are given.  quoted: as for quick_outcome."""
    frame = Frame.of(cohort.rows, sample)
    return tuple(quick_outcome(cohort, frame, o, quoted) for o in cohort.outcome_specs if not names or o.name in names)


def quick_outcome(cohort: Cohort, frame: Frame, outcome: Outcome, quoted: bool = False) -> QuickOutcome:
    """One outcome of one matched sample.  quoted: whether the effect is the one whose interval is quoted, which takes
    a few milliseconds more, in place of the main one."""
    data = data_of(outcome, cohort, frame)
    estimate = quoted_effect(outcome, data) if quoted else main_effect(outcome.kind, data)
    published, by_set = (_p(run_tests(outcome.kind, data, (role,))) for role in ("published", "quoted"))
    made = QuickOutcome.of(outcome.name, estimate, published, by_set, data.blocks.n_sets)
    if not isinstance(data, TimeData) or not frame.by_set:
        return made
    return replace(made, p_chi_square=set_logrank(data).p_value)


def _p(tests: list[Test]) -> float:
    """Of the only test, NaN where the sample allows none."""
    return tests[0].p_value if tests else float("nan")
