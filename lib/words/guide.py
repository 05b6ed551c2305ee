"""A first visit on a finished example: one line a page that says what to look at and where to go on."""

from typing import NamedTuple

NAME = "MatchLens"
QUESTION = "A few patients were treated. Did they do better than patients like them who were not?"


class Stop(NamedTuple):
    """One page of the way.  file: of the page.  look: what to look at.  next_file, next_label: where the way goes on;
    empty at its end."""

    file: str
    look: str
    next_file: str = ""
    next_label: str = ""


STOPS = (
    Stop(
        "pages/cohort.py",
        "Three boxes say who was treated, what was known before treatment and what happened after. Here they are "
        "filled in already; with your own table MatchLens asks.",
        "pages/matching.py",
        "Match",
    ),
    Stop(
        "pages/matching.py",
        "Each treated patient gets the untreated patients who were most like them before treatment. Look at who is "
        "with whom, and whether anybody is lost.",
        "pages/balance.py",
        "Alike?",
    ),
    Stop(
        "pages/balance.py",
        "Are the groups alike now? The sentence at the top names what is not. What happened later stays closed here.",
        "pages/outcomes.py",
        "Answer",
    ),
    Stop(
        "pages/outcomes.py",
        "The card at the top is the answer: how many had the event in each group, and what chance alone could do.",
        "pages/sensitivity.py",
        "Robust?",
    ),
    Stop(
        "pages/sensitivity.py",
        "Would the answer have been another one with other settings, other patients, or something nobody measured?",
        "pages/report.py",
        "Report",
    ),
    Stop(
        "pages/report.py",
        "Choose what it holds and make it: slides, tables, figures, a methods text and code, with the numbers you saw.",
    ),
)


def stop_at(file: str) -> tuple[int, Stop] | None:
    """The stop of a page and its number from 1; None where the way does not lead.  file: as "pages/balance.py"."""
    return next(((number, stop) for number, stop in enumerate(STOPS, 1) if stop.file == file), None)


def step_words(number: int) -> str:
    """ "Tour, 2 of 5"."""
    return f"Tour, {number} of {len(STOPS)}"
