"""About this example: the printed tables beside ours, where the printed p come from, and what the sets can say."""

import streamlit as st

from lib.words.labels import Labels
from lib.words.published import INFERRED, LEAD
from pages.ui import session, stages
from pages.ui.cohort import codebook
from pages.ui.published import blocks as study_blocks
from pages.ui.published import levels as level_blocks
from pages.ui.published import type_one as type_one_blocks
from pages.ui.samples import STUDY
from pages.ui.view import View

session.open_page(__file__)
st.title("About this example")
st.markdown(LEAD)
analysis, cells = stages.sample_analysis(STUDY), stages.published_cells(STUDY)
view = View(analysis, Labels.of(analysis.spec, codebook.normal(STUDY)), study=STUDY)
study_blocks.show_in_short(view)
study_blocks.show_agreement(cells)
st.markdown(INFERRED)
study_blocks.show_artefact(view)
for printed in ("Table 1", "Table 2"):
    study_blocks.show_printed_table(view, cells, printed)
study_blocks.show_download(view, cells)
study_blocks.show_pairs(view, cells)
study_blocks.show_both_p(view)
study_blocks.show_falls(view)
type_one_blocks.show_type_one(view)
level_blocks.show_levels()
