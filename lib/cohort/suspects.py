"""What is odd about covariates beside the treatment: named after it, known in one arm, telling it, the same twice."""

from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from ..roles.personal import word_set
from ..roles.vocabulary import moment
from ..table import is_numeric, text_values
from ..words import counted, percent
from .flaws import Flaw
from .possible import folded_words

LATER = word_set(
    "change delta after post final discharge followup fu los vfd verlauf ausgang entlassung sortie sejour alta "
    "estancia ontslag dimissione degenza seguimiento suivi nadir peak worst max maximum"
)
SEPARATES = 0.98  # c-statistic from which one covariate alone tells the arms apart
SAME = 0.999  # correlation from which two columns are one
FEWEST = 8  # patients who know both before two columns are called the same
UNEVEN = 0.2  # difference of the missing shares of the arms from which it is worth saying
LOOKED_AT = 5_000  # rows, spread over the table, that tell which pairs of columns are worth comparing in full


def timing_flaws(columns: tuple[str, ...]) -> Iterator[Flaw]:
    """Covariates whose names speak of a day after treatment began (crp_day7, at discharge)."""
    for name in columns:
        day = moment(name)
        later = LATER.intersection(folded_words(name).split())
        if (day is not None and day > 0) or later:
            why = f"a later day ({day})" if day else "what came later"
            what = f"Its name speaks of {why}; what treatment may have changed cannot be matched on."
            step = "Leave it out, unless it was known before treatment."
            yield Flaw("later", name, "look", what, step)


def arm_flaws(name: str, column: pd.Series, treated: np.ndarray) -> Iterator[Flaw]:
    """Known in one arm alone, unevenly missing, or telling the arms apart.  column, treated: of the eligible."""
    known = column.notna().to_numpy()
    shares = [float(known[arm].mean()) for arm in (treated, ~treated)]
    if 0.0 in shares and any(shares):
        arm = "treated patients" if shares[0] else "controls"
        what = f"It is known in {arm} only, so nobody can be matched on it."
        yield Flaw("one_arm", name, "look", what, "Leave it out.", int(known.sum()))
    elif abs(shares[0] - shares[1]) >= UNEVEN:
        what = f"It is missing in {percent(1 - shares[0])} of the treated and {percent(1 - shares[1])} of the controls."
        yield Flaw("uneven", name, "look", what, "Ask why: who was measured may say who was treated.")
    elif _separates(column[known], treated[known]):
        what = "It alone tells treated from controls almost completely: is it a part or a consequence of the treatment?"
        yield Flaw("separates", name, "look", what, "Leave it out, unless it is why patients were treated.")


def _separates(column: pd.Series, treated: np.ndarray) -> bool:
    """By the c-statistic of its numbers, or of the share of treated in its levels; levels of one patient each tell
    nothing. Of arms of more than LOOKED_AT patients so many each tell, spread over the file."""
    column, treated = _some_of_each(column, treated)
    if not is_numeric(column):
        levels = pd.Series(treated).groupby(text_values(column))
        if len(column) < FEWEST or levels.ngroups > len(column) / 4:
            return False
        values = levels.transform("mean").to_numpy(dtype=float)
    else:
        values = column.to_numpy(dtype=float)
    m = int(treated.sum())
    if min(m, len(treated) - m) < 2:
        return False
    ranks = pd.Series(values).rank().to_numpy()
    c = (ranks[treated].sum() - m * (m + 1) / 2) / (m * (len(treated) - m))
    return max(c, 1 - c) >= SEPARATES


def _some_of_each(column: pd.Series, treated: np.ndarray) -> tuple[pd.Series, np.ndarray]:
    places = [np.flatnonzero(arm) for arm in (treated, ~treated)]
    kept = np.concatenate([rows[:: max(1, len(rows) // LOOKED_AT)] for rows in places])
    return column.iloc[kept], treated[kept]


def twin_flaws(columns: Mapping[str, pd.Series]) -> Iterator[Flaw]:
    """Pairs of covariates that are equal, or nearly so, in everybody who has both."""
    numbers = {name: _as_numbers(column) for name, column in columns.items()}
    for one, other in combinations(numbers, 2):
        step = max(1, len(numbers[one]) // LOOKED_AT)
        if _alike(numbers[one][::step], numbers[other][::step]) and _alike(numbers[one], numbers[other]):
            both = int((np.isfinite(numbers[one]) & np.isfinite(numbers[other])).sum())
            what = f'It says the same as "{other}" in all {counted(both, "patient")} who have both.'
            yield Flaw("twins", one, "look", what, "Keep one of the two.")


def _as_numbers(column: pd.Series) -> np.ndarray:
    """float (n,): the numbers, or for text the codes of its levels in the order in which they appear."""
    if is_numeric(column):
        return column.to_numpy(dtype=float)
    codes = pd.factorize(column.to_numpy())[0].astype(float)
    return np.where(codes < 0, np.nan, codes)


def _alike(one: np.ndarray, other: np.ndarray) -> bool:
    both = np.isfinite(one) & np.isfinite(other)
    if both.sum() < FEWEST:
        return False
    x, y = one[both], other[both]
    if x.min() == x.max() or y.min() == y.max():
        return False
    return bool(abs(np.corrcoef(x, y)[0, 1]) >= SAME)
