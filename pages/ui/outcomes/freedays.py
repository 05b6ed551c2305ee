"""Blocks of the Answer page: the file of episodes, the free days derived from it, and the swimmer plot."""

import streamlit as st

from lib import figures
from lib.errors import AnalysisError, EstimationError, SpecError
from lib.freedays.episodes import STAYS
from lib.freedays.lines import set_lines, treated_lines
from lib.freedays.study import USUAL, Study, from_episodes, hierarchy_of
from lib.io import File, read_csv, write_csv
from lib.report.free_days import free_days_frame
from lib.spec import AnalysisSpec, FreeDays, Outcome
from lib.table import Table
from lib.words import counted, glossary
from lib.words import freedays as words
from lib.words.labels import support_name
from pages.ui import session, stages, widgets
from pages.ui.outcomes.win_ratio import show_win_ratio
from pages.ui.tables import table_card
from pages.ui.view import View

SAMPLES = ("msc_covid19",)  # bundled cohorts with a file of episodes
MOST_LINES, MOST_SETS = 40, 1_000  # patients drawn; sets offered by name
SAID_ALREADY = ("file_read", "comparisons")  # codes of notes that the page says in other words
DAYS = "Days from the cohort's day 0"
SAMPLE_DAYS = "Days from ICU admission"


def require_episodes(table: Table, spec: AnalysisSpec) -> None:
    """Ask for the file, and stop, where the spec's outcomes come from one that is not here yet (a loaded spec)."""
    wanted = [name for o in spec.outcomes for name in from_episodes(o)]
    if session.episodes() is not None or all(name in table.frame.columns for name in wanted):
        return
    st.info("These settings use free days derived from a file of episodes, which is not open yet.")
    ask_for_file(spec)
    if st.button("Go on without free days", icon=":material/delete:"):
        detach()
        st.rerun()
    st.stop()


def show_free_days(view: View) -> None:
    """The whole section: the file first, then what comes of it."""
    spec, episodes = session.spec(), session.episodes()
    if episodes is None:
        ask_for_file(spec)
        return
    show_settings(spec, episodes)
    try:
        study = stages.study(session.own_table(), spec, episodes)
    except AnalysisError as error:
        session.error_box(error)
        return
    show_numbers(view, study, episodes)
    show_swimmer(view, study)


def show_numbers(view: View, study: Study, episodes: Table) -> None:
    """Free days by group and the win ratio; a hierarchy that cannot be is said, and stays to be changed."""
    try:
        found = stages.free_days(session.own_table(), study.spec, episodes)
    except AnalysisError as error:
        session.error_box(error)
        show_win_ratio(view, study, None)
        return
    table_card(words.summary_table(found.summary, view.weighted), glossary.FREE_DAYS)
    widgets.download(
        "Free days of every patient (CSV)", "free_days", study.spec, lambda: write_csv(free_days_frame(found))
    )
    show_win_ratio(view, study, found)
    widgets.notes(note.sentence for note in found.notes if note.code not in SAID_ALREADY)


def ask_for_file(spec: AnalysisSpec) -> None:
    """The sample's episodes in one click, or an upload; what cannot be used leaves everything as it was."""
    st.markdown(words.FILE_WANTED)
    of_sample = bool(session.sample()) and session.study() in SAMPLES
    if of_sample and st.button("Use the sample's episodes", type="primary", icon=":material/science:"):
        name = f"{session.study()}_episodes.csv"
        take(File(name, (stages.SAMPLE_DATA / name).read_bytes()), spec)
    given = st.file_uploader("A CSV file of episodes", type=["csv", "txt", "tsv"], key=session.key("episodes-upload"))
    if given is not None:
        take(File(given.name, given.getvalue()), spec)


def take(file: File, spec: AnalysisSpec) -> None:
    """Read the file, derive the free days and make them outcomes; an error is said and changes nothing."""
    try:
        attach(read_csv(file.data), spec, spec.free_days or FreeDays(), file)
    except AnalysisError as error:
        session.error_box(error)
    else:
        st.rerun()


def attach(episodes: Table, spec: AnalysisSpec, settings: FreeDays, file: File | None = None) -> None:
    """Episodes beside the cohort, free days among the outcomes, every choice written out. Raises AnalysisError."""
    settings_only = settings.model_copy(update={"hierarchy": ()})
    bare = spec.replace(outcomes=own_outcomes(spec), free_days=settings_only)
    study = stages.study(session.own_table(), bare, episodes)
    names = {o.name for o in study.spec.outcomes} | {d.name for d in study.derived}
    kept = tuple(level for level in settings.hierarchy if level.outcome in names) or hierarchy_of(bare, study.derived)
    final = settings.model_copy(update={"supports": tuple(d.support for d in study.derived), "hierarchy": kept})
    session.set_episodes(episodes, study.spec.replace(free_days=final), file)


