"""The slides in words: titles, takeaway lines, the boxes of the flow, what is robust, what limits the answer."""

import math

import numpy as np

from ..balance import BalanceTable, BalanceTest
from ..balance.verdict import SMALL, balance_verdict
from ..cohort import Cohort
from ..design import Comparison
from ..inference import Detectable
from ..inference.attainable import MOST_SETS
from ..inference.results import BinaryOutcome, ContinuousOutcome, OutcomeResult, SurvivalOutcome
from ..spec import AnalysisSpec, Outcome
from .data import outcome_words
from .labels import Labels
from .matching import asked
from .moves import NO_EVIDENCE, TOO_UNLIKE
from .names import SHORT, arm_name
from .numbers import DASH, counted, effect, half_up, interval, listed, p_equals, p_value, percent
from .outcomes import ROUNDING, name_of, places_of, seen_in, units
from .tables import records
from .to_quote import attributed, quoted_estimate

LETTERS = 44  # of a name inside a takeaway line
COVARIATES = 6  # named on the first slide; the others are counted
ALPHA = 0.05
NOT_FIGURE = "Figure not rendered on this machine."
UNMEASURED = "The design used what was measured. What was not measured may still differ."
LIMITS = "What limits this answer"
NO_OUTCOME = "Are the treated and their controls alike?"
FLOW = "From the file to those compared"
LESS, MORE = "← less with treatment", "more with treatment →"
LOVE = "How alike the arms are, before and after"
FOREST = "All outcomes on one scale"
DIFFER = {"higher": "higher", "lower": "lower", None: "different"}
SCALE = {
    "risk_difference": "points",
    "risk_difference_by_set": "points",
    "rmst_difference": "",
}
RATIO_SHORT = {
    "hazard_ratio": "HR",
    "hazard_ratio_by_set": "HR",
    "odds_ratio": "OR",
    "odds_ratio_by_set": "OR",
    "risk_ratio": "RR",
}


def short(name: str, letters: int = LETTERS) -> str:
    """A name inside a line; of a long one beginning and end stay, because long names often differ at the end."""
    if len(name) <= letters:
        return name
    last = (letters - 3) * 2 // 5
    return f"{name[: letters - 3 - last].rstrip()} … {name[len(name) - last :].lstrip()}"


def question(outcome: OutcomeResult, spec: Outcome, labels: Labels) -> str:
    """The question of the study, as its primary outcome asks it."""
    name = name_of(outcome, labels, unit=False)
    if isinstance(outcome, ContinuousOutcome):
        return f"{name}: {DIFFER[spec.better]} in the treated?"
    if isinstance(outcome, SurvivalOutcome):
        return f"{name}: did the treated fare {'better' if spec.good == 'lower' else 'differently'}?"
    return f"{name}: {'more' if spec.good == 'higher' else 'fewer'} among the treated?"


def question_lines(spec: AnalysisSpec, cohort: Cohort, labels: Labels, primary: Outcome | None) -> tuple[str, ...]:
    """Who was treated with what, what is compared, what is matched on."""
    treated, control = int(cohort.eligible_treated.sum()), int((~cohort.eligible_treated).sum())
    column = labels.column(spec.columns.treatment).name
    lines = [
        f'Treated: {counted(treated, "patient")} with "{short(cohort.treated_label)}" in {short(column)}.',
        f'Controls: {counted(control, "patient")} with "{short(cohort.control_label)}".',
    ]
    names = [short(labels.column(name).name, 26) for name in spec.columns.covariates]
    if len(names) > COVARIATES:
        names = [*names[: COVARIATES - 1], f"{len(names) - COVARIATES + 1} more"]
    lines.append(f"Design: {asked(spec.matching)}{f', from {listed(names)}' if names else ''}.")
    if primary is not None:
        marked = "Primary outcome" if primary.primary else "First outcome (none is marked as primary)"
        lines.append(f"{marked}: {labels.column(primary.name).name} ({outcome_words(primary)}).")
    return tuple(lines)


