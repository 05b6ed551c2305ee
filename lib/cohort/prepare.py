"""What is made of a file before anything is read from it: numbers beyond limits, derived columns, identifiers out."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from ..errors import DataError
from ..spec import AnalysisSpec
from ..spec.parts import TablePart
from ..table import Finding, Table, frame_digest, object_frame
from ..words import quoted
from .derived import derive
from .limits import limited_numbers, require_rule, within_limits
from .privacy import identifiers, left_out_note


@dataclass
class _Draft:
    """A table being prepared.  changed: new columns and new values of old ones.  gone: columns that are left out."""

    table: Table
    changed: dict[str, np.ndarray] = field(default_factory=dict)
    gone: tuple[str, ...] = ()
    findings: list[Finding] = field(default_factory=list)

    def set(self, name: str, values: np.ndarray, finding: Finding) -> None:
        """Take the values (n,) of a column and say why; what the reader said of its limits is done with."""
        self.changed[name] = values
        frame, limited = with_columns(self.table.frame, {name: values}), dict(self.table.limited)
        limited.pop(name, None)
        said = tuple(one for one in self.table.findings if (one.code, one.column) != ("limit", name))
        self.table = replace(self.table, frame=frame, limited=limited, findings=said)
        self.findings.append(finding)


def prepared(table: Table, asked: AnalysisSpec | TablePart) -> Table:
    """The table that an analysis reads, in this order: values beyond a limit by their rule, derived columns (and their
    limits), columns that may identify a patient left out unless the spec names them. Each is a finding. The same table,
    the very object, where there is nothing to do; else its digest covers what was done.

    Raises SpecError for a derived name that the file has; DataError for a column that is absent, for dates that cannot
    be read, for a column used as numbers whose limits have no rule, or whose numbers can be read in two ways.
    """
    part = TablePart.of(asked) if isinstance(asked, AnalysisSpec) else asked
    draft = _Draft(table)
    made = {one.name for one in part.derived}
    _apply_limits(draft, {name: rule for name, rule in part.below_limit.items() if name not in made})
    for one in part.derived:
        draft.set(one.name, *derive(draft.table.frame, one))
    _apply_limits(draft, {name: rule for name, rule in part.below_limit.items() if name in made})
    _require_numbers(draft.table, part.numbers)
    _leave_out(draft, part.named)
    return _finished(draft)


def _apply_limits(draft: _Draft, rules: Mapping) -> None:
    absent = [name for name in rules if name not in draft.table.frame.columns]
    if absent:
        raise DataError(f"The file has no column {quoted(absent)}.", "Correct `columns.below_limit` of the spec.")
    for name, rule in rules.items():
        found = limited_numbers(draft.table, name)
        if found is not None:
            draft.set(name, *within_limits(name, found, rule))


def _require_numbers(table: Table, numbers: tuple[str, ...]) -> None:
    for name in numbers:
        require_rule(table, name)
    open_still = [question for question in table.questions if question.about == "number" and question.column in numbers]
    if open_still:
        raise DataError(open_still[0].text, "Answer on the Data page, or under `reading` in the spec.")


def _leave_out(draft: _Draft, named: tuple[str, ...]) -> None:
    frame = draft.table.frame
    found = identifiers(draft.table, [name for name in map(str, frame.columns) if name not in named])
    if found:
        draft.gone = tuple(one.column for one in found)
        draft.table = replace(draft.table, frame=frame.drop(columns=list(draft.gone)))
        draft.findings.append(left_out_note(found))


def _finished(draft: _Draft) -> Table:
    if not draft.findings:
        return draft.table
    said = [finding.text for finding in draft.findings]
    made = frame_digest(object_frame(draft.changed)) if draft.changed else ""
    whole = "\n".join([draft.table.digest, made, *draft.gone, *said])
    findings = (*draft.table.findings, *draft.findings)
    return replace(draft.table, findings=findings, digest=hashlib.sha256(whole.encode()).hexdigest())


def with_columns(frame: pd.DataFrame, columns: Mapping[str, np.ndarray]) -> pd.DataFrame:
    """The frame with columns replaced or added at its end, text as objects."""
    made = object_frame(columns).set_axis(frame.index)
    return frame.assign(**{str(name): made[name] for name in made})
