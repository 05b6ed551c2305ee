"""What limits the answer, in sentences for a slide."""

import math

from ..balance import BalanceTable, BalanceTest
from ..balance.verdict import SMALL, balance_verdict
from .deck import short
from .numbers import capitalised, counted, half_up, listed
from .tables import records


def limits_takeaway(raised: int) -> str:
    """How many things the checks raised."""
    return f"{counted(raised, 'caution')} raised by the checks" if raised else "The checks raised nothing"


def described_words(balance: BalanceTable, test: BalanceTest) -> str:
    """How many of the columns that are only described differ after matching; empty where none does."""
    found = [*records(balance_verdict(balance, test).described)]
    if not found:
        return ""
    worst = max(found, key=lambda row: row.size)
    size = "without overlap" if math.isinf(worst.size) else f"{half_up(worst.size, 2)} SD"
    many, name = len({row.covariate for row in found}), short(str(worst.covariate), 40)
    of = counted(balance.described["covariate"].nunique(), "column")
    verb = "differs" if many == 1 else "differ"
    return f"Of {of} only described (no covariate), {many} {verb} by more than {SMALL} SD; worst {name} {size}."


def incomplete(treated: int, of_treated: int, control: int, of_control: int) -> str:
    """Who lacks a covariate and is not analysed; empty where nobody does."""
    parts = [
        f"{lost:,} of {of:,} {arm}"
        for lost, of, arm in ((treated, of_treated, "treated"), (control, of_control, "controls"))
        if lost
    ]
    verb = "is" if treated + control == 1 else "are"
    return f"{capitalised(listed(parts))} {verb} not analysed: a covariate is missing." if parts else ""
