"""sensitivity.json: what `python -m lib sensitivity` writes. Nothing is computed here."""

import json
from collections.abc import Hashable
from typing import Any

import numpy as np
import pandas as pd

from ..sensitivity.design_map import DesignMap
from ..sensitivity.doubted import Doubted
from ..sensitivity.e_value import EValue
from ..sensitivity.fragility import Fragility
from ..sensitivity.hidden_bias import HiddenBias
from ..sensitivity.left_out import LeftOut
from ..sensitivity.negative_control import NegativeControl
from ..sensitivity.tipping import Tipping
from ..sensitivity.whole import OutcomeSensitivity, WholeSensitivity
from ..words.to_quote import quoted_test
from .plain import plain


def sensitivity_files(found: WholeSensitivity) -> dict[str, bytes]:
    """sensitivity.json by name; equal results give equal bytes."""
    text = json.dumps(sensitivity_dict(found), indent=1, ensure_ascii=False, allow_nan=False)
    return {"sensitivity.json": f"{text}\n".encode()}


def sensitivity_dict(found: WholeSensitivity) -> dict[str, Any]:
    """The whole result as plain JSON types; what cannot be made is {"error": sentence}."""
    content = {
        "spec": found.spec.digest,
        "outcomes": [_outcome(outcome) for outcome in found.outcomes],
        "negative_controls": [_negative(one) for one in found.negative_controls],
        "fragility": _or_error(found.fragility, lambda made: _fragility(made, found)),
        "designs": _or_error(found.designs, _designs),
        "left_out": _or_error(found.left_out, _left_out),
    }
    if found.spec.sensitivity.not_comparable:
        content["not_comparable"] = _or_error(found.doubted, _doubted)
    return plain(content)


def _doubted(made: Doubted) -> dict[str, Any]:
    quoted = [(outcome.name, quoted_test(outcome)) for outcome in made.outcomes]
    return {
        "sets": [{"set": one.number, "reason": one.reason, "after_opening": one.after_opening} for one in made.said],
        "of_other_sets": made.stale,
        "sets_left": made.n_sets,
        "outcomes": [{"name": name, "p": None if test is None else test.p_value} for name, test in quoted],
    }


def _left_out(made: LeftOut) -> dict[str, Any]:
    return {
        "typical": made.typical,
        "largest": made.largest,
        "deals": made.deals,
        "covariates": _rows(made.rows),
        "sentence": made.sentence,
    }


def _designs(made: DesignMap) -> dict[str, Any]:
    return {
        "treated": made.treated,
        "method": made.method,
        "rows": _rows(made.designs),
        "methods": _rows(made.methods.assign(settings=[json.loads(text) for text in made.methods["settings"]])),
    }


def _or_error(found: Any, told) -> dict[str, Any]:
    return {"error": found} if isinstance(found, str) else told(found)


def _rows(table: pd.DataFrame) -> list[dict[Hashable, Any]]:
    return table.astype(object).where(table.notna(), None).to_dict("records")


def _outcome(outcome: OutcomeSensitivity) -> dict[str, Any]:
    return {
        "name": outcome.name,
        "kind": outcome.kind,
        "hidden_bias": _or_error(outcome.hidden_bias, _bounds),
        "e_values": [_e_value(one) for one in outcome.e_values],
        "tipping": _or_error(outcome.tipping, lambda both: {t.convention: _tipping(t) for t in both}),
        "missing": _or_error(
            outcome.missing,
            lambda made: {
                "measure": made.measure,
                "unknown_treated": made.unknown_treated,
                "unknown_control": made.unknown_control,
                "cases": _rows(made.cases),
            },
        ),
    }


def _bounds(found: HiddenBias) -> dict[str, Any]:
    return {
        "direction": "higher" if found.higher else "lower",
        "n_sets": found.n_sets,
        "method": found.method,
        "gamma_two_sided": found.crossing,
        "gamma_one_sided": found.crossing_one_sided,
        "curve": _rows(found.curve),
        "sentence": found.sentence,
    }


def _e_value(found: EValue) -> dict[str, Any]:
    return {
        "measure": found.measure,
        "method": found.method,
        "risk_ratio": found.risk_ratio,
        "e_value": found.value,
        "e_value_limit": found.limit,
        "common_outcome": found.common,
        "sentence": found.sentence,
    }


def _tipping(found: Tipping) -> dict[str, Any]:
    return {"p": found.p, "needed": _rows(found.needed), "spread": _rows(found.spread), "sentence": found.sentence}


def _negative(found: NegativeControl) -> dict[str, Any]:
    numbers = found.numbers
    return {
        "name": numbers.name,
        "level": found.level,
        "p_published": numbers.p_published,
        "p_by_set": numbers.p_by_set,
        "n_sets": numbers.n_sets,
        "sentence": found.sentence,
    }


def _fragility(made: Fragility, found: WholeSensitivity) -> dict[str, Any]:
    names = [outcome.name for outcome in found.outcomes]
    shares = made.shares.assign(control=found.person_id[made.shares["row"].to_numpy(int)]).drop(columns="row")
    return {
        "variants": len(made.variants) - 1,
        "core_controls": found.person_id[np.asarray(made.core, dtype=int)].tolist(),
        "controls": _rows(shares),
        "outcomes": [
            {"name": name, "ranges": _rows(made.ranges(name)), "hinges": _hinges(made, name, found)} for name in names
        ],
        "notes": list(made.notes),
    }


def _hinges(made: Fragility, name: str, found: WholeSensitivity) -> list[dict[Hashable, Any]]:
    table = made.hinges(name)
    return _rows(table.assign(treated=found.person_id[table["row"].to_numpy(int)]).drop(columns="row"))
