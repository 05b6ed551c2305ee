"""Data and settings as one file, and back: what a session holds, without the session."""

from typing import Any, NamedTuple

from lib.errors import DataError
from lib.io import File, Saved, pack, read_cohort, read_csv, unpack
from lib.openings import NEVER, Openings
from lib.spec import AnalysisSpec
from lib.spec.reading import Reading
from lib.table import Table
from pages.ui.samples import SAMPLES, read_sample


class Opened(NamedTuple):
    """A saved file that was read."""

    saved: Saved
    table: Table
    spec: AnalysisSpec | None
    episodes: Table | None


def packed(
    study: str,
    sample: str | None,
    files: tuple[File, ...],
    options: dict[str, Any],
    spec: AnalysisSpec | None,
    episodes: File | None,
    openings: Openings = NEVER,
) -> bytes:
    """The file to keep; of a sample only its name and the settings."""
    text = spec.to_json().encode() if spec is not None else None
    return pack(Saved(study, sample, () if sample else files, options, text, episodes, openings))


def opened(data: bytes) -> Opened:
    """Read what `packed` made. Raises AnalysisError, and then nothing has changed."""
    saved = unpack(data)
    spec = AnalysisSpec.from_json(saved.spec) if saved.spec is not None else None
    if saved.files:
        table = read_cohort(saved.files, spec.reading if spec else Reading(), **saved.options)
    else:
        table = _of_sample(saved.sample)
    return Opened(saved, table, spec, read_csv(saved.episodes.data) if saved.episodes else None)


def _of_sample(name: str | None) -> Table:
    if name not in SAMPLES:
        raise DataError("This saved file speaks of a sample study that is not bundled here.", "Open your own table.")
    return read_sample(name)[0]
