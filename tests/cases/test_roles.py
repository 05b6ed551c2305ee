"""What each file's columns are: the guess is right, or it asks; nothing that could be an outcome is a covariate."""

import io
from dataclasses import dataclass

import pandas as pd
import pytest

from lib.io import read_table, write_csv
from lib.roles.guess import guess_spec
from tests.cases.shelf import event_of, guessed, opened, raw, waiting


@dataclass(frozen=True)
class Case:
    """known: columns that have to be covariates, each clear in its name and values.  after: columns of what happened
    after, which no guess may put among the covariates.  treated: the treatment column and its treated value."""

    file: str
    known: tuple[str, ...]
    after: tuple[str, ...]
    treated: tuple[str, str] = ("grp", "MSC")


PLAIN = ("age", "sofa", "crp")
CHU = ("Âge (ans)", "Sexe", "IMC (kg/m²)", "HTA", "Diabète", "CRP J0 (mg/L)", "IGS II")
CHU_AFTER = ("Durée séjour réa (j)", "Suivi (jours)", "Date sortie", "Commentaire")
CHU_TREATED = ("Groupe", "Traité")
CASES = (
    Case(
        "01_metabric_status",
        ("Age at Diagnosis", "Nottingham prognostic index", "Tumor Size"),
        (
            "Overall Survival (Months)",
            "Overall Survival Status",
            "Relapse Free Status (Months)",
            "Relapse Free Status",
            "Patient's Vital Status",
        ),
        ("Chemotherapy", "Yes"),
    ),
    Case("02_age_years", ("Age (years)", "sofa", "crp"), ("Follow-up (days)", "Death")),
    Case("02b_diabetes_duration", ("age", "Diabetes duration (years)", "sofa"), ("Follow-up (days)", "Death")),
    Case("03_german_thousands", ("age", "sofa"), ("days", "dead")),
    Case("03_truth", ("age", "sofa"), ("days", "dead")),
    Case("03b_million", ("age", "sofa"), ("days", "dead")),
    Case("04a_cnsr", PLAIN, ("AVAL", "CNSR")),
    Case("04b_censored", PLAIN, ("days", "censored")),
    Case("04c_alive01", PLAIN, ("days", "alive")),
    Case("05a_deceased_living", PLAIN, ("days", "vital_status")),
    Case("05b_plus_minus", PLAIN, ("hospital_outcome",)),
    Case("05c_tot_verlegt", PLAIN, ("hospital_outcome",)),
    Case("05d_mort_sorti", PLAIN, ("hospital_outcome",)),
    Case("06_days_to_death", ("age", "crp"), ("vital_status", "days_to_death", "days_to_last_followup")),
    Case("06b_time_to_death", ("age", "crp"), ("dead", "time_to_death_days")),
    Case("07_time_zero", PLAIN, ("days", "dead")),
    Case("07b_negative_time", PLAIN, ("days", "dead")),
    Case("08_repeated_ids", PLAIN, ("days", "dead")),
    Case("09_gbsg", ("age", "meno", "size", "grade", "nodes", "pgr", "er"), ("rfstime", "status"), ("hormon", "1")),
    Case("10_spelling_of_arms", PLAIN, ("days", "dead")),
    Case("10b_spelling_of_event", PLAIN, ("died",)),
    Case("10c_spelling_of_sex", ("sex", *PLAIN), ("died",)),
    Case("11_L0_plain_truth", PLAIN, ("days", "dead")),
    Case(
        "12_lalonde_rownames",
        ("age", "educ", "race", "married", "nodegree", "re74"),
        ("re78",),
        ("treat", "1"),
    ),
    Case("13_skewed_outlier", ("age", "ferritin"), ("y",), ("trt", "1")),
    Case(
        "15_rotterdam_size_classes",
        ("age", "meno", "size", "grade", "nodes", "pgr", "er"),
        ("rtime", "recur", "dtime", "death"),
        ("hormon", "1"),
    ),
    Case("15b_age_bands", ("ageband", "sofa", "crp"), ("died",)),
    Case("16_x_mark", PLAIN, ("died",)),
    Case("27_pbc", ("age", "sex", "bili", "albumin"), ("time", "status"), ("trt", "1")),
    Case("cohorte_chu", CHU, (*CHU_AFTER, "Statut J90"), CHU_TREATED),
    Case("cohorte_devenir", CHU, (*CHU_AFTER, "Devenir"), CHU_TREATED),
    Case("cohorte_died_discharged", CHU, (*CHU_AFTER, "Hospital outcome"), CHU_TREATED),
    Case("ferritin_thousands_plus_one_typo", ("age", "temp"), (), ("arm", "1")),
)
CLEAR = ("02_age_years", "05a_deceased_living", "11_L0_plain_truth", "cohorte_chu")  # clear words need no click
EVENTS = {  # columns of an outcome, and the value that is its event
    "01_metabric_status": (("Overall Survival (Months)", "Overall Survival Status"), "Deceased"),
    "02_age_years": (("Follow-up (days)", "Death"), "1"),
    "02b_diabetes_duration": (("Follow-up (days)", "Death"), "1"),
    "05a_deceased_living": (("days", "vital_status"), "Deceased"),
    "05b_plus_minus": (("hospital_outcome",), "+"),
    "05c_tot_verlegt": (("hospital_outcome",), "tot"),
    "05d_mort_sorti": (("hospital_outcome",), "mort"),
    "11_L0_plain_truth": (("days", "dead"), "1"),
    "15_rotterdam_size_classes": (("dtime", "death"), "1"),
    "cohorte_chu": (("Suivi (jours)", "Statut J90"), "Décédé"),
    "cohorte_devenir": (("Suivi (jours)", "Devenir"), "Décédé"),
    "cohorte_died_discharged": (("Suivi (jours)", "Hospital outcome"), "Died"),
}
OR_ASKED = {  # the same where a question will do
    "04a_cnsr": (("AVAL", "CNSR"), "0"),
    "04b_censored": (("days", "censored"), "0"),
    "04c_alive01": (("days", "alive"), "0"),
    "09_gbsg": (("rfstime", "status"), "1"),
    "27_pbc": (("time", "status"), "2"),
}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_no_outcome_is_a_covariate_by_a_guess(case):
    columns = guessed(case.file).columns
    assert not {*columns.covariates, *columns.described} & set(case.after)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_what_was_clearly_known_before_is_a_covariate(case):
    assert set(case.known) <= set(guessed(case.file).columns.covariates)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.file)
