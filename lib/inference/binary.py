"""A binary outcome: counts, tests on the whole cohort, on repeated pairs and by set, and effects with intervals."""

import numpy as np
import pandas as pd

from ..words import counted
from .adjusted import adjusted_risks
from .asymptotic import ChiSquare, chi_square
from .binary_effects import SILENT, in_order, marginal_estimates, set_estimates
from .engine import Distribution
from .fisher import fisher_exact
from .frame import Frame, few_sets_notes, missing_notes, outcome_notes
from .notes import SILENCE, Reason
from .results import ARMS, BinaryOutcome, BinarySummary, Test
from .rows import NAN, NO_SETS, pair_test, reasons, repeated_note, set_test, whole_test
from .sets import Blocks
from .stratified import SetCounts, cmh, events_null, set_counts

SET_TESTS = ("cmh_by_set", "cmh_by_set_corrected", "exact_by_set", "exact_by_set_central", "exact_by_set_midp")

NO_WHOLE_ARM = Reason("no_whole_arm", "An arm of the whole cohort has no patient with this outcome.")
NO_DISCORDANCE = Reason("no_pair_differs", "No pair differs in this outcome, so McNemar's test does not exist.")


def binary_outcome(
    name: str, primary: bool, event: np.ndarray, whole_treated: np.ndarray, frame: Frame
) -> BinaryOutcome:
    """One binary outcome.  event: 0/1/NaN (N,), every eligible patient.  whole_treated: bool (N,)."""
    matched = event[frame.rows]
    known = ~np.isnan(matched)
    blocks, arms = frame.blocks(known), frame.arm_rows(matched, known)
    tests = [fisher_test(event, whole_treated)] + ([mcnemar_test(matched, blocks)] if frame.grouped else [])
    estimates = [estimate for rows in arms for estimate in marginal_estimates(rows)]
    if frame.by_set:
        counts = set_counts(matched[blocks.row], blocks)
        null, observed = events_null(counts), int(counts.a.sum())
        tests += set_tests(blocks, counts, null, observed)
        estimates += set_estimates(counts, null, observed)
    adjusted = adjusted_risks(frame, matched, known)
    estimates = in_order([*estimates, *adjusted.estimates])
    summaries = [_summary(event[rows]) for rows in frame.groups(whole_treated)]
    specific = missing_notes(frame, known, blocks) + no_event_notes(*summaries[:2]) + reasons(tests, estimates)
    specific += adjusted.specific
    return BinaryOutcome(
        name=name,
        tests=tuple(tests),
        estimates=tuple(estimates),
        notes=outcome_notes(name, frame, specific, few_sets_notes(arms[0].n_clusters) + adjusted.general),
        primary=primary,
        **dict(zip(ARMS, summaries, strict=True)),
        sets=set_table(matched, known, frame),
    )


def _summary(event: np.ndarray) -> BinarySummary:
    return BinarySummary(int((~np.isnan(event)).sum()), int(np.nansum(event)))


def set_table(event: np.ndarray, known: np.ndarray, frame: Frame) -> pd.DataFrame:
    """Patients with the outcome and events, per set and arm, incomplete sets too. event, known: (n,)."""
    listed = known[frame.member_row]
    row, set_id = frame.member_row[listed], frame.member_set[listed]
    labels = np.unique(frame.member_set)
    index, arm, hit = np.searchsorted(labels, set_id), frame.treated[row], event[row] == 1
    columns = {"set": labels}
    for side, patients, events in ((True, "treated", "treated_events"), (False, "controls", "control_events")):
        columns[patients] = np.bincount(index[arm == side], minlength=len(labels))
        columns[events] = np.bincount(index[(arm == side) & hit], minlength=len(labels))
    return pd.DataFrame(columns)


def fisher_test(event: np.ndarray, treated: np.ndarray) -> Test:
    """Fisher's exact test on everyone with the outcome; the statistic is the number of treated with the event."""
    known = ~np.isnan(event)
    arm, hit = treated[known], event[known] == 1
    a, n1 = int((arm & hit).sum()), int(arm.sum())
    p = fisher_exact(a, n1, int((~arm & hit).sum()), len(arm) - n1)
    return whole_test("fisher_exact", float(a), p, arm, NO_WHOLE_ARM if np.isnan(p) else SILENCE)


def mcnemar_pairs(event: np.ndarray, blocks: Blocks) -> ChiSquare:
    """McNemar without continuity correction on the repeated pairs: (b - c)^2 / (b + c). event: 0/1 (n,), by row."""
    counts = set_counts(event[blocks.row], blocks)
    plus = float((counts.a * (counts.n0 - counts.b)).sum())
    minus = float(((counts.n1 - counts.a) * counts.b).sum())
    return chi_square(plus - minus, plus + minus)


def mcnemar_test(event: np.ndarray, blocks: Blocks) -> Test:
    """The published convention's test with its unit guard."""
    chi = mcnemar_pairs(event, blocks)
    why = NO_DISCORDANCE if np.isnan(chi.p_value) else repeated_note("McNemar", blocks)
    return pair_test("mcnemar_pairs", chi.statistic, chi.p_value, blocks, why)


def set_tests(blocks: Blocks, counts: SetCounts, null: Distribution, observed: int) -> list[Test]:
    """CMH with and without correction, and the exact conditional test with three two-sided p-values.

    The exact statistic is the number of treated patients with the event. Without a set that speaks CMH does not exist
    and every exact p is 1.
    """
    if not blocks.n_sets:
        return [set_test(name, NAN, NAN, blocks, NO_SETS) for name in SET_TESTS]
    plain, corrected = cmh(counts, correct=False), cmh(counts, correct=True)
    results = (
        (plain.statistic, plain.p_value),
        (corrected.statistic, corrected.p_value),
        (float(observed), null.minlike(observed)),
        (float(observed), null.central(observed)),
        (float(observed), null.midp(observed)),
    )
    why = SILENT if null.degenerate else _speaking(counts.informative, blocks.n_sets)
    return [set_test(name, *result, blocks, why) for name, result in zip(SET_TESTS, results, strict=True)]


def _speaking(informative: int, total: int) -> Reason:
    if informative == total:
        return SILENCE
    verb = "holds" if informative == 1 else "hold"
    text = f"Only {informative} of {counted(total, 'set')} {verb} both an event and a non-event and can speak."
    return Reason("few_sets_speak", text)


def no_event_notes(treated: BinarySummary, control: BinarySummary) -> list[Reason]:
    """What no event in n patients still allows: the exact upper limit 1 - 0.025^(1/n)."""
    return [
        Reason(
            "no_event",
            f"No event among {counted(summary.n, word)}: still compatible with a risk of up to "
            f"{100 * zero_event_limit(summary.n):.0f}% (exact 95% interval).",
        )
        for summary, word in ((treated, "treated patient"), (control, "matched control"))
        if summary.n and not summary.events
    ]


def zero_event_limit(n: int) -> float:
    """Upper limit of the exact (Clopper-Pearson) 95% interval of a risk with 0 events in n patients."""
    return float(1 - 0.025 ** (1 / n))
