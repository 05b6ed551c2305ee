"""A cell's text taken apart into single numbers, by a stated rule, for programs that calculate with them.

The first line of a cell is one of SHAPES ("5 (20.8%)" is a value and a percentage), otherwise a text, which stays
whole. Of its small print "n = 24" and "7 events, n = 24" are numbers, all else a note. What a first
column holds are names: they are never numbers.
"""

import re
from dataclasses import dataclass

from ..words.numbers import DASH, MINUS

NUMBER = rf"[+\-{MINUS}]?(?:0|[1-9]\d{{0,2}}(?:,\d{{3}})+|[1-9]\d*)(?:\.\d+)?"
SHAPES = {
    rf"({NUMBER})": ("value",),
    rf"({NUMBER})%": ("percent",),
    rf"({NUMBER}) \(({NUMBER})%\)": ("value", "percent"),
    rf"({NUMBER}) \(({NUMBER})(?:{DASH}| to )({NUMBER})\)": ("value", "low", "high"),
    rf"({NUMBER})(?:{DASH}| to )({NUMBER})": ("low", "high"),
    rf"({NUMBER}) of ({NUMBER})": ("value", "of"),
    rf"({NUMBER}) \((\D.*)\)": ("value", "note"),
    rf"({NUMBER})% (\D.*)": ("percent", "note"),
    r"(\S+)\s?→ (\S+)": ("before", "after"),
}
SMALL = {
    rf"n = ({NUMBER})": ("n",),
    rf"({NUMBER}) events?, n = ({NUMBER})": ("events", "n"),
}
PARTS = {  # in their order; what a column of its own is called behind the head
    "value": "",
    "percent": "%",
    "low": "from",
    "high": "to",
    "of": "of",
    "before": "before",
    "after": "after",
    "events": "events",
    "n": "n",
    "note": "note",
}
MOST_DIGITS = 15  # a spreadsheet keeps no more
NO_CHARACTERS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


@dataclass(frozen=True)
class Number:
    """One number as it is shown.  text: digits with "." and "-", as many decimals as shown.  signed: with its plus."""

    text: str
    signed: bool = False
    thousands: bool = False

    @property
    def value(self) -> float:
        """The number."""
        return float(self.text)

    @property
    def places(self) -> int:
        """Decimals shown."""
        return len(self.text.partition(".")[2])


Piece = Number | str


def cleaned(text: str) -> str:
    """Text without characters that a document cannot hold; a tab or a return becomes a blank."""
    return NO_CHARACTERS.sub("", text.replace("\t", " ").replace("\r", " "))


def piece(text: str) -> Piece:
    """A number where the text is one, the text otherwise; "" for a dash alone."""
    if text == DASH:
        return ""
    if not re.fullmatch(NUMBER, text) or sum(map(str.isdigit, text)) > MOST_DIGITS:
        return text
    plain = text.replace(MINUS, "-").replace(",", "").removeprefix("+")
    return Number(plain, text.startswith("+"), "," in text)


def pieces(text: str, name: bool = False) -> dict[str, Piece]:
    """The parts of a cell by their name in PARTS.  name: whether the first line is a name, which stays whole."""
    first, *small = cleaned(text).split("\n")
    found: dict[str, Piece] = {"value": first} if name else shaped(first, SHAPES) or {"value": piece(first)}
    for line in small:
        more = shaped(line, SMALL)
        if not more or more.keys() & found.keys():
            more = {"note": "; ".join([*([str(found["note"])] if "note" in found else []), line])}
        found |= more
    return {part: told for part, told in found.items() if told != ""}


def shaped(line: str, shapes: dict[str, tuple[str, ...]]) -> dict[str, Piece]:
    """The numbers of a line that has one of these shapes, by the names of the shape; nothing for another line."""
    for shape, names in shapes.items():
        found = re.fullmatch(shape, line)
        if found:
            return {name: piece(part) for name, part in zip(names, found.groups(), strict=True)}
    return {}
