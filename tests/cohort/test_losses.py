"""What gaps cost: counts by hand on six patients, and what must hold of any table."""

import numpy as np
import pandas as pd
import pytest

from lib.cohort import build_cohort
from lib.cohort.dropped import FEWEST, kept_and_dropped
from lib.cohort.losses import TRIED, Choice, Cost, Losses, losses
from lib.spec.parts import CohortPart
from lib.steps import Steps
from lib.table import Table
from lib.words.labels import Labels
from lib.words.losses import choices_table, dropped_table, losses_line, losses_table
from tests.tables import spec, table

COVARIATES = {"columns": {"covariates": ["age", "sex", "crp"]}}


def found(made: Table, **sections) -> Losses:
    return losses(made, CohortPart.of(spec(**(COVARIATES | sections))))


def line(made: Table, **sections) -> str:
    asked = spec(**(COVARIATES | sections))
    return losses_line(losses(made, CohortPart.of(asked)), Labels.of(asked))


def test_each_column_is_priced_alone_and_in_all() -> None:
    """P1 lacks crp; P3 lacks crp and age; P4 lacks age."""
    made = found(table(age=[50, 60, None, None, 45, 70], crp=[None, 20.0, None, 30.0, 5.0, 40.0]))
    assert (made.eligible, made.usable, made.lost) == ((2, 4), (1, 2), (1, 2))
    assert made.costs == (Cost("crp", (1, 1), (1, 0)), Cost("age", (0, 2), (0, 1)))
    assert made.needed == Choice(("crp",), (2, 2))
    assert made.choices == (Choice(("crp",), (2, 2)),)
    assert made.level == "red"


def test_a_patient_with_two_gaps_comes_back_only_without_both() -> None:
    made = found(table(age=[None, 60, 55, 65, 45, 70], crp=[None, 20.0, 1.0, None, 5.0, 40.0]))
    assert made.costs == (Cost("crp", (1, 1), (0, 1)), Cost("age", (1, 0), (0, 0)))
    assert made.needed == Choice(("age", "crp"), (2, 4))
    assert made.choices == (Choice(("age", "crp"), (2, 4)),), "one column alone brings nobody treated back"


def test_matching_columns_count_as_well_and_ineligible_patients_do_not() -> None:
    ward = ["a", None, "a", "b", "b", "b"]
    exact = found(table(ward=ward), matching={"exact": ["ward"]})
    assert exact.costs == (Cost("ward", (1, 0), (1, 0)),)
    rule = {"column": "age", "op": "<", "value": 60}
    assert found(table(ward=ward), matching={"exact": ["ward"]}, eligibility=[rule]).level == "none"


def test_nobody_left_usable_is_an_answer_and_no_refusal() -> None:
    made = found(table(crp=[None, None, 1.0, 2.0, 3.0, 4.0]))
    assert (made.usable, made.needed.usable) == ((0, 4), (2, 4))


@pytest.mark.parametrize(
    ("columns", "said"),
    [
        ({}, "All 2 treated and 4 controls are usable: no covariate has a gap."),
        (
            {"crp": [1.0, 2.0, None, 3.0, 4.0, 5.0]},
            "All 2 treated are usable, 4 controls → 3: crp costs 1 control.",
        ),
        (
            {"crp": [None, 2.0, None, None, 4.0, 5.0]},
            "2 treated → 1 usable, 4 controls → 2: crp costs 1 treated and 2 controls (leave it out).",
        ),
        (
            {"crp": [None, 2.0, None, 3.0, 4.0, 5.0], "age": [1, None, 2, 3, None, 4]},
            "2 treated → 0 usable, 4 controls → 2: age costs 1 treated and 1 control, crp 1 and 1; "
            "without both all 2 treated and 4 controls are usable.",
        ),
        (
            {"crp": [None, 2.0, 1.0, 3.0, 4.0, 5.0], "age": [None, 1, 2, 3, 4, 5]},
            "2 treated → 1 usable, 4 controls → 4: age is missing, with other columns, in 1 treated, crp is "
            "missing, with other columns, in 1 treated; without both all 2 treated and 4 controls are usable.",
        ),
    ],
)
def test_the_line_says_what_to_leave_out(columns, said) -> None:
    assert line(table(**columns)) == said


def test_the_tables_hold_every_count() -> None:
    asked, made = spec(**COVARIATES), table(crp=[None, 20.0, None, None, 5.0, 40.0])
    counts, labels = losses(made, CohortPart.of(asked)), Labels.of(asked)
    assert losses_table(counts, labels).rows == (("crp", "1", "2", "1", "2"), ("All together", "1", "2", "1", "2"))
    assert losses_table(counts, labels).marks == {(0, 1)}
    assert choices_table(counts, labels).rows == (("Nothing", "1 of 2", "2 of 4"), ("crp", "2 of 2", "4 of 4"))


