"""What the columns of a bundled sample are called, their units and normal values; an upload has only its names."""

import json

from lib.words.labels import Labels
from pages.ui import session


def current() -> Labels:
    """The words of the sample on screen; none for an upload."""
    return of_sample(session.study()) if session.sample() else Labels({})


def of_sample(name: str) -> Labels:
    """The words of a bundled sample."""
    text = (session.ROOT / "sample_data" / f"{name}.codebook.json").read_text("utf-8")
    return Labels.of_codebook(json.loads(text))
