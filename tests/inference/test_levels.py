"""The levels of the displayed numbers: draws by theory, quick numbers beside displayed ones, the stored tables."""

from dataclasses import replace
from math import comb, sqrt

import numpy as np
import pandas as pd
import pytest

from benchmarks.levels import confounding, draws
from benchmarks.levels.__main__ import CONFOUNDED, CSV, PAGE, SAMPLES, stored, titles
from benchmarks.levels.numbers import EXACT, HOW, INVERTED, displayed, intervals, method_word, quick
from benchmarks.levels.samples import Sample
from benchmarks.levels.scenarios import COMPETING, EVENT, NUMBER, TIME, every
from benchmarks.levels.summary import page, summary
from benchmarks.levels.tally import COLUMNS, simulate, verdict
from lib.io import read_csv, write_csv
from lib.steps import Steps
from lib.words.levels import levels_tables, missing_levels

EIGHT = Sample(8, "1 to 4")


@pytest.fixture(scope="module")
def table() -> pd.DataFrame:
    return stored(CSV, COLUMNS)


def rng() -> np.random.Generator:
    return np.random.default_rng(5)


def test_a_sample_has_the_sets_that_its_shape_says():
    assert EIGHT.controls.tolist() == [1, 2, 3, 4, 1, 2, 3, 4]
    assert (EIGHT.comparison.n_sets, EIGHT.treated.sum(), len(EIGHT.treated)) == (8, 8, 28)
    assert EIGHT.ways == (2 * 3 * 4 * 5) ** 2
    sets = EIGHT.comparison.set_of_row
    assert all(len(set(sets[EIGHT.set_of == s])) == 1 for s in range(8))


def test_events_have_their_risk_and_are_alike_inside_sets():
    y = draws.events(rng(), EIGHT, 40_000, 0.25, 0.3, 1.0).columns["y"]
    assert y.mean() == pytest.approx(0.25, abs=0.005)
    pair = EIGHT.set_of == 3
    first, second = y[:, pair][:, :2].T
    assert np.corrcoef(first, second)[0, 1] == pytest.approx(0.3, abs=0.02)
    other = y[:, EIGHT.set_of == 2][:, 0]
    assert np.corrcoef(first, other)[0, 1] == pytest.approx(0, abs=0.02)


def test_the_truth_of_an_effect_is_what_many_studies_show():
    drawn = draws.events(rng(), EIGHT, 40_000, 0.25, 0.3, 3.0)
    arm, y = EIGHT.treated, drawn.columns["y"]
    assert y[:, arm].mean() - y[:, ~arm].mean() == pytest.approx(drawn.truth["risk_difference"], abs=0.006)
    assert drawn.truth["attributable_events"].mean() / 8 == pytest.approx(drawn.truth["risk_difference"], abs=0.006)
    assert (drawn.truth["attributable_events"] >= 0).all()


def test_time_lost_under_an_effect_is_what_many_studies_show():
    drawn = draws.survival(rng(), EIGHT, 40_000, 0.25, 0.3, 3.0)
    # nobody is lost before the horizon where follow-up ends there: compare among patients followed to an event or 60
    time, event = drawn.columns["y.time"], drawn.columns["y.event"]
    lost = [restricted(time[:, arm].ravel(), event[:, arm].ravel()) for arm in (EIGHT.treated, ~EIGHT.treated)]
    assert lost[0] - lost[1] == pytest.approx(drawn.truth["rmtl_difference"], abs=0.25)


def restricted(time: np.ndarray, event: np.ndarray) -> float:
    """Area above Kaplan-Meier to the horizon, by life table over whole days."""
    alive, lost = 1.0, 0.0
    for day in range(1, int(draws.HORIZON) + 1):
        lost += 1 - alive
        at_risk = (time >= day).sum()
        alive *= 1 - ((time == day) & (event == 1)).sum() / at_risk
    return lost


def test_risk_by_the_horizon():
    drawn = draws.survival(rng(), EIGHT, 40_000, 0.25, 0.0, 1.0).columns
    day, dead = drawn["y.time"], drawn["y.event"]
    full = (day == draws.HORIZON) | (dead == 1)
    assert dead.sum() / dead.size == pytest.approx(0.25 * (1 - draws.LOST / 2), abs=0.01)
    assert full.mean() > 0.9


KINDS = {
    "event": (EVENT, lambda s: draws.events(rng(), s, 12, 0.4, 0.3, 1.0)),
    "number": (NUMBER, lambda s: draws.skewed(rng(), s, 6, 0.3, 0.0)),
    "survival": (TIME, lambda s: draws.survival(rng(), s, 6, 0.5, 0.3, 1.0)),
    "competing": (COMPETING, lambda s: draws.competing(rng(), s, 6, 0.4, 0.3)),
}


