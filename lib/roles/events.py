"""Which value of a column means that something happened: what its words and the name of the column tell."""

from . import after
from .levels import NO_VALUES, YES_VALUES, event_of_words, other_of, plain_level
from .lexicon import Lexicon
from .vocabulary import named, without_unit

ZERO_ONE = {"0", "1"}
FREE = Lexicon("free libre* libero frei vrij livre* eventfree")
SURE_STATUS = Lexicon("=status =stat fustat *fustat event *event pstat =statut")
VAGUE = Lexicon(
    "outcome* *outcome outcm* resultat* result* risultat* ergebnis* issue issues devenir evolution* "
    "evoluc* evoluz* verlauf* "
    "ausgang* *ausgang esito* desfecho* uitkomst* afloop* desenlace* endpunkt*"
)
OPEN = (VAGUE, after.CENSORING, after.VITAL, after.STATUS, after.SHORT_TIME)


def event_of(name: str, levels: list[str] | tuple[str, ...]) -> str | None:
    """The value of a two-valued column that is the event; None where name and words do not tell.

    0 and 1: 1 under a name for what happened (death, relapse, event, status), 0 under one for the opposite (alive,
    censored); yes and no likewise. Words for death and life tell by themselves."""
    plain = {plain_level(level) for level in levels}
    if plain <= ZERO_ONE or (plain <= YES_VALUES | NO_VALUES):
        return _of_yes_and_no(name, levels)
    return event_of_words(levels)


def _of_yes_and_no(name: str, levels: list[str] | tuple[str, ...]) -> str | None:
    happened = [level for level in levels if plain_level(level) in YES_VALUES]
    if len(happened) != 1 or len(levels) != 2:
        return None
    way = polarity(name)
    if way is None:
        return None
    return happened[0] if way else other_of(happened[0], levels)


def polarity(name: str) -> bool | None:
    """Whether 1 (or yes) under this name means that something happened: False for alive or censored, None where the
    name does not tell or tells both."""
    called = named(without_unit(name)[0])
    if after.ALIVE.find(called) or after.CENSORED.find(called) or FREE.find(called):
        return None if after.DEATH.find(called) or after.STATUS.find(called) else False
    if SURE_STATUS.find(called) or after.DEATH.find(called):
        return True
    return None if any(lexicon.find(called) for lexicon in OPEN) else True


def reversed_name(name: str) -> bool:
    """Whether 1 under this name would mean that nothing happened, or its meaning is open (cens)."""
    called = named(without_unit(name)[0])
    return polarity(name) is False or bool(after.CENSORING.find(called) or after.ALIVE.find(called))
