"""Table 1 by hand on six patients, against scipy, and against the printed table of the study."""

import numpy as np
import pandas as pd
import pytest
import scipy.stats

from lib.balance.table1 import COLUMNS, table_one
from lib.io import read_csv
from lib.spec import AnalysisSpec
from lib.steps import Steps, run
from lib.table import Table
from tests.conftest import SAMPLES
from tests.tables import COHORT_SPEC, SIX, cohort_frame, spec


def table_of(analysis: Steps) -> pd.DataFrame:
    return table_one(analysis.cohort, analysis.comparison, analysis.balance)


@pytest.fixture(scope="module")
def six() -> pd.DataFrame:
    """Two treated, four controls, matched 1:1 on age; the other columns are described, and `bmi` has gaps."""
    frame = pd.DataFrame(SIX | {"bmi": [20.0, 30.0, None, 26.0, 24.0, None], "hospital": list("ABACCB")})
    settings = spec(columns={"described": ["bmi", "hospital", "died"]}, matching={"ratio": 1, "caliper": None})
    return table_of(run(Table.from_frame(frame), settings)).set_index(["column", "level"])


def test_documented_columns_and_order(six):
    assert [*six.index.names, *six.columns] == list(COLUMNS)
    assert [name for name, _ in six.index] == ["age", "bmi", "hospital", "hospital", "hospital", "died"]
    assert six["role"].tolist() == ["covariate"] + ["described"] * 5


def test_number_by_hand(six):
    """Ages 50 and 60 treated; 55, 65, 45 and 70 controls."""
    age = six.xs("age").iloc[0]
    assert (age["n_treated"], age["median_treated"], age["p25_treated"], age["p75_treated"]) == (2, 55, 50, 60)
    assert (age["n_whole_control"], age["median_whole_control"]) == (4, 60)
    assert (age["p25_whole_control"], age["p75_whole_control"]) == (50, 67.5)
    assert age["n_matched_control"] == 2
    expected = scipy.stats.kruskal([50, 60], [55, 65, 45, 70]).pvalue
    assert age["p_whole"] == pytest.approx(expected, rel=1e-12)


def test_gaps_are_counted_per_arm(six):
    bmi = six.xs("bmi").iloc[0]
    assert (bmi["n_treated"], bmi["n_whole_control"], bmi["median_whole_control"]) == (2, 2, 25)
    assert bmi["smd_before"] == 0, "20 and 30 against 26 and 24"
    assert bmi["smd_after"] == pytest.approx((30 - 26) / 50**0.5), "the other control of the match lacks it"


def test_levels_by_hand(six):
    hospital = six.xs("hospital")
    assert hospital.index.tolist() == ["A", "B", "C"]
    assert hospital["count_treated"].tolist() == [1, 1, 0]
    assert hospital["count_whole_control"].tolist() == [1, 1, 2]
    assert hospital["percent_whole_control"].tolist() == [25, 25, 50]
    assert hospital["p_whole"].iloc[2] == pytest.approx(scipy.stats.fisher_exact([[0, 2], [2, 2]])[1], rel=1e-12)


def test_yes_no_by_hand(six):
    died = six.xs("died").iloc[0]
    assert died["kind"] == "yes/no"
    assert (died["count_treated"], died["percent_treated"]) == (1, 50)
    assert (died["count_whole_control"], died["n_whole_control"]) == (2, 4)


def test_p_values_against_scipy():
    """Whole cohort and repeated pairs of a larger cohort, gaps included."""
    frame = cohort_frame()
    columns = COHORT_SPEC["columns"] | {"described": ["score"]}
    analysis = run(Table.from_frame(frame), AnalysisSpec.from_dict({**COHORT_SPEC, "columns": columns, "outcomes": []}))
    rows = table_of(analysis)
    arm = frame["arm"] == "new"
    pairs, rows_of = analysis.comparison.pairs, analysis.cohort.rows
    for name in ("age", "sofa", "score"):
        own = rows[rows["column"] == name].iloc[0]
        values = frame[name]
        whole = scipy.stats.kruskal(values[arm].dropna(), values[~arm].dropna()).pvalue
        assert own["p_whole"] == pytest.approx(whole, rel=1e-9)
        case = values.to_numpy()[rows_of[pairs["treated_row"]]]
        gap = case - values.to_numpy()[rows_of[pairs["control_row"]]]
        gap = gap[~np.isnan(gap)]
        assert own["n_pairs"] == len(gap)
        matched = scipy.stats.wilcoxon(gap, correction=False, mode="approx").pvalue
        assert own["p_matched"] == pytest.approx(matched, rel=1e-9)


def test_smds_are_those_of_the_balance_table():
    analysis = run(Table.from_frame(cohort_frame()), AnalysisSpec.from_dict(COHORT_SPEC))
    rows, balance = table_of(analysis), analysis.balance.rows
    assert rows["column"].tolist() == balance["covariate"].tolist()
    np.testing.assert_array_equal(rows["smd_before"], balance["smd_before"])
    np.testing.assert_array_equal(rows["smd_after"], balance["smd_after"])


def test_the_printed_table():
    """Medians, quartiles and n of the MSC group and of the whole control cohort, as Gregoire 2022 printed them."""
    study = AnalysisSpec.from_json((SAMPLES / "msc_covid19.spec.json").read_bytes())
    columns = study.columns.model_copy(update={"described": ("bmi", "creatinine", "viral_load_ct")})
    table = read_csv((SAMPLES / "msc_covid19.csv").read_bytes())
    rows = table_of(run(table, study.replace(columns=columns))).set_index("column")
    assert rows.loc["age", ["median_treated", "p25_treated", "p75_treated"]].tolist() == [50, 43, 58]
    assert rows.loc["sofa", ["median_whole_control", "n_whole_control"]].tolist() == [4, 182]
    assert rows["n_whole_control"].to_dict() == {
        "age": 247,
        "sofa": 182,
        "pf_ratio": 242,
        "lymphocytes": 247,
        "ferritin": 132,
        "d_dimer": 206,
        "crp": 247,
        "bmi": 227,
        "creatinine": 247,
        "viral_load_ct": 139,
    }
    assert rows.loc["ferritin", "median_whole_control"] == pytest.approx(1523.5)
    assert (rows["n_matched_control"][["age", "sofa", "crp"]] == 24).all()


def test_a_described_column_drops_nobody_and_leaves_the_match():
    frame = cohort_frame()
    plain = run(Table.from_frame(frame), AnalysisSpec.from_dict({**COHORT_SPEC, "outcomes": []}))
    columns = COHORT_SPEC["columns"] | {"described": ["score"]}
    more = run(Table.from_frame(frame), AnalysisSpec.from_dict({**COHORT_SPEC, "columns": columns, "outcomes": []}))
    np.testing.assert_array_equal(plain.comparison.membership, more.comparison.membership)
    assert plain.cohort.attrition == more.cohort.attrition
