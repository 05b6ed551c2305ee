"""A TextTable as a journal prints it: the same numbers, written by a Preset. The first column is names and stays."""

import re
from dataclasses import replace

from ..words.numbers import DASH, MINUS, half_up
from ..words.tables import TextTable
from .presets import HOUSE, Preset

PLAIN = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
NUMBERS = re.compile(rf"(?<![\w.,])(?:{PLAIN})(?![\w]|[.,]\d)")
LIMITS = re.compile(rf"(?<![\w.,{MINUS}-])({PLAIN}) to ({PLAIN})(?=\)|$)", re.MULTILINE)
P_TEXT = re.compile(r"[<>]?[01]\.\d+")
P_SENTENCE = re.compile(r"\bp ([=<]) ([01]\.\d+)")
SHARE = re.compile(rf"({PLAIN}) \(({PLAIN})%\)(?=\nn = ({PLAIN})$)", re.MULTILINE)
SIZE = re.compile(r"\(([\d,]+)\)$")


def styled(table: TextTable, preset: Preset) -> TextTable:
    """The table in the preset's writing.  Every cell beyond the first column, and the heads; names, footnotes and the
    title stay as they are."""
    p_columns = {at for at, head in enumerate(table.heads) if re.match(r"p(,|$)", head)}
    heads = tuple(styled_head(head, preset, at in p_columns) for at, head in enumerate(table.heads))
    rows = [
        tuple(cell_of(cell, preset, at in p_columns) if at else cell for at, cell in enumerate(row))
        for row in table.rows
    ]
    return replace(table, heads=heads, rows=tuple(rows))


def styled_head(head: str, preset: Preset, p_column: bool) -> str:
    """ "P, by matched set"; "Treated (n = 8)"."""
    told = f"{preset.p} value{head[1:]}" if p_column and preset is not HOUSE else head
    return SIZE.sub(lambda found: preset.n.format(numbers_in(found[1], preset)), told)


def cell_of(text: str, preset: Preset, p_column: bool) -> str:
    """A cell: p-values, percentages, intervals, then every number's decimal and thousands."""
    first, *small = text.split("\n")
    if p_column and P_TEXT.fullmatch(first):
        return "\n".join([p_text(first, preset), *(written(line, preset) for line in small)])
    return written(text, preset)


def written(text: str, preset: Preset) -> str:
    """Text with its numbers in the preset's writing."""
    told = SHARE.sub(lambda found: share_of(found, preset), text)
    if preset.interval_dash:
        told = LIMITS.sub(rf"\1{DASH}\2", told)
    parts, end = [], 0
    for found in P_SENTENCE.finditer(told):
        parts += [numbers_in(told[end : found.start()], preset), p_sentence(found, preset)]
        end = found.end()
    return "".join([*parts, numbers_in(told[end:], preset)])


def p_sentence(found: re.Match[str], preset: Preset) -> str:
    """ "P = .34" of "p = 0.34"."""
    return f"{preset.p}{preset.p_equals.replace('=', found[1])}{p_text(found[2], preset)}"


def p_text(text: str, preset: Preset) -> str:
    """A p-value: ".34", "0·34", "<.001", ">.99"."""
    told = preset.largest if preset.largest and text == "1.00" else text
    return (told if preset.leading_zero else told.replace("0.", ".", 1)).replace(".", preset.decimal)


def share_of(found: re.Match[str], preset: Preset) -> str:
    """A count with its percentage, which is made anew from the count where the journal wants it whole."""
    count, n = (int(found[part].replace(",", "")) for part in (1, 3))
    if not n or n >= preset.whole_percent or "." in found[1]:
        return found[0]
    return f"{found[1]} ({half_up(100 * count / n, 0)}%)"


def numbers_in(text: str, preset: Preset) -> str:
    """Every number of a text with the preset's decimal and thousands signs."""
    return NUMBERS.sub(lambda found: number_text(found[0], preset), text)


def number_text(text: str, preset: Preset) -> str:
    """ "12 345·6" of "12,345.6"."""
    whole, point, rest = text.partition(".")
    sign, least = preset.thousands
    if "," in whole:
        digits = whole.replace(",", "")
        whole = f"{int(digits):,}".replace(",", sign) if len(digits) >= least else digits
    return whole + (preset.decimal if point else "") + rest
