"""One row of a result: a test with the units that it counts, or an estimate with its interval, and their sentences."""

import numpy as np

from ..words import counted
from .asymptotic import Z
from .results import Estimate, Test
from .sets import Blocks

NAN = float("nan")
NO_SETS = "No matched set has this outcome for its treated patient and a control."
NO_ARM = "One arm has no matched patient with this outcome."
ONE_SIDED_ARM = (
    "In one arm all patients fared alike, which adds no variability, so the interval of the difference is too narrow; "
    "judge by the test by set."
)
ALL_ALIKE = "All patients of each arm fared alike, so the data give no standard error."
SAME_IN_EVERY_SET = "Every set shows the same difference, so the data give no standard error clustered by set."
NO_CLUSTERS = "One set gives no standard error clustered by set."


def set_test(name: str, statistic: float, p_value: float, blocks: Blocks, note: str = "") -> Test:
    """A test that counts sets."""
    patients = (blocks.n_treated, blocks.n_controls)
    return Test(name, "matched", statistic, p_value, blocks.n_sets, "set", "matched_set", *patients, note)


def pair_test(name: str, statistic: float, p_value: float, blocks: Blocks, note: str) -> Test:
    """A test of the published convention, on pairs with the treated repeated."""
    patients = (blocks.n_treated, blocks.n_controls)
    return Test(name, "matched", statistic, p_value, blocks.n_pairs, "pair", "published", *patients, note)


def whole_test(name: str, statistic: float, p_value: float, treated: np.ndarray, note: str = "") -> Test:
    """A test on every eligible patient with the outcome. treated: bool, one per such patient."""
    n, n1 = len(treated), int(treated.sum())
    return Test(name, "whole", statistic, p_value, n, "patient", "whole_cohort", n1, n - n1, note)


def repeated_note(test: str, blocks: Blocks) -> str:
    """The unit guard, in words a clinician repeats; empty when no patient is repeated."""
    if blocks.n_pairs == blocks.n_treated == blocks.n_controls:
        return ""
    text = f"{test} counts {counted(blocks.n_pairs, 'pair')}, but they come from "
    if blocks.n_controls < blocks.n_pairs:
        return f"{text}{counted(blocks.n_treated, 'treated patient')} and {counted(blocks.n_controls, 'control')}."
    return (
        f"{text}{counted(blocks.n_treated, 'treated patient')}; "
        f"the matched-set test counts {counted(blocks.n_sets, 'set')}."
    )


def absent(measure: str, method: str, note: str, scope: str = "marginal") -> Estimate:
    """An estimate that does not exist, and why."""
    return Estimate(measure, NAN, NAN, NAN, NAN, method, scope, note)


def symmetric(
    measure: str, value: float, se: float, method: str, quantile: float = Z, scope: str = "marginal", note: str = ""
) -> Estimate:
    """value +- quantile x SE; an SE of 0 or NaN gives no interval, and `note` has to say why."""
    se = se if se > 0 else NAN
    half = quantile * se
    return Estimate(measure, value, value - half, value + half, se, method, scope, note)


def on_log_scale(
    measure: str, ratio: float, se: float, method: str, quantile: float = Z, scope: str = "marginal", note: str = ""
) -> Estimate:
    """ratio x/ exp(quantile x SE of its log); a ratio of 0, or an SE of 0 or NaN, gives no interval (see `note`)."""
    se = se if se > 0 and ratio > 0 else NAN
    spread = float(np.exp(quantile * se))
    return Estimate(measure, ratio, ratio / spread, ratio * spread, se, method, scope, note)


def finite(number: float) -> float:
    """The number, NaN when it is infinite: no reader is shown an infinity."""
    return float(number) if np.isfinite(number) else NAN


def reasons(tests: list[Test], estimates: list[Estimate]) -> list[str]:
    """Notes that a file of results must carry, each once: why a number is null, which interval not to trust."""
    lacking = [t.note for t in tests if np.isnan([t.statistic, t.p_value]).any()]
    lacking += [
        e.note for e in estimates if e.note == ONE_SIDED_ARM or np.isnan([e.estimate, e.ci_low, e.ci_high]).any()
    ]
    return [note for note in dict.fromkeys(lacking) if note]
