"""Annealing: rearrange the controls' values until the study's own matching picks a sample like the printed one.

Every move keeps each variable's printed quartiles in the MSC group and in the whole cohort; only who has which value
changes. Outcomes play no part here.
"""

from dataclasses import dataclass

import numpy as np

from synthesis import facts
from synthesis.marginals import SHAPES, put
from synthesis.matching import match

NAMES = facts.PROPENSITY
CYCLES = ((1.2, 80000, 0.6), (0.15, 25000, 0.6))  # starting warmth, steps, weight of the p-values
COLD = 0.006
NUDGED = np.array([name != "sofa" for name in NAMES])  # SOFA has too few levels for a small move
LOGGED = np.array([name not in ("age", "sofa") for name in NAMES])


@dataclass
class Design:
    """treated: float (8, 7).  control: float (247, 7) with NaN.  complete: rows of control without a gap."""

    treated: np.ndarray
    control: np.ndarray
    complete: np.ndarray

    def copy(self):
        """A design whose arrays can be changed alone."""
        return Design(self.treated.copy(), self.control.copy(), self.complete)


def spread_scores(design):
    """Correlation matrix of the complete controls, skewed variables logged."""
    x = design.control[design.complete]
    return np.corrcoef(np.where(LOGGED, np.log(x), x), rowvar=False)


class Energy:
    """How far a design is from print; callable on a Design, 0 is perfect."""

    def __init__(self, targets, correlation):
        self.correlation = correlation
        self.start = None
        self.weight_p = CYCLES[-1][2]
        self.aim = np.array([targets[n]["matched"] for n in NAMES]).T
        self.scale = np.array([targets[n]["whole"][2] - targets[n]["whole"][1] for n in NAMES])
        self.scale[NAMES.index("age")] /= 1.5  # the one covariate that differed at the start of the study
        self.asked = np.ones((3, len(NAMES)))
        self.asked[facts.MISPRINT[2], NAMES.index(facts.MISPRINT[0])] = 0.0
        self.aim[facts.MISPRINT[2], NAMES.index(facts.MISPRINT[0])] = 2641.5  # misprinted; a usual spread instead
        self.asked[facts.MISPRINT[2], NAMES.index(facts.MISPRINT[0])] = 0.6
        self.p_whole = facts.log_odds(np.array([targets[n]["p_whole"] for n in NAMES]))
        self.p_aim = facts.log_odds(np.array([targets[n]["p_matched"] for n in NAMES]))

    def __call__(self, design):
        found = match(design.treated, design.control[design.complete], self.start)
        if not np.isfinite(found.beta).all() or np.abs(found.beta).max() > 8:
            return np.inf, found
        self.start = found.beta
        chosen = design.control[design.complete][found.partners.ravel()]
        ordered = np.sort(chosen, axis=0)
        quart = np.array([ordered[11] + ordered[12], ordered[5] + ordered[6], ordered[17] + ordered[18]]) / 2
        gap = np.abs(quart - self.aim)
        off = ((gap / self.scale + 0.02 * (gap > 1e-9)) * self.asked).sum()
        p = facts.signed_rank_p(np.repeat(design.treated, 3, axis=0) - chosen)
        off_p = np.abs(facts.log_odds(p) - self.p_aim).sum()
        p = facts.rank_sum_p(design.treated, design.control)
        off_p += (np.abs(facts.log_odds(p) - self.p_whole) * NUDGED).sum()
        drift = ((spread_scores(design) - self.correlation) ** 2).sum()
        return 4.0 * off + self.weight_p * off_p + 1.5 * drift + fit_penalty(found), found


def fit_penalty(found):
    """Far partners, near ties, runaway coefficients and treated patients outside the controls' range."""
    far = np.maximum(found.pair_distance - 0.30, 0).sum() * 1.5
    tie = max(0.0, 0.002 - found.margin) * 500
    steep = np.maximum(np.abs(found.beta[1:]) - 1.3, 0).sum() * 2
    outside = max(0.0, found.logit[:8].max() - np.sort(found.logit[8:])[-3]) * 2
    return far + tie + steep + outside


def propose(rng, design, found, aim):
    """A changed copy of the design: two values swapped, one nudged, or two treated values swapped."""
    new = design.copy()
    column = rng.integers(len(NAMES))
    kind = rng.random()
    if kind < 0.10:
        i, j = rng.choice(8, 2, replace=False)
        new.treated[[i, j], column] = new.treated[[j, i], column]
        return new
    pool = design.complete[found.partners.ravel()] if rng.random() < 0.6 else design.complete
    i = rng.choice(pool)
    if kind < 0.60:
        there = np.flatnonzero(~np.isnan(design.control[:, column]))
        j = rng.choice(there)
        new.control[[i, j], column] = new.control[[j, i], column]
        return new
    if NUDGED[column]:
        if kind < 0.80:
            factor = np.exp(rng.choice([0.05, 0.4]) * rng.standard_normal())
            put(new.control[:, column], i, new.control[i, column] * factor, SHAPES[NAMES[column]])
        else:
            aim_at_print(rng, new, design.complete[found.partners.ravel()], column, aim)
    return new


def aim_at_print(rng, design, chosen, column, aim):
    """Set one chosen control's value, in place, so that a quartile of the matched sample is as printed."""
    values = design.control[:, column]
    ordered = chosen[np.argsort(values[chosen], kind="stable")]
    which = rng.integers(3)
    pair = ordered[list(((11, 12), (5, 6), (17, 18))[which])]
    row, other = pair if rng.random() < 0.5 else pair[::-1]
    put(values, row, 2 * aim[which, column] - values[other], SHAPES[NAMES[column]])


def anneal(rng, design, targets):
    """The best design met and its energy: cooled once from hot, then warmed and cooled again from the best."""
    energy = Energy(targets, spread_scores(design))
    best = np.inf, design
    for hot, steps, energy.weight_p in CYCLES:
        best = cool(rng, energy, best[1], hot, steps)
    return best[1], best[0]


def cool(rng, energy, design, hot, steps):
    """(energy, design), the best met while the tolerance for worse designs falls from hot to COLD."""
    level, found = energy(design)
    best = level, design
    for step in range(steps):
        warmth = hot * (COLD / hot) ** (step / steps)
        candidate = propose(rng, design, found, energy.aim)
        new_level, new_found = energy(candidate)
        if new_level < level or rng.random() < np.exp((level - new_level) / warmth):
            design, level, found = candidate, new_level, new_found
            if level < best[0]:
                best = level, design
    return best
