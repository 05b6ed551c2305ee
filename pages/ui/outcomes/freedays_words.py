"""Free days and the win ratio in words."""

import math

import pandas as pd

from lib.freedays.win_ratio import WinRatio
from lib.inference.results import Estimate
from lib.words import counted, half_up, p_equals, percent
from pages.ui.cohort.codebook import Codebook, support_name
from pages.ui.format import effect, interval, median_quartiles
from pages.ui.outcomes.words import noted

GROUPS = {"treated": "Treated", "matched_control": "Matched controls", "whole_control": "Whole control cohort"}
DEATH = {"zero": "0 days, as in the study", "worst": "worse than any number of days (-1)"}
NEVER = {"missing": "no value, as in the study", "free": "all days free, counted from day 0"}
BETTER = {"higher": "higher is better", "lower": "lower is better"}
MEASURES = {"win_ratio": "Win ratio", "win_difference": "Win difference (net benefit)", "win_odds": "Win odds"}
FILE_WANTED = (
    "A second CSV with one row per episode: the patient's id as in the cohort, `support` (icu, oxygen, hfno, niv, "
    "invasive_ventilation, ecmo, hospital, infusion, or a name of yours), `start_day` and `end_day`, in days from the "
    "same day 0 as the follow-up."
)
FREE_DAYS = (
    "Days alive and without a support, after its last end, within the window that starts with it (28 days in the "
    "study). Whoever comes back to the ICU, or moves on to a stronger kind of breathing support, was not free at the "
    "first end. Someone who dies early is off the ventilator too, so deaths count as 0 or worse, and the days of the "
    "window are shown in three parts that add up: with the support, alive without it, dead."
)
DISCHARGE = (
    "Time from day 0 to the last discharge from this stay, alive. Whoever dies there can no longer be discharged, so "
    "death is a competing event, and the share discharged and the share dead are shown side by side."
)
WIN_RATIO = (
    "Each treated patient is compared with each of its own matched controls on the outcome that matters most (say "
    "death). Only where that is a tie, the next outcome decides, and so on. The **win ratio** is wins over losses; the "
    "**win difference** is wins minus losses as a share of all comparisons (0: no difference); the **win odds** count "
    "a tie as half a win. Comparisons of one treated patient hang together, so the p-value moves the treated label "
    "within its set and counts sets, and the interval takes a set as one unit."
)
SWIMMER = (
    "One bar per patient from admission to discharge, coloured by the support of each day; the line above is the stay "
    "in the ICU, a star below an infusion, a cross a death. The dotted line is the end of the window of a support that "
    "started on day 0."
)


def outcome_name(name: str, codebook: Codebook) -> str:
    """An outcome in words, with a capital letter."""
    label = codebook.column(name).label
    return label[:1].upper() + label[1:]


def summary_rows(summary: pd.DataFrame) -> pd.DataFrame:
    """A row per support, a column per group: median (P25-P75), then n, deaths and the three parts of the window."""
    rows = []
    for support, block in summary.groupby("support", sort=False):
        found = block.set_index("arm")
        cells = {words: summary_cell(found.loc[arm]) for arm, words in GROUPS.items()}
        rows.append({"Free of": support_name(support)} | cells)
    return pd.DataFrame(rows)


def summary_cell(row: pd.Series) -> str:
    """One group's free days of one support."""
    if not row["n"]:
        return "–\nn = 0"
    parts = [half_up(row[name], 1) for name in ("supported", "free", "dead")]
    days = f"mean days: {parts[0]} with it, {parts[1]} free, {parts[2]} dead"
    first = median_quartiles(row["median"], row["p25"], row["p75"], 0)
    return f"{first}\nn = {row['n']:,}, {row['died']:,} died in the window\n{days}"


def win_sentence(found: WinRatio) -> str:
    """Who fared better how often, and the p that counts sets."""
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


def level_rows(found: WinRatio, names: dict[str, str]) -> pd.DataFrame:
    """The levels as text. names: outcome -> words."""
    rows = [
        (
            f"{row.level}",
            names[row.outcome],
            f"{row.compared:,}",
            f"{row.wins:,}",
            f"{row.losses:,}",
            f"{row.ties:,}" + (f"\n{row.unknown:,} without a value" if row.unknown else ""),
        )
        for row in found.levels.itertuples()
    ]
    return pd.DataFrame(rows, columns=["Level", "Outcome", "Still open", "Treated better", "Control better", "Tied"])


def estimate_rows(estimates: tuple[Estimate, ...]) -> pd.DataFrame:
    """Win ratio, difference and odds as text."""
    rows = [
        (MEASURES[e.measure], effect(e.measure, e.estimate), interval(e.measure, e.ci_low, e.ci_high), e.note)
        for e in estimates
    ]
    return noted(pd.DataFrame(rows, columns=["Effect", "Estimate", "95% interval", "Note"]))
