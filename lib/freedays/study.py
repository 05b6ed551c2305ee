"""Free days as part of an analysis: which are derived, how they join the table and the spec, and what comes of them."""

import hashlib
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..design import Comparison
from ..errors import DataError, EstimationError, SpecError
from ..inference.frame import Frame
from ..inference.notes import Note, Reason, once
from ..inference.rows import reasons
from ..spec import AnalysisSpec, Columns, FreeDays, Outcome, WinLevel
from ..table import Table, frame_digest, is_numeric, text_values
from ..words import counted, quoted
from .derive import DerivedDays, Vital, check_deaths, derive, derived_name, is_derived, vital_status
from .discharge import DAY_SUFFIX, HOW_SUFFIX, Discharge, discharge
from .episodes import Episodes, read_episodes
from .levels import Level, level_of
from .summary import SUMMARY_COLUMNS, summarise
from .win_ratio import ABOUT, WinRatio, win_ratio

USUAL = ("icu", "invasive_ventilation", "niv", "hfno", "oxygen")  # in the order of the study's Table 2
USUAL_LEVELS = ("invasive_ventilation", "icu")
SAME_DAYS_IN_FILE = {"oxygen": ("oxygen_free_days", "o2_free_days")}
NO_EPISODES = Reason(
    "no_episodes", "The spec asks for free days, which need the file of episodes; none was given, so none are derived."
)
NO_DEATHS = "Free days count deaths, and the spec has no survival outcome that tells who died when."


@dataclass(frozen=True)
class FreeDaysResult:
    """The derived free days of the N patients of the file, whose ids are person_id; their summary by arm
    (lib.freedays.summary); the win ratio of the matched sets: None where there is none, and a note says why."""

    person_id: np.ndarray
    derived: tuple[DerivedDays, ...]
    summary: pd.DataFrame
    win_ratio: WinRatio | None
    notes: tuple[Note, ...]


@dataclass(frozen=True)
class Study:
    """A table and a spec that hold the derived free days as columns and outcomes, and where these came from."""

    table: Table
    spec: AnalysisSpec
    episodes: Episodes
    vital: Vital
    derived: tuple[DerivedDays, ...]
    notes: tuple[Note, ...]
    discharge: Discharge | None = None


def from_episodes(outcome: Outcome) -> tuple[str, ...]:
    """The columns of an outcome that come from a file of episodes; () for an outcome of the cohort's own file."""
    return tuple(name for name in outcome.columns() if is_derived(name) or name.endswith((DAY_SUFFIX, HOW_SUFFIX)))


def episodes_of(table: Table, episodes: Table, id_column: str | None) -> Episodes:
    """The episodes of a cohort's file. Raises DataError, or SpecError when the cohort has no id column."""
    if id_column is None or id_column not in table.frame.columns:
        raise SpecError(
            "Episodes belong to patients, and the cohort has no column that identifies them.",
            "Name the id column: on the Data page, or as `columns.id` of the spec.",
        )
    return read_episodes(episodes, text_values(table.frame[id_column]), id_column)


def death_outcome(spec: AnalysisSpec) -> Outcome:
    """The survival outcome that tells who died when. Raises SpecError without one."""
    wanted = spec.free_days.survival if spec.free_days else None
    found = [o for o in spec.outcomes if o.kind == "survival" and wanted in (None, o.name) and not from_episodes(o)]
    if not found:
        raise SpecError(NO_DEATHS, "Add a survival outcome (days of follow-up, died or not) on the Data page.")
    return found[0]


def chosen_supports(episodes: Episodes, settings: FreeDays) -> tuple[str, ...]:
    """The supports to derive free days of. Raises SpecError when none is named and the file has none of the usual."""
    chosen = settings.supports or tuple(s for s in USUAL if s in episodes.supports)
    if not chosen:
        raise SpecError(
            f"The episodes file has none of the supports {', '.join(USUAL)}, only {quoted(episodes.supports)}.",
            "Name the supports to count in `free_days.supports`.",
        )
    return chosen


def derive_all(episodes: Episodes, vital: Vital, settings: FreeDays) -> tuple[DerivedDays, ...]:
    """Free days of every chosen support. Raises DataError or SpecError."""
    check_deaths(episodes, vital)
    return tuple(
        derive(episodes, vital, support, settings.window, settings.death, settings.never)
        for support in chosen_supports(episodes, settings)
    )


