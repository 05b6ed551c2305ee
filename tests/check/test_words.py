"""The sentences of Check a paper: what each p counts, and nothing that is not so."""

import numpy as np
import pytest

from lib.check import check, claim_of, design_of
from lib.words import check as words


def checked(treated: int, ratio: int, a: int, b: int, p: str = "", name: str = ""):
    design = design_of(treated, ratio)
    return check(design, claim_of(design, name, (a, b), p=p))


@pytest.mark.parametrize(
    ("one", "sentence"),
    [
        (
            (8, 3, 0, 5, "0.025"),
            "However these 5 events fell over the 8 sets, the p by set is between 0.13 and 0.34: "
            "the paper's 0.025 counts 8 patients as 24.",
        ),
        (
            (8, 3, 0, 5),
            "However these 5 events fell over the 8 sets, the p by set is between 0.13 and 0.34; "
            "as 24 pairs it is always 0.025, which counts 8 patients as 24.",
        ),
        (
            (8, 3, 0, 5, "0.30"),
            "However these 5 events fell over the 8 sets, the p by set is between 0.13 and 0.34: "
            "the paper's 0.30 counts each set once.",
        ),
        (
            (8, 3, 0, 5, "0.16"),
            "However these 5 events fell over the 8 sets, the p by set is between 0.13 and 0.34: "
            "the paper's 0.16 takes matched patients for strangers.",
        ),
        (
            (8, 3, 0, 5, "0.0001"),
            "However these 5 events fell over the 8 sets, the p by set is between 0.13 and 0.34: "
            "the paper's 0.0001 is none of the p that the usual tests give for these counts.",
        ),
        (
            (8, 1, 1, 6, "0.06"),
            "However these 7 events (1 among the treated) fell over the 8 sets, the p by set is between 0.063 and "
            "0.13: the paper's 0.06 counts each pair once, as it should.",
        ),
        ((8, 1, 0, 1), "However this event fell over the 8 sets, the p by set is always 1.00."),
        ((8, 3, 0, 0), "With no event at all, the p by set is always 1.00."),
    ],
)
def test_the_sentence_to_repeat(one, sentence):
    assert words.headline(checked(*one)) == sentence


def test_a_name_opens_the_sentence():
    assert words.headline(checked(8, 3, 0, 5, name="Death by day 28")).startswith(
        "Death by day 28: however these 5 events"
    )


def test_where_some_ways_were_tried_it_says_so():
    assert "in the ways tried (there are too many to try all; the true range is at least as wide)" in words.headline(
        checked(200, 5, 50, 300)
    )


def test_several_outcomes_in_one_sentence():
    five, seven, all_controls = (
        checked(8, 3, 0, 5, name="A"),
        checked(8, 3, 0, 7, name="B"),
        checked(8, 3, 0, 24, name="C"),
    )
    assert words.summary([five, five]) == (
        "However the events fell, none of these 2 outcomes has a p by set of 0.05 or less."
    )
    assert words.summary([five, seven]) == (
        "B can have a p by set of 0.05 or less only if the events fell that way; the other 1 outcome cannot."
    )
    assert words.summary([five, seven, all_controls]) == (
        "C has a p by set of 0.05 or less however the events fell; B only if the events fell that way; "
        "the other 1 outcome cannot."
    )
    assert (
        words.summary([seven] * 3) == "3 outcomes can have a p by set of 0.05 or less only if the events fell that way."
    )


def test_a_name_from_right_to_left_keeps_the_numbers_in_their_places():
    assert words.headline(checked(8, 3, 0, 5, name="موت")).startswith("\u2068موت\u2069: however")
    assert "\u2068" not in words.headline(checked(8, 3, 0, 5, name="Décès"))


@pytest.mark.parametrize(
    ("treated", "ratio", "sentence"),
    [
        (
            8,
            3,
            "8 sets of 1:3 can give no p by set below 1 in 65,536, whatever happens. While no treated patient has the "
            "event, it takes at least 7 events among the controls to reach 0.05 (falling as 3 + 3 + 1 over the sets).",
        ),
        (
            1,
            3,
            "1 set of 1:3 can give no p by set below 0.25, whatever happens. While no treated patient has the event, "
            "no p is 0.05 or less.",
        ),
        (500, 1, "500 sets of 1:1 can give no p by set below 1 in a billion, whatever happens."),
    ],
)
def test_what_a_design_can_give(treated, ratio, sentence):
    assert words.design_sentence(design_of(treated, ratio)) == sentence


def test_the_table_and_the_figure_hold_the_same_numbers():
    every = [checked(8, 3, 0, 5, "0.025", "Death"), checked(8, 3, 2, 11, "", "Noradrenaline")]
    table, drawn = words.check_table(every), words.figure_rows(every)
    assert table.rows[0] == ("Death", "0 (0%)", "5 (20.8%)", "0.025", "0.025", "0.13 to 0.34", "5", "0%")
    assert table.rows[1][3:5] == ("–", "0.025 to 0.23")
    assert drawn["set_high"].round(4).tolist() == [0.3408, 0.4697]
    assert drawn["as_printed"].tolist() == ["0.025", ""] and np.isnan(drawn["printed"].iloc[1])


def test_every_way_is_listed_and_their_shares_are_the_whole():
    table = words.ways_table(checked(8, 3, 0, 5))
    assert [row[1] for row in table.rows] == ["0.1250", "0.1875", "0.2500", "0.2969", "0.3408"]
    assert table.rows[0][0] == "3 + 2"
    assert sum(float(row[2].rstrip("%")) for row in table.rows) == pytest.approx(100, abs=0.3)


def test_the_source_names_every_test_that_fits():
    assert words.source_sentence(checked(8, 3, 0, 5, "0.025", "Death")) == (
        "Death: the printed 0.025 can come from McNemar's test on pairs."
    )
    assert "is not given by" in words.source_sentence(checked(8, 3, 0, 5, "0.0001"))
    assert words.source_sentence(checked(8, 3, 0, 5)) == ""
