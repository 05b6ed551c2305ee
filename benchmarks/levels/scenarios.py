"""What is simulated: how many sets of which shape, which outcome, how alike the patients of a set are, which effect."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from zlib import crc32

import numpy as np

from lib.spec import Outcome

from . import draws
from .samples import Sample

ICC = 0.3
RISKS = (0.02, 0.1, 0.25, 0.5)
SETS = (4, 8, 30, 100)
EVENT = Outcome(name="y", kind="binary", column="y")
NUMBER = Outcome(name="y", kind="continuous", column="y")
TIME = Outcome(name="y", kind="survival", time="days", event="dead", horizon=draws.HORIZON)
COMPETING = TIME.model_copy(update={"event_value": "1", "competing_values": ("2",)})
MANY = {  # studies by kind and number of sets; the Monte Carlo error stands with every row
    "event": {4: 10_000, 8: 10_000, 30: 5_000, 100: 4_000},
    "number": {4: 10_000, 8: 10_000, 30: 5_000, 100: 2_000},
    "survival": {4: 2_000, 8: 2_000, 30: 1_500, 100: 1_500},
    "competing": {4: 2_000, 8: 600, 30: 200, 100: 200},
}
CHECKED = {4: 100, 8: 100, 30: 20, 100: 10}  # of them through everything that the page shows
CHECKED_EVENTS = CHECKED | {4: 1_000, 8: 1_000}  # the same sets come again and again, so that more can be afforded
EFFECT_STUDIES = {4: 1_000, 8: 1_000, 30: 250}


@dataclass(frozen=True)
class Scenario:
    """kind: of MANY.  detail: of the outcome, in words.  draw: generator, sample, studies -> Studies.  studies: in all.
    checked: how many of them go through everything that the page shows; the rest are made quickly."""

    kind: str
    detail: str
    effect: str
    icc: float
    sample: Sample
    outcome: Outcome
    draw: Callable[[np.random.Generator, Sample, int], draws.Studies]
    studies: int
    checked: int

    @property
    def title(self) -> tuple[str, ...]:
        """What sets it apart from the others."""
        size = (str(self.sample.sets), self.sample.shape)
        return (self.kind, self.detail, self.effect, f"{self.icc:g}", *size)

    @property
    def seed(self) -> int:
        """Of its title, so that other scenarios do not change it."""
        return crc32("|".join(self.title).encode())


def every() -> Iterator[Scenario]:
    """All of them: the small ones first."""
    for sets in SETS:
        for shape in ("1:1", "1:2", "1:4", "1 to 4"):
            sample = Sample(sets, shape)
            yield from null_events(sample)
            yield from null_numbers(sample)
            if shape != "1:2":
                yield from null_survival(sample)
    yield from with_effects()


NONE = "no effect"


def null_events(sample: Sample) -> Iterator[Scenario]:
    """Every risk, independent and alike in sets."""
    for risk in RISKS:
        for icc in (0.0, ICC):
            draw, detail = partial(draws.events, risk=risk, icc=icc, effect=1.0), f"risk {risk:g}"
            studies = MANY["event"][sample.sets]
            yield Scenario("event", detail, NONE, icc, sample, EVENT, draw, studies, CHECKED_EVENTS[sample.sets])


def null_numbers(sample: Sample) -> Iterator[Scenario]:
    """A normal number, where what a set shares cancels; a skewed one, independent and alike in sets."""
    for detail, make, icc in (
        ("normal", draws.normal, 0.0),
        ("log-normal", draws.skewed, 0.0),
        ("log-normal", draws.skewed, ICC),
    ):
        draw, studies = partial(make, icc=icc, effect=0.0), MANY["number"][sample.sets]
        yield Scenario("number", detail, NONE, icc, sample, NUMBER, draw, studies, CHECKED[sample.sets])


def null_survival(sample: Sample) -> Iterator[Scenario]:
    """Every risk by the horizon, alike in sets; one independent; one with a competing event."""
    for risk, icc in (*((risk, ICC) for risk in RISKS), (0.25, 0.0)):
        draw, detail = partial(draws.survival, risk=risk, icc=icc, effect=1.0), f"risk {risk:g}"
        checked = CHECKED[sample.sets] if risk == 0.25 else 0
        yield Scenario("survival", detail, NONE, icc, sample, TIME, draw, MANY["survival"][sample.sets], checked)
    draw, studies = partial(draws.competing, risk=0.25, icc=ICC), MANY["competing"][sample.sets]
    yield Scenario("competing", "risk 0.25, competing 0.3", NONE, ICC, sample, COMPETING, draw, studies, 0)


def with_effects() -> Iterator[Scenario]:
    """How often the intervals hold a true effect."""
    for sets, studies in EFFECT_STUDIES.items():
        for shape in ("1:3", "1 to 4"):
            sample = Sample(sets, shape)
            for ratio in (0.3, 3.0):
                one = partial(draws.events, risk=0.25, icc=ICC, effect=ratio)
                yield Scenario("event", "risk 0.25", f"odds ratio {ratio:g}", ICC, sample, EVENT, one, studies, 0)
                two = partial(draws.survival, risk=0.25, icc=ICC, effect=ratio)
                what = f"hazard ratio {ratio:g}"
                yield Scenario("survival", "risk 0.25", what, ICC, sample, TIME, two, studies, 0)
            three, what = partial(draws.skewed, icc=ICC, effect=1.0), "shift 1"
            yield Scenario("number", "log-normal", what, ICC, sample, NUMBER, three, studies // 2, 0)
