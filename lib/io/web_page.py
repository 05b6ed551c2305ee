"""The largest table of a web page, as hospital systems write it under the name of a workbook (.xls)."""

import re
from html.parser import HTMLParser

from ..errors import DataError

CHARSET = re.compile(rb"charset\s*=\s*[\"']?\s*([\w-]+)", re.IGNORECASE)
BREAKS = re.compile(r"[\s\0]+")
WIDEST = 20_000  # columns that one cell may span at most
MOST_CELLS = 5_000_000
NOT_SHOWN = ("script", "style", "head")


class _Tables(HTMLParser):
    """rows: of each table, in the page's order; a table inside a cell is a table of its own."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[str]]] = []
        self.open: list[list[list[str]]] = []
        self.cell: list[str] | None = None
        self.span = 1
        self.hidden = 0
        self.made = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in NOT_SHOWN:
            self.hidden += 1
        elif tag == "table":
            self.open.append([])
            self.tables.append(self.open[-1])
        elif tag == "tr" and self.open:
            self._end_cell()
            self.open[-1].append([])
        elif tag in ("td", "th") and self.open:
            self._end_cell()
            self.cell, self.span = [], _span(dict(attrs).get("colspan"))
        elif tag == "br" and self.cell is not None:
            self.cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in NOT_SHOWN:
            self.hidden = max(0, self.hidden - 1)
        elif tag in ("td", "th", "tr"):
            self._end_cell()
        elif tag == "table" and self.open:
            self._end_cell()
            self.open.pop()

    def handle_data(self, data: str) -> None:
        if self.cell is not None and not self.hidden:
            self.cell.append(data)

    def _end_cell(self) -> None:
        if self.cell is None or not self.open:
            return
        rows = self.open[-1] or [[]]
        self.open[-1][:] = rows
        rows[-1] += [BREAKS.sub(" ", "".join(self.cell)).strip(), *[""] * (self.span - 1)]
        self.cell, self.made = None, self.made + self.span
        if self.made > MOST_CELLS:
            raise DataError("The web page holds too many cells.", "Save its table as CSV.")


def _span(text: str | None) -> int:
    return min(int(text), WIDEST) if text and text.isdecimal() and len(text) < 9 and int(text) else 1


def table_of(data: bytes, encoding: str | None) -> bytes:
    """The page's largest table as UTF-8 text divided by tabs, a line a row.

    encoding: None means as the page says, else UTF-8, else Windows-1252. Raises DataError when there is no table."""
    page = _Tables()
    page.feed(_text(data, encoding))
    page.close()
    rows = max(page.tables, key=lambda rows: sum(map(len, rows)), default=[])
    if sum(map(len, rows)) < 2:
        raise DataError(
            "The file is a web page without a table.", "Choose the file that holds the patients, not the page about it."
        )
    return "".join("\t".join(map(_quoted, row)) + "\n" for row in rows).encode(errors="replace")


def _text(data: bytes, encoding: str | None) -> str:
    told = CHARSET.search(data[:4096])
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        names = ["utf-16"]
    else:
        names = [name for name in (encoding, told and told[1].decode(), "utf-8") if name]
    for name in names:
        try:
            return data.decode(name)
        except (LookupError, UnicodeError):
            continue
    return data.decode("cp1252", errors="replace")


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"' if '"' in text else text
