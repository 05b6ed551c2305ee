"""A hospital's export in French (182 patients, 14 treated), from the file to a matched outcome."""

import numpy as np
import pytest

from lib.cohort.losses import losses
from lib.roles.guess import guess_spec
from lib.spec.parts import CohortPart
from tests.cases.shelf import arm, guessed, ids_in, opened, outcome_in, result, waiting

FILES = ("cohorte_chu", "cohorte_devenir", "cohorte_died_discharged")


@pytest.mark.parametrize("file", FILES)
def test_all_patients_are_read(file):
    table = opened(file)
    assert len(table.frame) == 182
    assert len(ids_in(table, "N° dossier")) == 182
    assert (table.frame["Groupe"] == "Traité").sum() == 14
    assert table.frame["CRP J0 (mg/L)"].iloc[0] == pytest.approx(30.2)
    assert np.isnan(table.frame["IMC (kg/m²)"].iloc[0])  # n.d.
    assert table.frame["D-dimères (ng/mL)"].iloc[0] == 3664


def test_values_below_a_limit_can_be_used_by_a_rule():
    limited = opened("cohorte_chu").limited["Procalcitonine (µg/L)"]
    assert limited.values[:3] == pytest.approx([0.48, 0.3, 0.3])
    assert limited.beyond[:3].tolist() == [0, -1, -1]
    spec = guessed("cohorte_chu")
    columns = spec.columns.model_dump(mode="json")
    columns["covariates"] = [*columns["covariates"], "Procalcitonine (µg/L)"]
    columns["covariates"] = list(dict.fromkeys(columns["covariates"]))
    for rule, value in (("half", 0.15), ("limit", 0.3), ("zero", 0.0)):
        columns["below_limit"] = {"Procalcitonine (µg/L)": rule}
        found = result(opened("cohorte_chu"), spec.replace(columns=columns, questions=[]))
        assert "Procalcitonine (µg/L)" in {row["covariate"] for row in found["balance"]}, (rule, value)


def test_every_choice_that_loses_a_treated_patient_is_said():
    """14 treated: all of them stay, or a red line says which column costs whom; no caliper takes any by default."""
    table, spec = opened("cohorte_chu"), guessed("cohorte_chu")
    assert waiting(spec) == []
    found = result(table, spec)
    assert found["attrition"][0]["treated"] == 14
    lost = losses(table, CohortPart.of(spec))
    assert lost.usable[0] == found["n"]["treated"] == found["matching"]["matched_treated"]
    if found["n"]["treated"] < 14:
        assert lost.level == "red"
        costs = {cost.column: cost.lacking[0] for cost in lost.costs}
        gaps = table.frame.loc[table.frame["Groupe"] == "Traité", list(spec.columns.covariates)].isna().sum()
        assert costs == {name: gaps[name] for name in costs}
        assert sum(gaps[list(set(gaps.index) - set(costs))]) == 0


def test_without_the_columns_with_gaps_all_fourteen_stay():
    spec = guessed("cohorte_chu")
    full = [name for name in spec.columns.covariates if opened("cohorte_chu").frame[name].notna().all()]
    columns = spec.columns.model_dump(mode="json") | {"covariates": full}
    columns["categorical"] = [name for name in columns["categorical"] if name in full]
    found = result(opened("cohorte_chu"), spec.replace(columns=columns, questions=[]))
    assert found["matching"]["matched_treated"] == 14


def test_the_outcome_is_death_by_day_90():
    for file, column in zip(FILES, ("Statut J90", "Devenir", "Hospital outcome"), strict=True):
        table = opened(file)
        died = table.frame[column].isin(["Décédé", "Died"])
        treated = table.frame["Groupe"] == "Traité"
        told = outcome_in(result(table, guess_spec(table)))
        assert told["kind"] in ("survival", "binary")
        known = [int(died[treated].sum()), int(died[~treated].sum())]
        assert [events for (events,) in arm(told, "events")] == known
