"""The parts of a report, one line each: what a part is called and what makes its files."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import plotly.graph_objects as go

from ..deck import Origin as DeckOrigin
from ..deck import Slide, deck
from ..documents.excel_tables import excel_bytes
from ..documents.origin import Origin
from ..documents.pictures import PictureError, Pictures, Shot
from ..documents.poster import poster_bytes
from ..documents.presets import HOUSE, Preset
from ..documents.slides import slides_bytes
from ..documents.word_tables import word_bytes
from ..errors import AnalysisError
from ..sensitivity.doubted import doubted
from ..steps import Steps
from ..words import report as words
from ..words.labels import Labels
from ..words.matching import caption
from ..words.numbers import capitalised
from ..words.outcomes import table_two
from ..words.passport import passport
from ..words.stories import doubted_table
from ..words.table_one import table_one
from ..words.tables import TextTable
from .checklist import checklist_markdown
from .drawings import Wanted, drawings
from .files import result_files
from .methods import Context as MethodsContext
from .methods import methods_markdown
from .pages import report_html
from .reproduce_python import reproduce_python
from .reproduce_r import reproduce_r
from .versions import versions_text

Files = dict[str, bytes]
SLIDE_SCALE = 2  # pixels of a picture on a slide for each of its layout


@dataclass
class Context:
    """What a report says beside its analysis.

    study: what the cohort is called.  opened: the line on when outcomes were opened.  stamp: what every caption ends
    with where the main analysis was changed afterwards.  preset: how the tables of tables.docx are written.  rendered:
    pictures by name of their figure (PNG in journal dress).  missing: sentences on what could not be made, in the order
    in which it failed.  synthetic: whether the patients are made up.  browser: makes pictures while the report is made.
    """

    steps: Steps
    labels: Labels
    study: str
    opened: str = words.BY_COMMAND
    stamp: str = ""
    preset: Preset = HOUSE
    rendered: dict[str, bytes] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)
    synthetic: bool = False
    browser: Pictures | None = None

    @cached_property
    def origin(self) -> Origin:
        """Where every file comes from."""
        return Origin(self.steps.spec.digest, self.steps.table.digest, self.opened)

    @property
    def label(self) -> str:
        """The study in a caption; made-up patients are said to be so."""
        return f"{self.study} (synthetic patients)" if self.synthetic else self.study

    @cached_property
    def caption(self) -> str:
        """The line under every figure: study, n, how they were chosen, spec."""
        told = caption(self.steps.cohort, self.steps.comparison, self.steps.spec, self.label)
        return f"{told}, {self.stamp}" if self.stamp else told

    def picture(self, figure: go.Figure) -> bytes | None:
        """A PNG of a figure as large as its layout says; None where none can be made, which is told in `missing`."""
        if self.browser is None:
            return None
        try:
            shot = Shot(figure, "png", int(figure.layout.width), int(figure.layout.height), SLIDE_SCALE)
            return self.browser.take([shot])[0]
        except PictureError as error:
            self.missing.append(str(error))
            return None

    @cached_property
    def drawings(self) -> list[Wanted]:
        """Every figure there can be."""
        return drawings(self.steps, self.labels)

    @cached_property
    def deck(self) -> tuple[Slide, ...]:
        """The slides."""
        return deck(
            self.steps,
            self.labels,
            DeckOrigin(self.study, self.synthetic, self.opened, tuple(filter(None, (self.stamp,)))),
        )

    @cached_property
    def told(self) -> MethodsContext:
        """What the methods text says of itself."""
        return MethodsContext(self.label, f"{capitalised(self.opened)}.")

    @cached_property
    def tables(self) -> tuple[TextTable, ...]:
        """Tables 1 and 2, the matched sets and the passport; without one that has no rows."""
        steps = self.steps
        weighted = not steps.comparison.n_sets
        first = table_one(steps.table_one, steps.balance, steps.cohort, self.labels, False, weighted)
        second = table_two(steps.outcomes, steps.cohort, steps.comparison, self.labels)
        third = words.sets_table(steps.comparison)
        last = passport(steps.used[1], steps.cohort, steps.comparison, self.labels)
        return tuple(one for one in (first, second, third, self.without_doubted, last) if one is not None and one.rows)

    @property
    def without_doubted(self) -> TextTable | None:
        """What is left without the sets called not comparable; None where none was, or where that cannot be done."""
        if not self.steps.used[1].sensitivity.not_comparable:
            return None
        try:
            found = doubted(self.steps)
        except AnalysisError as error:
            self.missing.append(str(error))
            return None
        return doubted_table(found, self.steps.outcomes, self.labels) if found.outcomes else None


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
    "slides": Part(
        "Slides for PowerPoint",
        lambda context: {"slides.pptx": slides_bytes(context.deck, context.picture)},
    ),
    "poster": Part(
        "E-poster for PowerPoint",
        lambda context: {"poster.pptx": poster_bytes(context.deck, context.picture)},
    ),
    "texts": Part(
        "Methods text and checklists",
        lambda context: {
            "methods.md": methods_markdown(context.steps, context.labels, context.told).encode(),
            "checklist.md": checklist_markdown(context.steps, context.labels, context.told).encode(),
        },
    ),
    "code": Part(
        "Code that repeats the match",
        lambda context: {
            "reproduce.py": reproduce_python(context.steps).encode(),
            "reproduce.R": reproduce_r(context.steps).encode(),
        },
    ),
    "settings": Part(
        "Settings and versions",
        lambda context: {
            "spec.json": context.steps.spec.to_json().encode(),
            "versions.txt": versions_text(context.origin).encode(),
        },
    ),
    "html": Part("Report to read in a browser", lambda context: {"report.html": report_html(context)}),
}


def chosen_parts(names: Sequence[str] | None = None) -> list[Part]:
    """The parts asked for, in their order; None for all."""
    return [part for name, part in PARTS.items() if names is None or name in names]
