"""Units of measurement, as people write them into cells, headers and a line below the header."""

import re

_AMOUNT = (
    "kg|g|mg|µg|μg|ug|mcg|ng|pg|fg|mol|mmol|µmol|μmol|umol|nmol|pmol|meq|mval|iu|miu|µiu|ui|u|ku|mu|ie|kcal|kj"
    "|l|dl|cl|ml|µl|μl|fl|m|cm|mm|µm|m2|m²|mm3|mm³|cells|copies|log10|k|10\\^?[369]|x ?10\\^?[369]|10\\*[369]|t"
)
_TIME = (
    "s|sec|secs|seconds?|min|mins|minutes?|h|hr|hrs|hours?|d|days?|w|wk|wks|weeks?|mo|months?|y|yr|yrs|years?"
    "|stunden?|std|tage?n?|wochen?|monate?n?|jahre?n?|a|heures?|j|jours?|semaines?|mois|ans?|années?"
    "|ore|giorn[oi]|settiman[ae]|mes[ei]|ann[oi]|horas?|d[ií]as?|semanas?|meses|años?|uren|uur|dagen?|weken|maanden|jaar|jaren"
    "|dias?|mês|anos?"
)
_OTHER = (
    "%|‰|°|°c|°f|° c|mmhg|mm hg|cmh2o|kpa|hpa|mbar|bpm|/min|/h|/l|/µl|/ul|/μl|/mm3|/mm³|/nl|hz|ms|msec"
    "|points?|pts?|pkt|punkte|score|ratio|index|lpf|hpf|lpm|pack[- ]years?|mosm|ph"
)
_SIMPLE = f"(?:{_AMOUNT}|{_TIME}|{_OTHER})"
UNIT = re.compile(rf"{_SIMPLE}(?:\s?[/·*]\s?(?:\d[\d.,]*\s?)?{_SIMPLE}(?:[23²³])?){{0,2}}", re.IGNORECASE)
IN_HEADER = re.compile(r".*\S\s*(?:\(([^()]{1,20})\)|\[([^\[\]]{1,20})\])\s*", re.DOTALL)


def is_unit(text: str) -> bool:
    """Whether a text is the name of a unit, such as mg/L, 10^9/L, years or %."""
    return bool(UNIT.fullmatch(text.strip()))


def unit_of_header(name: str) -> str | None:
    """The unit that a header gives in brackets: "CRP [mg/L]" -> "mg/L"; None where the bracket holds another thing."""
    match = IN_HEADER.fullmatch(name)
    inside = (match.group(1) or match.group(2)).strip() if match else ""
    return inside if inside and is_unit(inside) else None
