"""How often would this analysis cry wolf?  The whole pipeline on the untreated alone, where treatment did nothing.

As many untreated patients as there were treated are drawn, without replacement, and analysed as if they had been
treated: score, match and outcome under the settings of the spec.  Nothing was done to any of them, so every p below
ALPHA is a false alarm.

Two ways of drawing.  "random": every untreated patient is equally likely; this answers the plain null, in which the
groups differ by chance alone, and is the one told first.  "odds": in proportion to the odds of treatment that the score
of the real data gives them; the drawn then differ from the others as the treated really do in what was measured, and
the analysis has to undo it.  The outcomes are the patients' own in both, so their ties with the covariates are real.
"""

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from ..cohort import Cohort
from ..design import match
from ..design.moves import odds_inside_sets
from ..errors import AnalysisError, EstimationError, SpecError
from ..inference.mover import Risk
from ..score import fit_propensity
from ..spec import AnalysisSpec
from ..steps import Steps
from .quick_outcomes import quick_outcomes
from .verdicts import ALPHA, differs

DRAWS = 200
MOST_DRAWS = 10_000
FEWEST_LEFT = 2  # untreated patients left for each that is drawn; with fewer no control is another's
PAIRS = {"binary": "mcnemar_pairs", "continuous": "wilcoxon_signed_rank_pairs", "survival": "logrank"}

How = Literal["random", "odds"]


@dataclass(frozen=True)
class Drawn:
    """One study of untreated patients.  pairs: whether the pairs' p is below ALPHA, None where the design has none.
    quoted: whether what is quoted says "differs"; None where nothing can be said.  withheld: whether the sets were too
    unlike for a p to be quoted.  error: why it could not be done."""

    pairs: bool | None = None
    quoted: bool | None = None
    withheld: bool = False
    error: str = ""


@dataclass(frozen=True)
class Alarms:
    """False alarms among n studies that have this p, with the 95% Monte Carlo interval of their share (Wilson)."""

    below: int
    n: int

    @property
    def share(self) -> float:
        """NaN without a study."""
        return self.below / self.n if self.n else math.nan

    @property
    def limits(self) -> tuple[float, float]:
        """Of the share."""
        return Risk(self.share, self.n).wilson() if self.n else (math.nan, math.nan)


@dataclass(frozen=True)
class CryWolf:
    """treated: drawn in each study, of `pool` untreated.  test: the pairs' test.  pairs, quoted: their false alarms.
    withheld: studies whose sets were too unlike for a p to be quoted; they are not among `quoted`.  failed: why studies
    could not be done, with how many."""

    outcome: str
    how: How
    draws: int
    treated: int
    pool: int
    test: str
    pairs: Alarms
    quoted: Alarms
    withheld: int
    failed: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Flock:
    """The untreated whom studies are drawn from.  odds: float (pool,), of treatment, None where no score has them."""

    steps: Steps
    outcome: str
    cohort: Cohort
    treated: int
    odds: np.ndarray | None

    @classmethod
    def of(cls, steps: Steps, outcome: str) -> "Flock":
        """Raises what the cohort raises, and EstimationError where the sets were made elsewhere or the untreated are
        too few."""
        if steps.spec.matching.method == "given":
            raise EstimationError(
                "The sets were made elsewhere, so nobody can be matched anew.", "Choose a method that matches here."
            )
        cohort = steps.cohort
        treated, pool = int(cohort.treated.sum()), int((~cohort.treated).sum())
        if not 0 < treated * FEWEST_LEFT < pool:
            raise EstimationError(
                f"{treated:,} of {pool:,} untreated patients would be drawn as treated, which leaves too few to be "
                "their controls.",
                "This question needs many more untreated than treated patients.",
            )
        return cls(steps, outcome, untreated(cohort), treated, _odds(steps, cohort))

    def draw(self, number: int, how: How) -> Drawn:
        """One study; the same for the same number, whatever else is drawn."""
        rng = np.random.default_rng([self.steps.spec.seed, number, get_args(How).index(how)])
        chance = None if how == "random" or self.odds is None else self.odds / self.odds.sum()
        chosen = rng.choice(self.cohort.n, self.treated, replace=False, p=chance)
        try:
            return self.analysed(chosen)
        except AnalysisError as error:
            return Drawn(error=str(error))

    def analysed(self, chosen: np.ndarray) -> Drawn:
        """The pipeline with these treated.  chosen: int, positions in the cohort of the untreated."""
        spec, arm = self.steps.spec, np.zeros(len(self.cohort.eligible_treated), dtype=bool)
        arm[self.cohort.rows[chosen]] = True
        cohort = replace(self.cohort, eligible_treated=arm)
        score = fit_propensity(cohort, spec.propensity, required=spec.matching.needs_score)
        sample = match(cohort, score, spec.matching, spec.seed)
        found = quick_outcomes(cohort, sample, (self.outcome,))[0]
        inside = odds_inside_sets(sample)
        withheld = inside is not None and inside.level == "no_evidence"
        pairs = None if math.isnan(found.p_published) else found.p_published < ALPHA
        return Drawn(pairs, None if withheld else differs(found), withheld)


