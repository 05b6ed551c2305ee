"""MatchedAnalysis: one frame and one spec, and what comes of them, as a notebook asks for it."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..balance import BalanceTable
from ..balance.lottery import with_limits
from ..design import Comparison
from ..errors import SpecError
from ..inference import OutcomeResult
from ..io import read_file
from ..report.files import matched_frame, outcome_frame, write_results
from ..spec import AnalysisSpec
from ..steps import Steps
from ..words import quoted
from .blocks import Block, as_html, as_text
from .frames import as_table
from .settings import changed_spec, new_spec, plain_python
from .summary import balance_block, head_block, notes_block, outcome_block, outcomes_block

if TYPE_CHECKING:
    import plotly.graph_objects as go


class Shown(ABC):
    """Something that a notebook shows as a table and a terminal as text."""

    @abstractmethod
    def blocks(self) -> Sequence[Block]:
        """What is shown, in order."""

    def __repr__(self) -> str:
        return as_text(self.blocks())

    def _repr_html_(self) -> str:
        return as_html(self.blocks())


@dataclass(frozen=True, repr=False, eq=False)
class Part(Shown):
    """One part of an analysis.  result: what the stage made, with everything in it.  frame: the same as the rows of
    balance.csv or outcomes.csv, numbers unrounded."""

    result: BalanceTable | OutcomeResult
    frame: pd.DataFrame
    block: Block

    def blocks(self) -> Sequence[Block]:
        """The one table."""
        return (self.block,)


@dataclass(frozen=True, repr=False, eq=False)
class MatchedAnalysis(Shown):
    """What `match` and `run` return. The same frame and spec give the numbers that the command writes.

    `a` itself shows a summary; `a["death_28d"]` is an outcome, `for name in a` goes through their names. Outcomes are
    compared when they are asked for.  comparison: who is compared with whom, what each counts, who is lost and why.
    steps: everything behind it, as the command and the pages use it.
    """

    steps: Steps
    comparison: Comparison

    @property
    def spec(self) -> AnalysisSpec:
        """Every choice of this analysis; `a.spec.to_json()` is what the command and the pages read."""
        return self.steps.spec

    @cached_property
    def balance(self) -> Part:
        """How alike the arms are, before and after matching."""
        made = self.steps.balance
        test = self.steps.balance_test
        return Part(made, with_limits(made.rows, test.covariates), balance_block(made, test))

    def __getitem__(self, name: str) -> Part:
        """One outcome. Raises SpecError when the analysis has none of that name."""
        if name not in self:
            raise _no_outcome(name, list(self))
        outcome = next(made for made in self.steps.outcomes if made.name == name)
        return Part(outcome, outcome_frame((outcome,)), outcome_block(outcome))

    def __iter__(self) -> Iterator[str]:
        return iter([outcome.name for outcome in self.steps.used[1].outcomes])

    def __len__(self) -> int:
        return len(self.steps.used[1].outcomes)

    def __contains__(self, name: object) -> bool:
        return name in list(self)

    @property
    def matched(self) -> pd.DataFrame:
        """Every analysed row with its own columns, then propensity, distance, weights (0 when unmatched) and subclass
        (the matched set), as MatchIt writes them: what matched.csv holds."""
        return matched_frame(self.steps.cohort, self.steps.score, self.comparison)

    @property
    def table1(self) -> pd.DataFrame:
        """Table 1, before and after matching: what table1.csv holds."""
        return self.steps.table_one

    @property
    def notes(self) -> tuple[str, ...]:
        """What the reader must know, in the order of the stages."""
        return self.steps.notes

    def love_plot(self) -> "go.Figure":
        """Every covariate's standardised difference before and after matching, as a Plotly figure."""
        from ..figures import love

        return love(self.steps.balance, self.steps.balance_test).figure

    def replace(self, **changes: Any) -> "MatchedAnalysis":
        """The analysis with some arguments of `match` changed: `a.replace(ratio=2)`, `a.replace(outcomes={...})`.

        What does not change is not made again: another ratio fits nothing. Raises AnalysisError when it cannot be done
        so; `a` stays as it is.
        """
        return _matched(self.steps.other(changed_spec(self.spec, changes)))

    def to_files(self, directory: str | PathLike[str]) -> Path:
        """Write what `matchlens run` writes (result.json, matched.csv, balance.csv, outcomes.csv, table1.csv), byte for
        byte, and return the folder. Raises DataError when it cannot be written."""
        write_results(self.steps, Path(directory))
        return Path(directory)

    def blocks(self) -> Sequence[Block]:
        """Who is compared, how alike they are, the outcomes, the notes."""
        made = self.steps
        return (
            head_block(made),
            balance_block(made.balance, made.balance_test),
            outcomes_block(made.outcomes),
            notes_block(made.notes),
        )


