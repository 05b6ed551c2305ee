"""What a comparison of outcomes is made of. One class per kind of outcome; no number is rounded here."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

import numpy as np
import pandas as pd

from ..words import counted
from ..words.moves import NO_EVIDENCE
from .notes import Note
from .quoted import LARGE_SAMPLE, Quoted

ARMS = ("treated", "matched_control", "whole_treated", "whole_control")
ARM_WORDS = {"treated": "treated", "control": "matched controls", "": ""}
WEIGHTED_CONTROLS = "weighted controls"
NAN = float("nan")


def arm_words(arm: str, weighted: bool = False) -> str:
    """One of ARM_WORDS in words.  weighted: whether the controls are weighted without being in sets."""
    return WEIGHTED_CONTROLS if weighted and arm == "control" else ARM_WORDS[arm]


@dataclass(frozen=True)
class Test:
    """One hypothesis test.  statistic and p_value are NaN when they do not exist; `note` then says why, `note_code` in
    one word for programs ("" without a note).

    statistic: a chi-square; but V of the signed rank tests, the sum of the treated patients' ranks of
    aligned_rank_by_set, the number of treated patients with the event of the exact tests (Fisher's too), z of
    cox_cluster, and the difference in restricted mean survival of rmst_by_set_permuted.

    n_units: how many units the test counts, of kind `unit`; n_treated, n_control: the distinct patients behind them.
    convention: "published" (as the study did), "matched_set", or "whole_cohort".
    role: as in lib.inference.registry; "quoted" is the p to cite.
    moves: of a p by moving labels within sets: "equal" chances, or those of the "fitted_odds"; "" for other tests.
    """

    name: str
    sample: Literal["whole", "matched"]
    statistic: float
    p_value: float
    n_units: int
    unit: Literal["patient", "pair", "set"]
    convention: str
    n_treated: int
    n_control: int
    note: str = ""
    note_code: str = ""
    role: str = ""
    moves: str = ""

    @property
    def counts(self) -> str:
        """What the p counts, for a card: "8 sets", "255 patients", "24 pairs from 8 treated patients"."""
        text = counted(self.n_units, self.unit)
        if not self.repeated:
            return text
        again = f" and {counted(self.n_control, 'control')}" if self.n_control < self.n_units else ""
        return f"{text} from {counted(self.n_treated, 'treated patient')}{again}"

    @property
    def counted_as(self) -> str:
        """The warning of a test that repeats patients: "8 patients counted as 24"; empty when it repeats none."""
        if not self.repeated:
            return ""
        if self.n_treated < self.n_units:
            return f"{counted(self.n_treated, 'patient')} counted as {self.n_units:,}"
        return f"{counted(self.n_control, 'control')} counted as {self.n_units:,}"

    @property
    def repeated(self) -> bool:
        """Whether a patient stands in several of the pairs that the test counts."""
        return self.unit == "pair" and min(self.n_treated, self.n_control) < self.n_units


@dataclass(frozen=True)
class Estimate:
    """One effect with its 95% interval.  NaN where a limit does not exist; `note` says why, `note_code` in one word for
    programs ("" without a note).

    scope: "marginal" or "conditional".  scale: on which `se` stands and an interval from it is symmetric.
    df: degrees of freedom of t behind the interval; NaN where it is normal, exact or absent.
    arm: the one arm that a survival or an incidence is of, cause: the event that an incidence is of; "" for the others.
    aside: the end of the note that only files need.
    role: "quoted" for the estimate whose interval belongs to the quoted p.  own_p: of no effect, where that p is the
    estimate's own because no test by set exists; else NaN.
    """

    measure: str
    estimate: float
    ci_low: float
    ci_high: float
    se: float
    method: str
    scope: str = "marginal"
    note: str = ""
    scale: Literal["identity", "log"] = "identity"
    df: float = float("nan")
    arm: Literal["treated", "control", ""] = ""
    cause: str = ""
    note_code: str = ""
    aside: str = ""
    role: Literal["quoted", ""] = ""
    own_p: float = float("nan")

    def who(self, weighted: bool = False) -> str:
        """The arm and the cause in words, as far as the estimate is of one: "matched controls, death".

        weighted: as OutcomeResult."""
        return ", ".join(word for word in (arm_words(self.arm, weighted), self.cause) if word)

    def full_method(self, weighted: bool = False) -> str:
        """The method with `who` before it, for files and lists that show all estimates alike."""
        who = self.who(weighted)
        return f"{who}: {self.method}" if who else self.method

    @property
    def said(self) -> str:
        """The note without its aside."""
        return self.note.removesuffix(self.aside).strip()

    def content(self, weighted: bool = False) -> dict[str, Any]:
        """The fields of a file, empty ones None.  weighted: as OutcomeResult."""
        method = self.full_method(weighted)
        fields = asdict(self) | {"method": method, "arm": self.arm or None, "cause": self.cause or None}
        del fields["aside"], fields["own_p"]
        return fields


def quoted_of(tests: Iterable[Test]) -> Test | None:
    """Of some tests the one to cite, None without one."""
    return next((test for test in tests if test.role == "quoted"), None)


@dataclass(frozen=True)
class BinarySummary:
    """n patients with the outcome known, `events` of them with the event.

    weighted_risk: their share by the weights of the comparison, which the effects speak of, over the sets that are
        complete for the outcome; the risk itself where all weigh the same, NaN without patients.
    """

    n: int
    events: int
    weighted_risk: float = NAN

    @property
    def risk(self) -> float:
        """events / n, NaN without patients."""
        return self.events / self.n if self.n else float("nan")


@dataclass(frozen=True)
class ContinuousSummary:
    """n known values, R type 2 quartiles, unweighted mean and SD (ddof 1); NaN where undefined.

    weighted_mean: by the weights of the comparison, which the mean difference speaks of, over the sets that are
        complete for the outcome; NaN without values.
    """

    n: int
    median: float
    p25: float
    p75: float
    mean: float
    sd: float
    minimum: float
    maximum: float
    weighted_mean: float = NAN


@dataclass(frozen=True)
class SurvivalSummary:
    """n patients, `events` up to the horizon (unweighted counts), and the Kaplan-Meier survival at the horizon."""

    n: int
    events: int
    survival: float
    ci_low: float
    ci_high: float


@dataclass(frozen=True)
class _Result:
    """What every kind has.  The four arms of ARMS; whole_* are every eligible patient with that outcome.

    weighted: whether the controls are weighted without being in sets, so that none of them is a matched control.
    """

    name: str
    tests: tuple[Test, ...]
    estimates: tuple[Estimate, ...]
    notes: tuple[Note, ...]
    primary: bool
    weighted: bool = field(default=False, kw_only=True)

    @property
    def quoted(self) -> Quoted | None:
        """The p and the interval to cite; None where no estimate is quoted."""
        effect = next((estimate for estimate in self.estimates if estimate.role == "quoted"), None)
        if effect is None:
            return None
        test = self.quoted_test
        p, name = (effect.own_p, LARGE_SAMPLE) if test is None else (test.p_value, test.name)
        evidence = not any(note.code == NO_EVIDENCE for note in self.notes)
        return Quoted(p, name, effect.estimate, effect.ci_low, effect.ci_high, effect.measure, evidence)

    @property
    def quoted_test(self) -> Test | None:
        """The test by set to cite, with the moves that the design fixed; None without one."""
        return quoted_of(self.tests)


@dataclass(frozen=True)
class BinaryOutcome(_Result):
    """An event that happened or not.  sets: DataFrame [set, treated, treated_events, controls, control_events]."""

    treated: BinarySummary
    matched_control: BinarySummary
    whole_treated: BinarySummary
    whole_control: BinarySummary
    sets: pd.DataFrame
    kind: Literal["binary"] = field(default="binary", init=False)


@dataclass(frozen=True)
class ContinuousOutcome(_Result):
    """A number.  points: DataFrame [arm, moment, row, value]: arm of ARMS, moment "baseline" or "outcome", row in the
    eligible table; every known value, for figures."""

    treated: ContinuousSummary
    matched_control: ContinuousSummary
    whole_treated: ContinuousSummary
    whole_control: ContinuousSummary
    points: pd.DataFrame
    kind: Literal["continuous"] = field(default="continuous", init=False)


@dataclass(frozen=True)
class SurvivalOutcome(_Result):
    """Time to an event, administratively cut at `horizon`.

    curves: DataFrame [arm, time, survival, ci_low, ci_high], steps from time 0 (survival 1) to the arm's last
        follow-up, at most the horizon; the matched curves respect the weights. Log-log limits, 1 before the first
        event; an arm without any event has its exact limits at the horizon all along (NaN when no one was followed).
    censored: DataFrame [arm, time, survival], a tick each.
    at_risk: DataFrame [arm, time, at_risk, censored, events]: unweighted counts at the start of each tick time;
        censored and events are cumulative before it.
    moments: DataFrame [arm, time, at_risk, survival, ci_low, ci_high, note] at the spec's `times`, which may lie beyond
        the horizon, or at the ticks of at_risk. at_risk unweighted, at the start of the time. note: why a limit is
        exact or missing, and where a survival is carried forward.
    incidence: DataFrame [arm, cause, time, incidence, ci_low, ci_high], empty when nothing competes: Aalen-Johansen
        steps from time 0 at every event time of the arm, of any cause, to its last follow-up; the matched arms respect
        the weights. Log-log limits, 0 before the first event; a cause that an arm does not have has its exact upper
        limit at the horizon all along.
    """

    treated: SurvivalSummary
    matched_control: SurvivalSummary
    whole_treated: SurvivalSummary
    whole_control: SurvivalSummary
    horizon: float
    curves: pd.DataFrame
    censored: pd.DataFrame
    at_risk: pd.DataFrame
    moments: pd.DataFrame = field(default_factory=pd.DataFrame)
    incidence: pd.DataFrame = field(default_factory=pd.DataFrame)
    kind: Literal["survival"] = field(default="survival", init=False)


OutcomeResult = BinaryOutcome | ContinuousOutcome | SurvivalOutcome  # told apart by `kind`


def weighted_mean(values: np.ndarray, weights: np.ndarray) -> float:
    """The mean of the known values by their weights; NaN without any.  values: float (n,), NaN unknown.  weights: float
    (n,), 0 for patients of sets that are left out."""
    known = ~np.isnan(values) & (weights > 0)
    return float(np.average(values[known], weights=weights[known])) if known.any() else NAN


def type2_quantile(values: np.ndarray, share: float) -> float:
    """R's type 2 quantile (SAS PCTLDEF=5): the mean of two order statistics where n*share is an integer.

    values: float (n,) without NaN.  Returns NaN for n = 0.
    """
    if not len(values):
        return float("nan")
    return float(np.quantile(values, share, method="averaged_inverted_cdf"))
