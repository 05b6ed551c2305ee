"""How a reader of another format hands text to the reader of text."""

from dataclasses import dataclass

from ..reading import Reading
from ..table import Table
from .reader import read_csv


@dataclass(frozen=True)
class Settings:
    """What the caller fixed of a text file; see read_csv."""

    encoding: str | None = None
    delimiter: str | None = None
    decimal: str | None = None
    missing: tuple[str, ...] | None = None


def read_text(data: bytes, reading: Reading, settings: Settings) -> Table:
    """read_csv by these settings."""
    return read_csv(
        data,
        reading,
        encoding=settings.encoding,
        delimiter=settings.delimiter,
        decimal=settings.decimal,
        missing=settings.missing,
    )
