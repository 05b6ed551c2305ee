"""The figures of one outcome, right below the answer: curve, bars or boxes, beside the matched sets one by one."""

import streamlit as st

from lib import figures
from lib.inference.results import BinaryOutcome, OutcomeResult, SurvivalOutcome
from lib.inference.siblings import curve_of
from lib.words import glossary
from lib.words import outcomes as words
from lib.words.answer import until, with_and_without
from lib.words.takeaways import answer_takeaway
from pages.ui.outcomes.boxes import show_boxes
from pages.ui.outcomes.card import quotes, spec_of
from pages.ui.outcomes.survival import show_curve
from pages.ui.view import View

BESIDE = 12  # sets that fit beside the main figure, one by one
HEIGHT = 250  # px of the curves of the main figure


def show_figures(view: View, outcome: OutcomeResult) -> None:
    """The main figure; beside it, for an event, the sets."""
    if not isinstance(outcome, BinaryOutcome):
        show_main(view, outcome, takeaway(view, outcome))
        return
    sets = view.comparison.n_sets
    if not 0 < sets <= BESIDE:
        show_event(view, outcome)
    if sets > BESIDE:
        show_sets(view, outcome)
    if not 0 < sets <= BESIDE:
        return
    with st.container(key=f"answer-figures-{outcome.name}"):
        left, right = st.columns([3, 2])
        with left:
            show_event(view, outcome)
        with right:
            show_sets(view, outcome)


def takeaway(view: View, outcome: OutcomeResult, by: str = "") -> str:
    """The line inside the main figure.  by: the time that it speaks of, where the figure goes on."""
    settings = spec_of(view, outcome), view.labels, view.comparison
    return answer_takeaway(outcome, *settings, quotes(view, outcome), by)


def show_main(view: View, outcome: OutcomeResult, said: str) -> None:
    """The curve of a survival outcome, the boxes of a number."""
    if isinstance(outcome, SurvivalOutcome):
        show_curve(view, outcome, said)
    else:
        show_boxes(view, outcome, said)


def show_event(view: View, outcome: BinaryOutcome) -> None:
    """The survival curve that tells of the same event, where the patients say that there is one; else bars."""
    name, found = view.name(outcome), curve_of(view.cohort, outcome.name)
    if found is None:
        drawn = figures.events(outcome, label=name)
        view.card(
            drawn, f"{name}: share of patients", f"{outcome.name}_risk", glossary.RISK, takeaway=takeaway(view, outcome)
        )
        return
    survival, moment = found
    curve = next(one for one in view.outcomes if one.name == survival)
    unit = view.time_unit(curve)
    said = takeaway(view, outcome, until(moment, unit) if moment < curve.horizon else "")
    look = {"with_p": False, "mark": moment, "height": HEIGHT, "counts": ("at_risk",)}
    drawn = figures.kaplan_meier(curve, unit=unit, measure=words.curve_name(curve), **look)
    view.card(drawn, f"{name}, over time", f"{outcome.name}_curve", glossary.KM, takeaway=said)


def show_sets(view: View, outcome: BinaryOutcome) -> None:
    """The matched sets, one by one."""
    name = view.name(outcome)
    drawn = figures.event_sets(outcome, label=name, said=with_and_without(spec_of(view, outcome), view.labels))
    view.card(drawn, f"{name}, set by set", f"{outcome.name}_sets", glossary.SETS)
