"""A matched set in plain words: who is compared, in what they are alike and in what not. No outcome is read."""

import math

import numpy as np

from ..design.stories import ALIKE, Likeness, Story
from ..inference.results import OutcomeResult
from ..sensitivity.doubted import Doubted
from .effects import cites
from .labels import Label, Labels
from .numbers import DASH, counted, decimals, listed, number, p_value
from .outcomes import name_of
from .tables import TextTable, numbers_right
from .to_quote import quoted_test

WHAT = (
    "The patients of one set, covariate by covariate, as you would read their files; what happened to them later is "
    f"not shown. **Alike** means within {ALIKE:g} standard deviation of all analysed patients, or the same group in at "
    "least half of the pairs; that is a rule of thumb, and your own judgement goes beyond it. If a control would never "
    "have been a candidate for the treatment, say so: the set is then left out in an analysis **beside** the main one, "
    "which stays as it is."
)
BESIDE = (
    "The main analysis stays as it is, whatever comes out here: leaving out a set after its result is known would be a "
    "choice of results."
)
REASON = "Not comparable, because"
REASON_HELP = "In your own words, without anything that identifies a patient: the reason is written into reports."
STAYS = "Only sets that are apart can be left out: with replacement or weights nobody stands in one set alone."


def story_title(story: Story) -> str:
    """ "Set 3: 1 treated patient and 3 controls"."""
    controls, treated = counted(len(story.controls), "control"), counted(len(story.treated), "treated patient")
    return f"Set {story.number}: {treated} and {controls}"


def story_sentences(story: Story, labels: Labels) -> tuple[str, ...]:
    """What is alike, then what is not, the furthest first."""
    alike = [one for one in story.covariates if one.alike]
    count = f"{len(alike)} of {counted(len(story.covariates), 'covariate')}"
    told = [f"Alike in {count}: {listed([_beside(one, labels) for one in alike])}." if alike else f"Alike in {count}."]
    if story.unlike:
        told.append(f"Not alike: {listed([_beside(one, labels) for one in story.unlike])}.")
    return tuple(told)


def story_table(story: Story, labels: Labels) -> TextTable:
    """A row for each covariate: the treated, the controls, how far apart, alike or not."""
    rows = tuple(
        (
            labels.column(one.covariate).with_unit,
            _values(one.treated),
            _values(one.controls),
            "" if math.isnan(one.gap) else f"{one.gap:+.2f}".replace("-", "\u2212"),
            "alike" if one.alike else "not alike",
        )
        for one in story.covariates
    )
    heads = ("Covariate", "Treated", "Controls", "Apart (SD)", "Alike?")
    marks = frozenset((row, 4) for row, one in enumerate(story.covariates) if not one.alike)
    return TextTable(story_title(story), heads, rows, align=numbers_right(5), marks=marks)


def doubted_sentence(found: Doubted, main_sets: int) -> str:
    """How many sets are left out, of how many, and when that was said; empty where none is."""
    told = []
    if found.said:
        names = listed([str(one.number) for one in found.said])
        said = f"Called not comparable: set {names}, so {found.n_sets} of {main_sets} sets are left."
        late = found.after_opening
        told.append(
            said + (f" {counted(late, 'of them was', 'of them were')} said after outcomes were opened." * (late > 0))
        )
    if found.stale:
        told.append(
            f"{counted(found.stale, 'remark speaks', 'remarks speak')} of sets that are not there any more, because "
            "the design was changed since."
        )
    return " ".join(told)


def doubted_table(found: Doubted, main: tuple[OutcomeResult, ...], labels: Labels) -> TextTable:
    """The quoted p of every outcome with all sets and without the doubted ones.  main: of the main analysis."""
    rows = tuple(
        (name_of(before, labels, unit=False), _p(before), _p(after))
        for before, after in zip(main, found.outcomes, strict=True)
    )
    heads = ("Outcome", "p, all sets", f"p, without {counted(len(found.said), 'set')}")
    notes = tuple(f"Set {one.number}: {one.reason}" for one in found.said)
    return TextTable("Without the sets called not comparable", heads, rows, notes, align=numbers_right(3))


def _p(outcome: OutcomeResult) -> str:
    test = quoted_test(outcome)
    return DASH if test is None or not cites(outcome) else p_value(test.p_value)


def _beside(one: Likeness, labels: Labels) -> str:
    label: Label = labels.column(one.covariate)
    unit = f" {label.unit}" if label.unit and not math.isfinite(one.same) else ""
    gap = "" if one.alike else _gap(one)
    return f"{label.name} ({_values(one.treated)} v {_values(one.controls)}{unit}{gap})"


def _gap(one: Likeness) -> str:
    if math.isnan(one.gap):
        return ""
    return f"; {abs(one.gap):.1f} SD {'higher' if one.gap > 0 else 'lower'}"


def _values(values: np.ndarray) -> str:
    """ "54", "52 to 57", "female" or "female, 2 male"."""
    if values.dtype == object:
        levels, counts = np.unique(values.astype(str), return_counts=True)
        if len(levels) == 1:
            return str(levels[0])
        return ", ".join(f"{count} {level}" for level, count in zip(levels, counts, strict=True))
    places = decimals(values)
    low, high = number(float(values.min()), places), number(float(values.max()), places)
    return low if low == high else f"{low} to {high}"
