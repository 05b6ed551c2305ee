"""Blocks of the Published study page: print beside ours, where the printed p come from, and what sets can say."""

from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib import figures
from lib.inference.attainable import Attainable, attainable, pattern
from lib.inference.results import BinaryOutcome
from lib.io import write_csv
from lib.steps import Steps
from lib.study import published
from lib.words import counted, p_equals, p_value, percent
from pages.ui import explanations, session, widgets
from pages.ui.cohort.codebook import Codebook
from pages.ui.figure_card import plain
from pages.ui.format import significant
from pages.ui.headings import chosen, heading, show_table, unbroken
from pages.ui.outcomes import words as outcome_words
from pages.ui.outcomes.power import falls_sentence, p_range

HEADS = {
    "msc": "MSC",
    "msc_n": "n",
    "matched": "Matched controls",
    "matched_n": "n ",
    "p_matched": "p matched",
    "whole": "Whole control cohort",
    "whole_n": "n  ",
    "p_whole": "p whole",
}
DIFFERS, NO_BREAK = "≠", "\u00a0"


@dataclass(frozen=True)
class Study:
    """The sample's name and analysis, the printed cells beside ours (published.COLUMNS), the caption, the codebook."""

    name: str
    analysis: Steps
    cells: pd.DataFrame
    caption: str
    codebook: Codebook

    def label(self, variable: str) -> str:
        """A variable in words, with its unit."""
        return self.codebook.column(variable).with_unit

    @property
    def binary(self) -> list[BinaryOutcome]:
        """The yes-or-no outcomes, in order."""
        return [o for o in self.analysis.outcomes if isinstance(o, BinaryOutcome)]

    def card(self, drawn: figures.Drawn, title: str, name: str, what: str) -> None:
        """A figure of the sample study, whatever cohort is open in this tab."""
        widgets.show(
            drawn, title=title, name=name, text=self.caption, spec=self.analysis.spec, what=what, study=self.name
        )


def show_agreement(study: Study) -> None:
    """How many printed cells our numbers repeat, in all and by table."""
    total, same = len(study.cells), int(study.cells["agrees"].sum())
    with st.container(horizontal=True):
        st.metric("Printed cells that agree", f"{same} of {total}", border=True, width=260, help=explanations.AGREE)
        for table, part in study.cells.groupby("table"):
            st.metric(table, f"{int(part['agrees'].sum())} of {len(part)}", border=True, width=200)


def show_in_short(study: Study) -> None:
    """What a clinician can repeat: the first outcome that no treated patient had, counted in both ways."""
    outcome = no_treated_event(study)[0]
    found, name = attainable(outcome), study.codebook.column(outcome.name).label
    pairs = outcome_words.find(outcome, "matched", ("mcnemar_pairs",))
    by_set = outcome_words.find(outcome, "matched", ("exact_by_set",))
    st.info(
        f"**In short.** {name}: none of {outcome.treated.n} treated, {outcome.matched_control.events} of "
        f"{outcome.matched_control.n} matched controls. Counted as {outcome_words.units(pairs)} this gives "
        f"{p_equals(pairs.p_value)}. Counted as {outcome_words.units(by_set)}, it gives {p_equals(by_set.p_value)} for "
        f"these patients, and {p_range(found)} however the deaths had fallen over the sets.",
        icon=":material/summarize:",
    )


def no_treated_event(study: Study) -> list[BinaryOutcome]:
    """The outcomes that no treated patient had."""
    return [o for o in study.binary if not o.treated.events]


def show_printed_table(study: Study, table: str) -> None:
    """One printed table, each variable in two rows: as printed, and as computed here."""
    cells = study.cells[study.cells["table"] == table]
    differing = int((~cells["agrees"]).sum())
    heading(f"{table}: printed and here", explanations.PRINTED)
    verdict = (
        f"{counted(differing, 'cell differs', 'cells differ')}, marked {DIFFERS}."
        if differing
        else "Every cell agrees."
    )
    st.markdown(f"{len(cells) - differing} of {len(cells)} cells agree. {verdict}")
    st.table(
        two_rows(study, cells),
        hide_index=True,
        border="horizontal",
        alt=f"{table} as printed and as computed here; {verdict}",
    )
    for cell in cells[cells["note"] != ""].itertuples():
        st.caption(plain(f"{study.codebook.column(cell.variable).label}: {cell.note}."))


def two_rows(study: Study, cells: pd.DataFrame) -> pd.DataFrame:
    """Markdown cells: per variable a row "printed" and a row "here"; a cell that differs has a sign and a colour."""
    parts = [p for p in published.PARTS if p in set(cells["part"])]
    rows = []
    for variable, group in cells.groupby("variable", sort=False):
        by_part = group.set_index("part")
        printed = {HEADS[p]: plain(unbroken(by_part["printed"].get(p, ""))) for p in parts}
        ours = {HEADS[p]: marked(by_part.loc[p]) if p in by_part.index else "" for p in parts}
        rows.append({"Variable": f"**{plain(study.label(variable))}**", "Source": "printed"} | printed)
        rows.append({"Variable": "", "Source": "here"} | ours)
    return pd.DataFrame(rows)


