"""Sets made elsewhere, taken as they are: the set column of the file becomes a MatchedSample."""

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..errors import EstimationError
from ..score.propensity import PropensityModel
from ..spec import Matching
from ..words import counted
from .sample import IN_NO_SET, SET_BROKEN, MatchedSample, make_membership, matching_weights


def given_sets(cohort: Cohort, propensity: PropensityModel, settings: Matching) -> MatchedSample:
    """The sets of column `settings.subclass`, renumbered from 0 in file order of their treated patient; within a set
    the controls stand in file order.

    The gate has checked that each set of the file holds one treated patient and a control. A set that has lost its
    treated patient or all of its controls since (eligibility, a missing covariate) is left out and counted in a note.
    Raises EstimationError when no set is left.
    """
    labels, treated = cohort.matching_columns[settings.subclass], cohort.treated
    codes = pd.factorize(labels)[0]  # -1 for patients in no set
    own = np.bincount(codes[(codes >= 0) & treated], minlength=codes.max() + 1)
    others = np.bincount(codes[(codes >= 0) & ~treated], minlength=codes.max() + 1)
    whole = (own > 0) & (others > 0)
    member = (codes >= 0) & np.append(whole, False)[codes]
    if not member.any():
        raise EstimationError(
            f'No set of column "{settings.subclass}" has both its treated patient and a control among the analysed.',
            "Loosen the eligibility rules, or use covariates with fewer gaps.",
        )
    membership = _membership(codes, member, treated)
    return MatchedSample(
        membership=membership,
        treated=treated,
        distance=propensity.distance,
        weights=matching_weights(membership, treated),
        discarded=np.zeros(cohort.n, dtype=bool),
        caliper_width=float("nan"),
        lost=_lost(codes, member, treated),
        ties=0,
        replace=False,
        notes=_notes(cohort, settings, membership, int((~whole).sum())),
    )


def _membership(codes: np.ndarray, member: np.ndarray, treated: np.ndarray) -> np.ndarray:
    """As MatchedSample.membership. codes: int (n,), the set of each patient.  member: bool (n,), who is in a set."""
    case_of = np.empty(codes.max() + 1, dtype=int)
    cases, controls = np.flatnonzero(member & treated), np.flatnonzero(member & ~treated)
    case_of[codes[cases]] = cases
    pick = pd.Series(codes[controls]).groupby(codes[controls]).cumcount().to_numpy() + 1
    return make_membership(case_of[codes[controls]], controls, pick)


def _lost(codes: np.ndarray, member: np.ndarray, treated: np.ndarray) -> pd.DataFrame:
    """As MatchedSample.lost."""
    rows = np.flatnonzero(treated & ~member)
    return pd.DataFrame({"row": rows, "reason": np.where(codes[rows] < 0, IN_NO_SET, SET_BROKEN).astype(object)})


def _notes(cohort: Cohort, settings: Matching, membership: np.ndarray, broken: int) -> tuple[str, ...]:
    taken = (
        f'The sets were made elsewhere (column "{settings.subclass}") and are taken as they are: no caliper, ratio or '
        "other setting of the match was applied to them."
    )
    said = (taken, _broken(broken), _thinned(cohort, settings), _lost_note(cohort, membership), _sizes(membership))
    return tuple(note for note in said if note)


def _broken(sets: int) -> str:
    if not sets:
        return ""
    verb = "is" if sets == 1 else "are"
    return (
        f"{counted(sets, 'set')} {verb} left out: the treated patient or all of the controls are not among the "
        "analysed patients (eligibility, or a missing covariate)."
    )


def _thinned(cohort: Cohort, settings: Matching) -> str:
    """Members of sets who are eligible but lack a covariate."""
    labelled = cohort.eligible[settings.subclass].notna().to_numpy()
    gone = int(labelled.sum() - labelled[cohort.rows].sum())
    if not gone:
        return ""
    return f"{counted(gone, 'eligible patient')} of the given sets lack a covariate and are left out of their sets."


def _lost_note(cohort: Cohort, membership: np.ndarray) -> str:
    total, matched = int(cohort.treated.sum()), int(membership[:, 1].max()) + 1
    if matched == total:
        return ""
    return (
        f"{total - matched} of {total} treated patients stand in no complete set. The comparison speaks for the other "
        f"{matched} only (ATT among the matched), not for all treated patients."
    )


def _sizes(membership: np.ndarray) -> str:
    sizes = np.bincount(membership[:, 1]) - 1
    if sizes.min() == sizes.max():
        return ""
    return (
        f"The sets have {sizes.min()} to {sizes.max()} controls; controls are weighted so that every treated patient "
        "counts once."
    )
