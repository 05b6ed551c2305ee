"""Why a number of result.json is null: one sentence for each kind of gap that occurs."""

import numpy as np

from ..balance import BalanceTable
from ..inference import Detectable
from ..steps import Steps
from ..words import quoted


def null_notes(analysis: Steps) -> tuple[str, ...]:
    """Sentences on every null outside the outcomes, whose results carry notes of their own."""
    notes = []
    if np.isnan(analysis.comparison.caliper_width):
        notes.append("caliper_width is null: no caliper was set.")
    if np.isnan(analysis.score.coefficients).any():
        notes.append("The propensity numbers are null: no propensity model was fitted.")
    return (*notes, *_design_notes(analysis.power), *_balance_notes(analysis.balance))


def _design_notes(design: Detectable | None) -> list[str]:
    if design is None:
        return ["design is null: the matched sets overlap, or there is none, so there is no test by set to plan for."]
    if np.isnan(design.shift) or design.risks.isna().any(axis=None):
        return ["design: a detectable risk or shift is null where no difference at all is found with 80% power."]
    return []


def _balance_notes(balance: BalanceTable) -> list[str]:
    rows, notes = balance.rows, []
    if rows["binary"].any():
        notes.append("variance_ratio is null for yes/no covariates and factor levels, which it does not describe.")
    spread = rows[~rows["binary"].astype(bool)]
    for moment in ("before", "after"):
        ratio = ~np.isfinite(spread[f"variance_ratio_{moment}"].astype(float))
        if ratio.any():
            names = quoted(spread.loc[ratio, "covariate"])
            notes.append(f"variance_ratio_{moment} is null for {names}: an arm has a single patient or no spread.")
        smd = ~np.isfinite(rows[f"smd_{moment}"].astype(float))
        if smd.any():
            names = quoted(dict.fromkeys(rows.loc[smd, "covariate"]))
            notes.append(f"smd_{moment} is null for {names}: the arms differ and the standard deviation is 0.")
    return notes
