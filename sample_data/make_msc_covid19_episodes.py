"""Writes msc_covid19_episodes.csv, when each patient of msc_covid19.csv was on what support:

    python sample_data/make_msc_covid19_episodes.py [COHORT] [OUTPUT]

Days count from ICU admission. The free days printed in the study stand in the cohort; here stays and supports are
invented so that the study's definitions give exactly those days back. The same cohort gives the same bytes.
"""

import sys
from dataclasses import dataclass

import numpy as np
import pandas as pd
from synthesis.facts import FOLDER

SEED = 11
WINDOW = 28
LONGEST = 58  # the longest ICU stay in print; here the longest of all, on any support that a control has
# Said in print of the MSC group: ICU stays of 3 to 58 days, median 12; hospital stays of 13 to 109 days, median 30;
# one patient ventilated at inclusion, two later, one of these on ECMO; one back in the ICU after a pneumothorax; one
# without the third of three infusions at 3-day intervals. Roles are in this order, the calm ones by their ICU stay.
ROLES = ("ventilated", "ecmo", "ventilated_later", "readmitted", "calm", "calm", "calm", "calm")
HOSPITAL_DAYS = (45, 109, 33, 38, 27, 20, 16, 13)
TWO_INFUSIONS = 4  # which of ROLES had two
WARD_DAYS = 9  # between the two ICU stays; leaves 12 ICU days, the printed median
INFUSION_GAP = 3


@dataclass(frozen=True)
class Course:
    """Days from ICU admission of one patient; None for what was not given. h, v, o: HFNO, ventilation, any oxygen."""

    icu_end: int
    h_start: int
    h_end: int
    v_start: int | None
    v_end: int | None
    o_start: int
    o_end: int
    admitted: int
    discharged: int


def last_day(rng, start, free, floor, death):
    """When a support that began on `start` ends: 28 - free days later; at 0 free days, not before the window does."""
    if free > 0:
        return start + WINDOW - free
    latest = LONGEST if death is None else death
    earliest = max(start + WINDOW, floor)
    return latest if earliest >= latest else min(latest, earliest + int(rng.geometric(0.12)) - 1)


def starts(rng, free, ventilated, death, begun):
    """(HFNO, ventilation, oxygen) first days. free: days by support; begun: None or the earliest day of ventilation."""
    early = WINDOW if death is None or death <= WINDOW else death - WINDOW - 1
    slack = free["hfno"] - free["icu"] if free["hfno"] else WINDOW
    h = 0 if begun is not None else min(int(rng.random() < 0.25), slack, early)
    lead = int(rng.choice([0, 0, 1, 1, 2, 3]))
    o = h - min(lead, free["hfno"] - free["o2"] if free["o2"] else lead)
    if not ventilated:
        return h, None, o
    room = [h + free["vent"] - free["hfno"] if free["hfno"] else WINDOW, WINDOW]
    room += [free["vent"] - free["icu"]] if free["icu"] else []
    room += [early] if free["vent"] else [death - 1] if death is not None else []
    later = h + int(rng.geometric(0.4)) if begun is None else begun
    return h, max(h, min(later, *room)), o


def course(rng, free, ventilated, death, begun=None):
    """The course of one patient whose free days come out as given; death: day, None if alive at day 60."""
    h, v, o = starts(rng, free, ventilated, death, begun)
    if death is not None and death <= WINDOW:
        return Course(death, h, v if ventilated else death, v, death if ventilated else None, o, death, o, death)
    v_end = last_day(rng, v, free["vent"], 0, death) if ventilated else None
    h_end = last_day(rng, h, free["hfno"], v_end or 0, death)
    icu_end = last_day(rng, 0, free["icu"], h_end, death)
    o_end = last_day(rng, o, free["o2"], h_end, death)
    home = max(icu_end, o_end) + int(rng.geometric(0.25))
    return Course(icu_end, h, h_end, v, v_end, o, o_end, min(o, 0) - int(rng.random() < 0.3), death or home)


