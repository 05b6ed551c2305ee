"""Where the cohort comes from: a sample in one click or an upload, how the file was read, and its first rows."""

from pathlib import Path
from typing import Any

import streamlit as st

from lib.cohort.privacy import identifiers
from lib.errors import AnalysisError, DataError
from lib.io import File, read_table, read_tables
from lib.roles.guess import guess_spec
from lib.spec import AnalysisSpec, Reading
from lib.table import Finding, Table
from lib.words import cohort as words
from lib.words import counted
from pages.ui import session
from pages.ui.figure_card import plain

AUTOMATIC = "Decide for me"
ENCODINGS = {None: AUTOMATIC, "utf-8": "UTF-8", "cp1252": "Windows-1252 (Western Europe)"}
DELIMITERS = {None: AUTOMATIC, ",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |"}
DECIMALS = {None: AUTOMATIC, ".": "Point 1.5", ",": "Comma 1,5"}
MISSING_HELP = "Entries that stand for a missing value, with blanks between: NA -999 unknown"
PREVIEW_ROWS = 5
FORMATS = ("csv", "txt", "tsv", "xlsx", "xlsm", "xls", "ods", "sav", "dta", "sas7bdat", "parquet", "matchlens")


def first_screen() -> None:
    """What MatchLens does, and the two ways to begin."""
    st.markdown(words.PURPOSE)
    left, right = st.columns(2, gap="medium")
    with left.container(border=True, height="stretch"):
        st.subheader("Look at a finished example", anchor=False)
        st.markdown(words.SAMPLE)
        st.button(
            "Open the sample study",
            type="primary",
            icon=":material/science:",
            on_click=session.load_sample,
            args=("msc_covid19",),
        )
        st.markdown(words.NHEFS)
        st.button("Open the NHEFS sample", icon=":material/science:", on_click=session.load_sample, args=("nhefs",))
    with right.container(border=True, height="stretch"):
        st.subheader("Open your own table", anchor=False)
        upload()
        st.markdown("It needs" + words.WANTED)


def upload() -> None:
    """The uploader; a file that cannot be read leaves everything as it was. Two files are treated and controls."""
    chosen = st.file_uploader(
        words.UPLOAD, type=list(FORMATS), accept_multiple_files=True, key=session.key("upload"), help=words.UPLOAD_HELP
    )
    st.caption(f":material/lock: {words.PRIVACY}")
    if not chosen:
        return
    files = in_order(tuple(File(one.name, one.getvalue()) for one in chosen))
    if not files:
        return
    try:
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


def open_files(files: tuple[File, ...], spec: AnalysisSpec | None = None, **how: Any) -> None:
    """Read one file, or two (treated, controls), and make it the cohort, with roles guessed where no spec is given.
    how: encoding, delimiter, decimal and missing of a text file. Raises DataError when it cannot be read."""
    if len(files) > 2:
        raise DataError(
            f"{len(files)} files were chosen; a cohort is one file, or two: treated and controls.",
            "Choose one file, or two.",
        )
    reading = spec.reading if spec else Reading()
    parts = [(file.data, file.name) for file in files]
    table = read_tables(parts, reading, **how) if len(parts) > 1 else read_table(*parts[0], reading, **how)
    name = " and ".join(Path(file.name).stem for file in files)
    session.open_table(table, name, spec or guess_spec(table), file=files)
    session.keep("reading", how)


def read_by(spec: AnalysisSpec) -> None:
    """Read the same bytes by the reading of a spec, which stays as it is. Raises DataError when it cannot be read."""
    open_files(session.file(), spec, **(session.keep("reading") or {}))


def about(table: Table, spec: AnalysisSpec) -> None:
    """Whose data these are, what looks like a patient's identity, how the file was read, its first rows."""
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
    if session.file() is not None:
        reading(table, spec)
    folded = st.expander(
        f"The first {min(PREVIEW_ROWS, rows)} rows, as read", key=session.key("rows"), on_change="rerun"
    )
    if folded.open:
        hidden = hidden_columns(table, spec)
        shown = table.frame.head(PREVIEW_ROWS).drop(columns=hidden)
        folded.dataframe(shown, hide_index=True, placeholder="", alt="The first rows of the file")


def identifying(table: Table, spec: AnalysisSpec) -> None:
    """Columns that may identify a patient: left out until somebody says otherwise."""
    found = session.seed("identifiers", lambda: identifiers(table))
    hidden = hidden_columns(table, spec)
    for one in found:
        if one.column not in hidden:
            continue
        with st.container(horizontal=True, vertical_alignment="center"):
            st.warning(plain(words.left_out(one)), icon=":material/visibility_off:", width="stretch")
            if st.button("Keep it", key=session.seed_key(f"keep-{one.column}"), type="tertiary"):
                kept = (*spec.columns.identifiers, one.column)
                session.update_spec(columns=spec.columns.model_copy(update={"identifiers": kept}))
                st.rerun()


def hidden_columns(table: Table, spec: AnalysisSpec) -> list[str]:
    """The columns that are left out because they may identify a patient and nothing asks for them."""
    return [
        one.column for one in session.seed("identifiers", lambda: identifiers(table)) if one.column not in named(spec)
    ]


def other_tables() -> None:
    """The samples and the uploader once more, small."""
    st.button("The sample study (synthetic)", on_click=session.load_sample, args=("msc_covid19",), width="stretch")
    st.button("The NHEFS sample", on_click=session.load_sample, args=("nhefs",), width="stretch")
    upload()


def reading(table: Table, spec: AnalysisSpec) -> None:
    """What had to be decided while reading, and the same decisions by hand: folded where it is harmless."""
    for finding in table.findings:
        if finding.level == "look":
            finding_box(finding, spec)
    quiet = [finding for finding in table.findings if finding.level != "look"]
    title = f"How the file was read ({counted(len(table.findings), 'note')})"
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
    if not finding.undo or session.file() is None:
        return
    name = f"undo-{finding.code}-{finding.column}-{finding.lines}"
    if st.button("Undo", key=session.seed_key(name), type="tertiary", icon=":material/undo:", help=words.UNDO_HELP):
        try:
            read_by(spec.replace(reading=spec.reading.model_dump() | dict(finding.undo)))
        except AnalysisError as error:
            session.error_box(error)
        else:
            st.rerun()


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
        open_files(session.file(), None, **settings)
    except AnalysisError as error:
        session.error_box(error)
    else:
        st.rerun()
