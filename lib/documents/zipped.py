"""Zip archives whose bytes depend on nothing but what is in them: Office files are such archives."""

import io
import zipfile
from collections.abc import Mapping

EARLIEST = (1980, 1, 1, 0, 0, 0)  # the first moment that a zip archive can name
OWNER_READS = 0o600 << 16


def zip_bytes(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files in this order, without times."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, EARLIEST)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, OWNER_READS
            archive.writestr(entry, content)
    return made.getvalue()


def unzipped(archive: bytes) -> dict[str, bytes]:
    """The files of an archive by name, in its order."""
    with zipfile.ZipFile(io.BytesIO(archive)) as opened:
        return {entry.filename: opened.read(entry) for entry in opened.infolist()}


def without_times(archive: bytes) -> bytes:
    """The same archive without the times at which its parts were written."""
    return zip_bytes(unzipped(archive))
