"""Win ratio by matched set: each treated patient against each control of its set, on a hierarchy of outcomes."""

import math
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from ..errors import EstimationError
from ..inference.agreement import with_sides
from ..inference.engine import score_distribution, score_work
from ..inference.notes import Note, Reason
from ..inference.permutation import codes, permutation_p
from ..inference.results import Estimate, Test
from ..inference.rows import NAN, set_test
from ..inference.sets import Blocks
from ..words import counted
from .levels import Level, decide, pairs_within
from .win_estimates import NO_DECISION, OVERLAP, Rates

Weighting = Literal["treated", "mantel_haenszel"]
LEVEL_COLUMNS = ("level", "outcome", "better", "compared", "wins", "losses", "ties", "unknown")
SET_COLUMNS = ("set", "treated_row", "controls", "wins", "losses", "ties")
MOST_COMPARED = 20_000_000  # pairs of patients in large sets with several treated
TEST = "win_difference_by_set"
ABOUT = "Win ratio"
EXACT = Reason("label_moves", "Exact: the treated label moves within its set.")
EXACT_WORK = 2e8  # additions of a convolution: well below a second
LARGEST_SCALE = 1 << 40  # a common denominator above it (sets of very many sizes) leaves integers no longer exact
FEW_SETS = 30


@dataclass(frozen=True)
class WinRatio:
    """S matched sets, every treated patient compared with each control of its set.

    levels: DataFrame LEVEL_COLUMNS, in the order of the hierarchy: `compared` pairs were undecided before this level,
        of which the treated won, lost, tied; `unknown` of the ties lack a value. Counts of pairs.
    sets: DataFrame SET_COLUMNS, one row a set: the caller's set id and row of its (first) treated patient, controls,
        and counts of pairs.
    wins, losses, ties: all pairs.  win_share, loss_share: weighted, the rest are ties.
    test: two-sided permutation test of the win difference within sets; estimates: win_ratio, win_difference (net
        benefit), win_odds.
    """

    levels: pd.DataFrame
    sets: pd.DataFrame
    wins: int
    losses: int
    ties: int
    win_share: float
    loss_share: float
    weighting: Weighting
    test: Test
    estimates: tuple[Estimate, ...]
    notes: tuple[Note, ...] = ()


def win_ratio(
    levels: tuple[Level, ...], blocks: Blocks, seed: int, weighting: Weighting = "treated", overlap: bool = False
) -> WinRatio:
    """Compare within sets (Pocock et al. 2012, Eur Heart J 33:176; stratified: Dong et al. 2018, J Biopharm Stat
    28:778) and test by moving the treated label within its set.

    blocks: the sets; levels hold values of the rows that blocks.row points to.
    weighting: "treated", each set's pairs share the weight 1, so that every treated patient counts alike (the ATT, as
        in the matching weights); "mantel_haenszel", 1/(patients of the set) a pair, as Dong et al. With sets of one
        size both are the same.
    overlap: the sets share controls (matching with replacement): counts and estimates only.
    Raises EstimationError without a level, without a complete set, and for more than MOST_COMPARED comparisons in sets
    with several treated.
    """
    _require_comparisons(levels, blocks)
    case, control = blocks.pair_positions()
    verdict, decided = decide(levels, blocks.row[case], blocks.row[control])
    sets = _set_table(verdict, control, blocks)
    weight = pair_weights(blocks.n_controls_of if weighting == "treated" else blocks.sizes)
    rates = Rates.of(sets, weight)
    wins, losses, ties = (int(sets[name].sum()) for name in ("wins", "losses", "ties"))
    if overlap:
        test = set_test(TEST, rates.difference, NAN, blocks, OVERLAP)
    else:
        test = replace(_test(levels, blocks, weight, rates.difference, seed), role="quoted")
    estimates, apart = with_sides(list(rates.estimates(overlap)), [test])
    return WinRatio(
        _level_table(levels, blocks, case, control, verdict, decided),
        sets,
        wins,
        losses,
        ties,
        rates.win_share,
        rates.loss_share,
        weighting,
        test,
        tuple(estimates),
        (*_notes(blocks, (wins, losses, ties), overlap), *(reason.about(ABOUT) for reason in apart)),
    )


def _require_comparisons(levels: tuple[Level, ...], blocks: Blocks) -> None:
    if not levels:
        raise EstimationError("The hierarchy has no outcome.", "Add at least one outcome to the hierarchy.")
    if not blocks.n_sets:
        raise EstimationError("No matched set is left to compare within.", "Loosen the caliper or the ratio.")
    if not blocks.one_treated and (blocks.sizes * (blocks.sizes - 1) / 2).sum() > MOST_COMPARED:
        raise EstimationError(
            f"Sets this large make more than {MOST_COMPARED:,} comparisons within sets.", "Make more and smaller sets."
        )