@pytest.mark.parametrize("kind", list(KINDS))
def test_quick_numbers_are_those_of_the_page(kind):
    """Every number that both make is the same; an interval judged by its p lies on the side where the page has it."""
    outcome, draw = KINDS[kind]
    drawn, seen = draw(EIGHT), set()
    for i in range(len(next(iter(drawn.columns.values())))):
        columns = {name: values[i] for name, values in drawn.columns.items()}
        shown = {one.key: one for one in displayed(EIGHT, outcome, columns)}
        for one in quick(EIGHT, outcome, columns):
            there = shown[one.key]
            seen.add(one.key)
            if one.key in INVERTED:
                null = 1.0 if "ratio" in one.key.name else 0.0
                assert not there.exists or one.wrong(null) == there.wrong(null), one.key
            else:
                assert (there.low, there.high) == pytest.approx((one.low, one.high), nan_ok=True), one.key
    assert any(key.role == "quoted" and key.part == "p" for key in seen)
    assert any(key.role == "quoted" and key.part == "interval" for key in seen)


def test_intervals_of_an_effect_are_those_of_the_page():
    columns = {name: v[0] for name, v in draws.survival(rng(), EIGHT, 1, 0.5, 0.3, 3.0).columns.items()}
    shown = {one.key: (one.low, one.high) for one in displayed(EIGHT, TIME, columns)}
    for one in intervals(EIGHT, TIME, columns):
        assert shown[one.key] == pytest.approx((one.low, one.high), nan_ok=True)


def test_every_method_of_the_page_has_a_word():
    words = {word for _, word in HOW}
    for outcome, draw in KINDS.values():
        columns = {name: v[0] for name, v in draw(EIGHT).columns.items()}
        for one in displayed(EIGHT, outcome, columns):
            assert one.key.part == "p" or one.key.how in words or one.key.name.startswith("incidence"), one.key
    assert method_word("exact by set, every imputation") == EXACT


def test_a_scenario_repeats_itself_and_counts_what_it_says():
    one = next(s for s in every() if s.title == ("event", "risk 0.25", "no effect", "0.3", "8", "1 to 4"))
    few = replace(one, studies=30, checked=2)
    rows = simulate(few)
    assert rows == simulate(few)
    by_key = {(row.part, row.name, row.how): row for row in rows}
    assert by_key["p", "exact_by_set", ""].studies == 30
    assert by_key["interval", "odds_ratio_by_set", "Mantel-Haenszel"].studies == 2
    assert by_key["interval", "attributable_events", EXACT].checked == 2


def test_verdicts():
    assert verdict(0.05, 0.01) == verdict(0.055, 0.0) == "holds"
    assert verdict(0.06, 0.01) == "not told apart from 5.5%"
    assert verdict(0.06, 0.001) == "above"
    assert verdict(float("nan"), float("nan")) == "does not exist"


def test_every_scenario_is_stored_once(table):
    assert titles(table) == {scenario.title for scenario in every()}
    assert not table.duplicated([*COLUMNS[:6], "part", "name", "how"]).any()
    judged = table[table["share"].notna()]
    assert (judged["verdict"] == [verdict(*pair) for pair in judged[["share", "standard_error"]].to_numpy()]).all()


def test_every_quoted_number_keeps_its_level(table):
    """The claim of the page: none is above 5.5% by more than the Monte Carlo error."""
    quoted = table[table["role"] == "quoted"]
    assert len(quoted) > 400
    assert not (quoted["verdict"] == "above").any()
    assert not any(line.startswith("Quoted") for line in missing_levels(summary(table), pd.DataFrame()))


def test_interval_and_p_agree(table):
    quoted = table[(table["role"] == "quoted") & (table["checked"] > 0)]
    assert quoted["checked"].sum() > 5_000
    assert quoted["apart"].sum() == 0


def wilson(x: int, n: int) -> tuple[float, float]:
    z, p = 1.959963984540054, x / n
    middle, half = p + z * z / 2 / n, z * sqrt(p * (1 - p) / n + z * z / 4 / n / n)
    return (middle - half) / (1 + z * z / n), (middle + half) / (1 + z * z / n)


