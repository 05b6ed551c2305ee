"""Writes msc_covid19.csv, the synthetic cohort: python sample_data/make_msc_covid19.py [SEED] [OUTPUT].

The steps: values of one variable at a time with the printed quartiles; who has which value, so that the study's own
matching picks a sample like the printed one; deaths and supports, given after the match; then the file, shuffled.
The same seed writes the same bytes.
"""

import sys

import numpy as np
import pandas as pd
from synthesis import associations, cohort, columns, events, facts, free_days, marginals, search
from synthesis.matching import match

SEED = 4
BMI_MATCHED, CT_MATCHED = 19, 12
COLUMNS = [
    "patient_id",
    "group",
    "sex",
    "age",
    "bmi",
    "admission_date",
    "treatment_day",
    "pf_ratio",
    "lymphocytes",
    "sofa",
    "crp",
    "ferritin",
    "d_dimer",
    "creatinine",
    "viral_load_ct",
    "death_28d",
    "death_60d",
    "followup_days",
    "death_by_60",
    "icu_free_days",
    "need_mv",
    "invasive_ventilation_free_days",
    "hfno_free_days",
    "o2_free_days",
    "need_noradrenaline",
    "crp_day7",
    "d_dimer_day7",
]


def matched_design(rng, targets, drawn):
    """(controls, design, partners): annealed so that the study's matching gives a sample like the printed one."""
    controls = cohort.draw_controls(rng, {name: drawn[name][1] for name in facts.PROPENSITY})
    table = np.column_stack([controls.values[name] for name in facts.PROPENSITY])
    treated = np.column_stack([rng.permutation(drawn[name][0]) for name in facts.PROPENSITY])
    complete = np.flatnonzero(~np.isnan(table).any(axis=1))
    design, _ = search.anneal(rng, search.Design(treated, table, complete), targets)
    controls.values |= dict(zip(facts.PROPENSITY, design.control.T, strict=True))
    found = match(design.treated, design.control[complete])
    return controls, design, complete[found.partners]


def scores_of_later_columns(rng, controls, happened):
    """{variable: float (247,)} by which BMI, creatinine, viral load and the day-7 values are given out."""
    noise = rng.standard_normal((2, cohort.CONTROLS))
    value, ill = controls.values, happened.ventilated + 0.8 * happened.dead28
    clot = np.log(np.where(np.isnan(value["d_dimer"]), 1000, value["d_dimer"]) / 1000)
    return {
        "bmi": value["bmi"],
        "creatinine": value["creatinine"] + 0.3 * controls.male,
        "viral_load_ct": value["viral_load_ct"],
        "crp_day7": 0.35 * np.log(value["crp"] / 120) + 0.8 * ill + noise[0],
        "d_dimer_day7": 0.6 * clot + 0.8 * ill + 0.8 * noise[1],
    }


def later_columns(rng, targets, drawn, controls, happened, partners):
    """{variable: (treated (8,), control (247,))} for the variables that are not in the propensity model."""
    alive7 = happened.followup >= 7
    held_n = {"bmi": BMI_MATCHED, "viral_load_ct": CT_MATCHED, "creatinine": 24}
    held_n |= {name: n["matched"] for name, n in facts.DAY7_N.items()}
    found = {}
    for name, score in scores_of_later_columns(rng, controls, happened).items():
        ordered = drawn[name][1]
        wish = 0.004 * controls.admitted if name == "viral_load_ct" else np.zeros(cohort.CONTROLS)
        allowed = alive7 if name in facts.DAY7_N else None
        held = columns.hold(rng, len(ordered), held_n[name], partners.ravel(), wish, allowed)
        start = columns.place(ordered, held, score)
        treated = rng.permutation(drawn[name][0])
        found[name] = columns.settle(rng, name, targets[name], treated, start, partners, score)
    return found