def with_columns(table: Table, derived: tuple[DerivedDays, ...], end: Discharge | None) -> Table:
    """The table with a column for each; one of that name in the file is replaced. Its digest covers both."""
    columns = {d.name: d.days for d in derived} | (end.columns if end else {})
    made = pd.DataFrame(columns, index=table.frame.index)
    digest = hashlib.sha256(f"{table.digest}\n{frame_digest(made)}".encode()).hexdigest()
    frame = pd.concat([table.frame.drop(columns=made.columns, errors="ignore"), made], axis=1)
    return replace(table, frame=frame, digest=digest)


def with_outcomes(
    spec: AnalysisSpec, derived: tuple[DerivedDays, ...], end: Discharge | None, frame: pd.DataFrame
) -> AnalysisSpec:
    """The spec with a continuous outcome for each that no outcome tells already, and the discharge if it is asked for.
    frame: the table. Raises SpecError.

    Free days that an outcome of the file equals for every patient are not added: the same numbers twice would count
    twice where p-values are adjusted for several outcomes.
    """
    read = [o.column for o in spec.outcomes if o.kind == "continuous"]
    told = [frame[name].to_numpy(dtype=float) for name in read if name in frame.columns and is_numeric(frame[name])]
    have = {o.name for o in spec.outcomes}
    new = [
        Outcome(name=d.name, kind="continuous", column=d.name, better="higher")
        for d in derived
        if d.name not in have and not any(_equal(d.days, own) for own in told)
    ]
    if end is not None:
        left = end.outcome(death_outcome(spec).horizon)
        new += [left] if left.name not in have else []
    return spec.replace(outcomes=(*spec.outcomes, *new)) if new else spec


def _equal(one: np.ndarray, other: np.ndarray) -> bool:
    return bool(np.array_equal(one, other, equal_nan=True))


def join(table: Table, spec: AnalysisSpec, episodes: Table) -> Study:
    """Table and spec with the free days of an episodes file. Raises DataError or SpecError."""
    found = episodes_of(table, episodes, spec.columns.id)
    vital = vital_status(table.frame, death_outcome(spec))
    settings = spec.free_days or FreeDays()
    derived = derive_all(found, vital, settings)
    end = discharge(found, vital, settings.discharge) if settings.discharge else None
    codes = dict.fromkeys(episodes.read_as, "file_read")
    notes = [Reason(codes.get(note, "episodes_noted"), note).about("Episodes") for note in found.notes]
    told = [note for days in derived for note in days.notes] + ([*end.notes] if end else [])
    notes += [Reason("days_derived", note).about() for note in told]
    return Study(
        with_columns(table, derived, end),
        with_outcomes(spec, derived, end, table.frame),
        found,
        vital,
        derived,
        (*notes, *(Reason("same_days", note).about() for note in agreement_notes(table.frame, derived))),
        end,
    )


def without_episodes(table: Table, spec: AnalysisSpec) -> FreeDaysResult | None:
    """What an analysis says without a file of episodes: nothing, or a note when the spec asks for free days.

    Raises DataError when an outcome of the spec would have come from that file."""
    derived = [name for o in spec.outcomes for name in from_episodes(o)]
    absent = [name for name in derived if name not in table.frame.columns]
    if absent:
        verb = "comes" if len(absent) == 1 else "come"
        raise DataError(
            f"{quoted(absent)} {verb} from the file of episodes, and none was given.",
            "Give it with --episodes, or on the Answer page.",
        )
    if spec.free_days is None:
        return None
    none = pd.DataFrame(columns=list(SUMMARY_COLUMNS))
    return FreeDaysResult(np.zeros(0, dtype=object), (), none, None, (NO_EPISODES.about(),))


def study_part(spec: AnalysisSpec) -> AnalysisSpec:
    """What `join` reads of a spec, but for its other outcomes: the key of that stage."""
    settings = spec.free_days or FreeDays()
    columns = Columns(id=spec.columns.id, treatment=spec.columns.treatment)
    survival = tuple(o for o in spec.outcomes if o.kind == "survival" and not from_episodes(o))
    return AnalysisSpec.model_construct(
        columns=columns, outcomes=survival, free_days=settings.model_copy(update={"hierarchy": ()})
    )