def own_outcomes(spec: AnalysisSpec) -> list[Outcome]:
    """The outcomes that do not come from episodes."""
    return [o for o in spec.outcomes if not from_episodes(o)]


def detach() -> None:
    """The episodes and all that came of them leave."""
    session.set_episodes(None, session.spec().replace(outcomes=own_outcomes(session.spec()), free_days=None))


def show_settings(spec: AnalysisSpec, episodes: Table) -> None:
    """What file is open, and the choices that people argue about."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"{counted(len(episodes.frame), 'episode')} beside the cohort.", width="content")
        st.button("Remove the episodes", on_click=detach, icon=":material/delete:", key=session.key("episodes-remove"))
    with st.expander("How free days are counted"), st.form(session.key("free-days"), border=False):
        settings = settings_form(spec.free_days or FreeDays(), offered(spec, episodes))
        if st.form_submit_button("Count again", icon=":material/refresh:"):
            change(episodes, spec, settings)


def offered(spec: AnalysisSpec, episodes: Table) -> list[str]:
    """The supports of the file that free days can be counted for; the chosen ones where it cannot be read."""
    now = list(spec.free_days.supports) if spec.free_days else []
    try:
        found = stages.study(session.own_table(), spec, episodes).episodes.supports
    except AnalysisError:
        return now
    others = [s for s in found if s not in (*USUAL, "infusion")]
    return list(dict.fromkeys([*now, *(s for s in USUAL if s in found), *others]))


def settings_form(now: FreeDays, supports: list[str]) -> FreeDays:
    """The widgets of one form, as they stand."""
    window = st.number_input(
        "Window (days)", min_value=1.0, value=float(now.window), step=1.0, format="%g", key=session.key("fd-window")
    )
    death = st.radio(
        "Who dies within the window has",
        list(words.DEATH),
        list(words.DEATH).index(now.death),
        format_func=words.DEATH.get,
        key=session.key("fd-death"),
    )
    never = st.radio(
        "Who never had the support has",
        list(words.NEVER),
        list(words.NEVER).index(now.never),
        format_func=words.NEVER.get,
        key=session.key("fd-never"),
    )
    chosen_now = [s for s in now.supports if s in supports]
    kinds = st.multiselect("Supports", supports, chosen_now, format_func=support_name, key=session.key("fd-supports"))
    stays = list(dict.fromkeys([None, now.discharge, *(s for s in STAYS if s in supports)]))
    end = st.selectbox(
        "Discharged alive as an outcome, death competing",
        stays,
        stays.index(now.discharge),
        format_func=lambda s: f"from {support_name(s)}" if s else "No",
        help=glossary.DISCHARGE,
        key=session.key("fd-discharge"),
    )
    return now.model_copy(
        update={"window": window, "death": death, "never": never, "supports": tuple(kinds), "discharge": end}
    )


def change(episodes: Table, spec: AnalysisSpec, settings: FreeDays) -> None:
    """Take new settings; where they cannot be, a sentence says why and the old ones stay."""
    try:
        if not settings.supports:
            raise SpecError("No support is chosen to count free days of.", "Choose at least one.")
        attach(episodes, spec, settings)
    except AnalysisError as error:
        session.error_box(error)
    else:
        st.rerun()


def show_swimmer(view: View, study: Study) -> None:
    """The treated patients, or one matched set, day by day."""
    number = session.keep("swimmer", ask_for_set(view.comparison.n_sets))
    if number < 0 or number >= view.comparison.n_sets:
        lines = treated_lines(study.episodes, study.vital, view.cohort, view.comparison, MOST_LINES)
        total = int(view.cohort.treated.sum())
        title = "The treated patients day by day"
        if total > MOST_LINES:
            title = f"The {MOST_LINES} treated patients with the longest records, of {total:,}"
    else:
        lines = set_lines(study.episodes, study.vital, view.cohort, view.comparison, number)
        title = f"Matched set {number + 1} day by day"
    settings = study.spec.free_days
    try:
        drawn = figures.swimmer(lines, SAMPLE_DAYS if session.sample() else DAYS, settings.window if settings else None)
    except EstimationError as error:
        session.error_box(error)
        return
    view.card(drawn, title, "swimmer", glossary.SWIMMER)


def ask_for_set(count: int) -> int:
    """Which set to draw, from 0; -1 for the treated of all."""
    options = range(-1, min(count, MOST_SETS))
    return st.selectbox(
        "Day by day",
        options,
        key=session.key("swimmer"),
        persist_state="session",
        format_func=lambda k: "All treated patients" if k < 0 else f"Set {k + 1} of {count:,}",
    )
