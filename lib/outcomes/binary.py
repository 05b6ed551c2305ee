"""A binary outcome: counts, tests on the whole cohort, on repeated pairs and by set, and effects with intervals."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from lib.outcomes.asymptotic import Z, ChiSquare, chi_square, t_quantile
from lib.outcomes.engine import Distribution, events_distribution
from lib.outcomes.fisher import fisher_exact
from lib.outcomes.frame import (
    Frame,
    count,
    few_sets_note,
    finite,
    missing_notes,
    outcome_notes,
    pair_test,
    reasons,
    repeated_note,
    set_test,
    whole_test,
)
from lib.outcomes.marginal import Arms
from lib.outcomes.results import BinaryOutcome, BinarySummary, Estimate, Test
from lib.outcomes.sets import Blocks
from lib.outcomes.stratified import (
    LogRatio,
    SetCounts,
    cmh,
    exact_odds_ratio,
    mantel_haenszel_odds_ratio,
    mantel_haenszel_risk_difference,
    mantel_haenszel_risk_ratio,
    set_counts,
)

NAN = float("nan")
SILENT = "No matched set holds both a patient with the event and one without, so the sets cannot speak."
NO_SETS = "No matched set has this outcome for its treated patient and a control."
NO_SE = "An exact interval has no standard error."


@dataclass(frozen=True)
class BySet:
    """One binary outcome over the complete sets: counts, null distribution and observed count of treated events."""

    blocks: Blocks
    counts: SetCounts
    null: Distribution
    observed: int

    @classmethod
    def of(cls, event: np.ndarray, blocks: Blocks) -> "BySet":
        """event: 0/1 (n,), by the caller's rows."""
        counts = set_counts(event[blocks.row], blocks)
        null = events_distribution(counts.events.astype(int), blocks.sizes)
        return cls(blocks, counts, null, int(counts.a.sum()))

    @property
    def speaks(self) -> bool:
        """Whether any set has both an event and a non-event."""
        return not self.null.degenerate


def binary_outcome(
    name: str, primary: bool, event: np.ndarray, whole_treated: np.ndarray, frame: Frame
) -> BinaryOutcome:
    """One binary outcome.  event: 0/1/NaN (N,), every eligible patient.  whole_treated: bool (N,)."""
    matched = event[frame.rows]
    known = ~np.isnan(matched)
    blocks, arms = frame.blocks(known), frame.arms(matched, known)
    by_set = BySet.of(matched, blocks)
    summaries = _summaries(event, whole_treated, arms)
    tests = [_fisher(event, whole_treated), mcnemar_test(matched, blocks)]
    estimates = marginal_estimates(arms)
    if not frame.replaced:
        tests += set_tests(by_set)
        estimates = _interleave(estimates, set_estimates(by_set))
    specific = missing_notes(frame, known, blocks) + _no_event_notes(summaries) + reasons(tests, estimates)
    return BinaryOutcome(
        name,
        tuple(tests),
        tuple(estimates),
        outcome_notes(name, frame, specific, few_sets_note(arms)),
        primary,
        *summaries,
        set_table(matched, known, frame),
    )


def _summaries(event: np.ndarray, whole_treated: np.ndarray, arms: Arms) -> list[BinarySummary]:
    """In the order of ARMS."""
    groups = [arms.values[arms.treated], arms.values[~arms.treated], event[whole_treated], event[~whole_treated]]
    return [BinarySummary(int((~np.isnan(g)).sum()), int(np.nansum(g))) for g in groups]


def set_table(event: np.ndarray, known: np.ndarray, frame: Frame) -> pd.DataFrame:
    """Counts of patients with the outcome and of events, per set and arm, incomplete sets too."""
    listed = known[frame.member_row]
    row, set_id = frame.member_row[listed], frame.member_set[listed]
    labels = np.unique(frame.member_set)
    index, arm, hit = np.searchsorted(labels, set_id), frame.treated[row], event[row] == 1
    columns = {"set": labels}
    for side, patients, events in ((True, "treated", "treated_events"), (False, "controls", "control_events")):
        columns[patients] = np.bincount(index[arm == side], minlength=len(labels))
        columns[events] = np.bincount(index[(arm == side) & hit], minlength=len(labels))
    return pd.DataFrame(columns)


def _fisher(event: np.ndarray, treated: np.ndarray) -> Test:
    known = ~np.isnan(event)
    arm, hit = treated[known], event[known] == 1
    a, n1 = int((arm & hit).sum()), int(arm.sum())
    p = fisher_exact(a, n1, int((~arm & hit).sum()), len(arm) - n1)
    return whole_test("fisher_exact", float(a), p, arm, "An arm has no patient with this outcome." if np.isnan(p) else "")


