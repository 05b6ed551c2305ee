"""Deaths, ventilation and noradrenaline: exact printed counts, given after the match so they can not steer it."""

from dataclasses import dataclass

import numpy as np

from synthesis import facts

CONTROLS = 247
WHOLE = {"death_28d": 65, "death_60d": 79, "need_mv": 109, "need_noradrenaline": 97}
MATCHED_DEATHS = (5, 2)  # by day 28, and from day 29 to day 60
# Of the controls matched to a treated patient with the event, and of those matched to one without it.
MATCHED_MV, MATCHED_NORADRENALINE = (4, 7), (3, 8)
MV_TREATED, NORADRENALINE_TREATED = 3, 2


@dataclass(frozen=True)
class Events:
    """Control arrays (247,): bool, and follow-up in days.  severity: treated rows, the most severe first (8,)."""

    dead28: np.ndarray
    dead60: np.ndarray
    ventilated: np.ndarray
    noradrenaline: np.ndarray
    followup: np.ndarray
    severity: np.ndarray


def filled(column, value):
    """The column with its gaps set to a usual value."""
    return np.where(np.isnan(column), value, column)


def risk_of_death(rng, column, frailty):
    """Higher with age, SOFA, D-dimer and lymphopenia, and lower with PaO2/FiO2; float (247,)."""
    known = (
        0.065 * (column["age"] - 66)
        + 0.20 * (filled(column["sofa"], 4) - 4)
        - 0.010 * (filled(column["pf_ratio"], 80) - 80)
        + 0.35 * np.log(filled(column["d_dimer"], 1100) / 1000)
        - 0.40 * np.log(column["lymphocytes"] / 0.63)
    )
    return known + 0.5 * frailty + rng.logistic(scale=0.6, size=CONTROLS)


def top(score, rows, count):
    """bool (247,): the `count` of the rows with the highest score."""
    rows = np.asarray(rows)
    chosen = np.zeros(len(score), dtype=bool)
    chosen[rows[np.argsort(-score[rows], kind="stable")[:count]]] = True
    return chosen


def matched_deaths(risk, partners):
    """(by day 28, by day 60), bool (247,): the riskiest of each set, one a set, then two more in all."""
    first = partners[np.arange(len(partners)), risk[partners].argmax(1)]
    early = top(risk, first, MATCHED_DEATHS[0])
    dead_set = np.isin(first, np.flatnonzero(early))
    late = top(risk, first[~dead_set], 1)
    second = np.array([row for line in partners[dead_set] for row in np.sort(line) if not early[row]])
    late |= top(risk, second, MATCHED_DEATHS[1] - 1)
    return early, early | late


def matched_need(score, partners, has_event, counts):
    """bool (247,): the printed discordance; counts for sets whose treated has the event, and for the others."""
    return top(score, partners[has_event].ravel(), counts[0]) | top(score, partners[~has_event].ravel(), counts[1])


def order_of_severity(treated):
    """Rows of the 8 treated, most severe first: high SOFA and low PaO2/FiO2."""
    sofa = treated[:, facts.PROPENSITY.index("sofa")]
    oxygen = treated[:, facts.PROPENSITY.index("pf_ratio")]
    return np.argsort(-(0.5 * (sofa - 4) - 0.06 * (oxygen - 85)), kind="stable")


def times(rng, dead28, dead60, ventilated):
    """Days from ICU admission to death, 60 for those alive then; float (247,)."""
    followup = np.full(CONTROLS, 60.0)
    scale = np.where(ventilated, 15.5, 9.0)
    early = np.clip(np.round(scale * np.exp(0.45 * rng.standard_normal(CONTROLS))), 2, 28)
    late = np.clip(np.round(29 + rng.exponential(9.0, CONTROLS)), 29, 59)
    followup[dead28] = early[dead28]
    followup[dead60 & ~dead28] = late[dead60 & ~dead28]
    return followup


def draw_events(rng, treated, controls, partners):
    """Events of all controls. treated: float (8, 7).  partners: rows of the matched controls (8, 3)."""
    column = controls.values
    others = np.setdiff1d(np.arange(CONTROLS), partners.ravel())
    risk = risk_of_death(rng, column, controls.frailty)
    early, by60 = matched_deaths(risk, partners)
    dead28 = early | top(risk, others, WHOLE["death_28d"] - early.sum())
    later = np.where(dead28, -np.inf, risk)
    dead60 = dead28 | by60 | top(later, others, WHOLE["death_60d"] - WHOLE["death_28d"] - (by60.sum() - early.sum()))
    severity = order_of_severity(treated)
    oxygen = 0.02 * (filled(column["pf_ratio"], 80) - 80)
    lungs = 0.22 * (filled(column["sofa"], 4) - 4) - oxygen + 0.15 * np.log(column["crp"] / 120)
    need = lungs + 0.9 * dead60 - 0.06 * np.maximum(column["age"] - 76, 0) + rng.logistic(scale=0.55, size=CONTROLS)
    has_mv = np.isin(np.arange(8), severity[:MV_TREATED])
    ventilated = matched_need(need, partners, has_mv, MATCHED_MV)
    ventilated |= top(need, others, WHOLE["need_mv"] - ventilated.sum())
    shock = 3.2 * ventilated + 0.15 * (filled(column["sofa"], 4) - 4) + 0.9 * dead60
    shock += rng.logistic(scale=0.6, size=CONTROLS)
    has_na = np.isin(np.arange(8), severity[:NORADRENALINE_TREATED])
    noradrenaline = matched_need(shock, partners, has_na, MATCHED_NORADRENALINE)
    noradrenaline |= top(shock, others, WHOLE["need_noradrenaline"] - noradrenaline.sum())
    followup = times(rng, dead28, dead60, ventilated)
    return Events(dead28, dead60, ventilated, noradrenaline, followup, severity)
