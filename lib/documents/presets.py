"""How journals print p-values, decimals, thousands and intervals: one small table of settings.

Sources: JAMA follows the AMA Manual of Style, 11th edition, 17.4 and 18.7 (no zero before the point of a P, which
cannot be 1; P > .99; thin spaces from five digits on; a percentage of fewer than 100 patients without decimals).
The Lancet's formatting guidelines for authors ask for a decimal point on the line's middle, lower-case p, and a dash
between limits unless one is negative. NEJM prints a capital P with its zero and "to" between limits. Checked against
the journal themes of the R package gtsummary. P-values keep the figures that MatchLens shows: a rounded number is not
rounded again; where a journal would print a smaller P (The Lancet goes down to 0·0001) "<0·001" stays.
"""

from dataclasses import dataclass
from itertools import cycle

LETTERS = "abcdefghijklmnopqrstuvwxyz"
SYMBOLS = "*†‡§¶‖"
THIN = "\u2009"


@dataclass(frozen=True)
class Preset:
    """name: as on the command line.  p: what a p-value is called in a head.  p_equals: "=" with its blanks, in a
    sentence.  leading_zero: of a p.  largest: what stands for a p of 1.00, "" for itself.  decimal: the sign.
    thousands: the sign, and from how many digits on.  interval_dash: limits parted by a dash unless one is negative,
    "to" otherwise.  whole_percent: below how many patients a percentage has no decimals.  marks: of footnotes.
    n: how the size of an arm stands in its head."""

    name: str
    title: str
    p: str = "p"
    p_equals: str = " = "
    leading_zero: bool = True
    largest: str = ""
    decimal: str = "."
    thousands: tuple[str, int] = (",", 4)
    interval_dash: bool = False
    whole_percent: int = 0
    marks: str = LETTERS
    n: str = "(n\u00a0=\u00a0{})"


HOUSE = Preset("house", "MatchLens")
PRESETS = {
    preset.name: preset
    for preset in (
        HOUSE,
        Preset("jama", "JAMA", "P", " = ", False, ">.99", thousands=(THIN, 5), whole_percent=100),
        Preset("lancet", "The Lancet", "p", "=", True, ">0.99", "·", (THIN, 5), True, 0, SYMBOLS, "(n={})"),
        Preset("nejm", "NEJM", "P", "=", True, ">0.99", thousands=(",", 5), marks=SYMBOLS, n="(N={})"),
    )
}


def marks(preset: Preset, count: int) -> list[str]:
    """The first marks of footnotes: a, b, c ... z, aa, bb, or *, †, ‡ ... **, ††."""
    size = len(preset.marks)
    return [mark * (1 + number // size) for number, mark in zip(range(count), cycle(preset.marks), strict=False)]
