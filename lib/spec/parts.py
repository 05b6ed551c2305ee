"""What each step reads of a spec, as types: a step is given its part and nothing else, so that a field which the part
does not list is an error, and equal parts mean an equal result."""

from ..design.methods import Matching
from ..settings import Section
from .analysis import AnalysisSpec, Columns, EligibilityRule, Outcome
from .propensity import Propensity


class CohortPart(Section):
    """Who is analysed and what is known of them. exact, calipered, set_column: the columns that the design reads."""

    columns: Columns
    eligibility: tuple[EligibilityRule, ...]
    missing: str
    outcomes: tuple[Outcome, ...]
    exact: tuple[str, ...]
    calipered: tuple[str, ...]
    set_column: str | None

    @classmethod
    def of(cls, spec: AnalysisSpec) -> "CohortPart":
        """Of a whole spec."""
        matching = spec.matching
        return cls(
            columns=spec.columns,
            eligibility=spec.eligibility,
            missing=spec.missing,
            outcomes=spec.outcomes,
            exact=matching.exact,
            calipered=tuple(matching.calipers),
            set_column=matching.set_column,
        )


class ScorePart(Section):
    """The propensity score. required: whether the design cannot do without one."""

    cohort: CohortPart
    propensity: Propensity
    required: bool

    @classmethod
    def of(cls, spec: AnalysisSpec) -> "ScorePart":
        """Of a whole spec."""
        return cls(cohort=CohortPart.of(spec), propensity=spec.propensity, required=spec.matching.needs_score)


class DesignPart(Section):
    """Who is compared with whom, and all that follows from it."""

    score: ScorePart
    matching: Matching
    seed: int

    @classmethod
    def of(cls, spec: AnalysisSpec) -> "DesignPart":
        """Of a whole spec."""
        return cls(score=ScorePart.of(spec), matching=spec.matching, seed=spec.seed)
