"""The five lines of the Robust? page in words: each true whether the main answer is a difference or undecided."""

import math
from collections.abc import Mapping, Sequence

from ..sensitivity.verdicts import Line, Main, Name, Seen, State, Tally
from .names import MEASURES
from .numbers import DASH, counted, effect, half_up, listed, p_to, p_value
from .tables import TextTable

TITLES: Mapping[Name, str] = {
    "settings": "Other settings",
    "patients": "Other patients",
    "hidden": "Hidden factors",
    "outcomes": "Other outcomes",
    "days": "Other days",
}
OPENS: Mapping[Name, str] = {
    "settings": "Look at other settings",
    "patients": "Look at other patients",
    "hidden": "Look at hidden factors",
    "outcomes": "Look at other outcomes",
    "days": "Look at other days",
}
ASKS: Mapping[Name, str] = {
    "settings": "Another ratio, caliper, model of the score, or one covariate less.",
    "patients": "Which single patient carries the answer.",
    "hidden": "How strong something that was not measured would have to be.",
    "outcomes": "Outcomes that treatment cannot change, recorded wrongly, or not known.",
    "days": "Another horizon, the same outcome at another time, another starting day.",
}
DOES: Mapping[Name, str] = {
    "settings": "matching anew under each",
    "patients": "leaving out one after the other",
    "hidden": "looking for the strength that is enough",
    "outcomes": "looking at outcomes that treatment cannot change",
    "days": "comparing at each",
}
RUN_FIRST = "Run this line first; then the analyses behind it stand here."
NOT_RUN = "Not run yet"
SLOW = "Every one of these analyses is made anew, which takes longer than a second here."
NO_ANSWER = "The main analysis gives neither a p by set nor an interval for this outcome, so nothing can change it."
GIVEN = "The sets were made elsewhere and are taken as they are, so no other setting can be tried."
ONE_DAY = (
    "The file tells of this outcome at one time only, and of no day of treatment to start from. A time and an event, "
    "or the same outcome at another day, would let this be asked."
)
NO_OUTCOMES = (
    "No column is marked as an outcome yet, so there is no answer to be robust. Designs are compared on the Match page."
)
UNQUOTED = {
    "odds": "the odds of treatment inside the sets are typically twice apart or more, so p by set is no evidence",
    "balance": "the groups are not alike in what was measured (see Alike?), so a difference may come from that",
}


def state_word(line: Line, main: Main) -> str:
    """The state in a word or two, beside its colour."""
    return _WORDS[line.name in ("hidden", "outcomes")][line.state] if line.state != "green" else _holds(main)


def _holds(main: Main) -> str:
    return "Holds" if main.seen.differs else "Stays undecided"


_WORDS: Mapping[bool, Mapping[State, str]] = {
    False: {"amber": "Look closer", "red": "Changes", "none": "Cannot be asked"},
    True: {"amber": "Look closer", "red": "Warning", "none": "Cannot be asked"},
}


def lead(main: Main, label: str) -> str:
    """What is asked of the five lines: what robust means for this very answer."""
    if not main.known:
        return f"{label}: {NO_ANSWER}"
    if main.unquoted:
        return f"{label}: no p is quoted of this comparison."
    said = p_line(main)
    if main.seen.differs:
        return f"{label}: {said}, a difference beyond chance. Robust means that it stays one."
    return (
        f"{label}: {said}, so these data cannot tell a difference from chance. Robust then means that they stay "
        "undecided, not that there is no effect."
    )


def p_line(main: Main) -> str:
    """ "p by set 0.34 in 8 sets", or that an interval stands for it."""
    if math.isnan(main.seen.p):
        within = "leaves out" if main.seen.differs else "includes"
        return f"the 95% interval {within} no effect (this design has no p by set)"
    return f"p by set {p_value(main.seen.p)} in {counted(main.n_sets, 'set')}"


