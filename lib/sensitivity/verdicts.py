"""Green, amber or red: the rules by which the five lines of the Robust? page are judged.

What is asked is always the same: does another analysis say what the main one says?  An analysis says "differs" (its
quoted p is below ALPHA; without sets, its 95% interval leaves out no effect) or "undecided".  Of a main answer that is
undecided, robust means that it stays undecided, never that there is no effect.

FEW      1 in 20 other analyses may disagree on a green line: that is what chance alone gives.
MANY     from 1 in 5 on the choice makes the answer: red.
STRONG   a hidden factor of Gamma 2 doubles the odds of treatment between two patients alike in everything measured, as
         the strongest measured factors of such cohorts do; an answer that holds up to it is green.  The same size of an
         E-value.  Rosenbaum 2002, Observational Studies, section 4.3.
WEAK     below Gamma 1.25 a factor that nobody would notice is enough: red.
Numbers that the Answer page does not quote cannot be robust, so no line is green then.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from .quick_outcomes import QuickOutcome

ALPHA = 0.05
FEW, MANY = 0.05, 0.20
WEAK, STRONG = 1.25, 2.0
NAMES = ("settings", "patients", "hidden", "outcomes", "days")

State = Literal["green", "amber", "red", "none"]
Name = Literal["settings", "patients", "hidden", "outcomes", "days"]
Unquoted = Literal["", "odds", "balance", "both"]


@dataclass(frozen=True)
class Seen:
    """What one analysis says.  label: which it is.  p: by set, NaN where none exists.  differs: as the module says;
    None where neither p nor interval exists.  side: of the estimate, -1 below no effect, 0 on it, 1 above, None
    without one.  lost:
    analysed treated patients without a control.  error: why it could not be done."""

    label: str
    p: float = math.nan
    measure: str = ""
    estimate: float = math.nan
    differs: bool | None = None
    side: int | None = None
    lost: int = 0
    error: str = ""

    @classmethod
    def of(cls, label: str, found: QuickOutcome, lost: int = 0) -> "Seen":
        """From the headline numbers of an outcome."""
        gap = found.estimate - found.null
        side = None if math.isnan(gap) else (gap > 0) - (gap < 0)
        return cls(label, found.p_by_set, found.measure, found.estimate, differs(found), side, lost)


def differs(found: QuickOutcome) -> bool | None:
    """As the module says."""
    if not math.isnan(found.p_by_set):
        return found.p_by_set < ALPHA
    if math.isnan(found.ci_low) or math.isnan(found.ci_high):
        return None
    return not found.ci_low <= found.null <= found.ci_high


@dataclass(frozen=True)
class Main:
    """The main answer of one outcome.  n_sets: that p counts.  unquoted: why the Answer page quotes no number: the
    odds inside the sets, the balance, or both; "" where it quotes them."""

    outcome: str
    kind: str
    seen: Seen
    n_sets: int
    unquoted: Unquoted = ""

    @property
    def known(self) -> bool:
        """Whether it says anything."""
        return self.seen.differs is not None


@dataclass(frozen=True)
class Tally:
    """Other analyses beside the main one.

    done: that say anything.  same: of these, what the main one says.  sided: that have a side, where the main one has.
    kept: of these, on the main one's.  opposite: that differ on the other side.  failed: that could not be done, or say
    nothing.  p_low, p_high: the range of p, NaN without one."""

    done: int
    same: int
    sided: int
    kept: int
    opposite: int
    failed: int
    p_low: float
    p_high: float

    @property
    def turned(self) -> int:
        """That lose the main one's side."""
        return self.sided - self.kept

    @property
    def state(self) -> State:
        """Red where MANY disagree or one finds the opposite; green where at most FEW disagree or change side, and at
        least half could be done; else amber."""
        if not self.done:
            return "none"
        other, turned = (self.done - self.same) / self.done, self.turned / self.done
        if other >= MANY or self.opposite:
            return "red"
        return "green" if max(other, turned) <= FEW and self.failed <= self.done else "amber"


def tally(main: Main, others: Iterable[Seen]) -> Tally:
    """Count them."""
    listed = list(others)
    done = [one for one in listed if one.differs is not None]
    own = main.seen.side
    sides = [] if own is None else [one.side for one in done if one.side is not None]
    ps = [one.p for one in done if not math.isnan(one.p)]
    return Tally(
        len(done),
        sum(one.differs == main.seen.differs for one in done),
        len(sides),
        sum(side == own for side in sides),
        sum(bool(one.differs) and (one.side or 0) * (own or 0) < 0 for one in done),
        len(listed) - len(done),
        min(ps, default=math.nan),
        max(ps, default=math.nan),
    )


def single_state(main: Main, found: Tally) -> State:
    """Of leaving out one patient at a time.  A difference that one patient's absence undoes is that patient's: red.
    An undecided answer that one patient decides is amber, and red where it hangs on more than FEW of them."""
    if not found.done:
        return "none"
    if main.seen.differs:
        return "green" if found.same == found.done else "red"
    if found.same == found.done:
        return "green" if not found.turned else "amber"
    return "amber" if (found.done - found.same) / found.done <= FEW else "red"


def days_state(found: Tally) -> State:
    """Of few other days: green where all say the same on the same side, red where more than half do not or one finds
    the opposite, else amber."""
    if not found.done:
        return "none"
    if found.opposite or found.same * 2 < found.done:
        return "red"
    return "green" if found.same == found.done and not found.turned else "amber"


def strength_state(strength: float) -> State:
    """Of how strong a hidden factor would have to be (Gamma, or an E-value); NaN: not known, amber."""
    if math.isnan(strength):
        return "amber"
    return "green" if strength >= STRONG else "amber" if strength >= WEAK else "red"


@dataclass(frozen=True)
class Line:
    """One of the five.  state: "none" where the question cannot be asked of these data.  numbers: what it counted, by
    name.  seen: the analyses behind it, where there are several."""

    name: Name
    state: State
    sentence: str
    numbers: Mapping[str, float | int | None] = field(default_factory=dict)
    seen: tuple[Seen, ...] = ()

    def capped(self, main: Main) -> "Line":
        """The same; not green where the main numbers are not quoted."""
        return replace(self, state="amber") if main.unquoted and self.state == "green" else self
