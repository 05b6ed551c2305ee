"""Numbers and words as people read them, shared by messages, notes, figures and screens. Nothing here computes."""

import math
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal

DASH = "–"
MINUS = "−"
HUGE = 1e15
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


def p_equals(p: float) -> str:
    """ "p = 0.025" or "p < 0.001", for a sentence; "no p-value" without one."""
    text = p_value(p)
    if text == DASH:
        return "no p-value"
    return f"p < {text[1:]}" if text.startswith("<") else f"p = {text}"


def percent(share: float) -> str:
    """A share as a percentage with one decimal; 0 and 1 without; a dash where there is none."""
    return f"{half_up(100 * share, 0 if share in (0, 1) else 1)}%" if math.isfinite(share) else DASH
