"""Small studies for the pages' tests: a CSV and the spec under which it is opened."""

from streamlit.testing.v1 import AppTest

from lib.spec import AnalysisSpec
from tests.app.pages import opened

OUTCOMES = (
    {"name": "death", "kind": "binary", "column": "death", "primary": True},
    {"name": "crp_day7", "kind": "continuous", "column": "crp_day7", "baseline": "crp"},
    {"name": "survival", "kind": "survival", "time": "days", "event": "death", "horizon": 28},
)


def rows(treated: int = 6, control: int = 18, deaths: int = 5) -> str:
    """A CSV: age, crp and ward overlap between the arms, the last `deaths` controls died."""
    lines = ["id,group,age,crp,ward,death,days,crp_day7"]
    for i in range(treated + control):
        dead = int(i >= treated + control - deaths)
        lines.append(
            f"p{i},{'MSC' if i < treated else 'control'},{40 + (i * 7 + 11) % 23},{10 + (i * 13) % 31}.5,"
            f"{'AB'[(i // 2) % 2]},{dead},{5 + i if dead else 28},{20 + (i * 11) % 17}"
        )
    return "\n".join(lines) + "\n"


def spec(**sections) -> AnalysisSpec:
    """The study's spec with whole sections changed."""
    columns = {"id": "id", "treatment": "group", "treated_value": "MSC", "covariates": ["age", "crp", "ward"]}
    settings = {"columns": columns, "matching": {"ratio": 3, "caliper": None}, "outcomes": OUTCOMES}
    return AnalysisSpec.from_dict(settings | sections)


def study(page: str, csv: str | None = None, **sections) -> AppTest:
    """The app on one page with the small study (or another CSV of its columns) opened under a spec."""
    app = opened(csv=csv or rows())
    app.session_state["spec"] = spec(**sections)
    return app.switch_page(f"pages/{page}.py").run()


def cells(app: AppTest, first: str):
    """The table whose first column has this name, as a DataFrame of Markdown."""
    return next(t.value for t in app.table if t.value.columns[0].replace("\\", "") == first)


def on_screen(app: AppTest) -> str:
    """Every text, metric and table cell of the page, escapes removed."""
    texts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.success, *app.subheader, *app.title]
    said = [t.value for t in texts] + [f"{m.label} {m.value} {m.delta}" for m in app.metric]
    said += [str(cell) for t in app.table for cell in [*t.value.columns, *t.value.to_numpy().ravel()]]
    return "\n".join(said).replace("\\", "")


def assert_readable(app: AppTest) -> None:
    """No traceback, and no number that only a program would print."""
    assert not app.exception
    words = on_screen(app).replace("\n", " ").replace("(", " ").replace(",", " ").split()
    assert not {"nan", "NaN", "inf", "-inf", "None", "NS", "0.000", "<NA>"} & set(words)