def supports(c):
    """[(support, start, end)] of a course: conventional oxygen only where nothing stronger was given."""
    rows = [("hospital", c.admitted, c.discharged), ("icu", 0, c.icu_end)]
    if c.o_start < c.h_start:
        rows.append(("oxygen", c.o_start, c.h_start))
    if c.v_start is None:
        rows.append(("hfno", c.h_start, c.h_end))
    else:
        rows += [("hfno", c.h_start, c.v_start), ("invasive_ventilation", c.v_start, c.v_end)]
        if c.h_end > c.v_end:
            rows.append(("hfno", c.v_end, c.h_end))
    strongest = max(c.h_end, c.v_end or c.h_end)
    if c.o_end > strongest:
        rows.append(("oxygen", strongest, c.o_end))
    return rows


def roles_of(treated):
    """Row labels of the MSC patients in the order of ROLES, told by their free days. treated: their rows."""
    ventilated = treated[treated.need_mv == 1].sort_values("icu_free_days").index
    calm = treated[treated.need_mv == 0].sort_values("icu_free_days").index
    return [ventilated[1], ventilated[0], ventilated[2], *calm]


def treated_rows(rng, place, role, patient):
    """The episodes of one MSC patient, with infusions; place: in ROLES."""
    first = int(patient.treatment_day)
    begun = {"ventilated": min(first, 1), "ecmo": first + 2, "ventilated_later": first + 1}.get(role)
    found = course(rng, free_days(patient), begun is not None, None, begun)
    if role == "ecmo":
        found = Course(LONGEST, 0, 54, begun, 50, -1, 74, -2, 107)
    rows = [row for row in supports(found) if row[0] != "hospital"]
    if role == "ecmo":
        rows.append(("ecmo", begun + 4, begun + 24))
    if role == "readmitted":
        rows = readmitted(found, rows)
    infusions = 2 if place == TWO_INFUSIONS else 3
    rows += [("infusion", first + INFUSION_GAP * k, first + INFUSION_GAP * k) for k in range(infusions)]
    admitted = min(found.o_start, 0) - (2 if place == 2 else 1)
    return [("hospital", admitted, admitted + HOSPITAL_DAYS[place]), *rows]


def readmitted(found, rows):
    """The rows with WARD_DAYS on the ward, on conventional oxygen, between two halves of the ICU stay."""
    left = (found.icu_end - WARD_DAYS) // 2
    back = left + WARD_DAYS
    rows = [row for row in rows if row[0] not in ("icu", "hfno")]
    rows += [("icu", 0, left), ("oxygen", left, back), ("icu", back, found.icu_end)]
    return [*rows, ("hfno", found.h_start, left), ("hfno", back, found.h_end)]


def free_days(patient):
    """{support: free days}, 0 where never ventilated."""
    vent = patient.invasive_ventilation_free_days
    days = {"icu": patient.icu_free_days, "hfno": patient.hfno_free_days, "o2": patient.o2_free_days}
    return {name: int(value) for name, value in (days | {"vent": 0 if np.isnan(vent) else vent}).items()}


def build(cohort):
    """The episodes of every patient, in the cohort's order and by day within a patient."""
    rng = np.random.default_rng(SEED)
    roles = {label: place for place, label in enumerate(roles_of(cohort[cohort.group == "MSC"]))}
    lines = []
    for label, patient in cohort.iterrows():
        if label in roles:
            rows = treated_rows(rng, roles[label], ROLES[roles[label]], patient)
        else:
            death = int(patient.followup_days) if patient.death_by_60 else None
            rows = supports(course(rng, free_days(patient), bool(patient.need_mv), death))
        lines += [(patient.patient_id, *row) for row in sorted(rows, key=lambda row: (row[1], -row[2], row[0]))]
    return pd.DataFrame(lines, columns=["patient_id", "support", "start_day", "end_day"])


if __name__ == "__main__":
    source = sys.argv[1] if len(sys.argv) > 1 else FOLDER / "msc_covid19.csv"
    output = sys.argv[2] if len(sys.argv) > 2 else FOLDER / "msc_covid19_episodes.csv"
    build(pd.read_csv(source)).to_csv(output, index=False, lineterminator="\n")
