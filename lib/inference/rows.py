"""One row of a result: a test with the units that it counts, or an estimate with its interval, and their sentences."""

from dataclasses import replace
from typing import Literal

import numpy as np

from ..measures import RATIOS, SHARES
from ..words import counted
from .asymptotic import Z, normal_p, t_p, t_quantile
from .notes import SILENCE, Reason
from .results import Estimate, Test
from .sets import Blocks

NAN = float("nan")
BY_ODDS = "labels moved by the fitted odds"
NO_SETS = Reason("no_sets", "No matched set has this outcome for its treated patient and a control.")
NO_ARM = Reason("no_arm", "One arm has no matched patient with this outcome.")
ONE_SIDED_ARM = Reason(
    "one_sided_arm",
    "In one arm all patients fared alike, which adds no variability, so the interval of the difference is too narrow; "
    "judge by the test by set.",
)
ONE_SIDED_WITHOUT_SETS = Reason(
    "one_sided_arm_without_sets",
    "In one arm all patients fared alike, which adds no variability, so the interval of the difference is too narrow; "
    "without sets that are apart no exact test stands beside it.",
)
ALL_ALIKE = Reason("all_alike", "All patients of each arm fared alike, so the data give no standard error.")
SAME_IN_EVERY_SET = Reason(
    "same_in_every_set",
    "Every set shows the same difference, so the data give no standard error clustered by set.",
)
CUT = Reason("cut_limit", "The interval would reach beyond 100 percentage points and is cut there.")
CUT_AT_HORIZON = Reason("cut_limit", "The interval would reach beyond the time up to the horizon and is cut there.")
ONE_PATIENT = Reason("one_patient", "An arm has a single patient, which no large-sample p allows; judge by an exact p.")
NO_CLUSTERS = Reason("one_set", "One set gives no standard error clustered by set.")


def one_sided(by_set: bool) -> Reason:
    """Why an interval is too narrow where nobody, or everybody, in one arm had the event.  by_set: whether tests by set
    stand beside it."""
    return ONE_SIDED_ARM if by_set else ONE_SIDED_WITHOUT_SETS


def set_test(name: str, statistic: float, p_value: float, blocks: Blocks, why: Reason = SILENCE) -> Test:
    """A test that counts sets."""
    patients = (blocks.n_treated, blocks.n_controls)
    return Test(name, "matched", statistic, p_value, blocks.n_sets, "set", "matched_set", *patients, why.full, why.code)


def pair_test(name: str, statistic: float, p_value: float, blocks: Blocks, why: Reason) -> Test:
    """A test of the published convention, on pairs with the treated repeated."""
    patients = (blocks.n_treated, blocks.n_controls)
    return Test(name, "matched", statistic, p_value, blocks.n_pairs, "pair", "published", *patients, why.full, why.code)


def whole_test(name: str, statistic: float, p_value: float, treated: np.ndarray, why: Reason = SILENCE) -> Test:
    """A test on every eligible patient with the outcome. treated: bool, one per such patient."""
    n, n1 = len(treated), int(treated.sum())
    return Test(name, "whole", statistic, p_value, n, "patient", "whole_cohort", n1, n - n1, why.full, why.code)


def one_patient(blocks: Blocks) -> bool:
    """Whether the sets hold a single treated patient, or a single control."""
    return 1 in (blocks.n_treated, blocks.n_controls)


def repeated_note(test: str, blocks: Blocks) -> Reason:
    """The unit guard, in words a clinician repeats; nothing when no patient is repeated."""
    if blocks.n_pairs == blocks.n_treated == blocks.n_controls:
        return SILENCE
    text, treated = f"{test} counts {counted(blocks.n_pairs, 'pair')}", counted(blocks.n_treated, "treated patient")
    if blocks.n_controls < blocks.n_pairs:
        rest = f"but they come from {treated} and {counted(blocks.n_controls, 'control')}."
    else:
        rest = f"but they come from {treated}; the matched-set test counts {counted(blocks.n_sets, 'set')}."
    return Reason("repeated_patients", f"{text}, {rest}")


