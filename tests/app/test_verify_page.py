"""The Verify page: a report that holds, one changed by a hand, another cohort, and files that are no report."""

import io
import zipfile

import pytest

from lib.io import read_csv
from lib.report.files import result_files
from lib.steps import run
from lib.words.verification import BUNDLE, COHORT
from tests.app.pages import errors, opened, uploader
from tests.app.study_files import rows, spec


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    """What a run of the small study writes, and its spec."""
    return dict(result_files(run(read_csv(rows().encode()), spec()))) | {"spec.json": spec().to_json().encode()}


def zipped(files: dict[str, bytes]) -> bytes:
    """A bundle of them."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return made.getvalue()


def dropped(bundle: bytes, cohort: bytes):
    """The page with both files."""
    app = opened("verify")
    uploader(app, BUNDLE).upload("bundle.zip", bundle).run()
    uploader(app, COHORT).upload("study.csv", cohort).run()
    assert not app.exception
    return app


def test_it_asks_for_both_files_and_says_nothing_yet():
    app = opened("verify")
    assert not app.exception and not app.table and not app.success


def test_a_report_that_holds(files):
    app = dropped(zipped(files), rows().encode())
    assert "Everything that can be checked is the same" in "".join(one.value for one in app.success)
    assert {"result.json", "balance.csv"} <= {str(cell).replace("\\", "") for cell in app.table[0].value.iloc[:, 0]}


def test_a_number_changed_by_hand_is_named(files):
    number = next(cell for cell in files["balance.csv"].decode().splitlines()[1].split(",") if "." in cell)
    forged = files | {"balance.csv": files["balance.csv"].replace(number.encode(), b"0.5", 1)}
    app = dropped(zipped(forged), rows().encode())
    assert "balance.csv" in errors(app)
    assert number in str(app.table[0].value.to_numpy()).replace("\\", "")


def test_another_cohort_differs(files):
    assert errors(dropped(zipped(files), rows(deaths=9).encode()))


@pytest.mark.parametrize("bundle", [b"no zip", zipped({"a.txt": b"x"})])
def test_what_is_no_report_is_a_sentence(bundle):
    app = dropped(bundle, rows().encode())
    assert errors(app) and not app.table
