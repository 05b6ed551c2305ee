"""What is said about columns while a file is read: findings and questions, in words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np

from ..questions import Question
from ..table import Finding
from ..words import counted, quoted
from .answers import number_question
from .numbers import FEW, OTHER, Evidence, grouped
from .texts import MOSTLY, TextColumn

Level = Literal["plain", "note", "look"]
SIGNS = {".": "point", ",": "comma"}
SHOWN = 3


@dataclass
class Remarks:
    """findings, questions: about single columns, in the order in which they arose."""

    findings: list[Finding] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)

    def note(self, code: str, name: str, text: str, cells: int = 0, level: Level = "note", **undo: Any) -> None:
        """Keep a finding. text: what follows the column's name. undo: settings of `reading`."""
        self.findings.append(Finding(code, f'Column "{name}"{text}', level, column=name, cells=cells, undo=undo))

    def code(self, name: str, cells: int) -> None:
        """Digits that are no number."""
        self.note("code", name, " holds codes of digits (leading zeros, or more than 15 digits): kept as text.", cells)

    def ask(self, name: str, found: Evidence) -> None:
        """A mark that may be the decimal sign or not."""
        mark = "," if found.either_comma > found.either_point else "."
        self.questions.append(number_question(name, mark))
        cells = found.either_point + found.either_comma
        why = f" has {SIGNS[mark]}s that may be decimal signs or thousands marks, so it stays text."
        advice = "Say which decimal sign the column uses."
        self.note("number", name, f"{why} {advice}", cells, "look", decimal={name: mark})

    def numbers(self, column: TextColumn, sign: str, file: str | None) -> None:
        """How the numbers of a column were read, where that is not as everywhere in the file."""
        found, name = column.evidence, column.name
        if grouped(column.kinds, column.cores.numbers, sign):
            proved = found.point or found.comma or not found.open
            undo: dict[str, Any] = {} if proved else {"decimal": {name: OTHER.get(sign, ".")}}
            self.note("thousands", name, ": thousands marks removed.", found.either_point + found.either_comma, **undo)
        own = found.comma if sign == "," else found.point
        if sign == "each":
            cells = min(found.point, found.comma)
            what = f" has decimal commas in {found.comma:,} and decimal points in {counted(found.point, 'cell')}"
            self.note("each", name, f"{what}; each is read as such. Check the rarer ones.", cells, "look")
        elif own and (file == OTHER[sign] or (file == "both" and sign == ",")):
            self.unlike(name, sign, own, column.cells(column.entries))
        for code in np.setdiff1d(column.known, column.entries).tolist():
            cells = column.cells([code])
            self.note(
                "missing", name, f': "{column.texts[code]}" in {counted(cells, "cell")} is read as missing.', cells
            )

    def unlike(self, name: str, sign: str, own: int, cells: int) -> None:
        """A column with another decimal sign than the file. own: how many of its cells prove it."""
        rare = own <= max(1, FEW * cells)
        told = f" It is so in {counted(own, 'cell')} only: check it." if rare else ""
        what = f" is read with a decimal {SIGNS[sign]}, unlike the rest of the file.{told}"
        self.note("sign", name, what, own, "look" if rare else "note")

    def limits(self, name: str, cells: int) -> None:
        """Numbers among which some are limits of detection."""
        what = f" has {counted(cells, 'value')} beyond a detection limit (such as < or >)."
        self.note("limit", name, f"{what} To use it as a number, say what stands for them.", cells, "look")

    def unit(self, name: str, unit: str, cells: int) -> None:
        """A unit behind every number."""
        self.note("units", name, f': the unit "{unit}" is taken off {counted(cells, "number")}.', cells)

    def several_units(self, name: str, units: set[str], cells: int) -> None:
        """More than one unit, or one behind some numbers only ("" among the units)."""
        some = "different units" if len(units - {""}) > 1 else "a unit in some cells only"
        advice = "To use it as a number, write all of it in one unit."
        self.note("units", name, f" has numbers with {some}, so it stays text. {advice}", cells, "look")

    def mixed(self, column: TextColumn) -> None:
        """Words in a column most of which are numbers."""
        if not column.hopeful:
            return
        number = column.cells([c for c, kind in zip(column.entries, column.kinds, strict=True) if kind])
        total = column.cells(column.known)
        plain = any(k and not b for k, b in zip(column.kinds, column.cores.beyond, strict=True))
        if plain and number > MOSTLY * total:
            what = f" has numbers in {counted(number, 'cell')}, text in {total - number:,}, so it stays text."
            advice = "To use it as a number, correct or empty the cells of text."
            self.note("mixed", column.name, f"{what} {advice}", total - number, "look")

    def spaces(self, column: TextColumn) -> None:
        """Texts with spaces around them."""
        padded = [code for code in column.known.tolist() if column.padded[code]]
        if padded:
            cells = column.cells(padded)
            self.note("spaces", column.name, f": spaces around the text of {counted(cells, 'cell')} removed.", cells)

    def merged(self, name: str, read_as: Mapping[str, str], cells: int) -> None:
        """Texts that were other spellings of a value."""
        best = list(dict.fromkeys(read_as.values()))
        pairs = [f'{quoted(text for text, kept in read_as.items() if kept == one)} as "{one}"' for one in best[:SHOWN]]
        more = f" and {len(best) - SHOWN} more" if len(best) > SHOWN else ""
        self.note(
            "merged", name, f": read {', '.join(pairs)}{more} ({counted(cells, 'cell')}).", cells, merge_case=False
        )

    def infinite(self, name: str, cells: int) -> None:
        """Numbers that no measurement can be."""
        what = f": infinity, or a number beyond any measurement, in {counted(cells, 'cell')} is read as missing."
        self.note("infinite", name, what, cells, "look")
