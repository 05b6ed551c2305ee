"""A user's text in Markdown: nothing in it acts, and taking away what was added gives it back."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pages.ui.plain import JOINER, plain

ACTS = {
    "![x](http://evil.example/a.png)": r"!\[x\]",
    "[click](http://evil.example)": r"\[click\]",
    "http://evil.example/x": "http:" + JOINER,
    "HTTPS://evil.example": "HTTPS:" + JOINER,
    "www.evil.example": "www" + JOINER,
    "a@evil.example": "a" + JOINER + "@",
    "<img src=//evil.example/x>": r"\<img",
    "<script>alert(1)</script>": r"\<script",
    ":material/home:": ":" + JOINER,
    ":smile:": ":" + JOINER,
    ":+1:": ":" + JOINER,
    ":100:": ":" + JOINER,
    ":red[boo]": ":" + JOINER,
    r"$\href{http://evil.example}{x}$": r"\$",
    "**bold** __too__ ~~gone~~ `code`": r"\*\*bold\*\* \_\_too",
    "a | b": r"a \| b",
    "&lt;b&gt;": r"\&lt;",
    "# head": r"\# head",
    "> quoted": r"\> quoted",
    "- item": r"\- item",
    "+ item": r"\+ item",
    "12. item": r"12\. item",
    "3) item": r"3\) item",
    "a\n---": "\n\\---",
    "a\n===": "\n\\===",
    "    code": "\u00a0" * 4,
    "a -> b": "-" + JOINER,
    "a -- b": "-" + JOINER,
    "x >= 3": JOINER + "= 3",
}
UNHARMED = ("sofa_score", "-0.3", "1:3, no caliper", "p = 0.05", "IL-6 (pg/mL)", "a–b", "3.5", "ratio: 2", "Décédé")


@pytest.mark.parametrize("text", ACTS)
def test_what_would_act_is_broken(text):
    assert ACTS[text] in plain(text)


@pytest.mark.parametrize("text", UNHARMED)
def test_usual_names_have_nothing_invisible_in_them(text):
    assert JOINER not in plain(text)
    assert plain(text).replace("\\", "") == text


@given(st.text(alphabet="ab1 :/.@w-+=<>~_*[]()$`|#&!\\\n\t", max_size=40))
def test_nothing_is_lost(text):
    """Whatever is escaped or broken, the reader sees the text; only blanks at the start of a line are other blanks."""
    seen = re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", plain(text)).replace(JOINER, "").replace("\u00a0", " ")
    assert seen == re.sub(r"(?m)^[ \t]+", lambda found: " " * len(found[0]), text)
