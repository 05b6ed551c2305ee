"""Intervals beside a p: which of them fall on the other side of 0.05 than the quoted p, said at the number and once for
the outcome."""

from dataclasses import replace

import numpy as np

from ..measures import MEASURES
from ..words import p_equals
from .doubtful import doubted
from .inversion import ALPHA
from .notes import Reason
from .results import Estimate, Test, quoted_of
from .rows import ONE_SIDED_ARM, ONE_SIDED_WITHOUT_SETS

CODE = "p_and_interval_differ"
TOO_NARROW = (ONE_SIDED_ARM.code, ONE_SIDED_WITHOUT_SETS.code)  # a note that says why already


def with_sides(estimates: list[Estimate], tests: list[Test]) -> tuple[list[Estimate], list[Reason]]:
    """The estimates, those whose interval falls on the other side of 0.05 than the quoted p with a sentence; and the
    sentence for the outcome, if there is one. Before that, those that do not hold their level say so (lib.inference.
    doubtful)."""
    test = quoted_of(tests)
    estimates = [doubted(estimate, 0 if test is None else test.n_units) for estimate in estimates]
    p = quoted_alone(estimates) if test is None else test.p_value
    apart = [estimate for estimate in estimates if other_side(estimate, p)]
    if not apart:
        return estimates, []
    said = [_with_sentence(e, p) if other_side(e, p) and e.note_code not in TOO_NARROW else e for e in estimates]
    names = dict.fromkeys(f"{MEASURES[e.measure].label.lower()} ({e.method})" for e in apart)
    text = (
        f"The quoted {p_equals(p)} and {'this interval' if len(names) == 1 else 'these intervals'} fall on different "
        f"sides of 0.05: {'; '.join(names)}. They ask another question or rest on large samples; quote the interval "
        "that belongs to the p."
    )
    return said, [Reason(CODE, text)]


def quoted_alone(estimates: list[Estimate]) -> float:
    """The p of the quoted estimate itself, NaN without one."""
    return next((estimate.own_p for estimate in estimates if estimate.role == "quoted"), float("nan"))


def other_side(estimate: Estimate, p: float) -> bool:
    """Whether the interval excludes no effect where p is above 0.05, or holds it where p is not. A limit that is
    missing lies at the end; an estimate without any limit has no side."""
    if np.isnan(p) or np.isnan([estimate.ci_low, estimate.ci_high]).all():
        return False
    null = MEASURES[estimate.measure].null
    excluded = estimate.ci_low > null or estimate.ci_high < null
    return excluded != (p <= ALPHA)


def _with_sentence(estimate: Estimate, p: float) -> Estimate:
    verb = "holds" if p <= ALPHA else "excludes"
    sentence = f"This interval {verb} no effect though the quoted {p_equals(p)}: {_why(estimate)}."
    note = " ".join(part for part in (estimate.said, sentence, estimate.aside) if part)
    return replace(estimate, note=note, note_code=estimate.note_code or CODE)


def _why(estimate: Estimate) -> str:
    """What sets the interval apart from the quoted p."""
    if "each tail" in estimate.method:
        return "it leaves 2.5% in each tail, where p counts whatever is no likelier than what was seen"
    if "minlike" in estimate.method:
        return "that p is not monotone, and the interval leaves no hole"
    if "adjusted" in estimate.method:
        return "it is adjusted for the covariates and rests on large samples"
    if estimate.scope == "conditional":
        return "it rests on large samples"
    return "it is about the average over all treated and rests on large samples"
