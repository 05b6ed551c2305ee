"""What a workbook (.xlsx) says of its sheets before anything is made of them: how far they reach, how many cells they
fill, errors, formulas without a result. calamine makes room for every cell up to the last one, and a file of two
kilobytes may name the last of 17 thousand million."""

import io
import itertools
import posixpath
import re
import zipfile
import zlib
from dataclasses import dataclass, replace
from xml.etree import ElementTree

from .refused import Refused

MOST_CELLS = 2_000_000  # what is read in about five seconds
MOST_BYTES = 500 << 20  # of one part, unpacked
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"
FILLED = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?r\s*=\s*[\"']([A-Za-z]{1,3})(\d{1,7})[\"'][^>]*(?<!/)>")
LAST = re.compile(rb"<c r=\"([A-Z]{1,3})(\d{1,7})\"")
ERROR = re.compile(rb"<(?:\w+:)?c\s(?:[^>]*?\s)?t\s*=\s*[\"']e[\"'][^>]*(?<!/)>")
WITHOUT_RESULT = re.compile(
    rb"<(?:\w+:)?c\s(?![^>]*\st\s*=\s*[\"']str[\"'])[^>]*>\s*<(?:\w+:)?f\b[^<]*(?:/>|</(?:\w+:)?f>)"
    rb"\s*(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
ROW, CELL, VALUE = (re.compile(rb"<(?:\w+:)?" + name + rb"[\s>]") for name in (b"row", b"c", b"(?:v|is)"))
DAMAGED = (zipfile.BadZipFile, zlib.error, ElementTree.ParseError, LookupError, EOFError, NotImplementedError)


@dataclass(frozen=True)
class Extent:
    """filled: cells with content. rows, columns: of the box that holds them. last: the box's last cell as a sheet
    calls it ("XFD1048576"). errors: cells that hold an error such as #N/A. unsolved: formulas whose result the file
    does not hold."""

    filled: int
    rows: int
    columns: int
    last: str
    errors: int = 0
    unsolved: int = 0

    @property
    def table(self) -> bool:
        """Whether it may hold a table at all."""
        return self.filled > MOST_CELLS or (self.rows > 1 and self.columns > 1 and self.filled > 2)

    def check(self, sheet: str) -> None:
        """Raises Refused for too many cells, or for a box too large."""
        if self.filled > MOST_CELLS:
            raise Refused("cells", sheet=sheet, most=MOST_CELLS)
        if self.rows * self.columns > MOST_CELLS:
            raise Refused("far", sheet=sheet, last=self.last)


def extents(data: bytes) -> dict[str, Extent]:
    """How far each sheet of a .xlsx reaches, by the sheet's name. Raises Refused for a damaged file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            return {name: _extent(_part(package, part)) for name, part in _sheets(package)}
    except (
        zipfile.BadZipFile,
        zlib.error,
        ElementTree.ParseError,
        KeyError,
        EOFError,
        StopIteration,
        NotImplementedError,
    ):
        raise Refused("damaged") from None
    except RuntimeError:  # a zip archive under a password
        raise Refused("password") from None


def _sheets(package: zipfile.ZipFile) -> list[tuple[str, str]]:
    """Names of the sheets and of the parts that hold them."""
    tops = ElementTree.fromstring(_part(package, "_rels/.rels"))
    book = [_path("", top) for top in tops if top.get("Type", "").endswith("/officeDocument")][0]
    folder, name = posixpath.split(book)
    relations = ElementTree.fromstring(_part(package, posixpath.join(folder, f"_rels/{name}.rels")))
    paths = {
        entry.get("Id"): _path(folder, entry) for entry in relations if entry.get("Type", "").endswith("/worksheet")
    }
    named = [entry for entry in ElementTree.fromstring(_part(package, book)).iter() if entry.tag.endswith("}sheet")]
    found = [(entry.get("name", ""), paths.get(entry.get(RELATION) or entry.get(STRICT))) for entry in named]
    return [(name, path) for name, path in found if path]


def _path(folder: str, relation: ElementTree.Element) -> str:
    target = relation.get("Target", "")
    return target[1:] if target.startswith("/") else posixpath.normpath(posixpath.join(folder, target))


def _part(package: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a part, however its name is spelled."""
    by_name = {entry.filename.replace("\\", "/").lower(): entry for entry in package.infolist()}
    entry = by_name[name.lower()]
    if entry.file_size > MOST_BYTES:
        raise Refused("memory")
    return package.read(entry)


def _extent(sheet: bytes) -> Extent:
    """Of one sheet. The last cell of each row tells enough of nearly all sheets; where it is far away, every cell is
    looked at, since formatted cells without content do not count."""
    filled = sheet.count(b"<v>") + sheet.count(b"<is>")
    if filled > MOST_CELLS:
        return Extent(filled, 0, 0, "")
    lasts = [LAST.match(row, max(row.rfind(b"<c "), 0)) for row in sheet.split(b"<row")[1:]]
    if not filled or not all(lasts):
        size = _cell_by_cell(sheet)
    else:
        ends = [(int(last[2]), _number(last[1])) for last in lasts if last]
        (first, _), bottom, right = ends[0], max(row for row, _ in ends), max(column for _, column in ends)
        size = Extent(filled, bottom - first + 1, right, f"{_letters(right)}{bottom}")
        size = size if size.rows * size.columns <= MOST_CELLS else _cell_by_cell(sheet)
    errors = len(ERROR.findall(sheet)) if b"#" in sheet else 0
    return replace(size, errors=errors, unsolved=len(WITHOUT_RESULT.findall(sheet)) if b"<f" in sheet else 0)


def _cell_by_cell(sheet: bytes) -> Extent:
    columns: set[bytes] = set()
    first, last, filled = 0, 0, 0
    for cell in itertools.islice(FILLED.finditer(sheet), MOST_CELLS + 1):
        columns.add(cell[1])
        last = max(last, int(cell[2]))
        first, filled = first or last, filled + 1
    if not columns:
        return _unnumbered(sheet)
    places = sorted(map(_number, columns))
    return Extent(filled, last - first + 1, places[-1] - places[0] + 1, f"{_letters(places[-1])}{last}")


def _unnumbered(sheet: bytes) -> Extent:
    """Of a sheet whose cells do not say where they stand: one after the other."""
    rows = ROW.split(sheet)[1:]
    if not rows or not (filled := len(VALUE.findall(sheet))):
        return Extent(0, 0, 0, "")
    wide = max(len(CELL.findall(row)) for row in rows)
    return Extent(filled, len(rows), wide, f"{_letters(wide)}{len(rows)}")


def _number(letters: bytes) -> int:
    """A -> 1, XFD -> 16384."""
    number = 0
    for letter in letters.upper():
        number = 26 * number + letter - ord("A") + 1
    return number


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(ord("A") + rest) + text
    return text
