"""Lists of words that columns are named with, and how a name is looked up in them."""

import re
import unicodedata
from dataclasses import dataclass
from functools import cached_property

SPECIAL = str.maketrans({"ß": "ss", "ø": "o", "æ": "ae", "œ": "oe", "µ": "u", "ł": "l"})


def fold(text: str) -> str:
    """Lower case without accents: "Décédé" -> "decede", "Überlebt" -> "uberlebt"."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.lower().translate(SPECIAL))
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


@dataclass(frozen=True)
class Lexicon:
    """Words of one topic, from a text with blanks between them, all without accents.

    "death" is a word of the name; "mort*" the beginning of one, "*dauer" the end; "=t" is the whole name; words joined
    by "_" follow each other ("length_of_stay").
    """

    text: str

    def __add__(self, other: "Lexicon") -> "Lexicon":
        return Lexicon(f"{self.text} {other.text}")

    @cached_property
    def _entries(self) -> list[str]:
        return self.text.split()

    @cached_property
    def _words(self) -> frozenset[str]:
        return frozenset(entry for entry in self._entries if not re.search(r"[*=_]", entry))

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(entry[1:].replace("_", " ") for entry in self._entries if entry.startswith("="))

    @cached_property
    def _phrases(self) -> re.Pattern[str]:
        phrases = [_pattern(entry) for entry in self._entries if "_" in entry and not entry.startswith("=")]
        return re.compile("|".join(rf"\b{phrase}\b" for phrase in phrases) or "(?!)")

    @cached_property
    def _stems(self) -> re.Pattern[str]:
        return re.compile("|".join(_pattern(entry) for entry in self._entries if "*" in entry) or "(?!)")

    def find(self, name: "Named") -> str | None:
        """The first word of a name that is listed here, None without any."""
        if name.text in self._names:
            return name.text
        word = next((word for word in name.tokens if word in self._words or self._stems.fullmatch(word)), None)
        if word is None and (found := self._phrases.search(name.text)):
            return found.group()
        return word


def _pattern(entry: str) -> str:
    return re.escape(entry).replace(r"\*", r"\w*").replace("_", " ")


@dataclass(frozen=True)
class Named:
    """A name taken apart.  text: its folded words with a blank between.  tokens: these words, and the parts between
    separators unsplit ("hba1c"), each once."""

    text: str
    tokens: tuple[str, ...]
