"""Words in column names, in English, French, German and Spanish, and what they suggest about the column."""

import re

ID = {
    "id",
    "ids",
    "pid",
    "patid",
    "subjid",
    "usubjid",
    "seqn",
    "patient",
    "subject",
    "identifier",
    "case",
    "code",
    "nr",
    "no",
    "num",
    "number",
    "numero",
    "nummer",
    "identifiant",
    "paciente",
    "index",
    "row",
}
TREATMENT = {
    "treat",
    "treated",
    "treatment",
    "trt",
    "group",
    "arm",
    "msc",
    "mscs",
    "therapy",
    "intervention",
    "exposed",
    "exposure",
    "allocation",
    "assignment",
    "tx",
    "traitement",
    "traite",
    "groupe",
    "bras",
    "behandlung",
    "behandelt",
    "gruppe",
    "tratamiento",
    "tratado",
    "grupo",
    "brazo",
}
TREATMENT_ALONE = {"t", "z", "a", "drug", "cohort"}
BACKGROUND = {
    "sex",
    "gender",
    "male",
    "female",
    "age",
    "race",
    "ethnicity",
    "smoker",
    "smoking",
    "diabetes",
    "asthma",
    "hypertension",
    "hbp",
    "copd",
    "cancer",
    "obesity",
    "married",
    "marital",
    "sexe",
    "geschlecht",
    "sexo",
    "homme",
    "femme",
    "mann",
    "frau",
    "hombre",
    "mujer",
    "history",
    "comorbidity",
    "nodegree",
}
DEATH = {
    "death",
    "dead",
    "died",
    "dth",
    "deceased",
    "mortality",
    "mort",
    "deces",
    "décès",
    "décédé",
    "decede",
    "tod",
    "tot",
    "verstorben",
    "gestorben",
    "todesfall",
    "muerte",
    "muerto",
    "fallecido",
    "exitus",
    "mortalidad",
    "mortalité",
    "mortalite",
    "alive",
    "survived",
    "survivor",
    "vital",
}
EVENT = {
    "event",
    "outcome",
    "outcomes",
    "endpoint",
    "relapse",
    "recurrence",
    "readmission",
    "readmitted",
    "response",
    "responder",
    "remission",
    "progression",
    "failure",
    "success",
    "cured",
    "recovered",
    "complication",
    "need",
    "needed",
    "besoin",
    "evenement",
    "événement",
    "ereignis",
    "evento",
    "desenlace",
}
LATER = {
    "change",
    "delta",
    "diff",
    "difference",
    "after",
    "post",
    "final",
    "end",
    "discharge",
    "followup",
    "fu",
    "los",
    "stay",
    "vfd",
    "verlauf",
    "ende",
    "ausgang",
    "entlassung",
    "sortie",
    "séjour",
    "sejour",
    "alta",
    "estancia",
}
TIME = {
    "time",
    "days",
    "day",
    "followup",
    "follow",
    "fu",
    "futime",
    "tte",
    "duration",
    "months",
    "weeks",
    "years",
    "survtime",
    "survival",
    "jours",
    "tage",
    "dias",
    "días",
    "zeit",
    "temps",
    "tiempo",
    "suivi",
}
CENSORED = {"event", "status", "censor", "censored", "cens"}
BASELINE = {
    "baseline",
    "base",
    "bl",
    "admission",
    "initial",
    "inclusion",
    "pre",
    "before",
    "since",
    "onset",
    "symptom",
    "symptoms",
    "history",
    "prior",
    "previous",
    "aufnahme",
    "ingreso",
}
UNORDERED = {
    "race",
    "ethnicity",
    "marital",
    "type",
    "region",
    "center",
    "centre",
    "site",
    "hospital",
    "ward",
    "zentrum",
    "centro",
    "category",
    "code",
}
MOMENT = re.compile(r"(d|day|j|jour|tag|dia|t|w|wk|week|m|mo|month|y|yr|year|visit|v)(\d+)|(\d+)(d|days?|h|w|m|mo|y)")


def words(name: str) -> tuple[str, ...]:
    """Lower-case words of a column name: "DeathDay28", "death_day_28" and "death day 28" read alike.

    A unit and its number stay together as one word ("day28", "28d").
    """
    spaced = re.sub(r"(?<=[a-zà-ÿ])(?=[A-ZÀ-Ý])", " ", name)
    parts = [part.lower() for part in re.split(r"[\W_]+", spaced) if part]
    joined: list[str] = []
    for part in parts:
        if joined and part.isdigit() and MOMENT.fullmatch(joined[-1] + part) and not joined[-1][-1].isdigit():
            joined[-1] += part
        else:
            joined.append(part)
    return tuple(word for part in joined for word in _split_digits(part))


def _split_digits(part: str) -> list[str]:
    """ "wt82" -> "wt", "82"; "day7" and "28d" stay whole."""
    if MOMENT.fullmatch(part):
        return [part]
    return re.findall(r"[^\W\d_]+|\d+", part)


def moment(name: str) -> int | None:
    """The number in a word such as day7, d28, 60d or j7 beside another word; None without one."""
    parts = words(name)
    found = next((match for part in parts if (match := MOMENT.fullmatch(part))), None)
    return int(found.group(2) or found.group(3)) if found and len(parts) > 1 else None
