"""Where the cohort comes from: a sample in one click or an upload, how the file was read, and its first rows."""

from pathlib import Path
from typing import Any

import streamlit as st

from lib.cohort.privacy import Identifier, identifiers
from lib.errors import AnalysisError
from lib.io import File, is_bundle, read_cohort
from lib.roles.guess import guess_spec
from lib.spec import AnalysisSpec
from lib.spec.questions import used_columns
from lib.table import Finding, Table
from lib.words import cohort as words
from lib.words import counted, guide
from pages.ui import session
from pages.ui.plain import plain
from pages.ui.samples import STUDY

AUTOMATIC = "Decide for me"
ENCODINGS = {None: AUTOMATIC, "utf-8": "UTF-8", "cp1252": "Windows-1252 (Western Europe)"}
DELIMITERS = {None: AUTOMATIC, ",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |"}
DECIMALS = {None: AUTOMATIC, ".": "Point 1.5", ",": "Comma 1,5"}
MISSING_HELP = "Entries that stand for a missing value, with blanks between: NA -999 unknown"
PREVIEW_ROWS = 5
FORMATS = ("csv", "txt", "tsv", "xlsx", "xlsm", "xls", "ods", "sav", "dta", "sas7bdat", "parquet", "matchlens")


def first_screen() -> None:
    """The product's name and question, and the two ways to begin: one's own file first."""
    st.title(guide.NAME)
    st.markdown(f"#### {guide.QUESTION}")
    st.markdown(words.PURPOSE)
    own, example = st.columns(2, gap="medium")
    with own.container(border=True, height="stretch"):
        st.subheader("Open your own table", anchor=False)
        upload()
        st.markdown("It needs" + words.WANTED)
    with example.container(border=True, height="stretch"):
        st.subheader("Look at a finished example", anchor=False)
        st.markdown(words.SAMPLE)
        with st.container(horizontal=True):
            st.button("Open the sample study", icon=":material/science:", on_click=session.load_sample, args=(STUDY,))
            if st.button("Straight to its answer", type="primary", icon=":material/monitoring:"):
                session.load_sample(STUDY)
                st.switch_page("pages/outcomes.py")
        st.markdown(words.NHEFS)
        st.button("Open the NHEFS sample", icon=":material/science:", on_click=session.load_sample, args=("nhefs",))


def upload() -> None:
    """The uploader; a file that cannot be read leaves everything as it was. Two files are treated and controls."""
    chosen = st.file_uploader(
        words.UPLOAD, type=list(FORMATS), accept_multiple_files=True, key=session.key("upload"), help=words.UPLOAD_HELP
    )
    st.caption(f":material/lock: {words.PRIVACY}")
    files = in_order(tuple(File(one.name, one.getvalue()) for one in chosen))
    if not files:
        return
    try:
        if is_bundle(files[0].data):
            session.open_saved(files[0].data)
        else:
            open_files(files)
    except AnalysisError as error:
        session.error_box(error)
    else:
        st.rerun()


def in_order(files: tuple[File, ...]) -> tuple[File, ...]:
    """Of two files the one with the treated patients first, as somebody says; empty while nobody has."""
    if len(files) != 2:
        return files
    treated = st.radio(
        "Which file holds the treated patients?",
        range(2),
        index=None,
        format_func=lambda i: plain(files[i].name),
        key=session.key("treated-file"),
    )
    return () if treated is None else (files[treated], files[1 - treated])


def open_files(files: tuple[File, ...], **how: Any) -> None:
    """Make these files the cohort, with roles guessed.  how: encoding, delimiter, decimal and missing of text files.
    Raises DataError when they cannot be read."""
    table = read_cohort(files, **how)
    name = " and ".join(Path(file.name).stem for file in files)
    session.open_table(table, name, guess_spec(table), file=files)
    session.keep("reading", how)


def read_by(spec: AnalysisSpec) -> None:
    """Read the same files by the reading of a spec, which becomes the session's. Raises DataError when they cannot be
    read, and then everything stays as it was."""
    files, how, beside = session.file(), session.keep("reading") or {}, (session.episodes(), session.episodes_file())
    table = read_cohort(files, spec.reading, **how)
    session.open_table(table, session.study(), spec, file=files)
    session.set_episodes(beside[0], spec, beside[1])
    session.keep("reading", how)


def about(table: Table, spec: AnalysisSpec, findings: tuple[Finding, ...]) -> None:
    """Whose data these are, what looks like a patient's identity, how the file was read, its first rows.  findings: of
    the reader, and of what was made of the file since."""
    rows, columns = table.frame.shape
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(f"**{plain(session.study())}**, {rows:,} rows, {columns} columns", width="content")
        if session.is_synthetic():
            st.badge("Synthetic patients", icon=":material/science:", color="orange")
        with st.popover("Open another table", icon=":material/folder_open:"):
            other_tables()
    if session.sample():
        st.caption(session.sample())
    identifying(table, spec)
    if session.file():
        reading([finding for finding in findings if finding.code != "identifiers"], spec)
    folded = st.expander(
        f"The first {min(PREVIEW_ROWS, rows)} rows, as read", key=session.key("rows"), on_change="rerun"
    )
    if folded.open:
        shown = table.frame.head(PREVIEW_ROWS).drop(columns=[one.column for one in hidden(table, spec)])
        folded.dataframe(shown, hide_index=True, placeholder="", alt="The first rows of the file")


