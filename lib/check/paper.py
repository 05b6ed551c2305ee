"""One printed outcome of a matched study, checked."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from ..errors import SpecError
from ..inference.asymptotic import chi_square
from ..inference.fisher import fisher_exact
from .by_set import SetRange, set_range
from .design import PaperDesign, whole
from .pairs import Discordant, discordant
from .printed import Impossible, Percentage, PrintedP, impossible, p_of, percentage_of

ARMS = ("treated", "control")


@dataclass(frozen=True)
class Claim:
    """What a paper prints of one outcome.  events, percents: of the treated, of the controls; a percentage or the p is
    None where it is not given."""

    name: str
    events: tuple[int, int]
    percents: tuple[Percentage | None, Percentage | None] = (None, None)
    p: PrintedP | None = None


@dataclass(frozen=True)
class Checked:
    """One outcome and what its counts can say.  by_set: the exact p by set; the rest is made when asked for."""

    design: PaperDesign
    claim: Claim
    by_set: SetRange

    @cached_property
    def pairs(self) -> Discordant:
        """Every way in which the pairs can differ."""
        return discordant(self.design, *self.claim.events)

    @property
    def as_pairs(self) -> tuple[float, float]:
        """The least and the greatest p of McNemar's test; NaN where no pair can differ, and with one treated patient,
        whom a large-sample p does not suit."""
        p = self.pairs.mcnemar
        if self.design.treated == 1 or np.isnan(p).all():
            return float("nan"), float("nan")
        return float(np.nanmin(p)), float(np.nanmax(p))

    @cached_property
    def impossible(self) -> tuple[Impossible, ...]:
        """Printed percentages that cannot be of these patients."""
        sizes = (self.design.treated, self.design.total)
        parts = zip(self.claim.percents, ARMS, self.claim.events, sizes, strict=True)
        return tuple(one for part in parts for one in impossible(*part))

    @cached_property
    def same_as(self) -> tuple[str, ...]:
        """Tests that give the printed p for some way in which the events can have fallen; () without a printed p."""
        if self.claim.p is None:
            return ()
        return tuple(name for name, p in self._candidates().items() if self.claim.p.fits(p))

    def _candidates(self) -> dict[str, np.ndarray]:
        (a, b), n1, n0 = self.claim.events, self.design.treated, self.design.total
        return {
            "mcnemar_pairs": self.pairs.mcnemar,
            "mcnemar_pairs_corrected": self.pairs.corrected,
            "mcnemar_pairs_exact": self.pairs.exact,
            "exact_by_set": self.by_set.found.p,
            "cmh_by_set": self.by_set.cmh,
            "fisher_exact": np.array([fisher_exact(a, n1, b, n0)]),
            "chi_square": np.array([pearson(a, n1, b, n0)]),
            "chi_square_corrected": np.array([pearson(a, n1, b, n0, corrected=True)]),
        }


def pearson(a: int, n1: int, b: int, n0: int, corrected: bool = False) -> float:
    """p of the chi-square test of two groups of strangers, a events of n1 and b of n0; NaN where nobody or everybody
    has the event.  corrected: with Yates's correction, as R chisq.test."""
    n, events = n1 + n0, a + b
    gap = abs(a - n1 * events / n)
    variance = n1 * n0 * events * (n - events) / n**3
    return chi_square(gap - min(0.5, gap) if corrected else gap, variance).p_value


def claim_of(
    design: PaperDesign, name: str, events: tuple[object, object], percents: tuple[str, str] = ("", ""), p: str = ""
) -> Claim:
    """An outcome as typed. Raises SpecError for what is no number, or for more events than patients."""
    sizes = zip(ARMS, events, (design.treated, design.total), strict=True)
    treated, control = (_events(arm, typed, n) for arm, typed, n in sizes)
    shares = (percentage_of(percents[0]), percentage_of(percents[1]))
    return Claim(name.strip(), (treated, control), shares, p_of(p))


def _events(arm: str, typed: object, n: int) -> int:
    who = "treated patients" if arm == "treated" else "controls"
    count = whole(typed, f"events of the {who}")
    if count > n:
        raise SpecError(f"{count:,} of {n:,} {who} cannot have the event.", "Give the events first of the treated.")
    return count


def check(design: PaperDesign, claim: Claim) -> Checked:
    """One outcome of a paper. Raises EstimationError as `set_range`."""
    return Checked(design, claim, set_range(design, *claim.events))
