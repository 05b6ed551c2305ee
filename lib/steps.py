"""One lazy graph from a table and a spec to everything that is said of them.

    table + spec -> prepared -> cohort -> score -> comparison -> balance, Table 1, power of the sets, outcomes
                                                                                            -> multiplicity

A step is made when somebody asks for it, from its part of the spec (lib.spec.parts), and kept in a store under that
part: whoever shares the store (a session's pages, the combinations of a grid) shares the work. The command, the pages,
the grid, the fragility of a match, live sliders and the benchmark all ask here.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, lru_cache, partial
from typing import TYPE_CHECKING, TypeVar

from .balance import BalanceTable, BalanceTest, balance_table, balance_test
from .balance.worst import WorstDifference
from .cohort import Cohort, build_cohort
from .cohort.prepare import prepared
from .design import Comparison, match
from .design.moves import OddsInsideSets, odds_inside_sets
from .inference import (
    Detectable,
    Multiplicity,
    OutcomeResult,
    compare_outcome,
    compare_outcomes,
    detectable,
    several_outcomes,
)
from .score import PropensityModel, fit_propensity
from .spec import AnalysisSpec, Outcome, Propensity
from .spec.parts import DesignPart, TablePart
from .spec.questions import require_answers
from .store import KEPT, Store
from .table import Table
from .words.moves import odds_sentences

if TYPE_CHECKING:
    import pandas as pd

    from .cohort.dropped import KeptDropped
    from .cohort.losses import Losses
    from .cohort.quality import Quality
    from .cohort.repeated import Repeated
    from .cohort.treatment_day import TreatmentTime
    from .freedays.study import FreeDaysResult, Study
    from .sensitivity.negative_control import NegativeControl

__all__ = ["KEPT", "Steps", "Store", "power_of", "run"]
T = TypeVar("T")
WORKER = {
    "comparison": 1,
    "balance": 1,
    "balance_test": 1,
    "outcomes": 1,
}  # what the combinations of a grid do not share


class Steps:
    """Everything one spec says about one table, asked for step by step. Every step raises AnalysisError with a hint
    when it cannot be done."""

    def __init__(
        self, table: Table, spec: AnalysisSpec, store: Store | None = None, episodes: Table | None = None
    ) -> None:
        """episodes: the file of episodes, whose free days become outcomes (see FreeDays of the spec)."""
        self.table, self.spec, self.episodes = table, spec, episodes
        self.store = Store() if store is None else store

    def other(self, spec: AnalysisSpec) -> "Steps":
        """The steps of another spec on the same table, sharing what they can."""
        return Steps(self.table, spec, self.store, self.episodes)

    def beside(self) -> "Steps":
        """The same with a store of its own, for work that asks for many other specs and is done with them."""
        return Steps(self.table, self.spec, Store(WORKER), self.episodes)

    @cached_property
    def prepared(self) -> Table:
        """The table of the file as it is read: numbers beyond limits, derived columns, identifiers left out."""
        part = TablePart.of(self.spec)
        key = (self.table.digest, part.model_dump_json())
        return self.store.once("prepared", key, lambda: prepared(self.table, part))

    @cached_property
    def study(self) -> "Study | None":
        """Table and spec with the free days of the episodes; None without a file of episodes."""
        if self.episodes is None:
            return None
        from .freedays.study import join, study_part, with_outcomes

        table, part, episodes = self.prepared, study_part(self.spec), self.episodes
        key = (table.digest, part.canonical(), episodes.digest)
        found = self.store.once("study", key, lambda: join(table, part, episodes))
        return replace(found, spec=with_outcomes(self.spec, found.derived, found.discharge, table.frame))

    @cached_property
    def used(self) -> tuple[Table, AnalysisSpec]:
        """What is analysed: the table and the spec, with the free days of the episodes where there are any."""
        study = self.study
        return (self.prepared, self.spec) if study is None else (study.table, study.spec)

    @cached_property
    def design_part(self) -> DesignPart:
        """What everything from the comparison on reads of the spec."""
        return DesignPart.of(self.used[1])

    @property
    def cohort(self) -> Cohort:
        """The checked table."""
        table, part = self.used[0], self.design_part.score.cohort
        return self.store.once("cohort", self._cohort_key, lambda: build_cohort(table, part))

    @property
    def losses(self) -> "Losses":
        """What each covariate costs in patients, known before anybody is matched."""
        from .cohort.losses import losses

        table, part = self.used[0], self.design_part.score.cohort
        return self.store.once("losses", self._cohort_key, lambda: losses(table, part))

    @property
    def kept_and_dropped(self) -> "KeptDropped":
        """The patients who are kept against those who are dropped for a gap."""
        from .cohort.dropped import kept_and_dropped

        table, part = self.used[0], self.design_part.score.cohort
        return self.store.once("kept_and_dropped", self._cohort_key, lambda: kept_and_dropped(table, part))

    @property
    def quality(self) -> "Quality":
        """What is missing and what is odd in the columns known before treatment."""
        from .cohort.quality import quality

        table, part = self.used[0], self.design_part.score.cohort
        return self.store.once("quality", self._cohort_key, lambda: quality(table, part))

    @property
    def score(self) -> PropensityModel:
        """The fitted propensity score, its distance on the scale that is asked for."""
        part = self.design_part.score
        fit = Propensity(model=part.propensity.model)  # the fit does not know on which scale it will be read
        key = (*self._cohort_key, fit.model, part.required)
        found = self.store.once("score", key, lambda: fit_propensity(self.cohort, fit, required=part.required))
        return found if part.propensity.distance == "logit" else found.on_probability()

    @property
    def comparison(self) -> Comparison:
        """Who is compared with whom. Raises SpecError while a question about treatment, an event or a time is open."""
        require_answers(self.spec)
        part = self.design_part
        return self._design("comparison", lambda: match(self.cohort, self.score, part.matching, part.seed))

    @property
    def balance(self) -> BalanceTable:
        """How alike the arms are, before and after."""
        return self._design("balance", lambda: balance_table(self.cohort, self.comparison))

    @property
    def balance_test(self) -> BalanceTest:
        """How much of `balance` a lottery would have left, made for whoever shows or writes a verdict."""
        make = partial(balance_test, self.cohort, self.comparison, self.balance, self.spec.seed)
        return self._design("balance_test", make)

    @property
    def max_abs_smd(self) -> float:
        """The largest |SMD| of `balance` after matching, made without the rest of it."""
        prepared = self.store.once("worst", self._cohort_key, lambda: WorstDifference(self.cohort))
        return prepared.after(self.comparison)

    @property
    def table_one(self) -> "pd.DataFrame":
        """Table 1 (lib.balance.table1.COLUMNS)."""
        from .balance.table1 import table_one

        return self._design("table_one", lambda: table_one(self.cohort, self.comparison, self.balance))

    @property
    def power(self) -> Detectable | None:
        """What the matched sets could find, before any outcome; None where there are no sets that are apart."""
        return self._design("power", lambda: power_of(self.comparison, self.spec.seed))

    @property
    def odds_inside_sets(self) -> OddsInsideSets | None:
        """How unequal the measured odds of treatment are inside the sets, and which label moves are quoted for it;
        before any outcome.  None where there are no sets that are apart."""
        return odds_inside_sets(self.comparison)

    @property
    def odds_notes(self) -> tuple[str, ...]:
        """The same in sentences; none without sets that are apart."""
        found = self.odds_inside_sets
        if found is None:
            return ()
        return odds_sentences(found.typical, found.largest, found.moves, found.why_equal, found.level)

    @property
    def treatment_time(self) -> "TreatmentTime | None":
        """Which controls of the sets were dead or gone on their treated's day; None without a treatment-day column."""
        if self.spec.columns.treatment_day is None:
            return None
        from .inference.treatment_time import matched_treatment_time

        return self._design("treatment_time", lambda: matched_treatment_time(self.cohort, self.comparison))

    @property
    def treatment_time_before(self) -> "TreatmentTime | None":
        """The same of the whole cohort, before anybody is matched: against the median day of treatment."""
        from .cohort.treatment_day import treatment_time

        return self.store.once("treatment_time_before", self._cohort_key, lambda: treatment_time(self.cohort))

    @property
    def repeated(self) -> "Repeated | None":
        """Whose id stands in several rows of the file, whatever the spec says to do about it."""
        from .cohort.repeated import repeated_ids

        table, columns = self.prepared, self.spec.columns
        key = (table.digest, columns.id, columns.treatment)
        return self.store.once("repeated", key, lambda: repeated_ids(table, columns))

    @property
    def outcomes(self) -> tuple[OutcomeResult, ...]:
        """What happened to whom, an entry per outcome of the spec."""
        return self._design("outcomes", lambda: compare_outcomes(self.cohort, self.comparison, self.spec.seed))

    def outcome_at(self, outcome: Outcome) -> OutcomeResult:
        """One outcome of the spec with other settings of its own, such as another horizon."""
        make = partial(compare_outcome, self.cohort, self.comparison, outcome, self.spec.seed)
        return self.kept("outcome_at", make, outcome.model_dump_json())

    @property
    def multiplicity(self) -> Multiplicity:
        """The p-values by set of all outcomes, adjusted for being several."""
        make = partial(several_outcomes, self.cohort, self.comparison, self.outcomes, self.spec.seed)
        return self._design("multiplicity", make)

    @property
    def negative_controls(self) -> "tuple[NegativeControl, ...]":
        """The outcomes that treatment cannot change, and what they warn of."""
        from .sensitivity.negative_control import negative_controls

        return self._design(
            "negative_controls", lambda: negative_controls(self.cohort, self.comparison, lambda: self.max_abs_smd)
        )

    @property
    def free_days(self) -> "FreeDaysResult | None":
        """Free days by arm and the win ratio of the matched sets; without episodes None, or a note where the spec asks
        for them."""
        from .freedays.study import free_days_result, without_episodes

        study = self.study
        if study is None:
            return without_episodes(self.prepared, self.spec)
        settings = None if study.spec.free_days is None else study.spec.free_days.model_dump_json()
        return self.kept("free_days", lambda: free_days_result(study, self.cohort, self.comparison), settings)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader must know, in the order of the steps."""
        stages = (self.cohort, self.score, self.comparison, self.balance)
        notes = [note for stage in stages for note in stage.notes] + list(self.odds_notes)
        notes += [] if self.treatment_time is None else [self.treatment_time.sentence]
        notes += [note.sentence for outcome in self.outcomes for note in outcome.notes]
        notes += [found.sentence for found in self.negative_controls]
        notes += [] if self.free_days is None else [note.sentence for note in self.free_days.notes]
        return tuple(dict.fromkeys([*notes, *self.multiplicity.notes]))

    def kept(self, step: str, make: Callable[[], T], *more: object) -> T:
        """A result that depends on the design, the outcomes and `more` (hashable), kept like a step of its own."""
        return self.store.once(step, (*self._design_key, *more), make)

    def _design(self, step: str, make: Callable[[], T]) -> T:
        return self.store.once(step, self._design_key, make)

    @cached_property
    def _cohort_key(self) -> tuple[str, str]:
        return self.used[0].digest, self.design_part.score.cohort.model_dump_json()

    @cached_property
    def _design_key(self) -> tuple[str, str]:
        return self.used[0].digest, self.design_part.model_dump_json()


def power_of(comparison: Comparison, seed: int) -> Detectable | None:
    """What sets that are apart could find, from their sizes alone; None where there are none, or where a set has
    several treated patients."""
    if not comparison.by_set or not comparison.n_sets or not comparison.units.one_treated:
        return None
    return _power_of_sizes(tuple(comparison.units.n_control.tolist()), seed)


@lru_cache(maxsize=64)
def _power_of_sizes(n_control: tuple[int, ...], seed: int) -> Detectable:
    """The simulation of one design. It holds sizes of sets and no patient, so that every session of a server shares
    it."""
    return detectable(list(n_control), seed)


def run(table: Table, spec: AnalysisSpec, episodes: Table | None = None) -> Steps:
    """The whole analysis. episodes: the file of episodes, whose free days become outcomes (see FreeDays of the spec).

    Raises AnalysisError with a hint when it cannot be done, also while a question that it waits for is open."""
    require_answers(spec, table.questions)
    steps = Steps(table, spec, episodes=episodes)
    for step in ("free_days", "balance", "multiplicity"):  # what must be possible for an analysis to be one
        getattr(steps, step)
    return steps
