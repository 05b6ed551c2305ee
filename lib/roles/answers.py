"""A question answered: the spec that follows, as if the column had been plain from the start."""

from typing import Any

from ..errors import SpecError
from ..questions import Question
from ..spec import AnalysisSpec, Derived
from ..table import Table, sorted_levels
from .columns import find_roles, known_only_in_one_arm
from .evidence import evidence
from .facts import column_facts
from .guess import LIMIT_RULES, event_settings, usual_ratio
from .persons import id_questions
from .treatment import which_value


def answered(spec: AnalysisSpec, table: Table, question: Question, candidate: str) -> AnalysisSpec:
    """The spec with one question answered by one of its candidates, and taken from `spec.questions`.

    A first answer may raise a second question (which value, once the column is chosen). After a change of `reading` the
    file has to be read again. Raises SpecError for an answer that is no candidate.
    """
    if candidate not in question.candidates:
        raise SpecError(f'"{candidate}" is not an answer to this question.', "Choose one of its candidates.")
    answer = {
        "treatment": _treatment,
        "event": _event,
        "time": _time,
        "id": _id,
        "number": _number,
        "role": _role,
    }[question.about]
    return answer(dismissed_only(spec, question), table, question, candidate)


def dismissed(spec: AnalysisSpec, question: Question) -> AnalysisSpec:
    """The spec with a question left alone: an outcome whose event nobody named goes, and an event without a time is an
    outcome of yes or no. Nothing else changes."""
    left = dismissed_only(spec, question)
    if question.about == "event":
        kept = [o for o in left.outcomes if question.column not in o.columns() or o.event_value is not None]
        return left.replace(outcomes=_with_primary([o.model_dump(mode="json") for o in kept]))
    if question.about == "time":
        return _without_time(left, str(question.column))
    return left


def dismissed_only(spec: AnalysisSpec, question: Question) -> AnalysisSpec:
    """The spec without a question, all else as it was."""
    return spec.replace(questions=[one.model_dump() for one in spec.questions if one != question])


def _asked(spec: AnalysisSpec, *more: Question) -> list[dict[str, Any]]:
    """The open questions with further ones in front."""
    return [one.model_dump() for one in dict.fromkeys((*more, *spec.questions))]


def _treatment(spec: AnalysisSpec, table: Table, question: Question, candidate: str) -> AnalysisSpec:
    if question.column is not None:
        columns = spec.columns.model_dump(mode="json") | {"treatment": question.column, "treated_value": candidate}
        return _with_ratio(spec.replace(columns=columns), table)
    found = which_value(column_facts(table.frame[candidate]))
    columns = spec.columns.model_dump(mode="json") | {"treatment": candidate, "treated_value": found.treated}
    columns["id"] = None if columns["id"] == candidate else columns["id"]
    gone = {candidate, *known_only_in_one_arm(table, candidate, spec.columns.covariates)}
    for key in ("covariates", "categorical", "log", "described"):
        columns[key] = [name for name in columns[key] if name not in gone]
    outcomes = [o.model_dump(mode="json") for o in spec.outcomes if candidate not in o.columns()]
    others = [one for one in spec.questions if one.column != candidate]
    ids = id_questions(table.frame, columns["id"], candidate)
    others = [ids[0] if one.about == "id" and ids else one for one in others]
    questions = [one.model_dump() for one in (*found.questions, *others)]
    made = spec.replace(columns=columns, outcomes=_with_primary(outcomes), questions=questions)
    return _with_ratio(made, table)


def _with_ratio(spec: AnalysisSpec, table: Table) -> AnalysisSpec:
    """The usual ratio, which could not be known without the arms, where nobody has chosen another than 1."""
    columns = spec.columns
    if columns.treated_value is None or getattr(spec.matching, "ratio", None) != 1:
        return spec
    ratio = usual_ratio(table, columns.treatment, columns.treated_value)
    return spec.replace(matching=spec.matching.model_dump(mode="json") | {"ratio": ratio})


def _event(spec: AnalysisSpec, table: Table, question: Question, candidate: str) -> AnalysisSpec:
    column = str(question.column)
    levels = sorted_levels(table.frame[column]) if column in table.frame else []
    if candidate in ("no_event", "missing") and candidate not in levels:
        return _with_event(spec, column, {"empty": candidate})
    if candidate in levels:
        return _with_event(spec, column, {"event_value": candidate})
    return _with_survival(spec, table, column, candidate)


def _with_event(spec: AnalysisSpec, column: str, settings: dict[str, str]) -> AnalysisSpec:
    """Every outcome that reads its event from this column gets the settings; a new one where there is none."""
    outcomes, used = [], False
    for outcome in spec.outcomes:
        mine = column == (outcome.event if outcome.kind == "survival" else outcome.column)
        mine = mine and outcome.kind != "continuous"
        competing = [value for value in outcome.competing_values if value != settings.get("event_value")]
        changes = settings | {"competing_values": competing} if mine else {}
        outcomes.append(outcome.model_dump(mode="json") | changes)
        used = used or mine
    if not used:
        outcomes.append({"name": column, "kind": "binary", "column": column} | settings)
    return spec.replace(outcomes=_with_primary(outcomes))


def _time(spec: AnalysisSpec, table: Table, question: Question, candidate: str) -> AnalysisSpec:
    return _with_survival(spec, table, candidate, str(question.column))


