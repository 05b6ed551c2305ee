"""The yardstick of a hidden factor: the strongest covariate first, noise beside it, what cannot be done said."""

import numpy as np
import pandas as pd

from lib.sensitivity.left_out import COLUMNS, LeftOut
from lib.spec import AnalysisSpec
from lib.words.labels import Labels
from lib.words.yardstick import yardstick_table
from tests.conftest import SAMPLES


def test_rows_are_in_the_order_of_strength_and_an_error_is_said() -> None:
    spec = AnalysisSpec.from_json((SAMPLES / "msc_covid19.spec.json").read_bytes())
    rows = [
        ("sofa", 1.2, 1.9, 1.1, 1.5, None),
        ("age", 9.15, 2e7, 1.8, 120.4, None),
        ("crp", *[np.nan] * 4, "Without it nobody could be matched."),
    ]
    table = yardstick_table(LeftOut(pd.DataFrame(rows, columns=list(COLUMNS)), 1.3, 1.42), Labels.of(spec))
    assert [row[0] for row in table.rows] == ["Age", "SOFA score", "C-reactive protein"]
    assert table.rows[0][1:] == ("9.2 times", "more than a million times", "1.8 times", "120 times")
    assert table.rows[2][1] == "–\nWithout it nobody could be matched."
    assert table.footnotes == ("With all covariates: typically 1.3 times, at most 1.4 times.",)