def assemble(rng, controls, design, happened, days, later):
    """The table of 8 + 247 rows, MSC first, before it is shuffled."""
    treated_days, control_days = days
    table = {"group": ["MSC"] * 8 + ["control"] * cohort.CONTROLS}
    sex = np.concatenate([np.arange(8) != rng.integers(8), controls.male])
    table["sex"] = np.where(sex, "male", "female")
    for k, name in enumerate(facts.PROPENSITY):
        table[name] = np.concatenate([design.treated[:, k], design.control[:, k]])
    for name, (treated, control) in later.items():
        table[name] = np.concatenate([treated, control])
    for k, name in enumerate(facts.FREE_DAYS):
        table[name] = np.concatenate([treated_days[:, k], control_days[:, k]])
    none = np.zeros(8, dtype=bool)
    table["death_28d"] = np.concatenate([none, happened.dead28])
    table["death_60d"] = table["death_by_60"] = np.concatenate([none, happened.dead60])
    table["followup_days"] = np.concatenate([np.full(8, 60.0), happened.followup])
    for name, need, count in (
        ("need_mv", happened.ventilated, events.MV_TREATED),
        ("need_noradrenaline", happened.noradrenaline, events.NORADRENALINE_TREATED),
    ):
        table[name] = np.concatenate([np.isin(np.arange(8), happened.severity[:count]), need])
    admitted = np.concatenate([cohort.admission_days(rng, 8), controls.admitted])
    table["admission_date"] = [cohort.iso_date(day) for day in admitted]
    table["treatment_day"] = np.concatenate([rng.choice([0, 1, 1, 2], 8), np.full(cohort.CONTROLS, np.nan)])
    return pd.DataFrame(table)


def associated(rng, table, partners):
    """The table with baseline values of unmatched controls going together more plausibly; nothing else changes."""
    control = table.group == "control"
    columns_now = {name: table.loc[control, name].to_numpy(float) for name in associations.FIXED if name != "male"}
    columns_now |= {name: table.loc[control, name].to_numpy(float) for name in cohort.BASELINE}
    columns_now["male"] = (table.loc[control, "sex"] == "male").to_numpy(float)
    matched = np.isin(np.arange(cohort.CONTROLS), partners.ravel())
    out = table.copy()
    for name, values in associations.restore(rng, columns_now, matched).items():
        out.loc[control, name] = values
    return out


def as_written(table):
    """The table as text: fixed decimals, empty where missing, columns in the codebook's order."""
    out = pd.DataFrame(index=table.index)
    for name in COLUMNS:
        column = table[name]
        if column.dtype == object:
            out[name] = column
            continue
        digits = marginals.SHAPES[name].decimals if name in marginals.SHAPES else 0
        out[name] = ["" if np.isnan(x) else f"{x:.{digits}f}" for x in column.astype(float)]
    return out


def build(seed):
    """The finished table as text, rows shuffled, ids without information."""
    rng = np.random.default_rng(seed)
    targets = facts.targets(facts.load_published())
    drawn = {name: marginals.draw(rng, name, targets[name]) for name in marginals.SHAPES}
    controls, design, partners = matched_design(rng, targets, drawn)
    happened = events.draw_events(rng, design.treated, controls, partners)
    days = free_days.arrange(rng, targets, controls, happened, partners)
    later = later_columns(rng, targets, drawn, controls, happened, partners)
    table = assemble(rng, controls, design, happened, days, later)
    table = associated(np.random.default_rng([seed, 1]), table, partners)
    table = table.iloc[rng.permutation(len(table))].reset_index(drop=True)
    table["patient_id"] = [f"P{row:03d}" for row in range(1, len(table) + 1)]
    return as_written(table)


if __name__ == "__main__":
    seed = int(sys.argv[1]) if len(sys.argv) > 1 else SEED
    output = sys.argv[2] if len(sys.argv) > 2 else facts.FOLDER / "msc_covid19.csv"
    build(seed).to_csv(output, index=False, lineterminator="\n")
