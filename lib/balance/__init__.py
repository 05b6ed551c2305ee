"""How alike the arms are: statistics, verdict, Table 1."""

from .table import COLUMNS, NOT_JUDGED, BalanceTable, balance_table, label

__all__ = ["COLUMNS", "NOT_JUDGED", "BalanceTable", "balance_table", "label"]
