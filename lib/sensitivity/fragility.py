"""Fragility of the match: the same analysis with one thing changed, and who is still compared with whom.

Five kinds of change: one covariate left out, one treated patient left out, the treated choosing in a random order,
Firth's model in place of maximum likelihood (or the other way), and covariates on the log scale (or all off it).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd

from ..balance.worst import WorstDifference
from ..cohort import Cohort
from ..design import Comparison, match
from ..design.nearest import Nearest
from ..errors import AnalysisError
from ..score import fit_propensity
from ..spec import AnalysisSpec, Columns
from ..steps import Steps
from ..table import text_as_objects
from .quick_outcomes import QuickOutcome, quick_outcomes

CORE = 0.8  # a control chosen in more than this share of the variants is core
ORDERS = 200
MOST_LEFT_OUT = 60  # treated patients left out in turn; with more of them no single one carries the answer
KINDS = {
    "covariate": "Without one covariate",
    "treated": "Without one treated patient",
    "order": "Random order",
    "model": "Other propensity model",
    "log": "Log scale",
}
MAIN = "main"
NUMBERS = ("estimate", "ci_low", "ci_high", "p_published", "p_by_set")

Report = Callable[[int, int], None]


@dataclass(frozen=True)
class Made:
    """A specification up to the match: no outcome has been looked at."""

    cohort: Cohort
    comparison: Comparison
    max_abs_smd: float

    @classmethod
    def of(cls, steps: Steps) -> "Made":
        """Raises what the steps raise."""
        return cls(steps.cohort, steps.comparison, steps.max_abs_smd)


@dataclass(frozen=True)
class Variant:
    """One changed analysis.  kind: of KINDS, or MAIN.  label: what was changed.  left_out: eligible row of the treated
    patient left out, else None.  controls: int, eligible rows of the controls chosen.  error: why it cannot be done."""

    kind: str
    label: str
    left_out: int | None
    controls: np.ndarray
    matched_treated: int
    max_abs_smd: float
    outcomes: tuple[QuickOutcome, ...]
    error: str | None = None

    def outcome(self, name: str) -> QuickOutcome:
        """The numbers of one outcome."""
        return next(found for found in self.outcomes if found.name == name)


@dataclass(frozen=True)
class Fragility:
    """variants: the main analysis first.  shares: DataFrame, a row for every control chosen at least once, the most
    often chosen first: `row` (eligible), `main` (chosen in the main analysis), a column for each kind that was tried
    (share of its variants that choose this control) and `share`, the mean over the kinds.  notes: what was not tried.
    """

    variants: tuple[Variant, ...]
    shares: pd.DataFrame
    notes: tuple[str, ...]

    @property
    def core(self) -> np.ndarray:
        """int: eligible rows of the controls chosen in more than CORE of the variants."""
        return self.shares.loc[self.shares["share"] > CORE, "row"].to_numpy()

    def estimates(self, outcome: str) -> pd.DataFrame:
        """DataFrame [kind, label, estimate, ci_low, ci_high, p_published, p_by_set, matched_treated, max_abs_smd,
        left_out, error], a row per variant, the main analysis first; NaN where there is no number."""
        rows = []
        for v in self.variants:
            found = None if v.error else v.outcome(outcome)
            numbers = [getattr(found, number, np.nan) for number in NUMBERS]
            rows.append((v.kind, v.label, *numbers, v.matched_treated, v.max_abs_smd, v.left_out, v.error))
        rest = ["matched_treated", "max_abs_smd", "left_out", "error"]
        return text_as_objects(pd.DataFrame(rows, columns=["kind", "label", *NUMBERS, *rest]))

    def ranges(self, outcome: str) -> pd.DataFrame:
        """DataFrame [kind, variants, failed, low, high, p_low, p_high], a row per kind that was tried: the range of the
        estimate and of p by set."""
        rows, table = [], self.estimates(outcome)
        for kind in KINDS:
            part = table[table["kind"] == kind]
            if len(part):
                numbers = [getattr(part[key], end)() for key in ("estimate", "p_by_set") for end in ("min", "max")]
                rows.append((kind, len(part), int(part["error"].notna().sum()), *numbers))
        return pd.DataFrame(rows, columns=["kind", "variants", "failed", "low", "high", "p_low", "p_high"])

    def hinges(self, outcome: str) -> pd.DataFrame:
        """DataFrame [row, estimate, change, p_by_set], a row per treated patient left out in turn (eligible row), the
        one whose absence moves the estimate most first. change: of the estimate, against the main analysis."""
        table = self.estimates(outcome)
        main = table["estimate"].iloc[0]
        part = table[(table["kind"] == "treated") & table["error"].isna()]
        made = pd.DataFrame(
            {
                "row": part["left_out"].astype(int),
                "estimate": part["estimate"],
                "change": part["estimate"] - main,
                "p_by_set": part["p_by_set"],
            }
        )
        return made.sort_values("change", key=np.abs, ascending=False, kind="stable", ignore_index=True)


def fragility(steps: Steps, orders: int = ORDERS, report: Report = lambda done, total: None) -> Fragility:
    """Every variant of the analysis.  orders: random orders tried.  report: called with variants done and all of them.

    Raises what the main analysis raises; a variant that cannot be done keeps its place with its sentence."""
    main = Made.of(steps)
    planned, notes = _planned(steps, main, orders)
    variants = [_variant(MAIN, "main analysis", lambda: main)]
    for done, (kind, label, left_out, make) in enumerate(planned, start=1):
        variants.append(_variant(kind, label, make, left_out))
        report(done, len(planned))
    return Fragility(tuple(variants), _shares(variants), notes)


Planned = tuple[str, str, int | None, Callable[[], Made]]


def _planned(steps: Steps, main: Made, orders: int) -> tuple[list[Planned], tuple[str, ...]]:
    planned: list[Planned] = []
    notes, spec = [], steps.spec
    for kind, label, changed in _other_specs(spec, main.cohort, orders):
        planned.append((kind, label, None, partial(_made_with, steps, changed)))
    treated = np.flatnonzero(main.cohort.treated)
    if len(treated) <= MOST_LEFT_OUT:
        for number, row in enumerate(treated.tolist(), start=1):
            planned.append(
                (
                    "treated",
                    f"treated patient {number}",
                    int(main.cohort.rows[row]),
                    partial(without_patient, main.cohort, row, spec),
                )
            )
    else:
        notes.append(f"With {len(treated):,} treated patients none is left out in turn (up to {MOST_LEFT_OUT} are).")
    if isinstance(spec.matching, Nearest) and spec.matching.replace:
        notes.append("With replacement the order in which the treated choose plays no part.")
    elif not isinstance(spec.matching, Nearest):
        notes.append("In this design nobody chooses before others, so no order of the treated is tried.")
    return planned, tuple(notes)


def _made_with(steps: Steps, changed: AnalysisSpec) -> Made:
    return Made.of(steps.other(changed))


def _other_specs(spec: AnalysisSpec, cohort: Cohort, orders: int) -> Iterator[tuple[str, str, AnalysisSpec]]:
    columns = spec.columns
    if len(columns.covariates) > 1:
        for name in columns.covariates:
            yield "covariate", f"without {name}", spec.replace(columns=without_covariate(columns, name))
    other = "firth" if spec.propensity.model == "logit" else "logit"
    if spec.matching.needs_score:
        yield (
            "model",
            {"firth": "Firth", "logit": "maximum likelihood"}[other],
            spec.replace(propensity=spec.propensity.model_copy(update={"model": other})),
        )
    logged = () if columns.log else _can_be_logged(cohort)
    if logged != columns.log:
        label = "all that can be logged" if logged else "none logged"
        yield "log", label, spec.replace(columns=columns.model_copy(update={"log": logged}))
    if isinstance(spec.matching, Nearest) and not spec.matching.replace:
        random = spec.matching.model_copy(update={"order": "random"})
        for number in range(orders):
            changed = {"matching": random, "seed": spec.seed + number}
            yield "order", f"order {number + 1}", spec.model_copy(update=changed)


def without_covariate(columns: Columns, name: str) -> Columns:
    """The columns with one covariate less, wherever it is named."""
    lists = {key: getattr(columns, key) for key in ("covariates", "categorical", "log")}
    return columns.model_copy(update={key: tuple(c for c in names if c != name) for key, names in lists.items()})


def _can_be_logged(cohort: Cohort) -> tuple[str, ...]:
    """Numbers above 0 everywhere, other than two-valued ones."""
    return tuple(
        name
        for name in map(str, cohort.covariates)
        if cohort.covariates[name].dtype == float
        and cohort.covariates[name].min() > 0
        and cohort.covariates[name].nunique() > 2
    )


def without_patient(cohort: Cohort, row: int, spec: AnalysisSpec) -> Made:
    """The analysis of everyone but one analysed patient, the score fitted anew."""
    kept = np.arange(cohort.n) != row
    frames = {
        name: getattr(cohort, name)[kept].reset_index(drop=True)
        for name in ("covariates", "covariate_matrix", "matching_columns")
    }
    smaller = replace(cohort, rows=cohort.rows[kept], person_id=cohort.person_id[kept], **frames)
    propensity = fit_propensity(smaller, spec.propensity, required=spec.matching.needs_score)
    sample = match(smaller, propensity, spec.matching, spec.seed)
    return Made(smaller, sample, WorstDifference(smaller).after(sample))


def _variant(kind: str, label: str, make: Callable[[], Made], left_out: int | None = None) -> Variant:
    try:
        made = make()
    except AnalysisError as error:
        return Variant(kind, label, left_out, np.zeros(0, dtype=int), 0, float("nan"), (), str(error))
    chosen = made.cohort.rows[made.comparison.matched & ~made.comparison.treated]
    return Variant(
        kind,
        label,
        left_out,
        chosen,
        made.comparison.n_matched(True),
        made.max_abs_smd,
        quick_outcomes(made.cohort, made.comparison),
    )


def _shares(variants: list[Variant]) -> pd.DataFrame:
    done = [v for v in variants if not v.error]
    everyone = np.unique(np.concatenate([v.controls for v in done]))
    made = pd.DataFrame({"row": everyone, "main": np.isin(everyone, variants[0].controls)})
    for kind in KINDS:
        chosen = [np.isin(everyone, v.controls) for v in done if v.kind == kind]
        if chosen:
            made[kind] = np.mean(chosen, axis=0)
    tried = [kind for kind in KINDS if kind in made]
    made["share"] = made[tried].mean(axis=1) if tried else made["main"].astype(float)
    return made.sort_values(["share", "main", "row"], ascending=[False, False, True], ignore_index=True)
