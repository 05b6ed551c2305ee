"""Why a number of result.json is null: one sentence for each kind of gap that occurs."""

import math

import numpy as np

from ..balance import BalanceTable, BalanceTest
from ..design import Comparison
from ..inference import Detectable, Multiplicity, OutcomeResult
from ..inference.results import ARMS
from ..steps import Steps
from ..words import quoted


def null_notes(analysis: Steps) -> tuple[str, ...]:
    """Sentences on every null outside the outcomes, whose results carry notes of their own."""
    notes, made = [], analysis.comparison
    if np.isnan(made.caliper_width):
        notes.append("caliper_width is null: no caliper was set.")
    if np.isnan(analysis.score.c_statistic):
        notes.append("The propensity numbers are null: no propensity model was fitted.")
    odds = analysis.odds_inside_sets
    if odds is not None and np.isnan(odds.typical):
        notes.append(f"odds_inside_sets: typical and largest are null: {odds.why_equal}.")
    notes += [*_pair_notes(made), *_design_notes(analysis.power, made), *_balance_notes(analysis.balance)]
    notes += _lottery_notes(analysis.balance, analysis.balance_test)
    return (*notes, *_summary_notes(analysis.outcomes), *_several_notes(analysis.multiplicity, made))


def _pair_notes(made: Comparison) -> list[str]:
    if not made.n_sets:
        return [f"pairs, sum_distance and max_distance are null: {made.why_no_sets.lower()}, so nobody is paired."]
    if not made.units.stars:
        why = "a set has several treated patients and several controls, so no pair says who is compared with whom"
        return [f"pairs, sum_distance and max_distance are null: {why}."]
    if np.isnan(made.pairs["distance"]).any():
        return ["sum_distance and max_distance are null: without a propensity score there is no such distance."]
    return []


def _design_notes(design: Detectable | None, made: Comparison) -> list[str]:
    if design is None and made.n_sets and not made.by_set:
        return ["design is null: the matched sets overlap, or there is none, so there is no test by set to plan for."]
    if design is None and not made.by_set:
        return [f"design is null: {made.why_no_sets.lower()}, so there is no test by set to plan for."]
    if design is None:
        several = "they are worked out for one treated patient per set, and a set has several"
        return [f"design has no numbers on what the sets could find: {several}."]
    if np.isnan(design.shift) or design.risks.isna().any(axis=None):
        return ["design: a detectable risk or shift is null where no difference at all is found with 80% power."]
    return []


def _balance_notes(balance: BalanceTable) -> list[str]:
    rows, notes = balance.every, []
    if rows["binary"].any():
        notes.append("variance_ratio is null for yes/no covariates and factor levels, which it does not describe.")
    spread = rows[~rows["binary"].astype(bool)]
    for moment in ("before", "after"):
        ratio = ~np.isfinite(spread[f"variance_ratio_{moment}"].astype(float))
        if ratio.any():
            names = quoted(spread.loc[ratio, "covariate"])
            notes.append(f"variance_ratio_{moment} is null for {names}: an arm has a single patient or no spread.")
        value = rows[f"smd_{moment}"].astype(float)
        for gone, why in (
            (np.isinf(value), "the arms differ and the standard deviation is 0"),
            (np.isnan(value), "nobody compared has it in one of the arms"),
        ):
            names = quoted(dict.fromkeys(rows.loc[gone, "covariate"]))
            notes += [f"smd_{moment} is null for {names}: {why}."] if names else []
    return notes


def _lottery_notes(balance: BalanceTable, test: BalanceTest) -> list[str]:
    """Limits and shares that do not exist."""
    notes = []
    if test.how == "none":
        notes.append("balance_test: its numbers are null, for there is no covariate to judge by.")
    elif math.isnan(test.omnibus_p):
        notes.append("balance_test: omnibus_p and omnibus_d2 are null, for no covariate varies among those compared.")
    if math.isinf(test.largest_smd):
        notes.append("balance_test: largest_smd is null, for the standard deviation is 0.")
    for table, limits in ((balance.rows, test.covariates), (balance.described, test.described)):
        for gone, why in ((np.isinf, "the standard deviation is 0"), (np.isnan, "no comparison has it on both sides")):
            names = quoted(dict.fromkeys(table.loc[gone(limits.smd), "covariate"]))
            notes += [f"smd_limit is null for {names}: {why}."] if names else []
    return notes


def _summary_notes(outcomes: tuple[OutcomeResult, ...]) -> list[str]:
    """Spreads of a single patient, and summaries of nobody."""
    notes = []
    for outcome in outcomes:
        sizes = [getattr(outcome, arm).n for arm in ARMS]
        if min(sizes) == 0:
            notes.append(f"{outcome.name}: the summary is null where an arm has no patient with this outcome.")
        if outcome.kind == "continuous" and 1 in sizes:
            notes.append(f"{outcome.name}: sd is null where an arm has a single patient with this outcome.")
    return notes


def _several_notes(several: Multiplicity, made: Comparison) -> list[str]:
    """Outcomes without a p by set, though there are sets."""
    silent = several.rows.loc[several.rows["p_raw"].isna(), "outcome"].tolist() if made.by_set else []
    return [f"multiplicity is null for {quoted(silent)}: the test by set of that outcome has no p."] if silent else []
