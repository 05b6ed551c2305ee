"""Reference for yes/no outcomes. A set is (treated event, [control events]); only patients with the outcome count."""

import itertools
import math

import numpy as np
from scipy import stats

Set = tuple[int, list[int]]
TIE = 1e-7  # R's relative allowance when probabilities are compared, mantelhaen.test and fisher.test


def fisher(a: int, n1: int, b: int, n0: int) -> float:
    """Two-sided p by probabilities no larger than that of the table seen."""
    total = a + b
    chance = {
        k: math.comb(n1, k) * math.comb(n0, total - k) / math.comb(n1 + n0, total)
        for k in range(max(0, total - n0), min(n1, total) + 1)
    }
    return sum(p for p in chance.values() if p <= chance[a] * (1 + TIE))


def mcnemar_pairs(sets: list[Set]) -> tuple[float, float]:
    """Chi-square of the pairs made by repeating each treated, no correction, and its p."""
    b = sum(t == 1 and y == 0 for t, controls in sets for y in controls)
    c = sum(t == 0 and y == 1 for t, controls in sets for y in controls)
    chi = (b - c) ** 2 / (b + c)
    return chi, stats.chi2.sf(chi, 1)


def cmh(sets: list[Set], corrected: bool) -> tuple[float, float]:
    """Cochran-Mantel-Haenszel, one table a set; corrected as R: by half, where the gap is at least a half."""
    gap = variance = 0.0
    for t, controls in sets:
        n, d = 1 + len(controls), t + sum(controls)
        gap += t - d / n
        variance += d * (n - d) * (n - 1) / (n * n * (n - 1))
    half = 0.5 if corrected and abs(gap) >= 0.5 - TIE else 0.0
    chi = (abs(gap) - half) ** 2 / variance
    return chi, stats.chi2.sf(chi, 1)


def treated_events(sets: list[Set], odds: float = 1.0) -> dict[int, float]:
    """P(T = t) of the treated events given each set's events, every way of placing the label enumerated set by set."""
    chance = {0: 1.0}
    for t, controls in sets:
        events = [t, *controls]
        shares: dict[int, float] = {0: 0.0, 1: 0.0}
        for holder in events:
            shares[holder] += odds if holder else 1.0
        total = sum(shares.values())
        grown: dict[int, float] = {}
        for (have, p), (more, q) in itertools.product(chance.items(), shares.items()):
            grown[have + more] = grown.get(have + more, 0.0) + p * q / total
        chance = {k: p for k, p in grown.items() if p > 0}
    return chance


def exact(sets: list[Set]) -> dict[str, float]:
    """p by minlike, central and mid-p."""
    seen, chance = sum(t for t, _ in sets), treated_events(sets)
    low = sum(p for k, p in chance.items() if k <= seen)
    high = sum(p for k, p in chance.items() if k >= seen)
    return {
        "exact_by_set": min(1, sum(p for p in chance.values() if p <= chance[seen] * (1 + TIE))),
        "exact_by_set_central": min(1, 2 * min(low, high)),
        "exact_by_set_midp": min(1, 2 * (min(low, high) - chance[seen] / 2)),
    }


def exact_at(sets: list[Set], odds: float) -> float:
    """The minlike p when the common odds ratio is `odds`."""
    seen, chance = sum(t for t, _ in sets), treated_events(sets, odds)
    return sum(p for p in chance.values() if p <= chance[seen] * (1 + TIE))


def attributable(sets: list[Set], number: int) -> float:
    """The largest exact p over all treated patients whose outcome `number` attributable events can have changed."""
    who = [i for i, (t, _) in enumerate(sets) if t == (number > 0)]
    worst = 0.0
    for changed in itertools.combinations(who, abs(number)):
        untreated = [(1 - t if i in changed else t, controls) for i, (t, controls) in enumerate(sets)]
        worst = max(worst, exact(untreated)["exact_by_set"])
    return worst


def newcombe(treated: np.ndarray, control: np.ndarray) -> tuple[float, float]:
    """Limits of the difference in risk from Wilson's of each arm; an arm is (events, weights)."""
    z, arms = stats.norm.isf(0.025), []
    for event, weight in (treated, control):
        p, n = np.average(event, weights=weight), weight.sum() ** 2 / (weight**2).sum()
        # Wilson: where (p - x)^2 = z^2 x (1 - x) / n
        low, high = sorted(np.roots([1 + z * z / n, -(2 * p + z * z / n), p * p]).real)
        arms.append((p, low, high))
    (p1, low1, high1), (p0, low0, high0) = arms
    below, above = (p1 - low1) ** 2 + (high0 - p0) ** 2, (high1 - p1) ** 2 + (p0 - low0) ** 2
    return p1 - p0 - np.sqrt(below), p1 - p0 + np.sqrt(above)


def tails_at(sets: list[Set], odds: float) -> tuple[float, float]:
    """P(T <= seen), P(T >= seen) when the common odds ratio is `odds`."""
    seen, chance = sum(t for t, _ in sets), treated_events(sets, odds)
    return sum(p for k, p in chance.items() if k <= seen), sum(p for k, p in chance.items() if k >= seen)


def expected_events(sets: list[Set], odds: float) -> float:
    """The conditional maximum likelihood odds ratio is where this meets the events seen."""
    return sum(k * p for k, p in treated_events(sets, odds).items())


def mantel_haenszel(sets: list[Set]) -> dict[str, tuple[float, float]]:
    """(estimate, se) of the odds ratio (Robins-Breslow-Greenland), risk ratio (Greenland-Robins); se of logs."""
    t = np.array([s[0] for s in sets], float)
    m = np.array([len(s[1]) for s in sets], float)
    e = np.array([sum(s[1]) for s in sets], float)
    n = m + 1
    r, s = t * (m - e) / n, (1 - t) * e / n
    p, q = (t + m - e) / n, (1 - t + e) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        return _mantel_haenszel(t, m, e, n, p, q, r, s)


def _mantel_haenszel(
    t: np.ndarray,
    m: np.ndarray,
    e: np.ndarray,
    n: np.ndarray,
    p: np.ndarray,
    q: np.ndarray,
    r: np.ndarray,
    s: np.ndarray,
) -> dict[str, tuple[float, float]]:
    odds_variance = (
        (p * r).sum() / (2 * r.sum() ** 2)
        + (p * s + q * r).sum() / (2 * r.sum() * s.sum())
        + (q * s).sum() / (2 * s.sum() ** 2)
    )
    top, bottom = (t * m / n).sum(), (e / n).sum()
    ratio_variance = ((m * (t + e) - t * e * n) / n**2).sum() / (top * bottom)
    return {
        "odds_ratio": (r.sum() / s.sum(), np.sqrt(odds_variance)),
        "risk_ratio": (top / bottom, np.sqrt(ratio_variance)),
    }