def question_takeaway(comparison: Comparison) -> str:
    """How many are compared."""
    verb = "compared" if comparison.n_sets == 0 else "compared in sets"
    controls = counted(comparison.n_matched(False), "control")
    return f"{comparison.n_matched(True):,} treated and {controls} are {verb}"


def balance_takeaway(balance: BalanceTable, test: BalanceTest) -> str:
    """How many covariates differ after matching, and the worst.  balance: with the names that readers know."""
    if balance.rows.empty:
        return "There is no covariate to judge the balance by"
    found = balance_verdict(balance, test)
    large = [*records(found.outside), *records(found.above)]
    judged = balance.rows["covariate"].nunique()
    if not large:
        return f"After matching all {counted(judged, 'covariate')} differ by at most {SMALL} SD"
    worst = max(large, key=lambda row: row.size)
    size = "without overlap" if math.isinf(worst.size) else f"{half_up(worst.size, 2)} SD"
    names = len({row.covariate for row in large})
    verb = "differs" if names == 1 else "differ"
    beyond = "more than chance leaves" if len(found.outside) else "which chance can leave"
    return (
        f"{names} of {counted(judged, 'covariate')} still {verb} by more than {SMALL} SD, {beyond}; "
        f"worst {short(str(worst.covariate), 30)} {size}"
    )


def answer_takeaway(outcome: OutcomeResult) -> str:
    """Counts, the quoted p and the interval: "0/8 v 5/24; p by set 0.34; 0 to 5 of 8 prevented"."""
    parts = [_seen(outcome), _quoted_p(outcome)]
    quoted = outcome.quoted
    if quoted is not None and quoted.evidence:
        parts += attributed(outcome) or [_effect(outcome)]
    return "; ".join(part for part in parts if part)


def _seen(outcome: OutcomeResult) -> str:
    if isinstance(outcome, BinaryOutcome):
        treated, control = outcome.treated, outcome.matched_control
        return f"{treated.events:,}/{treated.n:,} v {control.events:,}/{control.n:,}"
    places = places_of(outcome)
    cells = [seen_in(outcome, arm, places).split("\n")[0] for arm in ("treated", "matched_control")]
    if isinstance(outcome, ContinuousOutcome):
        return f"median {cells[0]} v {cells[1]}"
    if len(outcome.incidence):
        return " v ".join(cells)
    return f"event-free {percent(outcome.treated.survival)} v {percent(outcome.matched_control.survival)}"


def _quoted_p(outcome: OutcomeResult) -> str:
    quoted = outcome.quoted
    if quoted is None or math.isnan(quoted.p):
        return "no p can be quoted"
    if not quoted.evidence:
        return f"p: {TOO_UNLIKE}"
    return f"{'p by set' if outcome.quoted_test is not None else 'p (large sample)'} {p_value(quoted.p)}"


def _effect(outcome: OutcomeResult) -> str:
    found = quoted_estimate(outcome)
    if found is None or not math.isfinite(found.estimate):
        return ""
    return f"difference {effect_short(outcome)}" if found.measure not in RATIO_SHORT else effect_short(outcome)


def effect_short(outcome: OutcomeResult) -> str:
    """The quoted effect in one line: "−20.8 points (−62.5 to 0)", "HR 0.41 (0.10 to 3.2)"; a dash without one."""
    found = quoted_estimate(outcome)
    if found is None or not any(map(math.isfinite, (found.estimate, found.ci_low, found.ci_high))):
        return DASH
    before = f"{RATIO_SHORT[found.measure]} " if found.measure in RATIO_SHORT else ""
    after = f" {SCALE[found.measure]}" if SCALE.get(found.measure) else ""
    text = f"{before}{effect(found.measure, found.estimate)}{after}"
    if outcome.quoted is not None and not outcome.quoted.evidence:
        return text
    limits = interval(found.measure, found.ci_low, found.ci_high).replace(" ", "\u00a0")
    return f"{text} ({limits})"


def p_short(outcome: OutcomeResult) -> str:
    """The quoted p alone; a dash where none is evidence."""
    quoted = outcome.quoted
    return DASH if quoted is None or not quoted.evidence else p_value(quoted.p)


