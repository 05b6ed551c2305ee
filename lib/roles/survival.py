"""Which columns are times, and which column says what had happened at each: paired where the names and values leave one
answer, asked where they leave several."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from ..questions import Question
from ..spec import Derived
from ..table import Table, text_values
from ..words import counted, quoted
from . import after, before
from .events import event_of
from .evidence import concept, deaths, evidence
from .facts import Facts
from .lexicon import Lexicon
from .vocabulary import TIME_UNIT

MOST_PAIRS = 2_000  # times x events beyond which a file is no table of a few outcomes
STRONG, NAMED, PLAIN = 4, 2, 1
EVENT_LEVELS = 4
ENDS = {
    "death": after.DEATH
    + Lexicon("os os_* dss css surviv* survie* uberleb* ueberleb* overlev* sopravv* sobreviv* vital*"),
    "relapse": Lexicon(
        "relaps* *relapse recur* *recur recidiv* rezidiv* rechut* recaid* ricadut* rfs rfs* dfs dfs* "
        "rfstime rtime rcens"
    ),
    "progression": Lexicon("progress* progres* progredi* pfs pfs* ttp pstat ptime"),
    "event": Lexicon("efs efs*"),
    "recovery": Lexicon(
        "recover* cured wean* extub* discharge* improve* clearance gueri* genes* genez* sortie* entlass* alta dimiss* "
        "ontslag* sevrage* entwohn*"
    ),
    "readmission": Lexicon("readmi* rehosp* wiederaufn* reintern* reingres*"),
    "transplant": Lexicon("transplant* ltx"),
}
PLACE = Lexicon(
    "hosp* *hosp icu* *icu rea reanim* usi uci uti its intensiv* krankenhaus* klinik* ziekenhuis* ospedal* discharge* "
    "entlass* ontslag* sortie* alta dimiss* intrahosp* inhosp*"
)
GENERAL = Lexicon(
    "event* status *status stat statut* etat estado stato censor* cens cnsr censur* zensi* gecens* fustat"
)
FOLLOWED = Lexicon("futime survtime follow* fu suivi* nachbeob* seguim* opvolg* time* surviv*")
CLEAR = Lexicon("futime survtime follow* fu suivi* nachbeob* seguim* opvolg* surviv*")
PREFIX = {"dtime": "death", "rtime": "relapse", "ptime": "progression", "rfstime": "relapse"}


@dataclass(frozen=True)
class Pair:
    """A time, of the file or derived, and the column that says what had happened at it."""

    time: str
    event: str


@dataclass
class Found:
    """pairs: what is clear, or the likeliest where a question is open.  failed: times that cannot be used, with the
    reason.  questions: what is open.  derived: columns that a question offers, parts before what is made of them."""

    pairs: list[Pair] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    derived: list[Derived] = field(default_factory=list)

    def parts_of(self, name: str) -> list[Derived]:
        """The derived columns that one is made of, and itself last; [] for a column of the file."""
        own = next((one for one in self.derived if one.name == name), None)
        return [] if own is None else [*(part for column in own.columns for part in self.parts_of(column)), own]


def is_time(fact: Facts) -> bool:
    """Whether a column of numbers may be a time from the start of follow-up, by its name (and nothing before it)."""
    gaps = fact.n < fact.rows and fact.low > 1  # the last contact of the survivors may be one day for all of them
    if not fact.numeric or not (fact.distinct > 2 or (fact.distinct and gaps)) or concept(fact):
        return False
    lasting = fact.find(after.FREE) and bool(ends_of(fact))  # relapse-free, but not ventilator-free
    other = fact.find(before.BEFORE, before.ARRIVAL) and not fact.find(CLEAR)
    if other or fact.find(after.OTHERS, after.CHANGE) or (fact.find(after.NO_TIME) and not lasting):
        return False
    named = fact.find(after.TIME, after.ALIVE, after.UNTIL, after.SHORT_TIME)
    counted_in_time = bool(TIME_UNIT.fullmatch(fact.unit)) and bool(ends_of(fact))
    return bool(named or counted_in_time) and (fact.moment is None or bool(fact.find(FOLLOWED)))


def find_survival(table: Table, facts: dict[str, Facts], eligible: list[str]) -> Found:
    """Pair the times among the eligible columns with events."""
    found = Found()
    times = [name for name in eligible if is_time(facts[name])]
    events = [name for name in eligible if name not in times and is_event(facts[name])]
    for name in list(times):
        reason = _unusable(facts[name], table.frame[name])
        if reason:
            found.failed[name] = reason
            times.remove(name)
    if len(times) * len(events) > MOST_PAIRS:
        found.failed |= dict.fromkeys(times, "one of very many times: choose a box")
        return found
    _pair(table, facts, times, events, found)
    death = [pair for pair in found.pairs if "death" in ends_of(facts[pair.event])]
    found.pairs = death + [pair for pair in found.pairs if pair not in death]
    return found


def is_event(fact: Facts) -> bool:
    """Whether a column may say what had happened at a time: two values (or a few, under a name for a status)."""
    seen = evidence(fact)
    if fact.binary:
        return seen.side == "after" and seen.event
    few = 2 < fact.distinct <= EVENT_LEVELS and (fact.whole or not fact.numeric)
    return few and seen.side == "after" and bool(fact.find(GENERAL) or len(deaths(fact)) > 0)


def _unusable(fact: Facts, column: pd.Series) -> str:
    if fact.low < 0:
        return f"a time, and below 0 in {counted(int((column < 0).sum()), 'row')}: correct them to use it"
    if column.max() <= 1:
        return "named like a time, and never above 1"
    return "" if np.isfinite(column.dropna()).all() else "a time with infinite values"


def _pair(table: Table, facts: dict[str, Facts], times: list[str], events: list[str], found: Found) -> None:
    """Give each time the one event that fits best, then settle events that two times want."""
    wanted: dict[str, list[str]] = {}
    for time in times:
        marks = {event: fit(table, facts[time], facts[event]) for event in events}
        fitting = [event for event in events if marks[event]]
        best = [event for event in fitting if marks[event] == max(marks.values())]
        doubtful = any(partial_event(table, facts[time], facts[event]) for event in best)
        wanted[time] = distinct(fitting if doubtful else best, table.frame)
        if not wanted[time]:
            found.failed[time] = "a time without a column that says what had happened at it"
    used: dict[str, list[str]] = {}
    for time, options in wanted.items():
        if len(options) == 1:
            used.setdefault(options[0], []).append(time)
        elif options:
            found.questions.append(_which_event(time, options))
            found.failed[time] = "a time: which column is its event is asked"
    for event, claims in used.items():
        _settle(table, facts, event, claims, found)


def _which_event(time: str, options: list[str]) -> Question:
    text = f'Which column says what had happened at "{time}"? {quoted(options)} could.'
    return Question(about="event", column=time, candidates=tuple(options), text=text)


def _settle(table: Table, facts: dict[str, Facts], event: str, times: list[str], found: Found) -> None:
    """One time for an event: those known only for the patients with the event are no follow-up of the others."""
    partial = [time for time in times if known_only_with(table.frame, facts[event], time)]
    whole = [time for time in times if time not in partial]
    if len(whole) == 1 and not partial:
        found.pairs.append(Pair(whole[0], event))
        return
    if partial and not whole:
        found.failed |= dict.fromkeys(partial, f'known only for the patients with the event in "{event}": no follow-up')
        return
    joined = joined_name(table.frame, *partial, *whole) if len(partial) == len(whole) == 1 else ""
    candidates = (*times, joined) if joined else tuple(times)
    both = f', or "{joined}", the first of the two that is known' if joined else ""
    text = f'Which time belongs to "{event}"? {quoted(times)}{both}.'
    found.questions.append(Question(about="time", column=event, candidates=candidates, text=text))
    found.failed |= dict.fromkeys(times, f'a time: which one belongs to "{event}" is asked')
    if joined:
        found.derived.append(Derived(name=joined, kind="joined", columns=(*partial, *whole)))
        found.pairs.append(Pair(joined, event))


def joined_name(frame: pd.DataFrame, first: str, second: str) -> str:
    """A name for two joined columns that the file does not have."""
    name = f"{first} or {second}"
    return name if name not in frame.columns else f"{name} (joined)"


def known_only_with(frame: pd.DataFrame, event: Facts, time: str) -> bool:
    """Whether a time is missing in nearly every row without the event, and known in most with it."""
    value = event_of(event.name, event.levels)
    if value is None:
        return False
    values, known = text_values(frame[event.name]), frame[time].notna().to_numpy()
    happened, not_happened = values == value, (values != value) & frame[event.name].notna().to_numpy()
    if not happened.any() or not not_happened.any():
        return False
    return bool(known[not_happened].mean() < 0.05 and known[happened].mean() > 0.5)


def ends_of(fact: Facts) -> frozenset[str]:
    """What a name says has happened or is waited for: death, relapse, ..."""
    if fact.name.lower() in PREFIX:
        return frozenset({PREFIX[fact.name.lower()]})
    return frozenset(end for end, lexicon in ENDS.items() if fact.find(lexicon))


def fit(table: Table, time: Facts, event: Facts) -> int:
    """How well an event suits a time, 0 not at all: the same end in both names, words in common, a general name, the
    day that the time runs to; an end that the other name does not speak of does not suit."""
    of_time, of_event = ends_of(time), ends_of(event)
    general = bool(event.find(GENERAL))
    shared = _shared(time, event)
    other_end = of_time and ((of_event and not of_time & of_event) or not (of_event or general))
    if other_end or (not of_time and not shared and time.find(after.UNTIL) and not time.find(CLEAR)):
        return 0
    mark = PLAIN + STRONG * bool(of_time & of_event) + NAMED * shared
    if not of_time:
        mark += NAMED * ("death" in of_event or (general and not of_event))
    if partial_event(table, time, event):
        return max(mark - NAMED, PLAIN)
    return mark + STRONG * bool(_days(event)) + 1 + ("by" in event.words)


def partial_event(table: Table, time: Facts, event: Facts) -> bool:
    """Whether an event speaks of a place (died in hospital) or of another day than the last of the time, so that it
    may not tell what had happened at the time."""
    days, longest = _days(event), table.frame[time.name].max()
    return bool(days and longest not in days) or bool(event.find(PLACE) and not time.find(PLACE))


def _days(event: Facts) -> set[int]:
    """The days that the name of an event speaks of."""
    return {int(word) for word in event.words if word.isdigit()} | ({event.moment} if event.moment else set())


def _shared(time: Facts, event: Facts) -> bool:
    """Whether the two names share a word of their own ("overall survival"), or begin alike (futime, fustat)."""
    common = {
        word for word in set(time.called.tokens) & set(event.called.tokens) if len(word) > 1 and not word.isdigit()
    }
    short = time.name[:2].lower() == event.name[:2].lower() and min(len(time.name), len(event.name)) <= 7
    return bool(common) or short


def distinct(names: list[str], frame: pd.DataFrame) -> list[str]:
    """Columns that hold the same in every row count once: the first."""
    kept: list[str] = []
    for name in names:
        if not any(frame[name].equals(frame[other]) for other in kept):
            kept.append(name)
    return kept
