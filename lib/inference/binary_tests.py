"""Tests of a yes/no outcome: on the whole cohort, on repeated pairs, and by set."""

from collections.abc import Callable

import numpy as np

from ..words import counted
from .asymptotic import ChiSquare, chi_square
from .binary_effects import SILENT
from .data import ValueData
from .engine import Distribution
from .fisher import fisher_exact
from .notes import SILENCE, Reason
from .results import Test
from .rows import NAN, NO_SETS, ONE_PATIENT, one_patient, pair_test, repeated_note, set_test, whole_test
from .sets import Blocks
from .stratified import cmh, set_counts

NO_WHOLE_ARM = Reason("no_whole_arm", "An arm of the whole cohort has no patient with this outcome.")
NO_DISCORDANCE = Reason("no_pair_differs", "No pair differs in this outcome, so McNemar's test does not exist.")

TwoSided = Callable[[Distribution, int], float]


def fisher_test(data: ValueData) -> Test:
    """Fisher's exact test on everyone with the outcome; the statistic is the number of treated with the event."""
    known = ~np.isnan(data.values)
    arm, hit = data.whole_treated[known], data.values[known] == 1
    a, n1 = int((arm & hit).sum()), int(arm.sum())
    p = fisher_exact(a, n1, int((~arm & hit).sum()), len(arm) - n1)
    return whole_test("fisher_exact", float(a), p, arm, NO_WHOLE_ARM if np.isnan(p) else SILENCE)


def mcnemar_pairs(event: np.ndarray, blocks: Blocks) -> ChiSquare:
    """McNemar without continuity correction on the repeated pairs: (b - c)^2 / (b + c). event: 0/1 (n,), by row."""
    counts = set_counts(event[blocks.row], blocks)
    plus = float((counts.a * (counts.n0 - counts.b)).sum())
    minus = float(((counts.n1 - counts.a) * counts.b).sum())
    return chi_square(plus - minus, plus + minus)


def mcnemar_test(data: ValueData) -> Test:
    """The published convention's test with its unit guard."""
    chi = mcnemar_pairs(data.matched, data.blocks)
    if one_patient(data.blocks):
        return pair_test("mcnemar_pairs", chi.statistic, NAN, data.blocks, ONE_PATIENT)
    why = NO_DISCORDANCE if np.isnan(chi.p_value) else repeated_note("McNemar", data.blocks)
    return pair_test("mcnemar_pairs", chi.statistic, chi.p_value, data.blocks, why)


def cmh_test(name: str, correct: bool) -> Callable[[ValueData], Test]:
    """Cochran-Mantel-Haenszel by set; without a set that speaks it does not exist."""

    def run(data: ValueData) -> Test:
        chi = cmh(data.counts, correct)
        if one_patient(data.blocks):
            return set_test(name, chi.statistic, NAN, data.blocks, ONE_PATIENT)
        return _by_set(name, data, chi.statistic, chi.p_value)

    return run


def exact_test(name: str, p: TwoSided) -> Callable[[ValueData], Test]:
    """The exact conditional test by set with one of the two-sided p-values of a Distribution; the statistic is the
    number of treated patients with the event. Without a set that speaks p is 1."""

    def run(data: ValueData) -> Test:
        return _by_set(name, data, float(data.observed), p(data.null, data.observed))

    return run


def _by_set(name: str, data: ValueData, statistic: float, p: float) -> Test:
    if not data.blocks.n_sets:
        return set_test(name, NAN, NAN, data.blocks, NO_SETS)
    why = SILENT if data.null.degenerate else _speaking(data.counts.informative, data.blocks.n_sets)
    return set_test(name, statistic, p, data.blocks, why)


def _speaking(informative: int, total: int) -> Reason:
    if informative == total:
        return SILENCE
    verb = "holds" if informative == 1 else "hold"
    text = f"Only {informative} of {counted(total, 'set')} {verb} both an event and a non-event and can speak."
    return Reason("few_sets_speak", text)
