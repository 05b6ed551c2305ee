"""Reference for the score and the match: design columns, maximum likelihood, calipers, greedy sets, weights."""

import numpy as np
import pandas as pd


def factors(frame: pd.DataFrame, covariates: list[str], categorical: list[str]) -> list[str]:
    """The covariates taken as factors: those listed, and those that hold text."""
    return [c for c in covariates if c in categorical or not pd.api.types.is_numeric_dtype(frame[c])]


def level_texts(column: pd.Series) -> np.ndarray:
    """The values as the file writes them: whole numbers without a decimal point."""
    return np.array([str(int(v)) if isinstance(v, float) and v.is_integer() else str(v) for v in column], dtype=object)


def design(frame: pd.DataFrame, covariates: list[str], categorical: list[str], log: list[str]) -> dict[str, np.ndarray]:
    """Numbers as they are (or their natural log); a factor is one 0/1 column per level but the first."""
    columns = {}
    for name in covariates:
        if name in factors(frame, covariates, categorical):
            texts = level_texts(frame[name])
            for level in sorted(set(texts))[1:]:
                columns[f"{name}{level}"] = (texts == level).astype(float)
        else:
            values = frame[name].to_numpy(float)
            columns[name] = np.log(values) if name in log else values
    return columns


def fit_logit(columns: dict[str, np.ndarray], treated: np.ndarray, firth: bool) -> np.ndarray:
    """Coefficients, intercept first: Newton steps on the (Firth-penalised) score until it vanishes."""
    x = np.column_stack([np.ones(len(treated)), *columns.values()])
    scale = np.abs(x).max(axis=0)
    x = x / scale
    beta = np.zeros(x.shape[1])
    for _ in range(500):
        p = 1 / (1 + np.exp(-x @ beta))
        information = (x * (p * (1 - p))[:, None]).T @ x
        residual = treated - p
        if firth:
            half = np.sqrt(p * (1 - p))[:, None] * x
            hat = np.einsum("ij,jk,ik->i", half, np.linalg.inv(information), half)
            residual = residual + hat * (0.5 - p)
        step = np.linalg.solve(information, x.T @ residual)
        beta = beta + step * min(1.0, 2.0 / max(np.abs(step).max(), 1e-300))
        if np.abs(step).max() < 1e-13:
            break
    return beta / scale


def distances(columns: dict[str, np.ndarray], beta: np.ndarray, scale: str) -> np.ndarray:
    logit = np.column_stack([np.ones(len(next(iter(columns.values())))), *columns.values()]) @ beta
    return logit if scale == "logit" else 1 / (1 + np.exp(-logit))


def kept_by_support(distance: np.ndarray, treated: np.ndarray, discard: str) -> np.ndarray:
    """bool: inside the other arm's range, for the arms that `discard` names."""
    keep = np.ones(len(distance), dtype=bool)
    for arm, name in ((treated, "treated"), (~treated, "control")):
        if discard in (name, "both"):
            other = distance[~arm]
            keep &= ~arm | ((distance >= other.min()) & (distance <= other.max()))
    return keep


def caliper_width(distance: np.ndarray, treated: np.ndarray, keep: np.ndarray, matching: dict) -> float:
    """caliper x its unit; infinite without a caliper. The SD is over the patients not discarded, as MatchIt."""
    if matching.get("caliper") is None:
        return np.inf
    unit = 1.0
    if matching.get("caliper_unit", "sd") == "sd":
        unit = np.std(distance[keep], ddof=1)
        if matching.get("caliper_sd", "overall") == "pooled":
            unit = np.sqrt((np.var(distance[keep & treated], ddof=1) + np.var(distance[keep & ~treated], ddof=1)) / 2)
    return matching["caliper"] * unit


def mahalanobis(columns: dict[str, np.ndarray], treated: np.ndarray, keep: np.ndarray) -> np.ndarray:
    """Distances (n, n) by the pooled within-arm covariance, divisor n - 2."""
    x = np.column_stack(list(columns.values()))
    inside = [x[keep & arm] - x[keep & arm].mean(axis=0) for arm in (treated, ~treated)]
    covariance = sum(d.T @ d for d in inside) / (keep.sum() - 2)
    inverse = np.linalg.pinv(np.atleast_2d(covariance))
    gap = x[:, None, :] - x[None, :, :]
    return np.sqrt(np.einsum("ijk,kl,ijl->ij", gap, inverse, gap))


def allowed_pairs(frame: pd.DataFrame, distance: np.ndarray, treated: np.ndarray, matching: dict) -> np.ndarray:
    """bool (n, n): treated row, control column, inside every rule."""
    keep = kept_by_support(distance, treated, matching.get("discard", "none"))
    gap = np.abs(distance[:, None] - distance[None, :])
    fine = gap <= caliper_width(distance, treated, keep, matching)
    fine &= (treated & keep)[:, None] & (~treated & keep)[None, :]
    for name, caliper in matching.get("covariate_calipers", {}).items():
        values = frame[name].to_numpy(float)
        unit = np.std(values[keep], ddof=1) if caliper.get("unit", "sd") == "sd" else 1.0
        fine &= np.abs(values[:, None] - values[None, :]) <= caliper["width"] * unit
    for name in matching.get("exact", []):
        texts = level_texts(frame[name])
        fine &= texts[:, None] == texts[None, :]
    return fine


def greedy(apart: np.ndarray, fine: np.ndarray, distance: np.ndarray, treated: np.ndarray, matching: dict) -> dict:
    """{treated row: [control rows]}, round by round; `apart` (n, n) is what is made small."""
    cost = np.where(fine, apart, np.inf)
    cases = np.flatnonzero(treated)
    order = matching.get("order", "largest")
    sets: dict[int, list[int]] = {int(i): [] for i in cases}
    free = np.ones(len(treated), dtype=bool)
    waiting = list(cases)
    if order in ("largest", "smallest"):
        waiting.sort(key=lambda i: distance[i], reverse=order == "largest")
    for _ in range(matching.get("ratio", 3)):
        waiting = _one_round(
            waiting, cost, free, sets, closest=order == "closest", replace=matching.get("replace", False)
        )
    return {i: controls for i, controls in sets.items() if controls}


def _one_round(waiting: list, cost: np.ndarray, free: np.ndarray, sets: dict, closest: bool, replace: bool) -> list:
    served, left = [], list(waiting)
    while left:
        open_costs = [np.where(_open(i, free, sets, replace), cost[i], np.inf) for i in left]
        place = int(np.argmin([c.min() for c in open_costs])) if closest else 0
        case, choice = left.pop(place), int(np.argmin(open_costs[place]))
        if np.isfinite(open_costs[place][choice]):
            sets[case].append(choice)
            free[choice] = False
            served.append(case)
    return [i for i in waiting if i in served]


def _open(case: int, free: np.ndarray, sets: dict, replace: bool) -> np.ndarray:
    if not replace:
        return free
    still = np.ones(len(free), dtype=bool)
    still[sets[case]] = False
    return still


def weights(sets: dict, treated: np.ndarray) -> np.ndarray:
    """Treated 1; a control sums 1 / (controls of the treated) over the treated it serves; each arm scaled to mean 1."""
    w = np.zeros(len(treated))
    for case, controls in sets.items():
        w[case] = 1
        for control in controls:
            w[control] += 1 / len(controls)
    for arm in (treated, ~treated):
        used = arm & (w > 0)
        w[used] /= w[used].mean()
    return w


def effective_size(w: np.ndarray) -> float:
    return w.sum() ** 2 / (w**2).sum()
