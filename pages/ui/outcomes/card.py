"""The answer card: one question, both arms, the effect and the p to quote, and how far to trust them."""

import streamlit as st

from lib.balance.verdict import balance_verdict
from lib.inference.design_power import fewest_events
from lib.inference.results import OutcomeResult
from lib.spec import Outcome
from lib.words import answer as words
from lib.words.effects import cites
from lib.words.moves import level_sentence
from lib.words.names import arm_name
from pages.ui import session
from pages.ui.outcomes.unit_guard import show_guard_phrase
from pages.ui.plain import plain
from pages.ui.view import View

ARMS = {"treated": True, "matched_control": False}


def show_card(view: View) -> OutcomeResult:
    """The card, and the outcome that stands on it: the primary one until the reader changes it."""
    with st.container(border=True, key="answer-card"):
        head = st.container(horizontal=True, vertical_alignment="top", key="answer-head")
        asked = head.container(width="stretch", key="answer-question")
        outcome = choose(view, head)
        spec = spec_of(view, outcome)
        asked.subheader(plain(words.question(spec, outcome, view.labels)), anchor=False)
        show_arms(view, outcome, spec)
        show_effect(view, outcome, spec)
        show_trust(view, outcome)
    return outcome


def choose(view: View, place: st.delta_generator.DeltaGenerator) -> OutcomeResult:
    """The outcome on the card, and beside it whether it is the primary one and how to change it."""
    outcomes = view.outcomes
    first = next((i for i, one in enumerate(outcomes) if one.primary), 0)
    chosen = place.container(horizontal=True, vertical_alignment="center", width="content", key="answer-which")
    said = chosen.container(width="content")
    number = first
    if len(outcomes) > 1:
        number = chosen.popover("change", type="tertiary").selectbox(
            "Outcome on the card",
            range(len(outcomes)),
            index=first,
            key=session.key("outcome"),
            format_func=lambda i: view.name(outcomes[i]),
            persist_state="session",
        )
    said.caption(words.which(outcomes[number], outcomes))
    session.keep("outcome", number)
    return outcomes[number]


def spec_of(view: View, outcome: OutcomeResult) -> Outcome:
    """The settings of an outcome."""
    return next(one for one in view.spec.outcomes if one.name == outcome.name)


def show_arms(view: View, outcome: OutcomeResult, spec: Outcome) -> None:
    """Treated and controls side by side."""
    with st.container(horizontal=True, key="answer-arms"):
        for arm, treated in ARMS.items():
            name = arm_name(arm, outcome.weighted)
            line = words.arm_line(outcome, arm, view.labels)
            small = words.arm_small(outcome, arm, spec, view.labels, view.comparison.n_matched(treated))
            below = f"  \n:gray[{plain(small)}]" if small else ""
            st.markdown(f"{name}  \n**{plain(line)}**{below}", width="content")


def level_of(view: View) -> str:
    """The verdict on balance: pass, look or fail."""
    return balance_verdict(view.balance, view.steps.balance_test).level


def quotes(view: View, outcome: OutcomeResult) -> bool:
    """Whether a p may be quoted: the groups are alike enough, and so are the patients of a set."""
    return cites(outcome) and level_of(view) != "fail"


def show_effect(view: View, outcome: OutcomeResult, spec: Outcome) -> None:
    """The effect with its interval and the p, then what these sets can tell; else why neither is quoted."""
    if not quotes(view, outcome):
        st.markdown(plain(why_silent(view, outcome)))
        return
    effect = words.effect_line(outcome, spec, view.labels)
    with st.container(horizontal=True, key="answer-effect"):
        if effect:
            st.markdown(f"**{plain(effect)}**", width="content")
        st.markdown(f"**{plain(words.p_line(outcome, view.comparison))}**", width="content")
    reach = reach_line(view, outcome, spec)
    if reach:
        st.markdown(plain(reach))


def why_silent(view: View, outcome: OutcomeResult) -> str:
    """Why the card quotes no p."""
    if cites(outcome):
        return words.NOT_ALIKE
    found = view.steps.odds_inside_sets
    why = "" if found is None else level_sentence(found.level, found.typical)
    return f"No p is quoted here. {why}".rstrip()


def reach_line(view: View, outcome: OutcomeResult, spec: Outcome) -> str:
    """What these sets can tell of this outcome."""
    comparison = view.comparison
    fewest = None
    if words.searched(comparison) and outcome.kind == "binary":
        sizes = sorted(comparison.units.n_control.tolist(), reverse=True)
        fewest = view.steps.kept("fewest", lambda: fewest_events(sizes))
    return words.reach_line(outcome, comparison, fewest, words.event_word(spec, view.labels))


def show_trust(view: View, outcome: OutcomeResult) -> None:
    """One line: how alike the arms are, who is lost, what the pairs would make of it."""
    matched, treated = view.comparison.n_matched(True), int(view.cohort.eligible_treated.sum())
    with st.container(horizontal=True, vertical_alignment="center", key="answer-trust"):
        st.markdown("Trust:", width="content")
        st.page_link("pages/balance.py", label=words.alike_line(level_of(view), matched))
        st.page_link("pages/matching.py", label=words.lost_line(matched, treated))
        show_guard_phrase(outcome, shown=quotes(view, outcome))
    found = view.steps.odds_inside_sets
    if found is not None and found.level == "warned" and quotes(view, outcome):
        st.caption(plain(level_sentence(found.level, found.typical)))
