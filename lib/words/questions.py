"""Questions about a file, and how their answers read on screen."""

from ..questions import Question

SAID: dict[str, dict[str, str]] = {
    "event": {
        "no_event": "Empty means that it did not happen",
        "missing": "Empty means that it is not known",
    },
    "id": {
        "stop": "Stop: there should be one row for each patient",
        "first": "Keep the first row of each patient",
        "rows": "Take every row as a patient of its own",
    },
    "number": {
        "half": "Half of the limit",
        "limit": "The limit itself",
        "zero": "0",
        "missing": "Missing",
    },
}


def said(question: Question, candidate: str) -> str:
    """One candidate of a question as people read it; a column or a value of the file is in double quotes."""
    words = SAID.get(question.about, {}).get(candidate)
    if words is not None:
        return words
    if question.about == "number":
        return candidate[:1].upper() + candidate[1:]
    return f'"{candidate}" was known before' if question.about == "role" else f'"{candidate}"'
