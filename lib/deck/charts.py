"""Charts of a deck from results: only what stands in a figure, and no patient's value."""

import math

import numpy as np

from ..figures.event_plots import bar_words, drawn_risk
from ..figures.forest_plot import axis_range, forest_numbers
from ..figures.love_plot import THRESHOLD, love_numbers
from ..figures.style import nice_range, nice_step, style_of
from ..figures.words import with_n
from ..inference.results import BinaryOutcome, OutcomeResult, SurvivalOutcome
from ..measures import RATIOS
from ..steps import Steps
from ..words import balance as balance_words
from ..words import deck as words
from ..words.labels import Labels
from ..words.names import SET_SCALES, SHARED_SCALES
from ..words.numbers import interval, number, smd
from ..words.outcomes import curve_name, name_of, time_unit
from ..words.tables import records
from .fit import even_parts, ticks_of
from .slide import Bar, Bars, Curve, Curves, Effect, Forest, Love, Pair

MATCHED = ("treated", "matched_control")
BAR_ARMS = ("treated", "matched_control", "whole_control")
MOST_ROWS = 12  # of a love plot or a forest on one slide
MOST_POINTS = 400  # of a curve, thinned evenly beyond
MOST_TICKS = 8


def loves(steps: Steps, labels: Labels) -> list[Love]:
    """The love plot, a chart for every MOST_ROWS rows; infinite differences stand at the end of the axis."""
    named = balance_words.named(steps.balance, labels)
    rows = love_numbers(named, steps.balance_test)
    sizes = rows[["before", "after"]].to_numpy(float)
    finite = sizes[np.isfinite(sizes)]
    top = max(nice_range(np.append(finite, [0.0, 4 * THRESHOLD]))[1], 4 * THRESHOLD)
    pairs = [Pair(_row_name(row), min(row.before, top), min(row.after, top)) for row in records(rows)]
    parts = even_parts((1.0,) * len(pairs), MOST_ROWS)
    return [Love(tuple(pairs[start:stop]), top) for start, stop in parts]


def _row_name(row) -> str:
    name = row.covariate if not isinstance(row.level, str) else f"{row.covariate} = {row.level}"
    return f"{words.short(name, 34)} (described)" if row.role == "described" else words.short(name, 44)


def bars(outcome: BinaryOutcome, name: str) -> Bars:
    """The share of patients with the event in the arms that have any patient."""
    rows = []
    for arm in BAR_ARMS:
        summary, style = getattr(outcome, arm), style_of(arm, outcome.weighted)
        share = 100 * drawn_risk(summary) if summary.n else math.nan
        rows.append(Bar(style.label, style.color, share, bar_words(summary)))
    largest = max((row.percent for row in rows if math.isfinite(row.percent)), default=0.0)
    return Bars(tuple(rows), words.share_axis(words.short(name, 60)), min(100.0, nice_range(np.array([0, largest]))[1]))


def curves(outcome: SurvivalOutcome, unit: str) -> Curves:
    """Kaplan-Meier of the matched arms; where events compete, the incidence of the event in question."""
    ticks = _ticks(outcome)
    made = tuple(_curve(outcome, arm, ticks) for arm in MATCHED)
    measure = curve_name(outcome)
    if len(outcome.incidence):
        measure = f"Had the event: {outcome.incidence['cause'].iloc[0]}"
    return Curves(measure, f"Time ({unit})", float(outcome.horizon), ticks, made)


def _ticks(outcome: SurvivalOutcome) -> tuple[float, ...]:
    times = sorted(outcome.at_risk["time"].unique().tolist())
    return tuple(float(time) for time in times[:: math.ceil(len(times) / MOST_TICKS)])


