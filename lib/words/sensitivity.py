"""The sensitivity analyses in words: other settings, other patients, hidden factors, other outcomes."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd

from ..sensitivity.curve import SpecificationCurve
from ..sensitivity.e_value import EValue
from ..sensitivity.fragility import CORE, Fragility
from ..sensitivity.hidden_bias import HiddenBias
from ..sensitivity.missing_outcomes import CASES, GOOD_CASES, MissingOutcomes
from ..sensitivity.negative_control import NegativeControl
from ..sensitivity.null_curve import STATISTICS, NullCurve
from ..sensitivity.quick_outcomes import QuickOutcome
from ..sensitivity.tipping import WHO, Tipping, described
from .labels import Labels
from .names import MEASURES
from .numbers import DASH, counted, effect, half_up, interval, p_value, percent, ratio
from .tables import TextTable, records, without

DESIGNS_ON_MATCH = "Other designs: compare them on the Match page"
CENTRAL = (
    "Two-sided p is here twice the one-sided one, as is usual for bounds; at 1 it can be larger than the p by set of "
    "the Answer page, which adds up all arrangements at least as unlikely."
)
EVERYBODY = (
    "Weights choose nobody: every analysed control counts, more or less, so the controls of changed analyses differ "
    "only where a covariate less leaves more patients complete. What can move is the estimate."
)
ALL_KNOWN = "Every matched patient's outcome is known, so nothing needs to be filled in."
NULL_WORLD = (
    "Labels dealt at random: a world without confounding, in which the covariates too have nothing to do with who is "
    "treated. These p-values speak of chance alone, not of what else sets the groups apart."
)
LIMIT = 0.05


def main_sentence(curve: SpecificationCurve) -> str:
    """Where the main analysis stands among all specifications."""
    if curve.main_rank is None:
        return "The main analysis is not one of them."
    main = curve.rows[curve.rows["main"]].iloc[0]
    return (
        f"The main analysis ({effect(curve.measure, main['estimate'])}) stands at place {curve.main_rank:,} of "
        f"{len(curve.rows):,}; the median is {effect(curve.measure, curve.median)}."
    )


def null_table(curve: SpecificationCurve, null: NullCurve) -> TextTable:
    """The curve's statistics beside those under permuted labels, with their p."""

    def value(statistic: str, number: float) -> str:
        return effect(curve.measure, number) if statistic == "median_estimate" else percent(number)

    rows = [
        (
            STATISTICS[row.statistic],
            value(row.statistic, row.observed),
            value(row.statistic, row.null),
            p_value(row.p_value),
        )
        for row in records(null.tests)
    ]
    under = f"Under {counted(null.permutations, 'permutation')} (median)"
    return TextTable(
        "Against permuted treatment labels",
        ("Statistic", "These data", under, "p"),
        tuple(rows),
        (NULL_WORLD,),
        "The curve against permuted treatment labels",
    )


def core_sentence(found: Fragility, weighted: bool = False) -> str:
    """How much of the comparison group does not depend on choices (Markdown).  weighted: as lib.words.names.arm_name;
    weights choose nobody."""
    if weighted:
        return EVERYBODY
    main = set(found.variants[0].controls.tolist())
    core = len(main & set(found.core.tolist()))
    return (
        f"**{core:,} of the {counted(len(main), 'matched control')}** of the main analysis are core: chosen in "
        f"more than {CORE:.0%} of {len(found.variants) - 1:,} changed analyses. "
        f"{counted(len(found.shares), 'different control')} were chosen at least once."
    )


CORE_TABLE = "How much of the comparison group is a matter of choices"
SHARES = ((CORE, 1.0), (0.5, CORE), (0.2, 0.5), (0.0, 0.2))  # of the changed analyses