def identifying(table: Table, spec: AnalysisSpec) -> None:
    """Columns that may identify a patient: left out until somebody says otherwise."""
    for one in hidden(table, spec):
        with st.container(horizontal=True, vertical_alignment="center"):
            text = f'Column "{one.column}" looks like {one.words}, so it is left out of every page, file and result.'
            st.warning(plain(text), icon=":material/visibility_off:", width="stretch")
            if st.button("Keep it", key=session.seed_key(f"keep-{one.column}"), type="tertiary"):
                kept = (*spec.columns.identifiers, one.column)
                session.update_spec(columns=spec.columns.model_copy(update={"identifiers": kept}))
                session.restart_widgets()
                st.rerun()


def hidden(table: Table, spec: AnalysisSpec) -> list[Identifier]:
    """What may identify a patient and nothing asks for."""
    used = {*used_columns(spec), *spec.columns.identifiers}
    return [one for one in session.seed("identifiers", lambda: identifiers(table)) if one.column not in used]


def other_tables() -> None:
    """The samples and the uploader once more, small."""
    st.button("The sample study (synthetic)", on_click=session.load_sample, args=("msc_covid19",), width="stretch")
    st.button("The NHEFS sample", on_click=session.load_sample, args=("nhefs",), width="stretch")
    upload()


def reading(findings: list[Finding], spec: AnalysisSpec) -> None:
    """What had to be decided while reading, and the same decisions by hand: folded where it is harmless."""
    asked = {question.column for question in spec.questions if question.about == "number"}
    loud = [finding for finding in findings if finding.level == "look" and finding.column not in asked]
    quiet = [finding for finding in findings if finding not in loud]
    for finding in loud:
        finding_box(finding, spec)
    title = f"How the file was read ({counted(len(quiet), 'note')})"
    folded = st.expander(title, icon=":material/description:", key=session.key("fold-reading"), on_change="rerun")
    if not folded.open:
        return
    with folded:
        for finding in quiet:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(plain(finding.text), width="stretch")
                otherwise(finding, spec)
        by_hand()


def finding_box(finding: Finding, spec: AnalysisSpec) -> None:
    """What somebody should look at, with the way to have it read otherwise."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.warning(plain(finding.text), icon=":material/visibility:", width="stretch")
        otherwise(finding, spec)


def otherwise(finding: Finding, spec: AnalysisSpec) -> None:
    """A button that reads the file again by the other decision."""
    if not finding.undo or not session.file():
        return
    name = f"undo-{finding.code}-{finding.column}-{finding.lines}"
    if st.button("Undo", key=session.seed_key(name), type="tertiary", icon=":material/undo:", help=words.UNDO_HELP):
        try:
            read_by(otherwise_read(spec, finding))
        except AnalysisError as error:
            session.error_box(error)
        else:
            st.rerun()


def otherwise_read(spec: AnalysisSpec, finding: Finding) -> AnalysisSpec:
    """The spec with what undoes a finding put into its reading; marks of single columns add to those said before."""
    now = spec.reading.model_dump()
    changed = {key: now[key] | value if isinstance(value, dict) else value for key, value in finding.undo.items()}
    return spec.replace(reading=now | changed)


def by_hand() -> None:
    """The decisions that concern the whole file."""
    with st.form(session.key("reading"), border=False):
        encoding, delimiter, decimal, missing, button = st.columns(5, vertical_alignment="bottom")
        settings = {
            "encoding": choice(encoding, "Letters (encoding)", ENCODINGS, "encoding"),
            "delimiter": choice(delimiter, "Between columns", DELIMITERS, "delimiter"),
            "decimal": choice(decimal, "Decimal mark", DECIMALS, "decimal"),
            "missing": missing_words(missing),
        }
        again = button.form_submit_button("Read again", icon=":material/refresh:")
    if again:
        read_again(settings)


def choice(place, label: str, said: dict[str | None, str], name: str) -> str | None:
    """A selectbox over one decision, as it was made the last time; None leaves it to the reader."""
    options, before = list(said), (session.keep("reading") or {}).get(name)
    return place.selectbox(label, options, options.index(before), format_func=said.get, key=session.key(name))


def missing_words(place) -> tuple[str, ...] | None:
    """The entries that stand for a missing value; None leaves it to the reader."""
    before = (session.keep("reading") or {}).get("missing") or ()
    typed = place.text_input(
        "Means missing", " ".join(before), placeholder=AUTOMATIC, key=session.key("missing"), help=MISSING_HELP
    )
    return tuple(typed.split()) or None


def read_again(settings: dict[str, Any]) -> None:
    """Read the same bytes with other settings; roles are guessed anew, since columns may differ."""
    try:
        open_files(session.file(), **settings)
    except AnalysisError as error:
        session.error_box(error)
    else:
        st.rerun()
