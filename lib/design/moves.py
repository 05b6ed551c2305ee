"""Label moves within sets and the odds that stand behind them, all of it fixed before any outcome.

Moving the label with equal chances is exact where the patients of a set were equally likely to be treated. Where they
were not, a fitted score tells by how much, as far as what was measured goes.
Source: Pimentel and Huang 2024, J R Stat Soc B 86, doi:10.1093/jrsssb/qkae033.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from .comparison import Comparison, Groups, Moves, Sets
from .settings import MethodSettings

if TYPE_CHECKING:
    from ..score import PropensityModel

SAME_ODDS = 1e-9  # of log odds within a set: patients nearer than this are equally likely to be treated
WARNED, NO_EVIDENCE = 1.5, 2.0  # typical odds from which p is said to be doubtful, and from which it is no evidence
NO_SCORE = "no propensity score was fitted"
NOT_ON_SCORE = "the sets were not matched on the propensity score"
SEPARATED = "the covariates tell some patients' arm with certainty, so the fitted odds have no limit"
NOT_CONVERGED = "the propensity model did not converge"

Level = Literal["", "warned", "no_evidence"]


@dataclass(frozen=True)
class OddsInsideSets:
    """How unequal the fitted odds of treatment are inside the sets.

    typical: the median over the sets of the odds ratio between the treated patient and the control furthest from it (of
        all pairs, where several are treated), never below 1; NaN without a score.  largest: the greatest of them.
    moves: as Comparison.  why_equal: the same.
    """

    typical: float
    largest: float
    moves: Moves
    why_equal: str = ""

    @property
    def level(self) -> Level:
        """From a typical ratio of WARNED a p by set deserves a warning, from NO_EVIDENCE it is no evidence."""
        if self.typical >= NO_EVIDENCE:
            return "no_evidence"
        return "warned" if self.typical >= WARNED else ""


def with_moves(made: Comparison, score: "PropensityModel", settings: MethodSettings) -> Comparison:
    """The comparison with the fitted odds, and with the moves that are quoted: in proportion to these odds where the
    score was matched on, converged and separates nobody."""
    known = not np.isnan(score.score).any()
    why = _why_equal(score, settings) if known else NO_SCORE
    log_odds = score.log_odds if known else None
    return replace(made, log_odds=log_odds, moves="equal" if why else "fitted_odds", why_equal=why)


def _why_equal(score: "PropensityModel", settings: MethodSettings) -> str:
    if not settings.on_score:
        return NOT_ON_SCORE
    if score.separation:
        return SEPARATED
    return "" if score.converged else NOT_CONVERGED


def odds_inside_sets(made: Comparison) -> OddsInsideSets | None:
    """None without sets that are apart; without a fitted score both ratios are NaN."""
    if not isinstance(made.units, Sets) or not made.n_sets:
        return None
    if made.log_odds is None:
        return OddsInsideSets(float("nan"), float("nan"), made.moves, made.why_equal)
    return OddsInsideSets(*odds_ratios_inside(made.units, made.log_odds), made.moves, made.why_equal)


def odds_ratios_inside(units: Groups, log_odds: np.ndarray) -> tuple[float, float]:
    """As OddsInsideSets: typical and largest; infinite where odds are.  log_odds: float (n,), of the patients."""
    gaps = widest_gaps(units, log_odds)
    with np.errstate(over="ignore"):
        ratios = np.exp(np.where(gaps <= SAME_ODDS, 0.0, gaps))
    return float(np.median(ratios)), float(ratios.max())


def widest_gaps(units: Groups, log_odds: np.ndarray) -> np.ndarray:
    """float (S,): the largest distance in log odds between a treated patient and a control of each set.

    log_odds: float (n,), of the analysed patients."""
    rows, sets = units.membership.T
    arm, low, high = units.treated[rows], {}, {}
    for side in (True, False):
        least, most = np.full(units.n_sets, np.inf), np.full(units.n_sets, -np.inf)
        np.minimum.at(least, sets[arm == side], log_odds[rows[arm == side]])
        np.maximum.at(most, sets[arm == side], log_odds[rows[arm == side]])
        low[side], high[side] = least, most
    return np.maximum(high[True] - low[False], high[False] - low[True])
