"""The one way in which a user's text goes into Markdown: it reads as typed and does nothing.

Streamlit reads almost every string that it shows as Markdown: labels, captions, cells of tables, notes, tooltips. Signs
of Markdown itself are escaped. Signs that are looked for in the text after Markdown has been read (links without
brackets, addresses, :emoji:, :material/icons:, arrows made of signs) cannot be escaped; there an invisible word joiner
stands between two of their letters.
"""

import re

JOINER = "\u2060"  # word joiner: nothing to see, no line break here
SIGNS = re.compile(r"[\\`*_\[\]$~<>#|&]")
BROKEN_BEFORE = re.compile(r"(?<=:)(?=[A-Za-z/+_-]|\w+:)|(?<=www)(?=\.)|(?=@\w)", re.IGNORECASE)
ARROWS = re.compile(r"(?<!\S)(<|-|>|~)(->|-|>|=)(?!\S)")
LISTS = re.compile(r"^(\s*)(?:([-+])(?=\s|$)|([-=])(?=\3*\s*$)|(\d+)(?=[.)](?:\s|$)))", re.MULTILINE)
INDENTED = re.compile(r"^[ \t]+", re.MULTILINE)


def plain(text: object) -> str:
    """Markdown that reads as `text`, whatever signs a file's name, a header or a level brings."""
    broken = BROKEN_BEFORE.sub(JOINER, ARROWS.sub(rf"\1{JOINER}\2", str(text)))
    escaped = LISTS.sub(_as_no_list, SIGNS.sub(r"\\\g<0>", broken))
    return INDENTED.sub(lambda found: "\u00a0" * len(found[0]), escaped)


def _as_no_list(found: re.Match[str]) -> str:
    """A sign or a number at the start of a line that would open a list, a rule or a heading."""
    return f"{found[1]}{found[4]}\\" if found[4] else f"{found[1]}\\{found[2] or found[3]}"
