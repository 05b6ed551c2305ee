"""What a file is, by its content: the name of a file says what somebody called it, not what it holds."""

import re
import zlib
from dataclasses import dataclass

from ..errors import DataError
from .decode import SAVE_AS_CSV

HEAD = 4096
UNPACK = "Unpack it and choose the file of patients inside."


@dataclass(frozen=True)
class Kind:
    """code: "text", "html", or a reader of lib.io.apart; "" for what cannot be read. called: with its article, for
    sentences. extensions: what such a file is usually called. hint: the next step where it cannot be read."""

    code: str
    called: str
    extensions: tuple[str, ...] = ()
    hint: str = SAVE_AS_CSV


TEXT = Kind("text", "a text file", ("csv", "txt", "tsv", "tab", "dat", "asc", ""))
HTML = Kind("html", "a web page with a table", ("htm", "html"))
XLSX = Kind("xlsx", "an Excel workbook (.xlsx)", ("xlsx", "xlsm", "xltx", "xltm"))
XLS = Kind("xls", "an old Excel workbook (.xls)", ("xls", "xlt"))
ODS = Kind("ods", "an OpenDocument spreadsheet (.ods)", ("ods",))
XLSB = Kind("xlsb", "a binary Excel workbook (.xlsb)", ("xlsb",))
SAV = Kind("sav", "an SPSS file (.sav)", ("sav", "zsav"))
POR = Kind("por", "a portable SPSS file (.por)", ("por",))
DTA = Kind("dta", "a Stata file (.dta)", ("dta",))
SAS = Kind("sas7bdat", "a SAS file (.sas7bdat)", ("sas7bdat",))
XPT = Kind("xpt", "a SAS transport file (.xpt)", ("xpt", "xport"))
PARQUET = Kind("parquet", "a Parquet file", ("parquet", "pq"))

SAS_MAGIC = bytes(12) + bytes.fromhex("c2ea8160b31411cfbd92080009c7318c181f1011")
IN_R = 'In R, write it with write.csv(data, "patients.csv", row.names = FALSE).'
PASSWORD = Kind("", "protected by a password", hint="Open it in its own program, save a copy without the password.")

PICTURE = "Choose the file that holds the patients."
# what begins like this and is text
TEXT_STARTS = (
    (b"HEADER RECORD*******LIB", XPT),
    (b"%PDF-", Kind("", "a PDF document", hint="Ask for its table as a workbook or CSV file.")),
    (b"{\\rtf", Kind("", "a rich-text document (.rtf)", hint="Copy its table into a workbook and choose that.")),
    (b"RDA2\n", Kind("", "an R file (.RData)", hint=IN_R)),
    (b"RDA3\n", Kind("", "an R file (.RData)", hint=IN_R)),
)
# what begins like this and holds bytes that no text has
BINARY_STARTS = (
    (b"$FL2", SAV),
    (b"$FL3", SAV),
    (b"<stata_dta>", DTA),
    (SAS_MAGIC, SAS),
    (b"PAR1", PARQUET),
    (b"PARE", Kind("", "an encrypted Parquet file")),
    (b"\x89PNG", Kind("", "a picture (.png)", hint=PICTURE)),
    (b"\xff\xd8\xff", Kind("", "a picture (.jpg)", hint=PICTURE)),
    (b"GIF8", Kind("", "a picture (.gif)", hint=PICTURE)),
    (b"II*\0", Kind("", "a picture (.tif)", hint=PICTURE)),
    (b"MM\0*", Kind("", "a picture (.tif)", hint=PICTURE)),
    (b"BZh", Kind("", "a bzip2 archive", hint=UNPACK)),
    (b"\xfd7zXZ", Kind("", "an xz archive", hint=UNPACK)),
    (b"7z\xbc\xaf", Kind("", "a 7-Zip archive", hint=UNPACK)),
    (b"Rar!", Kind("", "a RAR archive", hint=UNPACK)),
    (b"\x28\xb5\x2f\xfd", Kind("", "a Zstandard archive", hint=UNPACK)),
    (b"SQLite format 3", Kind("", "an SQLite database", hint="Export the table of patients as CSV.")),
    (b"\0\1\0\0Standard ", Kind("", "an Access database", hint="In Access, export the table of patients to Excel.")),
    (b"\x89HDF", Kind("", "an HDF5 file")),
    (b"ARROW1", Kind("", "an Arrow (Feather) file", hint="Write it as Parquet or CSV.")),
    (b"FEA1", Kind("", "a Feather file", hint="Write it as Parquet or CSV.")),
    (b"X\n\0\0\0", Kind("", "an R file (.rds)", hint=IN_R)),
    (b"RDX", Kind("", "an R file (.RData)", hint=IN_R)),
)
NEVER_IN_TEXT = re.compile(rb"[\0-\x08\x0e-\x1a\x1c-\x1f]")
# what a zip archive holds, by a name inside
PACKED = (
    (b"workbook.bin", XLSB),
    (b"workbook.xml", XLSX),
    (b"opendocument.spreadsheet", ODS),
    (b"word/document.xml", Kind("", "a Word document (.docx)", hint="Copy its table into a workbook and choose that.")),
    (b"opendocument.text", Kind("", "a text document (.odt)", hint="Copy its table into a workbook and choose that.")),
    (b"ppt/presentation.xml", Kind("", "a PowerPoint presentation (.pptx)", hint="Copy its table into a workbook.")),
    (
        b"Index/Document.iwa",
        Kind("", "a Numbers spreadsheet", hint="In Numbers, export it to Excel or CSV."),
    ),
    (
        b"[Content_Types].xml",
        Kind("", "a damaged workbook or document", hint="Copy it again from where it came from."),
    ),
)
ZIP = Kind("", "a zip archive", hint=UNPACK)
# what an old Office container holds, by the name of a stream
STREAMS = (
    ("EncryptedPackage", Kind("", "a workbook or document protected by a password", hint=PASSWORD.hint)),
    ("WordDocument", Kind("", "an old Word document (.doc)", hint="Copy its table into a workbook and choose that.")),
    ("PowerPoint Document", Kind("", "an old PowerPoint presentation (.ppt)", hint="Copy its table into a workbook.")),
    ("Workbook", XLS),
    ("Book", XLS),
)
OLD_OFFICE = Kind("", "a damaged file, or one of an old Office program")
JSON = Kind("", "a JSON file", hint="Export the patients as CSV, one row for each.")
XML = Kind("", "an XML file", hint=SAVE_AS_CSV)
XML_SHEET = Kind("", "an XML spreadsheet of Excel 2003", hint="Open it in Excel and save it as a workbook (.xlsx).")
ARCHIVED_PAGE = Kind("", "a web archive (.mht)", hint="Open it in Excel and save it as a workbook (.xlsx).")
JSON_START = re.compile(rb"\s*(\{\s*[\"}]|\[\s*[\[{\"\d\]])")
BOM = b"\xef\xbb\xbf"


