"""What the tests of single pages share: the app as a user opens it, and small files to upload."""

from streamlit.testing.v1 import AppTest

from lib.words.cohort import UPLOAD
from tests.conftest import ROOT

SECONDS = 60


def opened(
    page: str | None = None, sample: str | None = None, csv: str | None = None, practice: bool = True
) -> AppTest:
    """The app on one page, with a sample ("msc_covid19", "nhefs"), an uploaded CSV, or nothing.

    practice: outcomes of an upload are open without a lock, as those of a sample are."""
    app = AppTest.from_file(ROOT / "app.py", default_timeout=SECONDS).run()
    if sample:
        label = "Open the sample study" if sample == "msc_covid19" else "Open the NHEFS sample"
        button(app, label).click().run()
    app.session_state["practice"] = practice
    if csv is not None:
        uploader(app, UPLOAD).upload("study.csv", csv.encode()).run()
    if page:
        app.switch_page(f"pages/{page}.py").run()
    return app


def button(app: AppTest, label: str):
    """The first button with this label."""
    return next(found for found in app.button if found.label == label)


def unfold(app: AppTest, title: str) -> AppTest:
    """Open a folded part of the page, as a click does."""
    part = next(found for found in app.get("expander") if found.label.startswith(title))
    app.session_state[part.proto.id.split("-", 2)[2]] = True
    return app.run()


def uploader(app: AppTest, label: str):
    """The first uploader with this label."""
    return next(found for found in app.file_uploader if found.label == label)


def widget(found, label: str):
    """The first widget of a list with this label."""
    return next(one for one in found if one.label == label)


def errors(app: AppTest) -> str:
    """All error boxes as one text, as a reader sees it."""
    return "\n".join(error.value for error in app.error).replace("\\", "")


def words(app: AppTest) -> str:
    """Everything the page says in text, metrics and captions."""
    texts = [*app.markdown, *app.caption, *app.info, *app.warning, *app.error, *app.subheader]
    said = [text.value for text in texts] + [f"{m.label}: {m.value} {m.delta}" for m in app.metric]
    return "\n".join(said).replace("\\", "")