def match(
    data: Any,
    *,
    treatment: str,
    treated: Any = None,
    covariates: Iterable[str] = (),
    outcomes: Mapping[str, Mapping[str, Any]] | None = None,
    categorical: Iterable[str] = (),
    id: str | None = None,
    seed: int = 1,
    **settings: Any,
) -> MatchedAnalysis:
    """Match treated patients with controls and compare them.

    data: a frame of pandas, polars or pyarrow, what `read` returns, or the name of a CSV file.
    treatment: the column that tells the arms apart; treated: its value for the treated, by default the larger of two.
    covariates: what the patients are matched on; categorical: those of them that are codes and not amounts (text always
        is).  outcomes: name -> `binary()`, `continuous()` or `survival(...)`; none means design first, answers later.
    id: the column that names patients.  seed: for what is drawn at random.
    settings: any other choice of a spec: of matching (ratio 3 unless given, method, exact, replace, order, ...; no
        caliper unless given), of columns (log, described, ...) or a whole section (eligibility, propensity, ...).

    Raises AnalysisError, one sentence and a `hint`: SpecError for a setting, DataError for the data, EstimationError
    when no answer exists.

    >>> a = ml.match(ml.read("sample_data/msc_covid19.csv"), treatment="group", treated="MSC",
    ...              covariates=["age", "sofa"], ratio=2, outcomes={"death_28d": ml.binary()})
    >>> a.replace(ratio=3).comparison.n_sets
    8
    """
    own = {"id": id, "treatment": treatment, "treated": treated, "seed": seed, "outcomes": outcomes or {}}
    lists = {"covariates": plain_python(covariates), "categorical": plain_python(categorical)}
    return run(data, new_spec(own | lists | settings))


def run(
    data: Any, spec: AnalysisSpec | Mapping[str, Any] | str | PathLike[str], episodes: Any = None
) -> MatchedAnalysis:
    """Analyse a frame or file by a spec: what `matchlens run` does, without files.

    data, episodes: as for `match`.  spec: an AnalysisSpec, its settings as a dictionary, or the name of a spec.json.
    Raises AnalysisError with a `hint` when it cannot be done.

    >>> ml.run("sample_data/msc_covid19.csv", "sample_data/msc_covid19.spec.json")["death_28d"].result.treated.events
    0
    """
    days = None if episodes is None else as_table(episodes)
    return _matched(Steps(as_table(data), _as_spec(spec), episodes=days))


def _matched(steps: Steps) -> MatchedAnalysis:
    """With everything done that can be refused before an outcome is opened."""
    return MatchedAnalysis(steps, steps.comparison)


def _as_spec(spec: AnalysisSpec | Mapping[str, Any] | str | PathLike[str]) -> AnalysisSpec:
    if isinstance(spec, AnalysisSpec):
        return spec
    if isinstance(spec, (str, PathLike)):
        return AnalysisSpec.from_json(read_file(Path(spec)))
    return AnalysisSpec.from_dict(plain_python(spec))


def _no_outcome(name: str, names: list[str]) -> SpecError:
    if not names:
        return SpecError("This analysis has no outcome.", f'Add one: a.replace(outcomes={{"{name}": ml.binary()}}).')
    return SpecError(f'This analysis has no outcome "{name}".', f"It has {quoted(names)}.")
