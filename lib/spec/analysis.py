"""AnalysisSpec: every choice of one analysis, frozen, validated, JSON both ways. It holds no data."""

import hashlib
import json
from collections import Counter
from collections.abc import Callable
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field, ValidationError, model_validator

from ..design.methods import Matching
from ..design.nearest import Nearest
from ..questions import Question
from ..settings import Section
from ..words import quoted
from .findings import spec_error
from .gate import settings_of
from .propensity import Propensity
from .reading import Derived, Reading, Rule

MOST = 500  # outcomes, rules and the like; each is work of its own
MOST_TIMES = 5000
SHOWN = 3  # names in a sentence


def as_text(value: Any) -> str | None:
    """A value as the text that a file would hold: 1, 1.0, "1" and True-as-1 files all read "1". None stays None."""
    if value is None:
        return None
    if isinstance(value, bool):
        return str(value)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


Text = Annotated[str, BeforeValidator(as_text)]


class Columns(Section):
    """Which column is what. `treated_value` None means the larger of the two values; `log` lists covariates that enter
    the propensity model as natural logarithms (balance stays in their own units); `described` lists further columns
    known at baseline that Table 1 shows, and that nothing is matched on. `labels` and `units` say how a column is
    called and what it counts in, for readers, and `normal` the values of healthy people ("1.10-3.70"); no number
    depends on them. `treatment_day` is the column with the day, from time zero, on which a treated patient was treated.
    `below_limit`: what stands for a text such as "<0.3" among the numbers of a column. `repeated_ids`: what to do where
    ids repeat (stop; the first row of each; every row a patient of its own). `identifiers` names columns that may
    identify a patient and are shown and exported all the same."""

    id: str | None = None
    treatment: str
    treated_value: Text | None = None
    covariates: tuple[str, ...] = ()
    categorical: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    described: tuple[str, ...] = ()
    labels: dict[str, str] = {}
    units: dict[str, str] = {}
    normal: dict[str, str] = {}
    treatment_day: str | None = None
    below_limit: dict[str, Rule] = {}
    repeated_ids: Literal["stop", "first", "rows"] = "stop"
    identifiers: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _consistent(self) -> "Columns":
        shown = (*self.covariates, *self.described)
        if len(set(shown)) < len(shown):
            raise ValueError("`columns.covariates` and `columns.described` name a column twice.")
        covariates, factors = set(self.covariates), set(self.categorical)
        for key in ("categorical", "log"):
            stray = [c for c in getattr(self, key) if c not in covariates]
            if stray:
                raise ValueError(f"`columns.{key}` names {quoted(stray[:SHOWN])}, which is not among the covariates.")
        both = [c for c in self.log if c in factors]
        if both:
            raise ValueError(f"{quoted(both)} cannot be both a factor and on the log scale.")
        if self.treatment in shown or self.id in shown:
            raise ValueError("The treatment and id columns cannot be covariates.")
        if self.treatment == self.id:
            raise ValueError(f'"{self.id}" cannot be both the treatment and the id.')
        return self


class EligibilityRule(Section):
    """Rows stay when `column op value` holds; a row with a missing value is dropped by the rule."""

    column: str
    op: Literal[">=", "<=", ">", "<", "==", "!=", "in", "not in"]
    value: float | str | tuple[float | str, ...]

    @model_validator(mode="after")
    def _shape(self) -> "EligibilityRule":
        if (self.op in ("in", "not in")) != isinstance(self.value, tuple):
            wanted = "a list" if self.op in ("in", "not in") else "one value"
            raise ValueError(f'Eligibility "{self.op}" on "{self.column}" needs {wanted}.')
        if self.op in (">=", "<=", ">", "<") and not isinstance(self.value, float):
            raise ValueError(f'Eligibility "{self.op}" on "{self.column}" needs a number.')
        return self

    def label(self) -> str:
        """The rule in words, for the flow diagram."""
        if isinstance(self.value, tuple):
            return f"{self.column} {self.op} {', '.join(str(as_text(v)) for v in self.value)}"
        return f"{self.column} {self.op} {as_text(self.value)}"


