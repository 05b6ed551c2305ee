"""The first guess: sensible on both samples, and never an outcome among the covariates."""

import numpy as np
import pandas as pd
import pytest

from lib.cohort import build_cohort, privacy_warnings
from lib.errors import DataError
from lib.io import read_csv
from lib.roles.describe import describe_columns
from lib.roles.guess import guess_roles, guess_spec
from lib.roles.vocabulary import moment, words
from lib.spec import AnalysisSpec
from lib.table import Table
from tests.conftest import SAMPLES


def sample(name: str) -> Table:
    return read_csv((SAMPLES / f"{name}.csv").read_bytes())


def roles(**columns: list) -> dict[str, str]:
    table = Table.from_frame(pd.DataFrame(columns))
    return guess_roles(table).set_index("column")["role"].to_dict()


def names_with(given: dict[str, str], role: str) -> list[str]:
    return [name for name, found in given.items() if found == role]


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("crp_day7", ("crp", "day7")),
        ("death_28d", ("death", "28d")),
        ("DeathDay28", ("death", "day28")),
        ("d_dimer", ("d", "dimer")),
        ("wt82_71", ("wt", "82", "71")),
        ("CRP.J7", ("crp", "j7")),
        ("followup days", ("followup", "days")),
    ],
)
def test_words(name, parts):
    assert words(name) == parts


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("crp_day7", 7),
        ("crp_d0", 0),
        ("death_60d", 60),
        ("day7", None),
        ("d_dimer", None),
    ],
)
def test_moments(name, day):
    assert moment(name) == day


def test_the_synthetic_study():
    guessed = guess_spec(sample("msc_covid19"))
    study = AnalysisSpec.from_json((SAMPLES / "msc_covid19.spec.json").read_bytes())
    assert guessed.columns.id == study.columns.id
    assert (guessed.columns.treatment, guessed.columns.treated_value) == ("group", "MSC")
    assert {"age", "sofa", "pf_ratio", "lymphocytes", "d_dimer", "crp"} <= set(guessed.columns.covariates)
    assert guessed.matching.ratio == 3
    assert {(o.kind, *o.columns()) for o in guessed.outcomes} == {(o.kind, *o.columns()) for o in study.outcomes}
    baselines = {o.column: o.baseline for o in guessed.outcomes if o.baseline}
    assert baselines == {"crp_day7": "crp", "d_dimer_day7": "d_dimer"}
    assert [o.name for o in guessed.outcomes if o.primary] == ["death_28d"]
    assert build_cohort(sample("msc_covid19"), guessed).treated.sum() == 8


def test_nhefs():
    guessed = guess_spec(sample("nhefs"))
    assert (guessed.columns.id, guessed.columns.treatment, guessed.columns.treated_value) == ("seqn", "qsmk", "1")
    assert {"age", "sex", "race", "education", "smokeintensity", "smokeyrs", "exercise", "active", "wt71"} <= set(
        guessed.columns.covariates
    )
    assert not {"death", "yrdth", "modth", "dadth", "wt82", "wt82_71"} & set(guessed.columns.covariates)
    kinds = {outcome.name: outcome.kind for outcome in guessed.outcomes}
    assert kinds == {"death": "binary", "wt82": "continuous", "wt82_71": "continuous"}
    assert guessed.columns.categorical == ("marital",)
    assert build_cohort(sample("nhefs"), guessed).n > 1400


def test_the_benchs_columns():
    rng = np.random.default_rng(1)
    given = roles(id=list(range(50)), t=[0, 1] * 25, **{f"X{i}": rng.normal(size=50).tolist() for i in range(1, 8)})
    assert given == {"id": "id", "t": "treatment"} | {f"X{i}": "covariate" for i in range(1, 8)}


