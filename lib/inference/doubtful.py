"""Numbers beside the quoted ones that do not hold their level in simulated studies: each says so itself.

The shares are those of docs/levels.md (python -m benchmarks.levels): the worst setting, of the studies in which the
number exists. A test holds this table against that file.
"""

from dataclasses import dataclass, replace

import numpy as np

from .results import Estimate, Test

CODE = "level_not_held"


@dataclass(frozen=True)
class Doubt:
    """sets: up to how many the number was found wrong too often.  share: of 100 studies, at the worst."""

    sets: int
    share: int

    @property
    def sentence(self) -> str:
        """What is said at the number."""
        return (
            f"Up to {self.share} in 100 were wrong in simulated studies of {self.sets} sets or fewer, where 5 may be."
        )


TESTS = {"cmh_by_set": Doubt(30, 18), "cox_cluster": Doubt(30, 36), "logrank_by_set": Doubt(30, 18)}
ESTIMATES = {  # measure and words of the method
    ("risk_difference", "Newcombe"): Doubt(8, 8),
    ("risk_difference", "SE clustered by set"): Doubt(100, 13),
    ("odds_ratio", "SE clustered by set"): Doubt(30, 81),
    ("risk_ratio", "Mantel-Haenszel"): Doubt(8, 13),
    ("mean_difference", "SE clustered by set"): Doubt(30, 8),
    ("hazard_ratio", "normal limits"): Doubt(30, 36),
    ("hazard_ratio", "t with"): Doubt(8, 36),
    ("rmst_difference", "SE clustered by set"): Doubt(100, 15),
}


def doubted_test(test: Test) -> Test:
    """The test with the sentence, where it has a p and so few sets."""
    doubt = TESTS.get(test.name)
    if doubt is None or test.n_units > doubt.sets or np.isnan(test.p_value):
        return test
    note = " ".join(part for part in (test.note, doubt.sentence) if part)
    return replace(test, note=note, note_code=test.note_code or CODE)


def doubted(estimate: Estimate, n_sets: int) -> Estimate:
    """The estimate with the sentence, where it has a limit and there are so few sets.  n_sets: 0 without sets."""
    doubt = doubt_of(estimate)
    if doubt is None or not 0 < n_sets <= doubt.sets or np.isnan([estimate.ci_low, estimate.ci_high]).all():
        return estimate
    note = " ".join(part for part in (estimate.said, doubt.sentence, estimate.aside) if part)
    return replace(estimate, note=note, note_code=estimate.note_code or CODE)


def doubt_of(estimate: Estimate) -> Doubt | None:
    """What is known of its level; None where it held, or was not simulated (adjusted effects)."""
    if "adjusted" in estimate.method:
        return None
    found = (
        doubt for (measure, word), doubt in ESTIMATES.items() if measure == estimate.measure and word in estimate.method
    )
    return next(found, None)
