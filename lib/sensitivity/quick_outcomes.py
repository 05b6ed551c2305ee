"""The headline numbers of an outcome: the default estimate with its interval, the published p and the p by set."""

from dataclasses import dataclass, replace

from ..cohort import Cohort
from ..design import Comparison
from ..inference.compare import data_of
from ..inference.data import TimeData, ValueData
from ..inference.frame import Frame
from ..inference.registry import Kind, main_effect, run_tests
from ..inference.results import Estimate, Test
from ..inference.survival_tests import set_logrank
from ..measures import MEASURES
from ..spec import Outcome


@dataclass(frozen=True)
class QuickOutcome:
    """measure: the kind's main effect; estimate and 95% limits in its units, NaN where they do not exist.  p_published,
    p_by_set: of the published and of the quoted test (lib.inference.registry), NaN where the sample has none.  n_sets:
    the sets that the latter counts.  p_plain, where it was asked for: by set as other programs have it, a chi-square of
    the log-rank test, of other kinds the test with equal chances."""

    name: str
    measure: str
    estimate: float
    ci_low: float
    ci_high: float
    p_published: float
    p_by_set: float
    n_sets: int
    p_plain: float = float("nan")

    @classmethod
    def of(cls, name: str, estimate: Estimate, p_published: float, p_by_set: float, n_sets: int) -> "QuickOutcome":
        """From an estimate with its interval."""
        limits = estimate.estimate, estimate.ci_low, estimate.ci_high
        return cls(name, estimate.measure, *limits, p_published, p_by_set, n_sets)

    @property
    def null(self) -> float:
        """What no effect gives: 1 for a ratio, else 0."""
        return MEASURES[self.measure].null


def quick_outcomes(
    cohort: Cohort, sample: Comparison, names: tuple[str, ...] = (), plain: bool = False
) -> tuple[QuickOutcome, ...]:
    """The outcomes of the spec in its order; only those named when names are given.  plain: whether p_plain is asked
    for."""
    frame = Frame.of(cohort.rows, sample)
    asked = (outcome for outcome in cohort.outcome_specs if not names or outcome.name in names)
    return tuple(quick_outcome(cohort, frame, outcome, plain) for outcome in asked)


def quick_outcome(cohort: Cohort, frame: Frame, outcome: Outcome, plain: bool = False) -> QuickOutcome:
    """One outcome of one matched sample."""
    data = data_of(outcome, cohort, frame)
    estimate = main_effect(outcome.kind, data)
    published, by_set = (_p(run_tests(outcome.kind, data, (role,))) for role in ("published", "quoted"))
    made = QuickOutcome.of(outcome.name, estimate, published, by_set, data.blocks.n_sets)
    return replace(made, p_plain=_plain(outcome.kind, data, by_set)) if plain and frame.by_set else made


def _plain(kind: Kind, data: ValueData | TimeData, quoted: float) -> float:
    """As QuickOutcome.  quoted: p by set with the moves that are quoted."""
    if isinstance(data, TimeData):
        return set_logrank(data).p_value
    return quoted if data.frame.moves == "equal" else _p(run_tests(kind, data, ("moves",)))


def _p(tests: list[Test]) -> float:
    """Of the only test, NaN where the sample allows none."""
    return tests[0].p_value if tests else float("nan")
