"""The quality of what is known before treatment: what is missing where, and what is odd. Counts and ranges, no rows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..spec.parts import CohortPart
from ..table import Table, is_numeric
from .columns import require_columns
from .flaws import Flaw, constant, number_flaws
from .flow import screen
from .losses import asked_of_patients, patterns_of
from .suspects import arm_flaws, timing_flaws, twin_flaws

MISSING_MAP = ("column", "treated", "control", "share_treated", "share_control")
MOST_PATTERNS = 10


@dataclass(frozen=True)
class Quality:
    """flaws: what to look at, by column in the spec's order.  n: eligible (treated, controls).  missing: DataFrame
    MISSING_MAP, a row a column: how many lack it, and their share of the arm.  patterns: DataFrame [columns, treated,
    control], the MOST_PATTERNS most frequent sets of columns (a tuple) that patients lack together; () is nobody's
    gap."""

    flaws: tuple[Flaw, ...]
    n: tuple[int, int]
    missing: pd.DataFrame
    patterns: pd.DataFrame


def quality(table: Table, spec: CohortPart) -> Quality:
    """Look at the covariates, described and matching columns of the eligible patients; outcomes stay unseen. Raises
    DataError when a column is absent or an arm is left without an eligible patient."""
    require_columns(table.frame, spec)
    screened = screen(table.frame, spec)
    names = tuple(dict.fromkeys([*asked_of_patients(spec), *spec.columns.described]))
    columns = {name: table.frame[name].iloc[screened.rows].reset_index(drop=True) for name in names}
    treated = screened.treated
    found = [*timing_flaws(names), *twin_flaws({name: columns[name] for name in asked_of_patients(spec)})]
    for name, column in columns.items():
        found += [*_values_flaws(name, column, spec), *arm_flaws(name, column, treated)]
    order = {name: place for place, name in enumerate(names)}
    flaws = sorted(found, key=lambda flaw: (order.get(flaw.column or "", -1), flaw.level != "look"))
    n = int(treated.sum()), int((~treated).sum())
    return Quality(
        tuple(flaws), n, _missing_map(columns, treated), _patterns(table.frame, names, screened.rows, treated)
    )


def _values_flaws(name: str, column: pd.Series, spec: CohortPart) -> list[Flaw]:
    if is_numeric(column) and name not in spec.columns.categorical:
        return list(number_flaws(name, column.to_numpy(dtype=float), spec.columns.normal.get(name, "")))
    return [constant(name)] if column.nunique() == 1 else []


def _missing_map(columns: dict[str, pd.Series], treated: np.ndarray) -> pd.DataFrame:
    made = []
    for name, column in columns.items():
        gap = column.isna().to_numpy()
        counts = int((gap & treated).sum()), int((gap & ~treated).sum())
        made.append((name, *counts, float(gap[treated].mean()), float(gap[~treated].mean())))
    return pd.DataFrame(made, columns=list(MISSING_MAP))


def _patterns(frame: pd.DataFrame, names: tuple[str, ...], rows: np.ndarray, treated: np.ndarray) -> pd.DataFrame:
    patterns, counts = patterns_of(frame, names, rows, treated)
    order = np.argsort(-counts.sum(axis=1), kind="stable")[:MOST_PATTERNS]
    made = [(tuple(np.array(names, dtype=object)[patterns[at]]), *counts[at].tolist()) for at in order.tolist()]
    return pd.DataFrame(made, columns=["columns", "treated", "control"])
