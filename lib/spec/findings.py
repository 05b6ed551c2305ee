"""What is wrong with a spec, in one sentence: pydantic's findings as SpecError."""

import json
from typing import Any

from pydantic import BaseModel, ValidationError

from ..errors import SpecError

WANTED = {
    "greater_than": "above {gt:g}",
    "less_than": "below {lt:g}",
    "greater_than_equal": "{ge:g} or more",
    "less_than_equal": "{le:g} or less",
    "literal_error": "{expected}",
    "string_too_short": "a text that is not empty",
    "finite_number": "a finite number",
    "int": "a whole number",
    "float": "a number",
    "bool": "true or false",
    "tuple": "a list",
    "string": "a text",
    "dict": "an object of settings",
    "model": "an object of settings",
}


def spec_error(error: ValidationError) -> SpecError:
    """The first thing that pydantic found wrong."""
    first = error.errors()[0]
    path = ".".join(_parts(first["loc"]))
    named = f"`{path}`" if path else "The spec"
    if first["type"] == "value_error":
        return SpecError(str(first["ctx"]["error"]), "Change the spec and run again.")
    if first["type"] == "extra_forbidden":
        return SpecError(f"{named} is not a setting of MatchLens.", "Remove it or correct its spelling.")
    if first["type"] == "missing":
        return SpecError(f"{named} is missing from the spec.", "Add it; every key but columns has a default.")
    if first["type"] == "too_long":
        most, given = first["ctx"]["max_length"], first["ctx"]["actual_length"]
        return SpecError(f"{named} has {given:,} entries; {most:,} are the most.", "Shorten it in the spec.")
    got = _shown(first["input"])
    wanted = WANTED.get(first["type"]) or WANTED.get(first["type"].split("_")[0]) or "of another kind"
    return SpecError(f"{named} must be {wanted.format(**first.get('ctx', {}))}, not {got}.", "Correct it in the spec.")


def _parts(loc: tuple[int | str, ...]) -> list[str]:
    """The path into the spec, without the marks that pydantic puts in for alternatives (among them the method)."""
    kept = [str(part) for part in loc if part not in ("float", "str") and "[" not in str(part)]
    return [part for at, part in enumerate(kept) if not (at == 1 and kept[0] == "matching" and len(kept) > 2)]


def _shown(value: Any) -> str:
    if isinstance(value, (dict, BaseModel)):
        return "an object"
    return "a list" if isinstance(value, (list, tuple)) else json.dumps(value, default=str)