def holes(seed: int, columns: int, patients: int = 60) -> Table:
    rng = np.random.default_rng(seed)
    values = rng.normal(size=(patients, columns))
    values[rng.random(values.shape) < rng.choice([0.02, 0.2])] = np.nan
    frame = pd.DataFrame(values, columns=[f"x{i}" for i in range(columns)])
    return Table.from_frame(frame.assign(arm=["MSC"] * 12 + ["control"] * (patients - 12)))


@pytest.mark.parametrize("columns", [3, 6, TRIED + 3])
@pytest.mark.parametrize("seed", range(8))
def test_of_any_table(seed: int, columns: int) -> None:
    made = holes(seed, columns)
    asked = spec(columns={"id": None, "covariates": [f"x{i}" for i in range(columns)]})
    counts = losses(made, CohortPart.of(asked))
    frame, treated = made.frame, (made.frame["arm"] == "MSC").to_numpy()
    complete = frame.notna().all(axis=1).to_numpy()
    assert counts.usable == ((complete & treated).sum(), (complete & ~treated).sum())
    for cost in counts.costs:
        back = frame.drop(columns=cost.column).notna().all(axis=1).to_numpy() & ~complete
        assert cost.alone == ((back & treated).sum(), (back & ~treated).sum())
    assert counts.needed.usable[0] == counts.eligible[0], "no treated patient is lost"
    for name in counts.needed.left_out:
        fewer = tuple(other for other in counts.needed.left_out if other != name)
        assert counts.without(fewer).usable[0] < counts.eligible[0], "and not one column too many"
    usable = [choice.usable for choice in counts.choices]
    assert usable == sorted(usable)
    if counts.lost[0]:
        assert counts.choices[-1].usable[0] == counts.eligible[0]


def test_means_of_kept_and_dropped_by_hand() -> None:
    """Treated: x known in 3 kept (mean 2) and 3 dropped (mean 5); controls: only 2 are dropped, so nothing is said."""
    x = [1.0, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5]
    gap = [1.0, 2, 3, None, None, None, 1, 2, 3, None, None]
    sex = ["f", "m", "f", "m", "m", "m", "f", "f", "m", "m", "f"]
    frame = pd.DataFrame({"arm": ["MSC"] * 6 + ["control"] * 5, "x": x, "gap": gap, "sex": sex, "one": [1] * 11})
    asked = spec(columns={"id": None, "covariates": ["x", "gap", "sex"], "described": ["one"]})
    made = kept_and_dropped(Table.from_frame(frame), CohortPart.of(asked))
    assert (made.kept, made.dropped) == ((3, 3), (3, 2))
    rows = made.rows.set_index(["column", "arm"])
    assert rows.loc[("x", "treated"), ["n_kept", "n_dropped", "kept", "dropped"]].tolist() == [3, 3, 2.0, 5.0]
    assert rows.loc[("x", "treated"), "difference"] == pytest.approx(3 / np.std(x, ddof=1))
    assert rows.loc[("sex", "treated"), ["level", "kept", "dropped"]].tolist() == ["m", pytest.approx(1 / 3), 1.0]
    assert rows.loc[("x", "control"), ["n_kept", "n_dropped"]].tolist() == [3, 2]
    assert np.isnan(rows.loc[("x", "control"), ["kept", "dropped", "difference"]].astype(float)).all()
    assert np.isnan(rows.loc[("gap", "treated"), "dropped"]), "nobody who is dropped has a value"
    assert "one" not in made.rows["column"].tolist()
    shown = dropped_table(made, Labels.of(asked))
    assert shown.heads[:3] == ("Covariate", "Treated kept (3)", "Treated dropped (3)")
    assert shown.rows[0] == ("x", "2.00", "5.00", "+1.79", "–", "–", "–")
    assert shown.rows[2] == ("sex = m", "33.3%", "100%", "+1.28", "–", "–", "–")


@pytest.mark.parametrize("seed", range(4))
def test_no_mean_of_fewer_than_three_is_ever_shown(seed: int) -> None:
    asked = spec(columns={"id": None, "covariates": [f"x{i}" for i in range(4)]})
    rows = kept_and_dropped(holes(seed, 4, 30), CohortPart.of(asked)).rows
    few = (rows["n_kept"] < FEWEST) | (rows["n_dropped"] < FEWEST)
    assert rows.loc[few, ["kept", "dropped", "difference"]].isna().all(axis=None)
    assert rows.loc[~few, ["kept", "dropped", "difference"]].notna().all(axis=None)


def test_the_steps_give_them_and_agree_with_the_gate() -> None:
    asked = spec(**COVARIATES)
    made = table(crp=[10.5, 20.0, None, None, 5.0, 40.0])
    steps = Steps(made, asked)
    assert steps.losses is steps.losses
    assert steps.losses.usable == (steps.cohort.treated.sum(), (~steps.cohort.treated).sum())
    assert steps.kept_and_dropped.dropped == (0, 2)
    assert build_cohort(made, asked).n == sum(steps.losses.usable)
    assert dropped_table(Steps(table(), asked).kept_and_dropped, Labels.of(asked)).rows == ()
