"""The software that made a report, so that somebody else can have the same."""

import platform
from importlib.metadata import version

from ..documents.origin import Origin

PACKAGES = ("numpy", "pandas", "scipy", "pyarrow", "pydantic", "plotly", "kaleido", "python-docx", "XlsxWriter")


def versions_text(origin: Origin) -> str:
    """One line for each: name and version; the origin of the report first."""
    told = [("Python", platform.python_version()), *((name, version(name)) for name in PACKAGES)]
    return "\n".join([origin.line, *(f"{name} {number}" for name, number in told)]) + "\n"
