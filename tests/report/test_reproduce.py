"""reproduce.py and reproduce.R: they repeat the match, stop at a difference, and take no name for code."""

import ast
import functools
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.report.files import result_files
from lib.report.reproduce_facts import facts_of, squashed
from lib.report.reproduce_python import reproduce_python
from lib.report.reproduce_r import r_text, reproduce_r
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from lib.words.methods_text_scripts import BEYOND
from tests.report.samples import DESIGNS, steps_of

HOSTILE = (
    'quote"d',
    "tick`s",
    "l'âge éà",
    "=cmd()",
    'x");system("touch hacked");("',
    '"""\nimport os; os.mkdir("hacked")\n"""',
    "a\\",
    "${x} `r 1` %s {y}",
    "tab\tand\x07bell",
    "年齢\u202e",
)
NOT_REPEATED = {
    "random": "random",
    "optimal": "optimal",
    "full": "full",
    "full_limits": "full",
    "entropy": "entropy",
}


def folder_of(steps: Steps, folder: Path) -> Path:
    folder.mkdir(exist_ok=True)
    for name, data in result_files(steps).items():
        (folder / name).write_bytes(data)
    (folder / "reproduce.py").write_text(reproduce_python(steps), "utf-8")
    (folder / "reproduce.R").write_text(reproduce_r(steps), "utf-8")
    return folder


def python(folder: Path) -> subprocess.CompletedProcess[str]:
    place = os.environ | {"PYTHONPATH": str(Path.cwd())}
    return subprocess.run(
        [sys.executable, "reproduce.py"], cwd=folder, env=place, capture_output=True, text=True, check=False
    )


def r(folder: Path, **place: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["Rscript", "reproduce.R"], cwd=folder, env=os.environ | place, capture_output=True, text=True, check=False
    )


@functools.cache
def no_r() -> str:
    return "" if shutil.which("Rscript") else "R is not installed here"


@functools.cache
def no_matchit() -> str:
    """Why reproduce.R cannot repeat a match here; empty where it can."""
    if no_r():
        return no_r()
    asked = 'cat(requireNamespace("MatchIt", quietly = TRUE) && packageVersion("MatchIt") >= "4.7.2")'
    done = subprocess.run(["Rscript", "-e", asked], capture_output=True, text=True, check=False)
    return "" if done.stdout.strip() == "TRUE" else "MatchIt 4.7.2 or newer is not installed here"


def worse(folder: Path) -> None:
    """One SMD of balance.csv is another."""
    rows = pd.read_csv(folder / "balance.csv")
    rows.loc[0, "smd_after"] += 0.001
    rows.to_csv(folder / "balance.csv", index=False)


def moved(folder: Path) -> None:
    """A matched and an unmatched control change places."""
    rows = pd.read_csv(folder / "matched.csv", dtype=str, keep_default_na=False)
    own = rows["weights"].astype(float)
    control = rows["group"] != "MSC"
    one, other = rows.index[control & (own > 0)][0], rows.index[control & (own == 0)][0]
    columns = ["age", "sofa", "crp", "propensity", "distance"]
    rows.loc[[one, other], columns] = rows.loc[[other, one], columns].to_numpy()
    rows.to_csv(folder / "matched.csv", index=False)


