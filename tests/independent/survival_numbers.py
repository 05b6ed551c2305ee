"""Reference for survival: log-rank plain and by set, weighted Kaplan-Meier, RMST, Cox with Efron ties as R coxph."""

import numpy as np
from scipy import stats


def logrank(
    time: np.ndarray, event: np.ndarray, z: np.ndarray, stratum: np.ndarray | None = None
) -> tuple[float, float]:
    """Chi-square (hypergeometric variance, summed over strata) and p."""
    groups = np.zeros(len(time)) if stratum is None else stratum
    gap = variance = 0.0
    for g in np.unique(groups):
        inside = groups == g
        for at in np.unique(time[inside & (event == 1)]):
            risk, dead = inside & (time >= at), inside & (time == at) & (event == 1)
            n, n1, d = risk.sum(), (risk & (z == 1)).sum(), dead.sum()
            gap += (dead & (z == 1)).sum() - d * n1 / n
            if n > 1:
                variance += d * n1 / n * (1 - n1 / n) * (n - d) / (n - 1)
    chi = gap**2 / variance
    return chi, stats.chi2.sf(chi, 1)


def kaplan_meier(time: np.ndarray, event: np.ndarray, w: np.ndarray, at: float) -> float:
    """Weighted survival just after `at`."""
    survival = 1.0
    for t in np.unique(time[(event == 1) & (time <= at)]):
        survival *= 1 - w[(time == t) & (event == 1)].sum() / w[time >= t].sum()
    return survival


def rmst(time: np.ndarray, event: np.ndarray, w: np.ndarray, horizon: float) -> float:
    """Area under the weighted curve from 0 to the horizon."""
    steps = np.unique(np.append(time[(event == 1) & (time < horizon)], [0.0, horizon]))
    return sum((b - a) * kaplan_meier(time, event, w, a) for a, b in zip(steps, steps[1:], strict=False))


def rmst_influence(time: np.ndarray, event: np.ndarray, w: np.ndarray, horizon: float) -> np.ndarray:
    """Change of the RMST per unit of weight of each patient: each death time's factor 1 - d/r in turn."""
    out, whole = np.zeros(len(w)), rmst(time, event, w, horizon)
    for at in np.unique(time[(event == 1) & (time < horizon)]):
        risk, dead = w[time >= at].sum(), w[(time == at) & (event == 1)].sum()
        if risk - dead > 1e-12:
            area_after = whole - rmst(time, event, w, at)
            out += (time >= at) * (dead / risk**2) / (1 - dead / risk) * area_after
            out -= ((time == at) & (event == 1)) / risk / (1 - dead / risk) * area_after
    return out


def cox(time: np.ndarray, event: np.ndarray, z: np.ndarray, w: np.ndarray, cluster: np.ndarray) -> tuple[float, float]:
    """(log hazard ratio, SE robust by cluster) of one 0/1 covariate: Efron's ties, case weights, dfbeta sums."""
    beta = 0.0
    for _ in range(100):
        score, information, _ = _efron(time, event, z, w, beta)
        beta += score / information
        if abs(score) < 1e-12:
            break
    _, information, residuals = _efron(time, event, z, w, beta)
    sums = np.array([(w * residuals)[cluster == g].sum() for g in np.unique(cluster)])
    return beta, float(np.sqrt((sums**2).sum()) / information)


def _efron(
    time: np.ndarray, event: np.ndarray, z: np.ndarray, w: np.ndarray, beta: float
) -> tuple[float, float, np.ndarray]:
    score = information = 0.0
    residuals, hazard = np.zeros(len(time)), np.exp(z * beta)
    for at in np.unique(time[event == 1]):
        risk, dead = time >= at, (time == at) & (event == 1)
        d, mass = dead.sum(), w[dead].sum() / dead.sum()
        score += (w * z)[dead].sum()
        residuals[dead] += z[dead]
        for k in range(d):
            share = np.where(dead, 1 - k / d, risk.astype(float)) * hazard
            total = (w * share).sum()
            mean = (w * share * z).sum() / total
            score -= mass * mean
            information += mass * mean * (1 - mean)
            residuals -= share * mass / total * (z - mean) + np.where(dead, mean / d, 0.0)
    return score, information, residuals