class Outcome(Section):
    """One outcome. binary and continuous need `column`; survival needs `time` and `event`. `event_value` is the value
    of a binary (or event) column that counts as the event; None is 1 of 0 and 1, the larger of two other numbers, the
    one that words make it (dead, yes), and refused where they do not tell. `empty` says what an empty cell of that
    column means: "missing" or "no_event" (a column with an x, or nothing); None is missing, and refused where the
    column holds one value alone. `competing_values` are the values of a survival outcome's event
    column that end the time otherwise than by the event (discharged alive); the one value left means censored. `times`
    are the moments at which survival is tabulated, also beyond the horizon; () means the ticks of the numbers at risk.
    `baseline` names the day-0 column of a continuous outcome, for the before-and-after figure. `negative_control` marks
    an outcome that treatment cannot change: a difference in it is a warning of something that was not measured.
    `label` and `unit` are for readers. `better`: which way is the good one; None: not said (of an event: lower)."""

    name: str = Field(min_length=1)
    kind: Literal["binary", "continuous", "survival"]
    column: str | None = None
    time: str | None = None
    event: str | None = None
    event_value: Text | None = None
    empty: Literal["missing", "no_event"] | None = None
    competing_values: tuple[Text, ...] = Field(default=(), max_length=MOST)
    horizon: float | None = Field(default=None, gt=0)
    times: tuple[Annotated[float, Field(gt=0)], ...] = Field(default=(), max_length=MOST_TIMES)
    baseline: str | None = None
    primary: bool = False
    negative_control: bool = False
    label: str | None = None
    unit: str | None = None
    better: Literal["higher", "lower"] | None = None

    @model_validator(mode="after")
    def _complete(self) -> "Outcome":
        if self.kind == "survival" and not (self.time and self.event):
            raise ValueError(f'Survival outcome "{self.name}" needs `time` and `event`.')
        if self.kind != "survival" and not self.column:
            raise ValueError(f'Outcome "{self.name}" needs `column`.')
        if self.primary and self.negative_control:
            raise ValueError(f'Outcome "{self.name}" cannot be both the primary outcome and a negative control.')
        self._check_competing()
        return self

    def _check_competing(self) -> None:
        for key in ("competing_values", "times"):
            if getattr(self, key) and self.kind != "survival":
                raise ValueError(f'`{key}` is for survival outcomes, and "{self.name}" is {self.kind}.')
        ends = (self.event_value, *self.competing_values)
        if self.competing_values and self.event_value is None:
            raise ValueError(f'Outcome "{self.name}" has competing events, so it needs `event_value`.')
        if len(set(ends)) < len(ends):
            raise ValueError(f'Outcome "{self.name}" names a value twice among its event and competing events.')

    @property
    def good(self) -> Literal["higher", "lower"] | None:
        """Which way is the good one: as said; of an event lower; of a number None until it is said."""
        return self.better or (None if self.kind == "continuous" else "lower")

    def columns(self) -> tuple[str, ...]:
        """The columns of the file that this outcome reads."""
        named = (self.time, self.event) if self.kind == "survival" else (self.column,)
        return tuple(name for name in named if name is not None)


class WinLevel(Section):
    """One outcome of the win ratio's hierarchy. `better` None: no event, a later event, or more free days; any other
    number has to say. Numbers that differ by no more than `margin` tie."""

    outcome: str = Field(min_length=1)
    better: Literal["higher", "lower"] | None = None
    margin: float = Field(default=0.0, ge=0)


def _as_level(value: Any) -> Any:
    return {"outcome": value} if isinstance(value, str) else value


class FreeDays(Section):
    """Free days derived from a file of episodes. `supports` () means all that the file has of the usual ones; each
    becomes the outcome SUPPORT_free_days_derived. `death` is the value of those who die within the window (0, or worse
    than any day: -1); `never` that of those who never had the support (none, or all days free). `discharge` names a
    stay (hospital, icu) whose end becomes an outcome: discharged alive, with death competing. `survival` names the
    outcome that tells who died when; None means the first survival outcome. `hierarchy` lists the win ratio's outcomes,
    the most important first (a name, or a WinLevel); () means death, then ventilation-free, then ICU-free days."""

    window: float = Field(default=28, gt=0)
    death: Literal["zero", "worst"] = "zero"
    never: Literal["missing", "free"] = "missing"
    supports: tuple[str, ...] = Field(default=(), max_length=MOST)
    discharge: str | None = None
    survival: str | None = None
    hierarchy: tuple[Annotated[WinLevel, BeforeValidator(_as_level)], ...] = Field(default=(), max_length=MOST)

    @model_validator(mode="after")
    def _once(self) -> "FreeDays":
        for key, names in (("supports", self.supports), ("hierarchy", [level.outcome for level in self.hierarchy])):
            twice = [name for name, times in Counter(names).items() if times > 1]
            if twice:
                raise ValueError(f"`free_days.{key}` names {quoted(twice[:1])} twice.")
        return self


def _is_empty(entries: tuple[Any, ...]) -> bool:
    """Left out of the JSON, so that a spec without entries reads, and is named, as it always was."""
    return not entries


class NotComparable(Section):
    """A set that somebody, reading its story with the outcomes closed, called not comparable.

    number: of the set, from 1, as in files.  sets: 8 hex digits of who is in which set (lib.design.stories), for which
    alone the number holds.  reason: in the reader's words.  after_opening: whether outcomes had been opened before."""

    number: int = Field(ge=1)
    sets: str = Field(pattern="^[0-9a-f]{8}$")
    reason: str = Field(min_length=1, max_length=500)
    after_opening: bool = False


class Sensitivity(Section):
    """grid: what the specification grid varies, dotted paths into the spec, each with its values.  not_comparable:
    sets to leave out in an analysis beside the main one."""

    grid: dict[str, tuple[Any, ...]] = {}
    not_comparable: tuple[NotComparable, ...] = Field(default=(), max_length=MOST, exclude_if=_is_empty)


