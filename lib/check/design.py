"""The matched sets that a paper describes: one treated patient in each, and how many controls."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from ..errors import SpecError

MOST_TREATED = 2_000
MOST_CONTROLS = 20  # of one set
MOST_TOTAL = 10_000  # controls
MOST_GIVEN = 100  # sets whose sizes are given one by one
TINY = 1e-300  # stands for every p below it, which no computer holds
DIGITS = 9  # of a whole number that is read
SHOWN = 20  # letters of what was typed that a message repeats


@dataclass(frozen=True)
class PaperDesign:
    """controls: of each set, the most first; one treated patient stands in each."""

    controls: tuple[int, ...]

    @property
    def treated(self) -> int:
        """Treated patients, and sets."""
        return len(self.controls)

    @property
    def total(self) -> int:
        """Controls in all; also the pairs, when each treated patient is repeated for every control."""
        return sum(self.controls)

    @property
    def ratio(self) -> int | None:
        """Controls of every set; None where they differ."""
        return self.controls[0] if self.controls[0] == self.controls[-1] else None

    @property
    def smallest_p(self) -> float:
        """The smallest exact p by set (minlike) over all events in both arms: no chance of these sets is below the
        product of 1 / patients of a set, and every treated patient and no control having the event has that chance.
        With pairs alone its mirror image is as likely."""
        chance = prod(1 / (n + 1) for n in self.controls)
        return max(TINY, chance * (2 if self.controls[0] == 1 else 1))


def whole(text: object, what: str) -> int:
    """A whole number of at least 0 from what was typed.  what: the setting's name. Raises SpecError."""
    typed = str(text).strip()
    if not typed:
        raise SpecError(f"`{what}` is missing.", "Type a number such as 8.")
    if not re.fullmatch(rf"\d{{1,{DIGITS}}}", typed):
        raise SpecError(f"`{what}` must be a whole number, not {shown(typed)}.", "Type a number such as 8.")
    return int(typed)


def shown(typed: str) -> str:
    """What was typed, cut where it is long."""
    return f'"{typed}"' if len(typed) <= SHOWN else f'"{typed[:SHOWN]}…"'


def design_of(
    treated: object = None, ratio: object = None, controls: object = None, sets: Sequence[object] = ()
) -> PaperDesign:
    """The design as typed: the treated and either the ratio, all controls or those of each set; None: not given.

    Raises SpecError for what is missing, does not fit together or is too large to be checked.
    """
    if sets:
        return _of_sets([whole(n, "sets") for n in sets], treated, ratio, controls)
    if treated is None:
        raise SpecError("The number of treated patients is missing.", "Say how many were treated and matched.")
    n = whole(treated, "treated")
    _within("treated", n, MOST_TREATED)
    if ratio is None and controls is None:
        raise SpecError("The number of controls is missing.", "Give the ratio (3 for 1:3) or the number of controls.")
    each = whole(ratio, "ratio") if ratio is not None else _shared(n, whole(controls, "controls"))
    _within("ratio", each, MOST_CONTROLS)
    made = PaperDesign((each,) * n)
    _within("controls", made.total, MOST_TOTAL)
    if controls is not None and whole(controls, "controls") != made.total:
        _conflict(f"{n:,} treated with {each} controls each have {made.total:,}, not {whole(controls, 'controls'):,}")
    return made


def _of_sets(each: list[int], treated: object, ratio: object, controls: object) -> PaperDesign:
    for n in each:
        _within("sets", n, MOST_CONTROLS)
    if len(each) > MOST_GIVEN:
        raise SpecError(
            f"The controls of at most {MOST_GIVEN} sets can be given one by one, not of {len(each):,}.",
            "Give the ratio where the sets are equal.",
        )
    made = PaperDesign(tuple(sorted(each, reverse=True)))
    if treated is not None and whole(treated, "treated") != made.treated:
        _conflict(f"The controls of {made.treated} sets are given for {whole(treated, 'treated'):,} treated patients")
    if controls is not None and whole(controls, "controls") != made.total:
        _conflict(f"The sets given hold {made.total} controls, not {whole(controls, 'controls'):,}")
    if ratio is not None and whole(ratio, "ratio") != made.ratio:
        _conflict("The sets given do not all have the ratio given")
    return made


def _conflict(sentence: str) -> None:
    raise SpecError(f"{sentence}.", "Correct one of the two, or leave one out.")


def _within(what: str, n: int, most: int) -> None:
    if not 1 <= n <= most:
        raise SpecError(f"`{what}` must be from 1 to {most:,}, not {n:,}.", HINTS[what])


HINTS = {
    "treated": "Count the treated patients who were matched, one for each set.",
    "ratio": "Count the controls of one treated patient: 3 for 1:3.",
    "controls": "With so many patients p says little: read the effect and its interval.",
    "sets": "Every set needs a control; leave out treated patients without one.",
}


def _shared(treated: int, controls: int) -> int:
    if controls % treated or not controls:
        raise SpecError(
            f"{controls:,} controls cannot be shared equally among {treated:,} treated patients.",
            "Sets must be equal, or the controls of each set be given one by one, as in 3 3 2.",
        )
    return controls // treated
