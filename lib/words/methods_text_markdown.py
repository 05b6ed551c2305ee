"""Whatever a file or a spec brings, as text in a Markdown document: it is read as it stands and does nothing."""

import re
import unicodedata

from .numbers import isolated

SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~$!&])")
LINE_STARTS = re.compile(r"^(\d*)([-+=:]|(?<=\d)[.)](?=\s|$))")  # a number of a list is its digits, a mark, a space
LINK = re.compile(r"(?i)\b(https?|ftp|mailto|www)(?=[:.])")
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")  # control characters, marks without a glyph, line and page breaks


def md(text: object) -> str:
    """Text for a line of Markdown: nothing in it is a mark, a tag, a link or another line; control characters are
    spaces."""
    seen = "".join(" " if unicodedata.category(letter) in UNSEEN else letter for letter in str(text))
    escaped = SPECIAL.sub(r"\\\1", " ".join(seen.split()))
    unlinked = LINK.sub(lambda found: found[1] + "\u2060", escaped)  # a word joiner: seen by nobody, no link to anybody
    return isolated(LINE_STARTS.sub(lambda found: f"{found[1]}\\{found[2]}", unlinked))


def plain_of(markdown: str) -> str:
    """What `md` was given, as far as it kept it, for tests and for plain text."""
    text = markdown.replace("\u2060", "").replace("\u2068", "").replace("\u2069", "")
    return re.sub(r"\\([\\`*_{}\[\]<>#|~$!&+=:\-.)])", r"\1", text)
