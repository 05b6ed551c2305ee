"""Columns that may identify a patient, and columns that only look so, by header and values in seven languages."""

import numpy as np
import pandas as pd
import pytest

from lib.cohort.privacy import LOOKED_AT, Identifier, identifiers, privacy_warnings
from lib.table import Table

N = 30
ROWS = np.arange(N)
SURNAMES = ["Dupont", "Müller", "Peña", "Rossi", "Jansen", "Silva", "O'Neil", "Lefèvre", "Schmitt", "García"] * 3
FULL = [f"{first} {last}" for first, last in zip(["Anna", "Jean-Luc", "José"] * 10, SURNAMES, strict=True)]
BORN = [f"{1 + day % 28:02d}.{1 + day % 12:02d}.{1930 + 2 * day}" for day in ROWS]
ADMITTED = [f"2021-{1 + day % 12:02d}-{1 + day % 28:02d}" for day in ROWS]
DIAGNOSED = [f"{1985 + day}-{1 + day % 12:02d}-{1 + day % 28:02d}" for day in ROWS]
MOBILES = [f"+33 6 12 34 {10 + day} 78" for day in ROWS]
NATIONAL_MOBILES = [f"06123456{10 + day}" for day in ROWS]
AMERICAN = [f"(555) 123-45{10 + day}" for day in ROWS]
PRESSURES = [f"{110 + day}/{60 + day}" for day in ROWS]
LONG = (10_234_567 + 7919 * ROWS).tolist()
PADDED = [f"00{number}" for number in LONG]
PREFIXED = [f"CHU{number}" for number in LONG]
SMALL = (ROWS % 4).tolist()
PLATELETS = (150_000 + 7000 * ROWS).tolist()
VIRAL_LOADS = [int(10 ** (3 + day / 5)) + day for day in ROWS]
WHOLE = (12 + ROWS).tolist()