def _odds(steps: Steps, cohort: Cohort) -> np.ndarray | None:
    """As Flock.odds."""
    if not steps.spec.matching.needs_score:
        return None
    try:
        odds = np.exp(steps.score.log_odds[~cohort.treated])
    except EstimationError:  # drawing at random asks for no score of the real data
        return None
    return odds if np.isfinite(odds).all() and (odds > 0).all() else None


def untreated(cohort: Cohort) -> Cohort:
    """The analysed patients who were not treated."""
    kept = ~cohort.treated
    frames = {
        name: getattr(cohort, name)[kept].reset_index(drop=True)
        for name in ("covariates", "covariate_matrix", "matching_columns")
    }
    return replace(cohort, rows=cohort.rows[kept], person_id=cohort.person_id[kept], **frames)


def cry_wolf(steps: Steps, outcome: str, draws: int = DRAWS, how: How = "random") -> CryWolf:
    """All draws. Raises what Flock.of raises, and SpecError for no draw or too many, and for "odds" without a score."""
    if not 1 <= draws <= MOST_DRAWS:
        raise SpecError(f"{draws:,} draws cannot be done.", f"Ask for 1 to {MOST_DRAWS:,}.")
    flock = Flock.of(steps, outcome)
    if how == "odds" and flock.odds is None:
        raise EstimationError("No score tells the odds of treatment in this design.", "Draw at random instead.")
    return counted_up(flock, [flock.draw(number, how) for number in range(draws)], how)


def outcome_asked(spec: AnalysisSpec, name: str | None = None) -> str:
    """The outcome of that name; None: the primary one, else the first. Raises SpecError where there is none."""
    named = [one.name for one in sorted(spec.outcomes, key=lambda one: not one.primary) if name in (None, one.name)]
    if not named:
        raise SpecError("There is no such outcome to cry wolf about.", "Name one of the spec's outcomes.")
    return named[0]


def counted_up(flock: Flock, drawn: Iterable[Drawn], how: How) -> CryWolf:
    """What the studies say together."""
    studies = list(drawn)
    kind = next(one.kind for one in flock.steps.spec.outcomes if one.name == flock.outcome)
    failed = Counter(one.error for one in studies if one.error)
    return CryWolf(
        flock.outcome,
        how,
        len(studies),
        flock.treated,
        flock.cohort.n,
        PAIRS[kind],
        _alarms(one.pairs for one in studies),
        _alarms(one.quoted for one in studies),
        sum(one.withheld for one in studies),
        tuple(failed.most_common()),
    )


def _alarms(found: Iterable[bool | None]) -> Alarms:
    known = [one for one in found if one is not None]
    return Alarms(sum(known), len(known))
