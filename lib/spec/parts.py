"""Which part of a spec each stage reads, every other section at its default: the whole key of that stage.

The pages cache by these parts and the specification grid shares work by them.
"""

from .analysis import AnalysisSpec, Matching, Sensitivity


def needs_score(settings: Matching) -> bool:
    """Whether the match cannot be made without a propensity score."""
    if settings.method == "given":
        return False
    return settings.metric == "propensity" or settings.caliper is not None or settings.discard != "none"


def cohort_part(spec: AnalysisSpec) -> AnalysisSpec:
    """What `build_cohort` reads, every other section at its default: the whole key of that stage."""
    asked = spec.matching.applied()
    matching = Matching(
        method=asked.method, subclass=asked.subclass, exact=asked.exact, covariate_calipers=asked.covariate_calipers
    )
    return AnalysisSpec.model_construct(
        columns=spec.columns,
        eligibility=spec.eligibility,
        missing=spec.missing,
        outcomes=spec.outcomes,
        matching=matching,
    )


def propensity_part(spec: AnalysisSpec) -> AnalysisSpec:
    """What `fit_propensity` reads, the cohort's part included."""
    return cohort_part(spec).model_copy(update={"propensity": spec.propensity})


def matching_part(spec: AnalysisSpec) -> AnalysisSpec:
    """What matching and all that follows it read."""
    return spec.model_copy(update={"sensitivity": Sensitivity(), "free_days": None})
