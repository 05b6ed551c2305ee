"""Lists what differs from the published tables: python sample_data/compare_msc_covid19.py [CSV]."""

import math
import sys

import numpy as np
import pandas as pd
from scipy import stats
from synthesis import facts
from synthesis.matching import match


def half_up(value, digits):
    """The value as printed: halves rounded up, not to even."""
    return math.floor(value * 10**digits + 0.5 + 1e-7) / 10**digits


def significant(p):
    """A p-value as the paper prints it: two significant digits."""
    return f"{p:.2g}" if p < 0.995 else "1.00"


def decimals(number):
    """Decimals of a number as it stands in the published tables."""
    return len(str(number).partition(".")[2].rstrip("0"))


def mcnemar_p(treated, control):
    """Asymptotic McNemar p without continuity correction. treated, control: 0/1 arrays over pairs."""
    b, c = np.sum((treated == 1) & (control == 0)), np.sum((treated == 0) & (control == 1))
    return math.erfc(math.sqrt((b - c) ** 2 / (b + c)) / math.sqrt(2)) if b + c else 1.0


def arms(data):
    """(msc, matched, whole): the three samples, matched in the order of the repeated MSC rows."""
    msc, whole = data[data.group == "MSC"], data[data.group == "control"]
    complete = whole.dropna(subset=list(facts.PROPENSITY))
    names = list(facts.PROPENSITY)
    found = match(msc[names].to_numpy(float), complete[names].to_numpy(float))
    return msc, complete.iloc[found.partners.ravel()], whole


def lines_continuous(name, target, samples):
    """Rows of the table for one continuous variable, only where print and file differ."""
    msc, matched, whole = (sample[name].to_numpy(float) for sample in samples)
    lines = []
    for arm, values in (("msc", msc), ("matched", matched), ("whole", whole)):
        for printed, here, which in zip(target[arm], facts.quartiles(values), ("median", "P25", "P75"), strict=True):
            if half_up(here, decimals(printed)) != printed:
                lines.append((name, f"{arm} {which}", f"{printed:g}", f"{here:g}"))
    p_matched = facts.signed_rank_p((np.repeat(msc, 3) - matched)[:, None])[0]
    for label, printed, p in (
        ("p matched (signed rank, 24 pairs)", target["p_matched"], p_matched),
        ("p whole (Kruskal-Wallis)", target["p_whole"], facts.kruskal_p(msc, whole)),
    ):
        if significant(p) != significant(printed):
            lines.append((name, label, f"{printed:g}", significant(p)))
    return lines


def lines_binary(row, samples):
    """Rows of the table for one binary outcome, only where print and file differ."""
    name = row["variable"]
    msc, matched, whole = (sample[name].to_numpy(int) for sample in samples)
    counts = zip(("msc", "matched", "whole"), (msc, matched, whole), strict=True)
    lines = [(name, f"{arm} n", str(row[arm]), str(x.sum())) for arm, x in counts if x.sum() != row[arm]]
    fisher = stats.fisher_exact([[msc.sum(), 8 - msc.sum()], [whole.sum(), len(whole) - whole.sum()]]).pvalue
    for label, printed, p in (
        ("p matched (McNemar)", row["p_matched"], mcnemar_p(np.repeat(msc, 3), matched)),
        ("p whole (Fisher)", row["p_whole"], fisher),
    ):
        if significant(p) != significant(printed):
            lines.append((name, label, f"{printed:g}", significant(p)))
    return lines


def differences(data):
    """[(variable, what, printed, here)]: everything in the two published tables that the file does not reproduce."""
    published = facts.load_published()
    target, samples = facts.targets(published), arms(data)
    lines = []
    for row in published["table1"] + published["table2"]:
        name = row["variable"]
        lines += lines_continuous(name, target[name], samples) if name in target else lines_binary(row, samples)
    return lines


if __name__ == "__main__":
    path = sys.argv[1] if len(sys.argv) > 1 else facts.FOLDER / "msc_covid19.csv"
    for line in differences(pd.read_csv(path)):
        print("  ".join(line))