def test_the_treatment_is_found_or_asked(case):
    spec = guessed(case.file)
    asked = any(question.about == "treatment" for question in spec.questions)
    found = (spec.columns.treatment, (spec.columns.treated_value or "").casefold())
    assert asked or found == (case.treated[0], case.treated[1].casefold())
    if case.treated[0] == "grp" and not case.file.startswith("10_"):
        assert not asked  # MSC and control are as clear as words can be


@pytest.mark.parametrize("file", EVENTS)
def test_the_event_is_the_right_value(file):
    columns, value = EVENTS[file]
    assert event_of(guessed(file), opened(file), *columns) == {value}


@pytest.mark.parametrize("file", OR_ASKED)
def test_the_event_is_the_right_value_or_asked(file):
    columns, value = OR_ASKED[file]
    spec = guessed(file)
    asked = [q for q in waiting(spec) if q.about in ("event", "time") and q.column in (*columns, None)]
    assert event_of(spec, opened(file), *columns) == {value} or asked


@pytest.mark.parametrize("file", CLEAR)
def test_clear_words_need_no_click(file):
    assert waiting(guessed(file)) == []


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("02_age_years", "Age (years)"),
        ("02b_diabetes_duration", "Diabetes duration (years)"),
        ("06_days_to_death", "days_to_death"),
        ("06b_time_to_death", "time_to_death_days"),
        ("07_time_zero", "age"),
        ("07b_negative_time", "age"),
    ],
)
def test_this_column_is_no_time_by_itself(file, column):
    assert column not in {outcome.time for outcome in guessed(file).outcomes}


def test_only_the_dead_have_a_time_so_time_is_joined_or_asked_or_left_out():
    spec = guessed("06_days_to_death")
    times = [o.time for o in spec.outcomes if o.kind == "survival"]
    joined = {d.name: set(d.columns) for d in spec.derived if d.kind == "joined"}
    for time in times:
        assert joined[time] == {"days_to_death", "days_to_last_followup"}
    assert not [o for o in guessed("06b_time_to_death").outcomes if o.kind == "survival"]


def test_marks_beside_empty_cells_are_asked_or_left_out():
    spec = guessed("16_x_mark")
    stated = [o for o in spec.outcomes if "died" in o.columns()]
    assert not stated or [q for q in waiting(spec) if q.about == "event" and q.column == "died"]


def test_the_id_of_each_file():
    named = {"01_metabric_status": "Patient ID", "09_gbsg": "pid", "08_repeated_ids": "pid", "27_pbc": "id"}
    named |= {case.file: "pid" for case in CASES if case.treated[0] == "grp"}
    assert {file: guessed(file).columns.id for file in named} == named


