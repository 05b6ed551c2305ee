"""Boxes of an outcome that is a number, before and after."""

import streamlit as st

from lib import figures
from lib.inference.results import ContinuousOutcome
from lib.words import glossary
from lib.words import outcomes as words
from pages.ui import session
from pages.ui.view import View

BOX_ARMS = ("treated", "matched_control", "whole_control")


def show_boxes(view: View, outcome: ContinuousOutcome, said: str = "") -> None:
    """Every patient and the boxes, on a logarithmic axis where that is possible and asked for.  said: the takeaway."""
    name, label = view.name(outcome), words.name_of(outcome, view.labels)
    values = outcome.points.loc[outcome.points["arm"].isin(BOX_ARMS), "value"]
    if not len(values):
        return
    key = f"log-{outcome.name}"
    log = bool((values > 0).all()) and session.keep(
        key, st.toggle("Logarithmic axis", key=session.key(key), persist_state="session")
    )
    last = words.day(outcome.name)
    moments = ("Day 0", last) if last else ("Baseline", "Outcome")
    drawn = figures.boxes(outcome, BOX_ARMS, log=log, label=label, moments=moments)
    view.card(drawn, f"{name}: every patient", f"{outcome.name}_boxes", glossary.BOXES, takeaway=said)
