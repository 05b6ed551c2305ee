"""The methods by name. A new one is a file of its own and a line here."""

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Any

from pydantic import BeforeValidator, Field

from . import full, given, nearest, optimal, subclass, weights
from .comparison import Comparison
from .far import far_caliper_note
from .full import Full
from .given import Given
from .method import Method
from .moves import with_moves
from .nearest import Nearest
from .optimal import Optimal
from .settings import DistanceSettings, MethodSettings
from .subclass import Subclass
from .weights import Weights

if TYPE_CHECKING:
    from ..cohort import Cohort
    from ..score import PropensityModel

METHODS: dict[str, Method] = {
    module.METHOD.name: module.METHOD for module in (nearest, optimal, full, weights, subclass, given)
}
AnyMethod = Nearest | Optimal | Full | Weights | Subclass | Given
USUAL = "nearest"
NOT_BUILT = ("cem", "exact", "cardinality", "risk_set")


def match(cohort: "Cohort", score: "PropensityModel", settings: MethodSettings, seed: int) -> Comparison:
    """The comparison that the settings ask for. seed: of whatever is random in it."""
    made = METHODS[name_of(settings)].make(cohort, score, settings, seed)
    made = with_moves(made, score, settings)
    note = far_caliper_note(made, settings)
    return replace(made, notes=(*made.notes, note)) if note else made


def name_of(settings: MethodSettings) -> str:
    """The method's name in the spec."""
    return str(settings.model_dump(include={"method"})["method"])


def taken_by(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    """Of plain settings those that a method takes, its name put first."""
    if name not in METHODS:
        return {"method": name}
    known = METHODS[name].settings.model_fields
    return {"method": name} | {key: value for key, value in settings.items() if key in known and key != "method"}


def switched(name: str, settings: dict[str, Any]) -> dict[str, Any]:
    """As taken_by, for a change of method: no caliper where the other method had none, since the default of a method
    that was not asked for one could cost a treated patient."""
    made = taken_by(name, settings)
    if name in METHODS and issubclass(METHODS[name].settings, DistanceSettings) and "caliper" not in made:
        made["caliper"] = None
    return made


def _named(settings: Any) -> Any:
    """Plain settings ready for the method's own section: the usual method where none is named, and another method's
    settings left out where they are null. Raises ValueError for a method that is not there and for its settings."""
    if not isinstance(settings, dict):
        return settings
    name = settings.get("method", USUAL)
    if name in NOT_BUILT:
        raise ValueError(f'`matching.method` "{name}" is not built yet; choose {_choice()}.')
    if not isinstance(name, str) or name not in METHODS:
        raise ValueError(f"`matching.method` must be {_choice()}, not {json.dumps(name, default=str)}.")
    known = METHODS[name].settings.model_fields
    foreign = [key for key in settings if key not in known and key in _all_settings()]
    stray = [key for key in foreign if settings[key] is not None]
    if name in ("nearest", "optimal") and {"min_controls", "max_controls"} & set(stray):
        raise ValueError(f"A variable ratio (`matching.{stray[0]}` with {name}) is not built yet; use full matching.")
    if stray:
        raise ValueError(f"`matching.{stray[0]}` is not a setting of `matching.method` {name}.")
    return {"method": name} | {key: value for key, value in settings.items() if key not in foreign}


def _choice() -> str:
    names = list(METHODS)
    return f"{', '.join(names[:-1])} or {names[-1]}"


def _all_settings() -> set[str]:
    return {key for method in METHODS.values() for key in method.settings.model_fields}


Matching = Annotated[AnyMethod, Field(discriminator="method"), BeforeValidator(_named)]