@pytest.mark.parametrize("design", DESIGNS)
def test_python_repeats_every_design(design, tmp_path):
    done = python(folder_of(steps_of(design), tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    told = done.stdout.split()
    assert told[0] == told[2]
    assert int(told[0]) > 15


@pytest.mark.parametrize("change", [worse, moved])
def test_python_stops_at_a_difference(change, tmp_path):
    change(folder_of(steps_of("greedy"), tmp_path))
    done = python(tmp_path)
    assert done.returncode == 1
    assert "DIFFERS: " in done.stdout


def test_python_says_what_is_missing(tmp_path):
    folder_of(steps_of("greedy"), tmp_path)
    (tmp_path / "result.json").unlink()
    done = python(tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("result.json cannot be read")


@pytest.mark.parametrize("design", DESIGNS)
def test_r_repeats_every_design_that_it_can(design, tmp_path):
    beyond = design in NOT_REPEATED
    if no_r() or (no_matchit() and not beyond and "att" not in design and "overlap" not in design):
        pytest.skip(no_r() or no_matchit())
    done = r(folder_of(steps_of(design), tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    assert ("Not repeated here" in done.stdout) == beyond
    if beyond:
        assert BEYOND[NOT_REPEATED[design]] in done.stdout
    told = done.stdout.strip().splitlines()[-1].split()
    assert told[0] == told[2]
    assert int(told[0]) > 15


@pytest.mark.parametrize("design", ["greedy", "entropy", "overlap"])
def test_r_stops_at_a_difference(design, tmp_path):
    if no_r() or (no_matchit() and design == "greedy"):
        pytest.skip(no_r() or no_matchit())
    worse(folder_of(steps_of(design), tmp_path))
    done = r(tmp_path)
    assert done.returncode == 1
    assert "DIFFERS: SMD after, age" in done.stdout


def test_r_stops_where_other_patients_stand_in_the_sets(tmp_path):
    if no_matchit():
        pytest.skip(no_matchit())
    moved(folder_of(steps_of("greedy"), tmp_path))
    assert r(tmp_path).returncode == 1


def test_r_refuses_an_old_matchit(tmp_path):
    if no_r() or not shutil.which("R"):
        pytest.skip("R is not installed here")
    package, library = tmp_path / "MatchIt", tmp_path / "library"
    package.mkdir()
    library.mkdir()
    (package / "DESCRIPTION").write_text(
        "Package: MatchIt\nVersion: 4.5.1\nTitle: Old\nDescription: Old.\nAuthor: A\nMaintainer: A <a@b.c>\n"
        "License: GPL-2\n"
    )
    (package / "NAMESPACE").write_text("")
    built = ["R", "CMD", "INSTALL", "--no-docs", "-l", str(library), str(package)]
    subprocess.run(built, capture_output=True, check=True)
    done = r(folder_of(steps_of("greedy"), tmp_path / "results"), R_LIBS=str(library))
    assert done.returncode == 1
    assert "MatchIt 4.7.2 or newer; here is 4.5.1" in done.stderr


def hostile_steps(names: tuple[str, ...], levels: tuple[str, ...], treated: str, caliper: bool = True) -> Steps:
    """A cohort whose columns, levels and arms bear such names: two numbers, a factor, an id, the treatment."""
    rng = np.random.default_rng(5)
    n = 60
    arm = np.arange(n) % 4 == 0
    number, other, factor, who, treatment = names
    frame = pd.DataFrame(
        {
            who: [f"P{i}" for i in range(n)],
            treatment: np.where(arm, treated, "usual care"),
            number: rng.normal(50, 9, n),
            other: rng.normal(5, 1, n) + arm,
            factor: rng.choice(np.array(levels, dtype=object), n),
        }
    )
    limits = {number: {"width": 30, "unit": "raw"}} if caliper else {}
    spec = AnalysisSpec.from_dict(
        {
            "columns": {
                "id": who,
                "treatment": treatment,
                "treated_value": treated,
                "covariates": [number, other, factor],
            },
            "matching": {"ratio": 2, "caliper": None, "exact": [factor], "covariate_calipers": limits},
        }
    )
    return run(Table.from_frame(frame), spec)


@pytest.mark.parametrize("first", range(0, len(HOSTILE), 2))
def test_hostile_names_are_text_in_both_scripts(first, tmp_path):
    names = (*HOSTILE[first:], *HOSTILE[:first])
    steps = hostile_steps(names[:5], names[5:8], names[8])
    folder = folder_of(steps, tmp_path / "results")
    done = python(folder)
    assert done.returncode == 0, done.stdout + done.stderr
    assert reproduce_r(steps).isascii()
    if not no_r():
        reads = f'invisible(parse("{folder / "reproduce.R"}"))'
        assert subprocess.run(["Rscript", "-e", reads], check=False).returncode == 0
    if not no_matchit():
        done = r(folder, LC_ALL="C")
        assert done.returncode == 0, done.stdout + done.stderr
    assert not list(tmp_path.rglob("hacked"))


@given(st.text(max_size=60))
def test_a_text_of_r_is_one_string(text):
    made = r_text(text)
    assert made.isascii()
    assert made.isprintable()
    inside = made[1:-1]
    assert made[0] == made[-1] == '"'
    assert '"' not in inside
    told = ast.literal_eval(made)
    assert told == "".join(letter for letter in text if letter != "\0")


@settings(max_examples=15, deadline=None)
@given(st.lists(st.text(min_size=1, max_size=12), min_size=5, max_size=5, unique=True))
def test_any_name_is_json_in_the_python_script(names):
    steps = hostile_steps(tuple(names), ("a", "b"), "new", caliper=False)
    tree = ast.parse(reproduce_python(steps))
    given_spec = next(node for node in tree.body if isinstance(node, ast.Assign) and node.targets[0].id == "SPEC")
    asked = json.loads(ast.literal_eval(given_spec.value.args[0]))
    heads = facts_of(steps).heads
    places = {str(name): place for place, name in enumerate(steps.cohort.eligible.columns)}
    assert asked["columns"]["covariates"] == [heads[places[name]] for name in names[:3]]


def test_blanks_that_programs_read_otherwise_are_one_space():
    assert squashed(" a\r\n\tb\0 ") == "a b"
