"""Values of healthy people in the columns of a bundled sample; an upload has none."""

import json

from pages.ui import session


def normal(name: str | None = None) -> dict[str, str]:
    """Column -> "1.10-3.70".  name: of a sample; None for the cohort on screen."""
    if name is None and not session.sample():
        return {}
    text = (session.ROOT / "sample_data" / f"{name or session.study()}.codebook.json").read_text("utf-8")
    return {column: entry["normal"] for column, entry in json.loads(text).items() if entry["normal"]}