def core_table(found: Fragility) -> TextTable:
    """How many controls are chosen how often, and how many of these are in the main analysis."""
    rows, table = [], found.shares
    for low, high in SHARES:
        part = table[(table["share"] > low) & (table["share"] <= high)]
        said = f"more than {low:.0%}" if high == 1 else f"{low:.0%} to {high:.0%}"
        rows.append((said, f"{len(part):,}", f"{int(part['main'].sum()):,}"))
    heads = ("Chosen in this share of the changed analyses", "Controls", "Of them in the main analysis")
    return TextTable(CORE_TABLE, heads, tuple(rows), alt="How often controls are chosen")


def hinges_table(hinges: pd.DataFrame, measure: str, ids: Mapping[int, str], name: str) -> TextTable:
    """The estimate without each treated patient.  hinges: as Fragility.hinges.  ids: by eligible row."""
    rows = [
        (ids[row.row] or DASH, effect(measure, row.estimate), effect(measure, row.change), p_value(row.p_by_set))
        for row in records(hinges)
    ]
    table = TextTable(
        "Treated patients that the answer hangs on",
        ("Treated patient left out", "Estimate", "Change", "p, by set"),
        tuple(rows),
        alt=f"{name}: the estimate without each treated patient",
    )
    return table if hinges["p_by_set"].notna().any() else without(table, "p, by set")


def at_gamma(found: HiddenBias, gamma: float) -> str:
    """What a hidden factor of that strength would do (Markdown).  gamma: of the curve; the nearest counts."""
    p = float(found.curve["p_two_sided"].iloc[(found.curve["gamma"] - gamma).abs().argmin()])
    verdict = "still below 0.05" if p < LIMIT else "not below 0.05"
    return f"p by set could then be as large as **{p_value(p)}**, {verdict}."


def bounds_footnote(found: HiddenBias) -> str:
    """What the bounds count and how, and why their p at Gamma 1 is another than the outcome's."""
    return f"{counted(found.n_sets, 'matched set')}; method: {found.method}. {CENTRAL}"


def e_value_table(found: list[EValue], name: str) -> TextTable:
    """A row for every ratio that the outcome has."""
    heads = ("Effect", "As a risk ratio", "E-value", "E-value of the limit", "What it says")
    return TextTable("E-value", heads, tuple(e_value_row(one) for one in found), alt=f"E-values of {name}")


def e_value_row(one: EValue) -> tuple[str, ...]:
    """One ratio in words."""

    def number(value: float) -> str:
        return half_up(value, 2) if math.isfinite(value) else DASH

    scale = "common outcome" if one.common else "rare outcome"
    name = f"{MEASURES[one.measure]}\n{scale}"
    return name, ratio(one.risk_ratio), number(one.value), number(one.limit), one.sentence


def negative_table(found: tuple[NegativeControl, ...], labels: Labels) -> TextTable:
    """Both p-values of every negative control outcome."""
    rows = [
        (
            labels.column(one.numbers.name).name,
            p_value(one.numbers.p_published),
            f"{p_value(one.numbers.p_by_set)}\n{counted(one.numbers.n_sets, 'set')}",
        )
        for one in found
    ]
    title = "Negative control outcomes with both p-values"
    return TextTable(title, ("Negative control", "p, sets ignored", "p, by set"), tuple(rows))


def tipping_table(by_set: Tipping, name: str) -> TextTable:
    """The fewest outcomes that would have to differ, a row for each of WHO."""
    return TextTable(
        "How many outcomes would have to differ",
        ("Outcomes that would have to differ", "How many", "For example", "p then"),
        tuple(tipping_rows(by_set)),
        alt=f"{name}: the fewest outcomes that would have to differ for p to cross 0.05",
    )


def tipping_rows(found: Tipping) -> list[tuple[str, ...]]:
    """One row for each of WHO."""
    rows: list[tuple[str, ...]] = []
    for row in records(found.needed):
        if np.isnan(row.changes):
            cells = ("none would do", DASH, DASH)
        else:
            cells = (
                f"{'' if row.exact else 'at most '}{int(row.changes):,}",
                described(found.needed.loc[row.Index]),
                p_value(row.p),
            )
        rows.append((WHO[row.who].capitalize(), *cells))
    return rows


