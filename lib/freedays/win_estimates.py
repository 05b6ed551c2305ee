"""Win ratio, win difference and win odds from each matched set's wins and losses, with intervals clustered by set.

A set is one unit: its shares of wins and losses are averaged, and their spread over the sets gives the standard error
(linearised where the estimate is a ratio), with t on sets - 1 degrees of freedom. The quoted interval is that of the
win odds, symmetric on their log scale; the win difference has the same limits on its own scale, so never beyond -1 or
1. The closed variances of Dong et al. (2016, 2018) need several treated patients in a stratum; most sets have one.
"""

import math
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..inference.asymptotic import t_quantile
from ..inference.notes import SILENCE, Reason
from ..inference.results import Estimate
from ..inference.rows import NAN, NO_CLUSTERS, absent, symmetric, to_quote, without_error

ONE_WAY = 1 - 1e-12  # a win difference beyond it means that all comparisons fell the same way
LARGEST_LOG = 700.0  # exp() overflows beyond
METHOD = "matched sets as clusters, t with sets - 1 degrees of freedom"
NO_LOSS = Reason(
    "no_loss", "No comparison was lost, so the win ratio has no value; read the win difference and its p by set."
)
NO_WIN = Reason(
    "no_win",
    "No comparison was won, so the win ratio is 0 and has no interval; read the win difference and its p by set.",
)
NO_DECISION = Reason("no_decision", "Every comparison is a tie, so there is no win ratio.")
ALL_ONE_WAY = Reason(
    "all_one_way", "All comparisons fell the same way, so the win odds have no value; read the win difference."
)
NO_SPREAD = Reason(
    "same_in_every_set", "Every set came out alike, which leaves no variability for an interval; judge by the p by set."
)
OVERLAP = Reason("overlapping_sets", "The sets share controls, so there is no test by set and no interval.")


@dataclass(frozen=True)
class Rates:
    """Weighted wins, losses and all comparisons of each set: float (S,) each, in units of the sets' weights."""

    win: np.ndarray
    loss: np.ndarray
    size: np.ndarray

    @classmethod
    def of(cls, sets: pd.DataFrame, weight: np.ndarray) -> "Rates":
        """sets: DataFrame with wins, losses, ties.  weight: float (S,), of one pair of each set; whole numbers keep
        equal wins and losses equal."""
        wins, losses, ties = (sets[name].to_numpy() for name in ("wins", "losses", "ties"))
        return cls(weight * wins, weight * losses, weight * (wins + losses + ties))

    @property
    def win_share(self) -> float:
        """Weighted share of the comparisons that the treated won."""
        return float(self.win.sum() / self.size.sum())

    @property
    def loss_share(self) -> float:
        """Weighted share of the comparisons that the treated lost."""
        return float(self.loss.sum() / self.size.sum())

    @property
    def difference(self) -> float:
        """Win difference (net benefit), -1 to 1."""
        return float((self.win - self.loss).sum() / self.size.sum())

    def standard_error(self, influence: np.ndarray) -> float:
        """SE of an estimate from each set's influence on it, float (S,), summing to 0. NaN with one set, 0 without
        spread."""
        s = len(influence)
        if s < 2:
            return NAN
        value = math.sqrt(s / (s - 1) * float((influence**2).sum()))
        return value if value > 1e-12 else 0.0

    def estimates(self, overlap: bool) -> tuple[Estimate, ...]:
        """win_ratio, win_difference, win_odds with 95% intervals; `overlap`: without intervals."""
        df = float(max(len(self.win) - 1, 1))
        rows = (self._ratio(df), self._difference(df), to_quote(self._odds(df)))
        return tuple(_without_interval(row) for row in rows) if overlap else rows

    def _spread(self) -> float:
        return self.standard_error((self.win - self.loss - self.difference * self.size) / self.size.sum())

    def _difference(self, df: float) -> Estimate:
        se = self._spread()
        if not se > 0:
            return without_error("win_difference", (self.difference, NAN, NAN), METHOD, self._reason(se))
        made = symmetric("win_difference", self.difference, se, f"{METHOD}; limits of the win odds", df)
        if abs(self.difference) > ONE_WAY:
            return without_error("win_difference", (self.difference, NAN, NAN), METHOD, ALL_ONE_WAY)
        odds = self._odds(df)
        low, high = ((limit - 1) / (limit + 1) for limit in (odds.ci_low, odds.ci_high))
        return replace(made, ci_low=low, ci_high=high)

    def _ratio(self, df: float) -> Estimate:
        if not self.loss_share:
            return absent("win_ratio", METHOD, NO_LOSS if self.win_share else NO_DECISION)
        if not self.win_share:
            return without_error("win_ratio", (0.0, NAN, NAN), METHOD, NO_WIN)
        se = self.standard_error(self.win / self.win.sum() - self.loss / self.loss.sum())
        return _ratio_row("win_ratio", float(self.win.sum() / self.loss.sum()), se, df, self._reason(se))

    def _odds(self, df: float) -> Estimate:
        if abs(self.difference) > ONE_WAY:
            return absent("win_odds", METHOD, ALL_ONE_WAY)
        se = self._spread()
        scaled = 2 * se / (1 - self.difference**2)
        return _ratio_row("win_odds", (1 + self.difference) / (1 - self.difference), scaled, df, self._reason(se))

    def _reason(self, se: float) -> Reason:
        return NO_CLUSTERS if math.isnan(se) else SILENCE if se > 0 else NO_SPREAD


def _ratio_row(measure: str, ratio: float, se: float, df: float, why: Reason) -> Estimate:
    """A ratio whose interval is symmetric on the log scale; none when the SE is 0 or NaN."""
    if not se > 0:
        return without_error(measure, (ratio, NAN, NAN), METHOD, why)
    half = min(t_quantile(df) * se, LARGEST_LOG)
    low, high = (math.exp(math.log(ratio) + side * half) for side in (-1, 1))
    return Estimate(measure, ratio, low, high, se, METHOD, scale="log", df=df)


def _without_interval(row: Estimate) -> Estimate:
    why = Reason(row.note_code, row.note) if row.note_code else OVERLAP
    return without_error(row.measure, (row.estimate, NAN, NAN), row.method, why, row.scope)
