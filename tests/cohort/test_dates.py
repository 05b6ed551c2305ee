"""Dates as files write them, and those that nothing tells apart."""

import numpy as np
import pandas as pd
import pytest

from lib.cohort.dates import day_numbers, is_date_column
from lib.errors import DataError


def read(*texts: object, beside: tuple | None = None) -> list:
    """ISO dates of a column of these."""
    column, other = pd.Series(texts, name="day", dtype=object), None
    if all(isinstance(text, int) for text in texts):
        column = pd.Series(texts, name="day")
    if beside is not None:
        other = pd.Series(beside, dtype=object)
    days = day_numbers(column, other)
    return [None if np.isnan(day) else str(np.datetime64(int(day), "D")) for day in days]


@pytest.mark.parametrize(
    "texts",
    [
        ["2021-01-24", "2021-02-03"],
        ["2021-01-24 13:45:10", "2021-02-03T00:00"],
        ["2021/1/24", "2021/2/3"],
        ["24.01.2021", "03.02.2021"],
        ["24. 1. 2021", "3. 2. 2021"],
        ["24.1.21", "3.2.21"],
        ["24/01/2021", "03/02/2021"],
        ["01/24/2021", "02/03/2021"],
        ["01-24-2021 08:00", "02-03-2021 09:30"],
        ["24JAN2021", "03FEB2021"],
        ["24 janv. 2021", "3 févr. 2021"],
        ["24-ene-2021", "03-feb-2021"],
        ["24. Januar 2021", "3 Februar 2021"],
        [20210124, 20210203],
        [" 24.01.2021 ", "03.02.2021"],
    ],
)
def test_one_day_in_many_hands(texts) -> None:
    assert read(*texts) == ["2021-01-24", "2021-02-03"]


def test_missing_stays_missing_and_leap_days_exist() -> None:
    assert read("29.02.2020", None, "1900-03-01") == ["2020-02-29", None, "1900-03-01"]


@pytest.mark.parametrize(
    "texts",
    [
        ["29.02.2021"],
        ["31.04.2021"],
        ["2021-13-01"],
        ["0.1.2021"],
        ["24.01.20210"],
        ["secret"],
        ["2021"],
        [44220],
        ["1021-01-01"],
        ["24 foo 2021"],
        ["2021-01-2021"],
    ],
)
def test_what_is_no_date_is_counted_and_not_shown(texts) -> None:
    with pytest.raises(DataError, match='"day" holds 1 entry that is no date') as caught:
        read(*texts)
    assert "secret" not in str(caught.value) + caught.value.hint


@pytest.mark.parametrize("mark", "/-")
def test_an_order_that_no_value_tells_is_asked_for(mark) -> None:
    texts = [f"03{mark}04{mark}2021", f"05{mark}05{mark}2021"]
    with pytest.raises(DataError, match="day/month or month/day"):
        read(*texts)
    assert read(*texts, beside=(f"24{mark}01{mark}2021",))[0] == "2021-04-03", "the other date of the pair tells"
    assert read(*texts, beside=(f"01{mark}24{mark}2021",))[0] == "2021-03-04"
    assert read(f"05{mark}05{mark}2021") == ["2021-05-05"], "either way the same day"
    with pytest.raises(DataError, match="some dates day first and others month first"):
        read(*texts, f"24{mark}01{mark}2021", f"01{mark}24{mark}2021")


def test_with_points_the_day_comes_first_unless_a_value_says_otherwise() -> None:
    assert read("03.04.2021") == ["2021-04-03"]
    assert read("03.04.2021", "01.24.2021") == ["2021-03-04", "2021-01-24"]


def test_a_century_that_is_open_is_asked_for() -> None:
    assert read("24.01.21", "24.01.05") == ["2021-01-24", "2005-01-24"]
    with pytest.raises(DataError, match="two digits"):
        read("24.01.21", "24.01.55")


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d.%m.%Y", "%Y/%m/%d %H:%M", "%d %b %Y"])
def test_any_day_survives_being_written(seed, form) -> None:
    rng = np.random.default_rng(seed)
    days = np.datetime64("1900-01-01") + rng.integers(0, 60_000, 50).astype("timedelta64[D]")
    column = pd.Series(pd.DatetimeIndex(days.astype("datetime64[s]")).strftime(form).astype(object), name="day")
    assert (day_numbers(column) == days.astype("datetime64[D]").astype(int)).all()


@pytest.mark.parametrize(
    ("values", "dates"),
    [
        (["24.01.2021", None], True),
        (["24.01.2021", "n"], False),
        ([None], False),
        ([20210124], True),
        ([5, 20210124], False),
        ([1.5, 2.5], False),
        (["03/04/2021"], True),
    ],
)
def test_which_columns_hold_dates(values, dates) -> None:
    column = (
        pd.Series(values, dtype=object) if not all(isinstance(v, (int, float)) for v in values) else pd.Series(values)
    )
    assert is_date_column(column) is dates