def marked(cell: pd.Series) -> str:
    """Our text; with a sign and a colour where it differs from print."""
    text = plain(unbroken(cell["ours"]))
    return text if cell["agrees"] else f":orange-background[{DIFFERS}{NO_BREAK}{text}]"


def show_download(study: Study) -> None:
    """The comparison as a file."""
    with st.container(horizontal=True):
        widgets.download(
            "Comparison (CSV)", "published_cells", study.analysis.spec, lambda: write_csv(study.cells), study=study.name
        )


def show_pairs(study: Study) -> None:
    """Where the printed p-values come from: pairs counted as if each were a patient of its own."""
    sample = study.analysis.comparison
    treated, pairs = sample.n_sets, len(sample.pairs)
    heading("How the printed p-values arise", explanations.PAIRS)
    st.markdown(
        f"The matched sample holds {counted(treated, 'treated patient')}, each with its own controls. The printed "
        f"tests pair every treated patient with each of its controls: **{counted(pairs, 'pair')} from "
        f"{counted(treated, 'patient')}**. Each pair then counts as if it were a patient of its own. For a yes-or-no "
        "outcome only pairs that differ matter: in *b* of them only the treated patient had the event, in *c* only the "
        "control. McNemar's statistic is (b − c)² / (b + c); its p-value is that of a chi-square with 1 degree of "
        "freedom."
    )
    show_table(mcnemar_rows(study), "McNemar's statistic of every yes-or-no outcome, step by step")


def mcnemar_rows(study: Study) -> pd.DataFrame:
    """The arithmetic of each yes-or-no outcome, and the p that counts sets."""
    printed = study.cells[study.cells["part"] == "p_matched"].set_index("variable")["printed"]
    rows = []
    for outcome in study.binary:
        pairs = published.repeated_pairs(outcome.sets)
        test = outcome_words.find(outcome, "matched", ("mcnemar_pairs",))
        by_set = outcome_words.find(outcome, "matched", ("exact_by_set",))
        rows.append(
            {
                "Outcome": study.label(outcome.name),
                "Pairs": f"{pairs.pairs} from {counted(pairs.treated, 'patient')}",
                "b": str(pairs.b),
                "c": str(pairs.c),
                "(b − c)² / (b + c)": (
                    f"({pairs.b} − {pairs.c})² / {pairs.b + pairs.c} = {significant(pairs.statistic)}"
                ),
                "p on pairs": p_value(test.p_value),
                "p as printed": printed.get(outcome.name, ""),
                "p by set (exact)": f"{p_value(by_set.p_value)}, {counted(by_set.n_units, 'set')}",
            }
        )
    return pd.DataFrame(rows)


def show_both_p(study: Study) -> None:
    """Every outcome's p in both conventions."""
    labels = {o.name: outcome_words.name_of(o, study.codebook, unit=False) for o in study.analysis.outcomes}
    drawn = figures.p_comparison(study.analysis.outcomes, labels)
    study.card(drawn, "The same data, counted as pairs and as sets", "p_both", explanations.BOTH_P)


def chosen_deaths(study: Study) -> BinaryOutcome:
    """The outcome whose possible falls are shown."""
    free = no_treated_event(study)

    def ask() -> int:
        return st.segmented_control(
            "Outcome",
            range(len(free)),
            default=0,
            required=True,
            key=session.key("falls"),
            format_func=lambda i: study.codebook.column(free[i].name).label,
            persist_state="session",
        )

    return free[chosen("falls", 0, ask)]


def observed_sentence(outcome: BinaryOutcome) -> str:
    """The observed p by set and on pairs, in one sentence."""
    by_set = outcome_words.find(outcome, "matched", ("exact_by_set",))
    pairs = outcome_words.find(outcome, "matched", ("mcnemar_pairs",))
    return f"{p_equals(by_set.p_value)} by set, {p_equals(pairs.p_value)} on pairs"


def show_falls(study: Study) -> None:
    """The p by set over every way in which the control deaths could have fallen."""
    if not session.presentation():
        heading("Over every way the deaths could have fallen", explanations.FALLS)
    outcome = chosen_deaths(study)
    found, name = attainable(outcome), study.codebook.column(outcome.name).label
    if not session.presentation():
        st.markdown(
            f"**{falls_sentence(found)}** The synthetic patients fell as {pattern(found.observed)}: "
            f"{observed_sentence(outcome)}."
        )
    drawn = figures.pattern_p(found.rows(), pattern(found.observed))
    study.card(drawn, f"{name}: p by set over every fall", f"falls_{outcome.name}", explanations.FALLS)
    if not session.presentation():
        show_table(fall_rows(found), f"{name}: every way in which the events could have fallen, with its p")


def fall_rows(found: Attainable) -> pd.DataFrame:
    """One row per fall: the pattern, its p, and how many of all ways look like it."""
    rows = [
        (
            pattern(f.per_set) + (" (seen here)" if f.per_set == found.observed else ""),
            f"{f.p_value:.4f}",
            f"{f.ways:,}",
            percent(f.share),
        )
        for f in found.ways
    ]
    columns = ["Deaths per set (the other sets have none)", "Exact p by set", "Ways", "Share of all ways"]
    return pd.DataFrame(rows, columns=columns)
