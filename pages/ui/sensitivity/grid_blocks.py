"""All specifications: choose the axes, run them with progress, stop when wanted, and read the curve."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import streamlit as st

from lib import figures
from lib.errors import AnalysisError
from lib.sensitivity import axes, workers
from lib.sensitivity.curve import SpecificationCurve, specification_curve
from lib.sensitivity.grid import MOST, Grid, Progress, duration, grid_csv, grid_of, waves_of
from lib.sensitivity.null_curve import NullCurve, Permuted, null_curve
from lib.sensitivity.workers import WorkersLost
from lib.spec import AnalysisSpec
from lib.words import counted
from lib.words import glossary_sensitivity as glossary
from lib.words import sensitivity as words
from pages.ui import session, stages, widgets
from pages.ui.plain import plain
from pages.ui.sensitivity.axes import chosen_axes
from pages.ui.tables import table_card
from pages.ui.view import View

AT_ONCE = 1.0  # seconds: a grid this quick is run here, without waking the pool
PERMUTATIONS = 100
PER_PART = 10
LOST = "grid-lost"
BETTER = {"lower": "Lower is better", "higher": "Higher is better"}


@dataclass(frozen=True)
class Asked:
    """A grid on the page.  spec: of this session with the chosen axes."""

    view: View
    spec: AnalysisSpec
    plan: axes.Plan
    seconds: float

    @property
    def waves(self) -> int:
        """Parts between which the run can be stopped."""
        return len(waves_of(self.plan, len(self.view.table.frame), workers.local_jobs()))

    def mark(self, what: str) -> str:
        """The name under which the session remembers how far this very grid has come."""
        return f"grid-{what}-{self.spec.digest}-{self.view.table.digest[:8]}"

    def kept(self, what: str) -> int:
        """How far it has come."""
        return session.keep(self.mark(what)) or 0


def show_grid(view: View) -> None:
    """Axes, run, curve."""
    try:
        asked = ask(view)
    except AnalysisError as error:
        session.error_box(error)
        return
    say_lost()
    run_bar(asked)
    if asked.kept("waves"):
        show_curve(asked)


def ask(view: View) -> Asked:
    """The axes that the widgets describe. Raises SpecError for an axis without a value or too many combinations."""
    spec = view.spec.replace(sensitivity={"grid": chosen_axes(view)})
    plan = axes.plan_grid(spec, prune=True)
    return Asked(view, spec, plan, stages.grid_seconds(view.table, spec))


def run_bar(asked: Asked) -> None:
    """How many and how long; the buttons; and, while it runs, the progress."""
    size, jobs = asked.plan.size, workers.local_jobs()
    alone = asked.seconds < AT_ONCE
    st.markdown(f"**{counted(size, 'specification')}**, about {duration(asked.seconds / (1 if alone else jobs))}.")
    if size > MOST and not st.checkbox(f"More than {MOST:,}: run them all the same", key=session.key("grid-insist")):
        return
    place = st.container(horizontal=True)
    done, running = asked.kept("waves"), bool(session.keep("grid-running"))
    label = "Run all" if not done else "Go on"
    if done < asked.waves and not running:
        place.button(
            label,
            type="primary",
            icon=":material/play_arrow:",
            key=session.key("grid-run"),
            on_click=begin,
            args=("grid-running",),
        )
    if running and done < asked.waves:
        place.button(
            "Stop the run",
            icon=":material/stop:",
            key=session.key("grid-stop"),
            on_click=session.keep,
            args=("grid-running", False),
        )
        run(asked, alone)


def run(asked: Asked, alone: bool) -> None:
    """Wave after wave; every finished wave is kept, so that a stop loses nothing."""
    first, started = asked.kept("waves"), time.perf_counter()
    bar = st.progress(first / asked.waves, "Running …")
    for number in range(first, asked.waves):
        with unless_lost("grid-running"):
            stages.grid_wave(asked.view.table, asked.spec, number, alone)
        session.keep(asked.mark("waves"), number + 1)
        pace = Progress(number + 1 - first, asked.waves - first, time.perf_counter() - started)
        bar.progress((number + 1) / asked.waves, f"{(number + 1) / asked.waves:.0%} done, {left(pace)}")
    session.keep("grid-running", False)
    st.rerun()


@contextmanager
def unless_lost(running: str) -> Iterator[None]:
    """A part whose processes are lost: the run stops with what is finished, says why, and can go on.  running: the name
    under which the session remembers that it runs."""
    try:
        yield
    except WorkersLost as error:
        session.keep(running, False)
        session.keep(LOST, error)
        st.rerun()


def say_lost() -> None:
    """Why the last run stopped before its end; once it runs again, nothing."""
    error = session.keep(LOST)
    if error:
        session.error_box(error)


def begin(running: str) -> None:
    """Run, or go on."""
    session.keep(running, True)
    session.keep(LOST, ())


def left(pace: Progress) -> str:
    """The time left at the pace so far."""
    return f"about {duration(pace.seconds_left)} left"


def finished(asked: Asked) -> Grid:
    """What is done of the grid, from the kept waves."""
    alone, found = asked.seconds < AT_ONCE, {}
    for number in range(asked.kept("waves")):
        found |= stages.grid_wave(asked.view.table, asked.spec, number, alone)
    return grid_of(asked.plan, found)


def show_curve(asked: Asked) -> None:
    """What the specifications say of the outcome."""
    view, grid = asked.view, finished(asked)
    better = chosen_better(view)
    try:
        curve = specification_curve(grid, view.outcome.name, better)
    except AnalysisError as error:
        session.error_box(error)
        return
    null = show_null(asked, curve)
    part = "" if len(grid.rows) == asked.plan.size else f"{len(grid.rows):,} of {asked.plan.size:,} done. "
    st.markdown(f"**{part}{plain(curve.sentence)}** {words.main_sentence(curve)}")
    names = {name: view.labels.column(name).name for name in view.spec.columns.covariates}
    drawn = figures.specification_curve(curve, null, view.label, names)
    view.card(
        drawn,
        f"{view.label} under {counted(len(curve.rows), 'specification')}",
        f"{view.outcome.name}_specifications",
        glossary.CURVE,
        takeaway=words.curve_takeaway(curve),
    )
    show_rest(asked, grid, curve, null)


def chosen_better(view: View) -> str | None:
    """Which side favours the treated; None until somebody says so of a number."""
    first = view.outcome.good
    return st.segmented_control(
        "In this outcome",
        list(BETTER),
        default=first,
        required=first is not None,
        format_func=BETTER.get,
        key=session.key(f"better-{view.outcome.name}"),
        persist_state="session",
    )


def show_null(asked: Asked, curve: SpecificationCurve) -> NullCurve | None:
    """The same curve under permuted labels: asked for, run part by part, kept."""
    if asked.kept("waves") == asked.waves:
        null_button(asked)
    parts = asked.kept("null")
    if not parts:
        return None
    made = [stages.null_part(asked.view.table, asked.spec, numbers(part)) for part in range(parts)]
    return null_curve(curve, Permuted.joined(made))


def numbers(part: int) -> tuple[int, ...]:
    """The permutations of one part."""
    return tuple(range(part * PER_PART, (part + 1) * PER_PART))


def null_button(asked: Asked) -> None:
    """The buttons, and the work behind them."""
    if asked.kept("null") == PERMUTATIONS // PER_PART:
        return
    running = bool(session.keep(asked.mark("null-running")))
    done, place = asked.kept("null") * PER_PART, st.empty()
    if running:
        place.button(
            "Stop the permutations",
            icon=":material/stop:",
            key=session.key("null-stop"),
            on_click=session.keep,
            args=(asked.mark("null-running"), False),
        )
        permute(asked)
        return
    needed = duration(asked.seconds * (PERMUTATIONS - done) / workers.local_jobs())
    kept = f", {done} are done" if done else ""
    place.button(
        f"Compare with {PERMUTATIONS} permutations of the treatment (about {needed}{kept})",
        icon=":material/shuffle:",
        key=session.key("null-run"),
        help=glossary.NULL,
        on_click=begin,
        args=(asked.mark("null-running"),),
    )


def permute(asked: Asked) -> None:
    """Part after part; every finished part is kept, so that a stop loses nothing."""
    first, total, started = asked.kept("null"), PERMUTATIONS // PER_PART, time.perf_counter()
    bar = st.progress(first / total, "Permuting …")
    for part in range(first, total):
        with unless_lost(asked.mark("null-running")):
            stages.null_part(asked.view.table, asked.spec, numbers(part))
        session.keep(asked.mark("null"), part + 1)
        pace = Progress(part + 1 - first, total - first, time.perf_counter() - started)
        bar.progress((part + 1) / total, f"{(part + 1) * PER_PART} of {PERMUTATIONS} permutations, {left(pace)}")
    session.keep(asked.mark("null-running"), False)
    st.rerun()


def show_rest(asked: Asked, grid: Grid, curve: SpecificationCurve, null: NullCurve | None) -> None:
    """The test against permuted labels, specifications that cannot be done, and the files."""
    if null is not None:
        table_card(words.null_table(curve, null), glossary.NULL)
    if grid.failed:
        with st.expander(f"{counted(grid.failed, 'specification')} could not be done"):
            for sentence, n in grid.rows["error"].value_counts().items():
                st.markdown(f"- {plain(str(sentence))} ({n:,})")
    with st.container(horizontal=True):
        widgets.download("All specifications (CSV)", "grid", asked.spec, lambda: grid_csv(grid))
        widgets.download(
            "Settings with this grid (JSON)", "grid_spec", asked.spec, lambda: asked.spec.to_json().encode(), "json"
        )
