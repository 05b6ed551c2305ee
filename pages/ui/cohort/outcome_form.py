"""Outcomes: a small form that adds, changes or removes one."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st

from lib.errors import AnalysisError, SpecError
from lib.spec import AnalysisSpec, Outcome
from lib.table import Table, is_numeric, sorted_levels
from lib.words.cohort import KINDS
from pages.ui import session

EVENT_HELP = "The value that says that the event happened. With 0 and 1 that is 1, with no and yes it is yes."
HORIZON_HELP = "The last day that counts, in the unit of the time column; what happens later is cut off there."
COMPETING_HELP = (
    "Values after which the event can no longer happen, such as death for a discharge. The one value left means that "
    "follow-up ended without either."
)
TIMES_HELP = "Days (or whatever the unit is) at which survival with its interval is listed, separated by commas."
LABEL_HELP = "How tables and figures call it; empty: as its column is called."
BETTER_HELP = (
    "Says which side of no effect is called favourable. Nobody guesses it from a name; no number depends on it."
)
EVENT_BETTER = {None: "no event, or a later one", "higher": "the event, or an earlier one"}
BETTER = {
    "binary": EVENT_BETTER,
    "continuous": {None: "not said", "higher": "a higher number", "lower": "a lower number"},
    "survival": EVENT_BETTER,
}
MOST_LEVELS = 8  # values of an event column
BASELINE_HELP = "The same measurement before treatment, for the figure with before and after side by side."
Change = Callable[[list[dict]], None]
FORM = "outcome-form"


def open_form(name: str | None) -> None:
    """Show the form of an outcome, None for a new one, until it is saved or closed."""
    session.keep(FORM, (name,))


def close_form() -> None:
    """The form is done with."""
    session.keep(FORM, ())


def outcome_form(table: Table, spec: AnalysisSpec, change: Change) -> None:
    """The form that is open, if one is.

    change: takes the new outcomes into the spec; raises AnalysisError when it cannot.
    """
    for name in session.keep(FORM) or ():
        outcome_dialog(table, spec, name, change)


@st.dialog("An outcome", width="large", on_dismiss=close_form)
def outcome_dialog(table: Table, spec: AnalysisSpec, name: str | None, change: Change) -> None:
    """A form for one outcome.  name: of an outcome of the spec; None for a new one.  change: as outcome_form."""
    now = next((o for o in spec.outcomes if o.name == name), None)
    settings = Form(table, spec, now).fields()
    buttons(spec, now, settings, change)


def buttons(spec: AnalysisSpec, now: Outcome | None, settings: dict[str, Any], change: Change) -> None:
    """Save and remove; what cannot be saved is said and stays in the form."""
    with st.container(horizontal=True):
        save = st.button("Save this outcome", key=session.seed_key("outcome-save"))
        remove = now is not None and st.button(
            "Remove it", icon=":material/delete:", key=session.seed_key("outcome-remove")
        )
    if not (save or remove):
        return
    try:
        change(without(spec.outcomes, now) if remove else with_outcome(spec.outcomes, now, settings))
    except AnalysisError as error:
        session.error_box(error)
    else:
        close_form()
        st.rerun()


def without(before: tuple[Outcome, ...], gone: Outcome | None) -> list[dict]:
    """The outcomes but one."""
    return [o.model_dump(mode="json") for o in before if o != gone]


def with_outcome(before: tuple[Outcome, ...], now: Outcome | None, settings: dict[str, Any]) -> list[dict]:
    """The outcomes with one changed in its place or added at the end; at most one of them is primary."""
    if not settings["name"]:
        raise SpecError("The outcome has no name.", "Give it a short one, as it will stand in tables and figures.")
    if settings["kind"] != "continuous" and settings["event_value"] is None:
        raise SpecError("It is not said which value is the event.", 'Choose it under "The event is".')
    kept = [o.model_dump(mode="json") for o in before]
    if settings["primary"]:
        kept = [o | {"primary": False} for o in kept]
    if now is None:
        return [*kept, settings]
    same = now.model_dump(mode="json") if now.kind == settings["kind"] else {}  # what the form does not ask stays
    return [same | settings if o["name"] == now.name else o for o in kept]


@dataclass(frozen=True)
class Form:
    """The widgets of one outcome; `now` None for a new one."""

    table: Table
    spec: AnalysisSpec
    now: Outcome | None

    def fields(self) -> dict[str, Any]:
        """Every field that the kind of outcome has."""
        now = self.now
        first, second, third = st.columns(3, vertical_alignment="bottom")
        name = first.text_input("Name", now.name if now else "", key=self.key("name"), placeholder="death by day 28")
        kind = second.selectbox(
            "Kind",
            list(KINDS),
            list(KINDS).index(now.kind if now else "binary"),
            key=self.key("kind"),
            format_func=KINDS.get,
        )
        primary = third.checkbox("This is the primary outcome", bool(now and now.primary), key=self.key("primary"))
        settings = {"name": name.strip(), "kind": kind, "primary": primary} | self.words(kind)
        if kind == "survival":
            return settings | self.survival()
        return settings | (self.binary() if kind == "binary" else self.continuous())

    def words(self, kind: str) -> dict[str, Any]:
        """What the outcome is called, its unit where it is a number, and which way is the good one."""
        first, second, third = st.columns(3)
        now = self.now
        label = first.text_input(
            "Called",
            now.label or "" if now else "",
            key=self.key("label"),
            placeholder="as the column",
            help=LABEL_HELP,
        )
        unit = (
            second.text_input("Unit", now.unit or "" if now else "", key=self.key("unit")) if kind != "binary" else ""
        )
        options = list(BETTER[kind])
        better = third.selectbox(
            "Better is",
            options,
            options.index(now.better if now and now.better in options else options[0]),
            format_func=BETTER[kind].get,
            key=self.key(f"better-{kind}"),
            help=BETTER_HELP,
        )
        return {"label": label.strip() or None, "unit": unit.strip() or None, "better": better}

    def binary(self) -> dict[str, Any]:
        """Which column, and which value is the event."""
        first, second, _ = st.columns(3)
        column = self.column(first, "Outcome column", "column", self.free())
        return {"column": column, "event_value": self.event_value(second, column)}

    def continuous(self) -> dict[str, Any]:
        """Which column, and what it was before treatment."""
        first, second, _ = st.columns(3)
        column = self.column(first, "Outcome column", "column", self.numbers())
        options = [None, *self.every_number()]
        before = self.now.baseline if self.now and self.now.baseline in options else None
        baseline = second.selectbox(
            "Measured before treatment in",
            options,
            options.index(before),
            help=BASELINE_HELP,
            format_func=lambda c: c or "no column",
            key=self.key("baseline"),
        )
        return {"column": column, "baseline": baseline}

    def survival(self) -> dict[str, Any]:
        """The pair of a time and an event, and how far follow-up counts."""
        first, second, third, fourth = st.columns(4)
        time = self.column(first, "Time", "time", self.numbers())
        event = self.column(second, "Had it happened then?", "event", self.free())
        value = self.event_value(third, event, many=True)
        horizon = fourth.number_input(
            "Count up to",
            min_value=0.0,
            value=self.now.horizon if self.now else None,
            help=HORIZON_HELP,
            key=self.key("horizon"),
            placeholder="the end",
        )
        settings = {"time": time, "event": event, "event_value": value, "horizon": horizon or None}
        return settings | self.competing(event, value) | self.times()

    def competing(self, event: str | None, value: str | None) -> dict[str, Any]:
        """Which other values end the time too; asked where the column has more than two."""
        levels = self.levels(event)
        if len(levels) < 3:
            return {"competing_values": []}
        others = [level for level in levels if level != value]
        before = [v for v in (self.now.competing_values if self.now else ()) if v in others]
        left, _ = st.columns([2, 2])
        chosen = left.multiselect(
            "Ends it otherwise (competing)",
            others,
            before,
            help=COMPETING_HELP,
            key=self.key(f"competing-{event}"),
            placeholder="None",
        )
        return {"competing_values": chosen}

    def times(self) -> dict[str, Any]:
        """The moments at which survival is written down."""
        now = ", ".join(f"{t:g}" for t in self.now.times) if self.now else ""
        left, _ = st.columns([2, 2])
        text = left.text_input("Show survival at", now, key=self.key("times"), placeholder="28, 60", help=TIMES_HELP)
        return {"times": [part.strip() for part in text.replace(";", ",").split(",") if part.strip()]}

    def column(self, place, label: str, field: str, options: list[str]) -> str | None:
        """A selectbox over columns; empty for a new outcome."""
        before = getattr(self.now, field) if self.now else None
        return place.selectbox(
            label,
            options,
            options.index(before) if before in options else None,
            key=self.key(field),
            placeholder="Choose a column",
        )

    def event_value(self, place, column: str | None, many: bool = False) -> str | None:
        """Which value of a column is the event; nothing is chosen before somebody has said so. many: it may have more
        than two values."""
        levels = self.levels(column)
        options = levels if len(levels) <= 2 or many else []
        return place.selectbox(
            "The event is",
            options,
            self.event_index(column, options),
            key=self.key(f"value-{column}"),
            help=EVENT_HELP,
            placeholder="Choose its value",
        )

    def event_index(self, column: str | None, options: list[str]) -> int | None:
        """Where the event in force stands among the options; 1 of 0 and 1 where an outcome in force leaves it open."""
        if self.now is None or column not in self.now.columns():
            return None
        stated = self.now.event_value or ("1" if set(options) <= {"0", "1"} else None)
        return options.index(stated) if stated in options else None

    def levels(self, column: str | None) -> list[str]:
        """The values of an event column, as far as they are few enough to be offered."""
        levels = sorted_levels(self.table.frame[column]) if column else []
        return levels if len(levels) <= MOST_LEVELS else []

    def free(self) -> list[str]:
        """Columns that are neither id, nor treatment, nor covariate."""
        columns = self.spec.columns
        return [c for c in self.table.frame.columns if c not in {columns.id, columns.treatment, *columns.covariates}]

    def numbers(self) -> list[str]:
        """Those of the free columns that hold numbers."""
        return [c for c in self.free() if is_numeric(self.table.frame[c])]

    def every_number(self) -> list[str]:
        """Columns of numbers, covariates included."""
        return [c for c in self.table.frame.columns if is_numeric(self.table.frame[c])]

    def key(self, field: str) -> str:
        """A widget key of this outcome's field."""
        return session.seed_key(f"outcome-{self.now.name if self.now else ''}-{field}")
