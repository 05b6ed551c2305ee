"""What the moves of the label inside the sets assume, in words."""

import math

from .numbers import half_up

CODE = "odds_inside_sets"
WARNED = "unequal_odds"
NO_EVIDENCE = "unequal_odds_no_evidence"
TOO_UNLIKE = "none: the sets are too unlike"
FITTED = "in proportion to the fitted odds of treatment"
EQUAL = "with equal chances"
ASSUMED = {
    "fitted_odds": (
        "A p by set asks how often a result like this one would come about if the treated patient of each set had been "
        f"drawn by lot, {FITTED}. What was not measured may have made the odds other than these."
    ),
    "equal": (
        "A p by set asks how often a result like this one would come about if the treated patient of each set had been "
        f"drawn by lot {EQUAL}. That holds where the patients of a set were equally likely to be treated."
    ),
}


def times(ratio: float) -> str:
    """An odds ratio in a sentence: "1.3"; from 100 whole, beyond a million in words."""
    if ratio > 1e6:
        return "more than a million"
    return half_up(ratio, 0 if ratio >= 100 else 1)


def inside_sentence(typical: float, largest: float) -> str:
    """How unequal the measured odds inside the sets are.  Both: odds ratios of 1 or more."""
    return (
        "Measured differences inside the sets alone make the odds of treatment of the treated patient and of the "
        f"control furthest from it typically {times(typical)} times apart, at most {times(largest)} times."
    )


def odds_sentences(typical: float, largest: float, moves: str, why_equal: str, level: str) -> tuple[str, ...]:
    """What the odds inside the sets are and which moves are quoted, before any outcome.  Arguments: the fields of
    design.moves.OddsInsideSets; typical, largest NaN: not known."""
    inside = [inside_sentence(typical, largest)] if math.isfinite(typical) else []
    warning = level_sentence(level, typical)
    return (*inside, moves_sentence(moves, why_equal), *([warning] if warning else []))


def moves_sentence(moves: str, why_equal: str) -> str:
    """Which moves are quoted, and why.  moves: as design.Comparison."""
    if moves == "fitted_odds":
        return f"{ASSUMED[moves]} The moves with equal chances stand beside it."
    why = f" The quoted p moves the label {EQUAL}, because {why_equal}." if why_equal else ""
    return f"{ASSUMED['equal']}{why}"


def level_sentence(level: str, typical: float) -> str:
    """The warning at a p by set; empty where there is none.  level: as design.moves.OddsInsideSets."""
    if not level:
        return ""
    far = f"Inside the sets the odds of treatment are typically {times(typical)} times apart by measured differences"
    if level == "warned":
        return f"{far}, so this p can be too small; match more closely, or read the p that is adjusted for covariates."
    return (
        f"{far}: the sets are too unlike for a p by set. It is no evidence and stands among the details; match more "
        "closely."
    )