def unquoted(main: Main) -> str:
    """Why no line is green; empty where the numbers are quoted."""
    if not main.unquoted:
        return ""
    whys = [UNQUOTED[key] for key in ("odds", "balance") if main.unquoted in (key, "both")]
    return (
        f"Not to be quoted: {listed(whys)}. The lines below say whether the numbers move, not whether they are right; "
        "none of them is green."
    )


def settings(main: Main, found: Tally) -> str:
    """ "In 17 of 18 other settings p by set stays above 0.05 (0.12 to 0.62); the effect keeps its direction in 18."."""
    if not found.done:
        return "None of the other settings could be done."
    return f"In {_stays(main, found, 'other settings')}{_failed(found)}"


def patients(main: Main, found: Tally, carriers: Sequence[str], n: int) -> str:
    """Whether one patient carries the answer, and who."""
    if not found.done:
        return "The analysis could not be made without any one of the patients."
    tried = f"Each of the {counted(found.done, 'matched patient')} left out in turn"
    if not n:
        turned = found.turned
        sides = "; the effect keeps its direction" if not turned else f"; the effect loses its direction in {turned:,}"
        sides = sides if found.sided else ""
        return f"{tried}: {_keeps(main)} every time{_span(found)}{sides}{_failed(found)}"
    who = listed([*carriers, *([f"{n - len(carriers):,} more"] if n > len(carriers) else [])])
    other = "above" if main.seen.differs else "below"
    what = f"p by set goes {other} 0.05" if not math.isnan(main.seen.p) else "the answer changes"
    return f"{tried}: {what} in {n:,} ({who}){_failed(found)}"


def too_many_patients(most: int) -> str:
    """Why nobody is left out in turn."""
    return f"With more than {most:,} matched patients nobody is left out in turn: no single one of them weighs much."


def days(main: Main, found: Tally) -> str:
    """The same for other days."""
    if not found.done:
        return "At none of the other days could the analysis be done."
    return f"At {_stays(main, found, 'other days')}{_failed(found)}"


def _stays(main: Main, found: Tally, what: str) -> str:
    if found.done == 1:
        of = f"the one {what.removesuffix('s')} that could be tried"
        kept = "keeps its direction" if found.kept else "changes its direction"
        keeps = _keeps(main) if found.same else _keeps(main, not main.seen.differs).replace("stays", "goes")
        return f"{of} {keeps}{_span(found)}{f'; the effect {kept}' if found.sided else ''}"
    where = f"in {found.kept:,}"
    if found.sided < found.done:
        where = f"in {found.kept:,} of the {found.sided:,} that have one" if found.turned else "where it has one"
    direction = f"; the effect keeps its direction {where}" if found.sided else ""
    return f"{found.same:,} of {found.done:,} {what} {_keeps(main)}{_span(found)}{direction}"


def _keeps(main: Main, differs: bool | None = None) -> str:
    """differs: where it is not what the main analysis says."""
    low = main.seen.differs if differs is None else differs
    if math.isnan(main.seen.p):
        return f"the 95% interval {'leaves out' if low else 'includes'} no effect"
    return f"p by set stays {'below' if low else 'above'} 0.05"


def _span(found: Tally) -> str:
    """The range of p over all of them."""
    if math.isnan(found.p_low):
        return ""
    every = "" if found.same in (0, found.done) else " over all"
    return f" (p {p_to(found.p_low, found.p_high)}{every})"


def _failed(found: Tally) -> str:
    return f"; {found.failed:,} more could not be done." if found.failed else "."


def _times(gamma: float) -> str:
    return f"{half_up(gamma, 1)} times" if gamma < 100 else "more than 100 times"


def hidden_effect(main: Main, gamma: float) -> str:
    """Of an undecided answer: what it would take to have hidden an effect."""
    if math.isnan(gamma):
        return (
            "The answer is undecided already without any hidden factor, and one would only leave it so or hide an "
            "effect. How strong it would have to be is counted for yes/no outcomes in sets only."
        )
    if math.isinf(gamma):
        return "These sets are too few to show an effect of this outcome, whatever a hidden factor does."
    return (
        f"Undecided already without any hidden factor. To have hidden an effect, one would have to set the odds of "
        f"treatment inside the sets {_times(gamma)} apart."
    )