OUTCOME_HEADERS = {  # header -> the values of three patients, repeated down the file
    "Issue": ("Décès", "Guérison", "Guérison"),
    "Devenir": ("décédé", "vivant", "vivant"),
    "Statut": ("DCD", "vivant", "vivant"),
    "Evolution": ("favorable", "défavorable", "favorable"),
    "Status": ("verstorben", "lebt", "lebt"),
    "Entlassstatus": ("verstorben", "nach Hause", "nach Hause"),
    "Überlebt": ("ja", "nein", "ja"),
    "Jours VM": (3, 12, 0),
    "DMS": (8, 21, 4),
    "Durée de ventilation": (3, 12, 0),
    "Beatmungstage": (3, 12, 0),
    "Liegedauer": (8, 21, 4),
    "Infection nosocomiale": ("oui", "non", "non"),
    "rfstime": (430, 21, 880),
    "status": (1, 0, 0),
    "rtime": (430, 21, 880),
    "recur": (1, 0, 0),
    "dtime": (430, 21, 880),
    "futime": (430, 21, 880),
    "fustat": (1, 0, 0),
    "LOS": (8, 21, 4),
    "Overleden": ("ja", "nee", "nee"),
    "Opnameduur (dagen)": (8, 21, 4),
    "Fallecido": ("sí", "no", "no"),
    "Éxitus": ("sí", "no", "no"),
    "Días de estancia": (8, 21, 4),
    "Deceduto": ("sì", "no", "no"),
    "Degenza (giorni)": (8, 21, 4),
    "Óbito": ("sim", "não", "não"),
    "Tempo de internação": (8, 21, 4),
    "Todesdatum": ("2021-03-04", None, None),
    "Outcome": ("Expired", "Discharged", "Discharged"),
    "Extubated by day 28": ("yes", "no", "yes"),
}


@pytest.mark.parametrize("header", OUTCOME_HEADERS)
def test_a_column_of_what_happened_is_no_covariate(header):
    values = OUTCOME_HEADERS[header]
    frame = pd.read_csv(io.BytesIO(raw("11_L0_plain_truth")))
    frame[header] = [values[(7 * row) % 31 % 3] for row in range(len(frame))]
    columns = guess_spec(read_table(write_csv(frame), "file.csv")).columns
    assert header not in (*columns.covariates, *columns.described, columns.treatment, columns.id)


def made(columns: dict[str, list], rows: int = 90) -> pd.DataFrame:
    """A frame whose columns repeat these values with periods that do not divide each other."""
    return pd.DataFrame(
        {
            name: [values[(row * (2 * place + 3) + row // 7) % len(values)] for row in range(rows)]
            for place, (name, values) in enumerate(columns.items())
        }
    )


JASA = {  # the headers of jasa, lung and colon of R survival, with values of their kind
    "birth.dt": ["1937-01-10", "1916-03-02", "1913-09-19", "1927-12-23", "1947-07-28"],
    "accept.dt": ["1967-11-15", "1968-01-02", "1968-01-06", "1968-03-28"],
    "tx.date": [None, "1968-01-06", "1968-05-02"],
    "fu.date": ["1968-01-03", "1968-01-07", "1968-01-21", "1968-05-05", "1968-05-27"],
    "fustat": [1, 1, 0, 1],
    "surgery": [0, 0, 0, 0, 0, 1, 0],
    "age": [30.8, 51.8, 54.3, 40.3, 20.8, 54.6, 50.9],
    "futime": [49, 5, 15, 38, 17, 2, 674, 39, 84],
    "transplant": [0, 0, 1, 1, 0],
}
LUNG = {
    "inst": [3, 5, 1, 12, 7],
    "time": [306, 455, 1010, 210, 883, 1022, 310, 361],
    "status": [2, 2, 1],
    "age": [74, 68, 56, 57, 60, 71],
    "sex": [1, 1, 2],
    "ph.ecog": [1, 0, 0, 2, 1],
    "wt.loss": [15, 11, -5, 10, 0, 23],
    "arm": [1, 0, 0, 0, 0],
}


def test_a_follow_up_status_is_not_the_treatment():
    for frame, status in ((made(JASA), "fustat"), (made(LUNG), "status")):
        columns = guess_spec(read_table(write_csv(frame), "file.csv")).columns
        assert columns.treatment != status
        assert not {status, "futime", "time", "fu.date"} & {*columns.covariates, *columns.described}


def test_the_id_of_a_file_with_two_rows_for_each_patient_is_no_covariate():
    colon = made(
        {
            "rx": ["Lev+5FU", "Obs", "Obs"],
            "sex": [1, 0],
            "age": [43, 63, 71, 66, 69],
            "nodes": [5, 1, 7, 6, 22],
            "status": [1, 0, 0],
            "time": [1521, 968, 3087, 542, 245],
        }
    )
    colon.insert(0, "id", [row // 2 + 1 for row in range(len(colon))])
    columns = guess_spec(read_table(write_csv(colon), "file.csv")).columns
    assert not {"id", "status", "time"} & {*columns.covariates, *columns.described}
