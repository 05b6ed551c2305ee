"""How unequal the measured odds of treatment are inside the sets, before any outcome is opened."""

import math

import streamlit as st

from lib.words.moves import inside_sentence, level_sentence, moves_sentence
from pages.ui.plain import plain
from pages.ui.view import View


def show_odds(view: View, moves: bool = False, quiet: bool = True) -> None:
    """The sentence, loud where the sets are too unlike for a p by set; nothing without sets or a score.

    moves: whether to say which moves of the label are quoted too, as at the p-values.  quiet: whether to say it where
    there is nothing to warn of."""
    found = view.steps.odds_inside_sets
    if found is None or not (found.level or quiet):
        return
    known = math.isfinite(found.largest) and not found.level  # the warning says how far apart they are
    said = [inside_sentence(found.typical, found.largest)] if known else []
    said += [moves_sentence(found.moves, found.why_equal)] if moves else []
    if found.level:
        st.warning(plain(" ".join([*said, level_sentence(found.level, found.typical)])), icon=":material/casino:")
    elif said:
        st.caption(plain(" ".join(said)))