def _with_survival(spec: AnalysisSpec, table: Table, time: str, event: str) -> AnalysisSpec:
    """One survival outcome of this time and event, in the place of any outcome that reads the event."""
    old = [o for o in spec.outcomes if event in o.columns()]
    kept = [o.model_dump(mode="json") for o in spec.outcomes if event not in o.columns() and time not in o.columns()]
    settings, more = event_settings(column_facts(table.frame[event]))
    told = next((o for o in old if o.event_value is not None), None)
    if told is not None:
        settings, more = {"event_value": told.event_value, "empty": told.empty}, []
    names = {outcome["name"] for outcome in kept}
    name = "survival" if "survival" not in names else f"survival: {time}"
    primary = any(o.primary for o in old)
    new = {"name": name, "kind": "survival", "time": time, "event": event, "primary": primary, **settings}
    covariates = spec.columns.model_dump(mode="json")
    for key in ("covariates", "categorical", "log", "described"):
        covariates[key] = [c for c in covariates[key] if c not in (time, event)]
    return spec.replace(
        columns=covariates,
        derived=_derived(spec, table, time, {name for o in old for name in o.columns()}),
        outcomes=_with_primary([*kept, new]),
        questions=_asked(spec, *more),
    )


def _derived(spec: AnalysisSpec, table: Table, time: str, replaced: set[str]) -> list[dict[str, Any]]:
    """The derived columns that a time needs, in the order in which they are made, beside those of other outcomes."""
    offered = {one.name: one for one in (*find_roles(table).survival.derived, *spec.derived)}
    needed = _parts(offered, time)
    own = {one.name for name in replaced for one in _parts(offered, name)}
    kept = [one for one in spec.derived if one.name not in own and one not in needed]
    return [one.model_dump(mode="json") for one in (*kept, *needed)]


def _parts(offered: dict[str, Derived], name: str) -> list[Derived]:
    """A derived column and those that it is made of, parts first; [] for a column of the file."""
    if name not in offered:
        return []
    return [*(part for column in offered[name].columns for part in _parts(offered, column)), offered[name]]


def _without_time(spec: AnalysisSpec, event: str) -> AnalysisSpec:
    """Outcomes with this event read it as yes or no."""
    outcomes, dropped = [], set()
    for outcome in spec.outcomes:
        made = outcome.model_dump(mode="json")
        if outcome.kind == "survival" and outcome.event == event:
            dropped.add(outcome.time)
            made = {"name": event, "kind": "binary", "column": event, "primary": outcome.primary}
            made |= {"event_value": outcome.event_value, "empty": outcome.empty}
        outcomes.append(made)
    offered = {one.name: one for one in spec.derived}
    gone = {part.name for time in dropped if time for part in _parts(offered, time)}
    derived = [one.model_dump(mode="json") for one in spec.derived if one.name not in gone]
    return spec.replace(outcomes=outcomes, derived=derived)


def _id(spec: AnalysisSpec, table: Table, question: Question, candidate: str) -> AnalysisSpec:
    return spec.replace(columns=spec.columns.model_dump(mode="json") | {"repeated_ids": candidate})


def _number(spec: AnalysisSpec, table: Table, question: Question, candidate: str) -> AnalysisSpec:
    column = str(question.column)
    if candidate not in LIMIT_RULES:
        key, sign = ("thousands" if candidate.startswith("thousands") else "decimal"), _sign(candidate)
        reading = spec.reading.model_dump(mode="json")
        return spec.replace(reading=reading | {key: reading[key] | {column: sign}})
    columns = spec.columns.model_dump(mode="json")
    columns["below_limit"] = columns["below_limit"] | {column: candidate}
    seen = evidence(column_facts(table.frame[column], table.labels.get(column, ""), table.units.get(column, "")))
    used = {*columns["covariates"], *columns["described"]} | {c for o in spec.outcomes for c in o.columns()}
    outcomes = [o.model_dump(mode="json") for o in spec.outcomes]
    if column not in used and seen.side == "before":
        columns["covariates"] = [*columns["covariates"], column]
    if column not in used and seen.side == "after":
        outcomes.append({"name": column, "kind": "continuous", "column": column})
    return spec.replace(columns=columns, outcomes=_with_primary(outcomes))


def _sign(candidate: str) -> str:
    """The mark that an answer about thousands and decimals speaks of: "1,234" or "1.234"."""
    return "," if "1,234" in candidate else "."


def _role(spec: AnalysisSpec, table: Table, question: Question, candidate: str) -> AnalysisSpec:
    """A column said to be known before; the others of the question stay open."""
    columns = spec.columns.model_dump(mode="json")
    columns["covariates"] = [*(name for name in columns["covariates"] if name != candidate), candidate]
    rest = tuple(name for name in question.candidates if name != candidate)
    more = [question.model_copy(update={"candidates": rest})] if rest else []
    questions = [one.model_dump() for one in (*spec.questions, *more)]
    return spec.replace(columns=columns, questions=questions)


def _with_primary(outcomes: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Outcomes of which one is primary: the first event where none was, else the first."""
    if outcomes and not any(outcome.get("primary") for outcome in outcomes):
        events = [outcome for outcome in outcomes if outcome["kind"] != "continuous"]
        able = [outcome for outcome in (events or outcomes) if not outcome.get("negative_control")]
        for first in able[:1]:
            first["primary"] = True
    return outcomes
