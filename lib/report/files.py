"""The result files of one analysis: result.json and the same tables as CSV. No number is computed or rounded here."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .. import __version__
from ..balance.lottery import with_limits
from ..cohort import Cohort
from ..design import Comparison
from ..inference import Detectable, Multiplicity
from ..inference.attainable import attainable
from ..inference.competing import incidence_at
from ..inference.results import (
    ARMS,
    BinaryOutcome,
    BinarySummary,
    Estimate,
    OutcomeResult,
    SurvivalOutcome,
    Test,
)
from ..io import write_csv, write_files
from ..score import PropensityModel
from ..steps import Steps
from ..table import text_as_objects
from .balance import balance_content
from .free_days import free_days_content, free_days_frame
from .nulls import null_notes
from .plain import plain

MATCH_COLUMNS = ("propensity", "distance", "weights", "subclass")
OWN_SUFFIX = "_in_file"
OUTCOME_COLUMNS = (
    "outcome",
    "kind",
    "part",
    "name",
    "sample",
    "n",
    "events",
    "risk",
    "median",
    "p25",
    "p75",
    "mean",
    "sd",
    "minimum",
    "maximum",
    "survival",
    "statistic",
    "p_value",
    "n_units",
    "unit",
    "convention",
    "n_treated",
    "n_control",
    "estimate",
    "ci_low",
    "ci_high",
    "se",
    "method",
    "scope",
    "note",
    "note_code",
    "scale",
    "df",
    "arm",
    "cause",
    "weighted_risk",
    "weighted_mean",
    "role",
    "moves",
)


def write_results(analysis: Steps, directory: Path, replace: bool = False) -> None:
    """Write the files of result_files into a new or empty directory, or with `replace` in place of results that stand
    there, all or none. Raises DataError when it cannot be written."""
    write_files(result_files(analysis), directory, replace)


def result_files(analysis: Steps) -> dict[str, bytes]:
    """matched.csv, result.json, balance.csv, outcomes.csv and table1.csv by name, and free_days.csv where episodes were
    given; equal analyses give equal bytes."""
    files = {
        "matched.csv": write_csv(matched_frame(analysis.cohort, analysis.score, analysis.comparison)),
        "result.json": result_json(analysis),
        "balance.csv": write_csv(with_limits(analysis.balance.rows, analysis.balance_test.covariates)),
        "outcomes.csv": write_csv(outcome_frame(analysis.outcomes)),
        "table1.csv": write_csv(analysis.table_one),
    }
    if analysis.free_days is not None and analysis.free_days.derived:
        files["free_days.csv"] = write_csv(free_days_frame(analysis.free_days))
    return files


def matched_frame(cohort: Cohort, score: PropensityModel, sample: Comparison) -> pd.DataFrame:
    """Every analysed row in file order with its own columns, then MATCH_COLUMNS as MatchIt writes them.

    propensity in (0, 1); distance on the scale matched on; weights 0 when unmatched; subclass the number of the matched
    set, from 1 in file order of its treated patient, empty when unmatched and for every row with replacement; sets made
    elsewhere keep their names in their own column beside it. A column of the file that bears one of these names gets
    OWN_SUFFIX.
    """
    own = cohort.eligible.iloc[cohort.rows].reset_index(drop=True).rename(columns=_own_names(cohort.eligible))
    sets = sample.set_of_row
    numbered = np.where((sets >= 0) & sample.by_set, sets + 1.0, np.nan)
    made = (score.score, score.distance, sample.weights, numbered)
    return own.assign(**dict(zip(MATCH_COLUMNS, made, strict=True)))


def _own_names(eligible: pd.DataFrame) -> dict[str, str]:
    """New names for columns of the file that would collide with MATCH_COLUMNS."""
    taken, names = {*eligible.columns, *MATCH_COLUMNS}, {}
    for name in MATCH_COLUMNS:
        if name in eligible.columns:
            new = name + OWN_SUFFIX
            while new in taken:
                new += OWN_SUFFIX
            names[name] = new
            taken.add(new)
    return names


def result_json(analysis: Steps) -> bytes:
    """result_dict as indented JSON; NaN and infinity have become null."""
    return (json.dumps(result_dict(analysis), indent=1, ensure_ascii=False, allow_nan=False) + "\n").encode()


def result_dict(analysis: Steps) -> dict[str, Any]:
    """result.json as interface.md names it, with more keys. What is null is explained in `notes`."""
    cohort = analysis.cohort
    treated = int(cohort.treated.sum())
    renamed = [
        f'Column "{old}" of the file is called "{new}" in matched.csv.'
        for old, new in _own_names(cohort.eligible).items()
    ]
    content = {
        "matchlens": __version__,
        "spec": analysis.spec.digest,
        "data": analysis.table.digest,
        "n": {"rows": cohort.n, "treated": treated, "control": cohort.n - treated},
        "arms": {"treated": cohort.treated_label, "control": cohort.control_label},
        "attrition": [asdict(step) for step in cohort.attrition],
        "missing": cohort.missing_by_covariate.to_dict("records"),
        "estimand": analysis.comparison.estimand,
        "propensity": _propensity(analysis),
        "matching": _matching(analysis),
        **balance_content(analysis.balance, analysis.balance_test),
        "design": _before_outcomes(analysis),
        "outcomes": [_outcome(outcome) for outcome in analysis.outcomes],
        **(_multiplicity(analysis.multiplicity) if analysis.multiplicity is not None else {}),
        **(free_days_content(analysis.free_days) if analysis.free_days is not None else {}),
        "notes": list(dict.fromkeys([*analysis.notes, *null_notes(analysis), *renamed])),
    }
    return plain(content)


def _propensity(analysis: Steps) -> dict[str, Any]:
    model = analysis.score
    return {
        "model": model.model,
        "scale": model.scale,
        "coefficients": dict(zip(model.names, model.coefficients, strict=True)),
        "standard_errors": dict(zip(model.names, model.standard_errors, strict=True)),
        "converged": model.converged,
        "separation": list(model.separation),
        "events_per_variable": model.events_per_variable,
        "c_statistic": model.c_statistic,
    }


def _matching(analysis: Steps) -> dict[str, Any]:
    sample = analysis.comparison
    distances, paired = sample.pairs["distance"], sample.n_sets > 0 and sample.units.stars
    return {
        "method": analysis.spec.matching.method,
        "matched_treated": (sample.matched & sample.treated).sum(),
        "matched_control": (sample.matched & ~sample.treated).sum(),
        "pairs": len(distances) if paired else None,
        "sets": sample.n_sets,
        "caliper_width": sample.caliper_width,
        "sum_distance": distances.sum(skipna=False) if paired else None,
        "max_distance": distances.max(skipna=False) if paired else None,
        "ess_treated": sample.effective_sample_size(True),
        "ess_control": sample.effective_sample_size(False),
        "largest_share_treated": sample.largest_share(True),
        "largest_share_control": sample.largest_share(False),
        "ties": sample.ties,
        "lost": sample.losses["reason"].value_counts().sort_index().to_dict(),
        "discarded": sample.discarded.sum(),
    }


def _outcome(outcome: OutcomeResult) -> dict[str, Any]:
    return {
        "name": outcome.name,
        "kind": outcome.kind,
        "primary": outcome.primary,
        "quoted": None if outcome.quoted is None else asdict(outcome.quoted),
        "summary": {arm: _summary(getattr(outcome, arm)) for arm in ARMS},
        "tests": [asdict(test) | {"counts": test.counts, "counted_as": test.counted_as} for test in outcome.tests],
        "estimates": [estimate.content(outcome.weighted) for estimate in outcome.estimates],
        "notes": [asdict(note) | {"text": note.sentence} for note in outcome.notes],
    } | _specific(outcome)


def _specific(outcome: OutcomeResult) -> dict[str, Any]:
    """What only one kind of outcome has."""
    if isinstance(outcome, SurvivalOutcome):
        return _survival(outcome)
    found = attainable(outcome) if isinstance(outcome, BinaryOutcome) else None
    if found is None or found.observed is None:
        return {}
    return {
        "attainable": {
            "control_events": found.events,
            "controls": found.controls,
            "sets": found.sets,
            "smallest_p": found.smallest_p,
            "largest_p": found.largest_p,
            "share_at_or_below_0.05": found.below,
        }
    }


def _before_outcomes(analysis: Steps) -> dict[str, Any] | None:
    """What is known of the sets before any outcome; None where there are none that are apart."""
    power, odds = analysis.power, analysis.odds_inside_sets
    if odds is None:
        return None
    found = {} if power is None else _design(power)
    told = {"why_equal": odds.why_equal, "level": odds.level}
    inside = {"largest": odds.largest, "typical": odds.typical, "moves": odds.moves} | told
    return found | {"odds_inside_sets": inside}


def _design(design: Detectable) -> dict[str, Any]:
    """What the matched sets could find, before any outcome."""
    return {
        "sets": design.n_sets,
        "controls": design.n_controls,
        "smallest_p": design.smallest_p,
        "fewest_events": None if design.fewest is None else asdict(design.fewest),
        "detectable_risks": design.risks.to_dict("records"),
        "detectable_shift_sd": design.shift,
        "simulated_studies": design.studies,
        "assumptions": design.assumptions,
        "sentences": list(design.sentences),
    }


def _multiplicity(several: Multiplicity) -> dict[str, Any]:
    """The p-values by set adjusted for several outcomes, and the label moves behind max-T."""
    rows = several.rows.to_dict("records")
    return {"multiplicity": {"arrangements": several.arrangements, "exact": several.exact, "outcomes": rows}}


def _survival(outcome: SurvivalOutcome) -> dict[str, Any]:
    """Survival at each of the outcome's moments, and there the incidence of each competing event."""
    moments = np.unique(outcome.moments["time"].to_numpy(float))
    incidence = incidence_at(outcome.incidence, moments[moments <= outcome.horizon])
    return {
        "horizon": outcome.horizon,
        "survival_at": outcome.moments.to_dict("records"),
        "incidence_at": incidence.to_dict("records"),
    }


def _summary(summary: Any) -> dict[str, Any]:
    """The fields of one arm's summary; a binary one with its risk."""
    return asdict(summary) | ({"risk": summary.risk} if isinstance(summary, BinarySummary) else {})


def outcome_frame(outcomes: tuple[OutcomeResult, ...]) -> pd.DataFrame:
    """The outcomes flat, with OUTCOME_COLUMNS: per outcome a row for each arm (part "summary"), test and estimate."""
    rows = []
    for outcome in outcomes:
        head = {"outcome": outcome.name, "kind": outcome.kind}
        rows += [head | {"part": "summary", "name": arm} | _summary(getattr(outcome, arm)) for arm in ARMS]
        rows += [head | _part("test", test, outcome) for test in outcome.tests]
        rows += [head | _part("estimate", estimate, outcome) for estimate in outcome.estimates]
    return text_as_objects(pd.DataFrame(rows, columns=list(OUTCOME_COLUMNS)))


def _part(part: str, result: Test | Estimate, outcome: OutcomeResult) -> dict[str, Any]:
    fields = result.content(outcome.weighted) if isinstance(result, Estimate) else asdict(result)
    return {"part": part, "name": fields.pop("name" if part == "test" else "measure")} | fields
