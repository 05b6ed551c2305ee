"""The arguments of a call become a spec: flat names go to the section that they belong to, the rest to `matching`."""

from collections.abc import Mapping
from typing import Any

from ..design.methods import USUAL, taken_by
from ..errors import SpecError
from ..spec import AnalysisSpec, Columns

SHORT = {"treated": "treated_value"}  # names of a call that the spec spells out
NO_CALIPER = {"caliper": None}  # what a call asks for unless it says otherwise; a spec.json has 0.2 for nearest


def binary(column: str | None = None, event: Any = None, **settings: Any) -> dict[str, Any]:
    """An outcome that happened or not. column: the outcome's own name unless given. event: the value that counts as the
    event, by default the larger of two. settings: what a spec says of an outcome (`primary`, `negative_control`, ...).

    >>> ml.binary(event="dead", primary=True)
    {'kind': 'binary', 'event_value': 'dead', 'primary': True}
    """
    return _given("binary", column=column, event_value=event) | settings


def continuous(column: str | None = None, baseline: str | None = None, **settings: Any) -> dict[str, Any]:
    """An outcome that is a number. column: the outcome's own name unless given. baseline: the column of the same number
    on day 0, for the before-and-after figure. settings: as for `binary`."""
    return _given("continuous", column=column, baseline=baseline) | settings


def survival(time: str, event: str, horizon: float | None = None, **settings: Any) -> dict[str, Any]:
    """A time to an event. time, event: columns; horizon: the moment, in the unit of time, at which curves end and are
    read; the last follow-up unless given. settings: as for `binary`, also `event_value`, `competing_values`, `times`.

    >>> ml.survival("days", "death", horizon=60)
    {'kind': 'survival', 'time': 'days', 'event': 'death', 'horizon': 60}
    """
    return _given("survival", time=time, event=event, horizon=horizon) | settings


def _given(kind: str, **settings: Any) -> dict[str, Any]:
    return {"kind": kind} | {key: value for key, value in settings.items() if value is not None}


def new_spec(settings: Mapping[str, Any]) -> AnalysisSpec:
    """The spec of flat settings (see `sections`), without a caliper unless one is given. Raises SpecError."""
    made = sections(settings)
    return AnalysisSpec.from_dict(made | {"matching": _without_caliper(made["matching"])})


def changed_spec(spec: AnalysisSpec, changes: Mapping[str, Any]) -> AnalysisSpec:
    """The spec with flat settings changed and everything else kept; another method keeps what it takes too. Raises
    SpecError."""
    kept, made = spec.model_dump(mode="json", exclude_unset=True), sections(changes)
    columns = kept["columns"] | made["columns"]
    matching = _changed_matching(kept.get("matching", {}), made["matching"])
    return AnalysisSpec.from_dict(kept | made | {"columns": columns, "matching": matching})


def _changed_matching(kept: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    method = kept.get("method", USUAL)
    if changes.get("method", method) == method:
        return kept | changes
    return _without_caliper(taken_by(changes["method"], kept) | changes)


def _without_caliper(matching: dict[str, Any]) -> dict[str, Any]:
    """No caliper unless one is given: of the methods only the usual one has one by default."""
    return NO_CALIPER | matching if matching.get("method", USUAL) == USUAL else matching


def sections(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Flat settings by section of the spec: those of `columns` there, whole sections under their own names, any other
    to `matching`, where the spec refuses what it does not know. `columns` and `matching` are always there.

    Raises SpecError for outcomes that are not named ones.
    """
    columns: dict[str, Any] = {}
    whole: dict[str, Any] = {}
    matching: dict[str, Any] = {}
    for name, value in settings.items():
        key = SHORT.get(name, name)
        home = columns if key in Columns.model_fields else whole if key in AnalysisSpec.model_fields else matching
        home[key] = _outcomes(value) if key == "outcomes" else plain_python(value)
    return {"columns": whole.pop("columns", {}) | columns, "matching": whole.pop("matching", {}) | matching} | whole


def plain_python(value: Any) -> Any:
    """Arrays, indexes and numpy numbers as Python's own; everything else as it is."""
    for method in ("tolist", "to_list"):
        if hasattr(value, method):
            return getattr(value, method)()
    if isinstance(value, Mapping):
        return {key: plain_python(item) for key, item in value.items()}
    return [plain_python(item) for item in value] if isinstance(value, (list, tuple)) else value


def _outcomes(asked: Any) -> list[dict[str, Any]]:
    if not isinstance(asked, Mapping):
        raise _not_outcomes("`outcomes` must name each outcome with its kind.")
    return [_outcome(str(name), outcome) for name, outcome in asked.items()]


def _outcome(name: str, asked: Any) -> dict[str, Any]:
    if not isinstance(asked, Mapping):
        raise _not_outcomes(f'Outcome "{name}" must be ml.binary(), ml.continuous() or ml.survival(time=, event=).')
    column = {} if asked.get("kind") == "survival" else {"column": name}
    return {"name": name} | column | plain_python(asked)


def _not_outcomes(sentence: str) -> SpecError:
    return SpecError(sentence, 'Write for example outcomes={"death_28d": ml.binary(event="yes")}.')
