"""Whole files on disk: read in one piece, written together or not at all."""

import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from ..errors import DataError


def read_file(path: Path) -> bytes:
    """The bytes of a file. Raises DataError when it is absent or cannot be opened."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        raise DataError(f"There is no file {path}.", "Check its name and folder.") from None
    except OSError as error:
        raise DataError(f"{path} cannot be read: {_reason(error)}.", "Check that you may open it.") from None


def write_files(files: Mapping[str, bytes], directory: Path) -> None:
    """Write every file, by name, into a directory that is made if need be; other files in it stay.

    All are written beside the directory first and then moved in, so that a failure leaves no half-written directory.
    Raises DataError when the directory cannot be written.
    """
    try:
        directory.parent.mkdir(parents=True, exist_ok=True)
        waiting = Path(tempfile.mkdtemp(prefix=f".{directory.name}.", dir=directory.parent))
    except OSError as error:
        raise _unwritable(directory, error) from None
    try:
        for name, content in files.items():
            (waiting / name).write_bytes(content)
        _move_in(waiting, directory)
    except OSError as error:
        raise _unwritable(directory, error) from None
    finally:
        shutil.rmtree(waiting, ignore_errors=True)


def _move_in(waiting: Path, directory: Path) -> None:
    if not directory.exists():
        waiting.chmod(0o755)
        waiting.rename(directory)
        return
    for path in sorted(waiting.iterdir()):
        path.replace(directory / path.name)


def _unwritable(directory: Path, error: OSError) -> DataError:
    return DataError(f"{directory} cannot be written: {_reason(error)}.", "Choose another folder for the results.")


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
