"""`import lib` fetches nothing heavy; a name is fetched when it is used, a plot's library when a plot is asked for."""

import subprocess
import sys

import pytest

import lib
from tests.conftest import ROOT

HEAVY = ("pandas", "scipy", "plotly", "streamlit", "joblib", "pydantic", "numpy", "narwhals")
MATCH = """
import lib as ml
a = ml.match("sample_data/msc_covid19.csv", treatment="group", treated="MSC", covariates=["age"],
             outcomes={"death_28d": ml.binary()})
repr(a), a._repr_html_()
"""


def loaded(code: str) -> set[str]:
    """Which of HEAVY a fresh interpreter has loaded after the code."""
    told = f"{code}\nimport sys\nprint(*sys.modules)"
    run = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, cwd=ROOT, check=True)
    return set(HEAVY) & set(run.stdout.split())


def test_the_import_alone_loads_nothing() -> None:
    assert loaded("import lib as ml\nml.__version__, dir(ml)") == set()


def test_errors_need_no_library() -> None:
    assert loaded("from lib import AnalysisError, SpecError") == set()


def test_an_analysis_loads_neither_plots_nor_screens_nor_processes() -> None:
    assert loaded(MATCH) & {"plotly", "streamlit", "joblib"} == set()


@pytest.mark.parametrize("name", lib.__all__)
def test_every_public_name_is_there(name: str) -> None:
    assert getattr(lib, name) is not None
    assert name in dir(lib)


def test_other_names_are_not() -> None:
    name = "matching"
    with pytest.raises(AttributeError, match="'lib' has no attribute 'matching'"):
        getattr(lib, name)