def kind_of(data: bytes) -> Kind:
    """What the bytes are; TEXT for anything that no other format begins with."""
    starts = [*TEXT_STARTS, *(BINARY_STARTS if NEVER_IN_TEXT.search(data[:HEAD]) else ())]
    for start, kind in starts:
        if data.startswith(start):
            return kind
    if data.startswith(b"PK\x03\x04"):
        return next((kind for name, kind in PACKED if name in data), ZIP)
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        lower = data.lower()
        return next((kind for name, kind in STREAMS if name.lower().encode("utf-16-le") in lower), OLD_OFFICE)
    if data.startswith(b"\x1f\x8b"):
        return _compressed(data)
    if _old_stata(data):
        return DTA
    return _of_text(data)


def readable(data: bytes) -> Kind:
    """The same. Raises DataError, what the file is and what to do, for a format that cannot be read."""
    kind = kind_of(data)
    if not kind.code:
        raise DataError(f"The file is {kind.called}, which cannot be read.", kind.hint)
    return kind


def _compressed(data: bytes) -> Kind:
    try:
        inside = zlib.decompressobj(wbits=31).decompress(data[: 1 << 16], 16)
    except zlib.error:
        inside = b""
    if inside.startswith((b"X\n\0\0\0", b"RDX", b"RDA")):
        return Kind("", "an R file (.rds or .RData)", hint=IN_R)
    return Kind("", "a gzip archive", hint=UNPACK)


def _old_stata(data: bytes) -> bool:
    """Versions up to 12: a release number, the byte order, the type 1 and a zero."""
    return len(data) > 60 and 102 <= data[0] <= 115 and data[1] in (1, 2) and data[2:4] == b"\1\0"


def _of_text(data: bytes) -> Kind:
    head = data[:HEAD].removeprefix(BOM)
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        head = head.decode("utf-16", errors="ignore").encode()
    start = head.lstrip().lower()
    if b"spssport" in start[:600]:
        return POR
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<workbook" in start:
        return XML_SHEET
    if start.startswith(b"<") and (b"<table" in data.lower() or b"<html" in start):
        return HTML
    if start.startswith(b"<?xml"):
        return XML
    if start.startswith(b"mime-version:"):
        return ARCHIVED_PAGE
    return JSON if JSON_START.match(start) else TEXT
