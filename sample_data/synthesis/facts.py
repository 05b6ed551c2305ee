"""The printed facts the synthetic cohort is calibrated to, and the few statistics that check them."""

import json
import math
from pathlib import Path

import numpy as np
from scipy import stats
from scipy.special import ndtr

FOLDER = Path(__file__).resolve().parents[1]
PROPENSITY = ("age", "sofa", "pf_ratio", "lymphocytes", "ferritin", "d_dimer", "crp")
OTHER_BASELINE = ("bmi", "creatinine", "viral_load_ct")
FREE_DAYS = ("icu_free_days", "invasive_ventilation_free_days", "hfno_free_days", "o2_free_days")
DAY7 = ("crp_day7", "d_dimer_day7")
MISPRINT = ("d_dimer", "matched", 2)  # the printed P75 equals the printed median
# The paper does not print how many had a day-7 value; these n let every printed quartile occur.
DAY7_N = {"crp_day7": {"whole": 219, "matched": 22}, "d_dimer_day7": {"whole": 183, "matched": 20}}


def load_published():
    """The copy of the published tables kept beside the data."""
    return json.loads((FOLDER / "published_tables.json").read_text(encoding="utf-8"))


def targets(published):
    """{variable: {"msc"|"matched"|"whole": (median, P25, P75), "p_matched", "p_whole"}}, text values where given."""
    found = {}
    for row in published["table1"] + published["table2"]:
        if not isinstance(row["msc"], list):
            continue
        exact = published["table2_text"].get(row["variable"], {})
        found[row["variable"]] = {
            **{arm: tuple(exact.get(arm, row[arm])) for arm in ("msc", "matched", "whole")},
            "p_matched": row["p_matched"],
            "p_whole": row["p_whole"],
        }
    return found


def quartile_ranks(n):
    """For P25, P50, P75 of n values the two 0-based ranks that R type 2 (SAS PCTLDEF=5) averages."""
    ranks = []
    for quarter in (1, 2, 3):
        whole, rest = divmod(n * quarter, 4)
        ranks.append((whole, whole) if rest else (whole - 1, whole))
    return ranks


def quartiles(values):
    """(P50, P25, P75), R type 2, of the values that are there. values: float (n,)."""
    ordered = np.sort(values[~np.isnan(values)])
    low, mid, high = ((ordered[i] + ordered[j]) / 2 for i, j in quartile_ranks(len(ordered)))
    return mid, low, high


def kruskal_p(first, second):
    """p of the Kruskal-Wallis test of two arrays, missing left out."""
    return stats.kruskal(first[~np.isnan(first)], second[~np.isnan(second)]).pvalue


def rank_sum_p(treated, control):
    """Kruskal-Wallis p per column without its tie correction: quick, and close where ties are few.

    treated: float (8, k).  control: float (n, k), NaN where missing.  Returns float (k,).
    """
    there = (~np.isnan(control)).sum(0)
    above = (treated[:, None] > control[None]).sum((0, 1))
    level = (treated[:, None] == control[None]).sum((0, 1))
    n1 = len(treated)
    z = (above + level / 2 - n1 * there / 2) / np.sqrt(n1 * there * (n1 + there + 1) / 12)
    return 2 * ndtr(-np.abs(z))


def signed_rank_p(difference):
    """p per column: Wilcoxon signed rank, zeros and gaps dropped, no continuity correction.

    difference: float (pairs, columns).  Returns float (columns,), 1 where no difference is left.
    """
    d = np.where(np.isnan(difference), 0.0, np.round(difference, 9))
    size, there = np.abs(d), d != 0
    less = ((size[None] < size[:, None]) & there[None]).sum(1)
    tied = ((size[None] == size[:, None]) & there[None]).sum(1)
    rank = np.where(there, less + (tied + 1) / 2, 0.0)
    spread = np.sqrt((rank**2).sum(0) / 4)
    excess = np.abs((rank * np.sign(d)).sum(0)) / 2
    z = np.divide(excess, spread, out=np.zeros(d.shape[1]), where=spread > 0)
    return np.array([math.erfc(value / math.sqrt(2)) for value in z])


def log_odds(p):
    """Log odds of p, p held inside [1e-6, 1 - 1e-6]."""
    p = np.clip(p, 1e-6, 1 - 1e-6)
    return np.log(p / (1 - p))
