"""Published study: the printed tables beside ours, where the printed p-values come from, and what the sets can say."""

import streamlit as st

from lib.words.published import LEAD
from pages.ui import session, stages, widgets
from pages.ui.cohort import codebook
from pages.ui.published import blocks as study_blocks
from pages.ui.published import type_one as type_one_blocks

SAMPLE = "msc_covid19"

session.open_page(__file__)
st.title("Published study")
st.markdown(LEAD)
analysis, cells = stages.sample_analysis(SAMPLE), stages.published_cells(SAMPLE)
text = widgets.caption(analysis.cohort, analysis.sample, analysis.spec, study=f"{SAMPLE} (synthetic)")
study = study_blocks.Study(SAMPLE, analysis, cells, text, codebook.of_sample(SAMPLE))
if not session.presentation():
    study_blocks.show_in_short(study)
    study_blocks.show_agreement(study)
    for printed in ("Table 1", "Table 2"):
        study_blocks.show_printed_table(study, printed)
    study_blocks.show_download(study)
    study_blocks.show_pairs(study)
study_blocks.show_both_p(study)
study_blocks.show_falls(study)
type_one_blocks.show_type_one(study)
