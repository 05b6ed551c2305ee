"""The deck: from the steps of one analysis to slides, each made when it is asked for by those before it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from .. import __version__
from ..figures import boxes
from ..inference.results import BinaryOutcome, ContinuousOutcome, OutcomeResult, SurvivalOutcome
from ..spec import Outcome
from ..steps import Steps
from ..words import balance as balance_words
from ..words import deck as words
from ..words.deck_flow import flow_takeaway, left_over
from ..words.deck_limits import limits_takeaway
from ..words.labels import Labels
from ..words.outcomes import day, name_of, places_of, seen_in
from ..words.tables import TextTable
from ..words.to_quote import effect_sentence
from .charts import bars, curves, forests, love_words, loves, unit_of
from .fit import BIG, BODY, INNER, SPARE, TEXT, even_parts, paragraph_px, split_table
from .flow import flow_of
from .letters import lines_of
from .limits import limits
from .robust import robust, several_below
from .slide import Chart, Content, Key, Picture, Sentences, Slide
from .tables import first_table, second_table

MOST_LINES = 5  # of a paragraph; of a longer one the middle is left out
BOX_ARMS = ("treated", "matched_control", "whole_control")


@dataclass(frozen=True)
class Origin:
    """Where a deck comes from.  study: the name of the file.  synthetic: whether its patients are made up.  given: a
    line from outside on when outcomes were opened.  raised: sentences from outside for the slide of limits."""

    study: str
    synthetic: bool = False
    given: str = ""
    raised: tuple[str, ...] = ()


def deck(steps: Steps, labels: Labels, origin: Origin) -> tuple[Slide, ...]:
    """Every slide of one analysis, in the order of a talk. Without an outcome the deck ends with the balance and what
    limits it. Raises AnalysisError where the analysis cannot be done."""
    made = [*_design(steps, labels), *(_answer(steps, labels) if steps.used[1].outcomes else ())]
    made += _limits(steps, labels, origin)
    spec = steps.spec.digest
    source = words.provenance(__version__, spec, steps.table.digest[:16], origin.study, origin.synthetic, origin.given)
    foot = words.footer(origin.study, origin.synthetic, spec)
    return tuple(
        replace(slide, notes=(*slide.notes, *source), footer=f"{slide.footer} {foot}".strip()) for slide in made
    )


def primary_of(steps: Steps) -> tuple[OutcomeResult, Outcome] | None:
    """The primary outcome and how it is defined; the first where none is marked, None without outcomes."""
    specs = steps.used[1].outcomes
    if not specs:
        return None
    spec = next((one for one in specs if one.primary), specs[0])
    return next(one for one in steps.outcomes if one.name == spec.name), spec


def _design(steps: Steps, labels: Labels) -> Iterator[Slide]:
    """Question, flow, Table 1 and love plot."""
    comparison, cohort, spec = steps.comparison, steps.cohort, steps.used[1]
    primary = primary_of(steps)
    title = words.NO_OUTCOME if primary is None else words.question(*primary, labels)
    lines = words.question_lines(spec, cohort, labels, None if primary is None else primary[1])
    yield from _said("question", title, words.question_takeaway(comparison), lines)
    flow = flow_of(cohort.attrition, comparison)
    alt = "; ".join(f"{step.name}: {left_over(step)}" for step in flow.steps)
    yield Slide("flow", words.FLOW, flow_takeaway(comparison, cohort), flow, alt, ())
    named = balance_words.named(steps.balance, labels)
    takeaway = words.balance_takeaway(named, steps.balance_test)
    if not steps.table_one.empty:
        yield from _tables("table_one", first_table(steps, labels), takeaway)
    if not steps.balance.every.empty:
        charts = loves(steps, labels)
        yield from _charts("love", words.LOVE, takeaway, [(chart, love_words(chart)) for chart in charts])


def _answer(steps: Steps, labels: Labels) -> Iterator[Slide]:
    """Answer, figure, forest, Table 2 and what is robust."""
    found = primary_of(steps)
    if found is None:
        return
    outcome, spec = found
    takeaway, name = words.answer_takeaway(outcome), name_of(outcome, labels, unit=False)
    unit = unit_of(steps, outcome, labels) if isinstance(outcome, SurvivalOutcome) else labels.column(spec.name).unit
    said = [words.quoted_sentence(outcome), effect_sentence(outcome, unit)]
    if not isinstance(outcome, ContinuousOutcome) and (outcome.quoted is None or outcome.quoted.evidence):
        said.append(words.reach_short(steps.comparison, steps.power))
    lines = tuple(line for line in said if line)
    yield from _said("answer", f"Answer: {name}", takeaway, lines, words.counts(outcome))
    yield _figure(steps, labels, outcome, "figure", takeaway)
    curve = next((one for one in steps.outcomes if isinstance(one, SurvivalOutcome) and one is not outcome), None)
    if curve is not None and not isinstance(outcome, SurvivalOutcome):
        yield _figure(steps, labels, curve, "curves", words.answer_takeaway(curve))
    several = words.outcomes_takeaway(steps.outcomes, several_below(steps))
    yield from _tables("table_two", second_table(steps, labels), several)
    charts = [(chart, words.forest_alt(chart.rows)) for chart in forests(steps, labels)]
    yield from _charts("forest", words.FOREST, several, charts)
    strong = robust(steps, outcome, spec, labels)
    yield from _tables("robust", strong.table, strong.takeaway)


def _figure(steps: Steps, labels: Labels, outcome: OutcomeResult, key: Key, takeaway: str) -> Slide:
    """The figure of an outcome's kind; boxes with a point for each patient are a picture."""
    name = name_of(outcome, labels, unit=False)
    arms = "; ".join(words.counts(outcome))
    content: Content
    if isinstance(outcome, SurvivalOutcome):
        content = curves(outcome, unit_of(steps, outcome, labels))
    elif isinstance(outcome, BinaryOutcome):
        content = bars(outcome, name)
    else:
        content = _boxes(outcome, name_of(outcome, labels))
    return Slide(key, name, takeaway, content, f"{name}. {arms}.", ())


