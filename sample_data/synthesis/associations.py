"""After the match: baseline values of controls who take no part in it go together as at a bedside.

The search for the matched sample shuffles values and so thins out correlations. Here values change place once more,
within a variable, between controls outside the propensity model (lacking one of its covariates), or outside the matched
sample for variables that are not in the model. No quartile, no count, no match and no outcome changes.
"""

import numpy as np
from scipy.stats import rankdata

from synthesis import facts
from synthesis.cohort import BASELINE, PAIRS

STEPS = 60000
BLUR = 0.06  # the standard error of a correlation in 247 patients
FIXED = ("death_60d", "need_mv", "hfno_free_days", "male", *facts.DAY7)
# Rank correlations with what is already settled; those between baseline variables are cohort.PAIRS.
WITH_FIXED = {
    ("age", "death_60d"): 0.30,
    ("sofa", "death_60d"): 0.25,
    ("pf_ratio", "death_60d"): -0.22,
    ("lymphocytes", "death_60d"): -0.22,
    ("d_dimer", "death_60d"): 0.25,
    ("crp", "death_60d"): 0.12,
    ("ferritin", "death_60d"): 0.08,
    ("creatinine", "death_60d"): 0.25,
    ("sofa", "need_mv"): 0.30,
    ("pf_ratio", "need_mv"): -0.38,
    ("crp", "need_mv"): 0.15,
    ("d_dimer", "need_mv"): 0.15,
    ("creatinine", "need_mv"): 0.15,
    ("bmi", "need_mv"): 0.08,
    ("age", "hfno_free_days"): -0.22,
    ("sofa", "hfno_free_days"): -0.28,
    ("pf_ratio", "hfno_free_days"): 0.32,
    ("creatinine", "hfno_free_days"): -0.22,
    ("d_dimer", "hfno_free_days"): -0.22,
    ("lymphocytes", "hfno_free_days"): 0.18,
    ("creatinine", "male"): 0.30,
    ("sofa", "crp_day7"): 0.15,
    ("sofa", "d_dimer_day7"): 0.20,
    ("pf_ratio", "crp_day7"): -0.18,
    ("pf_ratio", "d_dimer_day7"): -0.25,
    ("age", "d_dimer_day7"): 0.12,
    ("ferritin", "male"): 0.15,
    ("d_dimer", "d_dimer_day7"): 0.40,
    ("crp", "crp_day7"): 0.25,
}


def scores(column):
    """Standardised ranks of a column, 0 where missing; float (n,)."""
    there = ~np.isnan(column)
    rank = rankdata(column[there])
    out = np.zeros(len(column))
    out[there] = (rank - rank.mean()) / rank.std()
    return out


def wanted(rng, names):
    """float (k, k): the rank correlations aimed at, near 0 where nothing is said; blurred, as a sample's would be."""
    place = {name: k for k, name in enumerate(names)}
    matrix = np.zeros((len(names), len(names)))
    for (a, b), r in (PAIRS | WITH_FIXED).items():
        matrix[place[a], place[b]] = matrix[place[b], place[a]] = r
    blur = np.triu(BLUR * rng.standard_normal(matrix.shape), 1)
    return matrix + blur + blur.T


def movable_rows(table, matched):
    """{variable: control rows whose values may change place}. matched: bool, one per control."""
    outside_model = np.isnan(np.column_stack([table[name] for name in facts.PROPENSITY])).any(axis=1)
    free = {name: outside_model if name in facts.PROPENSITY else ~matched for name in BASELINE}
    return {name: np.flatnonzero(free[name] & ~np.isnan(table[name])) for name in BASELINE}


def restore(rng, table, matched):
    """{variable: float (n,)} of the controls, baseline values changing place where that brings correlations nearer.

    table: {name: float (n,)} for BASELINE and FIXED, NaN where missing.  matched: bool (n,).
    """
    names = (*BASELINE, *FIXED)
    rows = movable_rows(table, matched)
    score = np.column_stack([scores(table[name]) for name in names])
    there = np.column_stack([~np.isnan(table[name]) for name in names]).astype(float)
    both, aim = there.T @ there, wanted(rng, names)
    product = score.T @ score
    out = {name: table[name].copy() for name in BASELINE}
    for _ in range(STEPS):
        k = rng.integers(len(BASELINE))
        i, j = rng.choice(rows[names[k]], 2, replace=False)
        change = (score[j, k] - score[i, k]) * (score[i] - score[j])
        change[k] = 0.0
        old = (product[k] / both[k] - aim[k]) ** 2
        new = ((product[k] + change) / both[k] - aim[k]) ** 2
        if np.delete(new - old, k).sum() >= 0:
            continue
        score[[i, j], k] = score[[j, i], k]
        product[k] += change
        product[:, k] = product[k]
        out[names[k]][[i, j]] = out[names[k]][[j, i]]
    return out
