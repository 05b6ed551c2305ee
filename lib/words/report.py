"""Words of the report: its sections, what figures say, the table of sets, what is missing."""

from collections import Counter
from collections.abc import Sequence

from ..balance import BalanceTable
from ..cohort import Cohort
from ..design import Comparison
from ..inference.results import OutcomeResult
from .numbers import DASH, counted, half_up, significant
from .outcomes import places_of, quoted_p_cell, seen_in
from .tables import TextTable, numbers_right

TITLE = "Report"
LEAD = "Everything that a talk or a journal asks for, made from this analysis: tables, figures, texts and the data."
BY_COMMAND = "made by command; openings of outcomes not counted"
PATIENT_ROWS = "matched.csv and bundle.zip hold a row for each patient: keep them in the house. No other file does."
WHAT = "What it holds"
WRITTEN_FOR = "Tables of the Word file written for"
WHICH = "Figures as pictures"
WHICH_HELP = "For a talk with title and caption inside, for a journal bare, in millimetres, 300 and 600 dpi."
FIGURES = {"main": "The main ones", "all": "All", "none": "None"}
VERIFY = "Somebody sent you a report: does it hold on the data?"
MAKE, EVERYTHING, SINGLE = "Make the report", "Everything (zip)", "Single files"
CHANGED = "The analysis or the choice above has changed since this report was made. Make it again to have it agree."
SECONDS_EACH = 1.6  # of a figure in both dresses, measured on two cores
MOST_SETS = 60  # listed one by one; more are told by their size
SETS_FOOT = "Distances are between a treated patient and a control on the scale that was matched on."


def flow_line(comparison: Comparison, cohort: Cohort) -> str:
    """What the flow shows: of all eligible treated patients how many are compared."""
    treated, control = comparison.n_matched(True), comparison.n_matched(False)
    of = int(cohort.eligible_treated.sum())
    return f"{treated:,} of {counted(of, 'treated patient')} compared with {counted(control, 'control')}"


def balance_line(balance: BalanceTable) -> str:
    """What the love plot shows: the largest difference after matching."""
    largest = balance.every["smd_after"].abs().max()
    return f"Largest difference after matching {half_up(largest, 2)} SD" if largest == largest else ""


def outcome_line(outcome: OutcomeResult) -> str:
    """ "Treated 0 (0%), controls 5 (20.8%); p 0.34, exact, 8 sets"."""
    places = places_of(outcome)
    treated, control = (seen_in(outcome, arm, places).split("\n")[0] for arm in ("treated", "matched_control"))
    p, *how = quoted_p_cell(outcome).split("\n")
    quoted = f"; p {', '.join([p, *how])}" if p != DASH else ""
    return f"Treated {treated}, controls {control}{quoted}"


def sets_table(comparison: Comparison) -> TextTable | None:
    """The matched sets by number: sizes and distances, no patient's value; None where there are no sets. Many sets are
    told by their size."""
    if not comparison.n_sets:
        return None
    return _each_set(comparison) if comparison.n_sets <= MOST_SETS else _by_size(comparison)


def _each_set(comparison: Comparison) -> TextTable:
    """A row for each set."""
    distances = comparison.pairs.groupby("set")["distance"]
    mean, most, nan = distances.mean(), distances.max(), float("nan")
    units = comparison.units
    rows = [
        (
            f"Set {at + 1:,}",
            f"{int(treated):,}",
            f"{int(control):,}",
            significant(float(mean.get(at, nan))),
            significant(float(most.get(at, nan))),
        )
        for at, (treated, control) in enumerate(zip(units.n_treated, units.n_control, strict=True))
    ]
    return _sets(("Set", "Treated", "Controls", "Mean distance", "Largest distance"), rows)


def _by_size(comparison: Comparison) -> TextTable:
    """A row for each size."""
    sizes = Counter(zip(map(int, comparison.units.n_treated), map(int, comparison.units.n_control), strict=True))
    rows = [
        (f"{treated}:{control}", f"{count:,}", f"{count * treated:,}", f"{count * control:,}")
        for (treated, control), count in sorted(sizes.items())
    ]
    return _sets(("Treated to controls", "Sets", "Treated", "Controls"), rows)


def _sets(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> TextTable:
    foot = (SETS_FOOT,) if "Mean distance" in heads else ()
    return TextTable("Table 3: the matched sets", heads, tuple(rows), foot, align=numbers_right(len(heads)))


def without_pictures(titles: list[str]) -> str:
    """Which figures of single patients are not in report.html."""
    return f"Figures of single patients stand here only as pictures, and no picture was made of: {'; '.join(titles)}."


def not_pictured(titles: list[str]) -> str:
    """Which figures have no picture."""
    return f"No picture of: {'; '.join(titles)}."


def undrawn(title: str, why: str) -> str:
    """That a figure could not be drawn."""
    return f"{title}: the figure could not be drawn ({why})."


def how_long(figures: int) -> str:
    """How long the report may take."""
    return f"{counted(figures, 'figure')} as pictures: about {half_up(4 + SECONDS_EACH * figures, 0)} seconds."


def step_line(step: str, done: int, of: int, seconds: float) -> str:
    """What is made now."""
    return f"{done + 1} of {of}: {step} ({half_up(seconds, 0)} s)"


def made_line(files: int, seconds: float) -> str:
    """That it is made."""
    return f"Made: {counted(files, 'file')} in {half_up(seconds, 0)} s"