def explained_away(gamma: float, e_value: float) -> str:
    """Of a difference: what it would take to explain it away."""
    if math.isinf(gamma):
        return "No hidden factor, however strong, would put p by set above 0.05."
    if gamma == 1:
        return "Twice the one-sided p is above 0.05 without any hidden factor: the slightest one explains it away."
    if not math.isnan(gamma):
        return (
            f"A hidden factor that sets the odds of treatment inside the sets {_times(gamma)} apart would be enough to "
            "put p by set above 0.05."
        )
    if not math.isnan(e_value):
        return (
            f"A hidden factor tied to treatment and to the outcome by a risk ratio of {half_up(e_value, 1)} each would "
            "be enough to explain the difference away (E-value of the limit)."
        )
    return "There is no bound for this outcome in this design, so nobody can say how strong a hidden factor must be."


def outcomes(warns: Sequence[str], quiet: int, main: Main, changes: float, unknown: bool) -> str:
    """Negative controls first, then what would tip the answer."""
    first = "No outcome is marked as one that treatment cannot change, so nothing here could warn."
    if warns:
        names = listed(list(warns))
        first = f"Differs though treatment cannot change it: {names}. Something else sets the groups apart."
    elif quiet:
        show = "shows" if quiet == 1 else "show"
        first = f"{counted(quiet, 'outcome')} that treatment cannot change {show} no difference."
    side, more = "above" if main.seen.differs else "below", []
    if not math.isnan(changes):
        more.append(f"With {counted(int(changes), 'patient')} recorded otherwise p would be {side} 0.05.")
    more += ["The outcomes that nobody knows could decide it."] if unknown else []
    return " ".join([first, *more])


MOST_ROWS = 12  # of the analyses behind a line that are listed and drawn, those with the smallest p first


def listed_first(main: Main, line: Line) -> tuple[Seen, ...]:
    """The analyses behind a line that are shown: those of days in their order, of others the MOST_ROWS that come
    nearest to another answer."""
    if line.name == "days":
        return line.seen
    away = -1 if main.seen.differs else 1

    def key(one: Seen) -> tuple[bool, float]:
        return math.isnan(one.p), away * (0 if math.isnan(one.p) else one.p)

    return tuple(sorted(line.seen, key=key)[:MOST_ROWS])


def takeaway(line: Line, main: Main) -> str:
    """What the figure of a line says."""
    found = line.numbers
    side = "below" if main.seen.differs else "above"
    return (
        f"p by set {p_value(main.seen.p)} in the main analysis; {side} 0.05 in {found['same']:,} of {found['done']:,} "
        f"{TITLES[line.name].lower() if line.name != 'patients' else 'analyses with one patient less'}"
    )


def seen_table(main: Main, line: Line, label: str) -> TextTable:
    """The analyses behind a line, the main one first."""
    shown = listed_first(main, line)
    measures = {one.measure for one in (main.seen, *shown) if one.measure}
    same = len(measures) == 1
    rows = [_seen_row(one, same) for one in (main.seen, *shown)]
    more = len(line.seen) - len(shown)
    notes = (f"{counted(more, 'more analysis', 'more analyses')}, further from another answer.",) if more else ()
    heads = ("Analysis", MEASURES[measures.pop()] if same else "Effect", "p by set", "Treated lost")
    return TextTable(TITLES[line.name], heads, tuple(rows), notes, f"{label}: {TITLES[line.name].lower()}")


def _seen_row(one: Seen, same: bool) -> tuple[str, ...]:
    name = one.label[:1].upper() + one.label[1:]
    if one.error:
        return f"{name}\n{one.error}", DASH, DASH, DASH
    size = DASH if math.isnan(one.estimate) else effect(one.measure, one.estimate)
    size += "" if same or not one.measure else f"\n{MEASURES[one.measure]}"
    return name, size, p_value(one.p), f"{one.lost:,}"
