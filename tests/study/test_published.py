"""Print beside ours: rounding as printed, every cell of both tables, the arithmetic of repeated pairs."""

import json
from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lib.inference.asymptotic import chi_square
from lib.inference.results import BinarySummary, ContinuousSummary
from lib.io import read_csv
from lib.spec import AnalysisSpec
from lib.steps import run
from lib.study.gaps import events_by_gaps
from lib.study.published import (
    PARTS,
    OwnRow,
    RepeatedPairs,
    compare,
    own_rows,
    printed_rows,
    repeated_pairs,
    round_half_up,
)
from lib.words.labels import Labels
from lib.words.published import artefact_sentence, inferred_sentences
from tests.conftest import SAMPLES

NAN = float("nan")
DEATHS = ("death_28d", "death_60d")
PRINTED_P = {"death_28d": "0.025", "death_60d": "0.0082", "need_mv": "0.56", "need_noradrenaline": "0.13"}
FISHER_P = {"death_28d": "0.21", "death_60d": "0.061", "need_mv": "1.00", "need_noradrenaline": "0.49"}
DISCORDANT = {"death_28d": (0, 5), "death_60d": (0, 7), "need_mv": (5, 7), "need_noradrenaline": (3, 8)}


def file_bytes() -> bytes:
    return (SAMPLES / "published_tables.json").read_bytes()


@pytest.fixture(scope="module")
def analysis():
    spec = AnalysisSpec.from_json((SAMPLES / "msc_covid19.spec.json").read_bytes())
    return run(read_csv((SAMPLES / "msc_covid19.csv").read_bytes()), spec)


@pytest.fixture(scope="module")
def cells(analysis):
    rows = printed_rows(file_bytes())
    return compare(rows, own_rows(analysis, [row.variable for row in rows]))


def tiny(rows: list[dict]) -> bytes:
    groups = {"msc": 2, "matched_control": 4, "whole_control": 10}
    return json.dumps({"groups": groups, "table1": rows, "table2": []}).encode()


def numbers(median: float, p25: float, p75: float, n: int = 8) -> ContinuousSummary:
    return ContinuousSummary(n, median, p25, p75, NAN, NAN, NAN, NAN)


def test_digits_are_kept_as_printed():
    rows = {row.variable: row for row in printed_rows(file_bytes())}
    p = {cell.part: cell.values for cell in rows["lymphocytes"].cells}
    assert str(p["p_matched"][0]) == "0.90"
    assert rows["lymphocytes"].decimals == 2
    assert rows["age"].decimals == 1  # Table 1 prints halves
    assert rows["icu_free_days"].decimals == 0  # Table 2 rounds them
    assert len(rows) == 20


@pytest.mark.parametrize(
    ("value", "decimals", "printed"),
    [
        (0.125, 2, "0.13"),
        (6.5, 0, "7"),
        (23.5, 0, "24"),
        (0.1 + 0.2, 1, "0.3"),
        (1.00499, 2, "1.00"),
        (1.005, 2, "1.01"),
        (-0.125, 2, "-0.13"),
        (2.0, 2, "2.00"),
    ],
)
def test_halves_are_rounded_away_from_zero_after_float_dust(value, decimals, printed):
    assert str(round_half_up(value, decimals)) == printed


@given(st.integers(-(10**7), 10**7), st.integers(0, 4))
def test_a_number_with_few_decimals_is_its_own_rounding(units, decimals):
    exact = Decimal(units).scaleb(-decimals)
    assert round_half_up(float(exact), decimals) == exact


def test_a_median_agrees_when_all_three_numbers_do():
    printed = printed_rows(tiny([{"variable": "x", "msc": [1.5, 1, 2], "matched": [3, 2, 4], "whole": [5, 4, 6]}]))
    own = OwnRow("x", numbers(1.5, 1.0, 2.0), numbers(3.0, 2.0, 4.04), numbers(5.0, 4.0, 6.06), NAN, NAN)
    assert compare(printed, [own])["agrees"].tolist() == [True, True, False]


def test_a_count_shows_its_share_of_the_patients_with_the_outcome():
    printed = printed_rows(tiny([{"variable": "x", "msc": 0, "matched": 1, "whole": 4, "p_whole": 0.5}]))
    own = OwnRow("x", BinarySummary(2, 0), BinarySummary(3, 1), BinarySummary(10, 4), NAN, 0.4999)
    cells = compare(printed, [own])
    assert cells["printed"].tolist() == ["0 (0%)", "1 (25.0%)", "4 (40.0%)", "0.5"]
    assert cells["ours"].tolist() == ["0 (0%)", "1 (33.3%)", "4 (40.0%)", "0.5"]
    assert cells["agrees"].all()


def test_a_number_that_does_not_exist_is_a_dash_and_does_not_agree():
    three = [1, 1, 1]
    printed = printed_rows(
        tiny(
            [
                {"variable": "x", "msc": three, "matched": three, "p_matched": 0.5, "whole": three},
                {"variable": "y", "msc": 1, "matched": 1, "whole": 1},
            ]
        )
    )
    own = OwnRow("x", numbers(1, 1, 1), numbers(NAN, NAN, NAN, 0), numbers(1, 1, 1), NAN, NAN)
    cells = compare(printed, [own]).set_index(["variable", "part"])
    assert cells.loc[("x", "matched"), "ours"] == cells.loc[("x", "p_matched"), "ours"] == "–"
    assert not cells.loc[("x", "p_matched"), "agrees"]
    assert not cells.loc["y", "agrees"].any()


