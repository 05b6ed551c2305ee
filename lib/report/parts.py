"""The parts of a report, one line each: what a part is called and what makes its files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from ..documents.excel_tables import excel_bytes
from ..documents.origin import Origin
from ..documents.presets import HOUSE, Preset
from ..documents.word_tables import word_bytes
from ..steps import Steps
from ..words import report as words
from ..words.labels import Labels
from ..words.matching import caption
from ..words.outcomes import table_two
from ..words.table_one import table_one
from ..words.tables import TextTable
from .drawings import Wanted, drawings
from .files import result_files
from .pages import report_html
from .versions import versions_text

Files = dict[str, bytes]


@dataclass
class Context:
    """What a report says beside its analysis.

    study: what the cohort is called.  opened: the line on when outcomes were opened.  preset: how the tables of
    tables.docx are written.  rendered: pictures by name of their figure (PNG in talk dress).  missing: sentences on
    what could not be made, in the order in which it failed."""

    steps: Steps
    labels: Labels
    study: str
    opened: str = words.BY_COMMAND
    preset: Preset = HOUSE
    rendered: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)

    @cached_property
    def origin(self) -> Origin:
        """Where every file comes from."""
        return Origin(self.steps.spec.digest, self.steps.table.digest, self.opened)

    @cached_property
    def caption(self) -> str:
        """The line under every figure: study, n, how they were chosen, spec."""
        return caption(self.steps.cohort, self.steps.comparison, self.steps.spec, self.study)

    @cached_property
    def drawings(self) -> list[Wanted]:
        """Every figure there can be."""
        return drawings(self.steps, self.labels)

    @cached_property
    def tables(self) -> tuple[TextTable, ...]:
        """Tables 1 and 2, and the matched sets; without one that has no rows."""
        steps = self.steps
        weighted = not steps.comparison.n_sets
        first = table_one(steps.table_one, steps.balance, steps.cohort, self.labels, False, weighted)
        second = table_two(steps.outcomes, steps.cohort, steps.comparison, self.labels)
        third = words.sets_table(steps.comparison)
        return tuple(one for one in (first, second, third) if one is not None and one.rows)


@dataclass(frozen=True)
class Part:
    """One choice of the Report page.  title: plain words.  make: its files by name."""

    title: str
    make: Callable[[Context], Files]


PARTS: Mapping[str, Part] = {
    "results": Part("Data and numbers", lambda context: result_files(context.steps)),
    "word": Part(
        "Tables for Word",
        lambda context: {"tables.docx": word_bytes(context.tables, context.preset, context.origin)},
    ),
    "excel": Part("Tables for Excel", lambda context: {"tables.xlsx": excel_bytes(context.tables, context.origin)}),
    "settings": Part(
        "Settings and versions",
        lambda context: {
            "spec.json": context.steps.spec.to_json().encode(),
            "versions.txt": versions_text(context.origin).encode(),
        },
    ),
    "html": Part("Report to read in a browser", lambda context: {"report.html": report_html(context)}),
}


def chosen_parts(names: Sequence[str] | None = None) -> list[tuple[str, Part]]:
    """The parts asked for, in their order; None for all."""
    return [(name, part) for name, part in PARTS.items() if names is None or name in names]
