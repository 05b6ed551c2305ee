"""Try it live: settings beside the main analysis, what they do to the numbers, and to the matched sets."""

from typing import Any

import streamlit as st

from lib.design import METHODS, DistanceSettings
from lib.errors import AnalysisError
from lib.sensitivity.live import Live, set_changes
from lib.spec import AnalysisSpec, Columns
from lib.words import designs as words
from lib.words import glossary_sensitivity as glossary
from pages.ui import session, stages, widgets
from pages.ui.headings import heading
from pages.ui.matching.choices import HELP
from pages.ui.matching.fields import field, own_fields
from pages.ui.matching.settings import caliper_setting, can_be_logged, unit_of
from pages.ui.plain import plain
from pages.ui.tables import show_table
from pages.ui.view import View

TRIED = "live-tried"  # under which the session remembers (main analysis, settings tried)
MOST_SETS = 40  # sets listed on the page; the file has all


@st.fragment
def show_live(view: View) -> None:
    """Only this part runs again when a setting moves."""
    main = stages.live_numbers(view.table, view.spec, view.outcome.name)
    with st.container(border=True):
        tried = settings(view)
    try:
        spec = view.spec.replace(**tried)
        session.keep(TRIED, (view.spec, spec))
        now = stages.live_numbers(view.table, spec, view.outcome.name)
    except AnalysisError as error:
        session.error_box(error)
        return
    show_numbers(view, main, now)
    buttons(spec, spec.canonical() != view.spec.canonical())
    show_sets(view, main, now)


def settings(view: View) -> dict[str, Any]:
    """The sections of the spec as the widgets stand: the method's own settings, the caliper, the score."""
    spec = session.seed("live-start", lambda: started(view.spec))
    method, values = METHODS[spec.matching.method], spec.matching.model_dump()
    names = own_fields(method)
    places = st.columns(3, gap="medium") if len(names) > 1 else [st.container()] * 3
    made = {}
    for number, name in enumerate(names):
        with places[number % 3]:
            made[name] = field(method, name, values[name])
    if isinstance(spec.matching, DistanceSettings):
        with places[1]:
            made["caliper"] = caliper_setting(spec.matching, spec.matching.metric, unit_of(values), live=True)
    columns = covariates(view, spec.columns)
    switches = st.container(horizontal=True, gap="small")
    firth = switches.toggle(
        "Firth's model of the score",
        spec.propensity.model == "firth",
        help=HELP["model"],
        key=session.seed_key("live-firth"),
    )
    logit = switches.toggle(
        "Distance on the logit scale",
        spec.propensity.distance == "logit",
        help=HELP["scale"],
        key=session.seed_key("live-scale"),
    )
    propensity = {"model": "firth" if firth else "logit", "distance": "logit" if logit else "probability"}
    return {"columns": columns, "matching": values | made, "propensity": propensity}


def started(main: AnalysisSpec) -> AnalysisSpec:
    """What the widgets show when the page is entered: what was tried last beside this very analysis, else itself."""
    beside, tried = session.keep(TRIED) or (None, None)
    return tried if beside == main else main


def back() -> None:
    """To the main analysis."""
    session.keep(TRIED, ())
    session.restart_widgets()


def covariates(view: View, start: Columns) -> dict[str, Any]:
    """A switch for every covariate of the main analysis, and one for the logarithm of each that has one.  start: what
    they stand on first."""
    now = view.spec.columns
    on = st.pills(
        "Covariates in the score",
        now.covariates,
        selection_mode="multi",
        default=list(start.covariates),
        format_func=name_in(view),
        key=session.seed_key("live-covariates"),
        help="Switch a covariate off to leave it out of the score and of the balance.",
    )
    kept = [name for name in now.covariates if name in on]
    loggable = [c for c in now.covariates if c not in now.categorical and can_be_logged(view.table, c)]
    logged = st.pills(
        "Of these as logarithms",
        loggable,
        selection_mode="multi",
        default=list(start.log),
        format_func=name_in(view),
        key=session.seed_key("live-log"),
        help=HELP["log"],
        disabled=not loggable,
    )
    return now.model_dump(mode="json") | {
        "covariates": kept,
        "categorical": [c for c in now.categorical if c in kept],
        "log": [c for c in loggable if c in logged and c in kept],
    }


def name_in(view: View):
    """A column in words, whatever signs its name brings."""
    return lambda name: plain(view.labels.column(name).name)


def show_numbers(view: View, main: Live, now: Live) -> None:
    """The main analysis and the settings above, one row each, and the difference in a sentence."""
    show_table(words.live_table(main, now, view.label))
    st.markdown(plain(words.moved(view.label, main, now)))
    if caption := words.narrow_caption(words.outcome_of(now)):
        st.caption(caption)


def buttons(tried: AnalysisSpec, differs: bool) -> None:
    """Back to the main analysis, or make this the main one."""
    with st.container(horizontal=True):
        st.button(
            "Back to the main analysis",
            disabled=not differs,
            icon=":material/undo:",
            key=session.key("live-back"),
            on_click=back,
        )
        if st.button(
            "Make this the main analysis", disabled=not differs, icon=":material/push_pin:", key=session.key("live-pin")
        ):
            session.edit_spec(tried)
            session.restart_widgets()
            st.rerun()


def show_sets(view: View, main: Live, now: Live) -> None:
    """What changed in the matched sets."""
    if view.weighted:
        st.caption(words.NO_SETS)
        return
    changes = set_changes(main, now)
    table = words.changes_table(changes, main.ids | now.ids)
    heading(table.title, glossary.CHANGED)
    st.markdown(words.changed_sentence(changes))
    if not changes.any:
        return
    if len(table.rows) <= MOST_SETS:
        show_table(table)
    widgets.download("Changed sets (CSV)", "changed_sets", view.spec, table.to_csv)
