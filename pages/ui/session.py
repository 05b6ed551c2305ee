"""What one browser tab holds: the uploaded table and the spec. The only file that touches st.session_state."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import streamlit as st

from lib.errors import AnalysisError, EstimationError
from lib.io import read_csv
from lib.spec import AnalysisSpec
from lib.table import Table
from pages.ui import stages
from pages.ui.figure_card import plain

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = {
    "msc_covid19": "Mesenchymal stromal cells in severe COVID-19 (synthetic patients, calibrated to Gregoire 2022)",
    "nhefs": "Quitting smoking and weight change (NHEFS, 1,629 real adults)",
}
_TABLE, _NAME, _SPEC, _GENERATION, _FILE = "table", "table_name", "spec", "generation", "file"
_STARTED, _WANTED, _PRESENTATION = "started", "wanted_page", "presentation"
_PAGE, _ENTRY, _EPISODES = "page", "entry", "episodes"
_OF_THIS_TABLE = ("kept-", "seed-")


def start(arguments: list[str]) -> None:
    """Called by app.py on every run; on a session's first run opens the sample named after --sample, if any."""
    if _STARTED in st.session_state:
        return
    st.session_state[_STARTED] = True
    st.session_state.setdefault(_GENERATION, 0)
    if "--sample" in arguments:
        load_sample((arguments[arguments.index("--sample") + 1 :] or ["msc_covid19"])[0])


def open_page(file: str) -> None:
    """First line of every page. On a cold server a deep link runs the page without app.py: go back through it."""
    if _STARTED not in st.session_state:
        st.session_state[_WANTED] = Path(file).name
        st.switch_page("app.py")
    if st.session_state.get(_PAGE) != file:
        st.session_state[_PAGE] = file
        st.session_state[_ENTRY] = st.session_state.get(_ENTRY, 0) + 1


def continue_to_wanted_page() -> None:
    """After the detour of `open_page`, go on to the page that the link named."""
    wanted = st.session_state.pop(_WANTED, None)
    if wanted:
        st.switch_page(f"pages/{wanted}")


def to_first_page() -> None:
    """The page behind "/cohort"."""
    st.switch_page("pages/cohort.py")


def load_sample(name: str) -> None:
    """Open a bundled cohort with its own spec."""
    if name not in SAMPLES:
        raise ValueError(f"--sample must be one of {', '.join(SAMPLES)}, not {name}.")
    folder = ROOT / "sample_data"
    table = read_csv((folder / f"{name}.csv").read_bytes())
    open_table(table, name, AnalysisSpec.from_json((folder / f"{name}.spec.json").read_bytes()))


def open_table(table: Table, name: str, spec: AnalysisSpec | None, file: bytes | None = None) -> None:
    """Make this the cohort of the session. `name` (no extension) labels downloads; spec None means: not decided yet.
    file: an upload as it came, to be read once more with other settings."""
    st.session_state[_TABLE], st.session_state[_NAME], st.session_state[_SPEC] = table, name, spec
    st.session_state[_FILE], st.session_state[_EPISODES] = file, None
    _start_again()


def forget() -> None:
    """Remove the table, the file and the spec from this session, and every result made from them."""
    stages.forget()
    for name in (_TABLE, _SPEC, _FILE, _EPISODES):
        st.session_state[name] = None
    _start_again()


def _start_again() -> None:
    """Widgets get new keys; what was remembered under the old ones goes."""
    st.session_state[_GENERATION] += 1
    for name in [name for name in st.session_state if str(name).startswith(_OF_THIS_TABLE)]:
        del st.session_state[name]


def file() -> bytes | None:
    """The uploaded file as it came; None for a sample."""
    return st.session_state.get(_FILE)


def table() -> Table | None:
    """The uploaded table, with the free days of its episodes where there are any; None before any upload.

    Where the free days cannot be derived (the outcome that tells who died was removed), the table as it came."""
    if episodes() is None or spec() is None or spec().free_days is None:
        return own_table()
    try:
        return stages.study(own_table(), spec(), episodes()).table
    except AnalysisError:
        return own_table()


def own_table() -> Table | None:
    """The uploaded table as it came."""
    return st.session_state.get(_TABLE)


