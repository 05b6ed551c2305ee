"""What a spec file may be before it is read: nobody's settings are so long or so deep, and a hostile file must not keep
a session busy."""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, NoReturn

from ..errors import SpecError
from ..words import counted

MOST_BYTES = 2_000_000
MOST_DEPTH = 30
MOST_ENTRIES = 10_000  # of one list or object; a table has no more columns
MOST_LETTERS = 10_000  # of one text
MOST_DIGITS = 18  # of a whole number
SAVE_AGAIN = "Save the spec again from the Data page."
SHORTEN = "Shorten it, or save the spec again from the Data page."
STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
BRACKET = re.compile(r"[\[\]{}]")


def settings_of(text: str | bytes) -> Any:
    """The settings of a spec file as plain values, none of them checked yet.

    Raises SpecError for what is no JSON, too long, too deep, and for numbers and text that JSON has no place for."""
    if len(text) > MOST_BYTES:
        raise SpecError(f"The spec file is longer than {MOST_BYTES // 1_000_000} MB.", SHORTEN)
    decoded = _decoded(text)
    if _depth(decoded) > MOST_DEPTH:
        raise SpecError(f"The spec file is nested more than {MOST_DEPTH} deep.", SAVE_AGAIN)
    try:
        settings = json.loads(
            decoded, object_pairs_hook=_object, parse_constant=_constant, parse_float=_float, parse_int=_int
        )
    except json.JSONDecodeError:
        raise _no_json() from None
    _check(settings)
    return settings


def _decoded(text: str | bytes) -> str:
    try:
        decoded = text if isinstance(text, str) else text.decode(json.detect_encoding(text))
    except UnicodeDecodeError:
        raise _no_json() from None
    return decoded.removeprefix("\ufeff")


def _no_json() -> SpecError:
    return SpecError("The spec file is not valid JSON.", SAVE_AGAIN)


def _depth(text: str) -> int:
    """How many brackets are open at once at most, outside of texts."""
    deepest = depth = 0
    for bracket in BRACKET.findall(STRING.sub("", text)):
        depth += 1 if bracket in "[{" else -1
        deepest = max(deepest, depth)
    return deepest


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for place, name in enumerate(names) if name in names[:place])
        raise SpecError(f"The spec file sets `{_short(twice)}` twice in one place.", "Keep one of them.")
    return made


def _constant(name: str) -> NoReturn:
    raise SpecError(f"The spec file holds {name}, which is not a number.", "Write null where there is no number.")


def _float(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise SpecError(
            f"The spec file holds the number {_short(text)}, which is too large.", "Correct it in the spec."
        )
    return number


def _int(text: str) -> int:
    if len(text.lstrip("-")) > MOST_DIGITS:
        raise SpecError(
            f"The spec file holds a whole number of {counted(len(text.lstrip('-')), 'digit')}, which is too large.",
            "Correct it in the spec.",
        )
    return int(text)


def _short(text: str) -> str:
    shown = text.encode(errors="replace").decode()
    return shown if len(shown) <= 40 else f"{shown[:40]}..."


def _check(settings: Any) -> None:
    """Raise SpecError for a list, an object or a text that is too long, and for a text that is half a character."""
    for value in _values(settings):
        if isinstance(value, (list, dict)) and len(value) > MOST_ENTRIES:
            raise SpecError(
                f"The spec file holds a list of {len(value):,} entries; {MOST_ENTRIES:,} are enough.", SHORTEN
            )
        if isinstance(value, str) and len(value) > MOST_LETTERS:
            raise SpecError(
                f"The spec file holds a text of {len(value):,} letters; {MOST_LETTERS:,} are enough.", SHORTEN
            )
        if isinstance(value, str) and not value.isascii() and any("\ud800" <= letter <= "\udfff" for letter in value):
            raise SpecError("The spec file holds half a character, which is no text.", SAVE_AGAIN)


def _values(value: Any) -> Iterator[Any]:
    """Every value, the keys of objects among them."""
    waiting = [value]
    while waiting:
        value = waiting.pop()
        yield value
        if isinstance(value, dict):
            waiting += [*value.keys(), *value.values()]
        elif isinstance(value, list):
            waiting += value
