"""Texts of a category that differ only in capitals or spaces are one value; so is M beside male and female."""

from collections.abc import Mapping

MOST_LEVELS = 20
# Each pair with the single letters that stand for its words.
PAIRS = (
    ({"male": "m", "female": "f"}),
    ({"man": "m", "woman": "w"}),
    ({"men": "m", "women": "w"}),
    ({"männlich": "m", "weiblich": "w"}),
    ({"mann": "m", "frau": "f"}),
    ({"homme": "h", "femme": "f"}),
    ({"masculin": "m", "féminin": "f"}),
    ({"masculin": "m", "feminin": "f"}),
    ({"hombre": "h", "mujer": "m"}),
    ({"masculino": "m", "femenino": "f"}),
    ({"masculino": "m", "feminino": "f"}),
    ({"maschio": "m", "femmina": "f"}),
    ({"uomo": "u", "donna": "d"}),
    ({"man": "m", "vrouw": "v"}),
    ({"yes": "y", "no": "n"}),
    ({"ja": "j", "nein": "n"}),
    ({"ja": "j", "nee": "n"}),
    ({"oui": "o", "non": "n"}),
    ({"sí": "s", "no": "n"}),
    ({"sì": "s", "no": "n"}),
    ({"si": "s", "no": "n"}),
    ({"sim": "s", "não": "n"}),
)


def plain(text: str) -> str:
    """A text without capitals, and with single spaces."""
    return " ".join(text.split()).casefold()


def one_spelling(counts: Mapping[str, int]) -> dict[str, str]:
    """What to read for each text that is another spelling of a value.

    counts: cells of each distinct text, in the order of their first rows. The most frequent spelling stays; of equally
    frequent ones the first. Nothing where the texts are too many, or repeat too little, to be a category.
    """
    groups: dict[str, list[str]] = {}
    if len(counts) > 5 * MOST_LEVELS:
        return {}
    for text in counts:
        groups.setdefault(plain(text), []).append(text)
    total = sum(counts.values())
    codes = all(any(map(str.isdigit, text)) for text in counts)  # A1, a1, B2: categories repeat more than ids do
    if len(groups) > MOST_LEVELS or (5 if codes else 2) * len(groups) > total or len(counts) == total:
        return {}
    _join_letters(groups)
    made = {}
    for texts in groups.values():
        best = max(texts, key=lambda text: (len(plain(text)) > 1, counts[text], -texts.index(text)))
        made.update({text: best for text in texts if text != best})
    return made


def _join_letters(groups: dict[str, list[str]]) -> None:
    """Put single letters with the words they stand for, where all values are of one pair and a word is there."""
    for pair in PAIRS:
        if set(groups) <= {*pair, *pair.values()} and any(len(value) > 1 for value in groups):
            for word, letter in pair.items():
                if letter in groups and word in groups:
                    groups[word] += groups.pop(letter)
            return
