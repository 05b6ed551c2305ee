"""Methods text: the score and how it was used to match or weigh. A sentence for every method and setting."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison, DistanceSettings, MethodSettings
from ..design.full import Full
from ..design.given import Given
from ..design.nearest import Nearest
from ..design.optimal import Optimal
from ..design.subclass import Subclass
from ..design.weights import Weights
from ..score import PropensityModel
from ..spec import AnalysisSpec
from ..spec.analysis import Sensitivity
from .labels import Labels
from .matching import SCALES
from .methods_text_markdown import md
from .methods_text_references import cite
from .numbers import counted, half_up, listed, significant

MODELS = {
    "logit": "logistic regression (maximum likelihood)",
    "firth": f"logistic regression with Firth's penalised likelihood{cite('firth1993')}",
}
ORDERS = {
    "largest": "in descending order of the score (the treated patient with the highest score chose first)",
    "smallest": "in ascending order of the score (the treated patient with the lowest score chose first)",
    "closest": "the closest remaining pair first",
    "random": "in an order drawn at random (seed {seed})",
    "data": "in the order of the file",
}
NO_ORDER = "in the order of the file, since there was no score to order them by"
DISCARDS = {
    "treated": "Treated patients whose scores lay outside the range of the controls' scores",
    "control": "Controls whose scores lay outside the range of the treated patients' scores",
    "both": "Patients of either arm whose scores lay outside the range of the other arm's scores",
}
TIES = "Among equally near controls the one that stands earlier in the file was taken."
ROUND_BY_ROUND = "every treated patient chose a first control before any chose a second"
KINDS = {
    "att_odds": (
        "Nobody was matched: a control was weighted by its odds of treatment, e/(1 - e) with e the propensity score, "
        "and a treated patient by 1"
    ),
    "overlap": (
        f"Nobody was matched: overlap weights{cite('li2018')} were used, 1 - e for a treated patient and e for a "
        "control, with e the propensity score"
    ),
    "entropy": (
        f"Nobody was matched: controls were weighted by entropy balancing{cite('hainmueller2012')}, so that the means "
        "of the covariates equal those of the treated patients, while the weights stay as even as they can"
    ),
}
ATT = "The estimand is the average effect in the treated (ATT)"
ATO = "The estimand is the average effect in the overlap population (ATO), patients who could have been in either arm"
SCALED = "Weights were scaled to mean 1 in each arm."


def score_sentences(spec: AnalysisSpec, cohort: Cohort, score: PropensityModel, labels: Labels) -> list[str]:
    """How the propensity score was estimated and whether it decided anything."""
    if score.model == "none":
        return ["No propensity score was fitted, because no covariate was given."]
    if np.isnan(score.score).any():
        return [
            "No propensity score could be fitted, because covariates told some patients' arm with certainty; the "
            "design did not need one."
        ]
    names = listed([covariate_words(spec, cohort, name, labels) for name in spec.columns.covariates])
    said = [
        f"The propensity score, the probability of treatment given what was known before it{cite('rosenbaum1983')}, "
        f"was estimated by {MODELS[score.model]} from {names}, as main effects without interactions."
    ]
    if not spec.matching.needs_score:
        said.append("It is reported for description and decided nothing about who was compared.")
    return said


def covariate_words(spec: AnalysisSpec, cohort: Cohort, name: str, labels: Labels) -> str:
    """ "Age (years)", "CRP (mg/L; natural logarithm)", "Sex (factor)"."""
    label, columns = labels.column(name), spec.columns
    unit = "" if label.with_unit == label.name else md(label.unit)
    how = "natural logarithm" if name in columns.log else "factor" if _is_factor(cohort, name) else ""
    inside = "; ".join(part for part in (unit, how) if part)
    return f"{md(label.name)} ({inside})" if inside else md(label.name)


def _is_factor(cohort: Cohort, name: str) -> bool:
    return isinstance(cohort.covariates[name].dtype, pd.CategoricalDtype)


def design_sentences(spec: AnalysisSpec, score: PropensityModel, made: Comparison, labels: Labels) -> list[str]:
    """The method with all its settings, weights and estimand."""
    own = spec.matching
    said = [*_discarded(own), *METHODS[own.method](_Asked(spec, score, made, labels))]
    said += [*_exact(own, made, labels), *_weights(made), estimand_sentence(made)]
    return said


class _Asked:
    """What the sentence of a method is made of."""

    def __init__(self, spec: AnalysisSpec, score: PropensityModel, made: Comparison, labels: Labels) -> None:
        self.spec, self.score, self.made, self.labels = spec, score, made, labels
        self.own: Any = spec.matching  # its settings depend on the method

    @property
    def scale(self) -> str:
        """On which differences were taken: "logit of the propensity score"."""
        return f"{'logit of the ' if self.spec.propensity.distance == 'logit' else ''}propensity score"

    @property
    def distance(self) -> str:
        """What near means."""
        if self.own.metric == "mahalanobis":
            return (
                f"the Mahalanobis distance of the covariates{cite('rubin1980')} (covariance pooled within the arms, "
                "divisor n - 2)"
            )
        return f"the absolute difference in the {self.scale}"


def _nearest(asked: _Asked) -> list[str]:
    own = asked.own
    each = counted(own.ratio, "control")
    many = each if own.ratio == 1 else f"up to {each}"
    if own.replace:
        how = (
            f"Each treated patient was matched with its {'nearest control' if own.ratio == 1 else f'{each} nearest'} "
            f"by {asked.distance}, with replacement: a control could serve several treated patients."
        )
        return [how, TIES, *_calipers(asked)]
    rounds = "" if own.ratio == 1 else f", and {ROUND_BY_ROUND}"
    how = (
        f"Each treated patient was matched with {many} by greedy nearest-neighbour matching without replacement on "
        f"{asked.distance}; controls were chosen {_order(asked)}{rounds}."
    )
    return [how, TIES, *_calipers(asked)]


def _order(asked: _Asked) -> str:
    if asked.own.order in ("largest", "smallest") and np.isnan(asked.made.distance).any():
        return NO_ORDER
    return ORDERS[asked.own.order].format(seed=asked.spec.seed)


def _optimal(asked: _Asked) -> list[str]:
    each = counted(asked.own.ratio, "control")
    how = (
        f"Treated patients were matched with {'' if asked.own.ratio == 1 else 'up to '}{each} each, without "
        f"replacement, by optimal matching{cite('rosenbaum1989')}: as many pairs as the rules allow, and among these "
        f"the smallest sum of distances, the distance being {asked.distance}; the order of the patients plays no part."
    )
    return [how, TIES, *_calipers(asked)]


def _full(asked: _Asked) -> list[str]:
    own: Full = asked.own
    how = (
        f"Optimal full matching{cite('rosenbaum1991', 'hansen2004')} placed every usable patient in a set of one "
        "treated patient with one or more controls, or one control with several treated patients, with the smallest "
        f"sum of distances between the treated and the controls of a set, the distance being {asked.distance}."
    )
    limits = [
        f"at least {counted(own.min_controls, 'control')} for a treated patient" if own.min_controls > 1 else "",
        "" if own.max_controls is None else f"at most {counted(own.max_controls, 'control')} for a treated patient",
        "" if own.max_treated is None else f"at most {counted(own.max_treated, 'treated patient')} for a control",
    ]
    kept = [limit for limit in limits if limit]
    said = [how, f"Sets were limited to {listed(kept)}." if kept else "The size of the sets was not limited."]
    if own.omit_fraction:
        share = half_up(100 * own.omit_fraction, 1)
        said.append(f"Of the usable controls {share}% were left out (rounded down), those whose loss helped most.")
    return [*said, *_calipers(asked)]


def _subclass(asked: _Asked) -> list[str]:
    own: Subclass = asked.own
    how = (
        f"Patients were grouped in {counted(own.subclasses, 'subclass', 'subclasses')} of alike propensity "
        f"scores{cite('rosenbaum1984')}, cut at quantiles of the treated patients' scores."
    )
    least = (
        f"A subclass with fewer than {counted(own.min_n, 'patient')} of an arm took the nearest from its neighbours."
        if own.min_n
        else "A subclass without an arm was left out."
    )
    return [how, least]


def _weighted(asked: _Asked) -> list[str]:
    return [f"{KINDS[asked.own.kind]}."]


def _given(asked: _Asked) -> list[str]:
    column = md(asked.labels.column(asked.own.subclass).name)
    return [
        f"The matched sets were made outside this program and read from the column {column}; how they were made must "
        "be described by whoever made them. No caliper or ratio was applied to them here."
    ]


METHODS: dict[str, Callable[[_Asked], list[str]]] = {
    Nearest.model_fields["method"].default: _nearest,
    Optimal.model_fields["method"].default: _optimal,
    Full.model_fields["method"].default: _full,
    Subclass.model_fields["method"].default: _subclass,
    Weights.model_fields["method"].default: _weighted,
    Given.model_fields["method"].default: _given,
}


def _calipers(asked: _Asked) -> list[str]:
    own: DistanceSettings = asked.own
    said = [_caliper(own, asked)]
    for name, limit in own.calipers.items():
        unit = " SD" if limit.unit == "sd" else ""
        label = asked.labels.column(name)
        own_unit = f" {md(label.unit)}" if label.unit and not unit else ""
        said.append(f"Within a pair {md(label.name)} could differ by at most {limit.width:g}{unit}{own_unit}.")
    return said


def _caliper(own: DistanceSettings, asked: _Asked) -> str:
    if own.caliper is None:
        return "No caliper was set on the propensity score."
    scale = asked.scale
    if own.caliper_unit == "raw":
        return f"Within a pair the {scale} could differ by at most {own.caliper:g} (caliper)."
    of = {
        "overall": "the SD over all patients kept",
        "pooled": f"the SD pooled over the two arms{cite('austin2011')}",
    }[own.caliper_sd]
    return (
        f"Within a pair the {scale} could differ by at most {own.caliper:g} SD, {of}: a caliper of "
        f"{significant(asked.made.caliper_width)} on the {SCALES[asked.spec.propensity.distance]}."
    )


def _discarded(own: MethodSettings) -> list[str]:
    return [f"{DISCARDS[own.discard]} were left out first (common support)."] if own.discard != "none" else []


def _exact(own: MethodSettings, made: Comparison, labels: Labels) -> list[str]:
    if not own.exact:
        return []
    names = listed([md(labels.column(name).name) for name in own.exact])
    if not made.n_sets:
        return [f"In every group of equal {names} the arms weigh the same."]
    return [f"Only patients equal in {names} were compared (exact matching)."]


def _weights(made: Comparison) -> list[str]:
    control = made.weights[~made.treated & made.matched]
    if made.n_sets and np.allclose(control, control[0], rtol=0, atol=1e-9):
        return []
    if not made.n_sets:
        return [SCALED]
    return [
        "Since the sets differ in size, or a control serves several treated patients, a control was weighted by the "
        "treated patients over the controls of its sets, so that every treated patient counts once. " + SCALED
    ]


def estimand_sentence(made: Comparison) -> str:
    """For whom the comparison speaks."""
    if made.estimand == "ATO":
        return f"{ATO}."
    if made.losses.empty:
        return f"{ATT}, with all treated patients in the comparison."
    matched, total = made.n_matched(True), int(made.treated.sum())
    return f"{ATT} who could be matched, {matched:,} of {total:,}; it does not speak for the others."


def doubted_notes(sensitivity: Sensitivity) -> list[str]:
    """Sets that somebody said are not comparable, as the spec logs them."""
    return [
        f"Set {one.number} was said to be not comparable{', after outcomes were opened' if one.after_opening else ''}: "
        f"{one.reason.rstrip('.')}. It stays in the main analysis."
        for one in sensitivity.not_comparable
    ]