def agreement_notes(frame: pd.DataFrame, derived: tuple[DerivedDays, ...]) -> tuple[str, ...]:
    """Where the file has such a column of its own (icu_free_days), for how many patients the two agree."""
    same, notes = [], []
    for d in derived:
        for name in SAME_DAYS_IN_FILE.get(d.support, (f"{d.support}_free_days",)):
            if name not in frame.columns or not is_numeric(frame[name]):
                continue
            own = frame[name].to_numpy(dtype=float)
            differ = int((~((d.days == own) | (np.isnan(d.days) & np.isnan(own)))).sum())
            if differ:
                patients = counted(len(own), "patient")
                notes.append(f'{d.name} differs from column "{name}" of the file for {differ:,} of {patients}.')
            else:
                same.append(name)
    if same:
        notes.append(f"The derived free days equal {quoted(same)} of the file for every patient.")
    return tuple(notes)


def hierarchy_of(spec: AnalysisSpec, derived: tuple[DerivedDays, ...]) -> tuple[WinLevel, ...]:
    """The chosen hierarchy; else death, then the derived ventilation-free and ICU-free days."""
    chosen = spec.free_days.hierarchy if spec.free_days else ()
    if chosen:
        return chosen
    made = [d.support for d in derived]
    names = [death_outcome(spec).name, *(derived_name(s) for s in USUAL_LEVELS if s in made)]
    return tuple(WinLevel(outcome=name) for name in names)


def levels_of(cohort: Cohort, study: Study) -> tuple[Level, ...]:
    """The hierarchy's levels for the analysed patients: outcomes, and derived free days whether outcomes or not.

    Raises SpecError when a level names neither.
    """
    hierarchy = hierarchy_of(study.spec, study.derived)
    outcomes, derived = {o.name: o for o in cohort.outcome_specs}, {d.name: d for d in study.derived}
    stray = [level.outcome for level in hierarchy if level.outcome not in outcomes.keys() | derived.keys()]
    if stray:
        raise SpecError(f"The hierarchy names {quoted(stray)}, which is no outcome.", "Choose among the outcomes.")
    place = study.episodes.places(cohort.person_id)
    return tuple(
        _derived_level(level, derived[level.outcome], place)
        if level.outcome in derived
        else _outcome_level(level, outcomes[level.outcome], cohort)
        for level in hierarchy
    )


def _derived_level(chosen: WinLevel, days: DerivedDays, place: np.ndarray) -> Level:
    outcome = Outcome(name=days.name, kind="continuous", column=days.name, better="higher")
    return level_of(chosen, outcome, days.days[place], days.days[place])


def _outcome_level(chosen: WinLevel, outcome: Outcome, cohort: Cohort) -> Level:
    columns = [f"{outcome.name}.time", f"{outcome.name}.event"] if outcome.kind == "survival" else [outcome.name]
    values = cohort.outcomes[columns].to_numpy(dtype=float)[cohort.rows]
    return level_of(chosen, outcome, values[:, 0], values[:, -1])


def free_days_result(study: Study, cohort: Cohort, sample: Comparison) -> FreeDaysResult:
    """The derived days and the win ratio of the matched sets. Raises SpecError for a hierarchy that cannot be."""
    levels = levels_of(cohort, study)
    frame = Frame.of(cohort.rows, sample)
    blocks = frame.blocks(np.ones(cohort.n, dtype=bool))
    ids = study.episodes.person_id
    summary = summarise(study.derived, study.episodes, cohort, sample)
    try:
        found = win_ratio(levels, blocks, study.spec.seed, overlap=not frame.by_set)
    except EstimationError as error:
        refused = Reason("no_win_ratio", str(error)).about(ABOUT)
        return FreeDaysResult(ids, study.derived, summary, None, (*study.notes, refused))
    lacking = [reason.about(ABOUT) for reason in reasons([found.test], list(found.estimates))]
    notes = once((*study.notes, *found.notes, *lacking))
    return FreeDaysResult(ids, study.derived, summary, found, notes)
