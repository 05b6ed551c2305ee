"""Where the cohort comes from: a sample in one click or an upload, how the file was read, and its first rows."""

from pathlib import Path
from typing import Any

import streamlit as st

from lib.cohort import privacy_warnings
from lib.errors import AnalysisError
from lib.io import File, is_bundle, read_csv
from lib.roles.guess import guess_spec
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import cohort as words
from pages.ui import session
from pages.ui.plain import plain

AUTOMATIC = "Decide for me"
ENCODINGS = {None: AUTOMATIC, "utf-8": "UTF-8", "cp1252": "Windows-1252 (Western Europe)"}
DELIMITERS = {None: AUTOMATIC, ",": "Comma ,", ";": "Semicolon ;", "\t": "Tab", "|": "Bar |"}
DECIMALS = {None: AUTOMATIC, ".": "Point 1.5", ",": "Comma 1,5"}
MISSING_HELP = "Entries that stand for a missing value, with blanks between: NA -999 unknown"
PREVIEW_ROWS = 5


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
    """The uploader; a file that cannot be read leaves everything as it was."""
    chosen = st.file_uploader("A CSV file", type=["csv", "txt", "tsv", "matchlens"], key=session.key("upload"))
    st.caption(f":material/lock: {words.PRIVACY}")
    if chosen is None:
        return
    try:
        if is_bundle(chosen.getvalue()):
            session.open_saved(chosen.getvalue())
        else:
            open_bytes(chosen.getvalue(), chosen.name)
    except AnalysisError as error:
        session.error_box(error)
    else:
        st.rerun()


def open_bytes(data: bytes, name: str, **reading: Any) -> None:
    """Read a file and make it the cohort, with roles guessed. Raises DataError when it cannot be read."""
    table = read_csv(data, **reading)
    session.open_table(table, Path(name).stem, first_spec(table), file=(File(name, data),))
    session.keep("reading", reading)


def first_spec(table: Table) -> AnalysisSpec | None:
    """Roles guessed from the columns; None when no column can be the treatment."""
    try:
        return guess_spec(table)
    except AnalysisError:
        return None


def about(table: Table) -> None:
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
    warnings = session.seed("privacy", lambda: privacy_warnings(table))
    if warnings:
        st.warning("\n\n".join(plain(warning) for warning in warnings), icon=":material/visibility:")
    if session.file():
        reading(table)
    with st.expander(f"The first {min(PREVIEW_ROWS, rows)} rows, as read", expanded=bool(session.file())):
        st.dataframe(table.frame.head(PREVIEW_ROWS), hide_index=True, placeholder="", alt="The first rows of the file")


def other_tables() -> None:
    """The samples and the uploader once more, small."""
    st.button("The sample study (synthetic)", on_click=session.load_sample, args=("msc_covid19",), width="stretch")
    st.button("The NHEFS sample", on_click=session.load_sample, args=("nhefs",), width="stretch")
    upload()


def reading(table: Table) -> None:
    """What had to be decided while reading, and the same decisions by hand."""
    with st.expander("How the file was read", icon=":material/description:", expanded=bool(table.notes)):
        st.markdown("\n".join(f"- {plain(note)}" for note in table.notes))
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
        open_bytes(session.file()[0].data, session.file()[0].name, **settings)
    except AnalysisError as error:
        session.error_box(error)
    else:
        st.rerun()
