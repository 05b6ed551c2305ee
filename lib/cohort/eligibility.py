"""Which rows an eligibility rule keeps."""

import operator

import numpy as np
import pandas as pd

from ..errors import DataError
from ..rounding import slack
from ..spec import EligibilityRule, as_text
from ..table import is_numeric, level_values
from .arms import same_level

ORDERED = {">=": (operator.ge, -1), "<=": (operator.le, 1), ">": (operator.gt, 1), "<": (operator.lt, -1)}


def rule_holds(column: pd.Series, rule: EligibilityRule) -> np.ndarray:
    """bool (rows,): where `column op value` holds; never where the value is missing.

    >= <= > < compare numbers, those equal up to rounding being equal; == != in, not in compare as text, "1" and 1.0
    being the same. Raises DataError for an ordered comparison on a text column.
    """
    known = column.notna().to_numpy()
    if rule.op in ORDERED and isinstance(rule.value, float):
        if not is_numeric(column):
            raise DataError(
                f'The eligibility rule "{rule.label()}" needs numbers, and column "{rule.column}" holds text.',
                "Use == or in with its values, or correct the entries that are not numbers.",
            )
        return known & _holds(column.to_numpy(dtype=float), rule.op, rule.value)
    wanted = rule.value if isinstance(rule.value, tuple) else (rule.value,)
    texts = pd.Series(level_values(column))
    levels = sorted(texts.dropna().unique())
    matched = {same_level(str(as_text(value)), levels) for value in wanted} - {None}
    inside = texts.isin(list(matched)).to_numpy()
    return known & (inside if rule.op in ("==", "in") else ~inside)


def _holds(values: np.ndarray, op: str, bound: float) -> np.ndarray:
    """values: float (rows,), NaN where missing, for which the result means nothing."""
    compare, side = ORDERED[op]
    return compare(values, bound + side * slack(np.append(values, bound)))
