"""The Presentation page: every slide is there, what a file brings is text, and without a cohort it says where to go."""

from streamlit.testing.v1 import AppTest

from tests.app.pages import errors, opened
from tests.app.study_files import rows, spec, study


def slides(app: AppTest) -> list[str]:
    """The HTML of every slide."""
    return [
        found.proto.body for found in app.get("html") if "deck-slide" in found.proto.body and "<h1" in found.proto.body
    ]


def test_the_sample_is_a_whole_talk():
    app = opened("presentation", sample="msc_covid19")
    assert not app.exception and not app.table and not app.button[1:]
    made = slides(app)
    assert len(made) >= 10 and f"1 / {len(made)}" in made[0]
    answer = next(slide for slide in made if "Answer: Death by day 28" in slide)
    assert "0/8 v 5/24; p by set 0.34; 0 to 5 of 8 prevented" in answer
    assert all("synthetic patients" in slide for slide in made)


def test_a_number_is_a_figure_of_its_patients():
    outcomes = [{"name": "crp_day7", "kind": "continuous", "column": "crp_day7", "primary": True}]
    app = study("presentation", outcomes=outcomes)
    assert not app.exception and len(app.get("plotly_chart")) == 1


def test_without_outcomes_the_slides_end_with_the_balance():
    made = slides(study("presentation", outcomes=[]))
    assert made and not any("Table 2" in slide or "Answer" in slide for slide in made)


def test_without_a_cohort_it_says_where_to_go():
    app = opened("presentation")
    assert not app.exception and "Data page" in app.info[0].value and not slides(app)


def test_an_analysis_that_cannot_be_done_is_a_sentence():
    app = study("presentation", csv=rows(), eligibility=[{"column": "age", "op": ">", "value": 200}])
    assert not app.exception and errors(app) and not slides(app)


def test_names_of_a_file_are_text():
    columns = spec().columns.model_dump() | {"labels": {"age": "<script>alert(1)</script>"}}
    made = "".join(slides(study("presentation", columns=columns)))
    assert "<script" not in made and "&lt;script&gt;" in made
