"""The verdict on balance in sentences that a clinician can repeat, each true in every state that it is said in."""

import math

import pandas as pd

from ..balance import NOT_JUDGED, BalanceTable
from ..balance.lottery import BalanceTest, Lots
from ..balance.verdict import SMALL, Verdict, balance_verdict
from .numbers import counted, half_up, listed, percent
from .tables import records

CLOSE = 0.01  # two decimals would print a difference and its limit alike
DEALT: dict[Lots, str] = {
    "set": "Had the treated patient of each set been drawn by lot",
    "sets": "Had the treated patients of each set been drawn by lot",
    "all": "Had treatment, with its weights, been dealt by lot among all who are compared",
}
AFTER: dict[Lots, str] = {"set": "After matching", "sets": "After matching", "all": "With these weights"}
UNMEASURED = "passing says nothing of what was not measured."


def verdict_sentence(table: BalanceTable, test: BalanceTest) -> str:
    """Everything that the verdict has to say, in one paragraph."""
    return " ".join(verdict_paragraphs(table, test))


def verdict_paragraphs(table: BalanceTable, test: BalanceTest) -> tuple[str, ...]:
    """What the verdict says of the covariates, and apart what it says of the columns that are only described, where
    there are any. Whatever stands out is named."""
    found = balance_verdict(table, test)
    judged = NOT_JUDGED
    if not table.rows.empty:
        judged = " ".join([_differences(found, AFTER[test.lots]), lottery_sentence(table, test), _meaning(found, test)])
    described = _described(found, table)
    return (judged, described) if described else (judged,)


def lottery_sentence(table: BalanceTable, test: BalanceTest) -> str:
    """How often a lottery would leave a worse difference; that nobody can tell where no deal could be told apart."""
    if not test.telling:
        patients = f"{counted(table.n_treated, 'treated patient')} and {counted(table.n_control, 'control')}"
        return f"With {patients} nobody can tell whether that is more than chance."
    return f"{DEALT[test.lots]}, {_share(test.p_value)} of draws would leave a worst difference as large or larger."


def _share(p: float) -> str:
    return "fewer than 0.1%" if p < 0.001 else percent(p)


def _differences(found: Verdict, after: str) -> str:
    """Which covariates differ, worst first.  after: what was done before."""
    within = f"{after} the groups still differ by more than {SMALL} standard deviations in"
    if len(found.outside):
        text = (
            f"{after} the groups differ by more than {SMALL} standard deviations, and by more than a lottery "
            f"would leave, in {_named(found.outside, limits=True)}."
        )
        also = f" Above {SMALL} too, but not beyond a lottery: {_named(found.above)}."
        return text + also if len(found.above) else text
    if len(found.above):
        return f"{within} {_named(found.above)}."
    text = f"{after} every covariate differs by at most {SMALL} standard deviations between the groups"
    slight = f", though by more than a lottery would leave in {_named(found.slight, limits=True)}"
    return f"{text}{slight if len(found.slight) else ''}."


def _meaning(found: Verdict, test: BalanceTest) -> str:
    if len(found.outside):
        return "The groups are not alike, and a difference in outcome may come from this."
    if len(found.above):
        return "This sample can neither show balance nor rule it out."
    unlike = _unlike(found.unlike)
    means = "Matching and weighting make" if test.lots == "all" else "Matching makes"
    matched = f"{means} these differences smaller than a lottery would; " if test.p_value > 0.5 else ""
    caution = f"{matched}{UNMEASURED}"
    alike = "" if unlike else "The groups are alike in these covariates. "
    return f"{alike}{caution[:1].upper()}{caution[1:]}{unlike}"


def _unlike(rows: pd.DataFrame) -> str:
    if rows.empty:
        return ""
    names = listed(_labels(rows))
    verb = "is" if len(rows) == 1 else "are"
    ratios = "variance ratio outside 0.5 to 2"
    return f" But {names} {verb} spread differently in the two groups ({ratios}): compare the distributions."


def _described(found: Verdict, table: BalanceTable) -> str:
    """The columns that were known before and are no covariates, apart; empty where there is none."""
    if table.described.empty:
        return ""
    known = f"What was known before and is only described differs by at most {SMALL} standard deviations."
    if len(found.described):
        named = _named(found.described, limits=True)
        known = (
            f"Of what is only described (no covariate), these differ by more than {SMALL} standard deviations: {named}."
        )
    if found.unknown.empty:
        return known
    unknown = f"{listed(_labels(found.unknown))}: nobody with a value is left in one of the arms."
    return unknown if len(found.unknown) == len(table.described) else f"{known} {unknown}"


def _named(rows: pd.DataFrame, limits: bool = False) -> str:
    """Rows with their |SMD|.  limits: and, where it is beyond it, what a lottery stays within."""
    return listed(
        [f"{name} ({_shown(row, limits)})" for name, (_, row) in zip(_labels(rows), rows.iterrows(), strict=True)]
    )


def _labels(rows: pd.DataFrame) -> list[str]:
    return [row.covariate if pd.isna(row.level) else f"{row.covariate} = {row.level}" for row in records(rows)]


def _shown(row: pd.Series, limits: bool) -> str:
    """Two decimals, three where two would print a difference and its limit alike."""
    size, limit = float(row["size"]), float(row["limit"])
    if math.isinf(size):
        return "without overlap"
    places = 3 if min(abs(size - SMALL), abs(size - limit)) < CLOSE else 2
    text = half_up(size, places)
    return f"{text}; a lottery stays within {half_up(limit, places)}" if limits and row["beyond"] else text
