"""The samples under other designs, for tests of what is written about them."""

import io
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from lib.io import read_file, read_table
from lib.report.files import result_files
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from lib.words.labels import Labels

DATA = Path("sample_data")
DESIGNS: dict[str, dict[str, Any]] = {
    "greedy": {},
    "greedy_all": {
        "matching": {
            "ratio": 2,
            "caliper": 0.5,
            "exact": ["sex"],
            "discard": "both",
            "covariate_calipers": {"age": {"width": 15, "unit": "raw"}, "sofa": {"width": 2}},
        }
    },
    "pooled": {"matching": {"caliper": 0.5, "caliper_sd": "pooled", "order": "closest"}},
    "raw": {"matching": {"caliper": 0.25, "caliper_unit": "raw", "order": "smallest"}},
    "random": {"matching": {"caliper": None, "order": "random"}, "seed": 7},
    "file_order": {"matching": {"caliper": None, "ratio": 1, "order": "data"}},
    "replacement": {"matching": {"caliper": None, "replace": True}},
    "probability": {"propensity": {"distance": "probability"}, "matching": {"caliper": None, "ratio": 2}},
    "mahalanobis": {"matching": {"metric": "mahalanobis", "caliper": None, "ratio": 2}},
    "firth": {"propensity": {"model": "firth"}, "matching": {"caliper": None}},
    "optimal": {"matching": {"method": "optimal", "ratio": 2}},
    "full": {"matching": {"method": "full"}},
    "full_limits": {"matching": {"method": "full", "max_controls": 15, "max_treated": 2, "omit_fraction": 0.1}},
    "subclass": {"matching": {"method": "subclass", "subclasses": 3}},
    "subclass_none": {"matching": {"method": "subclass", "subclasses": 4, "min_n": 0}},
    "att_odds": {"matching": {"method": "weights"}},
    "overlap": {"matching": {"method": "weights", "kind": "overlap", "discard": "control"}},
    "entropy": {"matching": {"method": "weights", "kind": "entropy"}, "propensity": {"model": "firth"}},
}


@cache
def table_of(name: str) -> Table:
    """A bundled sample."""
    path = DATA / f"{name}.csv"
    return read_table(read_file(path), path.name)


@cache
def spec_of(name: str) -> AnalysisSpec:
    """Its spec."""
    return AnalysisSpec.from_json((DATA / f"{name}.spec.json").read_bytes())


@cache
def steps_of(design: str, name: str = "msc_covid19") -> Steps:
    """The sample under one of DESIGNS."""
    return run(table_of(name), spec_of(name).replace(**DESIGNS[design]))


def labels_of(steps: Steps) -> Labels:
    """The words of its spec."""
    return Labels.of(steps.used[1])


def written(steps: Steps) -> dict[str, bytes]:
    """What a run writes, and spec.json."""
    return result_files(steps) | {"spec.json": steps.spec.to_json().encode()}


def zipped(files: dict[str, bytes]) -> bytes:
    """A bundle."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()
