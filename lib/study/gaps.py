"""An artefact of the synthetic controls: those with every matching covariate fare otherwise than those with a gap."""

from dataclasses import dataclass

import numpy as np

from ..steps import Steps


@dataclass(frozen=True)
class ByGaps:
    """Controls with the outcome known and their events: of those with every covariate (`complete`), of those lacking
    one (`lacking`).  covariates: how many there are."""

    covariates: int
    complete: int
    complete_events: int
    lacking: int
    lacking_events: int


def events_by_gaps(analysis: Steps, name: str) -> ByGaps:
    """Count them.  name: of a yes-or-no outcome of the spec; a KeyError where there is none."""
    cohort = analysis.cohort
    event = cohort.outcomes[name].to_numpy(dtype=float)
    analysed = np.zeros(len(event), dtype=bool)
    analysed[cohort.rows] = True
    control = ~cohort.eligible_treated & ~np.isnan(event)
    counts = [(int(rows.sum()), int(event[rows].sum())) for rows in (control & analysed, control & ~analysed)]
    return ByGaps(len(analysis.spec.columns.covariates), *counts[0], *counts[1])
