"""A sheet of a workbook as text divided by tabs, one line a row of the sheet, so that titles, units and totals are
found as in any other file and line numbers are the sheet's own."""

import datetime
import io
import re
from collections.abc import Callable, Sequence
from typing import Any

import python_calamine as calamine

from .package import MOST_CELLS, Extent, extents
from .refused import Refused

BREAKS = str.maketrans({"\t": " ", "\n": " ", "\r": " ", "\0": None})
ERROR_TEXTS = re.compile(r"#(N/A|DIV/0!|VALUE!|REF!|NAME\?|NUM!|NULL!|NV|WERT!|BEZUG!|ZAHL!|VALEUR!|NOM\?|NOMBRE!)")
Cell = Any  # what calamine gives: text, number, truth, date, time, duration
Range = tuple[tuple[int, int], tuple[int, int]]


def read(data: bytes, asked: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """asked: kind, and sheet (None: the first that holds a table).

    Returns {"sheet", "sheets" (those that hold a table), "errors", "unsolved", "filled_down" (cells)} and the text.
    Raises Refused."""
    known = extents(data) if asked["kind"] == "xlsx" else None
    try:
        with calamine.load_workbook(io.BytesIO(data)) as book:
            return _chosen(book, asked.get("sheet"), known)
    except calamine.PasswordError:
        raise Refused("password") from None
    except (calamine.CalamineError, OSError):
        raise Refused("damaged") from None


def _chosen(book: Any, wanted: str | None, known: dict[str, Extent] | None) -> tuple[dict[str, Any], bytes]:
    names = _worksheets(book)
    if wanted is not None and wanted not in names:
        raise Refused("no_sheet", sheet=wanted, sheets=names)
    sizes = {name: known[name] for name in names if name in known} if known else _loaded(book, names)
    tables = [name for name in names if name in sizes and sizes[name].table]
    if wanted is None and not tables:
        raise Refused("no_table")
    name = tables[0] if wanted is None else wanted
    size = sizes.get(name, Extent(0, 0, 0, ""))
    size.check(name)
    lines, errors, filled_down = _lines(book.get_sheet_by_name(name))
    told = {"sheet": name, "sheets": tables, "filled_down": filled_down}
    return told | {"errors": errors + size.errors, "unsolved": size.unsolved}, lines


def _worksheets(book: Any) -> list[str]:
    """The sheets of cells, hidden ones last."""
    cells = [sheet for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet]
    visible = [sheet.name for sheet in cells if sheet.visible == calamine.SheetVisibleEnum.Visible]
    return [*visible, *(sheet.name for sheet in cells if sheet.name not in visible)]


def _loaded(book: Any, names: Sequence[str]) -> dict[str, Extent]:
    """Of formats whose sheets are all made when the file is opened."""
    found = {}
    for name in names:
        sheet = book.get_sheet_by_name(name)
        filled = sheet.height * sheet.width
        found[name] = Extent(min(filled, MOST_CELLS), sheet.height, sheet.width, f"row {sheet.total_height}")
    return found


def _lines(sheet: Any) -> tuple[bytes, int, int]:
    """The text, and how many cells hold an error in words and how many were filled from a merged cell above."""
    rows = sheet.to_python(skip_empty_area=False)
    left = sheet.start[1] if sheet.start else 0
    filled_down = _fill_merged(rows, sheet.merged_cell_ranges or [])
    errors: list[str] = []

    def text(cell: str) -> str:
        if cell.isprintable() and '"' not in cell and not cell.startswith("#"):
            return cell
        if ERROR_TEXTS.fullmatch(cell.strip()):
            errors.append(cell)
            return ""
        return _quoted(cell.translate(BREAKS))

    made = TEXTS | {str: text}
    lines = _unpadded(["\t".join([made[type(cell)](cell) for cell in row[left:]]) for row in rows])
    return "\n".join([*lines, ""]).encode(), len(errors), filled_down


def _unpadded(lines: list[str]) -> list[str]:
    """Without the empty cells of empty rows and of titles above the table, as a text file would have them."""
    bare = [line.strip("\t") for line in lines]
    table = next((place for place, line in enumerate(bare) if "\t" in line), 0)
    return bare[:table] + [line if short else "" for line, short in zip(lines[table:], bare[table:], strict=True)]


def _fill_merged(rows: list[list[Cell]], ranges: Sequence[Range]) -> int:
    """Write a merged cell's value into each of its rows below the header, as the sheet shows it. Returns the cells."""
    starts = [place for place, row in enumerate(rows) if any(cell != "" for cell in row)]
    wide = [top for (top, left), (_, right) in ranges if right > left]
    header = max([starts[0], *(top for top in wide if top in starts[:5])]) if starts else 0
    filled = 0
    for (top, left), (bottom, right) in ranges:
        if top > header and left == right and top < len(rows) and rows[top][left] != "":
            for row in rows[top + 1 : bottom + 1]:
                row[left], filled = rows[top][left], filled + 1
    return filled


def _number(cell: float) -> str:
    """In full (repr), whole numbers without a point."""
    return repr(cell).removesuffix(".0")


def _moment(cell: datetime.datetime) -> str:
    return _to_millisecond(cell).isoformat(sep=" ").removesuffix("000")


def _duration(cell: datetime.timedelta) -> str:
    """Hours, minutes and seconds."""
    seconds = round(cell.total_seconds())
    sign, seconds = ("-", -seconds) if seconds < 0 else ("", seconds)
    return f"{sign}{seconds // 3600}:{seconds // 60 % 60:02}:{seconds % 60:02}"


def _to_millisecond(moment: datetime.datetime) -> datetime.datetime:
    """Sheets hold moments as fractions of a day, which end a few microseconds beside the second that was typed."""
    rounded = moment + datetime.timedelta(microseconds=500) if moment.year < datetime.MAXYEAR else moment
    return rounded.replace(microsecond=rounded.microsecond // 1000 * 1000)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if '"' in text else text


TEXTS: dict[type, Callable[[Any], str]] = {
    float: _number,
    int: str,
    bool: lambda cell: "TRUE" if cell else "FALSE",
    datetime.datetime: _moment,
    datetime.date: datetime.date.isoformat,
    datetime.time: lambda cell: cell.isoformat(timespec="seconds"),
    datetime.timedelta: _duration,
}
