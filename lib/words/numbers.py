"""Numbers as people read them, shared by messages, notes, figures, tables and screens. Nothing here computes.

What does not exist is shown as a dash (and a note beside it says why), never as nan, inf, None or 0.000.
"""

import math
import unicodedata
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

import numpy as np

from ..measures import RATIOS, SHARES

DASH = "–"
MINUS = "−"
HUGE = 1e15
PATIENTS = "attributable_events"  # counted, not measured
NO_INTERVAL = "no interval"
RIGHT_TO_LEFT = ("R", "AL")
DUST = 9  # decimals beyond which a difference is float dust, unless more are shown


def counted(count: int, one: str, many: str | None = None) -> str:
    """A number with its noun: "1 row", "1,200 rows"."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def quoted(names: Iterable[str]) -> str:
    """Names in double quotes, separated by commas."""
    return ", ".join(f'"{name}"' for name in names)


def half_up(value: float, places: int) -> str:
    """Rounded as statistical packages print: halves away from zero after float dust is cleared, thousands marked.

    value: finite; from 1e15 on in powers of ten.  A rounded zero has no sign.
    """
    if abs(value) >= HUGE:
        mantissa, exponent = f"{value:.1e}".split("e")
        return f"{mantissa} × 10^{int(exponent)}".replace("-", MINUS)
    clean = repr(round(float(value), max(DUST, places + 3)))
    rounded = Decimal(clean).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    return f"{abs(rounded) if rounded == 0 else rounded:,}".replace("-", MINUS)


def p_value(p: float) -> str:
    """Two significant figures, three below 0.01, "<0.001" below that; a dash when there is no p."""
    if math.isnan(p):
        return DASH
    if p < 0.001:
        return "<0.001"
    figures = 2 if float(f"{p:.3g}") >= 0.01 else 3
    return half_up(p, max(2, figures - 1 - math.floor(math.log10(float(f"{p:.{figures}g}")))))


def p_to(low: float, high: float) -> str:
    """ "0.13 to 0.34", one number where both read the same."""
    first, last = p_value(low), p_value(high)
    return first if first == last else f"{first} to {last}"


def p_equals(p: float) -> str:
    """ "p = 0.025" or "p < 0.001", for a sentence; "no p-value" without one."""
    text = p_value(p)
    if text == DASH:
        return "no p-value"
    return f"p < {text[1:]}" if text.startswith("<") else f"p = {text}"


def percent(share: float) -> str:
    """A share as a percentage with one decimal; 0 and 1 without; a dash where there is none."""
    return f"{half_up(100 * share, 0 if share in (0, 1) else 1)}%" if math.isfinite(share) else DASH


def decimals(values: np.ndarray, most: int = 2) -> int:
    """How many decimals the data carry, at most `most`.  values: float (n,), NaN ignored.  0 for whole numbers."""
    known = values[np.isfinite(values)]
    for places in range(most):
        if np.allclose(known, np.round(known, places), rtol=0, atol=1e-9):
            return places
    return most


def number(value: float, places: int) -> str:
    """A value of the data; of whole numbers a half is shown (49.5), since quartiles fall between two patients."""
    if not math.isfinite(value):
        return DASH
    if places == 0 and abs(value % 1 - 0.5) < 1e-9:
        return half_up(value, 1)
    return half_up(value, places)


def median_quartiles(median: float, p25: float, p75: float, places: int) -> str:
    """ "50 (43–58)": the median and the range of the middle half; a dash when nobody has a value."""
    if not math.isfinite(median):
        return DASH
    joint = " to " if p25 < 0 else DASH
    return f"{number(median, places)} ({number(p25, places)}{joint}{number(p75, places)})"


def count_percent(events: int, n: int) -> str:
    """ "5 (20.8%)"; a dash without patients."""
    return f"{events:,} ({percent(events / n)})" if n else DASH


def significant(value: float, figures: int = 3) -> str:
    """A number to so many significant figures, at most 4 decimals, never in powers of ten; a dash when not finite."""
    if not math.isfinite(value):
        return DASH
    if abs(value) < 0.00005:
        return "0" if value == 0 else "within ±0.0001"
    places = min(4, max(0, figures - 1 - math.floor(math.log10(abs(value)))))
    return half_up(value, places)


def effect(measure: str, value: float) -> str:
    """An estimate or a limit in the unit people read: percentage points for risks, whole patients, plain numbers
    otherwise."""
    if measure == PATIENTS and math.isfinite(value):
        return half_up(value, 0 if abs(value - round(value)) < 1e-9 else 1)
    if measure in SHARES and math.isfinite(value):
        return half_up(100 * value, 1 if value else 0)
    return significant(value, 2 if measure in RATIOS and abs(value) < 1 else 3)


def interval(measure: str, low: float, high: float) -> str:
    """ "0.41 to 3.2"; one-sided in words when a limit does not exist ("up to 3.2", "0.41 or more")."""
    if math.isfinite(low) and math.isfinite(high):
        return f"{effect(measure, low)} to {effect(measure, high)}"
    if math.isfinite(high):
        return f"up to {effect(measure, high)}"
    if math.isfinite(low):
        return f"{effect(measure, low)} or more"
    return NO_INTERVAL


def smd(value: float) -> str:
    """A standardised difference with its sign and two decimals; "unlimited" when the spread is 0 and means differ."""
    if math.isnan(value):
        return DASH
    if math.isinf(value):
        return "unlimited"
    text = half_up(value, 2)
    return text if value <= 0 or text == "0.00" else f"+{text}"


def ratio(value: float) -> str:
    """A variance ratio or another non-negative number with two decimals."""
    return half_up(value, 2) if math.isfinite(value) else DASH


def listed(items: list[str]) -> str:
    """ "a", "a and b", "a, b and c"."""
    return items[0] if len(items) == 1 else f"{', '.join(items[:-1])} and {items[-1]}" if items else ""


def capitalised(words: str) -> str:
    """With a capital letter; the rest stays (unlike str.capitalize)."""
    return words[:1].upper() + words[1:]


def isolated(name: str) -> str:
    """A name that is written from right to left, so that numbers beside it keep their places; others as they are."""
    if any(unicodedata.bidirectional(letter) in RIGHT_TO_LEFT for letter in name):
        return f"\u2068{name}\u2069"  # first strong isolate ... pop
    return name
