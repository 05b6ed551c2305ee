"""Wording shared by messages, notes and tables."""

from collections.abc import Iterable


def counted(count: int, noun: str) -> str:
    """A number with its noun: "1 row", "1,200 rows"."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def quoted(names: Iterable[str]) -> str:
    """Names in double quotes, separated by commas."""
    return ", ".join(f'"{name}"' for name in names)
