"""Bytes to text: strict UTF-8, then Windows-1252; a workbook or another binary file is refused by name."""

import codecs
from dataclasses import dataclass

from ..errors import DataError

SIGNATURES = {
    b"PK\x03\x04": "an Excel workbook (.xlsx) or a zip archive",
    b"\xd0\xcf\x11\xe0": "an old Excel workbook (.xls)",
    b"%PDF": "a PDF document",
    b"\x1f\x8b": "a gzip archive",
    b"PAR1": "a Parquet file",
    b"{\\rtf": "a rich-text document",
}
SAMPLE, MOSTLY = 4000, 0.8
SAVE_AS_CSV = 'Open it in its own program and save the sheet of patients as "CSV UTF-8".'


@dataclass(frozen=True)
class Decoded:
    """raw: the file as UTF-8 without byte-order mark, lines ending in LF. encoding: what it was read as.
    padding: zero bytes at its end, left out."""

    raw: bytes
    encoding: str
    padding: int = 0


def decode(data: bytes, encoding: str | None = None) -> Decoded:
    """Decode a file, by `encoding` or else strictly as UTF-8 (UTF-16 with its mark), then as Windows-1252.

    Raises DataError for an empty file, a binary file, and text that the encoding cannot hold.
    """
    if not data or data.isspace():
        raise empty()
    for signature, kind in SIGNATURES.items():
        if data.startswith(signature):
            raise DataError(f"The file is {kind}, not a CSV file.", SAVE_AS_CSV)
    raw, used = _named(data, encoding) if encoding else _detected(data)
    raw = raw.removeprefix(codecs.BOM_UTF8)
    padding = len(raw) - len(raw.rstrip(b"\0")) if raw.endswith(b"\0") else 0
    raw = raw[: len(raw) - padding]
    if not raw or raw.isspace():
        raise empty()
    if b"\0" in raw:
        raise DataError("The file holds binary data, not text.", SAVE_AS_CSV)
    if b"\r" in raw:
        raw = raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    return Decoded(raw, used, padding)


def empty() -> DataError:
    """The error for a file without any text."""
    return DataError("The file is empty.", "Choose the file that holds the patients.")


def _named(data: bytes, encoding: str) -> tuple[bytes, str]:
    """The file as UTF-8, and the encoding's own name."""
    try:
        name = codecs.lookup(encoding).name
        return _as_utf8(data, name), name
    except LookupError:
        raise DataError(f'"{encoding}" is not a text encoding.', "Use utf-8, cp1252 or latin-1.") from None
    except UnicodeError:
        raise DataError(f"The file cannot be read as {encoding}.", "Choose another encoding or none.") from None


def _as_utf8(data: bytes, name: str) -> bytes:
    """Raises UnicodeError where the encoding cannot hold the bytes."""
    if name == "utf-8":
        if not data.isascii():
            data.decode()
        return data
    return data.decode(name).encode()


def _detected(data: bytes) -> tuple[bytes, str]:
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return _named(data, "utf-16")
    if two_bytes := _two_bytes(data):
        return _named(data, two_bytes)
    for name in ("utf-8", "cp1252"):
        try:
            return _as_utf8(data, name), name
        except UnicodeDecodeError:
            continue
    raise DataError("The file is neither UTF-8 nor Windows-1252 text.", "Name its encoding, or " + _lower(SAVE_AS_CSV))


def _two_bytes(data: bytes) -> str | None:
    """The UTF-16 that a file without a mark is in: every other byte of its first lines is 0."""
    if b"\0" not in data[:SAMPLE] or len(data) % 2:
        return None
    low, high = data[:SAMPLE:2].count(0), data[1:SAMPLE:2].count(0)
    most = MOSTLY * len(data[:SAMPLE:2])
    return "utf-16-le" if high > most and not low else "utf-16-be" if low > most and not high else None


def _lower(sentence: str) -> str:
    return sentence[0].lower() + sentence[1:]
