"""Numbers as people read them: p-values, medians with quartiles, counts, effects with their intervals.

Nothing here computes a statistic. What does not exist is shown as a dash (and a note beside it says why), never as nan,
inf, None or 0.000.
"""

import math

import numpy as np

from lib.words import DASH, half_up, percent

RATIOS = ("risk_ratio", "odds_ratio", "odds_ratio_by_set", "hazard_ratio")
SHARES = ("risk_difference", "survival_at_horizon", "incidence_difference", "incidence_at_horizon")
MEASURES = {
    "mean_difference": "Difference in means",
    "risk_difference": "Difference in risk (percentage points)",
    "risk_ratio": "Ratio of risks",
    "odds_ratio": "Odds ratio",
    "odds_ratio_by_set": "Odds ratio within sets",
    "hazard_ratio": "Hazard ratio",
    "rmst_difference": "Difference in mean event-free time up to the horizon (RMST)",
    "survival_at_horizon": "Event-free at the horizon (%)",
    "incidence_difference": "Difference in cumulative incidence at the horizon (percentage points)",
    "incidence_at_horizon": "Cumulative incidence at the horizon (%)",
    "hodges_lehmann_shift": "Typical shift within sets (Hodges-Lehmann)",
}
TESTS = {
    "kruskal_wallis": "Kruskal-Wallis",
    "fisher_exact": "Fisher exact",
    "wilcoxon_signed_rank_pairs": "Wilcoxon signed rank on repeated pairs",
    "mcnemar_pairs": "McNemar on repeated pairs",
    "cmh_by_set": "Cochran-Mantel-Haenszel by set",
    "cmh_by_set_corrected": "Cochran-Mantel-Haenszel by set, continuity-corrected",
    "exact_by_set": "Exact by set",
    "exact_by_set_central": "Exact by set, twice the smaller tail",
    "exact_by_set_midp": "Exact by set, mid-p",
    "aligned_rank_by_set": "Aligned ranks by set",
    "signed_rank_set_means": "Signed rank, one difference per set",
    "logrank": "Log-rank",
    "logrank_by_set": "Log-rank by set",
    "logrank_by_set_permuted": "Log-rank, permuted within sets",
    "rmst_by_set_permuted": "Mean event-free time (RMST), permuted within sets",
    "cox_cluster": "Cox, standard error clustered by set",
}


def decimals(values: np.ndarray, most: int = 2) -> int:
    """How many decimals the data carry, at most `most`.  values: float (n,), NaN ignored.  0 for whole numbers."""
    known = values[np.isfinite(values)]
    for places in range(most):
        if np.allclose(known, np.round(known, places), rtol=0, atol=1e-9):
            return places
    return most


def number(value: float, places: int) -> str:
    """A value of the data; of whole numbers a half is shown (49.5), since quartiles fall between two patients."""
    if not math.isfinite(value):
        return DASH
    if places == 0 and abs(value % 1 - 0.5) < 1e-9:
        return half_up(value, 1)
    return half_up(value, places)


def median_quartiles(median: float, p25: float, p75: float, places: int) -> str:
    """ "50 (43–58)": the median and the range of the middle half; a dash when nobody has a value."""
    if not math.isfinite(median):
        return DASH
    joint = " to " if p25 < 0 else DASH
    return f"{number(median, places)} ({number(p25, places)}{joint}{number(p75, places)})"


def count_percent(events: int, n: int) -> str:
    """ "5 (20.8%)"; a dash without patients."""
    return f"{events:,} ({percent(events / n)})" if n else DASH


def significant(value: float, figures: int = 3) -> str:
    """A number to so many significant figures, at most 4 decimals, never in powers of ten; a dash when not finite."""
    if not math.isfinite(value):
        return DASH
    if abs(value) < 0.00005:
        return "0" if value == 0 else "within ±0.0001"
    places = min(4, max(0, figures - 1 - math.floor(math.log10(abs(value)))))
    return half_up(value, places)


def effect(measure: str, value: float) -> str:
    """An estimate or a limit in the unit people read: percentage points for risks, plain numbers otherwise."""
    if measure in SHARES and math.isfinite(value):
        return half_up(100 * value, 1)
    return significant(value, 2 if measure in RATIOS and abs(value) < 1 else 3)


def interval(measure: str, low: float, high: float) -> str:
    """ "0.41 to 3.2"; one-sided in words when a limit does not exist ("up to 3.2", "0.41 or more")."""
    if math.isfinite(low) and math.isfinite(high):
        return f"{effect(measure, low)} to {effect(measure, high)}"
    if math.isfinite(high):
        return f"up to {effect(measure, high)}"
    if math.isfinite(low):
        return f"{effect(measure, low)} or more"
    return "no interval"


def smd(value: float) -> str:
    """A standardised difference with its sign and two decimals; "unlimited" when the spread is 0 and means differ."""
    if math.isnan(value):
        return DASH
    if math.isinf(value):
        return "unlimited"
    text = half_up(value, 2)
    return text if value <= 0 or text == "0.00" else f"+{text}"


def ratio(value: float) -> str:
    """A variance ratio or another non-negative number with two decimals."""
    return half_up(value, 2) if math.isfinite(value) else DASH


def listed(items: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""
