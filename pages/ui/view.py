"""What the blocks of every page are given: one analysis, its results when asked for, and what things are called."""

from dataclasses import dataclass, replace

import pandas as pd

from lib import figures
from lib.balance import BalanceTable
from lib.cohort import Cohort
from lib.design import Comparison, Independent
from lib.inference.results import OutcomeResult, SurvivalOutcome
from lib.score import PropensityModel
from lib.spec import AnalysisSpec, Outcome
from lib.steps import Steps
from lib.table import Table
from lib.words import matching
from lib.words import outcomes as words
from lib.words.labels import Labels
from pages.ui import session, stages, widgets
from pages.ui.cohort import codebook


@dataclass(frozen=True)
class View:
    """steps: what is known of the analysis; nothing is made before a block asks for it.  outcome: the one in question,
    where a page asks for one.  study: the name of another study than the one on screen.  remark: ends every caption.
    """

    steps: Steps
    labels: Labels
    outcome: Outcome | None = None
    study: str | None = None
    remark: str = ""

    @classmethod
    def of(cls, table: Table, spec: AnalysisSpec, outcome: Outcome | None = None) -> "View":
        """The analysis on screen."""
        return cls(stages.steps(table, spec), Labels.of(spec, codebook.normal()), outcome)

    def require(self, *steps: str) -> None:
        """Make these steps now. Raises AnalysisError where one cannot be done."""
        for step in steps:
            getattr(self.steps, step)
        session.worked(self.spec)

    def about(self, outcome: Outcome | None) -> "View":
        """The same with an outcome in question."""
        return replace(self, outcome=outcome)

    @property
    def table(self) -> Table:
        """The file."""
        return self.steps.table

    @property
    def spec(self) -> AnalysisSpec:
        """Every choice."""
        return self.steps.spec

    @property
    def cohort(self) -> Cohort:
        """Who is analysed."""
        return self.steps.cohort

    @property
    def score(self) -> PropensityModel:
        """The fitted score."""
        return self.steps.score

    @property
    def comparison(self) -> Comparison:
        """Who is compared with whom."""
        return self.steps.comparison

    @property
    def weighted(self) -> bool:
        """Whether the controls are weighted without being in sets."""
        return isinstance(self.comparison.units, Independent)

    @property
    def balance(self) -> BalanceTable:
        """How alike the arms are."""
        return self.steps.balance

    @property
    def table_one(self) -> pd.DataFrame:
        """As lib.balance.table1.table_one."""
        return self.steps.table_one

    @property
    def outcomes(self) -> tuple[OutcomeResult, ...]:
        """What happened to whom."""
        return self.steps.outcomes

    @property
    def caption(self) -> str:
        """The line under every figure: study, n, how they were chosen, spec."""
        return self.caption_of(self.comparison)

    def caption_of(self, comparison: Comparison) -> str:
        """The same for another comparison of these patients."""
        name = f"{self.study} (synthetic)" if self.study else session.label()
        text = matching.caption(self.cohort, comparison, self.spec, name)
        stamp = "" if self.study else session.stamp()
        return ", ".join(part for part in (text, self.remark, stamp) if part)

    @property
    def label(self) -> str:
        """The outcome in question in words."""
        return self.labels.column(self.outcome.name).name

    def column(self, name: str) -> str:
        """A column in words, with its unit."""
        return self.labels.column(name).with_unit

    def name(self, outcome: OutcomeResult) -> str:
        """An outcome in words."""
        return words.name_of(outcome, self.labels, unit=False)

    def time_unit(self, outcome: SurvivalOutcome) -> str:
        """The unit of a survival outcome's time, as far as it is known."""
        time = next(one.time for one in self.spec.outcomes if one.name == outcome.name)
        return self.labels.column(outcome.name).unit or words.time_unit(time)

    def card(
        self, drawn: figures.Drawn, title: str, name: str, what: str, picked: bool = False, takeaway: str = ""
    ) -> list:
        """A figure of this analysis.  name: of its files.  picked: as figure_card.  takeaway: what it says, a line
        inside the figure; plain text."""
        return widgets.show(
            figures.with_takeaway(drawn, takeaway),
            title=title,
            name=name,
            text=self.caption,
            spec=self.spec,
            what=what,
            study=self.study,
            picked=picked,
        )
