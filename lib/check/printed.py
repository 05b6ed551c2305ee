"""What a paper prints beside its counts: percentages that must be of some number of patients, and a p."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..errors import SpecError
from .design import shown

PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,4}))?\s*%?")
P = re.compile(r"(?:p\s*)?([<>≤≥]?)\s*=?\s*(?:([01]?)[.,](\d{1,10})|([01]))", re.IGNORECASE)
SIGNS = {"≤": "<", "≥": ">"}
ROUNDING = 1e-9  # of the last digit: a p on the edge of a rounding counts as either


@dataclass(frozen=True)
class Percentage:
    """A printed percentage.  text: its digits as printed, with a point.  decimals: how many it has."""

    text: str
    decimals: int

    @property
    def steps(self) -> int:
        """The percentage in steps of its last digit: 208 for 20.8."""
        return int(self.text.replace(".", ""))


@dataclass(frozen=True)
class Impossible:
    """A printed percentage that cannot be.

    arm: "treated" or "control".  n, events: patients and events of the arm.  of_n: whether it is the percentage of some
    other number of these patients; where not, of none.  near: the numbers of patients with percentages nearest to it.
    """

    arm: str
    printed: str
    decimals: int
    n: int
    events: int
    of_n: bool
    near: tuple[int, ...]


@dataclass(frozen=True)
class PrintedP:
    """A printed p.  sign: "", "<" or ">".  text: as printed, with a point."""

    sign: str
    text: str

    @property
    def value(self) -> float:
        """The number."""
        return float(self.text)

    @property
    def decimals(self) -> int:
        """Digits after the point."""
        return len(self.text.partition(".")[2])

    def __str__(self) -> str:
        return f"{self.sign}{self.text}"

    def fits(self, p: np.ndarray) -> bool:
        """Whether one of these p, rounded as printed, is the printed one.  p: float, NaN where there is none."""
        if self.sign:
            return bool((p < self.value if self.sign == "<" else p > self.value).any())
        half = 0.5 * 10.0**-self.decimals * (1 + ROUNDING)
        return bool((np.abs(p - self.value) <= half).any())


def percentage_of(text: str) -> Percentage | None:
    """What was typed ("20.8", "20,8 %"), None for nothing. Raises SpecError."""
    if not text.strip():
        return None
    found = PERCENT.fullmatch(text.strip())
    if not found or float(f"{found[1]}.{found[2] or 0}") > 100:
        raise SpecError(f"{shown(text.strip())} is no percentage.", "Type it as the paper prints it, such as 20.8.")
    after = found[2] or ""
    return Percentage(f"{int(found[1])}.{after}" if after else str(int(found[1])), len(after))


def p_of(text: str) -> PrintedP | None:
    """What was typed ("0.025", "p < 0,001", ".04"), None for nothing. Raises SpecError."""
    if not text.strip():
        return None
    found = P.fullmatch(text.strip())
    number = found and (found[4] or f"{found[2] or 0}.{found[3]}")
    if not found or not number or float(number) > 1:
        raise SpecError(f"{shown(text.strip())} is no p.", "Type it as the paper prints it, such as 0.025 or <0.001.")
    return PrintedP(SIGNS.get(found[1], found[1]), number)


def rounded(events: int, n: int, decimals: int) -> set[int]:
    """The percentage of `events` in `n` in steps of its last digit, rounded half up and half to even (two values only
    where it lies just between two steps)."""
    whole, rest = divmod(events * 100 * 10**decimals, n)
    if 2 * rest == n:
        return {whole + 1, whole + whole % 2}
    return {whole + (2 * rest > n)}


def impossible(percent: Percentage | None, arm: str, events: int, n: int) -> tuple[Impossible, ...]:
    """The percentage if it cannot be that of `events` among `n` patients, else nothing."""
    if percent is None or percent.steps in rounded(events, n, percent.decimals):
        return ()
    exact = Fraction(percent.steps * n, 100 * 10**percent.decimals)
    reach = n // (200 * 10**percent.decimals) + 2  # half a step of the last digit in patients, and one more
    around = [k for k in range(int(exact) - reach, int(exact) + reach + 1) if 0 <= k <= n]
    same = tuple(k for k in around if percent.steps in rounded(k, n, percent.decimals))
    near = same or _nearest(around, exact)
    return (Impossible(arm, percent.text, percent.decimals, n, events, bool(same), near),)


def _nearest(around: Sequence[int], exact: Fraction) -> tuple[int, ...]:
    """The number on either side; one at the end."""
    below, above = [k for k in around if k <= exact], [k for k in around if k > exact]
    return (*below[-1:], *above[:1])
