"""Fills the marked tables of README.md from the files beside it: python sample_data/readme_tables.py."""

import json

import pandas as pd
from compare_msc_covid19 import differences
from synthesis import facts

FILES = ("msc_covid19", "nhefs")


def marked(text, name, body):
    """The text with what stands between the two markers of that name replaced."""
    begin, end = f"<!-- {name}: begin -->", f"<!-- {name}: end -->"
    return f"{text.split(begin)[0]}{begin}\n{body}\n{end}{text.split(end)[1]}"


def codebook_table(name):
    """Markdown: column, meaning, unit, normal values, missing n."""
    table = pd.read_csv(facts.FOLDER / f"{name}.csv")
    codebook = json.loads((facts.FOLDER / f"{name}.codebook.json").read_text(encoding="utf-8"))
    lines = ["| Column | Meaning | Unit | Normal values | Missing |", "|---|---|---|---|---|"]
    for column, entry in codebook.items():
        missing = table[column].isna().sum()
        cells = (f"`{column}`", entry["description"], entry["unit"] or "", entry["normal"] or "", missing)
        lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    return "\n".join(lines)


def difference_table():
    """Markdown: what the synthetic cohort does not reproduce of the two published tables."""
    lines = ["| Variable | What | Printed | Here |", "|---|---|---|---|"]
    found = differences(pd.read_csv(facts.FOLDER / "msc_covid19.csv"))
    return "\n".join(lines + [f"| `{name}` | {what} | {printed} | {here} |" for name, what, printed, here in found])


def artefact_table():
    """Markdown: deaths of the controls with every propensity covariate, and of those lacking one."""
    data = pd.read_csv(facts.FOLDER / "msc_covid19.csv")
    control = data[data["group"] == "control"]
    complete = control[list(facts.PROPENSITY)].notna().all(axis=1)
    lines = ["| Controls | n | dead by day 28 | dead by day 60 |", "|---|---:|---:|---:|"]
    for words, rows in (("with all seven covariates", complete), ("lacking at least one", ~complete)):
        mine = control[rows]
        deaths = (f"{mine[name].sum()} ({100 * mine[name].mean():.0f}%)" for name in ("death_28d", "death_60d"))
        lines.append(f"| {words} | {len(mine)} | " + " | ".join(deaths) + " |")
    return "\n".join(lines)


def main():
    """Rewrite README.md."""
    readme = facts.FOLDER / "README.md"
    text = marked(readme.read_text(encoding="utf-8"), "differences", difference_table())
    text = marked(text, "artefact", artefact_table())
    for name in FILES:
        text = marked(text, name, codebook_table(name))
    readme.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
