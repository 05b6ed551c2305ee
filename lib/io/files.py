"""Whole files on disk: read in one piece; a folder of results written whole or not at all, for its owner alone."""

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path, PurePosixPath

from ..errors import DataError

OWNER_FILE, OWNER_FOLDER = 0o600, 0o700
# what MatchLens writes: a folder that holds anything else is somebody's, and is never swapped
RESULTS = ("result.json", "matched.csv", "balance.csv", "outcomes.csv", "table1.csv", "free_days.csv")
SENSITIVITY = ("grid.csv", "grid_null.csv", "sensitivity.json")
REPORT = (
    "report.html",
    "tables.docx",
    "slides.pptx",
    "poster.pptx",
    "tables.xlsx",
    "methods.md",
    "checklist.md",
    "bundle.zip",
)
REPRODUCE = ("reproduce.R", "reproduce.py", "spec.json", "versions.txt", "missing.txt", "figures")
WRITTEN = frozenset((*RESULTS, *SENSITIVITY, *REPORT, *REPRODUCE))
PICTURES, CAPTION = (".svg", ".png", ".pdf"), ".txt"  # what `figures` holds


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises DataError when it is absent or cannot be opened."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"There is no file {path}.", "Check its name and folder.") from None
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {_reason(error)}.", "Check that you may open it.") from None


def check_folder(directory: Path, replace: bool = False) -> None:
    """Raise DataError unless results may be written there: into a folder that is new or empty, or, with `replace`, in
    place of one that holds nothing but what MatchLens writes."""
    try:
        inside = sorted(os.listdir(directory)) if _is_there(directory) else []
        strange = [name for name in inside if not _is_written(directory / name)]
    except (OSError, ValueError) as error:
        raise _unwritable(directory, _reason(error)) from None
    if inside and not replace:
        raise DataError(
            f"{directory} is not empty.", "Name a new folder for the results, or swap this one whole with --replace."
        )
    if strange:
        raise DataError(
            f"{directory} holds {strange[0]}, which MatchLens does not write, so it is not replaced.",
            "Name a new folder for the results.",
        )
    if inside and (directory.is_symlink() or _is_needed(directory)):
        raise DataError(
            f"{directory} is a link or the folder you work in, so it is not replaced.",
            "Name a new folder for the results.",
        )


def _is_there(path: Path) -> bool:
    """Whether anything is there, a link to nothing too. Raises OSError for a path that cannot be looked at."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    return True


def _is_written(path: Path) -> bool:
    """Whether MatchLens may have written this file, or this folder of figures."""
    if path.name not in WRITTEN or path.is_symlink():
        return False
    if path.name != "figures":
        return path.is_file()
    return path.is_dir() and _are_figures(list(path.iterdir()))


def _are_figures(entries: list[Path]) -> bool:
    """Whether all are pictures, or captions beside a picture of their name."""
    pictures = [entry.name for entry in entries if entry.suffix in PICTURES]
    captions = [entry for entry in entries if entry.suffix == CAPTION]
    known = len(pictures) + len(captions) == len(entries) and all(entry.is_file() for entry in entries)
    return known and all(any(name.startswith(entry.stem) for name in pictures) for entry in captions)


def _is_needed(directory: Path) -> bool:
    """Whether it is the root, the home folder, the working folder or one above it."""
    whole = directory.resolve()
    return whole in (Path.home(), Path.cwd(), *Path.cwd().parents)


def write_files(files: Mapping[str, bytes], directory: Path, replace: bool = False) -> None:
    """Write every file, by name ("figures/flow.svg" too), into a folder that is new or empty, or is swapped whole.

    All are written beside it first, and the finished folder is moved into its place: what stood there stays whole until
    then. Only their owner can read them. Raises DataError when the folder cannot be written (see check_folder); then
    nothing of it is left."""
    check_folder(directory, replace)
    target = directory.resolve() if directory.is_symlink() else directory
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = _may_be_swapped(target)
        waiting = Path(tempfile.mkdtemp(prefix=f".{target.name}.", dir=target.parent if beside else target))
    except (OSError, ValueError) as error:
        raise _unwritable(directory, _reason(error)) from None
    try:
        for name, content in files.items():
            _write(waiting, PurePosixPath(name), content)
        _swap(waiting, target) if beside else _move_in(waiting, target)
    except OSError as error:
        raise _unwritable(directory, _reason(error)) from None
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def _may_be_swapped(target: Path) -> bool:
    """Whether the folder itself can be moved; not a mounted one, nor one in a folder of somebody else's."""
    return not os.path.ismount(target) and os.access(target.parent, os.W_OK | os.X_OK)


def _write(folder: Path, name: PurePosixPath, content: bytes) -> None:
    """One file, on the disk and not only on its way there."""
    path = folder / name
    path.parent.mkdir(mode=OWNER_FOLDER, exist_ok=True)
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), OWNER_FILE)
    with open(opened, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _swap(waiting: Path, target: Path) -> None:
    """Put the finished folder in place of what is there; the old one comes back should that fail."""
    old = None
    if _is_there(target):
        old = Path(tempfile.mkdtemp(prefix=f".{target.name}.old.", dir=target.parent))
        target.replace(old / target.name)
    try:
        waiting.rename(target)
    except OSError:
        if old is not None:
            (old / target.name).replace(target)
        raise
    finally:
        if old is not None and target.exists():
            shutil.rmtree(old, ignore_errors=True)


def _move_in(waiting: Path, target: Path) -> None:
    """Into a folder that cannot be swapped itself: new files over old ones, the rest of the old ones removed."""
    names = sorted(os.listdir(waiting))
    try:
        for name in names:
            if (target / name).is_dir():
                shutil.rmtree(target / name)
            (waiting / name).replace(target / name)
    except OSError:
        _remove(target / name for name in names)
        raise
    _remove(target / name for name in os.listdir(target) if name not in (*names, waiting.name))


def _remove(paths: Iterable[Path]) -> None:
    for path in paths:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            with contextlib.suppress(FileNotFoundError):
                path.unlink()


def _unwritable(directory: Path, reason: str) -> DataError:
    return DataError(f"{directory} cannot be written: {reason}.", "Choose another folder for the results.")


def _reason(error: OSError | ValueError) -> str:
    told = error.strerror if isinstance(error, OSError) else None
    return (told or "its name is not one that files have").lower()