def pair_weights(parts: np.ndarray) -> np.ndarray:
    """Weights in the ratio 1/parts: whole numbers with the smallest common denominator where that is exact, so that
    equal sums are equal. parts: int (S,).  Returns float (S,)."""
    common = math.lcm(*np.unique(parts).tolist())
    return common / parts if common <= LARGEST_SCALE else 1 / parts


def _set_table(verdict: np.ndarray, control: np.ndarray, blocks: Blocks) -> pd.DataFrame:
    place = blocks.set_index[control]
    count = {
        name: np.bincount(place[verdict == sign], minlength=blocks.n_sets)
        for name, sign in (("wins", 1), ("losses", -1), ("ties", 0))
    }
    table = {"set": blocks.labels, "treated_row": blocks.row[blocks.starts], "controls": blocks.n_controls_of} | count
    return pd.DataFrame(table)[list(SET_COLUMNS)]


def _level_table(
    levels: tuple[Level, ...],
    blocks: Blocks,
    case: np.ndarray,
    control: np.ndarray,
    verdict: np.ndarray,
    decided: np.ndarray,
) -> pd.DataFrame:
    rows, open_pairs = [], np.ones(len(case), dtype=bool)
    for place, level in enumerate(levels):
        here = decided == place
        unknown = level.unknown(blocks.row[case], blocks.row[control]) & open_pairs
        wins, losses = int((here & (verdict > 0)).sum()), int((here & (verdict < 0)).sum())
        compared = int(open_pairs.sum())
        rows.append(
            (place + 1, level.name, level.better, compared, wins, losses, compared - wins - losses, int(unknown.sum()))
        )
        open_pairs &= ~here
    return pd.DataFrame(rows, columns=list(LEVEL_COLUMNS))


def set_scores(levels: tuple[Level, ...], blocks: Blocks) -> np.ndarray:
    """Wins minus losses of each patient against all others of its set: what it would score as the treated one.

    Returns int (m,), in block order; they sum to 0 in every set.
    """
    score = np.zeros(len(blocks.row), dtype=np.int64)
    for pairs in pairs_within(blocks):
        verdict, _ = decide(levels, blocks.row[pairs.first], blocks.row[pairs.second])
        np.add.at(score, pairs.first, verdict)
        np.subtract.at(score, pairs.second, verdict)
    return score


def _test(levels: tuple[Level, ...], blocks: Blocks, weight: np.ndarray, difference: float, seed: int) -> Test:
    """Two-sided permutation test: how often label moves within the sets give a win difference as far from 0."""
    score = set_scores(levels, blocks)
    if not score.any():
        return set_test(TEST, difference, 1.0, blocks, NO_DECISION)
    whole = _integers(score, weight, blocks)
    if whole is not None:
        null = score_distribution(whole, blocks.starts, blocks.sizes, blocks.n_treated_of)
        found = null.far(int(whole[blocks.treated].sum()), 0.0)
        return set_test(TEST, difference, found, blocks, EXACT)
    values = score * np.repeat(weight, blocks.sizes)
    drawn = permutation_p(lambda at: values[at].sum(axis=1), blocks, codes(values[:, None]), seed)
    return set_test(TEST, difference, drawn.p_value, blocks, Reason("label_moves", drawn.sentence))


def _integers(score: np.ndarray, weight: np.ndarray, blocks: Blocks) -> np.ndarray | None:
    """The weighted scores as small integers; None when they are not whole or their convolution would take too long."""
    if (weight != np.round(weight)).any():
        return None
    scaled = score * np.repeat(weight.astype(np.int64), blocks.sizes)
    scaled //= np.gcd.reduce(scaled)
    if not blocks.one_treated:
        work = score_work(scaled, blocks.starts, blocks.sizes, blocks.n_treated_of)
    else:
        reach = np.maximum.reduceat(scaled, blocks.starts) - np.minimum.reduceat(scaled, blocks.starts)
        work = float(reach.sum()) * len(score)
    return scaled if work <= EXACT_WORK else None


def _notes(blocks: Blocks, counts: tuple[int, ...], overlap: bool) -> tuple[Note, ...]:
    pairs = sum(counts)
    notes = []
    if pairs > blocks.n_treated:
        unit = "" if overlap else f"; p and interval count {counted(blocks.n_sets, 'set')}"
        patients = counted(blocks.n_treated, "treated patient")
        notes.append(Reason("comparisons", f"{counted(pairs, 'comparison')} of {patients}{unit}."))
    if overlap:
        notes.append(OVERLAP)
    elif 1 < blocks.n_sets < FEW_SETS:
        text = f"{blocks.n_sets} sets are few for its interval; rely on the p by set."
        notes.append(Reason("few_sets", text))
    return tuple(note.about(ABOUT) for note in notes)
