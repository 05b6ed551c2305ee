"""What could overturn the answer, in rows for a slide."""

import math

from .deck import ALPHA, RATIO_SHORT, short
from .numbers import counted, half_up, p_value


def smallest_p_row(p: float) -> tuple[str, str]:
    """What these sets could have found at best."""
    tail = "" if p <= ALPHA else ": no fall of these events could reach 0.05"
    return "Smallest p these sets can give", f"{p_value(p)}{tail}"


def gamma_row(start: float, crossing: float) -> tuple[str, str]:
    """How strong a hidden factor would have to be.  start: p without any.  crossing: NaN where none would do."""
    head = "A hidden factor (Gamma)"
    if start > ALPHA:
        return head, "p is above 0.05 already without one"
    if math.isnan(crossing):
        return head, "none, however strong, lifts p above 0.05"
    return head, f"{half_up(crossing, 1)} times the odds would lift p above 0.05"


def e_value_row(value: float, limit: float, measure: str) -> tuple[str, str]:
    """The E-value of the ratio and of its limit."""
    parts = [half_up(value, 1)] if math.isfinite(value) else []
    parts += [f"{half_up(limit, 1)} for the limit of the interval"] if math.isfinite(limit) else []
    return f"E-value of the {RATIO_SHORT.get(measure, 'ratio')}", "; ".join(parts)


def unknown_row(treated: int, control: int, low: float, high: float) -> tuple[str, str]:
    """What unknown outcomes could do.  low, high: p by set over the ways in which they could be filled in."""
    head = "Unknown outcomes"
    if not treated + control:
        return head, "none among those compared"
    text = f"{treated:,} treated, {counted(control, 'control')}"
    if math.isnan(low):
        return head, text
    least, most = p_value(low), p_value(high)
    return head, f"{text}: p {least if least == most else f'{least} to {most}'} however they ended"


def several_row(outcomes: int, p: float) -> tuple[str, str]:
    """The primary outcome's p after adjusting for several outcomes."""
    return f"Adjusted for {counted(outcomes, 'outcome')}", p_value(p)


def negative_row(name: str, p: float) -> tuple[str, str]:
    """An outcome that treatment cannot change."""
    return f"Cannot be changed: {short(name, 30)}", f"p {p_value(p)}"


def robust_takeaway(p: float, crossing: float, evalue: float) -> str:
    """What it would take to overturn the answer."""
    if math.isnan(p):
        return "No p is quoted, so there is none to overturn"
    if p >= ALPHA:
        return "p is above 0.05: nothing to overturn, but an effect may have been missed"
    if math.isfinite(crossing):
        return f"A hidden factor that multiplies the odds of treatment by {half_up(crossing, 1)} would overturn it"
    if math.isfinite(evalue):
        return f"A hidden factor would need risk ratios of {half_up(evalue, 1)} to explain it away"
    return "p is below 0.05; what would overturn it is on the Robust? page"
