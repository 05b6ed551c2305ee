"""What effects, tests, arms and conventions are called, and which tests are quoted where."""

from ..inference import registry
from ..measures import MEASURES as EFFECTS

MEASURES = {name: measure.label for name, measure in EFFECTS.items()}
TESTS = {test.name: test.label for test in registry.TESTS}
SHORT = {test.name: test.short for test in registry.TESTS}
WHOLE = registry.names("whole")
PUBLISHED = registry.names("published")
BY_SET = registry.names("quoted")
VARIANTS = registry.names("variant")
SCOPES = {"marginal": "over all treated (marginal)", "conditional": "within sets (conditional)"}
CONVENTIONS = {"whole_cohort": "before matching", "published": "sets ignored", "matched_set": "by matched set"}
SET_SCALES = {  # effects that outcomes share, with the interval of the p by set
    "risk_difference_by_set": "Difference in risk",
    "odds_ratio_by_set": "Odds ratio within sets",
    "hazard_ratio_by_set": "Hazard ratio within sets",
}
SHARED_SCALES = {  # where no test by set exists
    "risk_difference": "Difference in risk",
    "risk_ratio": "Ratio of risks",
    "odds_ratio": "Odds ratio",
    "hazard_ratio": "Hazard ratio",
}
ARMS = {
    "treated": "Treated",
    "matched_control": "Matched controls",
    "whole_treated": "All treated",
    "whole_control": "Whole control cohort",
}
WEIGHTED_CONTROLS = "Weighted controls"


def arm_name(arm: str, weighted: bool = False) -> str:
    """One of ARMS in words.  weighted: whether the controls are weighted without being in sets."""
    return WEIGHTED_CONTROLS if weighted and arm == "matched_control" else ARMS[arm]


def in_words(name: str) -> str:
    """A program's name as words: "win_ratio" is "Win ratio"."""
    return name.replace("_", " ").capitalize()
