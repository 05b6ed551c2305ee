"""What the columns of a bundled sample are called, their units and normal values; an upload has only its names."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from lib.freedays import derived_name
from lib.freedays.discharge import NAME_SUFFIX
from pages.ui import session

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
class Entry:
    """One column in words. unit and normal are empty when there is none."""

    label: str
    unit: str = ""
    normal: str = ""

    @property
    def with_unit(self) -> str:
        """ "Age (years)"; the unit is left out where the label ends with it (free days)."""
        said = not self.unit or self.label.lower().endswith(self.unit)
        return self.label if said else f"{self.label} ({self.unit})"


@dataclass(frozen=True)
class Codebook:
    """Column name -> Entry; a column that is not described speaks for itself."""

    entries: Mapping[str, Entry]

    @classmethod
    def of(cls, described: Mapping[str, Mapping]) -> "Codebook":
        """described: column -> {"label", "unit", "normal", ...}, as in sample_data/*.codebook.json."""
        return cls({name: Entry(d["label"], d["unit"] or "", d["normal"] or "") for name, d in described.items()})

    def column(self, name: str) -> Entry:
        """A column of the file, or an outcome that is named after its column."""
        return self.entries.get(name) or Entry(derived_label(name) or name)


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


def current() -> Codebook:
    """The codebook of the sample on screen; an empty one for an upload."""
    return of_sample(session.study()) if session.sample() else Codebook({})


def of_sample(name: str) -> Codebook:
    """The codebook of a bundled sample."""
    text = (session.ROOT / "sample_data" / f"{name}.codebook.json").read_text("utf-8")
    return Codebook.of(json.loads(text))
