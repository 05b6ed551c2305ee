"""What living patients can have: limits by the words of a column's name, generous, so that what lies beyond is a slip.

After the valid and outlier limits of Harutyunyan H et al., Multitask learning and benchmarking with clinical time
series data, Sci Data 2019;6:96 (variable_ranges.csv), widened to records; of scores their definition.
"""

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from ..roles.vocabulary import words

OTHER_AGE = r"months?|mois|monate?|weeks?|semaines?|wochen|days?|jours?|tage|meses|mesi|gestation\w*|maanden"
LIMITS: tuple[tuple[str, tuple[tuple[float, float], ...]], ...] = (
    (r"age|alter|leeftijd|edad|eta|idade", ((0, 120),)),
    (r"temp|temperatur\w*", ((20, 46), (68, 115))),  # Celsius, Fahrenheit
    (r"hr|heart ?rate|pulse|puls|fc|frequence cardiaque|herzfrequenz|hartslag|frecuencia cardiaca", ((0, 400),)),
    (r"rr|resp(iratory)? ?rate|fr|frequence respiratoire|atemfrequenz|frecuencia respiratoria", ((0, 150),)),
    (r"sp ?o ?2|sa ?o ?2|saturation|sattigung|saturacion|saturatie|saturazione|saturacao", ((0, 100),)),
    (r"fi ?o ?2", ((0.15, 1), (15, 100))),
    (r"ph|arterial ph|ph arteriel", ((6.2, 8.2),)),
    (r"sbp|dbp|systolic\w*|diastolic\w*|pas|pad|systolisch\w*|diastolisch\w*", ((0, 400),)),
    (r"^map|pam|mean arterial pressure", ((0, 330),)),
    (r"weight|poids|gewicht|peso", ((0.2, 700),)),
    (r"height|taille|grosse|koerpergroesse|lengte|talla|altezza|altura", ((0.2, 2.8), (20, 280))),  # m, cm
    (r"bmi|imc|kmi", ((5, 210),)),
    (r"sofa", ((0, 24),)),
    (r"apache", ((0, 299),)),
    (r"igs|saps", ((0, 217),)),
    (r"gcs|glasgow", ((3, 15),)),
    (r"nihss", ((0, 42),)),
    (r"ecog", ((0, 5),)),
    (r"charlson", ((0, 43),)),
    (r"lvef|fevg|ejection fraction|fraccion de eyeccion", ((0, 100),)),
    (r"h(a?ema)?tocrite?|hct|hamatokrit|hematocrito", ((0, 80),)),
    (r"potassium|kalium|potasio|potassio|kaliemie", ((0.5, 15),)),
    (r"sodium|natrium|sodio|natremie", ((80, 220),)),
    (r"lactates?|laktat|lactato|lactaat|lattato", ((0, 400),)),
)
PATTERNS = tuple((re.compile(rf"(?<!\w)(?:{pattern})(?!\w)"), spans) for pattern, spans in LIMITS)
NOT_AGE = re.compile(rf"(?<!\w)(?:{OTHER_AGE})(?!\w)")


@dataclass(frozen=True)
class Possible:
    """Closed intervals, one for each unit that is usual."""

    spans: tuple[tuple[float, float], ...]

    def outside(self, values: np.ndarray) -> np.ndarray:
        """bool (n,): in none of them; a missing value is not outside."""
        inside = np.isnan(values)
        for low, high in self.spans:
            inside |= (values >= low) & (values <= high)
        return ~inside

    @property
    def words(self) -> str:
        """ "0 to 120"."""
        return " or ".join(f"{low:g} to {high:g}" for low, high in self.spans)


def possible(name: str) -> Possible | None:
    """The limits of a column of this name; None where none are known, or it counts months or days."""
    folded = folded_words(name)
    found = next((spans for pattern, spans in PATTERNS if pattern.search(folded)), None)
    return None if found is None or NOT_AGE.search(folded) else Possible(found)


def folded_words(name: str) -> str:
    """The words of a column's name in lower case without accents, blanks between them."""
    plain = unicodedata.normalize("NFKD", " ".join(words(name)).replace("ß", "ss"))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))
