"""Sets made elsewhere: does the set column of the file give treated patients and controls to every set?"""

import numpy as np
import pandas as pd

from ..errors import DataError
from ..table import text_values
from ..words import counted
from .arms import Arms


def check_sets(column: pd.Series, arms: Arms) -> None:
    """column: the set labels of the whole file, missing for patients in no set.  arms: of the same rows.

    Raises DataError for a column without any label, and for sets that hold no treated patient or no control. Rows of
    neither arm count for neither. Patients that an eligibility rule or a missing covariate removes still count: a set
    that is broken by them is left out later, with a note.
    """
    labels, name = text_values(column), str(column.name)
    known = column.notna().to_numpy()
    if not known.any():
        raise DataError(f'The set column "{name}" is empty in every row.', "Choose the column that names the sets.")
    codes = pd.factorize(labels[known])[0]
    sets = codes.max() + 1
    treated = np.bincount(codes[arms.treated[known]], minlength=sets)
    control = np.bincount(codes[arms.control[known]], minlength=sets)
    _require_both(name, int((treated == 0).sum()), int((control == 0).sum()), sets)


def _require_both(name: str, no_treated: int, no_control: int, sets: int) -> None:
    lacking = [
        f"{counted(count, 'set')} without a {who}"
        for count, who in ((no_treated, "treated patient"), (no_control, "control"))
        if count
    ]
    if lacking:
        raise DataError(
            f'Column "{name}" has {" and ".join(lacking)}, of {counted(sets, "set")}.',
            "Leave the column empty for patients in no set, and check which value of the treatment means treated.",
        )
