"""MatchLens: page config, navigation, run. Start with `streamlit run app.py`, or `streamlit run app.py -- --sample
msc_covid19` to open on the sample study."""

import sys
from pathlib import Path

import streamlit as st

from pages.ui import keeper, memory, session, sidebar

ASSETS = Path(__file__).parent / "pages/ui/assets"

st.set_page_config(page_title="MatchLens", page_icon=str(ASSETS / "icon.png"), layout="wide")
st.html(ASSETS / "app.css")
memory.start()
session.start(sys.argv[1:])
page = st.navigation(
    [
        st.Page("pages/cohort.py", title="Data", icon=":material/groups:", default=True, url_path="start"),
        st.Page("pages/matching.py", title="Match", icon=":material/join_inner:"),
        st.Page("pages/balance.py", title="Alike?", icon=":material/balance:"),
        st.Page("pages/outcomes.py", title="Answer", icon=":material/monitoring:"),
        st.Page("pages/sensitivity.py", title="Robust?", icon=":material/tune:"),
        st.Page("pages/check_a_paper.py", title="Check a paper", icon=":material/fact_check:"),
        st.Page(
            "pages/published_study.py",
            title="About this example",
            icon=":material/article:",
            visibility="visible" if session.of_the_study() else "hidden",
        ),
        st.Page("pages/presentation.py", title="Presentation", visibility="hidden"),
        # the first page stands at "/" alone; its name in an address leads there too
        st.Page(session.to_first_page, title="Data", url_path="cohort", visibility="hidden"),
    ]
)
session.continue_to_wanted_page()
sidebar.show()
keeper.watch()
if st.context.theme.type == "dark":
    st.html(ASSETS / "dark.css")
page.run()
