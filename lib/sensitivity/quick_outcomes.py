"""The headline numbers of an outcome: an estimate, the quoted interval, the published p and the p by set."""

from dataclasses import dataclass, replace

from ..cohort import Cohort
from ..design import Comparison
from ..inference.compare import data_of
from ..inference.data import TimeData, ValueData
from ..inference.frame import Frame
from ..inference.headline import main_effect, quoted_effect
from ..inference.registry import Kind, run_tests
from ..inference.results import Estimate, Test
from ..inference.survival_tests import set_logrank
from ..measures import MEASURES
from ..spec import Outcome


@dataclass(frozen=True)
class QuickOutcome:
    """measure: the effect, with estimate and 95% limits in its units, NaN where they do not exist or do not belong to
    the quoted p (lib.inference.headline: main_effect, or quoted_effect where that was asked for).  p_published,
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
    cohort: Cohort, sample: Comparison, names: tuple[str, ...] = (), quoted: bool = False, plain: bool = False
) -> tuple[QuickOutcome, ...]:
    """The outcomes of the spec in its order; only those named when names are given.  quoted, plain: as for
    quick_outcome."""
    frame = Frame.of(cohort.rows, sample)
    asked = (outcome for outcome in cohort.outcome_specs if not names or outcome.name in names)
    return tuple(quick_outcome(cohort, frame, outcome, quoted, plain) for outcome in asked)


def quick_outcome(
    cohort: Cohort, frame: Frame, outcome: Outcome, quoted: bool = False, plain: bool = False
) -> QuickOutcome:
    """One outcome of one matched sample.  quoted: whether the effect is the one whose interval is quoted, which takes
    a few milliseconds more, in place of the main one.  plain: whether p_plain is asked for."""
    data = data_of(outcome, cohort, frame)
    estimate = quoted_effect(outcome, data) if quoted else main_effect(outcome.kind, data)
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
