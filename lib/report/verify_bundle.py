"""The bundle of a report: a zip from anywhere, so everything in it is limited before and while it is unpacked."""

import io
import json
import zipfile
import zlib
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from ..errors import DataError
from ..spec import AnalysisSpec

MB = 1024 * 1024
MOST_BYTES = 400 * MB  # of all files together, unpacked
MOST_FILES = 2000
MOST_RESULT = 32 * MB  # of result.json
KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
SPEC, RESULT = "spec.json", "result.json"
AGAIN = "Give the bundle.zip of a report as it was written."
DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    zlib.error,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OSError,
)


@dataclass(frozen=True)
class Bundle:
    """spec: the settings of the report.  files: its bytes by name, without folders' own entries."""

    spec: AnalysisSpec
    files: dict[str, bytes]

    @cached_property
    def result(self) -> dict[str, Any]:
        """result.json; {} without one. Raises DataError for one that is too large or no JSON object."""
        data = self.files.get(RESULT, b"{}")
        if len(data) > MOST_RESULT:
            raise DataError(f"{RESULT} of the bundle is larger than {MOST_RESULT // MB} MB.", AGAIN)
        return json_of(data, RESULT)


def open_bundle(data: bytes) -> Bundle:
    """Read a report's zip. Raises DataError, one sentence, for what is damaged, hostile or no report, and SpecError for
    a spec that this version cannot read."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            files = _unpacked(archive)
    except DAMAGED as error:
        if isinstance(error, DataError):
            raise
        raise DataError("This bundle is damaged and cannot be opened.", AGAIN) from None
    if SPEC not in files:
        raise DataError("This bundle has no spec.json, so nobody can tell what to run again.", AGAIN)
    return Bundle(AnalysisSpec.from_json(files[SPEC]), files)


def _unpacked(archive: zipfile.ZipFile) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _check(entries)
    files, left = {}, MOST_BYTES
    for entry in entries:
        with archive.open(entry) as file:
            files[entry.filename] = file.read(left + 1)
        left -= len(files[entry.filename])
        if left < 0:
            raise _too_large()
    return files


def _check(entries: list[zipfile.ZipInfo]) -> None:
    """By the archive's own list."""
    names = [entry.filename for entry in entries]
    if len(names) > MOST_FILES:
        raise DataError(f"This bundle holds more than {MOST_FILES:,} files.", AGAIN)
    if len(set(names)) < len(names):
        raise DataError("This bundle holds two files of one name.", AGAIN)
    if any(map(_leads_out, names)):
        raise DataError("This bundle holds a file whose name leads out of its folder.", AGAIN)
    if any(entry.flag_bits & 1 or entry.compress_type not in KINDS for entry in entries):
        raise DataError("This bundle is locked or packed by another program.", AGAIN)
    if sum(entry.file_size for entry in entries) > MOST_BYTES:
        raise _too_large()


def _leads_out(name: str) -> bool:
    parts = name.replace("\\", "/").split("/")
    return ".." in parts or parts[0] == "" or ":" in parts[0] or any(ord(letter) < 32 for letter in name)


def _too_large() -> DataError:
    return DataError(f"This bundle would unpack to more than {MOST_BYTES // MB} MB.", AGAIN)


def json_of(data: bytes, name: str) -> dict[str, Any]:
    """A JSON object. Raises DataError, one sentence, for anything else."""
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        raise DataError(f"{name} of the bundle is not valid JSON.", AGAIN) from None
    if not isinstance(found, dict):
        raise DataError(f"{name} of the bundle is not a result of this program.", AGAIN)
    return found
