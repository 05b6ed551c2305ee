"""The text of a table of HTML, as a browser reads it."""

from html.parser import HTMLParser


class _Texts(HTMLParser):
    """One entry for each run of text, and one for each empty cell."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []
        self._here = ""

    def handle_starttag(self, tag: str, attrs: list) -> None:
        if tag in ("small", "br"):
            self._flush()
        self._empty = tag == "td"

    def handle_data(self, data: str) -> None:
        self._here += data
        self._empty = False

    def handle_endtag(self, tag: str) -> None:
        if tag == "td" and self._empty:
            self.found.append("")
        self._flush()

    def _flush(self) -> None:
        if self._here:
            self.found.append(self._here)
        self._here = ""


def table_text(text: str) -> list[str]:
    """Caption, heads, cells and footnotes in order; small print is an entry of its own."""
    reader = _Texts()
    reader.feed(text)
    return reader.found