def _built(key: str, *later: str) -> Callable[[Any], Any]:
    """A validator that names what is not built yet."""

    def check(value: Any) -> Any:
        if value in later:
            raise ValueError(f'`{key}` "{value}" is not built yet.')
        return value

    return check


class AnalysisSpec(Section):
    """Every choice of one analysis. Two equal specs on equal data give equal results."""

    version: Literal[1] = 1
    questions: tuple[Question, ...] = ()
    reading: Reading = Reading()
    derived: tuple[Derived, ...] = Field(default=(), max_length=MOST)
    columns: Columns
    eligibility: tuple[EligibilityRule, ...] = Field(default=(), max_length=MOST)
    landmark: float | None = Field(default=None, ge=0)
    missing: Annotated[
        Literal["complete_case"], BeforeValidator(_built("missing", "indicator", "multiple_imputation"))
    ] = "complete_case"
    propensity: Propensity = Propensity()
    matching: Matching = Nearest()
    outcomes: tuple[Outcome, ...] = Field(default=(), max_length=MOST)
    free_days: FreeDays | None = None
    sensitivity: Sensitivity = Sensitivity()
    estimand: Annotated[Literal["ATT"], BeforeValidator(_built("estimand", "ATE", "ATC", "ATO"))] = "ATT"
    seed: int = Field(default=1, ge=0)

    @model_validator(mode="after")
    def _consistent(self) -> "AnalysisSpec":
        names = [o.name for o in self.outcomes]
        if len(set(names)) < len(names):
            raise ValueError("`outcomes` uses a name twice.")
        if self.landmark is not None and self.columns.treatment_day is None:
            raise ValueError("`landmark` needs `columns.treatment_day`, the day on which a patient was treated.")
        used = {c for o in self.outcomes for c in o.columns()}
        if self.columns.treatment in used or self.columns.id in used:
            raise ValueError("The treatment and id columns cannot be outcomes.")
        leaked = sorted(used & {*self.columns.covariates, *self.columns.described})
        if leaked:
            raise ValueError(f"{quoted(leaked)} is both a covariate and an outcome; the score must not see it.")
        self._check_matching_columns(used)
        told = self.free_days.survival if self.free_days else None
        if told is not None and told not in [o.name for o in self.outcomes if o.kind == "survival"]:
            raise ValueError(f'`free_days.survival` names "{told}", which is not a survival outcome of this spec.')
        return self

    def _check_matching_columns(self, outcome_columns: set[str]) -> None:
        of_sets, design = self.matching.set_column, {*self.columns.covariates, *self.columns.described}
        if of_sets is not None and of_sets in {*outcome_columns, *design, self.columns.treatment, self.columns.id}:
            raise ValueError(f'"{of_sets}" cannot hold the matched sets: it has another role already.')
        exact, calipers = set(self.matching.exact), set(self.matching.calipers)
        barred = sorted((exact | calipers) & {*outcome_columns, self.columns.treatment, self.columns.id})
        if barred:
            raise ValueError(f"Nothing can be matched on {quoted(barred)}: it is the treatment, the id or an outcome.")
        if exact & calipers:
            raise ValueError(f"{quoted(sorted(exact & calipers))} is both matched exactly and given a caliper.")
        factors = sorted(calipers & set(self.columns.categorical))
        if factors:
            raise ValueError(f"A caliper needs a number, and {quoted(factors)} is a factor; match it exactly.")

    @classmethod
    def from_dict(cls, settings: Any) -> "AnalysisSpec":
        """Validate a parsed spec.json. Raises SpecError, one sentence on the first thing wrong."""
        try:
            return cls.model_validate(settings)
        except ValidationError as error:
            raise spec_error(error) from None

    @classmethod
    def from_json(cls, text: str | bytes) -> "AnalysisSpec":
        """Read spec.json. Raises SpecError when it is not JSON (see lib.spec.gate) or not a valid spec."""
        return cls.from_dict(settings_of(text))

    def to_json(self) -> str:
        """The whole spec, every default written out, as indented JSON with one final newline."""
        return json.dumps(self.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n"

    def replace(self, **changes: Any) -> "AnalysisSpec":
        """A copy with whole sections replaced, validated again. Raises SpecError."""
        merged = self.model_dump(mode="json")
        for key, value in changes.items():
            merged[key] = _plain(value)
        return type(self).from_dict(merged)

    @property
    def digest(self) -> str:
        """First 8 hex digits of the SHA-256 of the canonical JSON: names one analysis in captions and file names."""
        return hashlib.sha256(self.canonical().encode()).hexdigest()[:8]

    def canonical(self) -> str:
        """One line of JSON with sorted keys; equal specs have equal text."""
        return json.dumps(self.model_dump(mode="json"), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json")
    if isinstance(value, (tuple, list)):
        return [_plain(v) for v in value]
    return value
