"""Reference for weighted marginal effects: least squares or weighted risks, sandwich by cluster (HC1) or HC3."""

import numpy as np


def difference(
    y: np.ndarray, z: np.ndarray, w: np.ndarray, cluster: np.ndarray | None, n_sets: int = 0
) -> tuple[float, float]:
    """Weighted difference and its SE. cluster None: HC3. n_sets: all matched sets, as R counts the factor's levels."""
    x = np.column_stack([np.ones(len(y)), z])
    bread = np.linalg.inv((x * w[:, None]).T @ x)
    residual = y - x @ (bread @ (x * w[:, None]).T @ y)
    variance = _sandwich(x, w, residual, bread, cluster, n_sets)[1, 1]
    return float((bread @ (x * w[:, None]).T @ y)[1]), float(np.sqrt(variance))


def _sandwich(
    x: np.ndarray, w: np.ndarray, residual: np.ndarray, bread: np.ndarray, cluster: np.ndarray | None, g: int
) -> np.ndarray:
    scores = x * (w * residual)[:, None]
    if cluster is None:
        hat = np.einsum("ij,jk,ik->i", x, bread, x) * w
        scores = scores / (1 - hat)[:, None]
        return bread @ scores.T @ scores @ bread
    groups = np.unique(cluster)
    sums = np.array([scores[cluster == g].sum(axis=0) for g in groups])
    n = len(w)
    return bread @ sums.T @ sums @ bread * g / (g - 1) * (n - 1) / (n - 2)


def log_ratio(
    y: np.ndarray, z: np.ndarray, w: np.ndarray, cluster: np.ndarray, n_sets: int, odds: bool
) -> tuple[float, float]:
    """Weighted risk or odds ratio and the SE of its log: the saturated log or logit model, sandwich by cluster."""
    risks = [np.average(y[z == arm], weights=w[z == arm]) for arm in (0, 1)]
    if not 0 < risks[1] < 1:
        return 0.0 if risks[1] == 0 else np.inf, np.nan
    transform = (lambda p: p / (1 - p)) if odds else (lambda p: p)
    mean = np.where(z == 1, risks[1], risks[0])
    x = np.column_stack([np.ones(len(y)), z])
    information = mean * (1 - mean) if odds else mean  # canonical logit; log link with Poisson working variance
    bread = np.linalg.inv((x * (w * information)[:, None]).T @ x)
    variance = _sandwich(x, w, y - mean, bread, cluster, n_sets)
    return transform(risks[1]) / transform(risks[0]), float(np.sqrt(variance[1, 1]))