def mcnemar_pairs(event: np.ndarray, blocks: Blocks) -> ChiSquare:
    """McNemar without continuity correction on the repeated pairs: (b - c)^2 / (b + c). event: 0/1 (n,), by row."""
    case, control = blocks.pairs()
    difference = event[case] - event[control]
    return chi_square(float(difference.sum()), float(np.abs(difference).sum()))


def mcnemar_test(event: np.ndarray, blocks: Blocks) -> Test:
    """The published convention's test with its unit guard."""
    chi, note = mcnemar_pairs(event, blocks), repeated_note("McNemar", blocks)
    if np.isnan(chi.p_value):
        note = "No pair differs in this outcome, so McNemar's test does not exist."
    return pair_test("mcnemar_pairs", chi.statistic, chi.p_value, blocks, note)


def set_tests(by_set: BySet) -> list[Test]:
    """CMH with and without correction, and the exact conditional test with three two-sided p-values.

    The exact statistic is the number of treated patients with the event. Without a set that speaks CMH does not exist
    and every exact p is 1.
    """
    blocks, null, observed = by_set.blocks, by_set.null, by_set.observed
    if not blocks.n_sets:
        names = ("cmh_by_set", "cmh_by_set_corrected", "exact_by_set", "exact_by_set_central", "exact_by_set_midp")
        return [set_test(name, NAN, NAN, blocks, NO_SETS) for name in names]
    note = SILENT if not by_set.speaks else _speaking(by_set)
    plain, corrected = cmh(by_set.counts, correct=False), cmh(by_set.counts, correct=True)
    return [
        set_test("cmh_by_set", plain.statistic, plain.p_value, blocks, note),
        set_test("cmh_by_set_corrected", corrected.statistic, corrected.p_value, blocks, note),
        set_test("exact_by_set", float(observed), null.minlike(observed), blocks, note),
        set_test("exact_by_set_central", float(observed), null.central(observed), blocks, note),
        set_test("exact_by_set_midp", float(observed), null.midp(observed), blocks, note),
    ]


def _speaking(by_set: BySet) -> str:
    informative, total = by_set.counts.informative, by_set.blocks.n_sets
    if informative == total:
        return ""
    return f"{informative} of {count(total, 'set')} hold both an event and a non-event; only these can speak."


def marginal_estimates(arms: Arms) -> list[Estimate]:
    """Weighted risk difference, risk ratio and odds ratio; SE clustered by set (HC1) with t, or HC3 (see Arms)."""
    method = marginal_method(arms)
    if not arms.complete:
        note = "One arm has no matched patient with this outcome."
        return [Estimate(m, NAN, NAN, NAN, NAN, method, note=note) for m in ("risk_difference", "risk_ratio", "odds_ratio")]
    p1, p0 = arms.mean(True), arms.mean(False)
    ratio = _ratio("risk_ratio", p1, p0, 1 / p1 if p1 else NAN, 1 / p0 if p0 else NAN, arms, method)
    odds1, odds0 = _odds(p1), _odds(p0)
    slopes = [1 / (p * (1 - p)) if 0 < p < 1 else NAN for p in (p1, p0)]
    return [_risk_difference(p1, p0, arms, method), ratio, _ratio("odds_ratio", odds1, odds0, *slopes, arms, method)]


def marginal_method(arms: Arms) -> str:
    """How a marginal estimate was made, in words."""
    if arms.cluster is None:
        return f"weighted, SE HC3, t with {max(arms.df, 0)} df"
    return f"weighted, SE clustered by set (HC1), t with {max(arms.df, 0)} df"


def one_set_note(arms: Arms) -> str:
    """Why a standard error is missing."""
    return "One set, or one patient in an arm, gives no standard error." if np.isnan(arms.standard_error()) else ""


def _risk_difference(p1: float, p0: float, arms: Arms, method: str) -> Estimate:
    se, difference = arms.standard_error(), p1 - p0
    note = one_set_note(arms)
    if se == 0:
        se, note = NAN, "No patient differs from its arm in this outcome, so no interval can be computed from the data."
    elif not note and not (0 < p1 < 1 and 0 < p0 < 1):
        note = "An arm in which all patients fared alike adds no variability, so this interval is too narrow."
    half = t_quantile(arms.df) * se
    return Estimate("risk_difference", difference, difference - half, difference + half, se, method, note=note)


def _odds(p: float) -> float:
    return p / (1 - p) if p < 1 else float("inf")


