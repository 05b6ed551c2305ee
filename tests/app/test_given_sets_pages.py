"""Sets made elsewhere, page by page: chosen on the Match page, with and without covariates, and broken ones."""

import pytest

from tests.app.pages import errors, opened, unfold, widget, words
from tests.app.study_files import assert_readable, on_screen

PAGES = ("balance", "outcomes", "sensitivity")


def csv(broken: bool = False) -> str:
    """8 sets of one treated and two controls, 6 controls in no set; without sense: a set without a treated patient."""
    lines = ["id,group,age,match,death"]
    for i in range(30):
        treated = i < 8
        label = f"S{i % 8}" if i < 24 else "S99" if broken and i == 24 else ""
        lines.append(f"p{i},{'MSC' if treated else 'control'},{40 + (i * 7 + 3) % 19},{label},{int(i % 5 == 4)}")
    return "\n".join(lines) + "\n"


def study(page: str, broken: bool = False, covariates: tuple[str, ...] = ()):
    """A page with the sets chosen on the Match page by hand."""
    app = opened(csv=csv(broken))
    spec = app.session_state["spec"]
    columns = {"id": "id", "treatment": "group", "treated_value": "MSC", "covariates": ["age"]}
    outcomes = [{"name": "death", "kind": "binary", "column": "death", "primary": True}]
    app.session_state["spec"] = spec.replace(columns=columns, outcomes=outcomes)
    app = app.switch_page("pages/matching.py").run()
    app = widget(app.selectbox, "How patients are compared").set_value("given").run()
    assert "Choose the column that names the set" in on_screen(app)
    app = widget(app.selectbox, "Column of the sets").select("match").run()
    app = widget(app.multiselect, "Covariates to look at").set_value(list(covariates)).run()
    return app if page == "matching" else app.switch_page(f"pages/{page}.py").run()


@pytest.mark.parametrize("covariates", [(), ("age",)])
def test_sets_are_taken_from_a_column(covariates):
    app = study("matching", covariates=covariates)
    assert_readable(app)
    assert app.session_state["spec"].matching.subclass == "match"
    assert "All 8 treated are matched with 16 controls in the 8 sets of the file" in on_screen(app)
    for part in ("The match in numbers", "Who is not used"):
        unfold(app, part)
    found = {m.label: m.value for m in app.metric}
    assert (found["Treated matched"], found["Controls matched"], found["Pairs"]) == ("8", "16", "16")
    said = on_screen(app)
    assert "The sets were made elsewhere" in said and "All 8 sets were checked" in said
    assert "In no set" in said and "Not among the nearest" not in said


@pytest.mark.parametrize("covariates", [(), ("age",)])
@pytest.mark.parametrize("page", PAGES)
def test_every_page_works_on_them(page, covariates):
    app = study(page, covariates=covariates)
    assert_readable(app)
    assert not app.error, errors(app)
    if page == "sensitivity":
        assert "no other setting can be tried" in on_screen(app)
    if page == "outcomes":
        assert "8 patients counted as 16" in on_screen(app)


def test_a_set_without_a_treated_patient_is_one_sentence():
    app = study("matching", broken=True)
    assert 'Column "match" has 1 set without a treated patient, of 9 sets.' in errors(app)
    assert not app.exception


def test_back_to_sets_made_here():
    app = study("matching", covariates=("age",))
    app = widget(app.selectbox, "How patients are compared").set_value("nearest").run()
    assert not app.exception and not app.error
    assert app.session_state["spec"].matching.method == "nearest"
    assert "made elsewhere" not in words(app)


def several_csv() -> str:
    """Four sets of two treated and three controls, and controls in no set."""
    lines = ["id,group,age,match,death"]
    for i in range(26):
        label = f"S{i % 4}" if i < 20 else ""
        lines.append(f"p{i},{'MSC' if i < 8 else 'control'},{40 + (i * 7 + 3) % 19},{label},{int(i % 5 == 4)}")
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("page", ("matching", *PAGES))
def test_given_sets_may_hold_several_of_both_arms(page):
    app = opened(csv=several_csv())
    spec = app.session_state["spec"]
    columns = {"id": "id", "treatment": "group", "treated_value": "MSC", "covariates": ["age"]}
    outcomes = [{"name": "death", "kind": "binary", "column": "death", "primary": True}]
    matching = {"method": "given", "subclass": "match"}
    app.session_state["spec"] = spec.replace(columns=columns, outcomes=outcomes, matching=matching)
    app = app.switch_page(f"pages/{page}.py").run()
    assert_readable(app)
    assert not app.error, errors(app)
    if page == "matching":
        unfold(app, "The match in numbers")
        unfold(app, "Who is compared with whom?")
        found = {m.label: m for m in app.metric}
        assert (found["Sets"].value, found["Sets"].delta) == ("4", "2 treated, 3 controls")
        assert "each has a treated patient and at least one control" in on_screen(app)
        assert " and 1 more" in widget(app.selectbox, "Treated patient").options[0]
    if page == "outcomes":
        assert "Some sets hold several treated patients" in on_screen(unfold(app, "What these sets could have found"))
        assert "Pairs, as the published tests count" not in on_screen(app)
