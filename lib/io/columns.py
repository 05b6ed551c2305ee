"""Every column of a file becomes numbers or text; what was decided on the way is a finding, what could not be a
question."""

from collections import Counter
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..reading import Reading
from ..table import Finding, Limited
from .body import Body, is_code
from .missing import NUMBER_MARKERS, without_sentinels
from .numbers import OTHER, Evidence, column_sign, file_sign, parse, readable
from .remarks import Remarks
from .spelling import one_spelling
from .texts import TextColumn

SAMPLED = 50_000  # cells that tell how many of a column have decimals
MOST_TEXTS = 500  # a column with more different texts is no category
HUGE = 1e100  # no measurement is larger


@dataclass(frozen=True)
class _Numbers:
    """A column as pandas read it.  values: int64 or float64 (n,), points as decimal signs. text: the same cells as
    written, where the points may be thousands marks."""

    values: np.ndarray
    text: TextColumn | None = None

    @property
    def evidence(self) -> Evidence:
        """What the column proves about the decimal sign of its file."""
        if self.text is not None:
            return self.text.evidence
        if self.values.dtype != float:
            return Evidence()
        step = 1 + len(self.values) // SAMPLED
        some = self.values[::step]
        known = some[np.isfinite(some)]
        return Evidence(point=step * int((known != np.trunc(known)).sum()))


