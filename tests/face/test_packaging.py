"""What `pip install .` needs to know, held against what is there; the install itself is tried by hand."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib import import_module
from pathlib import Path

import pytest

import lib
from tests.conftest import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
# imported name -> what is installed, where they differ
DISTRIBUTIONS = {
    "dask": "dask",
    "docx": "python-docx",
    "pptx": "python-pptx",
    "PIL": "pillow",
    "choreographer": "kaleido",
    "xlsxwriter": "XlsxWriter",
    "distributed": "dask",
    "python_calamine": "python-calamine",
}  # imported name -> what is installed, where they differ
OPTIONAL = {"dask"}  # lib imports it only when asked to use a cluster: requirements-dask.txt


def modules() -> list[Path]:
    return sorted((ROOT / "lib").rglob("*.py"))


def imports(path: Path) -> list[tuple[int, str]]:
    """(level, module) of every import of a file: level 0 is absolute."""
    found = []
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found += [(0, alias.name) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            found.append((node.level, node.module or ""))
    return found


def bare(requirement: str) -> str:
    return re.match(r"[\w-]+", requirement).group()


def test_every_subpackage_is_listed() -> None:
    folders = sorted(path.parent.relative_to(ROOT / "lib") for path in (ROOT / "lib").rglob("__init__.py"))
    wanted = [".".join(("matchlens", *folder.parts)) for folder in folders]
    assert sorted(PROJECT["tool"]["setuptools"]["packages"]) == sorted(wanted)
    assert PROJECT["tool"]["setuptools"]["package-dir"] == {"matchlens": "lib"}


def test_every_module_is_in_a_package() -> None:
    assert [path for path in modules() if not (path.parent / "__init__.py").exists()] == []


def test_no_file_but_modules_is_needed() -> None:
    """A file that lib reads at run time would have to be declared as package data."""
    inside = [path.relative_to(ROOT / "lib") for path in (ROOT / "lib").rglob("*.*") if path.is_file()]
    kept = [path for path in inside if not any(part.startswith((".", "__pycache__")) for part in path.parts)]
    assert {str(path) for path in kept if path.suffix != ".py"} == {"ruff.toml", "sensitivity/ruff.toml"}


def test_lib_imports_itself_by_relative_names() -> None:
    """Once installed there is no `lib`."""
    absolute = [str(path) for path in modules() for level, name in imports(path) if level == 0 and is_own(name)]
    assert absolute == []


def is_own(name: str) -> bool:
    return name.split(".")[0] in ("lib", "matchlens", "pages", "app", "tests")


def test_what_lib_imports_is_declared() -> None:
    names = {name.split(".")[0] for path in modules() for level, name in imports(path) if level == 0}
    foreign = {DISTRIBUTIONS.get(name, name) for name in names - set(sys.stdlib_module_names)}
    assert foreign - OPTIONAL == {bare(entry) for entry in PROJECT["project"]["dependencies"]}


def test_requirements_have_the_same_ranges() -> None:
    listed = (ROOT / "requirements.txt").read_text().split("\n")
    assert set(PROJECT["project"]["dependencies"]) <= set(listed)
    pinned = {bare(line).lower() for line in (ROOT / "constraints.txt").read_text().split()}
    assert {bare(entry).lower() for entry in PROJECT["project"]["dependencies"]} <= pinned


def test_the_command_is_there() -> None:
    module, function = PROJECT["project"]["scripts"]["matchlens"].split(":")
    assert callable(getattr(import_module(module.replace("matchlens", "lib", 1)), function))


def test_the_version_is_a_literal_that_setuptools_reads() -> None:
    assert PROJECT["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "matchlens.__version__"}
    assert f'__version__ = "{lib.__version__}"' in (ROOT / "lib" / "__init__.py").read_text().split("\n")


@pytest.mark.parametrize(
    ("file", "line", "banned"),
    [
        ("lib/sensitivity/scratch.py", "from ..report.files import result_files", "lib.report"),
        ("lib/sensitivity/scratch.py", "from .. import report", "lib.report"),
        ("lib/io/scratch.py", "import streamlit", "streamlit"),
        ("lib/io/scratch.py", "from pages.ui import session", "pages"),
    ],
)
def test_ruff_holds_the_bans_for_relative_imports_too(file: str, line: str, banned: str) -> None:
    asked = [sys.executable, "-m", "ruff", "check", "--select", "TID251", "--stdin-filename", file, "-"]
    found = subprocess.run(asked, input=f"{line}\n", capture_output=True, text=True, cwd=ROOT, check=False)
    assert f"`{banned}` is banned" in found.stdout
