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

LEAD = "Does the answer survive other choices, other patients, hidden factors and other outcomes?"
SECTIONS = {
    "live": "Try it live",
    "curve": "All specifications",
    "fragility": "Who is matched",
    "bias": "Hidden bias",
    "tipping": "Tipping point",
    "design": "Choose a design",
}
LEADS = {
    "live": "Move a setting and see at once what it does, next to the main analysis, which stays as it is.",
    "curve": "Every combination of reasonable settings at once, so that nobody can pick the one that pleases.",
    "fragility": "Change one thing at a time and see who is still compared with whom, and how far the estimate moves.",
    "bias": "Matching balances what was measured. How strong would something unmeasured have to be to explain the "
    "result away?",
    "tipping": "How many patients would have to have fared differently for the conclusion to change?",
    "design": "How alike the groups get, and how many patients that costs. Outcomes are not looked at here, so a "
    "design can be chosen before anybody knows what it will say.",
}
GIVEN_SETS = (
    "The sets were made elsewhere and are taken as they are, so other ratios, calipers or scores cannot be tried here. "
    "What remains is how strong a hidden factor, and how many other outcomes, would have to be."
)
NO_OUTCOMES = "No column is marked as an outcome yet, so only the designs can be compared."
CONVENTIONS = {"by set": "By matched set", "published": "Sets ignored"}
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


def tipping_table(by_set: Tipping, published: Tipping, name: str) -> TextTable:
    """The fewest outcomes that would have to differ, one row for each convention and each of WHO."""
    return TextTable(
        "How many outcomes would have to differ",
        ("Convention", "p now", "Outcomes that would have to differ", "How many", "For example", "p then"),
        (*tipping_rows(by_set), *tipping_rows(published)),
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
        rows.append((CONVENTIONS[found.convention], p_value(found.p), WHO[row.who], *cells))
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
