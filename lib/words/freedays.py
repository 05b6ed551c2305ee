"""Free days and the win ratio in words."""

import math
from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from ..freedays.win_ratio import WinRatio
from ..inference.results import Estimate
from . import names
from .labels import support_name
from .names import MEASURES
from .numbers import DASH, counted, effect, half_up, interval, median_quartiles, p_equals, percent
from .tables import TextTable, records, without_empty

GROUPS = ("treated", "matched_control", "whole_control")
DEATH = {"zero": "0 days, as in the study", "worst": "worse than any number of days (-1)"}
NEVER = {"missing": "no value, as in the study", "free": "all days free, counted from day 0"}
BETTER = {"higher": "higher is better", "lower": "lower is better"}
SIDES = {  # whether the outcome is a number, which way is the good one
    (False, "lower"): "no event, or a later one, is better",
    (False, "higher"): "the event, or an earlier one, is better",
    (True, "higher"): "more is better",
    (True, "lower"): "less is better",
}
FILE_WANTED = (
    "A second CSV with one row per episode: the patient's id as in the cohort, `support` (icu, oxygen, hfno, niv, "
    "invasive_ventilation, ecmo, hospital, infusion, or a name of yours), `start_day` and `end_day`, in days from the "
    "same day 0 as the follow-up."
)


def summary_table(summary: pd.DataFrame) -> TextTable:
    """A row per support, a column per group: median (P25-P75), then n, deaths and the three parts of the window."""
    rows = []
    for support, block in summary.groupby("support", sort=False):
        found = block.set_index("arm").to_dict("index")
        rows.append((support_name(str(support)), *(summary_cell(found[arm]) for arm in GROUPS)))
    heads = ("Free of", *(names.ARMS[arm] for arm in GROUPS))
    return TextTable("Where the days went", heads, tuple(rows), alt="Free days of each support by group")


def summary_cell(row: Mapping[Hashable, Any]) -> str:
    """One group's free days of one support."""
    if not row["n"]:
        return f"{DASH}\nn = 0"
    parts = [half_up(row[name], 1) for name in ("supported", "free", "dead")]
    days = f"mean days: {parts[0]} with it, {parts[1]} free, {parts[2]} dead"
    first = median_quartiles(row["median"], row["p25"], row["p75"], 0)
    return f"{first}\nn = {row['n']:,}, {row['died']:,} died in the window\n{days}"


def win_sentence(found: WinRatio) -> str:
    """Who fared better how often, and the p that counts sets (Markdown)."""
    total = found.wins + found.losses + found.ties
    text = (
        f"**{counted(total, 'comparison')}** of a treated patient with one of its own controls: the treated patient "
        f"fared better in **{found.wins:,}** ({percent(found.wins / total)}), worse in **{found.losses:,}** "
        f"({percent(found.losses / total)}), and {found.ties:,} tied."
    )
    if math.isnan(found.test.p_value):
        return text
    sets = counted(found.test.n_units, "set")
    return f"{text} Counted by matched set: **{p_equals(found.test.p_value)}** ({sets}, not {counted(total, 'pair')})."


def levels_table(found: WinRatio, outcomes: Mapping[str, str]) -> TextTable:
    """Comparisons decided at each level.  outcomes: name -> words."""
    rows = [
        (
            f"{row.level}",
            outcomes[row.outcome],
            f"{row.compared:,}",
            f"{row.wins:,}",
            f"{row.losses:,}",
            f"{row.ties:,}" + (f"\n{row.unknown:,} without a value" if row.unknown else ""),
        )
        for row in records(found.levels)
    ]
    heads = ("Level", "Outcome", "Still open", "Treated better", "Control better", "Tied")
    return TextTable("Comparisons decided by each outcome of the hierarchy", heads, tuple(rows))


def win_estimates_table(estimates: tuple[Estimate, ...]) -> TextTable:
    """Win ratio, difference and odds."""
    rows = [
        (MEASURES[e.measure], effect(e.measure, e.estimate), interval(e.measure, e.ci_low, e.ci_high), e.note)
        for e in estimates
    ]
    heads = ("Effect", "Estimate", "95% interval", "Note")
    title = "Win ratio, win difference and win odds with 95% intervals"
    return without_empty(TextTable(title, heads, tuple(rows)), "Note")
