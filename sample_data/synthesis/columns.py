"""Variables that do not enter the match: who has which value, so that the matched sample is as printed."""

import numpy as np

from synthesis import facts
from synthesis.marginals import SHAPES, put

RESTARTS, STEPS = 3, 15000
HOT, COLD = 0.3, 0.005


def hold(rng, n_whole, n_matched, matched, score, allowed=None):
    """bool (247,): who has a value; exactly n_whole of all and n_matched of the matched, likelier with a high score."""
    allowed = np.ones(len(score), dtype=bool) if allowed is None else allowed
    score = np.where(allowed, score + rng.standard_normal(len(score)), -np.inf)
    is_matched = np.isin(np.arange(len(score)), matched)
    chosen = np.zeros(len(score), dtype=bool)
    for rows, count in ((matched, n_matched), (np.flatnonzero(~is_matched), n_whole - n_matched)):
        chosen[rows[np.argsort(-score[rows], kind="stable")[:count]]] = True
    return chosen


def place(ordered, held, score):
    """float (247,): the sorted values given to the held rows in the order of the score, NaN elsewhere."""
    column = np.full(len(held), np.nan)
    rows = np.flatnonzero(held)
    column[rows[np.argsort(score[rows], kind="stable")]] = ordered
    return column


class Energy:
    """How far one column's matched sample is from print, and its ranks from the order they started in."""

    def __init__(self, target, rows, score, held):
        self.target, self.rows, self.held = target, rows, held
        self.score = np.argsort(np.argsort(score[held])).astype(float)
        self.scale = target["whole"][2] - target["whole"][1]

    def __call__(self, treated, column):
        chosen = column[self.rows]
        gap = np.abs(np.array(facts.quartiles(chosen)) - self.target["matched"])
        off = gap.sum() / self.scale + 0.02 * (gap > 1e-9).sum()
        p = facts.signed_rank_p((np.repeat(treated, 3) - chosen)[:, None])[0]
        off_p = abs(facts.log_odds(p) - facts.log_odds(self.target["p_matched"]))
        p = facts.rank_sum_p(treated[:, None], column[:, None])[0]
        off_whole = abs(facts.log_odds(p) - facts.log_odds(self.target["p_whole"]))
        agree = np.corrcoef(np.log(column[self.held]), self.score)[0, 1]
        return 6 * off + 0.6 * off_p + 0.6 * off_whole + 2 * (1 - agree)


def propose(rng, shape, target, matched, treated, column):
    """Changed copies of (treated, column): a swap, a nudge, or one matched value set for a printed quartile."""
    treated, column = treated.copy(), column.copy()
    kind = rng.random()
    there = np.flatnonzero(~np.isnan(column))
    if kind < 0.15:
        i, j = rng.choice(8, 2, replace=False)
        treated[[i, j]] = treated[[j, i]]
    elif kind < 0.65:
        i, j = rng.choice(matched), rng.choice(there)
        column[[i, j]] = column[[j, i]]
    elif kind < 0.85:
        i = rng.choice(matched)
        put(column, i, column[i] * np.exp(0.1 * rng.standard_normal()), shape)
    else:
        ordered = matched[np.argsort(column[matched], kind="stable")]
        which = rng.integers(3)
        i, j = facts.quartile_ranks(len(ordered))[which]
        aim = (target["matched"][1], target["matched"][0], target["matched"][2])[which]
        value = aim if i == j else 2 * aim - column[ordered[j]]
        put(column, ordered[i], value, shape)
    return treated, column


def settle(rng, name, target, treated, column, partners, score):
    """(treated (8,), column (247,)) annealed; whole-cohort and MSC quartiles stay as they are. The best of RESTARTS."""
    rows = partners.ravel()
    held = ~np.isnan(column)
    energy = Energy(target, rows, score, held)
    runs = [cool(rng, name, energy, treated, column, rows[held[rows]]) for _ in range(RESTARTS)]
    return min(runs, key=lambda run: run[0])[1:]


def cool(rng, name, energy, treated, column, matched):
    """(energy, treated, column), the best met while the tolerance for worse ones falls from HOT to COLD."""
    level = energy(treated, column)
    best = level, treated, column
    for step in range(STEPS):
        warmth = HOT * (COLD / HOT) ** (step / STEPS)
        new = propose(rng, SHAPES[name], energy.target, matched, treated, column)
        new_level = energy(*new)
        if new_level < level or rng.random() < np.exp((level - new_level) / warmth):
            level, treated, column = new_level, *new
            if level < best[0]:
                best = level, treated, column
    return best
