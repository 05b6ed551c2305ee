"""What stands between a visitor and a page: the first run, cold links, a cohort that is missing or cannot be used."""

from pathlib import Path
from typing import NoReturn

import streamlit as st

from lib.errors import AnalysisError, EstimationError
from lib.spec import AnalysisSpec
from lib.table import Table
from pages.ui.fits import columns_missing
from pages.ui.plain import plain
from pages.ui.samples import read_sample
from pages.ui.session import inputs, remember, removal

_STARTED, _WANTED = "started", "wanted_page"
FIRST_PAGE = "pages/cohort.py"


def start(arguments: list[str]) -> None:
    """Called by app.py on every run; on a session's first run opens the sample named after --sample, if any."""
    if _STARTED in st.session_state:
        return
    st.session_state[_STARTED] = True
    remember.begin()
    if "--sample" in arguments:
        load_sample((arguments[arguments.index("--sample") + 1 :] or ["msc_covid19"])[0])


def load_sample(name: str) -> None:
    """Open a bundled cohort with its own spec."""
    removal.open_table(*read_sample(name))


def open_page(file: str) -> None:
    """First line of every page. On a cold server a deep link runs the page without app.py: go back through it."""
    if _STARTED not in st.session_state:
        st.session_state[_WANTED] = Path(file).name
        st.switch_page("app.py")
    remember.enter(file)


def continue_to_wanted_page() -> None:
    """After the detour of `open_page`, go on to the page that the link named."""
    wanted = st.session_state.pop(_WANTED, None)
    if wanted:
        st.switch_page(f"pages/{wanted}")


def to_first_page() -> None:
    """The page behind "/cohort"."""
    st.switch_page(FIRST_PAGE)


def require_cohort() -> tuple[Table, AnalysisSpec]:
    """The table and its spec, once every question that an analysis waits for is answered; or one sentence with a link
    back to the first page."""
    table, spec = inputs.table(), inputs.spec()
    if table is None or spec is None:
        _back_to_data("There is no cohort yet. Open your own table or the sample study on the Data page.")
    if not spec.columns.treatment or any(question.blocking for question in spec.questions):
        _back_to_data("A question about your data is still open. Answer it on the Data page, and the rest follows.")
    missing = columns_missing(table, spec)
    if missing is not None:
        show_error(missing)
    return table, spec


def _back_to_data(sentence: str) -> NoReturn:
    st.info(sentence, icon=":material/groups:")
    st.page_link(FIRST_PAGE, label="Go to the Data page", icon=":material/arrow_back:")
    st.stop()


def show_error(error: AnalysisError) -> NoReturn:
    """One sentence and the next step; nothing that was entered is lost."""
    error_box(error)
    way_back()
    st.stop()


def way_back() -> None:
    """Under an error: the button back to the last settings that worked, where there are other ones."""
    before = inputs.working_spec()
    if before is not None and before != inputs.spec():
        st.button(
            "Go back to the settings before",
            icon=":material/undo:",
            key=remember.key("way-back"),
            on_click=inputs.set_spec,
            args=(before,),
        )


def error_box(error: AnalysisError) -> None:
    """The same, where the page has more to show."""
    words = plain(f"{error}\n\n{error.hint}" if error.hint else str(error))
    st.error(words, icon=":material/error:")


def absence_box(error: AnalysisError) -> None:
    """What does not exist for valid input is no mistake of the reader: why, and what to do instead."""
    if not isinstance(error, EstimationError):
        error_box(error)
        return
    st.info(plain(f"{error} {error.hint}".strip()), icon=":material/info:")
