"""One variable at a time: values whose order statistics give the printed quartiles exactly."""

from dataclasses import dataclass

import numpy as np
from scipy.interpolate import PchipInterpolator
from scipy.special import ndtri

from synthesis import facts


@dataclass(frozen=True)
class Shape:
    """How a variable is spread outside its printed quartiles, over the whole control cohort.

    n: controls with a value.  decimals: as written in the file.  tails: minimum, P5, P95, maximum.
    msc_range: lowest and highest value allowed in the MSC group.
    """

    n: int
    decimals: int
    tails: tuple
    msc_range: tuple


AGE_RANGE = (41, 68)  # printed, so both ends occur
SHAPES = {
    "age": Shape(247, 0, (26, 43, 82, 88), AGE_RANGE),
    "sofa": Shape(182, 0, (2, 2, 10, 14), (2, 8)),
    "pf_ratio": Shape(242, 1, (41, 50, 160, 248), (61, 131)),
    "lymphocytes": Shape(247, 2, (0.11, 0.21, 1.60, 3.10), (0.31, 1.52)),
    "ferritin": Shape(132, 1, (62.4, 230, 6100, 14210), (310, 5200)),
    "d_dimer": Shape(206, 0, (202, 330, 9200, 34100), (290, 4800)),
    "crp": Shape(247, 1, (3.1, 18, 330, 478), (24, 285)),
    "bmi": Shape(227, 1, (18.9, 22.2, 38.9, 51.3), (23.4, 41.5)),
    "creatinine": Shape(247, 2, (0.38, 0.50, 2.4, 6.9), (0.41, 1.90)),
    "viral_load_ct": Shape(139, 2, (12.9, 15.6, 34.6, 38.4), (18.0, 35.0)),
    "crp_day7": Shape(219, 1, (0.6, 2.6, 236, 388), (2.1, 131)),
    "d_dimer_day7": Shape(183, 0, (168, 262, 12900, 33800), (205, 5600)),
}


def control_values(rng, shape, printed):
    """Sorted values of the whole control cohort with exactly the printed (median, P25, P75)."""
    mid, low, high = printed
    least, p5, p95, most = shape.tails
    edge = 0.5 / shape.n
    inner_low = low * (mid / low) ** rng.uniform(0.35, 0.65)
    inner_high = mid * (high / mid) ** rng.uniform(0.35, 0.65)
    known = ndtri([edge, 0.05, 0.25, 0.375, 0.5, 0.625, 0.75, 0.95, 1 - edge])
    curve = PchipInterpolator(known, np.log([least, 0.999 * p5, low, inner_low, mid, inner_high, high, p95, most]))
    share = (np.arange(shape.n) + rng.uniform(0.1, 0.9, shape.n)) / shape.n
    values = np.round(np.exp(curve(ndtri(np.clip(share, edge, 1 - edge)))), shape.decimals)
    return pin_quartiles(rng, np.sort(values), printed, shape.decimals)


def pin_quartiles(rng, ordered, printed, decimals):
    """Set the order statistics that make P25, P50, P75 and clip the others to their side."""
    step = 10.0**-decimals
    values = ordered.copy()
    mid, low, high = printed
    for (i, j), aim in zip(facts.quartile_ranks(len(values)), (low, mid, high), strict=True):
        below, above = aim, aim
        if i != j:
            half = round((aim / step) % 1, 6) * step  # an average may carry half a step
            gap = half + step * rng.integers(0, 4) * (decimals > 0)
            below, above = aim - gap, aim + gap
        values[: i + 1] = np.minimum(values[: i + 1], below)
        values[j:] = np.maximum(values[j:], above)
        values[i], values[j] = below, above
    return np.round(np.sort(values), decimals)


def treated_values(rng, shape, printed):
    """Eight sorted values with exactly the printed (median, P25, P75), inside the allowed range."""
    mid, low, high = printed
    least, most = shape.msc_range
    step = 10.0**-shape.decimals
    steps_in = (low - least, mid - low, high - mid, most - high)
    pairs = []
    for aim, room in zip((low, mid, high), zip(steps_in[:-1], steps_in[1:], strict=True), strict=True):
        half = round((aim / step) % 1, 6) * step
        gap = half + step * np.floor(rng.uniform(0.02, 0.95) * min(room) / step)
        pairs += [aim - gap, aim + gap]
    if np.any(np.diff(pairs) < 0):
        return treated_values(rng, shape, printed)
    ends = rng.uniform(least, pairs[0]), rng.uniform(pairs[-1], most)
    ends = AGE_RANGE if shape.msc_range == AGE_RANGE else ends
    return np.round(np.array([ends[0], *pairs, ends[1]]), shape.decimals)


def draw(rng, name, target, tries=400):
    """(8 treated, n control) sorted values with printed quartiles and the Kruskal-Wallis p nearest to print."""
    shape = SHAPES[name]
    best = None
    for _ in range(tries):
        treated = treated_values(rng, shape, target["msc"])
        control = control_values(rng, shape, target["whole"])
        p = facts.kruskal_p(treated, control)
        miss = abs(facts.log_odds(p) - facts.log_odds(target["p_whole"]))
        if best is None or miss < best[0]:
            best = miss, treated, control
    return best[1], best[2]


def put(values, row, value, shape):
    """Write one control's value, in place, unless that would move a printed quartile of the cohort."""
    old, before = values[row], facts.quartiles(values)
    values[row] = np.round(np.clip(value, shape.tails[0], shape.tails[3]), shape.decimals)
    if facts.quartiles(values) != before:
        values[row] = old
