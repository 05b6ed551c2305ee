"""What columns and outcomes are called, with their units; a column that nobody described speaks for itself."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from ..freedays import derived_name
from ..freedays.discharge import NAME_SUFFIX
from ..spec import AnalysisSpec, Outcome

SUPPORTS = {
    "icu": "ICU",
    "hospital": "Hospital",
    "oxygen": "Oxygen",
    "hfno": "High-flow nasal oxygen",
    "niv": "Non-invasive ventilation",
    "invasive_ventilation": "Invasive ventilation",
    "ecmo": "ECMO",
}
FREE_SUFFIX = derived_name("")


@dataclass(frozen=True)
class Label:
    """One column or outcome in words. unit and normal (values of healthy people) are empty when there is none."""

    name: str
    unit: str = ""
    normal: str = ""

    @property
    def with_unit(self) -> str:
        """ "Age (years)"; the unit is left out where the name ends with it (free days) or has it in brackets."""
        bracketed = (f"({self.unit})", f"[{self.unit}]")
        said = not self.unit or self.name.lower().endswith(self.unit) or self.name.endswith(bracketed)
        return self.name if said else f"{self.name} ({self.unit})"


@dataclass(frozen=True)
class Labels:
    """Name of a column or outcome -> Label."""

    entries: Mapping[str, Label]

    @classmethod
    def of(cls, spec: AnalysisSpec, normal: Mapping[str, str] | None = None) -> "Labels":
        """The words of a spec.  normal: values of healthy people by column ("1.10-3.70") beside those of the spec."""
        known = dict(normal or {}) | dict(spec.columns.normal)
        columns = {*spec.columns.labels, *spec.columns.units, *known}
        entries = {name: column_label(spec, name, known.get(name, "")) for name in columns}
        return cls(entries | {one.name: outcome_label(spec, one, known.get(one.name, "")) for one in spec.outcomes})

    def outcome(self, outcome: Outcome) -> Label:
        """An outcome as a title says it: a survival outcome that nobody described begins with a capital letter."""
        label = self.column(outcome.name)
        bare = outcome.kind == "survival" and label.name == outcome.name
        return replace(label, name=f"{label.name[:1].upper()}{label.name[1:]}") if bare else label

    def column(self, name: str) -> Label:
        """A column of the file, or an outcome that is named after its column."""
        return self.entries.get(name) or Label(derived_label(name) or name)


def column_label(spec: AnalysisSpec, name: str, normal: str = "") -> Label:
    """A column in words; its own name where nobody has given another."""
    return Label(spec.columns.labels.get(name) or derived_label(name) or name, spec.columns.units.get(name, ""), normal)


def outcome_label(spec: AnalysisSpec, outcome: Outcome, normal: str = "") -> Label:
    """An outcome in words: its own label and unit, else those of a column of its name. The unit of a survival outcome
    is that of its time."""
    column = column_label(spec, outcome.name, normal)
    unit = outcome.unit or (spec.columns.units.get(outcome.time, "") if outcome.time else column.unit)
    return Label(outcome.label or column.name, unit, normal)


def support_name(support: str) -> str:
    """A support in words."""
    return SUPPORTS.get(support) or support.replace("_", " ").capitalize()


def derived_label(name: str) -> str:
    """An outcome that came from a file of episodes, in words; empty for any other name."""
    if name.endswith(FREE_SUFFIX):
        return f"{support_name(name.removesuffix(FREE_SUFFIX))}-free days (from episodes)"
    if name.endswith(NAME_SUFFIX):
        stay = support_name(name.removesuffix(NAME_SUFFIX))
        return f"Discharged alive from {stay if stay.isupper() else stay.lower()}"
    return ""
