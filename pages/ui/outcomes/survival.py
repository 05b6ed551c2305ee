"""Blocks of one survival outcome: a horizon that the reader moves, its curves, competing events, survival at times."""

import math

import pandas as pd
import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from lib.figures.style import ARM_STYLES
from lib.inference.competing import incidence_at
from lib.inference.results import ARMS, SurvivalOutcome
from lib.spec import Outcome
from lib.words import DASH, half_up, percent
from pages.ui import explanations, session, stages
from pages.ui.headings import chosen, table_card
from pages.ui.outcomes import words as words
from pages.ui.outcomes.shown import Shown

CURVES = {"matched": ("treated", "matched_control"), "whole cohort": ("whole_treated", "whole_control")}
STEPS = 200  # positions of the slider, at the most


def at_horizon(shown: Shown, outcome: SurvivalOutcome) -> SurvivalOutcome:
    """The outcome up to the horizon that the slider stands on; the spec's own where it has not been moved."""
    asked, unit = spec_outcome(shown, outcome), shown.time_unit(outcome)
    least, most, step = slider_range(outcome, asked)
    if most <= least:
        return outcome
    key = f"horizon-{outcome.name}"
    horizon = chosen(key, outcome.horizon, lambda: ask(key, unit, outcome.horizon, (least, most, step)))
    if math.isclose(horizon, outcome.horizon):
        return outcome
    spec = shown.analysis.spec
    if not session.presentation():
        st.caption(f"Table 2, the adjusted p-values and the files stay at {outcome.horizon:g} {unit}.")
    try:
        return stages.outcome_at(session.table(), spec, asked.model_copy(update={"horizon": horizon}))
    except AnalysisError as error:
        session.error_box(error)
        return outcome


def ask(key: str, unit: str, now: float, limits: tuple[float, float, float]) -> float:
    """The slider; it starts at the horizon of the spec."""
    left, _ = st.columns([1, 1])
    least, most, step = limits
    return left.slider(
        f"Count up to ({unit})",
        least,
        most,
        min(max(now, least), most),
        step,
        key=session.key(key),
        help=explanations.HORIZON,
        persist_state="session",
        format="%g",
    )


def slider_range(outcome: SurvivalOutcome, asked: Outcome) -> tuple[float, float, float]:
    """From the first step to the last follow-up of the matched arms (or the spec's horizon, if that is later)."""
    last = float(stages.longest_follow_up(session.table(), session.spec(), asked.name))
    last = max(last, outcome.horizon)
    step = 1.0 if last >= 14 else 10.0 ** math.floor(math.log10(last / 20))
    step = max(step, 10.0 ** math.ceil(math.log10(last / STEPS))) if last > STEPS else step
    return step, step * math.ceil(last / step - 1e-9), step


def spec_outcome(shown: Shown, outcome: SurvivalOutcome) -> Outcome:
    """The outcome's settings."""
    return next(o for o in shown.analysis.spec.outcomes if o.name == outcome.name)


def show_curves(shown: Shown, outcome: SurvivalOutcome) -> None:
    """Kaplan-Meier of the matched and of the whole cohort; where events compete, the incidence of each instead."""
    name, file, unit = shown.name(outcome), outcome.name, shown.time_unit(outcome)
    if len(outcome.incidence):
        drawn = figures.cumulative_incidence(outcome, unit=unit)
        shown.card(drawn, f"{name}: which event came first", f"{file}_incidence", explanations.INCIDENCE)
        return
    for title, arms in CURVES.items():
        drawn = figures.kaplan_meier(outcome, arms, unit=unit, measure=words.curve_name(outcome))
        shown.card(drawn, f"{name}, {title}", f"{file}_{title.replace(' ', '_')}", explanations.KM)


def show_moments(shown: Shown, outcome: SurvivalOutcome) -> None:
    """Survival with its interval and the number at risk, at chosen times; where events compete, their incidence."""
    if not len(outcome.moments):
        return
    if len(outcome.incidence):
        rows = incidence_rows(outcome, shown.time_unit(outcome))
        table_card(
            "Each event at chosen times", rows, f"{shown.name(outcome)}: events at chosen times", explanations.INCIDENCE
        )
        return
    rows = moment_rows(outcome, shown.time_unit(outcome))
    table_card(
        f"{words.curve_name(outcome)} at chosen times",
        rows,
        f"{shown.name(outcome)} at chosen times",
        explanations.MOMENTS,
    )


def moment_rows(outcome: SurvivalOutcome, unit: str) -> pd.DataFrame:
    """One row per time, one column per arm: "70.8% (48.4 to 84.9)", below it how many were at risk and the note."""
    by_arm = outcome.moments.set_index(["arm", "time"])
    arms = [arm for arm in ARMS if arm in set(outcome.moments["arm"])]
    if outcome.whole_treated.n == outcome.treated.n and "whole_treated" in arms:
        arms.remove("whole_treated")
    rows = []
    for time in dict.fromkeys(outcome.moments["time"]):
        row = {unit[:1].upper() + unit[1:]: f"{time:g}"}
        row |= {
            f"{ARM_STYLES[arm].label} ({getattr(outcome, arm).n:,})": moment_cell(by_arm.loc[(arm, time)])
            for arm in arms
            if (arm, time) in by_arm.index
        }
        rows.append(row)
    return pd.DataFrame(rows).fillna(DASH)


def incidence_rows(outcome: SurvivalOutcome, unit: str) -> pd.DataFrame:
    """One row per time and event, one column per arm: "87.5% (38.7 to 98.1)"."""
    times = outcome.moments["time"].unique()
    at = incidence_at(outcome.incidence, times[times <= outcome.horizon]).set_index(["time", "cause", "arm"])
    arms = [arm for arm in ARMS if arm in set(outcome.incidence["arm"]) and arm != "whole_treated"]
    rows = []
    for time in dict.fromkeys(at.index.get_level_values("time")):
        for cause in dict.fromkeys(outcome.incidence["cause"]):
            row = {unit[:1].upper() + unit[1:]: f"{time:g}", "Event": cause}
            row |= {
                f"{ARM_STYLES[arm].label} ({getattr(outcome, arm).n:,})": share_cell(at.loc[(time, cause, arm)])
                for arm in arms
            }
            rows.append(row)
    return pd.DataFrame(rows)


def share_cell(row: pd.Series, name: str = "incidence") -> str:
    """A share with its interval: "87.5% (38.7 to 98.1)"."""
    text = percent(row[name])
    if name == "incidence" and not row[name] and math.isnan(row["ci_high"]):
        return f"{text}\nnone yet"
    if math.isfinite(row["ci_low"]) and math.isfinite(row["ci_high"]):
        text += f" ({half_up(100 * row['ci_low'], 1)} to {half_up(100 * row['ci_high'], 1)})"
    return text


def moment_cell(row: pd.Series) -> str:
    """Survival and interval, below them the number at risk and why a limit is exact or missing."""
    text = share_cell(row, "survival")
    below = f"{int(row['at_risk']):,} at risk"
    return f"{text}\n{below}" + (f"\n{row['note']}" if row["note"] else "")