def _boxes(outcome: ContinuousOutcome, label: str) -> Content:
    known = outcome.points.loc[outcome.points["arm"].isin(BOX_ARMS), "value"]
    lines = tuple(_box_line(outcome, arm) for arm in BOX_ARMS)
    if not len(known):
        return Sentences(lines)
    last = day(outcome.name)
    moments = ("Day 0", last) if last else ("Baseline", "Outcome")
    return Picture(boxes(outcome, BOX_ARMS, label=label, moments=moments), lines)


def _box_line(outcome: ContinuousOutcome, arm: str) -> str:
    said = seen_in(outcome, arm, places_of(outcome)).replace("\n", ", ")
    return words.arm_line(arm, outcome.weighted, said)


def _limits(steps: Steps, labels: Labels, origin: Origin) -> Iterator[Slide]:
    found = primary_of(steps)
    raised = limits(steps, labels, None if found is None else found[0], origin.raised)
    yield from _said("limits", words.LIMITS, limits_takeaway(len(raised)), (*raised, words.UNMEASURED))


def _said(key: Key, title: str, takeaway: str, lines: tuple[str, ...], counts: tuple[str, ...] = ()) -> Iterator[Slide]:
    """Sentences over as many slides as they need; counts stand on the first."""
    lines = tuple(" ".join(lines_of(line, TEXT, SPARE * INNER, MOST_LINES)) for line in lines)
    above = sum(paragraph_px(line, BIG) for line in counts)
    heights = tuple(paragraph_px(line) for line in lines)
    first = even_parts((above, *heights) if above else heights, BODY[1])
    skip = 1 if above else 0
    parts = [(max(start - skip, 0), stop - skip) for start, stop in first]
    for place, (start, stop) in enumerate(parts):
        content = Sentences(lines[start:stop], counts if place == 0 else ())
        alt = " ".join((*content.counts, *content.lines))
        yield Slide(key, _of(title, place, len(parts)), takeaway, content, alt, ())


def _tables(key: Key, table: TextTable, takeaway: str) -> Iterator[Slide]:
    parts = split_table(table)
    for place, part in enumerate(parts):
        title, foot = _of(table.title, place, len(parts)), " ".join(table.footnotes)
        yield Slide(key, title, takeaway, part, table.described, table.footnotes, foot)


def _charts(key: Key, title: str, takeaway: str, charts: Sequence[tuple[Chart, str]]) -> Iterator[Slide]:
    for place, (chart, alt) in enumerate(charts):
        yield Slide(key, _of(title, place, len(charts)), takeaway, chart, alt, ())


def _of(title: str, place: int, parts: int) -> str:
    return title if parts == 1 else f"{title} ({place + 1} of {parts})"
