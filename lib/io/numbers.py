"""Text that means numbers: decimal comma, thousands marks, and what the signs in one file stand for."""

import re
from collections.abc import Iterable

import numpy as np

PLAIN = {
    ".": re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?"),
    ",": re.compile(r"[+-]?(\d+,?\d*|,\d+)([eE][+-]?\d+)?"),
}
GROUPED = {
    ".": re.compile(r"[+-]?[1-9]\d{0,2}((,\d{3})+|(['’ \u00a0\u202f]\d{3})+)(\.\d+)?"),
    ",": re.compile(r"[+-]?[1-9]\d{0,2}((\.\d{3})+|(['’ \u00a0\u202f]\d{3})+)(,\d+)?"),
}
SURE_COMMA = re.compile(
    r"[+-]?(\d*,(\d{1,2}|\d{4,})|0,\d+|\d{4,},\d+|[1-9]\d{0,2}([.'’ \u00a0\u202f]\d{3})+,\d+)([eE][+-]?\d+)?"
)
SURE_POINT = re.compile(r"[+-]?[1-9]\d{0,2}((,\d{3}){2,}|(,\d{3})+\.\d+)")
COMMA_GROUPS = re.compile(r"[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?")
MARKS = str.maketrans("", "", "'’ \u00a0\u202f")
UNIT = re.compile(r"[+-]?\d+([.,]\d+)?\s?(%|°C?|[a-zµ]{1,4}(/[A-Za-zµ0-9.]+)?)")
LIMIT = re.compile(r"[<>≤≥]=?\s*[\d.,]+")


def is_number_text(text: str) -> bool:
    """Whether a text reads as a number with either decimal sign, with or without thousands marks."""
    return any(form[sign].fullmatch(text) for form in (PLAIN, GROUPED) for sign in ".,")


def decimal_sign(columns: Iterable[list[str]], points_seen: bool) -> str | None:
    """ "," or "." for the whole file, from its text columns; None where commas could be either sign.

    columns: the distinct texts of each column that holds mostly numbers. points_seen: the file has numbers with a
    decimal point. A single "3,5" or "1.234,5" proves the comma, "1,234.5" or "1,234,567" the point; "1,234" neither.
    """
    texts = [text for column in columns for text in column if "," in text]
    if any(SURE_COMMA.fullmatch(text) for text in texts):
        return ","
    if points_seen or any(SURE_POINT.fullmatch(text) for text in texts):
        return "."
    return None if any(COMMA_GROUPS.fullmatch(text) for text in texts) else "."


def parse_numbers(texts: list[str], decimal: str | None) -> tuple[np.ndarray, str] | None:
    """Numbers of a column's distinct texts, and how they were read: "plain", "thousands" or "point".

    decimal None: the comma is in doubt, so a column with commas is not parsed. "point": decimal points in a file with
    decimal commas. Returns None unless every text is a number.
    """
    sign = decimal or "."
    if decimal is None and any("," in text for text in texts):
        return None
    if all(PLAIN[sign].fullmatch(text) for text in texts):
        return _floats(texts, sign), "plain"
    if all(PLAIN[sign].fullmatch(text) or GROUPED[sign].fullmatch(text) for text in texts):
        return _floats(texts, sign), "thousands"
    if sign == "," and all(PLAIN["."].fullmatch(text) for text in texts):
        return _floats(texts, "."), "point"
    return None


def _floats(texts: list[str], decimal: str) -> np.ndarray:
    other = {".": ",", ",": "."}[decimal]
    return np.array([float(text.translate(MARKS).replace(other, "").replace(decimal, ".")) for text in texts])
