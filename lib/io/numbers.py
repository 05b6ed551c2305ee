"""Text that means numbers: what each way of writing one proves about decimal signs and thousands marks."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np

DIGITS = str.maketrans("123456789", "9" * 9)
ALL_DIGITS = str.maketrans("0123456789", "9" * 10)
SPACES = "'’ \u00a0\u202f\u2009"
REMOVED = str.maketrans("", "", SPACES)
OTHER = {".": ",", ",": "."}
SIGN = "[+\u2212-]?"
EXPONENT = "([eE][+-]?9+)?"
FEW = 0.05  # a share of a column's marked numbers that may be slips of the pen
FAR = 10  # times as large: whole numbers beside decimals of another magnitude

# Kinds of written numbers, by the shape with 9 for every digit. "." and "," say which sign is proved to be the decimal
# one; "?." and "?," are three digits after a single mark, which may be either.
_KINDS = tuple(
    (kind, re.compile(form))
    for kind, form in (
        ("whole", f"{SIGN}9+{EXPONENT}"),
        ("spaced", f"{SIGN}9{{1,3}}([{SPACES}]999)+"),
        ("?.", f"{SIGN}9{{1,3}}\\.999"),
        ("?,", f"{SIGN}9{{1,3}},999"),
        (".", f"{SIGN}(9+\\.9*|\\.9+){EXPONENT}"),
        (",", f"{SIGN}(9+,9*|,9+){EXPONENT}"),
        (".", f"{SIGN}9{{1,3}}((,999){{2,}}|(,999)+\\.9*|([{SPACES}]999)+\\.9+)"),
        (",", f"{SIGN}9{{1,3}}((\\.999){{2,}}|(\\.999)+,9*|([{SPACES}]999)+,9+)"),
    )
)
_GROUPED = re.compile(f"{SIGN}[0-9]{{1,3}}[.,{SPACES}].*[.,{SPACES}].*")


def kinds(texts: Sequence[str]) -> list[str | None]:
    """How each text writes a number: "whole", "spaced", a proved decimal sign, "?." or "?,"; None: it is no number."""
    known: dict[str, str | None] = {}
    found = []
    for text in texts:
        shape = text.translate(ALL_DIGITS)
        if shape not in known:
            known[shape] = next((kind for kind, form in _KINDS if form.fullmatch(shape)), None)
        kind = known[shape]
        # no group of thousands begins with zero: 0.123 and 012,345 are decimals
        found.append(kind[1] if kind and kind[0] == "?" and text.lstrip("+-\u2212")[0] == "0" else kind)
    return found


def is_number_text(text: str) -> bool:
    """Whether a text reads as a number with either decimal sign, with or without thousands marks."""
    return kinds([text])[0] is not None


@dataclass(frozen=True)
class Evidence:
    """What the texts of one column of numbers prove.  point, comma: cells that prove that decimal sign. either_point,
    either_comma: cells with three digits after a single "." or ",". far: whether the whole numbers beside them are of
    another magnitude than the latter read as decimals. lone: whether those would be as groups of thousands."""

    point: int = 0
    comma: int = 0
    either_point: int = 0
    either_comma: int = 0
    far: bool = False
    lone: bool = False

    @property
    def open(self) -> bool:
        """Whether a mark of the column may be either sign."""
        return bool(self.either_point or self.either_comma)


def evidence(texts: Sequence[str], found: Sequence[str | None], counts: Iterable[int]) -> Evidence:
    """Weigh the distinct texts of a column. found: their kinds. counts: the cells of each."""
    cells = dict.fromkeys((".", ",", "?.", "?,", "whole", "spaced"), 0)
    for kind, count in zip(found, counts, strict=True):
        if kind:
            cells[kind] += count
    either = [t for t, kind in zip(texts, found, strict=True) if kind and kind[0] == "?"]
    whole = [t for t, kind in zip(texts, found, strict=True) if kind == "whole"] if either else []
    proved = [t for t, kind in zip(texts, found, strict=True) if kind in OTHER] if either else []
    far, lone = _far(either, whole), bool(proved) and _lone(either, [*proved, *whole])
    return Evidence(cells["."], cells[","], cells["?."], cells["?,"], far, lone)


def _far(either: list[str], whole: list[str]) -> bool:
    """Whether whole numbers are much larger than the doubtful ones read as decimals: 174 beside 2.810."""
    decimals = np.abs([_float(text.replace(",", ".")) for text in either])
    numbers = np.abs([_float(text) for text in whole])
    numbers = numbers[numbers > 0]
    if not len(numbers) or not len(decimals) or numbers.max() >= 1000:  # 1234 beside 2.810: no groups are written here
        return False
    wide = bool(numbers.max() >= 100 and FAR * decimals.min() <= numbers.max())
    return wide or bool(np.median(numbers) >= FAR * np.median(decimals))


def _lone(either: list[str], others: list[str]) -> bool:
    """Whether doubtful numbers read as thousands are much larger than all others: 1,234 beside 1.5 and 3.25."""
    sizes = [abs(_parse(text, "," if "," in text else ".")) for text in others if not _GROUPED.fullmatch(text)]
    groups = [abs(_float(re.sub("[.,]", "", text))) for text in either]
    return bool(sizes) and min(groups) > FAR * max(sizes)


def file_sign(columns: Iterable[Evidence]) -> str | None:
    """The decimal sign that most cells of the file prove: "." or ","; "both" where neither is rare; None: no proof."""
    found = list(columns)
    point, comma = sum(e.point for e in found), sum(e.comma for e in found)
    if not point and not comma:
        return None
    if min(point, comma) <= FEW * max(point, comma):
        return "." if point > comma else ","
    return "both"


def column_sign(found: Evidence, file: str | None) -> str | None:
    """The decimal sign of one column: its own proof, then the file's. "each": every cell proves its own. None: to ask.

    file: from file_sign, or stated by whoever reads it.
    """
    if not found.open:
        return "each" if found.point and found.comma else "," if found.comma else "."
    if found.point and found.comma:
        return None
    if found.point or found.comma:
        sign, either = (".", found.either_point) if found.point else (",", found.either_comma)
        if not either:  # the other mark groups thousands, unless that makes numbers out of all proportion
            return None if found.lone else sign
        return None if found.far and found.point + found.comma <= max(1, FEW * either) else sign
    if found.either_point and found.either_comma:
        return None
    return _from_file(found, "." if found.either_point else ",", file)


def _from_file(found: Evidence, mark: str, file: str | None) -> str | None:
    """The sign of a column in which every mark may be either."""
    if file == OTHER[mark]:
        return file
    if found.far or file == "both":
        return None
    return mark if mark == "." or file == mark else None


def parse(texts: Sequence[str], found: Sequence[str | None], sign: str) -> np.ndarray:
    """float64, the number of each text. sign: the decimal sign, or "each" for the one that a text proves itself."""
    own = ["," if kind == "," else "." for kind in found] if sign == "each" else [sign] * len(texts)
    return np.array([_parse(text, one) for text, one in zip(texts, own, strict=True)])


def _parse(text: str, sign: str) -> float:
    bare = text.translate(REMOVED).replace(OTHER[sign], "").replace(sign, ".")
    return _float(bare)


def _float(text: str) -> float:
    return float(text.replace("\u2212", "-"))


def readable(found: Sequence[str | None], sign: str) -> bool:
    """Whether every text is a number when this is the decimal sign, and its other marks groups of three digits."""
    if sign == "each":
        return True
    wrong = {OTHER[sign]}
    return not any(kind in wrong for kind in found)


def grouped(found: Sequence[str | None], texts: Sequence[str], sign: str) -> bool:
    """Whether any text has thousands marks when this is the decimal sign."""
    other = OTHER.get(sign, "")
    return any(kind == "spaced" or (other and other in text) for text, kind in zip(texts, found, strict=True))
