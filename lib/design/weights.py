"""Weighting: nobody is paired; controls count more or less so that as a group they look like the treated."""

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np
import pandas as pd

from ..words import counted, percent
from .comparison import NO_EXACT_PARTNER, OUTSIDE_SUPPORT, Comparison, Independent, scaled_by_arm
from .entropy import att_odds_weights, entropy_weights, overlap_weights
from .lost import nobody_in_a_stratum
from .method import Axis, Method
from .notes import support_note, told
from .rules import discard, strata
from .settings import MethodSettings

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel

LARGE_SHARE = 0.1  # of an arm's weights: a patient who counts for more is said
KINDS = {
    "att_odds": "Odds of treatment (ATT)",
    "overlap": "Overlap of the groups (ATO)",
    "entropy": "Equal means by entropy (ATT)",
}
NO_SETS = (
    "Weights make no sets: there is no test by set, no pair and no matched control. Standard errors are robust "
    "(sandwich, HC3), take the weights as known, and hold for large samples."
)


class Weights(MethodSettings):
    """`kind`: att_odds e/(1 - e) for controls, e the score; overlap 1 - e for the treated, e for controls (Li, Morgan
    and Zaslavsky 2018, JASA 113:390); entropy: controls so that the covariates' means are the treated's (Hainmueller
    2012, Polit Anal 20:25). `exact`: in each group of these columns the arms weigh the same."""

    method: Literal["weights"] = "weights"
    kind: Literal["att_odds", "overlap", "entropy"] = "att_odds"

    @property
    def needs_score(self) -> bool:
        """As MethodSettings; entropy balancing reads the covariates themselves."""
        return self.kind != "entropy" or self.discard != "none"


def weigh(cohort: "Cohort", score: "PropensityModel", settings: Weights, seed: int) -> Comparison:
    """Weights with mean 1 in each arm. Nothing is random.

    Raises EstimationError when no stratum has both arms, and for entropy balancing when no weights make the means
    agree: the covariates that stand in the way are named.
    """
    treated = cohort.treated
    discarded = discard(score.distance, treated, settings.discard)
    groups, used = _strata(cohort, settings, discarded)
    weights = np.zeros(cohort.n)
    if settings.kind == "entropy":
        weights[used] = _entropy(cohort, settings, used)
    else:
        make = att_odds_weights if settings.kind == "att_odds" else overlap_weights
        weights[used] = make(score.score[used], treated[used])
        weights = _alike_in_groups(weights, treated, groups) if settings.exact else weights
    weights = scaled_by_arm(weights, treated)
    made = Comparison(
        units=Independent.of(treated),
        weights=weights,
        distance=score.distance,
        discarded=discarded,
        losses=_losses(treated, used, discarded),
        estimand="ATO" if settings.kind == "overlap" else "ATT",
    )
    notes = told(
        support_note(discarded, treated),
        _estimand_note(made, settings),
        _size_note(made),
        _large_note(made),
        NO_SETS,
    )
    return replace(made, notes=notes)


def _strata(cohort: "Cohort", settings: Weights, discarded: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """int (n,), the exact group of each patient; bool (n,), whose group has both arms inside support."""
    groups, arm = strata(cohort, settings.exact), cohort.treated
    both = np.ones(int(groups.max()) + 1, dtype=bool)
    for side in (arm, ~arm):
        both &= np.bincount(groups[side & ~discarded], minlength=len(both)) > 0
    used = both[groups] & ~discarded
    if not used.any():
        raise nobody_in_a_stratum(settings.exact)
    return groups, used


def _entropy(cohort: "Cohort", settings: Weights, used: np.ndarray) -> np.ndarray:
    """Weights of the used patients, float (u,). The shares of the exact groups are balanced beside the covariates: to
    scale the groups afterwards would undo the means."""
    columns = cohort.covariate_matrix.to_numpy(float)[used]
    names = [str(name) for name in cohort.covariate_matrix.columns]
    if settings.exact:
        groups = strata(cohort, settings.exact)[used]
        _, first, number = np.unique(groups, return_index=True, return_inverse=True)
        columns = np.column_stack([columns, np.eye(len(first))[number]])
        levels = cohort.matching_columns[list(settings.exact)].iloc[np.flatnonzero(used)[first]].to_numpy()
        names += [f"{'/'.join(settings.exact)} {'/'.join(map(str, row))}" for row in levels]
    return entropy_weights(columns, cohort.treated[used], names=names)


def _alike_in_groups(weights: np.ndarray, treated: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Controls scaled so that in each group they weigh what the treated weigh there."""
    size = int(groups.max()) + 1
    case = np.bincount(groups[treated], weights=weights[treated], minlength=size)
    control = np.bincount(groups[~treated], weights=weights[~treated], minlength=size)
    factor = np.divide(case, control, out=np.zeros(size), where=control > 0)
    return np.where(treated, weights, weights * factor[groups])


def _losses(treated: np.ndarray, used: np.ndarray, discarded: np.ndarray) -> pd.DataFrame:
    """As Comparison.losses."""
    rows = np.flatnonzero(treated & ~used)
    reason = np.where(discarded[rows], OUTSIDE_SUPPORT, NO_EXACT_PARTNER).astype(object)
    return pd.DataFrame({"row": rows, "reason": reason})


def _estimand_note(made: Comparison, settings: Weights) -> str:
    lost, total = len(made.losses), int(made.treated.sum())
    if lost:
        return (
            f"{lost} of {total} treated patients have no control to be compared with. The comparison speaks for the "
            f"other {total - lost} only, not for all treated patients."
        )
    if settings.kind == "overlap":
        return (
            "Overlap weights speak for patients who could have been in either group (ATO), not for all treated "
            "patients (ATT)."
        )
    return ""


def _size_note(made: Comparison) -> str:
    control = ~made.treated & made.matched
    ess, verb = made.effective_sample_size(False), "counts" if control.sum() == 1 else "count"
    return (
        f"Weighted, {counted(int(control.sum()), 'control')} {verb} for as many as {ess:.1f} who weigh the same "
        f"(effective sample size); the largest weight is {percent(made.largest_share(False))} of all."
    )


def _large_note(made: Comparison) -> str:
    control = made.weights[~made.treated]
    large = int((control > LARGE_SHARE * control.sum()).sum())
    if not large:
        return ""
    verb = "carries" if large == 1 else "carry"
    return f"{counted(large, 'control')} {verb} more than {percent(LARGE_SHARE)} of the weight each; look who they are."


def _in_a_line(kind: str) -> str:
    """A kind inside a sentence: "odds of treatment (ATT)"."""
    return KINDS[kind][0].lower() + KINDS[kind][1:]


METHOD = Method(
    "weights",
    Weights,
    weigh,
    "Weights: nobody is paired",
    "Every control counts, more or less, so that as a group they look like the treated. No sets, so no test by set; "
    "meant for large samples.",
    lambda settings: f"weights: {_in_a_line(settings.kind)}",
    {"kind": Axis("Kind of weights", tuple(KINDS), KINDS.__getitem__)},
)
