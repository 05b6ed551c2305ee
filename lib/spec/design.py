"""The design of a spec apart from all else in it: who is compared with whom, and nothing of outcomes or words."""

import hashlib
import json
from typing import Any

from .analysis import AnalysisSpec

OF_COLUMNS = ("id", "treatment", "treated_value", "treatment_day", "repeated_ids")
UNORDERED = ("covariates", "categorical", "log")
SECTIONS = ("landmark", "missing", "propensity", "matching", "estimand", "seed")


def design_digest(spec: AnalysisSpec) -> str:
    """First 16 hex digits of the SHA-256 of the design: covariates and how they are read, eligibility, landmark, score,
    match and seed. Labels, units, described columns, outcomes and the grid are no part of it, nor is the order of the
    covariates."""
    return hashlib.sha256(json.dumps(design_of(spec), sort_keys=True).encode()).hexdigest()[:16]


def design_of(spec: AnalysisSpec) -> dict[str, Any]:
    """The settings that the digest is made of."""
    plain, columns = spec.model_dump(mode="json"), spec.columns
    read: set[str | None] = {columns.treatment, *columns.covariates, *spec.matching.exact, *spec.matching.calipers}
    read |= {rule.column for rule in spec.eligibility} | {columns.treatment_day, spec.matching.set_column}
    made = {key: plain["columns"][key] for key in OF_COLUMNS} | {key: plain[key] for key in SECTIONS}
    made |= {key: sorted(plain["columns"][key]) for key in UNORDERED}
    made["below_limit"] = {name: rule for name, rule in plain["columns"]["below_limit"].items() if name in read}
    made["derived"] = [one for one in plain["derived"] if one["name"] in read]
    made["eligibility"] = plain["eligibility"]
    made["matching"] = plain["matching"] | {"exact": sorted(plain["matching"].get("exact") or ())}
    return made
