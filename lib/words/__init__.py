"""All text of MatchLens: numbers as text, labels, sentences, tables. Nothing is computed here."""

from .numbers import (
    DASH,
    counted,
    half_up,
    p_equals,
    p_value,
    percent,
    quoted,
)

__all__ = [
    "DASH",
    "counted",
    "half_up",
    "p_equals",
    "p_value",
    "percent",
    "quoted",
]