def test_every_printed_cell_is_compared_once(cells):
    printed = json.loads(file_bytes())
    every = {table: sum(part in row for row in printed[table] for part in PARTS) for table in ("table1", "table2")}
    without_n = sum(part in row for row in printed["table2"] for part in PARTS if not part.endswith("_n"))
    assert len(cells) == every["table1"] + without_n == 120
    assert not cells.duplicated(["table", "variable", "part"]).any()


def test_an_n_that_the_paper_does_not_print_is_no_printed_cell(cells, analysis):
    """Table 2 has no column of n; that only the ventilated have ventilation-free days is told from other cells."""
    assert not cells.loc[cells["table"] == "Table 2", "part"].str.endswith("_n").any()
    inferred = {row.variable: row.inferred_n for row in printed_rows(file_bytes()) if row.inferred_n}
    assert inferred == {"invasive_ventilation_free_days": (3, 11, 109)}
    need = next(o for o in analysis.outcomes if o.name == "need_mv")
    assert inferred["invasive_ventilation_free_days"] == tuple(
        arm.events for arm in (need.treated, need.matched_control, need.whole_control)
    )


@pytest.mark.parametrize("part", ["msc", "matched_n", "whole", "whole_n"])
def test_the_treated_the_whole_cohort_and_every_n_are_as_printed(cells, part):
    assert cells.loc[cells["part"] == part, "agrees"].all()


def test_the_published_p_values_are_repeated(cells):
    ours = cells.set_index(["variable", "part"])["ours"]
    assert {name: ours[name, "p_matched"] for name in PRINTED_P} == PRINTED_P
    assert {name: ours[name, "p_whole"] for name in FISHER_P} == FISHER_P


def test_the_misprint_is_told_where_it_stands(cells):
    noted = cells[cells["note"] != ""]
    assert noted[["variable", "part"]].to_numpy().tolist() == [["d_dimer", "matched"]]


def test_text_columns_are_left_out(analysis):
    assert own_rows(analysis, ["sex", "survival", "no such column"]) == ()


def test_repeated_pairs_by_hand():
    sets = pd.DataFrame(
        {
            "set": [0, 1, 2],
            "treated": 1,
            "treated_events": [1, 0, 0],
            "controls": [3, 2, 1],
            "control_events": [1, 2, 0],
        }
    )
    # set 0: the treated died, 2 of 3 controls did not -> b 2; set 1: 2 controls died -> c 2; set 2: nothing differs
    assert repeated_pairs(sets) == RepeatedPairs(pairs=6, treated=3, b=2, c=2)


def test_no_discordant_pair_has_no_statistic():
    assert np.isnan(RepeatedPairs(3, 1, 0, 0).statistic)


def test_the_arithmetic_of_the_page_gives_the_p_of_the_test(analysis):
    for outcome in analysis.outcomes:
        if outcome.name not in DISCORDANT:
            continue
        pairs = repeated_pairs(outcome.sets)
        assert (pairs.b, pairs.c) == DISCORDANT[outcome.name]
        assert (pairs.pairs, pairs.treated) == (24, 8)
        mcnemar = next(t for t in outcome.tests if t.name == "mcnemar_pairs")
        assert chi_square(pairs.b - pairs.c, pairs.b + pairs.c).p_value == pytest.approx(mcnemar.p_value, rel=1e-12)
        assert pairs.statistic == pytest.approx(mcnemar.statistic, rel=1e-12)


def test_the_artefact_of_the_controls_is_counted(analysis):
    """Beside plain pandas; and the table of the README is of this file."""
    data = pd.read_csv(SAMPLES / "msc_covid19.csv")
    control = data[data["group"] == "control"]
    complete = control[list(analysis.spec.columns.covariates)].notna().all(axis=1)
    for name in ("death_28d", "death_60d"):
        found = events_by_gaps(analysis, name)
        assert (found.complete, found.lacking, found.covariates) == (complete.sum(), (~complete).sum(), 7)
        assert found.complete_events == control.loc[complete, name].sum()
        assert found.lacking_events == control.loc[~complete, name].sum()
    said = artefact_sentence(found, "Death by day 60")
    assert "46% (51 of 111)" in said and "21% (28 of 136)" in said
    readme = (SAMPLES / "README.md").read_text(encoding="utf-8")
    for words, rows in (("with all seven covariates", complete), ("lacking at least one", ~complete)):
        dead = [f"{control.loc[rows, d].sum()} ({100 * control.loc[rows, d].mean():.0f}%)" for d in DEATHS]
        assert f"| {words} | {rows.sum()} | {dead[0]} | {dead[1]} |" in readme


def test_the_sentence_of_an_inferred_n_names_all_three(analysis):
    said = inferred_sentences(printed_rows(file_bytes()), Labels.of(analysis.spec))
    assert len(said) == 1
    assert said[0].endswith("the cells reproduce if only those ventilated have a value (3, 11 and 109 patients).")


def test_who_has_no_gap_in_a_cohort_without_gaps(analysis):
    """Nobody lacks a covariate that all have: no share, a dash."""
    only = analysis.spec.model_copy(
        update={"columns": analysis.spec.columns.model_copy(update={"covariates": ("age",)})}
    )
    found = events_by_gaps(analysis.other(only), "death_60d")
    assert (found.complete, found.lacking) == (247, 0)
    assert "with a gap – (0 of 0)" in artefact_sentence(found, "Death")
