"""The row of buttons below a table: Copy, Word, Excel, CSV. A file is made only when it is asked for."""

import re
from functools import partial
from zlib import crc32

import streamlit as st

from lib.documents.clipboard import clipboard_html, clipboard_text
from lib.documents.csv_tables import csv_bytes, has_decimal_comma
from lib.documents.excel_tables import excel_bytes
from lib.documents.origin import Origin
from lib.documents.word_tables import word_bytes
from lib.words import take_away as words
from lib.words.tables import TextTable
from pages.ui import session, widgets
from pages.ui.figure_card import asset

copy_button = st.components.v2.component(
    "matchlens_table_copy",
    html=asset("table_copy.html"),
    css=asset("table_copy.css"),
    js=asset("table_copy.js"),
)


def show_take_away(table: TextTable, name: str = "") -> None:
    """The buttons of a table.  name: of its files; by default its title."""
    name, comma, origin = name or slug(table.title), has_decimal_comma(st.context.locale), origin_on_screen()
    key = f"{name}-{mark(table)}"
    with st.container(horizontal=True, gap="small", vertical_alignment="center", key=f"take-away-{key}"):
        show_copy(table, key)
        offer(words.WORD, (name, "docx", key), partial(word_bytes, [table], origin=origin), words.WORD_HELP)
        offer(words.EXCEL, (name, "xlsx", key), partial(excel_bytes, [table], origin), words.EXCEL_HELP)
        offer(words.CSV, (name, "csv", key), partial(csv_bytes, table, comma), words.CSV_HELP[comma])


def mark(table: TextTable) -> str:
    """What tells two tables of one title apart on a page, and stays while their numbers change."""
    names = (table.title, table.alt, *table.heads, *(row[0] for row in table.rows))
    return f"{crc32(repr(names).encode()):08x}"


def show_copy(table: TextTable, key: str) -> None:
    """The button that puts the table on the clipboard."""
    data = {
        "label": words.COPY,
        "copied": words.COPIED,
        "failed": words.NOT_COPIED,
        "title": table.title,
        "html": clipboard_html(table),
        "text": clipboard_text(table),
    }
    copy_button(data=data, width="content", key=session.key(f"copy-{key}"))


def offer(label: str, file: tuple[str, str, str], make: partial[bytes], told: str) -> None:
    """A download that is made only when clicked.  file: name, extension, key of its table."""
    name, extension, key = file
    st.download_button(
        label,
        data=make,
        file_name=f"{widgets.file_name(name)}.{extension}",
        on_click="ignore",
        type="tertiary",
        icon=":material/download:",
        help=told,
        key=session.key(f"{extension}-{key}"),
    )


def origin_on_screen() -> Origin:
    """What is open in this session; nothing where no file is."""
    spec, table = session.spec(), session.own_table()
    return Origin(spec.digest if spec else "", table.digest if table else "")


def slug(title: str) -> str:
    """A title as part of a file's name."""
    return re.sub(r"[^\w]+", "_", title).strip("_").lower()[:40]