@dataclass
class Columns:
    """The columns of one file while they are read.  guess: dashes and -999 among numbers may be taken for missing.
    stated: the decimal sign of the whole file as somebody said; None: as found. file: what it is then."""

    body: Body
    reading: Reading
    guess: bool
    stated: str | None
    remarks: Remarks = field(default_factory=Remarks)
    limited: dict[str, Limited] = field(default_factory=dict)
    units: dict[str, str] = field(default_factory=dict)
    file: str | None = None

    def read(self, frame: pd.DataFrame) -> dict[int, np.ndarray]:
        """The values of each column by position: int64, float64, or object text with None where missing."""
        names = [name or f"(column {k + 1})" for k, name in enumerate(self.body.layout.names)]
        columns = [self._looked_at(name, frame[k], k) for k, name in enumerate(names)]
        proofs = [self._evidence(column) for column in columns]
        self.file = self.stated or file_sign(proofs)
        made = {}
        for position, (name, column) in enumerate(zip(names, columns, strict=True)):
            if isinstance(column, np.ndarray):
                made[position] = column
                continue
            values = (
                self._text(column) if isinstance(column, TextColumn) else self._parsed(name, column, proofs[position])
            )
            made[position] = values if values.dtype == object else self._checked(name, values)
        return made

    def _looked_at(self, name: str, parsed: pd.Series, position: int) -> np.ndarray | TextColumn | _Numbers:
        """Codes of digits as they are; other columns as numbers or as text to look into."""
        column = self.body.as_written(parsed, position)
        if is_code(column):
            empty = (column.isna() | (column == "")).to_numpy()
            self.remarks.code(name, int((~empty).sum()))
            return np.where(empty, np.array(None), column.to_numpy())
        if column.dtype == object:
            return self._as_text(name, column)
        values = column.to_numpy()
        if values.dtype != float or not self.body.may_be_groups(position, values):
            return _Numbers(values)
        text = self._as_text(name, self.body.written(position))
        return _Numbers(values, text if text.numeric and text.evidence.open else None)

    def _as_text(self, name: str, column: pd.Series) -> TextColumn:
        return TextColumn.of(name, column, self.body.markers, NUMBER_MARKERS if self.guess else ())

    def _evidence(self, column: np.ndarray | TextColumn | _Numbers) -> Evidence:
        if isinstance(column, np.ndarray) or (isinstance(column, TextColumn) and not column.numeric):
            return Evidence()
        return column.evidence

    def _sign(self, column: TextColumn) -> str | None:
        """The decimal sign of a column of numbers: as answered, or found. None: to ask."""
        name, found = column.name, column.evidence
        asked = self.reading.decimal.get(name) or OTHER.get(self.reading.thousands.get(name, ""))
        if asked is None and self.reading.thousands.get(name) == "":
            asked = "," if found.either_comma else "."
        sign = asked or (self.stated if found.open else None)
        return sign if sign and readable(column.kinds, sign) else column_sign(found, self.file)

    def _parsed(self, name: str, column: _Numbers, found: Evidence) -> np.ndarray:
        if column.text is not None and self._sign(column.text) != ".":
            return self._text(column.text)
        if self.file == "," and found.point:
            self.remarks.unlike(name, ".", found.point, len(column.values))
        return column.values

    def _text(self, column: TextColumn) -> np.ndarray:
        if not len(column.known):
            return np.full(len(column.codes), np.nan)
        made = self._numbers(column) if column.numeric else None
        if made is not None:
            return made
        if not column.numeric:
            self.remarks.mixed(column)
        return self._words(column)

    def _numbers(self, column: TextColumn) -> np.ndarray | None:
        """The numbers of a column whose entries all are numbers, perhaps with limits and units; None: it stays text."""
        beyond = np.array(column.cores.beyond)
        if (beyond.any() and not _measured(column, beyond)) or not self._one_unit(column):
            return None
        sign = self._sign(column)
        if sign is None:
            self.remarks.ask(column.name, column.evidence)
            return None
        values = column.spread(parse(column.cores.numbers, column.kinds, sign), column.entries)
        self.remarks.numbers(column, sign, self.file)
        if not beyond.any():
            return values
        self.remarks.limits(column.name, column.cells(column.entries[beyond != 0]))
        sides = np.nan_to_num(column.spread(beyond, column.entries)).astype(np.int8)
        self.limited[column.name] = Limited(values, sides)
        return None

    def _one_unit(self, column: TextColumn) -> bool:
        """Whether no number of a column has a unit, or all have the same; then it is kept as the column's."""
        units = Counter(column.cores.units)
        if set(units) == {""}:
            return True
        cells = column.cells([c for c, unit in zip(column.entries, column.cores.units, strict=True) if unit])
        different = {unit.replace(" ", "").casefold() for unit in units}
        if len(different) > 1:
            self.remarks.several_units(column.name, different, cells)
            return False
        self.units[column.name] = units.most_common(1)[0][0]
        self.remarks.unit(column.name, self.units[column.name], cells)
        return True

    def _words(self, column: TextColumn) -> np.ndarray:
        """A column of text, in one spelling where it holds a category."""
        self.remarks.spaces(column)
        read_as: dict[str, str] = {}
        if self.reading.merge_case and column.name not in self.limited and len(column.known) <= MOST_TEXTS:
            counts: Counter[str] = Counter()
            for code in column.known.tolist():
                counts[column.texts[code]] += int(column.counts[code])
            read_as = one_spelling(counts)
        if read_as:
            self.remarks.merged(column.name, read_as, sum(counts[text] for text in read_as))
        return column.words(read_as, dashes=column.name in self.limited)

    def _checked(self, name: str, values: np.ndarray) -> np.ndarray:
        """Numbers without infinite ones and codes for missing."""
        if values.dtype == float and max(np.fmax.reduce(values), -np.fmin.reduce(values)) >= HUGE:
            wild = np.abs(values) >= HUGE
            values = np.where(wild, np.nan, values)
            self.remarks.infinite(name, int(wild.sum()))
        if not self.guess:
            return values
        values, text = without_sentinels(name, values)
        if text:
            self.remarks.findings.append(Finding("sentinel", text, "note", column=name))
        return values


def _measured(column: TextColumn, beyond: np.ndarray) -> bool:
    """Whether limits stand among measured numbers, rather than being classes such as "<65" and ">=65"."""
    plain = {number for number, b in zip(column.cores.numbers, beyond, strict=True) if not b}
    limits = {number for number, b in zip(column.cores.numbers, beyond, strict=True) if b}
    return len(plain) > len(limits)
