"""report.html: the whole analysis on one page, in one file that needs no network; figures answer to the pointer."""

import base64
import html
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import plotly.graph_objects as go
from plotly.offline import get_plotlyjs

from ..documents.cells import cleaned
from ..documents.clipboard import clipboard_html
from ..words import report as words
from ..words.outcomes import name_of, summary_sentence
from .drawings import Wanted
from .page_style import STYLE

if TYPE_CHECKING:
    from .parts import Context

CONFIG = {"displayModeBar": False, "displaylogo": False, "showSendToCloud": False, "responsive": True}
FAILED = (ValueError, ArithmeticError, LookupError)


def report_html(context: "Context") -> bytes:
    """The page; equal analyses give equal bytes. No patient's value is in it: a figure of single patients stands there
    as the picture that `context.rendered` has, and is told to be missing without one."""
    title = f"{context.label}: matched comparison"
    body = "\n".join([*_head(context, title), *_answers(context), *_sections(context), *_end(context)])
    page = (
        '<!DOCTYPE html>\n<html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f'<meta name="generator" content="MatchLens"><meta name="description" content="{text(context.origin.line)}">'
        f"<title>{text(title)}</title><style>{STYLE}</style><script>{get_plotlyjs()}</script></head>"
        f"<body><main>\n{body}\n</main></body></html>\n"
    )
    return page.encode("utf-8", "replace")


def text(said: str) -> str:
    """Text that a page shows as it is."""
    return html.escape(cleaned(said))


def _head(context: "Context", title: str) -> Iterator[str]:
    yield f"<h1>{text(title)}</h1>"
    yield f"<p>{text(context.caption)}</p>"


def _answers(context: "Context") -> Iterator[str]:
    """What was seen of the primary outcome, in sentences."""
    outcomes = context.steps.outcomes
    first = next((one for one in outcomes if one.primary), outcomes[0] if outcomes else None)
    if first is not None:
        label = context.labels.column(first.name)
        yield f"<h2>{text(name_of(first, context.labels, unit=False))}</h2>"
        yield f"<p>{text(summary_sentence(first, label.unit))}</p>"


def _sections(context: "Context") -> Iterator[str]:
    """Tables, and every figure with its caption."""
    yield "<h2>Tables</h2>"
    for table in context.tables:
        inside = clipboard_html(table)
        yield f'<div class="table" tabindex="0" role="region" aria-label="{text(table.title)}">{inside}</div>'
    yield "<h2>Figures</h2>"
    for wanted in context.drawings:
        yield _figure(context, wanted)


def _figure(context: "Context", wanted: Wanted) -> str:
    """One figure with its title, what it shows and the line that makes it tell who was compared."""
    try:
        inside = _picture(context, wanted) if wanted.patients else _interactive(wanted)
    except FAILED as error:
        context.missing.append(words.undrawn(wanted.title, type(error).__name__))
        return ""
    if not inside:
        return ""
    said = f'<p class="says">{text(wanted.takeaway)}</p>' if wanted.takeaway else ""
    caption = f"<figcaption>{text(context.caption)}</figcaption>"
    return f'<figure id="{wanted.name}"><h3>{text(wanted.title)}</h3>{said}{inside}{caption}</figure>'


def _interactive(wanted: Wanted) -> str:
    """The figure itself."""
    drawn = wanted.draw()
    shown = go.Figure(drawn.figure).update_layout(autosize=True)
    inside = shown.to_html(full_html=False, include_plotlyjs=False, div_id=f"plot-{wanted.name}", config=CONFIG)
    return f'<div role="img" aria-label="{text(drawn.alt)}">{inside}</div>'


def _picture(context: "Context", wanted: Wanted) -> str:
    """The picture of a figure of single patients; "" where none was made."""
    png = context.rendered.get(wanted.name)
    if png is None:
        return ""
    shown = base64.b64encode(png).decode()
    return f'<img alt="{text(wanted.draw().alt)}" src="data:image/png;base64,{shown}">'


def _end(context: "Context") -> Iterator[str]:
    """Notes, what is missing, where it comes from."""
    yield from _list("Notes", context.steps.notes)
    without = [one.title for one in context.drawings if one.patients and one.name not in context.rendered]
    if without:
        yield f"<h2>Not in this report</h2><p>{text(words.without_pictures(without))}</p>"
    yield from _list("What could not be made", dict.fromkeys(context.missing))
    yield f"<h2>Where it comes from</h2><p>{text(context.origin.line)}</p>"


def _list(title: str, lines: Iterable[str]) -> Iterator[str]:
    told = "".join(f"<li>{text(line)}</li>" for line in lines)
    if told:
        yield f"<h2>{title}</h2><ul>{told}</ul>"
