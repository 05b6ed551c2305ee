"""What the blocks of the Outcomes page are given."""

from dataclasses import dataclass

from lib import figures
from lib.inference.results import OutcomeResult, SurvivalOutcome
from lib.pipeline import Analysis
from lib.words import outcomes as words
from lib.words.labels import Labels
from pages.ui import widgets


@dataclass(frozen=True)
class Shown:
    """What the blocks need: the analysis, the caption of its figures, and what columns are called."""

    analysis: Analysis
    caption: str
    labels: Labels

    def name(self, outcome: OutcomeResult) -> str:
        """An outcome in words."""
        return words.name_of(outcome, self.labels, unit=False)

    def time_unit(self, outcome: SurvivalOutcome) -> str:
        """The unit of a survival outcome's time, as far as it is known."""
        time = next(o.time for o in self.analysis.spec.outcomes if o.name == outcome.name)
        return self.labels.column(time).unit or words.time_unit(time)

    def card(self, drawn: figures.Drawn, title: str, name: str, what: str) -> None:
        """A figure of this analysis."""
        widgets.show(drawn, title=title, name=name, text=self.caption, spec=self.analysis.spec, what=what)
