"""Days free of ICU, ventilation, HFNO and oxygen by day 28: printed quartiles, and an order a bedside would give.

Rules kept for every patient: dead by day 28 means 0 everywhere; oxygen is needed at least as long as HFNO
(o2 <= hfno); HFNO is an ICU treatment here (icu <= hfno); and no support ends before extubation
(icu, hfno, o2 <= ventilation-free days of the ventilated).
"""

import numpy as np

from synthesis import facts

ICU, VENT, HFNO, O2 = range(4)  # columns, in the order of facts.FREE_DAYS
# Eight MSC patients, most severe first: the first had MV at inclusion, the second ECMO (58 days in ICU), the third MV
# later, the fourth a pneumothorax and a second ICU stay. Columns as above.
TREATED_DAYS = np.array(
    [
        [6, 11, 10, 8],
        [0, 0, 0, 0],
        [12, 23, 21, 18],
        [7, np.nan, 11, 9],
        [16, np.nan, 23, 20],
        [21, np.nan, 26, 24],
        [23, np.nan, 27, 25],
        [25, np.nan, 27, 26],
    ],
    dtype=float,
)
MOST = {ICU: 26, VENT: 26, HFNO: 27, O2: 27}
RESTARTS, STEPS = 4, 70000
HOT, COLD = 1.0, 0.01


def cohort_days(rng, n, zeros, printed, most):
    """Sorted whole days of n controls with the printed (median, P25, P75) and the given number of zeros."""
    mid, _, high = printed
    _, (middle, _), (upper, _) = facts.quartile_ranks(n)
    zeros = max(zeros, middle + 1) if mid == 0 else zeros
    bend = rng.uniform(0.7, 2.5, 3)
    lower = np.sort(np.ceil(rng.beta(bend[0], 1.0, middle - zeros) * mid)) if mid else np.zeros(0)
    start = middle + 1 if mid else zeros
    inner = np.round(mid + (high - mid) * rng.beta(bend[1], 1.0, upper - start))
    inner = np.sort(np.maximum(inner, 1))
    outer = np.sort(np.round(high + (most - high) * rng.beta(0.8, bend[2], n - upper - 1)))
    return np.concatenate([np.zeros(zeros), lower, [mid] * bool(mid), inner, [high], outer])


def draw_cohort_days(rng, targets, n_vent, least_zeros):
    """{column: sorted days} whose Kruskal-Wallis p against the MSC group is nearest to print, HFNO above the others."""
    found = {}
    for column in (HFNO, ICU, O2, VENT):
        name = facts.FREE_DAYS[column]
        n = n_vent if column == VENT else 247
        best = None
        for _ in range(300):
            zeros = least_zeros[column] + rng.integers(0, 14)
            days = cohort_days(rng, n, zeros, targets[name]["whole"], MOST[column])
            days = np.minimum(days, found[HFNO]) if column in (ICU, O2) else days
            p = facts.kruskal_p(TREATED_DAYS[:, column], days)
            miss = abs(facts.log_odds(p) - facts.log_odds(targets[name]["p_whole"]))
            if best is None or miss < best[0]:
                best = miss, days
        found[column] = best[1]
    return found


def recovery(rng, controls, events):
    """How early a survivor is free of support, higher is earlier; float (247,)."""
    age, sofa = controls.values["age"], controls.values["sofa"]
    known = -1.6 * events.ventilated - 0.6 * events.noradrenaline - 2.5 * events.dead60 - 0.02 * (age - 65)
    return known - 0.08 * (np.where(np.isnan(sofa), 4, sofa) - 4) + 0.6 * rng.standard_normal(len(age))


def first_assignment(days, score, events):
    """float (247, 4): sorted days given in the order of recovery, zeros to the dead, NaN where never ventilated."""
    table = np.full((len(score), 4), np.nan)
    rank = np.where(events.dead28, -np.inf, score)
    for column, ordered in days.items():
        rows = np.flatnonzero(events.ventilated) if column == VENT else np.arange(len(score))
        table[rows[np.argsort(rank[rows], kind="stable")], column] = ordered
    return table


