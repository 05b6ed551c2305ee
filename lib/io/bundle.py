"""One file for data and settings together (`.matchlens`), to be opened again where the work stopped.

A zip archive of fixed entries: manifest.json, the files of the cohort as they came (data0, data1), spec.json, and the
file of episodes. It comes back from anywhere, so everything in it is limited before it is unpacked.
"""

import io
import json
import zipfile
import zlib
from dataclasses import dataclass, field
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError

from ..errors import DataError
from ..openings import NEVER, Openings
from ..settings import Section

ENDING = ".matchlens"
MB = 1024 * 1024
MOST_BYTES = 400 * MB  # of all data files together, unpacked
MOST_SPEC = MB
MOST_MANIFEST = 64 * 1024
MANIFEST, SPEC, EPISODES, DATA = "manifest.json", "spec.json", "episodes", ("data0", "data1")
NAMES = frozenset({MANIFEST, SPEC, EPISODES, *DATA})
KINDS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
MOMENT = (1980, 1, 1, 0, 0, 0)  # equal contents make equal files
AGAIN = "Save data and settings again, or open the file that the data came from."

Name = Annotated[str, Field(min_length=1, max_length=255)]


@dataclass(frozen=True)
class File:
    """A file as it came.  name: with its ending, without a folder."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True)
class Saved:
    """What is needed to go on elsewhere.  study: what the cohort is called.  sample: the bundled cohort that it is, or
    None.  files: of the cohort, none for a sample.  options: how to read them where somebody has said so.  spec:
    spec.json, None before columns have roles.  episodes: the file beside the cohort.  openings: when outcomes were
    opened."""

    study: str
    sample: str | None
    files: tuple[File, ...]
    options: dict[str, Any]
    spec: bytes | None
    episodes: File | None
    openings: Openings = NEVER


class Options(Section):
    """How files are read where somebody has said so; None: decided from the files."""

    encoding: Annotated[str, Field(max_length=40)] | None = None
    delimiter: Annotated[str, Field(min_length=1, max_length=1)] | None = None
    decimal: Literal[".", ","] | None = None
    missing: Annotated[tuple[Annotated[str, Field(max_length=255)], ...], Field(max_length=1000)] | None = None


class Manifest(Section):
    """manifest.json: what the other entries are."""

    format: Literal["matchlens"] = "matchlens"
    version: int = 1
    study: Name
    sample: Name | None = None
    files: Annotated[tuple[Name, ...], Field(max_length=len(DATA))] = ()
    options: Options = Options()
    episodes: Name | None = None
    openings: Openings | None = None


def is_bundle(data: bytes) -> bool:
    """Whether bytes are a saved file of this kind, whatever they are called. A workbook is a zip archive too."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return MANIFEST in archive.namelist() and set(archive.namelist()) <= NAMES
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def pack(saved: Saved) -> bytes:
    """The file to keep. The same bytes for the same contents."""
    manifest = Manifest(
        study=saved.study,
        sample=saved.sample,
        files=tuple(file.name for file in saved.files),
        options=Options(**saved.options),
        episodes=saved.episodes.name if saved.episodes else None,
        openings=None if saved.openings == NEVER else saved.openings,
    )
    unsaid = {"openings"} if manifest.openings is None else None  # as older versions wrote and read it
    entries = {MANIFEST: manifest.model_dump_json(indent=1, exclude=unsaid).encode()}
    entries |= {name: file.data for name, file in zip(DATA, saved.files, strict=False)}
    entries |= {SPEC: saved.spec} if saved.spec is not None else {}
    entries |= {EPISODES: saved.episodes.data} if saved.episodes else {}
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name, MOMENT), data, zipfile.ZIP_DEFLATED, compresslevel=6)
    return made.getvalue()


def unpack(data: bytes) -> Saved:
    """Read a file that `pack` made. Raises DataError, one sentence, for anything else: nothing is unpacked before its
    size is known to be within the limits."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _unpacked(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, RuntimeError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError("This saved file is damaged and cannot be opened.", AGAIN) from None


def _unpacked(archive: zipfile.ZipFile) -> Saved:
    _check_entries(archive.infolist())
    manifest = _manifest(archive)
    present = set(archive.namelist())
    needed = {*DATA[: len(manifest.files)], *([EPISODES] if manifest.episodes else [])}
    if needed != present & {*DATA, EPISODES} or bool(manifest.files) == bool(manifest.sample):
        raise DataError("This saved file lacks the data it speaks of.", AGAIN)
    return Saved(
        study=manifest.study,
        sample=manifest.sample,
        files=tuple(File(_bare(name), archive.read(at)) for name, at in zip(manifest.files, DATA, strict=False)),
        options={name: value for name, value in manifest.options if value is not None},
        spec=archive.read(SPEC) if SPEC in present else None,
        episodes=File(_bare(manifest.episodes), archive.read(EPISODES)) if manifest.episodes else None,
        openings=manifest.openings or NEVER,
    )


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    """By the archive's own list, which zipfile holds to while it unpacks."""
    names = [entry.filename for entry in entries]
    sizes = {entry.filename: entry.file_size for entry in entries}
    if MANIFEST not in names or len(set(names)) < len(names) or not NAMES.issuperset(names):
        raise DataError("This is not a file that MatchLens saved.", AGAIN)
    if any(entry.flag_bits & 1 or entry.compress_type not in KINDS for entry in entries):
        raise DataError("This saved file is locked or packed by another program.", AGAIN)
    too_large = sizes[MANIFEST] > MOST_MANIFEST or sizes.get(SPEC, 0) > MOST_SPEC
    if too_large or sum(sizes.values()) > MOST_BYTES:
        raise DataError(
            f"This saved file would unpack to more than {MOST_BYTES // MB} MB, or its settings to more than 1 MB.",
            AGAIN,
        )


def _manifest(archive: zipfile.ZipFile) -> Manifest:
    try:
        read = json.loads(archive.read(MANIFEST))
        if isinstance(read, dict) and isinstance(read.get("version"), int) and read["version"] > 1:
            raise DataError("This file was saved by a newer MatchLens.", "Open it with that version.")
        return Manifest.model_validate(read)
    except (ValidationError, UnicodeDecodeError, RecursionError):
        raise DataError("This saved file does not say what is in it.", AGAIN) from None


def _bare(name: str) -> str:
    """A file's name without a folder, whatever system it came from."""
    return name.replace("\\", "/").rsplit("/", 1)[-1] or "file"