def of_numbers(name: str) -> str:
    """Why a continuous outcome has no tipping point."""
    return (
        f"{name} is a number, so no count of changed patients tips it, and what is unknown has "
        "no best and worst value. Choose a yes/no or survival outcome above."
    )


def unknown_sentence(found: MissingOutcomes) -> str:
    """How many outcomes are not known."""
    if not found.unknown_treated + found.unknown_control:
        return ALL_KNOWN
    return (
        f"Unknown in {counted(found.unknown_treated, 'treated patient')} and "
        f"{counted(found.unknown_control, 'matched control')}."
    )


def unknown_table(found: MissingOutcomes, name: str) -> TextTable:
    """The analysis with unknown outcomes filled in, one row for each way."""
    cases = GOOD_CASES if found.event_good else CASES
    rows = [
        (
            cases[row.case],
            effect(found.measure, row.estimate),
            interval(found.measure, row.ci_low, row.ci_high),
            p_value(row.p_published),
            p_value(row.p_by_set),
        )
        for row in records(found.cases)
    ]
    return TextTable(
        "Missing outcomes and drop-outs",
        ("Unknown outcomes", MEASURES[found.measure], "95% interval", "p, sets ignored", "p, by set"),
        tuple(rows),
        alt=f"{name}: best and worst case of unknown outcomes",
    )


def headline_cells(o: QuickOutcome) -> tuple[str, ...]:
    """Estimate, interval and both p of one specification."""
    return (
        effect(o.measure, o.estimate),
        interval(o.measure, o.ci_low, o.ci_high),
        p_value(o.p_published),
        f"{p_value(o.p_by_set)}\n{counted(o.n_sets, 'set')}",
    )


def bounds_takeaway(found: HiddenBias, gamma: float) -> str:
    """What the bounds say at the strength that is asked about."""
    p = float(found.curve["p_two_sided"].iloc[(found.curve["gamma"] - gamma).abs().argmin()])
    start = float(found.curve["p_two_sided"].iloc[0])
    return f"p {p_value(start)} without a hidden factor; up to {p_value(p)} if one sets odds {gamma:g} times apart"


def range_takeaway(found: Fragility, outcome: str) -> str:
    """How far the estimate moves."""
    table = found.estimates(outcome)
    changed = table["estimate"].iloc[1:].dropna()
    if not len(changed):
        return ""
    measure, main = found.variants[0].outcome(outcome).measure, table["estimate"].iloc[0]
    low, high = effect(measure, changed.min()), effect(measure, changed.max())
    first = "" if np.isnan(main) else f"{effect(measure, main)} in the main analysis; "
    return f"{MEASURES[measure]}: {first}{low} to {high} over {counted(len(changed), 'change')}"


def curve_takeaway(curve: SpecificationCurve) -> str:
    """What the curve says, p first."""
    share, n = curve.share_significant("p_by_set"), len(curve.rows)
    low, high = effect(curve.measure, curve.rows["estimate"].min()), effect(curve.measure, curve.rows["estimate"].max())
    p = "" if np.isnan(share) else f"; p by set below 0.05 in {percent(share)}"
    return f"{counted(n, 'specification')}: {MEASURES[curve.measure].lower()} {low} to {high}{p}"


def tipping_takeaway(by_set: Tipping) -> str:
    """The fewest changed outcomes."""
    row = by_set.needed[by_set.needed["who"] == "any"].iloc[0]
    if np.isnan(by_set.p) or np.isnan(row["changes"]):
        return f"p by set {p_value(by_set.p)}; no number of changed outcomes puts it on the other side of 0.05"
    least = "" if row["exact"] else "at most "
    return f"p by set {p_value(by_set.p)}; {least}{counted(int(row['changes']), 'changed outcome')} would cross 0.05"
