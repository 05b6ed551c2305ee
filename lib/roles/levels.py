"""What the values of a column say: which group is the control, who died, what did not happen, in English, French,
German, Dutch, Spanish, Italian and Portuguese. Values are compared without accents and capitals."""

import re

from .lexicon import fold


def _listed(text: str) -> frozenset[str]:
    return frozenset(entry.replace("_", " ") for entry in text.split())


CONTROL_VALUES = _listed(
    """
    control controls ctrl ctl con contr comparator comparison reference untreated unexposed placebo placebos
    plac plc pbo
    standard standard_care standard_of_care usual usual_care soc historical historical_control observation obs
    conventional sham none no false 0
    temoin temoins controle controles non_traite non_traites groupe_temoin groupe_controle soins_courants soins_usuels
    soins_standards conventionnel non aucun
    kontrolle kontrollen kontrollgruppe kontrollarm vergleich vergleichsgruppe unbehandelt standardtherapie
    plazebo nein
    keine
    controlegroep onbehandeld standaard standaardzorg nee geen
    sin_tratamiento no_tratado no_tratados grupo_control tratamiento_habitual estandar ninguno
    controllo controlli gruppo_controllo non_trattato non_trattati standard_terapia nessuno
    grupo_controle nao_tratado nao_tratados sem_tratamento padrao nao nenhum
    """
)
WEAK_CONTROL = _listed("no non nein nee nao false none 0 keine geen aucun ninguno nessuno nenhum")
TREATED_VALUES = _listed(
    """
    treated treatment treat trt msc mscs csm active verum drug intervention exposed experimental exp new traite
    traites
    traitement groupe_traite nouveau behandelt behandlung interventionsgruppe behandeld behandeling interventie
    tratado
    tratados tratamiento nuevo trattato trattati trattamento nuovo tratamento novo t_arm yes oui ja si sim true y 1
    """
)
YES_VALUES = _listed(
    "yes y oui o ja j si s sim true t vrai wahr verdadero vero verdadeiro waar x 1 vorhanden present ✓ ✔ on"
)
NO_VALUES = _listed(
    "no n non nein nee nao false f faux falsch falso onwaar none 0 absent aucun keine geen ninguno nessuno nenhum off"
)
NOTHING_VALUES = _listed(
    """
    absent negative negativ negatif negativo negatief - neg alive survived survivor survivors living live lives
    living_patient discharged discharged_alive discharged_home home alive_at_discharge discharge transferred transfer
    released censored no_event event-free event_free not_dead still_alive
    vivant vivante vivants vivantes vif en_vie sorti sortie sortie_vivant sorti_vivant retour_a_domicile domicile
    retour_domicile transfere transferee transfert survivant survivante survie rad censure censuree non_decede
    lebend lebt am_leben uberlebt uberlebend uberlebender entlassen entlassung verlegt verlegung nach_hause zensiert
    lebendig nach_hause_entlassen lebend_entlassen ueberlebt
    levend in_leven leeft overleefd ontslagen overgeplaatst naar_huis gecensureerd
    vivo viva vivos alta alta_hospitalaria alta_a_domicilio domicilio trasladado traslado superviviente sobreviviente
    censurado sobrevive
    vivente dimesso dimessa trasferito trasferita sopravvissuto sopravvissuta censurato a_domicilio
    sobreviveu sobrevivente transferido transferida alta_domiciliar
    """
)
LOST_VALUES = _listed(
    "lost_to_follow-up lost_to_follow_up lost lost_to_followup lost_to_fu ltfu withdrawn perdu_de_vue "
    "perdue_de_vue pdv "
    "verloren perdido perso abgebrochen uitgevallen"
)
NO_EVENT_VALUES = NO_VALUES | NOTHING_VALUES | LOST_VALUES
DEAD = re.compile(
    r"(?:dead|died|dies|death|deceased|expired|fatal|non-?survivors?|not alive|not survived|dod|doc|"
    r"deced\w*|deces|dcd|mort|morte|morts|non vivante?|exitus\w*|letal|"
    r"tot|tod|verstorben\w*|gestorben\w*|todesfall|nicht uberlebt|exitus letalis|"
    r"overleden|dood|gestorven|niet overleefd|fallec\w+|muert[oa]s?|defuncion|no vivo|"
    r"decedut[oa]|mort[oa]|decesso|deceduti|falecid[oa]|falec\w+|obito\w*|nao sobreviveu|†|✝|‡|\+|"
    r"(?:dead|died|deceased|death|deces|decede|verstorben|gestorben|overleden|mort|muerto|fallecido|deceduto|falecido|"
    r"obito)\b.*|.*\b(?:deceased|died|dead|death|deces|verstorben|overleden|fallecido)"
    r"(?: in hospital| of disease)?)"
)
NEGATION = re.compile(
    r"(?:no|non|not|un|without|w/o|sans|pas de|pas d'|pas|ohne|kein\w*|nicht|geen|niet|zonder|on|sin|senza|sem|nao|"
    r"never|in)[\s_'-]*"
)
CODE = re.compile(r"-?\d+\s*[:=.)-]\s*(?=\D)")


def plain_level(level: str) -> str:
    """A level without capitals, accents, blanks at the ends, or a number code before its word ("1:DECEASED")."""
    text = " ".join(fold(level).replace("_", " ").split())
    return CODE.sub("", text, count=1) if CODE.match(text) else text


def is_dead(level: str) -> bool:
    """Whether a value is a word (or cross) for death."""
    text = plain_level(level)
    return text not in NO_EVENT_VALUES and DEAD.fullmatch(text) is not None


def is_nothing(level: str) -> bool:
    """Whether a value says that nothing happened: no, alive, discharged, lost to follow-up."""
    return plain_level(level) in NO_EVENT_VALUES


def negated(level: str, other: str) -> bool:
    """Whether one value is the other with a word for "not" before it ("No RHC" and "RHC", "untreated" and "
    ""treated")."""
    text, bare = plain_level(level), plain_level(other)
    return len(text) > len(bare) > 0 and text.endswith(bare) and bool(NEGATION.fullmatch(text[: -len(bare)]))


def other_of(level: str, levels: tuple[str, ...] | list[str]) -> str:
    """The other one of two levels."""
    return levels[1] if levels[0] == level else levels[0]


def event_of_words(levels: tuple[str, ...] | list[str]) -> str | None:
    """The one of the levels that the words themselves make the event: a death; else what the other one denies. None
    where they do not tell (two deaths, two unknown words, numbers)."""
    dead = [level for level in levels if is_dead(level)]
    if len(dead) == 1:
        return dead[0]
    if dead or len(levels) != 2:
        return None
    happened = [level for level in levels if not is_nothing(level) and not negated(level, other_of(level, levels))]
    number = [level for level in levels if re.fullmatch(r"-?\d+(?:\.\d+)?", plain_level(level))]
    return happened[0] if len(happened) == 1 and not number else None


def rest_without_event(event: str, levels: tuple[str, ...] | list[str], lost: bool) -> bool:
    """Whether every level but the event says that nothing happened. lost: those lost to follow-up may be among them."""
    others = [level for level in levels if level != event]
    return all(is_nothing(level) and (lost or plain_level(level) not in LOST_VALUES) for level in others)
