"""Every figure of the made-up study, and how the tests read a drawing."""

import json

import numpy as np
import pandas as pd

from lib import figures
from tests.figures import samples

COHORT = samples.cohort()
MODEL = samples.propensity(COHORT)
SAMPLE = samples.sample(COHORT, MODEL)
LOSING = samples.sample(COHORT, MODEL, caliper=0.18, lose=1)
VENTILATED = samples.binary("need_mv", (3, 2, 2, 2, 1, 1, 0, 0), 3)
OUTCOMES = (samples.binary(), VENTILATED, samples.continuous(), samples.survival())
MANY_PATTERNS = pd.DataFrame({"pattern": [str(k) for k in range(99)], "p": np.linspace(0.01, 1, 99), "ways": 1})
EVERY = {
    "flow": lambda: figures.flow(samples.ATTRITION, LOSING),
    "flow_one_step": lambda: figures.flow(samples.ATTRITION[:1]),
    "overlap": lambda: figures.overlap(MODEL, LOSING),
    "overlap_probability": lambda: figures.overlap(MODEL, SAMPLE, "probability"),
    "matched_sets": lambda: figures.matched_sets(LOSING),
    "cumulative_incidence": lambda: figures.cumulative_incidence(samples.competing()),
    "type_one_error": lambda: figures.type_one_error(samples.type_one()),
    "love": lambda: figures.love(samples.balance(), samples.balance_test()),
    "ecdf": lambda: figures.covariate_distribution(COHORT, SAMPLE, "age"),
    "histogram": lambda: figures.covariate_distribution(COHORT, SAMPLE, "d_dimer", "histogram"),
    "factor": lambda: figures.covariate_distribution(COHORT, SAMPLE, "support"),
    "kaplan_meier": lambda: figures.kaplan_meier(samples.survival()),
    "kaplan_meier_whole": lambda: figures.kaplan_meier(samples.survival(), ("whole_treated", "whole_control")),
    "boxes": lambda: figures.boxes(samples.continuous(), moments=("Day 0", "Day 7")),
    "boxes_log": lambda: figures.boxes(samples.continuous(baseline=False), log=True),
    "events": lambda: figures.events(samples.binary()),
    "event_sets": lambda: figures.event_sets(VENTILATED),
    "forest": lambda: figures.forest(OUTCOMES, "risk_difference"),
    "forest_ratio": lambda: figures.forest(OUTCOMES, "odds_ratio_by_set"),
    "p_comparison": lambda: figures.p_comparison(OUTCOMES),
    "checked_p": lambda: figures.checked_p(samples.checked()),
    "pattern_p": lambda: figures.pattern_p(samples.patterns(), "2 + 1 + 1 + 1"),
    "pattern_p_many": lambda: figures.pattern_p(MANY_PATTERNS, "40"),
}


def drawn_text(drawn: figures.Drawn) -> str:
    """Everything that could be read in a figure."""
    return json.dumps(drawn.figure.to_plotly_json(), default=lambda v: np.asarray(v).tolist(), ensure_ascii=False)


def traces(drawn: figures.Drawn, name: str) -> list:
    """The traces whose legend label begins with `name`."""
    return [t for t in drawn.figure.data if (t.name or "").startswith(name)]
