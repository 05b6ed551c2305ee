"""Nothing that a file says reaches further than its letters: names, headers, levels, labels and units made to act are
shown as typed on every page, and the browser asks nobody else."""

import re

import numpy as np
import pandas as pd
from playwright.sync_api import Page, expect

from lib.io import File, Saved, pack
from lib.spec import AnalysisSpec
from lib.words.robust import OPENS
from tests.browser.conftest import Server, go_to, settle

EVIL = "evil.example"
ACTS = (
    f"![x](http://{EVIL}/a.png)",
    f"<img src=//{EVIL}/x>",
    f"[click](http://{EVIL})",
    f"http://{EVIL}/x",
    f"www.{EVIL}",
    f"me@{EVIL}",
    r"$\href{http://" + EVIL + "}{y}$",
    ":material/home:",
    ":red[boo]",
    ":smile:",
    "a|b",
    "*bold* **boo**",
    "`code`",
    "=cmd()",
    f'<a href="http://{EVIL}">z</a>',
    "<b>boo</b>",
    "%{x} &lt;",
)
TREATED, CONTROL = f"<b>boo</b> ![t](http://{EVIL}/t.png)", f"[c](http://{EVIL}) :red[boo]"
DIED, LIVED = f"http://{EVIL}/dead **boo**", f"<img src=//{EVIL}/alive>"
PAGES = ("Match", "Alike?", "Answer", "Robust?")
FAULTS = """(evil) => {
  const all = (query) => [...document.querySelectorAll(query)];
  const theirs = (e) => ["boo", "code", "bold", "y"].includes(e.textContent.trim());
  const found = [
    ...all(`a[href*="${evil}"], a[href^="mailto:"], img[src*="${evil}"]`),
    ...all("[*|href]").filter((e) => (e.getAttribute("xlink:href") || "").includes(evil)),
    ...all("b, strong, em, code, .katex, tspan, [data-testid=stMarkdownContainer] span").filter(theirs),
    ...all("[data-testid=stTable] [data-testid=stIconMaterial], [data-testid=stTable] [role=img]"),
  ];
  return found.map((e) => e.outerHTML.slice(0, 90) + " IN " + e.closest("[data-testid]")?.textContent.slice(0, 140));
}"""


def column(place: int, name: str) -> str:
    """A hostile header that still tells columns apart."""
    return f"{name} {ACTS[place % len(ACTS)]}"


HEADERS = {
    name: column(place, name) for place, name in enumerate(("group", "age", "crp", "sex", "day", "dead", "score"))
}


def hostile_frame() -> pd.DataFrame:
    """A cohort whose every word is made to act."""
    rng = np.random.default_rng(3)
    n, treated = 160, np.arange(160) < 20
    dead = rng.random(n) < 0.3
    plain = {
        "group": np.where(treated, TREATED, CONTROL),
        "age": rng.normal(60, 9, n).round(1),
        "crp": rng.normal(90, 25, n).round(1),
        "sex": np.where(rng.random(n) < 0.5, ACTS[2], ACTS[10]),
        "day": rng.integers(1, 28, n),
        "dead": np.where(dead, DIED, LIVED),
        "score": rng.normal(5, 2, n).round(2),
    }
    return pd.DataFrame({HEADERS[name]: values for name, values in plain.items()})


def hostile_spec() -> dict:
    """A spec that puts them into every place."""
    return {
        "columns": {
            "treatment": HEADERS["group"],
            "treated_value": TREATED,
            "covariates": [HEADERS["age"], HEADERS["crp"], HEADERS["sex"]],
            "categorical": [HEADERS["sex"]],
            "labels": {HEADERS["age"]: ACTS[0], HEADERS["crp"]: f"{ACTS[3]} {ACTS[14]}", HEADERS["sex"]: ACTS[8]},
            "units": {HEADERS["age"]: ACTS[1], HEADERS["crp"]: ACTS[11]},
        },
        "eligibility": [{"column": HEADERS["dead"], "op": "in", "value": [DIED, LIVED]}],
        "matching": {"method": "nearest", "ratio": 2, "caliper": None},
        "outcomes": [
            {
                "name": ACTS[4] + ACTS[9],
                "kind": "binary",
                "column": HEADERS["dead"],
                "event_value": DIED,
                "primary": True,
                "label": f"{ACTS[0]} {ACTS[15]}",
            },
            {"name": ACTS[6], "kind": "continuous", "column": HEADERS["score"], "unit": ACTS[1], "label": ACTS[5]},
            {
                "name": ACTS[7],
                "kind": "survival",
                "time": HEADERS["day"],
                "event": HEADERS["dead"],
                "event_value": DIED,
            },
        ],
    }


def hostile_bundle() -> bytes:
    """Data and settings as one file."""
    text = hostile_frame().to_csv(index=False).encode()
    spec = AnalysisSpec.from_dict(hostile_spec()).to_json().encode()
    study = " ".join(ACTS)[:250]
    return pack(Saved(study, None, (File("x.csv", text),), {}, spec, None))


def faults(page: Page) -> set[str]:
    """Links, pictures, bold letters, formulas or colours of theirs, in the page and in every figure."""
    settle(page)
    assert page.get_by_test_id("stException").count() == 0
    return set(page.evaluate(FAULTS, EVIL))


def hover(page: Page) -> None:
    """The first marks of every figure, so that hover texts are drawn."""
    for figure in page.locator(".js-plotly-plot").all():
        figure.scroll_into_view_if_needed()
        for mark in figure.locator(".point, .scatterlayer path, .bars path").all()[:4]:
            box = mark.bounding_box()
            if box is not None:
                page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
                page.wait_for_timeout(80)


def test_a_hostile_file_is_shown_as_typed_on_every_page(server: Server, page: Page):
    page.goto(server.url)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "study.matchlens", "mimeType": "application/zip", "buffer": hostile_bundle()}
    )
    page.get_by_text("160 rows").first.wait_for()
    found = {"Data": faults(page)}
    for title in PAGES:
        go_to(page, title)
        hover(page)
        found[title] = faults(page)
    for line in OPENS.values():
        page.get_by_text(line, exact=True).click()
        hover(page)
        found[line] = faults(page)
    page.get_by_role("radio", name="All combinations").click()
    settle(page)
    page.get_by_role("button", name="Run all").click()
    page.get_by_text("All specifications (CSV)").wait_for()
    hover(page)
    found["All combinations"] = faults(page)
    assert len(found) > 8
    assert {place: what for place, what in found.items() if what} == {}


def test_a_hostile_table_without_settings_is_shown_as_typed(server: Server, page: Page):
    page.goto(server.url)
    page.locator("input[type=file]").first.set_input_files(
        {
            "name": f"www.{EVIL} [x](http:__{EVIL}) <b>boo<_b> :red[boo] $x^2$.csv",
            "mimeType": "text/csv",
            "buffer": hostile_frame().to_csv(index=False).encode(),
        }
    )
    page.get_by_text("160 rows").first.wait_for()
    assert faults(page) == set()
    expect(page.get_by_text(re.compile(r"\[x\]\(http:.?__evil\.example\)")).first).to_be_visible()
