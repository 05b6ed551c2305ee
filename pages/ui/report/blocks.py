"""Blocks of the Report page: what to make, the making with its steps, what was made and what is missing."""

import time
from dataclasses import dataclass

import streamlit as st

from lib.documents.presets import PRESETS
from lib.report.parts import PARTS, Context
from lib.report.whole import BUNDLE, Report, main_figures, make_report
from lib.words import openings
from lib.words import report as words
from lib.words.passport import TITLE as PASSPORT
from lib.words.passport import passport
from pages.ui import session, widgets
from pages.ui.plain import plain
from pages.ui.tables import show_table
from pages.ui.view import View

MADE = "report"  # what the session remembers the last report as
MOST_SINGLE = 60  # files offered one by one; the zip holds all


@dataclass(frozen=True)
class Chosen:
    """parts: names of PARTS.  preset: of PRESETS.  figures: of words.FIGURES."""

    parts: tuple[str, ...]
    preset: str
    figures: str


@dataclass(frozen=True)
class Made:
    """A report, what it was made of, and in how many seconds."""

    of: tuple[str, str, Chosen]
    report: Report
    seconds: float


def choose(view: View) -> Chosen:
    """The parts, the journal and the figures."""
    parts = st.pills(
        words.WHAT,
        list(PARTS),
        selection_mode="multi",
        default=list(PARTS),
        format_func=lambda name: PARTS[name].title,
        key=session.key("report-parts"),
        persist_state="session",
    )
    left, right = st.columns(2)
    preset = left.selectbox(
        words.WRITTEN_FOR,
        list(PRESETS),
        format_func=lambda name: PRESETS[name].title,
        key=session.key("report-preset"),
        persist_state="session",
    )
    figures = right.segmented_control(
        words.WHICH,
        list(words.FIGURES),
        default="main",
        required=True,
        format_func=words.FIGURES.get,
        help=words.WHICH_HELP,
        key=session.key("report-figures"),
        persist_state="session",
    )
    return Chosen(tuple(name for name in PARTS if name in parts), preset, figures)


def context_of(view: View, chosen: Chosen) -> Context:
    """What the report is made of."""
    preset, synthetic = PRESETS[chosen.preset], session.is_synthetic()
    return Context(
        view.steps,
        view.labels,
        session.study(),
        openings.page_line(session.openings(), session.practice()),
        session.stamp(),
        preset,
        synthetic=synthetic,
    )


def wanted(context: Context, figures: str) -> tuple[str, ...]:
    """The names of the figures that are made as pictures."""
    every = {"main": main_figures(context), "all": context.drawings, "none": []}[figures]
    return tuple(one.name for one in every)


def make(view: View, chosen: Chosen) -> None:
    """The button, and while it works the step it is at."""
    context = context_of(view, chosen)
    names = wanted(context, chosen.figures)
    st.caption(words.how_long(len(names)))
    if not st.button(words.MAKE, type="primary", disabled=not (chosen.parts or names)):
        return
    started = time.monotonic()
    with st.status(words.MAKE) as status:

        def tell(step: str, done: int, of: int) -> None:
            status.update(label=plain(words.step_line(step, done, of, time.monotonic() - started)))

        report = make_report(context, chosen.parts, names, tell)
        seconds = time.monotonic() - started
        status.update(label=words.made_line(len(report.files), seconds), state="complete")
    session.keep(MADE, Made(made_of(view, chosen), report, seconds))


def made_of(view: View, chosen: Chosen) -> tuple[str, str, Chosen]:
    """What a report depends on."""
    return view.spec.digest, view.table.digest, chosen


def show_made(view: View, chosen: Chosen) -> None:
    """The last report: the zip, what is missing, the single files; that it is stale where it is."""
    made: Made | None = session.keep(MADE)
    if made is None:
        return
    if made.of != made_of(view, chosen):
        st.warning(words.CHANGED, icon=":material/update:")
        return
    for sentence in made.report.missing:
        st.warning(plain(sentence), icon=":material/report:")
    files = made.report.files
    name = widgets.file_name("report", view.spec)
    offer(words.EVERYTHING, f"{name}.zip", files[BUNDLE], primary=True)
    st.caption(words.PATIENT_ROWS)
    folded = st.expander(words.SINGLE, key=session.key("fold-report"), on_change="rerun")
    if folded.open:
        with folded, st.container(horizontal=True):
            for path in [path for path in files if path != BUNDLE][:MOST_SINGLE]:
                offer(path.removeprefix("figures/"), path.replace("/", "_"), files[path])


def show_passport(view: View) -> None:
    """The trial that the analysis tries to be like, folded."""
    with st.expander(PASSPORT):
        show_table(passport(view.spec, view.cohort, view.comparison, view.labels))


def offer(label: str, name: str, content: bytes, primary: bool = False) -> None:
    """One download."""
    st.download_button(
        plain(label),
        data=content,
        file_name=name,
        on_click="ignore",
        type="primary" if primary else "secondary",
        icon=":material/download:",
        key=session.key(f"report-file-{name}"),
    )