def _ratio(
    measure: str, top: float, bottom: float, slope1: float, slope0: float, arms: Arms, method: str
) -> Estimate:
    """A ratio of risks or odds with a Wald interval on the log scale; 0 without limits, or nothing, at the edges."""
    words = measure.replace("_", " ")
    if bottom == 0 or np.isinf(top):
        note = f"The {words} is not finite, because an arm has no patient on one side of the outcome."
        return Estimate(measure, NAN, NAN, NAN, NAN, method, note=note)
    if top == 0 or np.isinf(bottom):
        note = f"The {words} is 0 and has no Wald interval; the exact odds ratio by set has an upper limit."
        return Estimate(measure, 0.0, NAN, NAN, NAN, method, note=note)
    se = arms.standard_error(slope1, slope0) if not (np.isnan(slope1) or np.isnan(slope0)) else NAN
    note = one_set_note(arms)
    if not se > 0:
        se, note = NAN, note or f"All patients fared alike, so the {words} has no interval."
    return _on_log_scale(measure, LogRatio(top / bottom, se), t_quantile(arms.df), method, "marginal", note)


def _on_log_scale(measure: str, ratio: LogRatio, quantile: float, method: str, scope: str, note: str = "") -> Estimate:
    spread = np.exp(quantile * ratio.se) if ratio.ratio else NAN
    return Estimate(measure, ratio.ratio, ratio.ratio / spread, ratio.ratio * spread, ratio.se, method, scope, note)


def set_estimates(by_set: BySet) -> list[Estimate]:
    """Common effects over the sets: exact conditional and Mantel-Haenszel odds ratios, risk difference and ratio."""
    return [
        _exact_odds_ratio(by_set),
        _mantel_haenszel("odds_ratio_by_set", mantel_haenszel_odds_ratio, "Robins-Breslow-Greenland", by_set),
        _sato(by_set),
        _mantel_haenszel("risk_ratio", mantel_haenszel_risk_ratio, "Greenland-Robins", by_set),
    ]


def _exact_odds_ratio(by_set: BySet) -> Estimate:
    method = "exact conditional, 2.5% in each tail"
    if not by_set.speaks:
        note = SILENT if by_set.blocks.n_sets else NO_SETS
        return Estimate("odds_ratio_by_set", NAN, NAN, NAN, NAN, method, "conditional", note)
    exact, note = exact_odds_ratio(by_set.null, by_set.observed), NO_SE
    if exact.estimate == 0:
        note = f"No set lets the odds ratio be above 0; the data are compatible with any up to {exact.high:.3g}. {NO_SE}"
    elif np.isinf(exact.estimate):
        note = f"No finite odds ratio: the data are compatible with any from {exact.low:.3g} upwards. {NO_SE}"
    row = Estimate("odds_ratio_by_set", exact.estimate, exact.low, exact.high, NAN, method, "conditional", note)
    return finite(row)


def _mantel_haenszel(measure: str, rule, variance: str, by_set: BySet) -> Estimate:
    method = f"Mantel-Haenszel, {variance} variance"
    words = measure.replace("_", " ")
    ratio = rule(by_set.counts) if by_set.blocks.n_sets else LogRatio(NAN, NAN)
    note = ""
    if np.isnan(ratio.ratio):
        note = f"The {words} does not exist: no set has the event on the side it is divided by."
    elif ratio.ratio == 0:
        note = f"The {words} is 0 and has no Wald interval; see the exact limits."
    elif not ratio.se > 0:
        ratio, note = LogRatio(ratio.ratio, NAN), "No set varies, so there is no interval."
    return _on_log_scale(measure, ratio, Z, method, "conditional", note)


def _sato(by_set: BySet) -> Estimate:
    method = "Mantel-Haenszel, Sato variance"
    if not by_set.blocks.n_sets:
        return Estimate("risk_difference", NAN, NAN, NAN, NAN, method, "conditional", NO_SETS)
    difference, se = mantel_haenszel_risk_difference(by_set.counts)
    note = ""
    if se == 0:
        se, note = NAN, SILENT
    return Estimate("risk_difference", difference, difference - Z * se, difference + Z * se, se, method, "conditional", note)


def _interleave(first: list[Estimate], second: list[Estimate]) -> list[Estimate]:
    """All rows of a measure together, in the order of statistics.md: differences, ratios, odds ratios."""
    order = ("risk_difference", "risk_ratio", "odds_ratio", "odds_ratio_by_set")
    return sorted(first + second, key=lambda e: order.index(e.measure))


def _no_event_notes(summaries: list[BinarySummary]) -> list[str]:
    """What no event in n patients still allows: the exact upper limit 1 - 0.025^(1/n)."""
    notes = []
    for summary, word in zip(summaries[:2], ("treated patients", "matched controls"), strict=True):
        if summary.n and not summary.events:
            notes.append(
                f"No event among {summary.n} {word}: this is still compatible with a risk of up to "
                f"{100 * zero_event_limit(summary.n):.0f}% (exact 95% interval)."
            )
    return notes


def zero_event_limit(n: int) -> float:
    """Upper limit of the exact (Clopper-Pearson) 95% interval of a risk with 0 events in n patients."""
    return float(1 - 0.025 ** (1 / n))
