"""Bad input on every page: no outcome, forty of them, one covariate, nobody matched, one treated patient, nothing known
of what happened, words from right to left; each page says something readable and none breaks."""

import pytest

from lib.spec import AnalysisSpec
from tests.app.pages import opened
from tests.app.study_files import assert_readable, on_screen, rows

PAGES = ("cohort", "matching", "balance", "outcomes", "sensitivity", "report", "presentation")
LONG = "An outcome whose name is as long as some registries write it, number {} of forty"
RIGHT_TO_LEFT = {"age": "العمر عند الدخول", "crp": "بروتين سي التفاعلي", "ward": "القسم"}
COLUMNS = {"id": "id", "treatment": "group", "treated_value": "MSC"}


def outcome(column: str, **other) -> dict:
    """A binary outcome."""
    return {"name": column, "kind": "binary", "column": column, "primary": True, **other}


def wide(columns: int, covariates: bool) -> tuple[str, dict]:
    """A study with so many covariates, or so many outcomes."""
    names = [LONG.format(i + 1) for i in range(columns)]
    lines = ["id,group,age,death," + ",".join(f'"{name}"' for name in names)]
    for i in range(44):
        values = [(i * (7 + k) + k * k + i // (k + 1)) % (19 if covariates else 2) for k in range(columns)]
        arm = "MSC" if i < 8 else "control"
        lines.append(f"p{i},{arm},{40 + (i * 7 + 11) % 23},{i % 4 // 3}," + ",".join(map(str, values)))
    known = {"covariates": ["age", *names] if covariates else ["age"]}
    found = [outcome("death")]
    if not covariates:
        found += [outcome(name, primary=False) for name in names[1:]]
    return "\n".join(lines) + "\n", settings(known, found)


def settings(columns: dict, outcomes: list[dict], **matching) -> dict:
    """A spec as a dict."""
    return {"columns": COLUMNS | columns, "matching": {"ratio": 2, "caliper": None} | matching, "outcomes": outcomes}


def small(columns: dict | None = None, outcomes: tuple[dict, ...] = (outcome("death"),), **matching) -> dict:
    """The small study's spec."""
    return settings({"covariates": ["age", "crp", "ward"]} | (columns or {}), list(outcomes), **matching)


def foreign() -> tuple[str, dict]:
    """Labels and levels that are read from right to left, labels of 80 letters."""
    text = rows().replace("A", "القسم الأول").replace("B", "القسم الثاني")
    labels = RIGHT_TO_LEFT | {"death": "الوفاة " * 11}
    return text, small({"labels": labels})


def unknown() -> str:
    """The small study with nothing known of what happened."""
    head, *lines = rows().splitlines()
    return "\n".join([head, *(",".join([*line.split(",")[:5], "", "", ""]) for line in lines)]) + "\n"


def far_apart() -> str:
    """Treated patients whom no control is like."""
    return rows().replace("MSC,", "MSC,9")


CASES = {
    "no outcome": (rows(), small(outcomes=())),
    "one outcome": (rows(), small()),
    "forty outcomes": wide(40, covariates=False),
    "forty covariates": wide(40, covariates=True),
    "one covariate": (rows(), small({"covariates": ["age"]})),
    "right to left": foreign(),
    "nobody matched": (far_apart(), small(caliper=0.01)),
    "one treated": (rows(treated=1, control=18), small()),
    "nothing known": (unknown(), small()),
    "nobody died": (rows(deaths=0), small()),
}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("case", CASES)
def test_a_page_says_something_readable(case: str, page: str):
    text, given = CASES[case]
    app = opened(csv=text)
    app.session_state["spec"] = AnalysisSpec.from_dict(given)
    app = app.switch_page(f"pages/{page}.py").run()
    assert_readable(app)
    assert on_screen(app).strip() or app.get("html")
