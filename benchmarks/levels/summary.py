"""The stored scenarios as one row per number and number of sets, the worst setting of it, and docs/levels.md."""

import numpy as np
import pandas as pd

from lib.words import counted
from lib.words.levels import confounding_table, levels_tables, missing_levels
from lib.words.tables import TextTable

from .tally import verdict

FEWEST = 100  # studies in which a number exists, for a setting to be judged
NUMBER = ("effect", "kind", "part", "name", "how", "role")
COLUMNS = (
    *NUMBER,
    "sets",
    "settings",
    "exists_least",
    "exists_most",
    "share",
    "standard_error",
    "worst",
    "average",
    "above",
    "verdict",
    "apart",
)
INTRO = """# How often each number is wrong

Every number of the Answer page in simulated studies: 4, 8, 30 and 100 matched sets of 1:1, 1:2, 1:4 and of 1 to 4
controls in turn, patients independent and alike inside their sets (intraclass correlation 0.3), event risks of 0.02,
0.1, 0.25 and 0.5; numbers normal and log-normal; survival to day 60 with 10% lost. A cell is the *worst* of these
settings: of the studies in which the number exists, the share in which p is at most 0.05 though there is no effect, or
in which the 95% interval misses the truth, and the Monte Carlo error (standard error) of that share; then the average
of the settings. A quoted number has to stay within 5.5%. **Bold**: above it by more than the Monte Carlo error (1.96
standard errors). An asterisk: above 5.5%, but not by more than that: the worst of many settings that all hold 5% is
such a one by chance. "Exists" is the least and the most share of studies in which there is such a number; settings in
which it exists in fewer than {fewest} studies are not judged ("too rare", or "few studies" where it takes too long).

An interval that inverts a p is judged by that p (at most 0.05: it leaves out no effect). {checked:,} times both were
made; they fell on different sides {apart}.

Made by `python -m benchmarks.levels`, `python -m benchmarks.levels --confounding` and `python -m benchmarks.levels
--page`; every setting stands in `benchmarks/levels/levels.csv`.
"""
CONFOUNDED = """
## With confounding and a correct score

Treated patients differ by 0.6 standard deviations in each of three covariates on which the outcomes depend; treatment
does nothing; the score is of the right form. "Told" are studies in which the balance verdict fails or the typical odds
inside the sets reach 2, so that the page does not print p as evidence. What has to stay within 5.5% is the share of
studies with p at most 0.05 that are *not* told.
"""


def summary(table: pd.DataFrame) -> pd.DataFrame:
    """DataFrame COLUMNS.  table: tally.COLUMNS."""
    table = table.fillna({"how": "", "role": ""}).sort_values("sets", kind="stable")
    table = table.assign(
        effect=np.where(table["effect"] == "no effect", "none", "some"), there=table["exists"] * table["studies"]
    )
    rows = [_worst(key, group) for key, group in table.groupby([*NUMBER, "sets"], sort=False)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _worst(key: tuple, group: pd.DataFrame) -> tuple:
    judged = group[group["there"] >= FEWEST]
    seen = (len(judged), group["exists"].min(), group["exists"].max())
    apart = int(group["apart"].sum())
    if judged.empty:
        return (
            *key,
            *seen,
            np.nan,
            np.nan,
            "",
            np.nan,
            0,
            "few studies" if group["studies"].max() < FEWEST else "rare",
            apart,
        )
    top = judged.loc[judged["share"].idxmax()]
    above = int((judged["verdict"] == "above").sum())
    said = "above" if above else verdict(top["share"], top["standard_error"])
    alike = "sets alike" if top["icc"] else "independent"
    where = f"{top['shape']}, {top['detail']}, {alike}"
    average = judged["share"].mean()
    return (*key, *seen, top["share"], top["standard_error"], where, average, above, said, apart)


def page(table: pd.DataFrame, confounded: pd.DataFrame) -> str:
    """docs/levels.md."""
    short = summary(table)
    apart = counted(int(table["apart"].sum()), "time")
    parts = [INTRO.format(fewest=FEWEST, checked=int(table["checked"].sum()), apart=apart)]
    for found in levels_tables(short):
        parts.append(f"\n## {found.title}\n\n{markdown(found)}")
    if len(confounded):
        found = confounding_table(confounded)
        parts.append(f"{CONFOUNDED}\n{markdown(found)}")
    parts.append(
        "\n## What does not reach its level\n\n" + "\n".join(f"- {line}" for line in missing_levels(short, confounded))
    )
    return "\n".join(parts) + "\n"


def markdown(table: TextTable) -> str:
    """A table of Markdown; marked cells are bold."""
    lines = ["| " + " | ".join(table.heads) + " |", "|" + "---|" * len(table.heads)]
    for i, row in enumerate(table.rows):
        cells = (f"**{c}**" if (i, j) in table.marks else c for j, c in enumerate(row))
        lines.append("| " + " | ".join(c.replace("\n", "; ") for c in cells) + " |")
    return "\n".join(lines)