def outcomes_takeaway(outcomes: tuple[OutcomeResult, ...], adjusted: int | None) -> str:
    """How many outcomes have a quoted p below 0.05.  adjusted: how many of them after adjusting for being several; None
    where nothing is adjusted."""
    quoted = [one.quoted for one in outcomes if one.quoted is not None]
    told = [one for one in quoted if one.evidence and not math.isnan(one.p)]
    if not told:
        return "No outcome has a p that can be quoted"
    below = sum(one.p < ALPHA for one in told)
    text = f"{below:,} of {counted(len(told), 'outcome')} {'has' if below == 1 else 'have'} p below {ALPHA}"
    if adjusted is None or len(told) == 1:
        return text
    return f"{text}; {adjusted:,} after adjusting for being several"


def share_axis(name: str) -> str:
    """The axis of bars."""
    return f"Share of patients: {name}"


def provenance(version: str, digest: str, data: str, study: str, synthetic: bool, given: str) -> tuple[str, ...]:
    """Where the numbers of a slide come from.  given: a line from outside, on when outcomes were opened."""
    lines = [
        f"Source: {study}{' (synthetic patients)' if synthetic else ''}",
        f"MatchLens {version}, spec {digest}, data {data}",
    ]
    return (*lines, *([given] if given else []))


def footer(study: str, synthetic: bool, digest: str) -> str:
    """The small line under every slide."""
    return f"{short(study, 40)}{', synthetic patients' if synthetic else ''}, spec {digest}"


def counts(outcome: OutcomeResult) -> tuple[str, str]:
    """What each arm did: "Treated: 0 (0%), n = 8"."""
    places = places_of(outcome)
    treated, control = (seen_in(outcome, arm, places).replace("\n", ", ") for arm in ("treated", "matched_control"))
    return (
        arm_line("treated", outcome.weighted, treated),
        arm_line("matched_control", outcome.weighted, control),
    )


def arm_line(arm: str, weighted: bool, said: str) -> str:
    """ "Matched controls: 5 (20.8%), n = 24"."""
    return f"{arm_name(arm, weighted)}: {said}"


def quoted_sentence(outcome: OutcomeResult) -> str:
    """The p to quote with what it counts; why there is none."""
    quoted, test = outcome.quoted, outcome.quoted_test
    if quoted is None or math.isnan(quoted.p):
        return "No p can be quoted."
    if not quoted.evidence:
        return next((note.text for note in outcome.notes if note.code == NO_EVIDENCE), f"p: {TOO_UNLIKE}.")
    if test is None:
        return f"For large samples, {p_equals(quoted.p)}."
    return f"Counted by matched set: {p_equals(quoted.p)} ({SHORT[test.name]}, {units(test)})."


def reach_short(comparison: Comparison, power: Detectable | None) -> str:
    """How many events it takes before these sets can tell anything; empty where small p are within reach anyway."""
    if power is None or comparison.n_sets > MOST_SETS:
        return ""
    if power.fewest is None:
        return (
            f"However the events fall, these {comparison.n_sets:,} sets cannot reach p {ALPHA} without treated events."
        )
    needed = counted(sum(power.fewest.per_set), "event")
    return f"These sets can reach p {ALPHA} only from {needed} among the controls on, if no treated patient has one."


def reweighted(comparison: Comparison) -> bool:
    """Whether those compared count differently, so that plain counts and effects are not of the same patients."""
    used = comparison.weights[comparison.matched]
    return len(used) > 0 and bool(np.ptp(used) > ROUNDING)


def table_one_foot(weighted: bool) -> str:
    """What stands in the cells of Table 1."""
    if weighted:
        return "Median (quartiles) or n (%), unweighted. SMD, weighted: in SD."
    return "Median (quartiles) or n (%). SMD: in SD."


def table_two_foot(weighted: bool) -> str:
    """What stands in the cells of Table 2."""
    cells = "Counts and medians are unweighted, differences weighted. " if weighted else ""
    return f"{cells}Points: percentage points; HR: hazard ratio."


def forest_alt(rows) -> str:
    """The rows of a forest in a sentence."""
    return f"Effects with 95% intervals: {'; '.join(f'{row.label} {row.words}' for row in rows)}."
