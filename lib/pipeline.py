"""The stages in order, uncached. The command line, the tests and the report use this; pages call the same stages."""

from dataclasses import dataclass
from functools import cached_property

from .balance import BalanceTable, balance_table
from .cohort import Cohort, build_cohort
from .design import MatchedSample, match
from .freedays.study import FreeDaysResult, free_days_result, join, without_episodes
from .inference import (
    Detectable,
    Multiplicity,
    OutcomeResult,
    compare_outcomes,
    detectable,
    several_outcomes,
)
from .score.propensity import PropensityModel, fit_propensity
from .sensitivity.negative_control import negative_controls
from .spec import AnalysisSpec
from .spec.parts import needs_score
from .table import Table


@dataclass(frozen=True)
class Analysis:
    """Everything one spec says about one table. free_days: None without a file of episodes.  multiplicity: None when
    nobody asked for it."""

    spec: AnalysisSpec
    cohort: Cohort
    propensity: PropensityModel
    sample: MatchedSample
    balance: BalanceTable
    outcomes: tuple[OutcomeResult, ...]
    free_days: FreeDaysResult | None = None
    multiplicity: Multiplicity | None = None

    @cached_property
    def design(self) -> Detectable | None:
        """What the matched sets could find, before any outcome; made when asked for. None where sets overlap."""
        return design_of(self.sample, self.spec.seed)

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader must know, in the order of the stages."""
        stages = (self.cohort, self.propensity, self.sample, self.balance, *self.outcomes)
        notes = [note for stage in stages for note in stage.notes]
        notes += [found.sentence for found in negative_controls(self.cohort, self.sample)]
        if self.free_days is not None:
            notes += self.free_days.notes
        if self.multiplicity is not None:
            notes += self.multiplicity.notes
        return tuple(dict.fromkeys(notes))


def design_of(sample: MatchedSample, seed: int) -> Detectable | None:
    """What matched sets could find, from their sizes alone; None where sets overlap or there is none."""
    if sample.replace or not sample.n_sets:
        return None
    return detectable(sample.pairs.groupby("set").size().tolist(), seed)


def run(table: Table, spec: AnalysisSpec, episodes: Table | None = None) -> Analysis:
    """The whole analysis. episodes: the file of episodes, whose free days become outcomes (see FreeDays of the spec).

    Raises AnalysisError with a hint when it cannot be done."""
    study = None if episodes is None else join(table, spec, episodes)
    unmade = None if study else without_episodes(table, spec)
    used, asked = (table, spec) if study is None else (study.table, study.spec)
    cohort = build_cohort(used, asked)
    propensity = fit_propensity(cohort, spec.propensity, required=needs_score(spec.matching))
    sample = match(cohort, propensity, spec.matching, spec.seed)
    balance = balance_table(cohort, sample)
    outcomes = compare_outcomes(cohort, sample, spec.seed)
    free_days = unmade if study is None else free_days_result(study, cohort, sample)
    multiplicity = several_outcomes(cohort, sample, outcomes, spec.seed)
    return Analysis(spec, cohort, propensity, sample, balance, outcomes, free_days, multiplicity)