def test_languages():
    n = 24
    given = roles(
        Patientennummer=[f"K{i}" for i in range(n)],
        Behandlung=["Verum", "Kontrolle"] * (n // 2),
        Alter=list(range(40, 40 + n)),
        verstorben=[0, 1, 0] * 8,
        deces_j28=[0, 0, 1] * 8,
        muerte=[0, 1] * 12,
        crp_j0=np.arange(n) / 7,
        crp_j7=np.arange(n) / 9,
        sejour_jours=list(range(n)),
    )
    assert names_with(given, "treatment") == ["Behandlung"]
    assert names_with(given, "covariate") == ["Alter", "crp_j0"]
    assert names_with(given, "outcome_binary") == ["verstorben", "deces_j28", "muerte"]
    assert names_with(given, "outcome_continuous") == ["crp_j7", "sejour_jours"]


def test_in_doubt_no_covariate():
    n = 20
    numbers = (np.arange(n) % 7 + 0.5).tolist()
    given = roles(
        group=["a", "b"] * (n // 2),
        need_dialysis=[0, 1] * 10,
        vent_free_days=numbers,
        change_in_weight=numbers,
        bilirubin_month6=numbers,
        response=[1, 0] * 10,
        remark=[f"text {i}" for i in range(n)],
        crp=["<5", *map(str, range(19))],
        visit_date=["01.02.2020", "02.02.2020"] * 10,
        constant=[1] * n,
        empty=[None] * n,
        mostly_gaps=[1.5, 2.5] + [None] * (n - 2),
        days_since_onset=numbers,
        icu_los=numbers,
    )
    assert names_with(given, "covariate") == ["days_since_onset"]
    assert names_with(given, "outcome_binary") == ["need_dialysis", "response"]
    assert names_with(given, "outcome_continuous") == [
        "vent_free_days",
        "change_in_weight",
        "bilirubin_month6",
        "icu_los",
    ]
    assert set(names_with(given, "ignore")) == {"remark", "crp", "visit_date", "constant", "empty", "mostly_gaps"}


def test_later_members_of_a_family_of_names():
    n = 12
    values = (np.arange(n) * 1.5).tolist()
    given = roles(treat=[0, 1] * 6, re74=values, re75=values, re78=values, il6=values, il10=values)
    assert names_with(given, "outcome_continuous") == ["re78"]
    assert names_with(given, "covariate") == ["re74", "re75", "il6", "il10"]


def test_a_family_of_unknown_names_is_not_used():
    values = (np.arange(12) * 1.5).tolist()
    given = roles(treat=[0, 1] * 6, qq74=values, qq78=values, wt71=values, wt82=values)
    assert (given["qq74"], given["qq78"]) == ("ignore", "ignore")
    assert (given["wt71"], given["wt82"]) == ("covariate", "outcome_continuous")


@pytest.mark.parametrize(
    ("time", "event", "role"),
    [
        ([5, 60, 30, 60] * 3, [1, 0, 1, 0] * 3, "outcome_time"),
        ([0, 60, 30, 60] * 3, [1, 0, 1, 0] * 3, "outcome_time"),
        ([-1, 60, 30, 60] * 3, [1, 0, 1, 0] * 3, "ignore"),
        ([5, 60, 30, 60] * 3, None, "ignore"),
    ],
)
def test_time_needs_an_event_and_may_not_be_below_0(time, event, role):
    columns = {"arm": ["x", "control"] * 6, "survival_time": time} | ({"status": event} if event else {})
    assert roles(**columns)["survival_time"] == role


@pytest.mark.parametrize(
    ("values", "treated"),
    [
        (["MSC", "control", "control"], "MSC"),
        (["placebo", "drug", "drug"], "drug"),
        (["no", "yes", "no"], "yes"),
        (["Verum", "Kontrolle", "Kontrolle"], "Verum"),
        (["RHC", "No RHC", "No RHC"], "RHC"),
        (["unbehandelt", "behandelt", "behandelt"], "behandelt"),
        (["usual care", "A", "A"], "A"),
        ([0, 1, 1], "1"),
    ],
)
def test_which_value_is_treated(values, treated):
    table = Table.from_frame(pd.DataFrame({"group": values * 4, "age": range(12)}))
    assert guess_spec(table).columns.treated_value == treated


@pytest.mark.parametrize("values", [["A", "B", "B"], [1, 2, 2], ["early", "late", "late"], ["yes", "ja", "ja"]])
def test_a_treated_value_that_no_word_tells_is_asked(values):
    guessed = guess_spec(Table.from_frame(pd.DataFrame({"group": values * 4, "age": range(12)})))
    (question,) = guessed.questions
    assert (question.about, question.column, question.blocking) == ("treatment", "group", True)
    assert set(question.candidates) == {str(value) for value in values}
    assert guessed.columns.treated_value is None


def test_without_a_treatment_the_two_valued_columns_are_asked_about():
    table = Table.from_frame(pd.DataFrame({"id": range(9), "sex": ["f", "m", "f"] * 3, "death": [0, 1, 0] * 3}))
    guessed = guess_spec(table)
    (question,) = guessed.questions
    assert (question.about, question.candidates) == ("treatment", ("sex", "death"))
    assert guessed.columns.treatment == ""
    with pytest.raises(DataError, match="No column is chosen as the treatment"):
        build_cohort(table, guessed)


def test_a_column_known_in_one_arm_only_is_no_covariate():
    given = roles(group=["MSC"] * 8 + ["control"] * 4, dose=[1.5, 2.5] * 4 + [None] * 4, age=list(range(12)))
    assert given["dose"] == "ignore"


# ---- summaries and privacy


def test_summaries_show_no_patient():
    table = Table.from_frame(
        pd.DataFrame(
            {
                "id": [f"P{i}" for i in range(12)],
                "number": range(12),
                "age": [40, 50, 60] * 4,
                "crp": [0.5, None, 20.25, 3.0] * 3,
                "sex": ["f", "m"] * 6,
                "stage": ["I", "II", "III"] * 4,
                "remark": [f"r{i}" for i in range(11)] + [None],
                "seen": ["01.02.2020"] * 11 + ["05.02.2020"],
                "empty": [None] * 12,
            }
        )
    )
    rows = describe_columns(table).set_index("column")
    assert rows["type"].tolist() == [
        "text",
        "whole number",
        "whole number",
        "number",
        "two values",
        "text",
        "text",
        "date",
        "empty",
    ]
    assert rows["summary"].tolist() == [
        "12 different values",
        "12 different values",
        "40 to 60",
        "0.5 to 20.25",
        "f, m",
        "I, II, III",
        "11 different values",
        "2 different values",
        "",
    ]
    assert rows["missing"].tolist() == [0, 0, 0, 3, 0, 0, 1, 0, 12]
    assert (rows["n"] + rows["missing"] == 12).all()


@pytest.mark.parametrize(
    ("name", "values", "what"),
    [
        ("Nom", ["Dupont", "Müller", "Peña"], "names"),
        ("x", ["Anna Smith", "John Doe", "Jean-Luc Picard"], "names"),
        ("Geburtsdatum", ["01.02.1950", "03.04.1960", "07.08.1970"], "birth"),
        ("yob", [1950, 1960, 1970], "birth"),
        ("date", ["1950-01-02", "1990-01-02", "2001-01-01"], "birth"),
        ("MRN", [1, 2, 3], "record"),
        ("numero_dossier", ["A1", "B2", "C3"], "record"),
        ("id", [10234567, 20345678, 30456789], "record"),
        ("x", [123456, 234567, 345678], "record"),
        ("contact", ["a@b.de", "c@d.fr", "x@y.es"], "reach"),
        ("Telefon", [123, 456, 789], "reach"),
    ],
)
def test_columns_that_identify_a_patient(name, values, what):
    warnings = privacy_warnings(Table.from_frame(pd.DataFrame({name: values, "age": [50, 60, 70]})))
    assert len(warnings) == 1
    assert warnings[0].startswith(f'Column "{name}" looks like')
    assert what in warnings[0]
    assert not any(str(value) in warnings[0] for value in values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("patient_id", ["P1", "P2", "P3"]),
        ("nombre_jours", [1, 2, 3]),
        ("birth_weight", [3100, 2500, 2800]),
        ("drug_name", ["A", "A", "B", "B"]),
        ("admission_date", ["2020-01-02", "2020-03-04", "2021-05-06"]),
        ("crp", [1.5, 2.5, 3.5]),
        ("x", [12345, 23456, 34567]),
        ("Nom", ["Dupont", "Dupont", "Müller", "Müller"]),
    ],
)
def test_columns_that_do_not(name, values):
    assert privacy_warnings(Table.from_frame(pd.DataFrame({name: values}))) == ()


@pytest.mark.parametrize(("controls", "ratio"), [(1, 1), (3, 1), (4, 2), (8, 3)])
def test_the_ratio_is_what_the_controls_suffice_for(controls, ratio):
    """Two treated patients; at most three controls for each are asked for."""
    rows = pd.DataFrame({"arm": ["treated"] * 2 + ["control"] * controls, "age": range(50, 52 + controls)})
    guessed = guess_spec(Table.from_frame(rows)).matching
    assert (guessed.ratio, guessed.caliper) == (ratio, None)


@pytest.mark.parametrize(("known", "role"), [(4, "covariate"), (3, "ignore")])
def test_a_column_of_which_a_third_is_missing_is_still_a_covariate(known, role):
    rows = pd.DataFrame({"arm": ["treated", "control"] * 3, "crp": [1.5, 2.5, 3.5, 4.5, None, None]})
    rows.loc[known:, "crp"] = None
    roles = guess_roles(Table.from_frame(rows)).set_index("column")["role"]
    assert roles["crp"] == role


@pytest.mark.parametrize(("last", "warned"), [(1974, 0), (1975, 1)])
def test_dates_a_generation_apart_may_be_birth_dates(last, warned):
    """From 25 years between the first and the last on; an enrolment does not take that long."""
    dates = ["1950-01-02", "1960-03-04", f"{last}-01-01"]
    assert len(privacy_warnings(Table.from_frame(pd.DataFrame({"date": dates})))) == warned


@pytest.mark.parametrize("name", ["msc_covid19", "nhefs"])
def test_the_samples_raise_no_warning(name):
    assert privacy_warnings(sample(name)) == ()


@pytest.mark.parametrize(
    ("happened", "not_happened"), [("ja", "nein"), ("oui", "non"), ("TRUE", "FALSE"), ("dead", "alive"), ("yes", "no")]
)
def test_the_event_is_what_happened_in_several_languages(happened, not_happened):
    rows = range(40)
    frame = pd.DataFrame(
        {
            "id": [f"p{i}" for i in rows],
            "group": ["drug" if i < 10 else "control" for i in rows],
            "age": [50.5 + (7 * i) % 23 for i in rows],
            "death": [happened if i % 3 == 0 else not_happened for i in rows],
        }
    )
    outcome = guess_spec(Table.from_frame(frame)).outcomes[0]
    assert (outcome.column, outcome.event_value) == ("death", happened)
