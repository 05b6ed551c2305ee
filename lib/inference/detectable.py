"""What matched sets could find, before any outcome is opened: the smallest p, and the differences seen with 80% power.

Studies are simulated from the design alone and tested by set, two-sided at 5%: events by the exact test, numbers by
aligned ranks. The same random numbers serve every difference that is tried, so that power rises steadily with it. Above
MOST_SIMULATED sets the power of the same tests is that of the normal distribution (normal_power).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property, partial

import numpy as np
import pandas as pd

from ..errors import EstimationError
from ..words import counted, p_value
from .asymptotic import Z
from .attainable import MOST_SETS
from .design_power import Fall, fewest_events
from .engine import SAME_LIKELIHOOD, events_distribution
from .normal_power import risk_power, shift_power
from .ranks import doubled_midranks, rank_sum_by_set
from .sets import Blocks

ALPHA = 0.05
POWER = 0.8
MOST_SIMULATED = 1000  # sets; above, the normal approximation is nearer to the truth than so few studies can be
FINE_STEP = 0.0001  # of risks and shifts above MOST_SIMULATED sets
STUDIES = 1000  # a simulated power of 80% has a standard error of 1.3%
FEWEST_STUDIES = 250
POSITIONS = 1 << 20  # studies x patients, so that thousands of sets stay quick
CONTROL_RISKS = (0.1, 0.25, 0.5)
MANY_SETS = 100  # from here on finer steps
RISK_STEPS = (0.01, 0.002)
SHIFT_STEPS = (0.05, 0.01)
LARGEST_SHIFT = 5.0  # in SDs; no treatment does more
EXACT_EVENT_SETS = 40  # above, Cochran-Mantel-Haenszel with continuity correction stands for the exact test
EXACT_RANK_SETS = 15  # above, the rank test's normal approximation, which differs in 1 of 1,000 studies
NEAR = (1.5, 2.5)  # |z| outside of which exact and approximate rank tests never differ
COLUMNS = (
    "control_risk",
    "lower_risk",
    "lower_difference",
    "power_if_none",
    "higher_risk",
    "higher_difference",
    "power_if_all",
)
SMALLEST_NUMBER = float(np.finfo(float).tiny)
UNDERFLOW = 750.0  # exp(-750) is 0
_ASSUMED = (
    f"a two-sided test by set at {ALPHA:g} with {POWER:.0%} power; the treated all have one risk (or shift) "
    "and the controls another, and patients of a set are no more alike than others. Where sets are alike inside, a "
    "little more can be found."
)
ASSUMED = f"Simulated: {_ASSUMED}"
ASSUMED_NORMAL = f"By normal approximation, as there are more than {MOST_SIMULATED:,} sets: {_ASSUMED}"


@dataclass(frozen=True)
class Detectable:
    """n_sets, n_controls: the design.  smallest_p: of exact_by_set, over all outcomes that there could be (never below
    2e-308, the smallest number that a computer holds).  studies: simulated, 0 above MOST_SIMULATED sets.

    risks: DataFrame COLUMNS, a row per assumed risk of the controls: the highest lower risk of the treated, and the
        lowest higher one, found with 80% power (NaN when none is), their differences to the controls' risk, and the
        power when no, or every, treated patient has the event.
    make_shift: of `shift`, the smallest difference of a number found with 80% power, in SDs within the sets; NaN above
        LARGEST_SHIFT.
    fewest: the fewest control events that can reach p <= 0.05 without a treated event, as they have to fall; None where
        none can, and above MOST_SETS sets.
    """

    n_sets: int
    n_controls: int
    smallest_p: float
    risks: pd.DataFrame
    studies: int
    make_shift: Callable[[], float]
    fewest: Fall | None = None
    assumptions: str = ASSUMED

    @cached_property
    def shift(self) -> float:
        """Made when somebody asks: it takes twenty times as long as the risks."""
        return self.make_shift()

    @property
    def sentences(self) -> tuple[str, ...]:
        """The findings in words."""
        sets = counted(self.n_sets, "set")
        told = [f"The smallest exact p by set that any outcome can give these {sets}: {p_value(self.smallest_p)}."]
        digits = 0 if self.studies else 1
        risks = zip(self.risks["control_risk"], self.risks["lower_risk"], self.risks["power_if_none"], strict=True)
        told += [_risk_sentence(control, lower, power, digits) for control, lower, power in risks]
        if np.isnan(self.shift):
            told.append("No shift of a number, however large, is found with 80% power.")
        else:
            told.append(f"A number has to shift by {self.shift:.2f} standard deviations to be found with 80% power.")
        return tuple(told)


def _risk_sentence(control_risk: float, lower_risk: float, power_if_none: float, digits: int) -> str:
    start = f"If {control_risk:.0%} of the controls have the event, "
    if np.isnan(lower_risk):
        return f"{start}even no event among the treated is found in only {power_if_none:.0%} of studies."
    return f"{start}the risk of the treated has to fall to {lower_risk:.{digits}%} to be found with 80% power."


def detectable(controls: Sequence[int], seed: int, control_risks: Sequence[float] = CONTROL_RISKS) -> Detectable:
    """What sets with these numbers of controls can find. seed: of the simulated studies.  Above MOST_SIMULATED sets the
    approximation expects dozens of events in either arm, as every risk of CONTROL_RISKS gives.

    Raises EstimationError without sets, or for a risk that is not between 0 and 1.
    """
    if not len(controls):
        raise EstimationError("There is no matched set, so nothing can be found.", "Loosen the matching.")
    if not all(0 < risk < 1 for risk in control_risks):
        raise EstimationError("A control risk must lie between 0 and 1.", "Choose risks such as 0.1 and 0.25.")
    sizes = np.sort(np.asarray(controls, dtype=int)) + 1
    simulated = len(sizes) <= MOST_SIMULATED
    rows = [_simulated_row(sizes, risk, seed) if simulated else _normal_row(sizes, risk) for risk in control_risks]
    return Detectable(
        n_sets=len(sizes),
        n_controls=int((sizes - 1).sum()),
        smallest_p=_smallest_p(sizes),
        risks=pd.DataFrame(rows, columns=list(COLUMNS)),
        studies=studies_for(sizes) if simulated else 0,
        make_shift=partial(_simulated_shift, sizes, seed) if simulated else partial(_normal_shift, sizes),
        fewest=_fewest(controls),
        assumptions=ASSUMED if simulated else ASSUMED_NORMAL,
    )


def _smallest_p(sizes: np.ndarray) -> float:
    """The p when every treated patient and no control has the event: 1 / product of the sizes, or what likelihoods as
    small as it add."""
    if np.log(sizes).sum() > UNDERFLOW:
        return SMALLEST_NUMBER
    return max(events_distribution(np.ones_like(sizes), sizes).minlike(len(sizes)), SMALLEST_NUMBER)


def _fewest(controls: Sequence[int]) -> Fall | None:
    if len(controls) > MOST_SETS:
        return None
    try:
        return fewest_events(controls)
    except EstimationError:  # more ways to fall than are looked at
        return None


def studies_for(sizes: np.ndarray) -> int:
    """Simulated studies: STUDIES, with thousands of patients fewer. sizes: int (S,), patients per set."""
    return min(STUDIES, max(FEWEST_STUDIES, POSITIONS // int(sizes.sum())))


def _simulated_row(sizes: np.ndarray, risk: float, seed: int) -> tuple[float, ...]:
    rng, shape = np.random.default_rng(seed), (studies_for(sizes), len(sizes))
    luck, control_events = rng.random(shape), rng.binomial(sizes - 1, risk, shape)

    def power(treated_risk: float) -> float:
        return float(found_by_set((luck < treated_risk).astype(int), control_events, sizes).mean())

    return _risk_row(power, risk, RISK_STEPS[len(sizes) >= MANY_SETS])


def _normal_row(sizes: np.ndarray, risk: float) -> tuple[float, ...]:
    return _risk_row(lambda treated_risk: risk_power(sizes, treated_risk, risk), risk, FINE_STEP)


def _risk_row(power: Callable[[float], float], risk: float, step: float) -> tuple[float, ...]:
    """A row of COLUMNS. power: by the risk of the treated."""
    lower = _least(lambda fall: power(risk - fall), risk, step)
    higher = _least(lambda rise: power(risk + rise), 1 - risk, step)
    return risk, risk - lower, -lower, power(0.0), risk + higher, higher, power(1.0)


def _least(power: Callable[[float], float], most: float, step: float) -> float:
    """The least multiple of `step` with enough power, `most` if only that has; NaN if not even that. power: rising."""
    if power(most) < POWER:
        return float("nan")
    below, enough = 0, int(np.ceil(most / step - 1e-9))
    while enough - below > 1:
        middle = (below + enough) // 2
        below, enough = (below, middle) if power(middle * step) >= POWER else (middle, enough)
    return min(round(enough * step, 9), most)  # 34 x 0.05 is 1.7


def found_by_set(treated_events: np.ndarray, control_events: np.ndarray, sizes: np.ndarray) -> np.ndarray:
    """bool (r,): p <= 0.05 of exact_by_set (minlike) in each study; of the corrected CMH above EXACT_EVENT_SETS sets.

    treated_events: 0/1 (r, S).  control_events: int (r, S).  sizes: int (S,), patients per set.
    """
    chance, observed = (treated_events + control_events) / sizes, treated_events.sum(axis=1)
    if len(sizes) > EXACT_EVENT_SETS:
        spread = np.sqrt((chance * (1 - chance)).sum(axis=1))
        gap = np.abs(observed - chance.sum(axis=1))
        return (gap - 0.5 >= Z * spread) & (spread > 0)
    return exact_p_of_many(chance, observed) <= ALPHA


def exact_p_of_many(chance: np.ndarray, observed: np.ndarray) -> np.ndarray:
    """exact_by_set (minlike) of many studies at once, float (r,).

    chance: float (r, S), events/size of each set: the treated patient's chance of the event under no effect.
    observed: int (r,), treated patients with the event.
    """
    studies, sets = chance.shape
    probability = np.zeros((studies, sets + 1))
    probability[:, 0] = 1.0
    for s in range(sets):
        q = chance[:, s : s + 1]
        probability[:, 1 : s + 2] = probability[:, 1 : s + 2] * (1 - q) + probability[:, : s + 1] * q
        probability[:, :1] *= 1 - q
    limit = probability[np.arange(studies), observed] * SAME_LIKELIHOOD
    return np.minimum(1.0, np.where(probability <= limit[:, None], probability, 0.0).sum(axis=1))


def _normal_shift(sizes: np.ndarray) -> float:
    return _least(lambda shift: shift_power(sizes, shift), LARGEST_SHIFT, FINE_STEP)


def _simulated_shift(sizes: np.ndarray, seed: int) -> float:
    blocks = Blocks(np.arange(int(sizes.sum())), sizes, np.ones_like(sizes), np.arange(len(sizes)))
    noise = np.random.default_rng(seed).normal(size=(studies_for(sizes), len(blocks.row)))
    step = SHIFT_STEPS[len(sizes) >= MANY_SETS]
    return _least(lambda shift: float(shift_found(noise, shift, blocks).mean()), LARGEST_SHIFT, step)


def shift_found(noise: np.ndarray, shift: float, blocks: Blocks) -> np.ndarray:
    """bool (r,): p <= 0.05 of aligned_rank_by_set in each study. noise: float (r, m), without ties, in block order."""
    values = noise + shift * blocks.treated
    means = np.add.reduceat(values, blocks.starts, axis=1) / blocks.sizes
    ranks = np.argsort(np.argsort(values - np.repeat(means, blocks.sizes, axis=1), axis=1), axis=1) + 1.0
    centre = np.add.reduceat(ranks, blocks.starts, axis=1) / blocks.sizes
    spread = np.add.reduceat(ranks**2, blocks.starts, axis=1) / blocks.sizes - centre**2
    z = np.abs(ranks[:, blocks.starts].sum(axis=1) - centre.sum(axis=1)) / np.sqrt(spread.sum(axis=1))
    found = z >= Z
    if blocks.n_sets <= EXACT_RANK_SETS:
        near = np.flatnonzero((z > NEAR[0]) & (z < NEAR[1])) if blocks.n_sets > 4 else np.arange(len(z))
        found[near] = [rank_sum_by_set(doubled_midranks(row), blocks).p_value <= ALPHA for row in ranks[near]]
    return found
