"""What the days of the window went to, by arm: on the support, alive without it, dead."""

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..inference.frame import Frame
from ..inference.results import ARMS, type2_quantile
from ..table import text_values
from .derive import DerivedDays
from .episodes import Episodes

SUMMARY_COLUMNS = ("support", "arm", "n", "died", "supported", "free", "dead", "median", "p25", "p75")
PARTS_OF_WINDOW = ["supported", "free", "dead"]


def summarise(derived: tuple[DerivedDays, ...], episodes: Episodes, cohort: Cohort, sample: Comparison) -> pd.DataFrame:
    """SUMMARY_COLUMNS, a row per support and arm of ARMS.

    n: patients with a value; died: of them within the window; supported, free, dead: mean days, which add up to the
    window (Yehya et al. 2019); then R type 2 quartiles of the free days. Unweighted; NaN without a patient.
    """
    place = episodes.places(text_values(cohort.eligible[cohort.columns.id]))
    groups = dict(zip(ARMS, Frame.of(cohort.rows, sample).groups(cohort.eligible_treated), strict=True))
    rows = [(d.support, arm, *_row(d, place[group])) for d in derived for arm, group in groups.items()]
    return pd.DataFrame(rows, columns=list(SUMMARY_COLUMNS))


def _row(days: DerivedDays, place: np.ndarray) -> tuple[float, ...]:
    """n, died, three means, median and quartiles of the patients at these places of the file."""
    found = days.days[place]
    parts = days.parts.iloc[place].loc[~np.isnan(found)]
    known = found[~np.isnan(found)]
    means = parts[PARTS_OF_WINDOW].mean() if len(parts) else [np.nan] * 3
    return len(known), int(parts["died"].sum()), *means, *(type2_quantile(known, share) for share in (0.5, 0.25, 0.75))
