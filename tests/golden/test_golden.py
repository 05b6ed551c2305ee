"""Today's files hold the numbers of commit b39b3be: what the samples gave before the skeleton was changed.

data/ holds result.json, sensitivity.json and grid.csv as `python -m lib run | sensitivity | grid` wrote them then for
the specs in sample_data (the grids are GRIDS below). A file may say more than it did: new keys, new columns, new notes.
What it said must still be there, number by number. A number that is meant to change has its own heading in
CHANGELOG.md; then, and only then, the new file is stored here.
"""

import copy
import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.__main__ import main
from tests.conftest import SAMPLES

STORED = Path(__file__).parent / "data"
REL, ABS = 1e-9, 1e-12  # other processors add in another order; on one machine the files agree to the last digit
ECHOED = {"spec", "matchlens"}  # digest of the spec, which new fields change, and the version
GRIDS = {
    "msc_covid19": {
        "matching.ratio": [1, 2, 3],
        "matching.caliper": [None, 0.2, 1.0],
        "matching.replace": [False, True],
        "propensity.model": ["logit", "firth"],
        "matching.metric": ["propensity", "mahalanobis"],
        "matching.order": ["largest", "random"],
    },
    "nhefs": {
        "matching.ratio": [1, 2],
        "matching.caliper": [None, 0.2],
        "matching.replace": [False, True],
        "matching.discard": ["none", "both"],
    },
}


def differences(old: Any, new: Any, path: str = "") -> list[str]:
    """Where `new` lacks or changes what `old` says. A note may have become an object with its text."""
    if isinstance(old, str) and isinstance(new, dict):
        return differences(old, new.get("text"), path)
    if isinstance(old, dict) and isinstance(new, dict):
        kept = [key for key in old if path or key not in ECHOED]
        return [x for key in kept for x in _of_key(old, new, key, path)]
    if isinstance(old, list) and isinstance(new, list):
        return _notes(old, new, path) if path.endswith("notes") else _items(old, new, path)
    return [] if _same(old, new) else [f"{path}: {old!r} is now {new!r}"]


def _of_key(old: dict, new: dict, key: str, path: str) -> list[str]:
    return differences(old[key], new[key], f"{path}.{key}") if key in new else [f"{path}.{key} is gone"]


def _items(old: list, new: list, path: str) -> list[str]:
    if len(old) != len(new):
        return [f"{path}: {len(old)} entries are now {len(new)}"]
    return [x for i, (one, two) in enumerate(zip(old, new, strict=True)) for x in differences(one, two, f"{path}.{i}")]


def _notes(old: list, new: list, path: str) -> list[str]:
    texts = [note["text"] if isinstance(note, dict) else note for note in new]
    return [f"{path}: gone: {note}" for note in old if note not in texts]


def _same(old: Any, new: Any) -> bool:
    if all(isinstance(x, int | float) and not isinstance(x, bool) for x in (old, new)):
        return new == pytest.approx(old, rel=REL, abs=ABS)
    return type(old) is type(new) and old == new


def written(folder: Path, command: str, sample: str, *options: str, **sections: Any) -> None:
    """The files of one command on a sample, its spec with some sections replaced."""
    spec = json.loads((SAMPLES / f"{sample}.spec.json").read_text()) | sections
    (folder / "spec.json").write_text(json.dumps(spec))
    data = ["--data", str(SAMPLES / f"{sample}.csv"), "--spec", str(folder / "spec.json"), "--out", str(folder / "out")]
    assert main([command, *data, *options]) == 0


@pytest.mark.parametrize(
    ("command", "sample", "file"),
    [
        ("run", "msc_covid19", "result.json"),
        ("run", "nhefs", "result.json"),
        ("sensitivity", "msc_covid19", "sensitivity.json"),
    ],
)
def test_every_number_and_note_is_still_there(command: str, sample: str, file: str, tmp_path: Path) -> None:
    written(tmp_path, command, sample)
    old, new = (json.loads(path.read_text()) for path in (STORED / f"{sample}.{file}", tmp_path / "out" / file))
    assert differences(old, new) == []


@pytest.mark.parametrize("sample", GRIDS)
def test_every_cell_of_the_grid_is_still_there(sample: str, tmp_path: Path) -> None:
    written(tmp_path, "grid", sample, "--jobs", "1", sensitivity={"grid": GRIDS[sample]})
    old, new = pd.read_csv(STORED / f"{sample}.grid.csv"), pd.read_csv(tmp_path / "out" / "grid.csv")
    assert set(old.columns) <= set(new.columns)
    pd.testing.assert_frame_equal(new[old.columns], old, rtol=REL, atol=ABS)


CHANGES = {
    "number": lambda outcome: outcome["tests"][0].update(p_value=outcome["tests"][0]["p_value"] * (1 + 1e-8)),
    "missing number": lambda outcome: outcome["tests"][0].update(p_value=None),
    "key": lambda outcome: outcome["tests"][0].pop("p_value"),
    "entry": lambda outcome: outcome["tests"].pop(),
    "note": lambda outcome: outcome["notes"].pop(0),
    "flag": lambda outcome: outcome.update(primary=int(outcome["primary"])),
}


@pytest.mark.parametrize("change", CHANGES)
def test_the_comparison_sees_a_change(change: str) -> None:
    old = json.loads((STORED / "msc_covid19.result.json").read_text())
    new = copy.deepcopy(old)
    CHANGES[change](new["outcomes"][0])
    assert len(differences(old, new)) == 1


def test_the_comparison_lets_additions_pass() -> None:
    old = json.loads((STORED / "msc_covid19.result.json").read_text())
    new = copy.deepcopy(old) | {"spec": "other", "added": np.pi}
    new["outcomes"][0]["notes"] = [{"text": note, "code": "x"} for note in old["outcomes"][0]["notes"]] + ["more"]
    assert differences(old, new) == []
