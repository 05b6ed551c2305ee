"""The three questions of the Data page, each with its box: who was treated, what was known before, what happened after;
and what is not used. Every column stands in one of them, with the reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from lib.cohort.arms import same_level
from lib.errors import AnalysisError
from lib.questions import Question
from lib.roles.guess import guess_roles
from lib.spec import AnalysisSpec, Outcome
from lib.table import Table, is_numeric, text_values
from lib.words import counted
from lib.words import data as words
from lib.words.labels import Labels
from lib.words.tables import records
from pages.ui import session, stages
from pages.ui.cohort import moves, questions
from pages.ui.cohort.blocks import take_outcomes
from pages.ui.cohort.outcome_form import open_form, outcome_form
from pages.ui.plain import plain

MOST_VALUES = 12  # a treatment with more values than this is no treatment; none of them is offered
FEW = 12  # columns of a box that are listed at once; the rest is folded
NO_COLUMN = "Choose a column"


@dataclass(frozen=True)
class Boxes:
    """What the boxes show.  summary: column -> what it holds. why: column -> the box of the
    first guess and its reason."""

    table: Table
    spec: AnalysisSpec
    summary: Mapping[str, str]
    why: Mapping[str, tuple[str, str]]

    @classmethod
    def of(cls, table: Table, spec: AnalysisSpec) -> "Boxes":
        """Of the file and the spec on screen."""
        guessed = session.seed("guessed", lambda: guess_roles(session.own_table()))
        summary = session.seed("summary", lambda: words.column_summaries(table))
        why = {row.column: (moves.GUESSED[row.role], row.why) for row in records(guessed)}
        return cls(table, spec, summary, why)

    def name(self, column: str) -> str:
        """The column in words."""
        return Labels.of(self.spec).column(column).with_unit

    def open(self, *about: str) -> list[Question]:
        """The open questions on these subjects."""
        return [question for question in self.spec.questions if question.about in about]

    def show(self) -> None:
        """All boxes."""
        with st.container(key="boxes"):
            first, second, third = st.columns(3, gap="small")
        with first.container(border=True, height="stretch", key="box-treated"):
            self.treated()
        with second.container(border=True, height="stretch", key="box-before"):
            self.before()
        with third.container(border=True, height="stretch", key="box-after"):
            self.after()
        with st.container(border=True, key="box-unused"):
            self.unused()
        outcome_form(self.table, self.spec, lambda new: take_outcomes(self.spec, new))

    def treated(self) -> None:
        """Which column tells, which value means treated, who is one patient."""
        st.subheader("1 · Who was treated?", anchor=False)
        questions.ask(self.table, self.spec, self.open("treatment"))
        columns = self.spec.columns
        if columns.treatment:
            self.row(columns.treatment, moves.TREATMENT)
            self.arms(columns.treatment)
        choice = self.pick("The column that tells", columns.treatment, self.two_valued())
        if choice and choice != columns.treatment:
            self.change(choice, moves.TREATMENT)
        st.divider()
        questions.ask(self.table, self.spec, self.open("id"))
        self.patient(columns.id)
        self.day(columns.treatment_day)

    def arms(self, treatment: str) -> None:
        """Which of the values means treated, with the number of patients behind each."""
        column = self.table.frame[treatment]
        counts = pd.Series(text_values(column)).value_counts()
        levels = sorted(counts.index)
        waiting = any(question.column == treatment for question in self.open("treatment"))
        if waiting or not 2 <= len(levels) <= MOST_VALUES:
            return
        stated = self.spec.columns.treated_value
        now = same_level(stated, levels) if stated else None
        now = now or max(levels, key=float if is_numeric(column) else str)
        chosen = st.radio(
            f"Which value of {plain(treatment)} means treated?",
            levels,
            levels.index(now),
            format_func=lambda v: f"{plain(v)} ({counts[v]:,} rows)",
            key=session.seed_key(f"treated-{treatment}"),
        )
        if chosen != stated:
            session.update_spec(columns=self.spec.columns.model_copy(update={"treated_value": chosen}))
            st.rerun()

    def two_valued(self) -> list[str]:
        """Columns that could tell two arms apart, counted once: a wide file has many."""
        frame = self.table.frame
        return session.seed(
            f"arms-{frame.shape[1]}",
            lambda: [name for name in frame if 2 <= frame[name].nunique() <= MOST_VALUES],
        )

    def pick(self, label: str, now: str | None, options: Sequence[str]) -> str | None:
        """A column out of some, by a selectbox."""
        listed = list(options) if not now or now in options else [now, *options]
        return st.selectbox(
            label,
            listed,
            listed.index(now) if now else None,
            format_func=plain,
            placeholder=NO_COLUMN,
            key=session.seed_key(f"pick-{label}"),
        )

    def patient(self, column: str | None) -> None:
        """Which column tells patients apart."""
        if column is None:
            st.caption(words.NO_ID)
            return
        self.row(column, moves.ID)
        rule = self.spec.columns.repeated_ids
        if rule != "stop":
            st.caption(words.REPEATED[rule])

    def day(self, now: str | None) -> None:
        """The column with the day of treatment, where there is one."""
        frame, spec = self.table.frame, self.spec
        taken = {spec.columns.id, spec.columns.treatment, *spec.columns.covariates}
        options = [None, *(name for name in frame if name not in taken and is_numeric(frame[name]))]
        chosen = st.selectbox(
            "Day of treatment, if the file has it",
            options,
            options.index(now) if now in options else 0,
            format_func=lambda name: plain(name) if name else "not in the file",
            key=session.seed_key("treatment-day"),
            help=words.DAY_HELP,
        )
        if chosen != now:
            session.update_spec(columns=spec.columns.model_copy(update={"treatment_day": chosen}), landmark=None)
            st.rerun()
        if now is not None:
            self.immortal()

    def immortal(self) -> None:
        """Who was dead or gone before treatment began, and the landmark that leaves them out."""
        told = stages.treatment_time(session.own_table(), self.spec)
        if told:
            st.warning(plain(told), icon=":material/hourglass:")
        landmark = st.number_input(
            "Count only those still there on day",
            min_value=0.0,
            value=self.spec.landmark,
            placeholder="no landmark",
            help=words.LANDMARK_HELP,
            key=session.seed_key("landmark"),
        )
        if landmark != self.spec.landmark:
            session.update_spec(landmark=landmark)
            st.rerun()

    def before(self) -> None:
        """The covariates, and what is shown without being matched on."""
        st.subheader("2 · What was known before?", anchor=False)
        questions.ask(self.table, self.spec, self.open("number"))
        columns = self.spec.columns
        if not columns.covariates:
            st.caption(words.NO_COVARIATE)
        self.rows(columns.covariates, moves.COVARIATE)
        if columns.described:
            st.markdown("**Shown in Table 1, not matched on**")
            self.rows(columns.described, moves.DESCRIBED)

    def after(self) -> None:
        """The outcomes, and what is open about them."""
        st.subheader("3 · What happened after?", anchor=False)
        questions.ask(self.table, self.spec, self.open("event", "time"))
        if not self.spec.outcomes:
            st.caption(words.NO_OUTCOME)
        with st.container(gap="xsmall"):
            for outcome in self.spec.outcomes:
                with st.container(gap=None):
                    self.outcome(outcome)
        if st.button("Add an outcome", key=session.seed_key("outcome-add"), icon=":material/add:", type="tertiary"):
            open_form(None)

    def outcome(self, outcome: Outcome) -> None:
        """One outcome: what it is, which value is the event, and what can be done with it."""
        chosen = st.menu_button(
            plain(Labels.of(self.spec).outcome(outcome).with_unit),
            [action for action in moves.ACTIONS if not (action == moves.PRIMARY and outcome.primary)],
            key=session.seed_key(f"outcome-menu-{outcome.name}"),
            type="tertiary",
            icon=":material/star:" if outcome.primary else None,
            help=words.PRIMARY_HELP if outcome.primary else None,
        )
        st.caption(plain(words.outcome_words(outcome)))
        if chosen:
            self.act(outcome, chosen)

    def act(self, outcome: Outcome, action: str) -> None:
        """What was chosen for an outcome."""
        if action == moves.CHANGE:
            open_form(outcome.name)
            return
        session.set_spec(moves.with_action(self.spec, outcome.name, action))
        st.rerun()

    def unused(self) -> None:
        """The other columns, each with its reason, and a way into a box."""
        names = moves.unused(list(self.table.frame.columns), self.spec)
        st.markdown(f"**Not used** ({counted(len(names), 'column')})")
        questions.ask(self.table, self.spec, self.open("role"))
        if not names:
            st.caption("Every column stands in a box.")
            return
        shown = names[:FEW]
        self.grid(shown)
        if len(names) > FEW:
            with st.expander(f"{len(names) - FEW:,} more", key=session.key("unused-more"), on_change="rerun") as more:
                if more.open:
                    self.grid(names[FEW:])

    def grid(self, names: Sequence[str]) -> None:
        """Unused columns side by side."""
        places = st.columns(3)
        for first, place in enumerate(places):
            with place.container(gap="xsmall"):
                for name in names[first::3]:
                    self.row(name, moves.UNUSED)

    def rows(self, names: Sequence[str], role: str) -> None:
        """Columns of one box; the first few at once."""
        with st.container(gap="xsmall"):
            for name in names[: 2 * FEW]:
                self.row(name, role)
        if len(names) > 2 * FEW:
            with st.expander(
                f"{len(names) - 2 * FEW:,} more", key=session.key(f"more-{role}"), on_change="rerun"
            ) as more:
                if more.open:
                    for name in names[2 * FEW :]:
                        self.row(name, role)

    def row(self, column: str, role: str) -> None:
        """One column: its name opens where else it could stand; below it what it holds and why it stands here."""
        with st.container(gap=None):
            chosen = st.menu_button(
                plain(self.name(column)),
                [place for place in moves.PLACES if place != role],
                key=session.seed_key(f"move-{column}"),
                type="tertiary",
            )
            st.caption(plain(" · ".join(filter(None, (self.summary.get(column), self.reason(column, role))))))
        if chosen:
            self.change(column, chosen)

    def reason(self, column: str, place: str) -> str:
        """Why a column stands in its box."""
        guessed, why = self.why.get(column, ("", ""))
        return why if guessed == place else words.AS_SET

    def change(self, column: str, role: str) -> None:
        """Put a column into another box; where it cannot stand there, one sentence."""
        try:
            session.set_spec(moves.moved(self.table, self.spec, column, role))
        except AnalysisError as error:
            session.error_box(error)
        else:
            st.rerun()
