"""Blocks that several pages share: notes, the context line, table cards."""

from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd
import streamlit as st

from lib.figures import Drawn
from lib.io import write_csv
from lib.spec import AnalysisSpec
from pages.ui import session
from pages.ui.figure_card import figure_card
from pages.ui.plain import plain


def notes(messages: Iterable[str]) -> None:
    """What the reader must know, one line each, as it reads; nothing when there is nothing to say."""
    for message in dict.fromkeys(messages):
        st.info(plain(message), icon=":material/info:")


def next_page(page: str, label: str) -> None:
    """The link to the next step of the workflow."""
    st.page_link(page, label=label, icon=":material/arrow_forward:")


def file_name(what: str, spec: AnalysisSpec | None = None, study: str | None = None) -> str:
    """Study label (None, the one on screen), what it is, date and spec hash (None, of the spec on screen if there is
    one); no extension."""
    used = spec or session.spec()
    parts = (study or session.study_file_name(), what, f"{pd.Timestamp.now():%Y-%m-%d}", used.digest if used else "")
    return "_".join(part for part in parts if part)


def show(
    drawn: Drawn,
    *,
    title: str,
    name: str,
    text: str,
    spec: AnalysisSpec,
    what: str | None = None,
    study: str | None = None,
    picked: bool = False,
) -> list[Any]:
    """A figure card for something that lib.figures drew.  picked: as figure_card."""
    return figure_card(
        drawn.figure,
        title=title,
        caption=text,
        name=file_name(name, spec, study),
        alt=drawn.alt,
        what=what,
        numbers=lambda: write_csv(drawn.numbers),
        key=name,
        picked=picked,
    )


def download(
    label: str,
    name: str,
    spec: AnalysisSpec,
    data: Callable[[], bytes],
    extension: str = "csv",
    study: str | None = None,
) -> None:
    """A download that is made only when clicked."""
    st.download_button(
        label,
        data=data,
        file_name=f"{file_name(name, spec, study)}.{extension}",
        on_click="ignore",
        icon=":material/download:",
        key=session.key(f"download-{name}"),
    )
