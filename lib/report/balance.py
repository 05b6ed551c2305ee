"""Balance in result.json: every row with its limit, and the verdict."""

from typing import Any

from ..balance import BalanceTable, BalanceTest
from ..balance.lottery import with_limits
from ..balance.verdict import balance_verdict
from ..words.verdict import verdict_sentence


def balance_content(balance: BalanceTable, test: BalanceTest) -> dict[str, Any]:
    """The keys `balance`, `balance_described` (known before, not matched on) and `balance_test`."""
    worst = None if test.worst is None else balance.rows.iloc[test.worst]
    return {
        "balance": with_limits(balance.rows, test.covariates).to_dict("records"),
        "balance_described": with_limits(balance.described, test.described).to_dict("records"),
        "balance_test": {
            "p_value": test.p_value,
            "covariate": None if worst is None else worst["covariate"],
            "level": None if worst is None else worst["level"],
            "largest_smd": test.largest_smd,
            "omnibus_p": test.omnibus_p,
            "omnibus_d2": test.omnibus,
            "omnibus_df": test.omnibus_df,
            "moves": test.how,
            "dealt": test.lots,
            "verdict": balance_verdict(balance, test).level,
            "sentence": verdict_sentence(balance, test),
        },
    }
