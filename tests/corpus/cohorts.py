"""The clean cohorts: what every mangled file is made of, and judged against."""

from dataclasses import dataclass, field

import numpy as np

NUMBERS = ("age", "crp", "ferritin", "sofa")
KNOWN = (*NUMBERS, "sex", "diabetes")
AFTER = ("days", "dead", "los", "crp7", "leaving")


@dataclass(frozen=True)
class Words:
    """How one language calls the columns and their values: key -> (header, header with a unit), and the values."""

    headers: dict[str, tuple[str, str]]
    arms: tuple[str, str]  # treated, control
    sexes: tuple[str, str]
    yes_no: tuple[str, str]
    fates: tuple[tuple[str, str], ...]  # (dead, alive), several ways
    alive: str  # a header under which 1 means alive


ENGLISH = Words(
    {
        "id": ("pid", "Patient ID"),
        "arm": ("group", "Treatment group"),
        "age": ("age", "Age (years)"),
        "crp": ("crp", "CRP (mg/L)"),
        "ferritin": ("ferritin", "Ferritin (ng/mL)"),
        "sofa": ("sofa", "SOFA day 0"),
        "sex": ("sex", "Sex"),
        "diabetes": ("diabetes", "Diabetes mellitus"),
        "days": ("days", "Follow-up (days)"),
        "dead": ("dead", "Death"),
        "los": ("los", "Length of stay (days)"),
        "crp7": ("crp_day7", "CRP day 7 (mg/L)"),
        "leaving": ("discharge_date", "Date of discharge"),
        "comment": ("comment", "Remarks"),
    },
    ("MSC", "control"),
    ("male", "female"),
    ("yes", "no"),
    (("dead", "alive"), ("Deceased", "Living"), ("Died", "Discharged"), ("yes", "no"), ("Expired", "Alive")),
    "alive",
)
FRENCH = Words(
    {
        "id": ("dossier", "N° dossier"),
        "arm": ("groupe", "Groupe de traitement"),
        "age": ("age", "Âge (ans)"),
        "crp": ("crp", "CRP J0 (mg/L)"),
        "ferritin": ("ferritine", "Ferritine (ng/mL)"),
        "sofa": ("sofa", "SOFA J0"),
        "sex": ("sexe", "Sexe"),
        "diabetes": ("diabete", "Diabète"),
        "days": ("suivi", "Suivi (jours)"),
        "dead": ("deces", "Décès"),
        "los": ("DMS", "Durée de séjour (j)"),
        "crp7": ("crp_j7", "CRP J7 (mg/L)"),
        "leaving": ("date_sortie", "Date de sortie"),
        "comment": ("commentaire", "Commentaire"),
    },
    ("Traité", "Témoin"),
    ("Homme", "Femme"),
    ("oui", "non"),
    (("Décédé", "Vivant"), ("oui", "non"), ("mort", "sorti"), ("DCD", "vivant")),
    "vivant",
)
GERMAN = Words(
    {
        "id": ("patnr", "Patienten-Nr."),
        "arm": ("gruppe", "Behandlungsgruppe"),
        "age": ("alter", "Alter (Jahre)"),
        "crp": ("crp", "CRP Tag 0 (mg/L)"),
        "ferritin": ("ferritin", "Ferritin (ng/ml)"),
        "sofa": ("sofa", "SOFA Tag 0"),
        "sex": ("geschlecht", "Geschlecht"),
        "diabetes": ("diabetes", "Diabetes mellitus"),
        "days": ("tage", "Nachbeobachtung (Tage)"),
        "dead": ("tod", "Verstorben"),
        "los": ("liegedauer", "Liegedauer (Tage)"),
        "crp7": ("crp_tag7", "CRP Tag 7 (mg/L)"),
        "leaving": ("entlassdatum", "Entlassungsdatum"),
        "comment": ("bemerkung", "Bemerkung"),
    },
    ("MSC", "Kontrolle"),
    ("männlich", "weiblich"),
    ("ja", "nein"),
    (("verstorben", "lebt"), ("ja", "nein"), ("tot", "lebend")),
    "lebt",
)
LANGUAGES = (ENGLISH, FRENCH, GERMAN)


@dataclass(frozen=True)
class Cohort:
    """columns: key -> the values of the n patients; numbers are int or float, the event is 1 or 0."""

    words: Words
    columns: dict[str, list]
    marks: tuple[str, ...] = field(default=())  # texts that belong to one patient, and may stand in no sentence

    @property
    def n(self) -> int:
        return len(self.columns["id"])


def clean(words: Words, seed: int, treated: int, controls: int) -> Cohort:
    """One clean cohort: the treated a little sicker, nobody missing anything, no covariate with a tie of scores."""
    rng = np.random.default_rng(seed)
    n = treated + controls
    arm = rng.permutation(np.arange(n) < treated)
    age = np.clip(rng.normal(60 + 4 * arm, 12, n), 19, 95).astype(int)
    crp = np.round(np.clip(rng.gamma(2, 45, n), 4, 380), 1)
    ferritin = np.clip(rng.lognormal(6.5, 0.8, n), 30, 9800).astype(int)
    sofa = np.clip(rng.poisson(5 + arm, n), 0, 15)
    dead = rng.random(n) < 1 / (1 + np.exp(1.2 - 0.15 * (sofa - 5) - 0.02 * (age - 60)))
    stop = rng.choice([28, 60, 90])
    days = np.where(dead, rng.integers(1, stop, n), stop)
    letters = np.array(list("ABCDEFGHJKLMNPQRSTUVWXYZ"))
    marks = ["".join(rng.choice(letters, 3)) + f"-{rng.integers(100, 999)}" for _ in range(n)]
    ids = [f"{'PXQZ'[seed % 4]}{k:03d}K" for k in rng.permutation(n) + 1]
    columns = {
        "id": ids,
        "arm": [words.arms[not a] for a in arm],
        "age": age.tolist(),
        "crp": crp.tolist(),
        "ferritin": ferritin.tolist(),
        "sofa": sofa.tolist(),
        "sex": [words.sexes[k] for k in rng.integers(0, 2, n)],
        "diabetes": [words.yes_no[k] for k in (rng.random(n) > 0.35).astype(int)],
        "days": days.tolist(),
        "dead": dead.astype(int).tolist(),
        "los": np.minimum(days, rng.integers(2, 40, n)).tolist(),
        "crp7": np.round(np.clip(crp * rng.uniform(0.1, 0.9, n), 1, None), 1).tolist(),
        "leaving": [(int(y), int(m), int(d)) for y, m, d in zip(*_dates(rng, n), strict=True)],
        "comment": [mark if k % 3 == 0 else None for k, mark in enumerate(marks)],
    }
    return Cohort(words, columns, (*ids, *(mark for mark in columns["comment"] if mark)))


def _dates(rng: np.random.Generator, n: int) -> tuple:
    return rng.integers(2020, 2023, n), rng.integers(1, 13, n), rng.integers(1, 29, n)


COHORTS = (
    clean(ENGLISH, 11, 12, 60),
    clean(FRENCH, 12, 14, 70),
    clean(GERMAN, 13, 10, 55),
    clean(ENGLISH, 18, 16, 90),
)
