"""Questions about numbers that can be read two ways, and the settings that answer them."""

from typing import Any

from ..questions import Question

# The candidates of a question, and which sign of `reading` each sets for the column.
_ANSWERS: dict[str, tuple[str, str]] = {
    "thousands (1.234 means 1234)": ("thousands", "."),
    "decimals (1.234 is between 1 and 2)": ("decimal", "."),
    "thousands (1,234 means 1234)": ("thousands", ","),
    "decimals (1,234 is between 1 and 2)": ("decimal", ","),
}
_NAMES = {".": "points", ",": "commas"}


def number_question(column: str, mark: str) -> Question:
    """Ask whether a mark of a column's numbers is its decimal sign."""
    candidates = tuple(words for words, (_, sign) in _ANSWERS.items() if sign == mark)
    text = f'The {_NAMES[mark]} in column "{column}": thousands or decimals? Until this is said, it is read as text.'
    return Question(about="number", column=column, candidates=candidates, text=text)


def number_answer(question: Question, candidate: str) -> dict[str, dict[str, Any]]:
    """The settings of `reading` that one candidate stands for, such as {"decimal": {"ferritin": "."}}."""
    key, sign = _ANSWERS[candidate]
    return {key: {str(question.column): sign}}
