"""The 247 controls before the matched sample is calibrated: who they are, what is missing, what goes together."""

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from synthesis import facts

CONTROLS = 247
BASELINE = (*facts.PROPENSITY, *facts.OTHER_BASELINE)
# Correlation of the normal scores: severity goes with age, inflammation with clotting, kidney with SOFA.
PAIRS = {
    ("age", "sofa"): 0.15,
    ("age", "pf_ratio"): -0.05,
    ("age", "lymphocytes"): -0.22,
    ("age", "d_dimer"): 0.28,
    ("age", "crp"): 0.05,
    ("age", "bmi"): -0.28,
    ("age", "creatinine"): 0.30,
    ("age", "ferritin"): 0.0,
    ("sofa", "pf_ratio"): -0.35,
    ("sofa", "lymphocytes"): -0.15,
    ("sofa", "d_dimer"): 0.22,
    ("sofa", "crp"): 0.20,
    ("sofa", "ferritin"): 0.12,
    ("sofa", "creatinine"): 0.48,
    ("pf_ratio", "crp"): -0.25,
    ("pf_ratio", "bmi"): -0.12,
    ("pf_ratio", "d_dimer"): -0.15,
    ("pf_ratio", "ferritin"): -0.10,
    ("lymphocytes", "crp"): -0.12,
    ("lymphocytes", "viral_load_ct"): 0.22,
    ("ferritin", "crp"): 0.30,
    ("ferritin", "d_dimer"): 0.12,
    ("d_dimer", "crp"): 0.18,
    ("d_dimer", "creatinine"): 0.15,
    ("viral_load_ct", "age"): -0.12,
}
# Admissions by month: the autumn wave of 2020 and the spring wave of 2021 carry most of them.
MONTHS = [(2020, m, w) for m, w in zip(range(6, 13), (2, 2, 4, 12, 60, 62, 26), strict=True)]
MONTHS += [(2021, m, w) for m, w in zip(range(1, 10), (14, 12, 22, 24, 12, 4, 2, 6, 8), strict=True)]
EARLY = {"ferritin": 1.0, "sofa": 0.9, "viral_load_ct": -0.2, "d_dimer": 0.5}  # missing more in the first months
OVERLAP = 1.0  # weight of what the patient's missing tests share (transfers, nights)
OLDER = 0.5  # how much of that share goes with age


@dataclass
class Controls:
    """values: {variable: float (247,)}, NaN where missing.  admitted: days since 1 June 2020, float (247,)."""

    values: dict
    admitted: np.ndarray
    male: np.ndarray
    frailty: np.ndarray


def admission_days(rng, n):
    """Day of ICU admission since 1 June 2020, float (n,)."""
    weights = np.array([w for *_, w in MONTHS], dtype=float)
    chosen = rng.choice(len(MONTHS), size=n, p=weights / weights.sum())
    start = date(2020, 6, 1)
    firsts = np.array([(date(y, m, 1) - start).days for y, m, _ in MONTHS])
    return firsts[chosen] + rng.integers(0, 28, n).astype(float)


def iso_date(day):
    """Days since 1 June 2020 as an ISO date."""
    return (date(2020, 6, 1) + timedelta(days=int(day))).isoformat()


def normal_scores(rng):
    """float (247, variables): correlated standard normal scores."""
    place = {name: k for k, name in enumerate(BASELINE)}
    matrix = np.eye(len(BASELINE))
    for (a, b), r in PAIRS.items():
        matrix[place[a], place[b]] = matrix[place[b], place[a]] = r
    return rng.standard_normal((CONTROLS, len(BASELINE))) @ np.linalg.cholesky(matrix).T


def missing_rows(rng, admitted, shared, name, count):
    """bool (247,): `count` rows lacking `name`, likelier early and where the patient lacks other tests.

    shared: float (247,), what a patient's gaps have in common; the older were tested less.
    """
    early = np.argsort(np.argsort(-admitted)) / CONTROLS - 0.5
    score = EARLY.get(name, 0.0) * 2 * early + OVERLAP * shared + rng.standard_normal(CONTROLS)
    gone = np.zeros(CONTROLS, dtype=bool)
    gone[np.argsort(-score)[:count]] = True
    return gone


def draw_controls(rng, sorted_values):
    """Controls whose seven propensity covariates keep the sorted values given and the correlations above.

    sorted_values: {variable: float (n,)} for the propensity covariates; the other three are added after the match.
    """
    scores = normal_scores(rng)
    admitted = admission_days(rng, CONTROLS)
    shared = OLDER * scores[:, 0] + rng.standard_normal(CONTROLS)
    values = {}
    for k, name in enumerate(BASELINE):
        if name not in facts.PROPENSITY:
            values[name] = scores[:, k]
            continue
        held = ~missing_rows(rng, admitted, shared, name, CONTROLS - len(sorted_values[name]))
        column = np.full(CONTROLS, np.nan)
        rows = np.flatnonzero(held)
        column[rows[np.argsort(scores[rows, k])]] = sorted_values[name]
        values[name] = column
    male = scores[:, BASELINE.index("creatinine")] * 0.5 + rng.standard_normal(CONTROLS) > -0.62
    return Controls(values, admitted, male, rng.standard_normal(CONTROLS))
