"""The exceptions of MatchLens.

    AnalysisError            valid program, but this analysis cannot be done as asked
    |-- DataError            the table cannot be used as asked
    |-- SpecError            a setting is out of range, or two settings conflict
    `-- EstimationError      valid input, but no answer exists (no pair, no events, separation)

Each carries one sentence (`str(error)`) and a next step (`hint`). Neither ever holds a patient's value beyond category
labels, nor an id. Anything that is not an AnalysisError is a bug and reaches the log whole.
"""


class AnalysisError(ValueError):
    """One sentence on what cannot be done, and a `hint` that says what to do next. Both stand on one line, whatever a
    file calls its columns."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(_on_one_line(message))
        self.hint = _on_one_line(hint)


class DataError(AnalysisError):
    """The table cannot be used as asked."""


class SpecError(AnalysisError):
    """A setting is out of range, or two settings conflict."""


class EstimationError(AnalysisError):
    """Valid input, but no answer exists."""


def _on_one_line(text: str) -> str:
    return " ".join(text.splitlines())