@pytest.mark.parametrize("sets,risk", [(4, 0.5), (8, 0.5), (8, 0.1), (30, 0.25)])
def test_newcombe_misses_as_often_as_binomial_tables_say(table, sets, risk):
    """1:1 and independent: both arms are binomial, so the share is a finite sum (7.7% with 8 sets at risk 0.5)."""
    miss = 0.0
    for x in range(sets + 1):
        for y in range(sets + 1):
            (l1, u1), (l0, u0), p1, p0 = wilson(x, sets), wilson(y, sets), x / sets, y / sets
            low, high = p1 - p0 - sqrt((p1 - l1) ** 2 + (u0 - p0) ** 2), p1 - p0 + sqrt((u1 - p1) ** 2 + (p0 - l0) ** 2)
            if low > 0 or high < 0:
                chance = comb(sets, x) * comb(sets, y) * risk ** (x + y) * (1 - risk) ** (2 * sets - x - y)
                miss += chance
    rows = table[(table["kind"] == "event") & (table["sets"] == sets) & (table["shape"] == "1:1") & (table["icc"] == 0)]
    row = rows[(rows["detail"] == f"risk {risk:g}") & (rows["how"] == "Newcombe")].iloc[0]
    assert row["share"] == pytest.approx(miss, abs=4 * row["standard_error"])


def test_the_page_and_its_copies_are_made_of_the_stored_tables(table):
    confounded = stored(CONFOUNDED, confounding.COLUMNS)
    assert PAGE.read_text(encoding="utf-8") == page(table, confounded)
    assert (SAMPLES / "levels.csv").read_bytes() == write_csv(summary(table))
    assert (SAMPLES / "levels_confounding.csv").read_bytes() == CONFOUNDED.read_bytes()
    reread = read_csv((SAMPLES / "levels.csv").read_bytes()).frame
    assert [t.rows for t in levels_tables(reread)] == [t.rows for t in levels_tables(summary(table))]


def test_the_summary_takes_the_worst_setting_by_hand():
    one = {"kind": "event", "detail": "risk 0.1", "effect": "no effect", "icc": 0.0, "sets": 4, "shape": "1:1"}
    one |= {"part": "p", "name": "exact_by_set", "how": "", "role": "quoted", "studies": 1000, "exists": 1.0}
    one |= {"wrong": 40, "share": 0.04, "standard_error": 0.0062, "verdict": "holds", "checked": 0, "apart": 0}
    two = one | {"detail": "risk 0.5", "share": 0.09, "standard_error": 0.009, "wrong": 90, "verdict": "above"}
    rare = one | {"detail": "risk 0.02", "exists": 0.05, "share": 0.5, "verdict": "above"}
    (row,) = summary(pd.DataFrame([one, two, rare])).to_dict("records")
    assert (row["share"], row["worst"], row["settings"], row["above"]) == (0.09, "1:1, risk 0.5, independent", 2, 1)
    assert (row["exists_least"], row["exists_most"], row["verdict"]) == (0.05, 1.0, "above")


def test_a_number_that_the_page_leaves_out_does_not_exist_there():
    """Normal limits of the hazard ratio stand on the page only where the ratio has an error."""
    one = next(s for s in every() if s.title == ("survival", "risk 0.1", "no effect", "0.3", "4", "1:1"))
    rows = {(row.name, row.how): row for row in simulate(replace(one, studies=40, checked=0))}
    normal, with_t = rows["hazard_ratio", "clustered by set, normal"], rows["hazard_ratio", "clustered by set, t"]
    assert normal.studies == with_t.studies == 40
    assert normal.exists == with_t.exists < 1


def test_every_design_with_confounding_is_stored():
    rows = stored(CONFOUNDED, confounding.COLUMNS)
    assert set(rows["cohort"]) == {size.title for size in confounding.SCENARIOS}
    assert (rows["standing"] <= rows["rejected"] + 1e-12).all()
    assert (rows["told"] >= rows[["failed", "withheld"]].max(axis=1) - 1e-12).all()


def test_typical_odds_by_hand():
    size = confounding.Cohorts(8, 40, 3, None, 1)
    done = Steps(confounding.cohort(rng(), size), size.spec)
    pairs, logit = done.comparison.pairs, done.score.distance
    widest: dict[int, float] = {}
    for pair in pairs.itertuples():
        gap = abs(logit[pair.treated_row] - logit[pair.control_row])
        widest[pair.treated_row] = max(widest.get(pair.treated_row, 0.0), gap)
    assert len(widest) == 8
    assert confounding.typical_odds(done) == pytest.approx(np.median(np.exp(list(widest.values()))))


def test_the_score_of_the_confounded_cohorts_is_of_the_right_form():
    """Two normal groups of one spread: the true log odds are linear, with slope SHIFT."""
    size = confounding.Cohorts(4_000, 4_000, 1, None, 1)
    done = Steps(confounding.cohort(rng(), size), size.spec)
    slopes = dict(zip(done.score.names, done.score.coefficients, strict=True))
    assert [slopes[name] for name in confounding.COVARIATES] == pytest.approx([confounding.SHIFT] * 3, abs=0.08)
