"""The figure of Check a paper."""

import numpy as np
import pytest

from lib import figures
from tests.figures import samples
from tests.figures.drawings import drawn_text, traces


def test_every_p_stands_in_numbers_and_the_printed_one_as_printed():
    drawn = figures.checked_p(samples.checked())
    text = drawn_text(drawn)
    for shown in ("0.13", "0.34", "0.47", "0.025", "<0.05", "0/8 v 5/24", "By set, however the events fell (8 sets)"):
        assert shown in text
    assert drawn.alt.startswith(
        "p-values that the printed counts can give: Death by day 28 (0/8 v 5/24) by set 0.13 to"
    )
    assert "Nobody (0/8 v 0/24) by set 1.00, printed <0.05" in drawn.alt


def test_marks_stand_at_the_numbers():
    numbers = samples.checked()
    drawn = figures.checked_p(numbers)
    high = next(t for t in traces(drawn, "By set") if t.showlegend)
    assert list(high.x) == pytest.approx(numbers["set_high"])
    printed = next(t for t in traces(drawn, "As printed") if t.showlegend)
    assert list(printed.x) == pytest.approx([0.025, np.nan, 0.05], nan_ok=True)


def test_without_a_printed_p_there_is_no_mark_for_it():
    assert not traces(figures.checked_p(samples.checked().iloc[1:2]), "As printed")
