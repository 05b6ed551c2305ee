"""What each step reads of a spec, as types: a step is given its part and nothing else, so that a field which the part
does not list is an error, and equal parts mean an equal result."""

from collections.abc import Iterable

from ..design.methods import Matching
from ..settings import Section
from .analysis import AnalysisSpec, Columns, EligibilityRule, Outcome
from .propensity import Propensity
from .reading import Derived, Rule


class TablePart(Section):
    """What is made of the columns of a file before anything is read from them. numbers: columns that the spec reads as
    numbers. named: all that it names, which stay even where they may identify a patient."""

    derived: tuple[Derived, ...]
    below_limit: dict[str, Rule]
    numbers: tuple[str, ...]
    named: tuple[str, ...]

    @classmethod
    def of(cls, spec: AnalysisSpec) -> "TablePart":
        """Of a whole spec."""
        columns, outcomes = spec.columns, spec.outcomes
        ordered = [rule.column for rule in spec.eligibility if isinstance(rule.value, float)]
        measured = [name for name in (*columns.covariates, *columns.described) if name not in columns.categorical]
        followed = [o.time if o.kind == "survival" else o.column for o in outcomes if o.kind != "binary"]
        numbers = [*measured, *spec.matching.calipers, columns.treatment_day, *ordered, *followed]
        numbers += [o.baseline for o in outcomes]
        named = [columns.id, columns.treatment, *columns.covariates, *columns.identifiers, *spec.matching.exact]
        named += [spec.matching.set_column, *(rule.column for rule in spec.eligibility)]
        named += [name for outcome in outcomes for name in outcome.columns()]
        return cls(
            derived=spec.derived,
            below_limit=columns.below_limit,
            numbers=_once(numbers),
            named=_once([*numbers, *columns.described, *named]),
        )


class CohortPart(Section):
    """Who is analysed and what is known of them. exact, calipered, set_column: the columns that the design reads."""

    columns: Columns
    eligibility: tuple[EligibilityRule, ...]
    landmark: float | None
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
            landmark=spec.landmark,
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


def _once(names: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name is not None))
