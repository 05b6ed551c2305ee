"""What the command `wolf` prints."""

import json
from typing import Any

from ..sensitivity.cry_wolf import Alarms, CryWolf
from ..words import cry_wolf as words
from .plain import plain


def wolf_json(found: CryWolf) -> str:
    """All draws of one outcome as JSON, on lines; a number that does not exist is null."""
    return json.dumps(plain(_content(found)), indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def _content(found: CryWolf) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "how": found.how,
        "draws": found.draws,
        "treated": found.treated,
        "untreated": found.pool,
        "pairs": {"test": found.test} | _alarms(found.pairs),
        "quoted": _alarms(found.quoted),
        "withheld": found.withheld,
        "failed": [{"why": why, "draws": n} for why, n in found.failed],
        "sentence": words.sentence(found),
    }


def _alarms(found: Alarms) -> dict[str, Any]:
    low, high = found.limits
    return {"below_0.05": found.below, "studies": found.n, "share": found.share, "low": low, "high": high}
