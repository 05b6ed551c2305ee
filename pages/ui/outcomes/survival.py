"""Blocks of one survival outcome: a horizon that the reader moves, its curves, competing events, survival at times."""

import math
from dataclasses import replace

import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from lib.inference.competing import incidence_at
from lib.inference.results import SurvivalOutcome
from lib.spec import Outcome
from lib.words import glossary
from lib.words import outcomes as words
from lib.words import survival as tables
from lib.words.effects import cites
from pages.ui import session, stages
from pages.ui.tables import table_card
from pages.ui.view import View

STEPS = 200  # positions of the slider, at the most


def at_horizon(view: View, outcome: SurvivalOutcome) -> SurvivalOutcome:
    """The outcome up to the horizon that the slider stands on; the spec's own where it has not been moved."""
    asked, unit = spec_outcome(view, outcome), view.time_unit(outcome)
    least, most, step = slider_range(view, outcome)
    if most <= least:
        return outcome
    key = f"horizon-{outcome.name}"
    horizon = session.keep(key, ask(key, unit, outcome.horizon, (least, most, step)))
    if math.isclose(horizon, outcome.horizon):
        return outcome
    st.caption(f"The answer, Table 2, the adjusted p-values and the files stay at {outcome.horizon:g} {unit}.")
    try:
        return view.steps.outcome_at(asked.model_copy(update={"horizon": horizon}))
    except AnalysisError as error:
        session.error_box(error)
        return outcome


def ask(key: str, unit: str, now: float, limits: tuple[float, float, float]) -> float:
    """The slider; it starts at the horizon of the spec."""
    least, most, step = limits
    return st.slider(
        f"Count up to ({unit})",
        least,
        most,
        min(max(now, least), most),
        step,
        key=session.key(key),
        help=glossary.HORIZON,
        persist_state="session",
        format="%g",
    )


def slider_range(view: View, outcome: SurvivalOutcome) -> tuple[float, float, float]:
    """From the first step to the last follow-up of the matched arms (or the spec's horizon, if that is later)."""
    last = float(stages.longest_follow_up(view.table, view.spec, outcome.name))
    last = max(last, outcome.horizon)
    step = 1.0 if last >= 14 else 10.0 ** math.floor(math.log10(last / 20))
    step = max(step, 10.0 ** math.ceil(math.log10(last / STEPS))) if last > STEPS else step
    return step, step * math.ceil(last / step - 1e-9), step


def spec_outcome(view: View, outcome: SurvivalOutcome) -> Outcome:
    """The outcome's settings."""
    return next(o for o in view.spec.outcomes if o.name == outcome.name)


def show_curve(view: View, outcome: SurvivalOutcome, said: str = "", place: str = "") -> None:
    """Kaplan-Meier of those compared; where events compete, the incidence of each instead.  said: the takeaway, which
    quotes the p in place of the figure.  place: ends the name of its files where it is drawn twice."""
    name, file, unit = view.name(outcome), outcome.name, view.time_unit(outcome)
    if len(outcome.incidence):
        drawn = figures.cumulative_incidence(outcome, unit=unit)
        view.card(
            drawn, f"{name}: which event came first", f"{file}_incidence{place}", glossary.INCIDENCE, takeaway=said
        )
        return
    measure, quoted = words.curve_name(outcome), not said and cites(outcome)
    drawn = figures.kaplan_meier(outcome, unit=unit, measure=measure, with_p=quoted)
    view.card(drawn, f"{name}, matched", f"{file}_matched{place}", glossary.KM, takeaway=said)


def show_whole_curve(view: View, outcome: SurvivalOutcome) -> None:
    """Kaplan-Meier of the whole cohort, nobody matched."""
    arms = ("whole_treated", "whole_control")
    drawn = figures.kaplan_meier(outcome, arms, unit=view.time_unit(outcome), measure=words.curve_name(outcome))
    view.card(drawn, f"{view.name(outcome)}, whole cohort", f"{outcome.name}_whole_cohort", glossary.KM)


def show_moments(view: View, outcome: SurvivalOutcome) -> None:
    """Survival with its interval and the number at risk, at chosen times; where events compete, their incidence."""
    if not len(outcome.moments):
        return
    unit, name = view.time_unit(outcome), view.name(outcome)
    if not len(outcome.incidence):
        table, what = tables.moments_table(outcome, unit, name), glossary.MOMENTS
    else:
        times = outcome.moments["time"].unique()
        at = incidence_at(outcome.incidence, times[times <= outcome.horizon])
        table, what = tables.incidence_table(outcome, at, unit, name), glossary.INCIDENCE
    table_card(replace(table, title=f"{name}: {table.title[0].lower()}{table.title[1:]}"), what)
