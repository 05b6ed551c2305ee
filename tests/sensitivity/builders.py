"""Grids over the made-up cohort of tests/tables.py and over the sample study."""

from typing import Any

from lib.io import read_csv
from lib.sensitivity.axes import Plan, plan_grid
from lib.spec import AnalysisSpec
from lib.table import Table
from tests.conftest import SAMPLES
from tests.tables import COHORT_SPEC, cohort_frame

TABLE = Table.from_frame(cohort_frame())


def plan(grid: dict[str, list], prune: bool = False, **sections: Any) -> Plan:
    """A grid over COHORT_SPEC with some sections replaced."""
    return plan_grid(spec(grid, **sections), prune)


def spec(grid: dict[str, list] | None = None, **sections: Any) -> AnalysisSpec:
    """COHORT_SPEC with some sections replaced, and a grid."""
    return AnalysisSpec.from_dict(COHORT_SPEC | {"sensitivity": {"grid": grid or {}}} | sections)


def sample_study(grid: dict[str, list] | None = None) -> tuple[Table, AnalysisSpec]:
    """The sample study with three outcomes, one of each kind."""
    table = read_csv((SAMPLES / "msc_covid19.csv").read_bytes())
    full = AnalysisSpec.from_json((SAMPLES / "msc_covid19.spec.json").read_bytes())
    kept = [o for o in full.outcomes if o.name in ("death_28d", "icu_free_days", "survival")]
    return table, full.replace(outcomes=kept, sensitivity={"grid": grid or {}})
