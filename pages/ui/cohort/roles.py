"""What each column is, as a table that people edit, and from that table back to a spec."""

from collections.abc import Mapping

from lib.errors import SpecError
from lib.spec import AnalysisSpec, Outcome
from lib.words.numbers import listed

ID, TREATMENT, COVARIATE, UNUSED = "Patient id", "Treatment", "Covariate", "Not used"
DESCRIBED = "Shown in Table 1, not matched"
BINARY, CONTINUOUS = "Outcome: yes or no", "Outcome: number"
TIME, EVENT = "Outcome: time to event", "Outcome: event at that time"
ROLES = (TREATMENT, COVARIATE, DESCRIBED, BINARY, CONTINUOUS, TIME, EVENT, ID, UNUSED)
OUTCOME_ROLES = (BINARY, CONTINUOUS, TIME, EVENT)


def roles_of(names: list[str], spec: AnalysisSpec) -> dict[str, str]:
    """The role of every column of the file. A column that is an outcome of its own and the event of a survival outcome
    shows the former."""
    roles = dict.fromkeys(names, UNUSED) | dict.fromkeys(spec.columns.covariates, COVARIATE)
    roles |= dict.fromkeys(spec.columns.described, DESCRIBED)
    for outcome in spec.outcomes:
        if outcome.kind == "survival":
            roles[outcome.time] = TIME
            if roles.get(outcome.event) != BINARY:
                roles[outcome.event] = EVENT
    single = {o.column: BINARY if o.kind == "binary" else CONTINUOUS for o in spec.outcomes if o.kind != "survival"}
    roles |= single | ({spec.columns.treatment: TREATMENT} if spec.columns.treatment else {})
    return roles | {spec.columns.id: ID} if spec.columns.id else roles


def spec_of(
    roles: Mapping[str, str],
    factors: list[str],
    before: AnalysisSpec | None,
    labels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    normal: Mapping[str, str] | None = None,
) -> AnalysisSpec:
    """The spec in which every column has the role given, all other settings as they were.

    roles: column -> one of ROLES, in file order.  factors: columns ticked as categories.
    labels, units, normal: as in the spec's columns; None as they were.  Raises SpecError.
    """
    treatment = only(roles, TREATMENT)
    if treatment is None:
        raise SpecError(
            "No column is marked as the treatment.",
            f'Give the column that says who was treated the role "{TREATMENT}"; it needs two values.',
        )
    covariates = in_old_order(columns_with(roles, COVARIATE), before.columns.covariates if before else ())
    outcomes = outcomes_of(roles, before.outcomes, roles_of(list(roles), before)) if before else outcomes_of(roles)
    settings = {
        "columns": (before.columns.model_dump(mode="json") if before else {})
        | {
            "id": only(roles, ID),
            "treatment": treatment,
            "treated_value": before.columns.treated_value if before and before.columns.treatment == treatment else None,
            "covariates": covariates,
            "categorical": [c for c in covariates if c in factors],
            "log": [c for c in before.columns.log if c in covariates and c not in factors] if before else [],
            "labels": words_of(roles, labels, before.columns.labels if before else {}),
            "units": words_of(roles, units, before.columns.units if before else {}),
            "normal": words_of(roles, normal, before.columns.normal if before else {}),
            "described": in_old_order(columns_with(roles, DESCRIBED), before.columns.described if before else ()),
        },
        "outcomes": outcomes,
    }
    return before.replace(**settings) if before else AnalysisSpec.from_dict(settings)


def words_of(roles: Mapping[str, str], now: Mapping[str, str] | None, before: Mapping[str, str]) -> dict[str, str]:
    """What is said now, None as it was; columns that are not among those of `roles` keep their words."""
    if now is None:
        return dict(before)
    return {name: said for name, said in before.items() if name not in roles} | dict(now)


def outcomes_of(
    roles: Mapping[str, str], before: tuple[Outcome, ...] = (), shown: Mapping[str, str] | None = None
) -> list[dict]:
    """Outcomes whose columns kept their role, or got one that still fits, stay as they are; new ones are added, and
    times are paired with events.  shown: the roles as they stood before any edit."""
    kept = [o for o in before if unchanged(o, roles, shown or {}) or allowed(o, roles)]
    taken = {c for o in kept for c in o.columns()}
    new = [
        {"name": c, "kind": kind, "column": c}
        for role, kind in ((BINARY, "binary"), (CONTINUOUS, "continuous"))
        for c in columns_with(roles, role)
        if c not in {o.column for o in kept}
    ]
    times, events = ([c for c in columns_with(roles, role) if c not in taken] for role in (TIME, EVENT))
    return [o.model_dump(mode="json") for o in kept] + new + paired(times, events)


def unchanged(outcome: Outcome, roles: Mapping[str, str], shown: Mapping[str, str]) -> bool:
    """Whether nobody touched the columns of an outcome."""
    return all(roles.get(c) == shown.get(c) for c in outcome.columns())


def allowed(outcome: Outcome, roles: Mapping[str, str]) -> bool:
    """Whether an outcome still makes sense under the roles that its columns have now."""
    if outcome.kind == "survival":
        return roles.get(outcome.time) in (TIME, CONTINUOUS) and roles.get(outcome.event) in (EVENT, BINARY)
    return roles.get(outcome.column) == (BINARY if outcome.kind == "binary" else CONTINUOUS)


def paired(times: list[str], events: list[str]) -> list[dict]:
    """New survival outcomes, first time with first event. Raises SpecError while one of them is alone."""
    if len(times) > len(events):
        raise SpecError(
            f'"{times[len(events)]}" is a time without an event.',
            f'Give the column that says what had happened at that time the role "{EVENT}", '
            "or add the outcome under Outcomes if that column has another role already.",
        )
    if len(events) > len(times):
        raise SpecError(
            f'"{events[len(times)]}" is an event without a time.',
            f'Give the column with the time to it the role "{TIME}", or choose "{BINARY}" for the event.',
        )
    return [
        {"name": time, "kind": "survival", "time": time, "event": event}
        for time, event in zip(times, events, strict=True)
    ]


def columns_with(roles: Mapping[str, str], role: str) -> list[str]:
    """The columns that have this role, in file order."""
    return [column for column, given in roles.items() if given == role]


def only(roles: Mapping[str, str], role: str) -> str | None:
    """The one column with this role, None without any. Raises SpecError when several have it."""
    found = columns_with(roles, role)
    if len(found) > 1:
        names = listed([f'"{name}"' for name in found])
        raise SpecError(
            f"{names} have the role {role}; only one column can.",
            f'Keep it for one of them and give the others another role, such as "{UNUSED}".',
        )
    return found[0] if found else None


def in_old_order(now: list[str], before: tuple[str, ...]) -> list[str]:
    """Names that were there keep their order; new ones follow."""
    return [name for name in before if name in now] + [name for name in now if name not in before]
