"""What the command `check` prints."""

import json
from typing import Any

from ..check import Checked
from ..words import check as words
from .plain import plain


def check_json(one: Checked) -> str:
    """One outcome of a paper as JSON, on lines; a number that does not exist is null."""
    return json.dumps(plain(_content(one)), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _content(one: Checked) -> dict[str, Any]:
    found, (low, high) = one.by_set, one.as_pairs
    printed = one.claim.p
    return {
        "sentence": words.headline(one),
        "treated": one.design.treated,
        "controls": one.design.total,
        "events": one.claim.events,
        "as_pairs": {"p_low": low, "p_high": high, "pairs": one.design.total, "test": "mcnemar_pairs"},
        "by_set": {
            "p_low": found.p_low,
            "p_high": found.p_high,
            "placements": found.placements,
            "sets": one.design.treated,
            "test": "exact_by_set",
            "complete": found.complete,
            "share_at_most_0.05": found.below,
            "events_per_set_low": [n for n in found.example(True) if n],
            "events_per_set_high": [n for n in found.example(False) if n],
        },
        "smallest_p": one.design.smallest_p,
        "impossible": [
            {"arm": bad.arm, "printed": bad.printed, "n": bad.n, "events": bad.events}
            | {"text": words.impossible_sentence(bad)}
            for bad in one.impossible
        ],
        "printed_p": None if printed is None else {"printed": str(printed), "same_as": one.same_as},
    }
