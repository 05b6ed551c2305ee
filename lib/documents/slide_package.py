"""The package of a PowerPoint file made the same on every run: no times, one font."""

import re

from .zipped import unzipped, zip_bytes

EPOCH = "2000-01-01T00:00:00"
TIMES = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
THEME = re.compile(r"ppt/theme/theme\d+\.xml")
FONTS = re.compile(rb'<a:latin typeface="[^"+]*"')


def normal(package: bytes) -> bytes:
    """The same file without the times of its parts, of its workbooks too, and in Arial throughout."""
    return zip_bytes({name: _part(name, content) for name, content in unzipped(package).items()})


def _part(name: str, content: bytes) -> bytes:
    if name.endswith(".xlsx"):
        inside = unzipped(content)
        return zip_bytes({part: TIMES.sub(_fixed, text) for part, text in inside.items()})
    return FONTS.sub(b'<a:latin typeface="Arial"', content) if THEME.fullmatch(name) else content


def _fixed(found: re.Match[bytes]) -> bytes:
    return found[1] + f"{EPOCH}Z".encode() + found[3]