def episodes() -> Table | None:
    """The file of episodes beside the table, None without one."""
    return st.session_state.get(_EPISODES)


def set_episodes(found: Table | None, new: AnalysisSpec) -> None:
    """Put a file of episodes beside the table, or take it away (None), with the spec that goes with it."""
    st.session_state[_EPISODES], st.session_state[_SPEC] = found, new
    keep("edited", ())


def sample() -> str | None:
    """What the bundled sample on screen is; None for an upload."""
    return SAMPLES.get(study()) if table() is not None and file() is None else None


def is_synthetic() -> bool:
    """Whether the patients on screen are made up, which every page that shows them says."""
    return "synthetic" in (sample() or "")


def study() -> str:
    """The label of the study in file names and captions."""
    return st.session_state.get(_NAME) or "study"


def label() -> str:
    """The study in a caption; made-up patients are said to be so wherever they are shown."""
    return study() + (" (synthetic patients)" if is_synthetic() else "")


def spec() -> AnalysisSpec | None:
    """The spec, None before columns have roles."""
    return st.session_state.get(_SPEC)


def update_spec(**sections: Any) -> AnalysisSpec:
    """Replace whole sections of the spec. Raises SpecError, and then the spec stays as it was."""
    st.session_state[_SPEC] = spec().replace(**sections)
    return st.session_state[_SPEC]


def set_spec(new: AnalysisSpec) -> None:
    """Take a whole spec (loaded from a file, or guessed); settings widgets start again from it."""
    st.session_state[_SPEC] = new
    _start_again()


def edit_spec(new: AnalysisSpec) -> None:
    """Take a spec that this page's own widgets describe; they go on showing what they show."""
    st.session_state[_SPEC] = new


def key(name: str) -> str:
    """A widget key that changes whenever another table or spec is opened, so that no widget shows an old setting."""
    return f"{name}-{st.session_state[_GENERATION]}"


def keep(name: str, value: Any = None) -> Any:
    """Remember a value under `key(name)` for the session when given one; return what is remembered."""
    if value is not None:
        st.session_state[f"kept-{key(name)}"] = value
    return st.session_state.get(f"kept-{key(name)}")


def seed(name: str, make: Callable[[], Any]) -> Any:
    """A value made once each time the page is entered or another table or spec is opened: a data_editor's start."""
    kept, moment = f"seed-{name}", (st.session_state[_GENERATION], st.session_state[_ENTRY])
    if st.session_state.get(kept, (None, None))[0] != moment:
        st.session_state[kept] = (moment, make())
    return st.session_state[kept][1]


def seed_key(name: str) -> str:
    """A widget key that changes whenever `seed` makes a new value."""
    return f"{key(name)}-{st.session_state[_ENTRY]}"


def restart_widgets() -> None:
    """Settings widgets of this page show the spec again."""
    st.session_state[_ENTRY] += 1


def require_cohort() -> tuple[Table, AnalysisSpec]:
    """The table and its spec, or one sentence with a link back to the Cohort page."""
    if table() is None or spec() is None:
        st.info(
            "There is no cohort yet. Upload a CSV or open the sample study on the Cohort page.",
            icon=":material/groups:",
        )
        st.page_link("pages/cohort.py", label="Go to the Cohort page", icon=":material/arrow_back:")
        st.stop()
    return table(), spec()


def show_error(error: AnalysisError) -> NoReturn:
    """One sentence and the next step; nothing that was entered is lost."""
    error_box(error)
    st.stop()


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


def presentation() -> bool:
    """Whether figures are shown for a projector: 16:9, large type, no controls."""
    return bool(st.session_state.get(_PRESENTATION))


def sidebar() -> None:
    """What every page shows beside the navigation: the presentation switch and whose data these are."""
    with st.sidebar:
        st.toggle(
            "Presentation",
            key=_PRESENTATION,
            persist_state="session",
            help="Figures in 16:9 with large type and no controls, for a talk or a screenshot.",
        )
        if table() is not None:
            st.caption(
                f"Cohort: **{study()}**, {len(table().frame):,} rows. It lives in this browser tab only: "
                "reloading or closing the tab removes it."
            )
            st.button("Remove the data", on_click=forget, icon=":material/delete:")
