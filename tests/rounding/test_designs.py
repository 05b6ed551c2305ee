"""No set hangs on the unit of a column, on the sixteenth digit or on the order of the columns, whatever the method and
the caliper, in cohorts where nearly everything ties."""

import numpy as np
import pandas as pd
import pytest

from lib.errors import AnalysisError
from lib.spec import AnalysisSpec
from lib.steps import Steps
from lib.table import Table
from tests.rounding.cohorts import Spec, changes, tied_frame, tied_spec

LACTATE = {"lac": {"width": 0.3, "unit": "raw"}}
AGE = {"age": {"width": 0.5, "unit": "sd"}}
METHODS: dict[str, Spec] = {
    "nearest": {"method": "nearest", "ratio": 2},
    "smallest": {"method": "nearest", "ratio": 1, "order": "smallest"},
    "closest": {"method": "nearest", "ratio": 2, "order": "closest"},
    "replace": {"method": "nearest", "ratio": 2, "replace": True},
    "optimal": {"method": "optimal", "ratio": 2},
    "full": {"method": "full"},
    "full-limits": {"method": "full", "max_controls": 20, "max_treated": 9},
    "full-omit": {"method": "full", "omit_fraction": 0.2},
}
CALIPERS: dict[str, Spec] = {
    "none": {"caliper": None},
    "sd": {"caliper": 0.3},
    "raw": {"caliper": 0.25, "caliper_unit": "raw"},
    "covariate": {"caliper": None, "covariate_calipers": LACTATE},
    "covariate-sd": {"caliper": 0.5, "covariate_calipers": AGE},
    "mahalanobis": {"caliper": None, "metric": "mahalanobis"},
    "mahalanobis-covariate": {"caliper": None, "metric": "mahalanobis", "covariate_calipers": LACTATE},
    "mahalanobis-sd": {"caliper": 0.5, "metric": "mahalanobis"},
    "exact": {"caliper": 0.5, "exact": ["lac"]},
    "support": {"caliper": None, "discard": "both"},
}
MATCHED = {f"{m}/{c}": method | caliper for m, method in METHODS.items() for c, caliper in CALIPERS.items()}
SUBCLASSES = {
    "subclass": {"method": "subclass", "subclasses": 4},
    "subclass/exact": {"method": "subclass", "subclasses": 2, "exact": ["crp"], "min_n": 0},
}
DESIGNS = list((MATCHED | SUBCLASSES).items())
COVARIATES = (("age",), ("age", "lac"), ("age", "lac", "crp"))


def made(frame: pd.DataFrame, spec: Spec) -> tuple:
    """Everything that is decided: who stands in which set, why the others do not, who was picked first, what tied."""
    try:
        found = Steps(Table.from_frame(frame), AnalysisSpec.from_dict(spec)).comparison
    except AnalysisError as error:
        return (type(error).__name__, str(error))
    pairs = found.pairs.drop(columns="distance", errors="ignore")
    return found.membership.tolist(), found.losses.to_numpy().tolist(), found.ties, pairs.to_numpy(dtype=float).tolist()


@pytest.mark.parametrize("place", range(len(DESIGNS)), ids=[name for name, _ in DESIGNS])
def test_no_set_hangs_on_units_digits_or_columns(place: int) -> None:
    frame, spec = tied_frame(place), tied_spec(DESIGNS[place][1], COVARIATES[place % 3])
    expected = made(frame, spec)
    assert len(expected) == 4, expected
    for name, change in changes(place).items():
        assert made(*change(frame, spec)) == expected, name


def test_a_real_change_of_values_does_change_sets() -> None:
    """The comparison above can fail: a thousandth of an SD is no rounding."""
    frame, spec = tied_frame(1), tied_spec(METHODS["nearest"] | CALIPERS["none"], ("age",))
    moved = frame.assign(age=frame["age"] + np.random.default_rng(0).normal(0, 1e-3, len(frame)))
    assert made(moved, spec) != made(frame, spec)


@pytest.mark.parametrize("order", ["largest", "smallest", "closest"])
@pytest.mark.parametrize("first", [0.3, 0.1 + 0.2])
def test_the_earlier_in_the_file_chooses_first_among_scores_equal_up_to_rounding(order: str, first: float) -> None:
    """Two treated at one score but for the last digit, one control inside the caliper of both."""
    second = 0.1 + 0.2 if first == 0.3 else 0.3
    lac = [first, second, 0.9, 0.8, 0.31, 0.7, 1.0, 0.0, 0.95, 0.05]
    arm = ["new"] * 4 + ["old"] * 6
    frame = pd.DataFrame({"id": list("abcdefghij"), "arm": arm, "lac": lac})
    matching = {
        "ratio": 1,
        "order": order,
        "caliper": None,
        "covariate_calipers": {"lac": {"width": 0.05, "unit": "raw"}},
    }
    columns = {"id": "id", "treatment": "arm", "treated_value": "new", "covariates": ["lac"]}
    spec = AnalysisSpec.from_dict({"columns": columns, "matching": matching})
    pairs = Steps(Table.from_frame(frame), spec).comparison.pairs
    assert pairs.loc[pairs["control_row"] == 4, "treated_row"].tolist() == [0]
