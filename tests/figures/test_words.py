"""The numbers, labels and axes inside figures."""

import numpy as np
import pytest

from lib import words as lib_words
from lib.figures import style, words


@pytest.mark.parametrize(
    ("p", "said"),
    [
        (0.025, "0.025"),
        (0.0082, "0.00820"),
        (0.56, "0.56"),
        (0.00099, "<0.001"),
        (1.0, "1.00"),
        (0.125, "0.13"),
        (0.10049, "0.10"),
        (0.0998, "0.10"),
        (0.009996, "0.010"),
        (float("nan"), "–"),
    ],
)
def test_p_has_two_figures_three_below_a_hundredth(p, said):
    assert lib_words.p_value(p) == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "0"),
        (1434.4, "1,434"),
        (-0.0312, "−0.0312"),
        (0.18, "0.180"),
        (float("inf"), "infinite"),
        (float("nan"), "not defined"),
    ],
)
def test_numbers_have_three_figures(value, said):
    assert words.number(value) == said


def test_percentages_have_one_decimal():
    assert [lib_words.percent(s) for s in (0, 1, 5 / 24, 0.0625, float("nan"))] == ["0%", "100%", "20.8%", "6.3%", "–"]


def test_wrapped_text_is_escaped_and_cut():
    assert words.wrapped("a<b & c", 20) == "a&lt;b &amp; c"
    assert words.wrapped("one two three four five six", 8, 2) == "one two<br>three …"
    assert words.wrapped("", 8) == ""


@pytest.mark.parametrize(
    ("text", "letters", "said"),
    [
        ("invasive_ventilation_free_days", 20, "invasive_<br>ventilation_free_<br>days"),
        ("day-0 PaO2/FiO2 ratio", 10, "day-0<br>PaO2/FiO2<br>ratio"),
        ("abcdefghij", 4, "abcd<br>efgh<br>ij"),
        ("  two   words ", 20, "two words"),
    ],
)
def test_labels_break_where_column_names_do(text, letters, said):
    assert words.wrapped(text, letters) == said


def test_text_width_ignores_tags_and_grows_with_letters():
    assert words.text_px(["<b>age</b>"]) == words.text_px(["age"])
    assert words.text_px(["&lt;"]) < words.text_px(["&lt;mmm"])
    assert words.text_px([]) == 0


@pytest.mark.parametrize("values", [[0.0, 1.0], [-3.2, 8.1], [5.0, 5.0], [1e-9, 2e-9], [1e6, 9e8], [], [np.nan, 2.0]])
def test_ranges_hold_their_values_on_round_numbers(values):
    low, high = style.nice_range(np.array(values))
    edges = style.bin_edges(np.array(values), 20)
    finite = [v for v in values if np.isfinite(v)]
    assert low < high and edges[0] < edges[-1]
    assert all(low <= v <= high and edges[0] - 1e-6 * abs(v) <= v <= edges[-1] * (1 + 1e-9) for v in finite)
    assert len(edges) <= 22
