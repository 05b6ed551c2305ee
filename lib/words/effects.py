"""Effects and tests of one outcome as tables, and the p-values of several outcomes side by side."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from ..inference import Multiplicity
from ..inference.results import Estimate, OutcomeResult, SurvivalOutcome, Test
from .names import CONVENTIONS, MEASURES, SCOPES, SHORT, TESTS, in_words
from .numbers import effect, interval, p_value, significant
from .outcomes import units
from .tables import TextTable, records, row_kinds, without_empty

EACH = ("survival_at_horizon", "incidence_difference", "incidence_at_horizon")  # a row for each arm or cause
IN_UNIT = ("mean_difference", "hodges_lehmann_shift")

TO_QUOTE = "to quote, "


def cites(outcome: OutcomeResult) -> bool:
    """Whether its p and interval are evidence: the sets are not too unlike for a p by set."""
    return outcome.quoted is None or outcome.quoted.evidence


def measure_name(outcome: OutcomeResult, measure: str, unit: str) -> str:
    """A measure in words, with the unit or the horizon that it is about."""
    name = MEASURES.get(measure) or in_words(measure)
    if isinstance(outcome, SurvivalOutcome):
        return name.replace("the horizon", f"{outcome.horizon:g}")
    return f"{name} ({unit})" if unit and measure in IN_UNIT else name


def main_estimates(outcome: OutcomeResult) -> list[Estimate]:
    """The quoted effect, then the first method of each measure that gives an estimate (else the first); of survival
    both arms and no restricted mean, which is the time lost turned round; of competing events every cause, but no
    survival free of the event, which those who had another event would swell."""
    if isinstance(outcome, SurvivalOutcome):
        left = {"rmst_difference"} | ({"survival_at_horizon"} if len(outcome.incidence) else set())
        outcome = replace(outcome, estimates=tuple(e for e in outcome.estimates if e.measure not in left))
    first = {e.measure: e for e in reversed(outcome.estimates)}
    first |= {e.measure: e for e in reversed(outcome.estimates) if not math.isnan(e.estimate)}
    told = [e for e in outcome.estimates if first[e.measure] is e or e.measure in EACH]
    return sorted(told, key=lambda e: e.role != "quoted")


def effects_table(
    outcome: OutcomeResult, estimates: Sequence[Estimate], unit: str, title: str = "Effects", alt: str = ""
) -> TextTable:
    """Estimates as text: effect and what it refers to, estimate, 95% interval, method, note where there is one."""
    rows = []
    for e in estimates:
        name, scope = measure_name(outcome, e.measure, unit), e.who(outcome.weighted) or SCOPES.get(e.scope, e.scope)
        numbers = effect(e.measure, e.estimate), interval(e.measure, e.ci_low, e.ci_high)
        quoted = TO_QUOTE if e.role == "quoted" and cites(outcome) else ""
        rows.append((f"{name}\n{quoted}{scope}", *numbers, e.method, e.said))
    kinds = row_kinds(e.role == "quoted" for e in estimates)
    table = TextTable(
        title, ("Effect", "Estimate", "95% interval", "Method", "Note"), tuple(rows), alt=alt, kinds=kinds
    )
    return without_empty(table, "Note")


def tests_table(tests: Sequence[Test], title: str = "Tests", alt: str = "", cited: bool = True) -> TextTable:
    """Tests as text, the one to quote first: name and convention, p, what it counts, statistic, note.  cited: whether
    the quoted one is evidence."""
    tests = sorted(tests, key=lambda test: test.role != "quoted")
    rows = [
        (
            f"{TESTS.get(t.name) or in_words(t.name)}\n{TO_QUOTE if cited and t.role == 'quoted' else ''}"
            f"{CONVENTIONS[t.convention]}",
            p_value(t.p_value),
            units(t),
            significant(t.statistic),
            t.note,
        )
        for t in tests
    ]
    return without_empty(TextTable(title, ("Test", "p", "Counts", "Statistic", "Note"), tuple(rows), alt=alt), "Note")


def several_table(several: Multiplicity, names: Mapping[str, str]) -> TextTable:
    """One row per outcome: p by set, Holm, max-T.  names: outcome -> words."""
    rows = [
        (
            names[row.outcome] + ("\nprimary" if row.primary else ""),
            SHORT[row.test],
            p_value(row.p_raw),
            p_value(row.p_holm),
            p_value(row.p_max_t),
        )
        for row in records(several.rows)
    ]
    return TextTable(
        "Several outcomes",
        ("Outcome", "Test", "p, by matched set", "Holm", "Max-T"),
        tuple(rows),
        alt="p by set, alone and for several outcomes",
        kinds=row_kinds(several.rows["primary"]),
    )
