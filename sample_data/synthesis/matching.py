"""The study's matching: logistic propensity score on seven covariates, greedy nearest neighbour 1:3 in rounds."""

from dataclasses import dataclass

import numpy as np

TREATED, RATIO = 8, 3


@dataclass(frozen=True)
class Match:
    """partners: row among the controls (treated, ratio).  pair_distance: on the logit (treated, ratio).

    margin: how far, in logits, the nearest decision of the matching is from going the other way.
    """

    partners: np.ndarray
    pair_distance: np.ndarray
    margin: float
    logit: np.ndarray
    beta: np.ndarray


def fit_logistic(covariates, treated, start=None, tolerance=1e-9, steps=40):
    """(coefficients, design): maximum likelihood by Newton, on standardised columns.

    covariates: float (n, p).  treated: bool (n,).  start: coefficients (p + 1,) of a nearby fit, or None.
    A fit that runs away (separation) comes back with huge coefficients; the caller refuses it.
    """
    centred = (covariates - covariates.mean(0)) / covariates.std(0)
    design = np.column_stack([np.ones(len(treated)), centred])
    beta = np.zeros(design.shape[1]) if start is None else start.copy()
    for _ in range(steps):
        p = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        gradient = design.T @ (treated - p)
        information = (design * (p * (1 - p))[:, None]).T @ design
        beta += np.linalg.solve(information + 1e-12 * np.eye(len(beta)), gradient)
        if np.abs(gradient).max() < tolerance or np.abs(beta).max() > 50:
            break
    return beta, design


def match(treated_rows, control_rows, start=None):
    """Match 8 treated (8, 7) to their three nearest of the complete controls (m, 7)."""
    covariates = np.vstack([treated_rows, control_rows])
    beta, design = fit_logistic(covariates, np.arange(len(covariates)) < TREATED, start)
    logit = design @ beta
    distance = np.abs(logit[:TREATED, None] - logit[None, TREATED:])
    own = np.sort(logit[:TREATED])
    margin = np.diff(own).min()
    order = np.argsort(-logit[:TREATED], kind="stable")
    partners = np.zeros((TREATED, RATIO), dtype=int)
    reach = np.zeros((TREATED, RATIO))
    for turn in range(RATIO):
        for row in order:
            near = np.argpartition(distance[row], 1)[:2]
            first, second = near if distance[row, near[0]] <= distance[row, near[1]] else near[::-1]
            partners[row, turn], reach[row, turn] = first, distance[row, first]
            margin = min(margin, distance[row, second] - distance[row, first])
            distance[:, first] = np.inf
    return Match(partners, reach, float(margin), logit, beta)
