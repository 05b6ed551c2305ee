"""How alike the arms are: statistics, a lottery to hold them against, verdict, Table 1."""

from .lottery import BalanceTest, balance_test
from .table import COLUMNS, NOT_JUDGED, BalanceTable, balance_table, label

__all__ = ["COLUMNS", "NOT_JUDGED", "BalanceTable", "BalanceTest", "balance_table", "balance_test", "label"]
