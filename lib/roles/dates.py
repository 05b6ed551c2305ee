"""Days made from two dates: offered where a file has no time in numbers, but a first day and a day of death or of
the last contact."""

import pandas as pd

from ..questions import Question
from ..spec import Derived
from ..words import quoted
from . import after, before
from .facts import Facts
from .lexicon import Lexicon

START = before.ARRIVAL + Lexicon(
    "inclusion* enrol* randomi* diagnos* surgery operation* op chirurg* treatment* traitement* behandl* "
    "tratam* trattam* "
    "infusion* transplant* start* begin* debut* baseline index einschluss* entree eintritt* aufnahme* ingreso ingresso "
    "ricovero opname* accept* sadmdte startdt birth_of_study"
)
LAST = Lexicon(
    "contact* last followup* follow fu nouvelles dernier* derniere* letzte* laatste* ultim* suivi "
    "nachbeob* seguim* "
    "opvolg* adt censor* lstctdte"
)
MOST_OFFERED = 6


def day_columns(facts: dict[str, Facts], frame: pd.DataFrame) -> list[Derived]:
    """The days from each first day to each last one: to the last contact, to death, and the two joined, parts first."""
    dates = [fact for fact in facts.values() if fact.date]
    deaths = [fact.name for fact in dates if fact.find(after.DEATH)]
    last = [fact.name for fact in dates if fact.find(LAST) and fact.name not in deaths and not fact.find(START)]
    starts = [fact.name for fact in dates if fact.find(START) and fact.name not in (*deaths, *last)]
    offered: list[Derived] = []
    for start in starts:
        made = {end: _days(frame, start, end) for end in (*deaths, *last)}
        offered += made.values()
        if len(deaths) == len(last) == 1:
            joined = _free(frame, f"days from {start} to death or last contact")
            offered.append(Derived(name=joined, kind="joined", columns=(made[deaths[0]].name, made[last[0]].name)))
    return offered


def _days(frame: pd.DataFrame, start: str, end: str) -> Derived:
    return Derived(name=_free(frame, f"days from {start} to {end}"), kind="days", columns=(start, end))


def _free(frame: pd.DataFrame, name: str) -> str:
    return name if name not in frame.columns else f"{name} (made)"


def day_question(event: str, offered: list[Derived]) -> Question:
    """Which of the days made from dates is the time of an event."""
    names = tuple(one.name for one in offered)[:MOST_OFFERED]
    text = f'Is one of these, made from two dates, the time of "{event}"? {quoted(names)}.'
    return Question(about="time", column=event, candidates=names, text=text)
