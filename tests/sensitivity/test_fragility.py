"""Fragility of the match: every variant is a run of its own, and the shares count who is chosen."""

import numpy as np
import pandas as pd
import pytest

from lib.errors import EstimationError
from lib.sensitivity.fragility import CORE, MOST_LEFT_OUT, Fragility, fragility
from lib.steps import Steps, run
from lib.table import Table
from tests.sensitivity.builders import TABLE, sample_study, spec
from tests.tables import cohort_frame

SPEC = spec()
FOUND = fragility(Steps(TABLE, SPEC), orders=6)
ROUNDING = 1e-12


def variant(label: str):
    return next(v for v in FOUND.variants if v.label == label)


def controls_of(analysis) -> list[int]:
    sample = analysis.comparison
    return analysis.cohort.rows[sample.matched & ~sample.treated].tolist()


def test_main_analysis_stands_first():
    analysis = run(TABLE, SPEC)
    assert FOUND.variants[0].label == "main analysis"
    assert FOUND.variants[0].controls.tolist() == controls_of(analysis)
    assert FOUND.estimates("score")["estimate"][0] == analysis.outcomes[1].estimates[0].estimate


def test_leaving_a_covariate_out_is_its_own_run():
    columns = SPEC.columns.model_copy(update={"covariates": ("age", "sofa", "sex"), "categorical": ()})
    analysis = run(TABLE, SPEC.replace(columns=columns))
    assert variant("without site").controls.tolist() == controls_of(analysis)


def test_leaving_a_treated_patient_out_is_a_run_without_that_row():
    """The same controls as when the patient's line is deleted from the file, and nobody else's place moves."""
    analysis = run(TABLE, SPEC)
    for number, row in enumerate(analysis.cohort.rows[analysis.cohort.treated][:4], start=1):
        smaller = Table.from_frame(TABLE.frame.drop(index=row).reset_index(drop=True))
        expected = [at + (at >= row) for at in controls_of(run(smaller, SPEC))]
        found = variant(f"treated patient {number}")
        assert found.left_out == row
        assert found.controls.tolist() == expected


def test_random_orders_differ_by_their_seed():
    random = SPEC.matching.model_copy(update={"order": "random"})
    for number in range(6):
        analysis = run(TABLE, SPEC.replace(matching=random).model_copy(update={"seed": SPEC.seed + number}))
        assert variant(f"order {number + 1}").controls.tolist() == controls_of(analysis)


def test_other_model_and_logs():
    firth = SPEC.replace(propensity=SPEC.propensity.model_copy(update={"model": "firth"}))
    assert variant("Firth").controls.tolist() == controls_of(run(TABLE, firth))
    logged = SPEC.columns.model_copy(update={"log": ("age",)})
    assert variant("all that can be logged").controls.tolist() == controls_of(run(TABLE, SPEC.replace(columns=logged)))
    back = fragility(Steps(TABLE, firth.replace(columns=logged)), orders=1)
    assert {v.label for v in back.variants} >= {"maximum likelihood", "none logged"}


def test_shares_by_hand():
    shares = FOUND.shares.set_index("row")
    orders = [v for v in FOUND.variants if v.kind == "order"]
    for row in shares.index[:5].tolist() + shares.index[-5:].tolist():
        counted = np.mean([row in v.controls for v in orders])
        assert shares.loc[row, "order"] == pytest.approx(counted, abs=ROUNDING)
        assert shares.loc[row, "main"] == (row in FOUND.variants[0].controls)
        kinds = ["covariate", "treated", "order", "model", "log"]
        assert shares.loc[row, "share"] == pytest.approx(shares.loc[row, kinds].astype(float).mean(), abs=ROUNDING)
    assert FOUND.core.tolist() == shares.index[shares["share"] > CORE].tolist()
    assert (np.diff(shares["share"]) <= 0).all()


