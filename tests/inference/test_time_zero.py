"""A survival time of 0 is a time: every result is the one that a day more for everybody gives."""

import numpy as np
import pytest

from lib.spec import AnalysisSpec
from lib.steps import run
from lib.table import Table
from tests.tables import COHORT_SPEC, cohort_frame

EXACT = 1e-9


def results(later: int):
    """The survival outcome of a cohort in which a seventh have a time of 0, with `later` days added to every time."""
    frame = cohort_frame(160, gaps=False)
    frame.loc[::7, "days"] = 0
    frame["days"] += later
    outcome = {"name": "survival", "kind": "survival", "time": "days", "event": "status", "horizon": 60 + later}
    return run(Table.from_frame(frame), AnalysisSpec.from_dict(COHORT_SPEC | {"outcomes": [outcome]})).outcomes[0]


@pytest.mark.parametrize("part", ["tests", "estimates"])
def test_times_of_zero_count_like_any_other(part):
    zero, one = results(0), results(1)
    key = ("p_value",) if part == "tests" else ("estimate", "ci_low", "ci_high")
    rows = list(zip(getattr(zero, part), getattr(one, part), strict=True))
    assert rows
    for first, second in rows:
        # the limits of a time lost are those of a share of the horizon, which is a day longer
        for name in ("estimate",) if getattr(first, "measure", "") == "rmtl_difference" else key:
            values = [np.nan if v is None else v for v in (getattr(first, name), getattr(second, name))]
            np.testing.assert_allclose(*values, rtol=EXACT, atol=EXACT, err_msg=str(first))
