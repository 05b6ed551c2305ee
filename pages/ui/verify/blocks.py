"""Blocks of the Verify page: the two files, the run, and what it found."""

from dataclasses import dataclass

import streamlit as st

from lib.io import File, read_cohort, read_csv
from lib.report.verify import Verification, open_bundle, verify_opened
from lib.words import verification as words
from pages.ui import session
from pages.ui.plain import plain
from pages.ui.tables import table_card


@dataclass(frozen=True)
class Given:
    """A report's zip, the cohort's files (two where the arms came apart, in this order) and a file of episodes."""

    bundle: bytes
    cohort: tuple[File, ...]
    episodes: bytes | None


def ask() -> Given | None:
    """The files; None until both are there."""
    left, right = st.columns(2, gap="medium")
    bundle = left.file_uploader(words.BUNDLE, type=["zip"], key=session.key("verify-bundle"))
    cohort = right.file_uploader(words.COHORT, accept_multiple_files=True, key=session.key("verify-cohort"))
    with st.expander(words.EPISODES):
        episodes = st.file_uploader(words.EPISODES_FILE, type=["csv", "txt", "tsv"], key=session.key("verify-episodes"))
    files = tuple(File(one.name, one.getvalue()) for one in cohort)
    if bundle is None or not files:
        return None
    return Given(bundle.getvalue(), files, episodes.getvalue() if episodes is not None else None)


def verified(given: Given) -> Verification:
    """The report's spec run again. Raises AnalysisError where that cannot be done."""
    with st.spinner(words.RUNNING, show_time=True):
        bundle = open_bundle(given.bundle)
        table = read_cohort(given.cohort, bundle.spec.reading)
        return verify_opened(bundle, table, read_csv(given.episodes) if given.episodes is not None else None)


def show(found: Verification) -> None:
    """The verdict, the files, and the cells that differ."""
    said = "\n\n".join(map(plain, words.summary(found)))
    if found.agrees:
        st.success(said, icon=":material/verified:")
    else:
        st.error(said, icon=":material/error:")
    cells = words.cells_table(found)
    if cells.rows:
        table_card(cells, words.WHAT_DIFFERS)
    table_card(words.files_table(found), words.WHAT_FILES)