def _curve(outcome: SurvivalOutcome, arm: str, ticks: tuple[float, ...]) -> Curve:
    style = style_of(arm, outcome.weighted)
    if len(outcome.incidence):
        steps = outcome.incidence[
            (outcome.incidence["arm"] == arm) & (outcome.incidence["cause"] == outcome.incidence["cause"].iloc[0])
        ]
        values = steps["incidence"]
    else:
        steps = outcome.curves[outcome.curves["arm"] == arm]
        values = steps["survival"]
    times, shares = steps["time"].to_numpy(float), values.to_numpy(float)
    changed = np.append(True, np.diff(shares) != 0)
    changed[-1:] = True  # the end of follow-up
    times, shares = times[changed], shares[changed]
    if len(times) > MOST_POINTS:
        places = np.linspace(0, len(times) - 1, MOST_POINTS).round().astype(int)
        times, shares = times[places], shares[places]
    counts = outcome.at_risk[outcome.at_risk["arm"] == arm].set_index("time")["at_risk"]
    at_risk = tuple(int(counts.get(tick, 0)) for tick in ticks)
    label = with_n(style.label, getattr(outcome, arm).n)
    return Curve(label, style.color, style.dash != "solid", tuple(times.tolist()), tuple(shares.tolist()), at_risk)


def forests(steps: Steps, labels: Labels) -> list[Forest]:
    """The first effect that at least two outcomes share, with the intervals of the quoted p; none where there is no
    such effect, or where the sets are too unlike for an interval."""
    outcomes = steps.outcomes
    if any(o.quoted is not None and not o.quoted.evidence for o in outcomes):
        return []
    for measure, axis in (SET_SCALES if steps.comparison.by_set else SHARED_SCALES).items():
        numbers = forest_numbers(outcomes, measure)
        numbers = numbers[np.isfinite(numbers["estimate"].astype(float))]
        if len(numbers) > 1:
            return _forests(numbers, measure, axis, outcomes, labels)
    return []


def _forests(numbers, measure: str, axis: str, outcomes: tuple[OutcomeResult, ...], labels: Labels) -> list[Forest]:
    ratio = measure in RATIOS
    span = axis_range(numbers, ratio) if ratio else _whole_steps(*axis_range(numbers, ratio))
    names = {o.name: words.short(name_of(o, labels, unit=False), 34) for o in outcomes}
    rows = [
        Effect(names[row.outcome], row.estimate, row.ci_low, row.ci_high, _effect_words(row, ratio))
        for row in records(numbers)
    ]
    parts = even_parts((1.0,) * len(rows), MOST_ROWS)
    unit = axis if ratio else f"{axis} (percentage points)"
    return [Forest(tuple(rows[a:b]), unit, span, 1.0 if ratio else 0.0, ratio) for a, b in parts]


def _whole_steps(low: float, high: float) -> tuple[float, float]:
    """The axis from tick to tick: PowerPoint counts its ticks from the end."""
    step = nice_step(high - low, 6)
    return step * math.floor(low / step + 1e-9), step * math.ceil(high / step - 1e-9)


def _effect_words(row, ratio: bool) -> str:
    if ratio:
        return f"{number(row.estimate, 2)} ({interval('odds_ratio', row.ci_low, row.ci_high)})"
    low, high = row.ci_low / 100, row.ci_high / 100
    return f"{number(row.estimate, 1)} ({interval('risk_difference', low, high)})"


def love_words(chart: Love) -> str:
    """The numbers of a love plot in a sentence."""
    told = [f"{row.label} {_size(row.before)} before, {_size(row.after)} after" for row in chart.rows]
    return f"Standardised differences in SD: {'; '.join(told)}."


def _size(value: float) -> str:
    return smd(value).lstrip("+")


def axis_ticks(low: float, high: float, most: int = 6) -> list[float]:
    """Round ticks of an axis."""
    return ticks_of(low, high, nice_step(high - low, most))


def unit_of(steps: Steps, outcome: OutcomeResult, labels: Labels) -> str:
    """The unit of a survival outcome's time, as far as it is known."""
    time = next(one.time for one in steps.used[1].outcomes if one.name == outcome.name)
    return labels.column(outcome.name).unit or time_unit(time or "")
