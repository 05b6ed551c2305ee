"""Several outcomes of the same matched sets: Holm's p-values, and max-T from label moves that all outcomes share.

One move of the treated labels changes every outcome at once, so the moves know how the outcomes hang together: the
largest of all standardised statistics is compared with each of them (Westfall and Young 1993, single step). Holm 1979
(Scand J Stat 6:65) asks for nothing and is stricter.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..words import counted
from .arrangements import Kinds, arrangements, every_total
from .followed import Course
from .frame import Frame
from .incidence import aalen_johansen
from .permutation import CHUNK, MOST_ARRANGEMENTS, SAME_SHARE, by_content, codes, drawn_totals, draws_for
from .ranks import align, doubled_midranks
from .registry import named
from .results import OutcomeResult, SurvivalOutcome, Test
from .sets import Blocks
from .survival_permutation import logrank_scores_by_set
from .uneven import SetDraw

COLUMNS = ("outcome", "primary", "test", "p_raw", "p_holm", "p_max_t")
OVERLAP = "Matched with replacement: no test by set is shown, so nothing is adjusted for several outcomes."
NO_SETS = "Weights make no sets: no test by set is shown, so nothing is adjusted for several outcomes."


@dataclass(frozen=True)
class Multiplicity:
    """rows: DataFrame COLUMNS, one per outcome in the spec's order without negative controls; p NaN where the outcome
    has no p by set.

    p_raw: of `test`, the outcome's test by set.  p_holm, p_max_t: adjusted for all outcomes with a p_raw, never below
    it.  arrangements: label moves behind p_max_t, and whether they are all there are.
    """

    rows: pd.DataFrame
    arrangements: int
    exact: bool
    notes: tuple[str, ...]


def several_outcomes(
    cohort: Cohort, sample: Comparison, outcomes: tuple[OutcomeResult, ...], seed: int
) -> Multiplicity:
    """The p-values by set of all outcomes but negative controls, adjusted for being several.

    outcomes: compare_outcomes of the same cohort, sample and seed. A negative control asks nothing of the treatment, so
    it costs the others nothing and is not adjusted.
    """
    controls = {outcome.name for outcome in cohort.outcome_specs if outcome.negative_control}
    outcomes = tuple(outcome for outcome in outcomes if outcome.name not in controls)
    quoted, tests = named("quoted"), [_quoted(outcome) for outcome in outcomes]
    raw = np.array([test.p_value if test else np.nan for test in tests])
    columns = {
        "outcome": [outcome.name for outcome in outcomes],
        "primary": [outcome.primary for outcome in outcomes],
        "test": [test.name if test else quoted[outcome.kind] for test, outcome in zip(tests, outcomes, strict=True)],
        "p_raw": raw,
        "p_holm": holm(raw),
    }
    known = ~np.isnan(raw)
    if not known.any():
        table = pd.DataFrame(columns | {"p_max_t": np.full(len(raw), np.nan)}, columns=list(COLUMNS))
        return Multiplicity(table, 0, True, _without_sets(sample) if len(raw) else ())
    frame = Frame.of(cohort.rows, sample, seed)
    blocks = frame.blocks(np.ones(len(cohort.rows), dtype=bool))
    chosen = [outcome for outcome, has in zip(outcomes, known, strict=True) if has]
    scores = np.column_stack([_deviations(cohort, outcome, frame)[blocks.row] for outcome in chosen])
    found = max_t(scores, frame.moved(blocks, frame.moves), seed)
    adjusted = np.full(len(raw), np.nan)
    adjusted[known] = np.maximum(found.p_values, raw[known])
    table = pd.DataFrame(columns | {"p_max_t": adjusted}, columns=list(COLUMNS))
    return Multiplicity(table, found.arrangements, found.exact, _notes(found, len(chosen), seed))


def _without_sets(sample: Comparison) -> tuple[str, ...]:
    if sample.by_set:
        return ()
    return (OVERLAP,) if sample.n_sets else (NO_SETS,)


def _quoted(outcome: OutcomeResult) -> Test | None:
    return next((test for test in outcome.tests if test.role == "quoted"), None)


def _notes(found: "MaxT", outcomes: int, seed: int) -> tuple[str, ...]:
    if outcomes < 2:
        return ()
    moves = counted(found.arrangements, "arrangement")
    how = f"all {moves}" if found.exact else f"{moves} drawn with seed {seed}"
    return (
        f"p by set adjusted for {outcomes} outcomes: Holm, and max-T from label moves within sets ({how}). A primary "
        "outcome named beforehand stands on its own p.",
    )


def holm(p: np.ndarray) -> np.ndarray:
    """Holm's step-down adjusted p-values, float (k,); NaN stays NaN and is not counted."""
    adjusted, known = np.full(len(p), np.nan), np.flatnonzero(~np.isnan(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = p[order] * np.arange(len(order), 0, -1)
    adjusted[order] = np.minimum(1.0, np.maximum.accumulate(steps))
    return adjusted


@dataclass(frozen=True)
class MaxT:
    """Single-step adjusted p-values, float (f,), and the label moves behind them."""

    p_values: np.ndarray
    arrangements: int
    exact: bool


def max_t(scores: np.ndarray, blocks: Blocks, seed: int, most: int = MOST_ARRANGEMENTS) -> MaxT:
    """Westfall and Young's single-step max-T of f statistics, each the sum of the treated patients' scores.

    scores: float (m, f), deviations from their set's mean, in block order; NaN for patients whom a statistic leaves
        out, in sets that it leaves out for all. Statistics are divided by their SD over the label moves; one that never
        varies gets p 1.
    All arrangements up to `most`, else drawn with the seed; drawn too when a set lacks some of its patients in one
    statistic: then a random order of the set's patients decides, and each statistic takes the first whom it knows, as
    many as it knows treated, so that each keeps the distribution of its own test.
    """
    known = ~np.isnan(scores)
    held = np.add.reduceat(known, blocks.starts)
    full = _uneven(scores, blocks) if blocks.uneven else _standardised(np.where(known, scores, 0.0), known, blocks)
    observed = np.abs(full[blocks.treated].sum(axis=0))
    holes = bool(((held > 0) & (held < blocks.sizes[:, None])).any())
    kinds = None if holes else Kinds.of(blocks, codes(full), most)
    if kinds is not None:
        totals = every_total(kinds.sums(full), kinds.starts, kinds.sizes)
        shares = _shares(totals, kinds.chances, observed)
        return MaxT(np.minimum(1.0, shares), arrangements(blocks), True)
    draws = draws_for(blocks)
    if holes:
        totals = _drawn_with_holes(np.where(known, full, np.nan), blocks, draws, seed)
    else:
        totals = drawn_totals(full, blocks, draws, seed)
    shares = _shares(totals, np.full(draws, 1 / draws), observed)
    return MaxT(np.minimum(1.0, (1 + shares * draws) / (1 + draws)), draws, False)


def _standardised(scores: np.ndarray, known: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Scores over the SD of their sum; unchanged where it never varies. known: bool (m, f)."""
    held = np.add.reduceat(known, blocks.starts)
    treated = np.add.reduceat(known & blocks.treated[:, None], blocks.starts)
    spread = treated * (held - treated) / np.maximum(held - 1, 1)
    share = np.repeat(spread / np.maximum(held, 1), blocks.sizes, axis=0)
    variance = (scores**2 * share).sum(axis=0)
    return scores / np.sqrt(np.where(variance > 0, variance, 1.0))


def _uneven(scores: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Scores less their share of the expectation of the treated patients' sum, over the SD of that sum, where labels
    move with unequal chances; 0 where unknown."""
    made = np.zeros_like(scores)
    for column, given in zip(made.T, scores.T, strict=True):
        known = ~np.isnan(given)
        held = blocks.of_known(known)
        own = given[known]
        centred = own - np.repeat(held.expected(own) / held.n_treated_of, held.sizes)
        variance = float(held.variance(centred).sum())
        column[known] = centred / np.sqrt(variance if variance > 0 else 1.0)
    return made


def _shares(totals: np.ndarray, chance: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """Chance that the largest statistic reaches each observed one, float (f,). totals: (A, f).  chance: (A,)."""
    largest = np.abs(totals).max(axis=1)
    slack = SAME_SHARE * float(largest.max())
    return np.array([float(chance[largest >= z - slack].sum()) for z in observed])


def _drawn_with_holes(scores: np.ndarray, blocks: Blocks, draws: int, seed: int) -> np.ndarray:
    """Sums of the treated patients' scores in random arrangements, the treated of each statistic being the first of a
    random order of the set whom it knows. scores: float (m, f), NaN unknown.  Returns (draws, f)."""
    treated = np.add.reduceat(~np.isnan(scores) & blocks.treated[:, None], blocks.starts)  # (S, f)
    full, unknown = np.nan_to_num(scores), np.isnan(scores)
    order, content = by_content(blocks, codes(np.column_stack([full, unknown])))
    treated = treated[np.searchsorted(blocks.labels, content.labels)]
    full, unknown, rng = full[order], unknown[order], np.random.default_rng(seed)
    patterns, pattern = np.unique(unknown, axis=1, return_inverse=True)
    totals, step = np.empty((draws, scores.shape[1])), max(1, CHUNK // len(order))
    for done in range(0, draws, step):
        keys = rng.random((min(step, draws - done), len(order)))
        keys = _by_odds(keys, content) if content.uneven and content.one_treated else keys
        for which, lacking in enumerate(patterns.T):
            columns = np.flatnonzero(pattern.ravel() == which)
            taken = treated[:, columns[0]]
            if content.uneven and not content.one_treated:
                first = _drawn_of_known(keys, ~lacking, content, taken)
            else:
                first = _first(np.where(lacking, np.inf if content.uneven else 2.0, keys), content, taken)
            totals[done : done + len(keys), columns] = first.astype(float) @ full[:, columns]
    return totals


def _by_odds(uniform: np.ndarray, blocks: Blocks) -> np.ndarray:
    """Keys of which, among any patients of a set, the smallest is each one's with chances in proportion to their odds:
    the logarithm of how long an exponential clock that runs at the speed of the odds takes."""
    assert blocks.log_odds is not None
    return np.log(-np.log1p(-uniform)) - blocks.log_odds


def _drawn_of_known(uniform: np.ndarray, known: np.ndarray, blocks: Blocks, taken: np.ndarray) -> np.ndarray:
    """bool (k, m): `taken` patients of each set, drawn by their odds among the known.  uniform: float (k, m)."""
    assert blocks.log_odds is not None
    drawn = np.zeros(uniform.shape, dtype=bool)
    for s, m in enumerate(taken.tolist()):
        at = np.flatnonzero(known[blocks.starts[s] : blocks.starts[s] + blocks.sizes[s]]) + blocks.starts[s]
        if 0 < m < len(at):
            drawn[:, at] = SetDraw(blocks.log_odds[at], m).places(uniform[:, at])
        else:
            drawn[:, at] = m > 0
    return drawn


def _first(keys: np.ndarray, blocks: Blocks, taken: np.ndarray) -> np.ndarray:
    """bool (k, m): the patients with the smallest keys of each set, `taken` of them.  keys: float (k, m).  int (S,)."""
    if (taken <= 1).all():
        return keys == np.repeat(np.minimum.reduceat(keys, blocks.starts, axis=1), blocks.sizes, axis=1)
    order = np.argsort(keys + 3.0 * blocks.set_index, axis=1)  # keys are at most 2, so sets stay apart
    place = np.arange(keys.shape[1]) - np.repeat(blocks.starts, blocks.sizes)
    first = np.zeros(keys.shape, dtype=bool)
    np.put_along_axis(first, order, np.broadcast_to(place < np.repeat(taken, blocks.sizes), keys.shape), axis=1)
    return first


def _deviations(cohort: Cohort, outcome: OutcomeResult, frame: Frame) -> np.ndarray:
    """float (n,), by analysed row: the score of the outcome's test by set minus its set's mean; NaN for patients whom
    that test leaves out."""
    if isinstance(outcome, SurvivalOutcome):
        names = (f"{outcome.name}.time", f"{outcome.name}.event")
        course = Course.of(*(cohort.outcomes[name].to_numpy(dtype=float) for name in names))
        blocks = frame.blocks(course.known[frame.rows])
        scores = _survival_scores(course, frame.rows[blocks.row], blocks, outcome)
    else:
        values = cohort.outcomes[outcome.name].to_numpy(dtype=float)[frame.rows]
        blocks = frame.blocks(~np.isnan(values))
        scores = values[blocks.row]
        if outcome.kind == "continuous":
            scores = doubled_midranks(align(scores, blocks)).astype(float)
    made = np.full(len(frame.rows), np.nan)
    made[blocks.row] = scores - np.repeat(blocks.totals(scores) / blocks.sizes, blocks.sizes)
    return made


def _survival_scores(course: Course, rows: np.ndarray, blocks: Blocks, outcome: SurvivalOutcome) -> np.ndarray:
    """float (m,): log-rank scores by set; where events compete what each patient adds to the area under the incidence
    of everyone, as the area between those of the arms is no sum.  rows: int (m,), in block order."""
    if not len(outcome.incidence):
        return logrank_scores_by_set(course.time[rows], course.event[rows], blocks)
    cut = course.cut(outcome.horizon)
    curves = aalen_johansen(cut.time[rows], cut.cause[rows], np.ones(len(rows)), max(1, int(cut.cause.max())))
    return curves.area_influence(1, np.diff(curves.times, append=outcome.horizon))
