"""The bundled cohorts."""

from pathlib import Path

from lib.io import read_csv
from lib.spec import AnalysisSpec
from lib.table import Table

ROOT = Path(__file__).resolve().parents[2]
STUDY = "msc_covid19"  # whose printed tables stand beside ours
SAMPLES = {
    "msc_covid19": "Mesenchymal stromal cells in severe COVID-19 (synthetic patients, calibrated to Gregoire 2022)",
    "nhefs": "Quitting smoking and weight change (NHEFS, 1,629 real adults)",
}


def read_sample(name: str) -> tuple[Table, str, AnalysisSpec]:
    """A bundled cohort, its name, and its own spec."""
    if name not in SAMPLES:
        raise ValueError(f"--sample must be one of {', '.join(SAMPLES)}, not {name}.")
    folder = ROOT / "sample_data"
    table = read_csv((folder / f"{name}.csv").read_bytes())
    return table, name, AnalysisSpec.from_json((folder / f"{name}.spec.json").read_bytes())
