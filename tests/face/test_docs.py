"""The examples of docstrings and README run as printed."""

import doctest
import re
from pathlib import Path
from types import ModuleType

import pytest

import lib
from lib.face import analysis, frames, settings
from tests.conftest import ROOT

BLOCK = re.compile(r"<!-- notebook -->\n```python\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize(("module", "examples"), [(analysis, 3), (frames, 1), (settings, 2)])
def test_docstrings(module: ModuleType, examples: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    found = doctest.testmod(module, extraglobs={"ml": lib})
    assert (found.failed, found.attempted) == (0, examples)


def test_readme(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "cohort.csv").write_bytes((ROOT / "sample_data" / "msc_covid19.csv").read_bytes())
    monkeypatch.chdir(tmp_path)
    code = BLOCK.search((ROOT / "README.md").read_text()).group(1)
    held: dict = {}
    exec(code.replace("import matchlens as ml", "import lib as ml"), held)
    assert list(held["a"]) == ["death_28d", "survival"]
    assert (tmp_path / "results" / "result.json").exists()