def scale_of(measure: str) -> Literal["identity", "log"]:
    """The scale on which the SE of a measure stands."""
    return "log" if measure in RATIOS else "identity"


def absent(measure: str, method: str, why: Reason, scope: str = "marginal") -> Estimate:
    """An estimate that does not exist, and why."""
    return without_error(measure, (NAN, NAN, NAN), method, why, scope)


def without_error(
    measure: str, numbers: tuple[float, float, float], method: str, why: Reason, scope: str = "marginal"
) -> Estimate:
    """An estimate with limits that come from no standard error, or are missing (NaN), and why."""
    return Estimate(
        measure,
        *numbers,
        se=NAN,
        method=method,
        scope=scope,
        note=why.full,
        scale=scale_of(measure),
        note_code=why.code,
        aside=why.aside,
    )


def symmetric(
    measure: str,
    value: float,
    se: float,
    method: str,
    df: float = NAN,
    scope: str = "marginal",
    why: Reason = SILENCE,
    cause: str = "",
    horizon: float = np.inf,
) -> Estimate:
    """value +- quantile x SE, of t with df degrees of freedom, NaN: normal; an SE of 0 or NaN gives no interval, and
    `why` has to tell the reason. A share, or a difference of two, has no limit beyond -1 or 1; a difference of mean
    times up to a horizon none beyond it."""
    se = se if se > 0 else NAN
    half = _quantile(df) * se
    low, high = value - half, value + half
    most = 1.0 if measure in SHARES else horizon
    if max(-low, high) > most:
        low, high, why = max(low, -most), min(high, most), why.and_then(CUT if measure in SHARES else CUT_AT_HORIZON)
    return Estimate(
        measure,
        value,
        low,
        high,
        se,
        method,
        scope,
        why.full,
        "identity",
        df,
        cause=cause,
        note_code=why.code,
    )


def on_log_scale(
    measure: str,
    ratio: float,
    se: float,
    method: str,
    df: float = NAN,
    scope: str = "marginal",
    why: Reason = SILENCE,
) -> Estimate:
    """ratio x/ exp(quantile x SE of its log), df as for `symmetric`; a ratio of 0, or an SE of 0 or NaN, gives no
    interval (see `why`)."""
    se = se if se > 0 and ratio > 0 else NAN
    spread = float(np.exp(_quantile(df) * se))
    return Estimate(
        measure, ratio, ratio / spread, ratio * spread, se, method, scope, why.full, "log", df, note_code=why.code
    )


def _quantile(df: float) -> float:
    return Z if np.isnan(df) else t_quantile(df)


def to_quote(estimate: Estimate, own: float = NAN) -> Estimate:
    """The estimate whose interval belongs to the quoted p.  own: its p, where no test by set exists."""
    return replace(estimate, role="quoted", own_p=own)


def own_p(estimate: Estimate) -> float:
    """Two-sided p of no effect from an estimate's own standard error: of t where it has degrees of freedom, else
    normal; NaN without one."""
    away = np.log(estimate.estimate) if estimate.scale == "log" else estimate.estimate
    t = float(away / estimate.se)
    return normal_p(t) if np.isnan(estimate.df) else t_p(t, estimate.df)


def finite(number: float) -> float:
    """The number, NaN when it is infinite: no reader is shown an infinity."""
    return float(number) if np.isfinite(number) else NAN


def reasons(tests: list[Test], estimates: list[Estimate]) -> list[Reason]:
    """What a file of results must carry, each once: why a number is null, which interval not to trust."""
    lacking: list[Test | Estimate] = [t for t in tests if np.isnan([t.statistic, t.p_value]).any()]
    one_sided_arm = (ONE_SIDED_ARM.code, ONE_SIDED_WITHOUT_SETS.code)
    lacking += [
        e for e in estimates if e.note_code in one_sided_arm or np.isnan([e.estimate, e.ci_low, e.ci_high]).any()
    ]
    return [reason for reason in dict.fromkeys(Reason(row.note_code, row.note) for row in lacking) if reason]
