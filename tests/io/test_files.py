"""Results on disk: whole or not at all, for their owner alone, and never in place of what is not ours."""

import os
import resource
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from lib.errors import DataError
from lib.io import check_folder, read_file, write_files
from lib.io import files as module

OLD = {"result.json": b"old", "matched.csv": b"old"}
NEW = {"result.json": b"new", "figures/flow.svg": b"<svg/>"}


def held(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def refused(folder: Path, replace: bool = False) -> str:
    """The sentence, the same before and at the time of writing; nothing changes."""
    before = held(folder.parent)
    with pytest.raises(DataError) as early:
        check_folder(folder, replace)
    with pytest.raises(DataError) as late:
        write_files(NEW, folder, replace)
    assert held(folder.parent) == before
    assert str(early.value) == str(late.value)
    assert early.value.hint
    return str(early.value)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_new_folder_is_its_owners_alone(tmp_path: Path) -> None:
    previous = os.umask(0)
    try:
        write_files(NEW, tmp_path / "out")
    finally:
        os.umask(previous)
    assert held(tmp_path / "out") == NEW
    assert [mode(tmp_path / "out"), mode(tmp_path / "out" / "figures")] == [0o700, 0o700]
    assert [mode(path) for path in sorted((tmp_path / "out").rglob("*.*"))] == [0o600, 0o600]
    assert os.listdir(tmp_path) == ["out"]


def test_an_empty_folder_is_filled(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir(mode=0o755)
    write_files(NEW, tmp_path / "out")
    assert held(tmp_path / "out") == NEW
    assert mode(tmp_path / "out") == 0o700


def test_a_folder_of_results_is_swapped_whole_when_asked(tmp_path: Path) -> None:
    write_files(OLD, tmp_path / "out")
    assert "not empty" in refused(tmp_path / "out")
    write_files(NEW, tmp_path / "out", replace=True)
    assert held(tmp_path / "out") == NEW
    assert os.listdir(tmp_path) == ["out"]
    write_files(OLD, tmp_path / "out", replace=True)
    assert held(tmp_path / "out") == OLD


@pytest.mark.parametrize("strange", ["notes.txt", "sub/result.json", "figures/diary.txt", "figures/sub/a.svg"])
def test_what_matchlens_never_writes_is_never_removed(strange: str, tmp_path: Path) -> None:
    write_files(OLD, tmp_path / "out")
    (tmp_path / "out" / strange).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / "out" / strange).write_text("mine")
    assert "does not write" in refused(tmp_path / "out", replace=True)


def test_links_are_not_followed(tmp_path: Path) -> None:
    write_files(OLD, tmp_path / "real")
    (tmp_path / "out").symlink_to(tmp_path / "real")
    assert "a link" in refused(tmp_path / "out", replace=True)
    write_files(OLD, tmp_path / "third")
    (tmp_path / "diary").write_text("mine")
    (tmp_path / "third" / "grid.csv").symlink_to(tmp_path / "diary")
    assert "grid.csv" in refused(tmp_path / "third", replace=True)


def test_the_working_folder_and_those_above_it_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(OLD, tmp_path / "out")
    monkeypatch.chdir(tmp_path / "out")
    for folder in (Path(), Path("."), tmp_path / "out"):
        with pytest.raises(DataError, match="the folder you work in"):
            write_files(NEW, folder, replace=True)
    with pytest.raises(DataError):
        write_files(NEW, Path("/"), replace=True)
    assert held(tmp_path / "out") == OLD


def test_a_file_in_the_way(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("mine")
    assert "cannot be written" in refused(tmp_path / "out", replace=True)
    assert "cannot be written" in refused(tmp_path / "out" / "below", replace=True)


@contextmanager
def full_disk(most: int) -> Iterator[None]:
    """No file may grow beyond `most` bytes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@pytest.mark.parametrize("replace", [False, True])
def test_a_full_disk_leaves_what_was_there(replace: bool, tmp_path: Path) -> None:
    if replace:
        write_files(OLD, tmp_path / "out")
    before = held(tmp_path)
    with full_disk(1000), pytest.raises(DataError, match="cannot be written: file too large"):
        write_files({"result.json": b"x", "matched.csv": b"x" * 5000}, tmp_path / "out", replace)
    assert held(tmp_path) == before
    assert len(list(tmp_path.iterdir())) == replace


def test_a_swap_that_fails_brings_the_old_folder_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(OLD, tmp_path / "out")

    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "rename", full)
    with pytest.raises(DataError, match="no space left on device"):
        write_files(NEW, tmp_path / "out", replace=True)
    assert held(tmp_path) == {f"out/{name}": content for name, content in OLD.items()}
    assert os.listdir(tmp_path) == ["out"]


def test_a_folder_that_cannot_be_moved_is_filled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A mounted one, say."""
    monkeypatch.setattr(module, "_may_be_swapped", lambda target: not target.exists())
    (tmp_path / "out").mkdir()
    write_files(OLD, tmp_path / "out")
    assert held(tmp_path / "out") == OLD
    write_files(NEW, tmp_path / "out", replace=True)
    assert held(tmp_path / "out") == NEW
    write_files(OLD, tmp_path / "out", replace=True)
    assert held(tmp_path / "out") == OLD


def test_names_that_no_file_has(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="cannot be read"):
        read_file(Path("a\0b"))
    with pytest.raises(DataError, match="cannot be written"):
        write_files(NEW, tmp_path / "a\0b")
    with pytest.raises(DataError, match="cannot be written"):
        write_files(NEW, tmp_path / ("a" * 300))
