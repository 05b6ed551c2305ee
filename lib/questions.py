"""What could not be decided from a file alone: a question with its candidates, answered on the page or in the spec."""

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator

from .settings import Section

BLOCKING = ("treatment", "event", "time")  # an analysis waits for these; the others are said and can wait


def _text(value: Any) -> Any:
    """Candidates as the text that a file would hold."""
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


class Question(Section):
    """One open question.  about: what it decides. column: which column it is of, None for the whole file. candidates:
    the answers to choose from (columns, values or readings, by `about`). text: the question in words."""

    about: Literal["treatment", "event", "time", "id", "number", "role"]
    column: str | None = None
    candidates: tuple[Annotated[str, BeforeValidator(_text)], ...] = ()
    text: str = ""

    @property
    def blocking(self) -> bool:
        """Whether an analysis has to wait for the answer."""
        return self.about in BLOCKING
