"""A balance table in one sentence that a clinician can repeat, and that knows how small the cohort is."""

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from scipy.special import fdtri

from ..words import counted
from .table import NOT_JUDGED, BalanceTable, label

SMALL = 0.1  # |SMD| below this is taken as balanced (Austin 2009, Stat Med 28:3083)
SPREAD = 2.0  # variance ratios between 1/2 and 2 are taken as alike (Rubin 2001, HSORM 2:169)
NAMED = 3  # covariates named in the sentence


@dataclass(frozen=True)
class Verdict:
    """level: pass (every |SMD| within 0.1, spreads alike), look (a larger difference, but within what chance gives a
    randomised trial of this size; or unlike spreads; or no covariate to judge by), fail (more than 0.1 and more than
    chance).  sentence: says so."""

    level: Literal["pass", "look", "fail"]
    sentence: str


def balance_verdict(table: BalanceTable) -> Verdict:
    """Judge the matched sample by its differences, never by p-values (Imai, King and Stuart 2008). A band that does not
    exist (one treated patient) excuses nothing that exceeds 0.1 but cannot condemn it either: look."""
    if table.rows.empty:
        return Verdict("look", NOT_JUDGED)
    rows = table.rows.assign(size=table.rows["smd_after"].abs())
    above = rows[rows["size"] > SMALL].sort_values("size", ascending=False, kind="stable")
    if above.empty:
        return _alike(table)
    beyond = above[np.isinf(above["size"]) | (above["size"] > table.chance_band)]
    if beyond.empty:
        return Verdict("look", _within_chance(table, above))
    return Verdict("fail", _beyond_chance(table, beyond))


def _alike(table: BalanceTable) -> Verdict:
    unlike = table.rows[[_unlike_spread(ratio, table) for ratio in table.rows["variance_ratio_after"]]]
    agree = "After matching every covariate differs by at most 0.1 standard deviations between the groups"
    if unlike.empty:
        return Verdict("pass", f"{agree}: the groups are alike in what was measured.")
    names = ", ".join(label(row) for _, row in unlike.head(NAMED).iterrows())
    verb = "is" if len(unlike) == 1 else "are"
    return Verdict(
        "look",
        f"{agree}, but {names} {verb} spread differently in the two groups (variance ratio outside "
        "0.5 to 2); compare the distributions.",
    )


def _unlike_spread(ratio: float, table: BalanceTable) -> bool:
    """Outside 1/2 to 2, and outside what chance gives two samples of this size (95% range of F)."""
    if math.isnan(ratio) or 1 / SPREAD <= ratio <= SPREAD:
        return False
    if math.isinf(ratio):
        return True
    low, high = fdtri(table.ess_treated - 1, table.ess_control - 1, [0.025, 0.975])
    return bool(ratio < low or ratio > high)


def _within_chance(table: BalanceTable, above: pd.DataFrame) -> str:
    said, band = _differ(above, table.chance_band), _shown(table.chance_band, above, table.chance_band)
    patients = f"{counted(table.n_treated, 'treated patient')} and {counted(table.n_control, 'control')}"
    if math.isnan(table.chance_band):
        return f"{said} With {patients} nobody can tell whether that is more than chance."
    return (
        f"{said} With {patients} even a randomised trial would leave differences up to {band} by chance, so this "
        "sample is too small to show balance or to rule it out."
    )


def _beyond_chance(table: BalanceTable, beyond: pd.DataFrame) -> str:
    said, band = _differ(beyond, table.chance_band), _shown(table.chance_band, beyond, table.chance_band)
    meaning = "the groups are not alike, and a difference in outcome may come from this."
    if math.isnan(table.chance_band):
        return f"{said} So {meaning}"
    return f"{said} That is more than the {band} that chance would leave in a randomised trial of this size: {meaning}"


def _differ(rows: pd.DataFrame, band: float) -> str:
    """The worst few, worst first."""
    worst = [f"{label(row)} ({_shown(row['size'], rows, band)})" for _, row in rows.head(NAMED).iterrows()]
    if len(rows) > NAMED:
        worst.append(f"{len(rows) - NAMED} more")
    names = worst[0] if len(worst) == 1 else f"{', '.join(worst[:-1])} and {worst[-1]}"
    return f"After matching the groups still differ by more than {SMALL} standard deviations in {names}."


def _shown(value: float, rows: pd.DataFrame, band: float) -> str:
    """Two decimals, three where two would print a difference and its limit alike."""
    if math.isinf(value):
        return "without overlap"
    close = [size for size in rows["size"].head(NAMED) if min(abs(size - SMALL), abs(size - band)) < 0.01]
    return f"{value:.3f}" if close else f"{value:.2f}"