@pytest.mark.parametrize(
    ("kind", "name", "values"),
    [
        ("name", "Nom", SURNAMES),
        ("name", "Name", SURNAMES),
        ("name", "last_name", [f"N{day}" for day in ROWS]),
        ("name", "Nom de famille", [f"N{day}" for day in ROWS]),
        ("name", "Nombre", FULL),
        ("name", "nome e cognome", FULL),
        ("name", "Nachname", SURNAMES),
        ("name", "Achternaam", SURNAMES),
        ("name", "apellidos", SURNAMES),
        ("name", "sobrenome", SURNAMES),
        ("name", "Prénom", SURNAMES),
        ("name", "Patient", FULL),
        ("name", "Pt", [f"{last.upper()} {first}" for first, last in (one.split(" ", 1) for one in FULL)]),
        ("name", "x", [", ".join(reversed(one.split(" ", 1))) for one in FULL]),
        ("birth", "Date de naissance", BORN),
        ("birth", "DDN", BORN),
        ("birth", "Geburtsdatum", BORN),
        ("birth", "geboortedatum", BORN),
        ("birth", "fecha de nacimiento", BORN),
        ("birth", "data di nascita", BORN),
        ("birth", "Data de nascimento", BORN),
        ("birth", "DOB", ADMITTED),
        ("birth", "Né(e) le", BORN),
        ("birth", "Year of birth", (1930 + ROWS).tolist()),
        ("birth", "dob", (19_300_101 + 10_000 * ROWS).tolist()),
        ("birth", "date", BORN),
        ("record", "MRN", WHOLE),
        ("record", "N° dossier", PREFIXED),
        ("record", "IPP", LONG),
        ("record", "NHC", WHOLE),
        ("record", "Fallnummer", WHOLE),
        ("record", "Cartella clinica", PREFIXED),
        ("record", "nº historia clínica", LONG),
        ("record", "BSN", LONG),
        ("record", "prontuário", WHOLE),
        ("record", "x", LONG),
        ("record", "x", PADDED),
        ("record", "x", [f"{100 + day}-45-67{10 + day}" for day in ROWS]),
        ("record", "x", [f"1{day + 50:02d}0675123456{day:02d}" for day in ROWS]),
        ("record", "x", [f"RSSMRA{day + 40}A01H501X" for day in ROWS]),
        ("phone", "Téléphone", NATIONAL_MOBILES),
        ("phone", "Tel.", MOBILES),
        ("phone", "contact", MOBILES),
        ("phone", "contact", NATIONAL_MOBILES),
        ("phone", "contact", AMERICAN),
        ("phone", "GSM", [612_345_610 + day for day in ROWS]),
        ("phone", "Handynummer", [612_345_610 + day for day in ROWS]),
        ("address", "Adresse", [f"{day} rue de la Paix" for day in ROWS]),
        ("address", "x", [f"{day} rue de la Paix, Liège" for day in ROWS]),
        ("address", "x", [f"Hauptstraße {day}" for day in ROWS]),
        ("address", "x", [f"Kerkstraat {day}, Gent" for day in ROWS]),
        ("address", "x", [f"Calle Mayor {day}" for day in ROWS]),
        ("address", "x", [f"Via Roma {day}" for day in ROWS]),
        ("address", "x", [f"Rua Augusta, {day}" for day in ROWS]),
        ("address", "x", [f"{day} Baker Street" for day in ROWS]),
        ("address", "Code postal", (4000 + ROWS).tolist()),
        ("address", "PLZ", (40_001 + ROWS).tolist()),
        ("address", "Ville", [f"Ville{chr(97 + day % 26)}" for day in ROWS]),
        ("email", "x", [f"a{day}@example.org" for day in ROWS]),
        ("email", "Courriel", SURNAMES),
    ],
)
def test_what_identifies_a_patient(kind, name, values):
    table = Table.from_frame(pd.DataFrame({name: values, "age": 50 + ROWS}))
    assert identifiers(table) == (Identifier(name, kind),)
    (warning,) = privacy_warnings(table)
    assert warning.startswith(f'Column "{name}" looks like ')
    assert "left out of every page and result" in warning
    assert not any(str(value) in warning for value in values)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("BNP", (100 + 37 * ROWS).tolist()),
        ("NT-proBNP (pg/mL)", VIRAL_LOADS),
        ("NIHSS", SMALL),
        ("number of stents", SMALL),
        ("Number of stents", WHOLE),
        ("Nombre de stents", SMALL),
        ("Nombre de jours", WHOLE),
        ("Nombre d'épisodes", [str(one) for one in SMALL]),
        ("numero de stents", WHOLE),
        ("Tel Hb", WHOLE),
        ("Tel Hb (g/L)", (ROWS + 100).tolist()),
        ("NIR", [0.5 + day / 100 for day in ROWS]),
        ("NIR (%)", (50 + ROWS).tolist()),
        ("IPP", ["oui", "non", "non"] * 10),
        ("Historia de diabetes", ["sí", "no", "no"] * 10),
        ("Historia tabáquica", WHOLE),
        ("chart review", SMALL),
        ("birth weight", (1950 + ROWS).tolist()),
        ("Geburtsgewicht", (2500 + 10 * ROWS).tolist()),
        ("Poids de naissance (g)", (11_000 + 10 * ROWS).tolist()),
        ("Lieu de naissance", ["Belgique", "France", "Maroc"] * 10),
        ("drug_name", SURNAMES),
        ("Nom du médicament", SURNAMES),
        ("hospital name", FULL),
        ("Group", ["Mesenchymal Cells", "Usual Care"] * 15),
        ("Nom", ["Dupont", "Müller"] * 15),
        ("Name", [f"S{day:03d}" for day in ROWS]),
        ("Nombre de patients", SMALL),
        ("Nombre de visites, patient", [str(one) for one in SMALL]),
        ("first_drug_name", [f"N{day}" for day in ROWS]),
        ("patient_id", [f"P{day:04d}" for day in ROWS]),
        ("id", WHOLE),
        ("admission_date", ADMITTED),
        ("Date entrée réa", ADMITTED),
        ("Date du diagnostic", DIAGNOSED),
        ("surgery date", DIAGNOSED),
        ("x", ADMITTED),
        ("x", [f"{day} 13:45" for day in ADMITTED]),
        ("blood pressure", PRESSURES),
        ("Platelets", PLATELETS),
        ("platelets (/µL)", PLATELETS),
        ("Viral load", VIRAL_LOADS),
        ("dose_cells", (75_000_000 + 500_000 * ROWS).tolist()),
        ("cellulare", ["basale", "squamoso", "misto"] * 10),
        ("mobile", ["yes", "no", "with aid"] * 10),
        ("Mobil", SMALL),
        ("via", ["oral", "iv", "sc"] * 10),
        ("Via de administración", ["oral", "iv", "sc"] * 10),
        ("rue", SMALL),
        ("CAP", SMALL),
        ("CP", (4000 + ROWS).tolist()),
        ("ventilation", ["0 days", "1 day", "2 days"] * 10),
        ("size", [f"{day} x {day + 1} cm" for day in ROWS]),
        ("range", [f"{day}-{day + 5}" for day in ROWS]),
        ("Commentaire", ["RAS", "transféré du CHU ; à revoir", None] * 10),
        ("x", (12_345 + 100 * ROWS).tolist()),
        ("crp", [1.5 + day for day in ROWS]),
        ("empty", [None] * N),
        ("residence", ["urban", "rural", "unknown"] * 10),
        ("Residence", SMALL),
        ("ville d'inclusion", ["Liège", "Gent", "Paris"] * 10),
    ],
)
def test_what_only_looks_so(name, values):
    assert identifiers(Table.from_frame(pd.DataFrame({name: values, "age": 50 + ROWS}))) == ()


def test_several_rows_of_one_person_still_name_that_person():
    names = [f"{first} {last}" for first in ("Anna", "Jean", "José") for last in SURNAMES[:10]] * 5
    assert identifiers(Table.from_frame(pd.DataFrame({"x": names}))) == (Identifier("x", "name"),)


def test_only_the_columns_asked_for_are_looked_at_in_their_order():
    table = Table.from_frame(pd.DataFrame({"nom": SURNAMES, "mrn": WHOLE, "age": WHOLE}))
    assert [one.column for one in identifiers(table)] == ["nom", "mrn"]
    assert [one.column for one in identifiers(table, ["age", "mrn"])] == ["mrn"]


def test_a_long_column_is_judged_by_values_from_its_whole_length():
    many = 3 * LOOKED_AT
    texts = [f"note {row}" if row < many // 4 else f"Anna Smith{chr(97 + row % 26)}{row}" for row in range(many)]
    assert identifiers(Table.from_frame(pd.DataFrame({"x": texts}))) == (Identifier("x", "name"),)
