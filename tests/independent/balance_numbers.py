"""Reference for balance: SMD, variance ratio, KS and mean eCDF difference of one column."""

import numpy as np


def weighted_variance(x: np.ndarray, w: np.ndarray) -> float:
    w = w / w.sum()
    return (w * (x - w @ x) ** 2).sum() / (1 - (w**2).sum())


def balance_row(x: np.ndarray, treated: np.ndarray, w: np.ndarray) -> dict[str, float]:
    """The numbers of one column before matching (all weights 1) and after it."""
    binary = set(np.unique(x)) <= {0.0, 1.0}
    sd = smd_denominator(x, treated, binary)
    row = {}
    for when, weight in (("before", np.ones(len(x))), ("after", w)):
        arms = [(x[arm], weight[arm]) for arm in (treated, ~treated)]
        means = [np.average(v, weights=u) for v, u in arms]
        row[f"mean_treated_{when}"], row[f"mean_control_{when}"] = means
        difference = means[0] - means[1]
        row[f"smd_{when}"] = difference / sd if sd > 0 else (0.0 if abs(difference) < 1e-12 else np.inf)
        if not binary:
            row[f"variance_ratio_{when}"] = weighted_variance(*arms[0]) / weighted_variance(*arms[1])
        gaps = ecdf_gaps(x, *arms)
        row[f"ks_{when}"], row[f"ecdf_mean_{when}"] = max(gaps), (abs(difference) if binary else float(np.mean(gaps)))
    return row


def smd_denominator(x: np.ndarray, treated: np.ndarray, binary: bool) -> float:
    """The treated SD before matching; where it is 0, the pooled within-arm SD weighted by arm size."""
    t, c = x[treated], x[~treated]
    if binary:
        own, other = (v.mean() * (1 - v.mean()) for v in (t, c))
        pooled = (len(t) * own + len(c) * other) / len(x)
    else:
        own = t.var(ddof=1) if len(t) > 1 else 0.0
        pooled = (((t - t.mean()) ** 2).sum() + ((c - c.mean()) ** 2).sum()) / (len(x) - 2)
    return float(np.sqrt(own if own > 0 else pooled))


def ecdf_gaps(x: np.ndarray, treated_arm: tuple, control_arm: tuple) -> list[float]:
    """|F_T - F_C| at every unique value of the full data."""

    def below(values: np.ndarray, w: np.ndarray, at: float) -> float:
        return w[values <= at].sum() / w.sum()

    return [abs(below(*treated_arm, at) - below(*control_arm, at)) for at in np.unique(x)]
