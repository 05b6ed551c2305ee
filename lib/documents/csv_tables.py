"""A TextTable as a CSV file that Excel opens by a double click, wherever it was bought.

UTF-8 with a byte order mark, so that accents and minus signs read as they are. Excel takes the separator and the
decimal sign of its country: commas and points in English, semicolons and decimal commas in German, French
and most others. One number stands in each cell, as lib.documents.spread says.
"""

from ..io.writer import FORMULA_STARTS
from ..words.tables import TextTable
from .cells import Number, Piece
from .spread import spread

MARK = "\ufeff"
LINE_END = "\r\n"
POINT_LANGUAGES = frozenset({"en", "zh", "ja", "ko", "th", "he", "hi", "ms", "fil", "ga", "cy", "mt"})
POINT_PLACES = frozenset({"de-CH", "de-LI", "it-CH", "es-MX", "es-US", "es-GT", "es-HN", "es-NI", "es-PA", "es-PR"})
COMMA_PLACES = frozenset({"en-ZA"})


def csv_bytes(table: TextTable, decimal_comma: bool = False) -> bytes:
    """The file.  decimal_comma: for an Excel whose numbers have a decimal comma; then semicolons part the cells.

    A text that a spreadsheet would take for a formula has an apostrophe before it; numbers have none."""
    made = spread(table)
    separator = ";" if decimal_comma else ","
    lines = [made.heads, *made.rows]
    text = "".join(separator.join(cell(part, decimal_comma) for part in line) + LINE_END for line in lines)
    return (MARK + text).encode()


def cell(part: Piece, decimal_comma: bool = False) -> str:
    """A number bare, a text in quotes."""
    if isinstance(part, Number):
        return part.text.replace(".", ",") if decimal_comma else part.text
    return '"' + harmless(part).replace('"', '""') + '"' if part else ""


def harmless(text: str) -> str:
    """The text, with an apostrophe before what a spreadsheet would run; blanks before the sign do not help it."""
    return f"'{text}" if text.lstrip().startswith(FORMULA_STARTS) else text


def has_decimal_comma(locale: str | None) -> bool:
    """Whether an Excel in this language ("de-DE", as browsers tell it) writes 0,34.  None: it does not."""
    if not locale or locale in POINT_PLACES:
        return False
    return locale in COMMA_PLACES or locale.split("-")[0].lower() not in POINT_LANGUAGES
