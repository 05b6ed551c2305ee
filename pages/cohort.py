"""Data: who was treated, what was known before, what happened after; and who is lost on the way."""

import streamlit as st

from pages.ui import fits, guide, session, stages
from pages.ui.cohort import blocks, losses, source
from pages.ui.cohort.boxes import Boxes
from pages.ui.cohort.details import details

session.open_page(__file__)

table = session.table()
if table is None:
    source.first_screen()
    st.stop()
st.title("Data")
guide.show(__file__)
spec = session.spec()
missing = fits.columns_missing(table, spec) if spec.columns.treatment else None  # not chosen yet: asked in its box
if missing is not None:
    session.show_error(missing)
read = stages.prepared(table, spec)
source.about(table, spec, read.findings)
losses.line(table, spec)
Boxes.of(read, spec).show()
details(read, spec)
blocks.show_cohort(table, spec)