def test_ranges_and_hinges_by_hand():
    table, ranges = FOUND.estimates("died"), FOUND.ranges("died").set_index("kind")
    assert ranges.loc["order", "variants"] == 6
    part = table[table["kind"] == "covariate"]["estimate"]
    assert (ranges.loc["covariate", "low"], ranges.loc["covariate", "high"]) == (part.min(), part.max())
    hinges = FOUND.hinges("died")
    assert hinges["change"].abs().is_monotonic_decreasing
    assert len(hinges) == int(run(TABLE, SPEC).cohort.treated.sum())
    assert (hinges["estimate"] - hinges["change"]).tolist() == pytest.approx([table["estimate"][0]] * len(hinges))


def test_a_variant_that_fails_keeps_its_sentence():
    """A column that only the treated have separates the arms: Firth stands, maximum likelihood does not."""
    frame = cohort_frame(40, gaps=False)
    frame["flag"] = (frame["arm"] == "new").astype(int)
    frame.loc[0, "flag"] = 0
    table = Table.from_frame(frame)
    columns = {"id": "id", "treatment": "arm", "treated_value": "new", "covariates": ["age", "flag"]}
    found = fragility(Steps(table, spec(columns=columns, propensity={"model": "firth"})), orders=2)
    failed = next(v for v in found.variants if v.label == "maximum likelihood")
    assert "no finite solution" in failed.error
    assert found.ranges("died").set_index("kind").loc["model", "failed"] == 1
    assert found.estimates("died")["error"].notna().sum() >= 1


def test_the_main_analysis_must_stand():
    with pytest.raises(EstimationError):
        fragility(Steps(TABLE, spec(matching={"caliper": 1e-9})))


def test_replacement_and_many_treated_are_said():
    found = fragility(Steps(TABLE, spec(matching={"replace": True})), orders=3)
    assert "order" not in found.shares
    assert "plays no part" in found.notes[0]
    many = fragility(Steps(Table.from_frame(cohort_frame(500)), SPEC), orders=1)
    assert f"up to {MOST_LEFT_OUT}" in many.notes[0]
    assert "treated" not in many.shares
    alone = spec(columns={"id": "id", "treatment": "arm", "treated_value": "new", "covariates": ["age"]})
    assert "covariate" not in fragility(Steps(TABLE, alone), orders=1).shares


def test_progress_is_reported():
    seen = []
    fragility(Steps(TABLE, SPEC), orders=2, report=lambda done, total: seen.append((done, total)))
    assert [done for done, _ in seen] == list(range(1, seen[0][1] + 1))


def test_sample_study():
    """218 variants; only some of the 24 controls of the study are core."""
    found = fragility(Steps(*sample_study()))
    assert len(found.variants) == 1 + 7 + 8 + 200 + 1 + 1
    assert 0 < len(found.core) < 24
    table = found.estimates("death_28d")
    assert table["error"].isna().all()
    assert pd.api.types.is_numeric_dtype(table["estimate"])


def test_a_control_chosen_in_four_fifths_of_the_variants_is_not_core():
    shares = pd.DataFrame({"row": [7, 3, 5], "share": [0.81, 0.8, 0.79]})
    assert Fragility((), shares, ()).core.tolist() == [7]


@pytest.mark.parametrize(("spare", "tried"), [(0, True), (-1, False)])
def test_the_most_treated_of_whom_each_is_left_out(monkeypatch, spare, tried):
    """As many treated as the limit are left out in turn; one more than the limit, and none is."""
    table = Table.from_frame(cohort_frame(40, gaps=False))
    n_treated = int((table.frame["arm"] == "new").sum())
    monkeypatch.setattr("lib.sensitivity.fragility.MOST_LEFT_OUT", n_treated + spare)
    age_only = spec(columns={"id": "id", "treatment": "arm", "treated_value": "new", "covariates": ["age"]})
    found = fragility(Steps(table, age_only), orders=1)
    assert sum(v.kind == "treated" for v in found.variants) == (n_treated if tried else 0)
    assert len(found.notes) == (0 if tried else 1)