def violations(table):
    """Days by which the rules between columns are broken, per patient."""
    over = np.maximum(table[:, [O2, ICU]] - table[:, [HFNO]], 0).sum(axis=1)
    return over + np.nansum(np.maximum(table[:, [ICU, HFNO, O2]] - table[:, [VENT]], 0), axis=1)


class Energy:
    """How far the free days are from print, from the rules, and from the order of recovery."""

    def __init__(self, targets, partners, score, alive):
        self.rows, self.alive, self.score = partners.ravel(), alive, score[alive]
        self.aim = np.array([targets[name]["matched"] for name in facts.FREE_DAYS])
        self.p_aim = facts.log_odds(np.array([targets[name]["p_matched"] for name in facts.FREE_DAYS]))

    def __call__(self, treated, table):
        chosen = table[self.rows]
        quart = np.array([facts.quartiles(column) for column in chosen.T])
        off_p = np.abs(facts.log_odds(facts.signed_rank_p(np.repeat(treated, 3, axis=0) - chosen)) - self.p_aim).sum()
        living = table[self.alive]
        disorder = sum(1 - np.corrcoef(living[:, c], self.score)[0, 1] for c in (ICU, HFNO, O2))
        off = np.abs(quart - self.aim).sum()
        return 1.0 * violations(table).sum() + 1.0 * off + 0.8 * off_p + 6 * disorder


def choose_swap(rng, table, matched, alive, wrong):
    """(array, cells, cells) of a swap between two survivors in one column, or None if it would change nothing."""
    column, kind = rng.integers(4), rng.random()
    i = rng.choice(wrong if kind < 0.3 and len(wrong) else matched if kind < 0.65 else alive)
    j = rng.choice(alive)
    same = np.isnan(table[[i, j], column]).any() or table[i, column] == table[j, column]
    return None if same else (table, (i, column), (j, column))


def exchange(array, first, second):
    """Swap two cells or rows, in place."""
    array[first], array[second] = np.copy(array[second]), np.copy(array[first])


def anneal(rng, treated, table, energy, survivors, calm):
    """(energy, treated, table) after swapping days between surviving controls, and between calm treated rows."""
    treated, table = treated.copy(), table.copy()
    level = energy(treated, table)
    matched, alive = survivors
    for step in range(STEPS):
        warmth = HOT * (COLD / HOT) ** (step / STEPS)
        if rng.random() < 0.05:
            swap = (treated, *rng.choice(calm, 2, replace=False))
        else:
            swap = choose_swap(rng, table, matched, alive, np.flatnonzero(violations(table)))
        if swap is None:
            continue
        exchange(*swap)
        new = energy(treated, table)
        if new < level or rng.random() < np.exp((level - new) / warmth):
            level = new
        else:
            exchange(*swap)
    return level, treated, table


def arrange(rng, targets, controls, events, partners):
    """(treated (8, 4), controls (247, 4)) free days in the order of facts.FREE_DAYS; the rules hold exactly."""
    treated = np.empty((8, 4))
    treated[events.severity] = TREATED_DAYS
    stuck = events.ventilated & (events.dead28 | events.dead60)
    least = {VENT: int(stuck.sum()), HFNO: int(65 + (stuck & ~events.dead28).sum()) + 4}
    least |= {O2: least[HFNO] + 2, ICU: least[HFNO] + 8}
    days = draw_cohort_days(rng, targets, int(events.ventilated.sum()), least)
    score = recovery(rng, controls, events)
    table = first_assignment(days, score, events)
    alive = np.flatnonzero(~events.dead28)
    energy = Energy(targets, partners, score, alive)
    survivors = np.intersect1d(partners.ravel(), alive), alive
    runs = [anneal(rng, treated, table, energy, survivors, events.severity[3:]) for _ in range(RESTARTS)]
    _, treated, table = min(runs, key=lambda run: run[0])
    if violations(table).any():
        raise RuntimeError("The free days still break a rule; raise STEPS or change the seed.")
    return treated, table
