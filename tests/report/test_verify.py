"""verify: what was changed is found and named, what may differ is let through, and no zip does harm."""

import io
import json
import re
import zipfile
from pathlib import Path

import pytest

from lib.__main__ import main
from lib.errors import AnalysisError, DataError, SpecError
from lib.report import verify_bundle
from lib.report.checklist import checklist_markdown
from lib.report.methods import methods_markdown
from lib.report.reproduce_python import reproduce_python
from lib.report.reproduce_r import reproduce_r
from lib.report.verify import MISSING, OTHER_VERSION, TOO_LARGE, FileCheck, Verification, verify
from lib.report.verify_cells import HIDDEN, compare_csv, compare_json, same_cell
from lib.words.verification import MOST, as_lines, cells_table, files_table
from tests.report.samples import labels_of, spec_of, steps_of, table_of, written, zipped

SAMPLE = "sample_data/msc_covid19.csv"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    steps = steps_of("greedy")
    labels = labels_of(steps)
    return written(steps) | {
        "methods.md": methods_markdown(steps, labels).encode(),
        "checklist.md": checklist_markdown(steps, labels).encode(),
        "reproduce.py": reproduce_python(steps).encode(),
        "reproduce.R": reproduce_r(steps).encode(),
        "report.html": b"<html></html>",
    }


def verified(files: dict[str, bytes], **more) -> Verification:
    return verify(zipped(files), table_of("msc_covid19"), **more)


def of(found: Verification, name: str) -> FileCheck:
    return next(file for file in found.files if file.name == name)


def changed(files: dict[str, bytes], name: str, old: bytes, new: bytes) -> dict[str, bytes]:
    assert old in files[name]
    return files | {name: files[name].replace(old, new, 1)}


def test_a_report_holds_against_its_own_data(files):
    found = verified(files)
    assert (found.agrees, found.exit_code, found.data) == (True, 0, "same")
    assert {file.name: file.state for file in found.files} == dict.fromkeys(files, "same") | {
        "report.html": "unchecked"
    }
    assert of(found, "matched.csv").same == 120 * 31


@pytest.mark.parametrize(
    ("name", "old", "new", "place"),
    [
        ("result.json", b'"matched_control": 24', b'"matched_control": 25', "matching.matched_control"),
        ("result.json", b'"verdict": "look"', b'"verdict": "pass"', "balance_test.verdict"),
        ("balance.csv", b"51.375", b"51.3751", "row 1, mean_treated_before"),
        (
            "outcomes.csv",
            b"death_28d,binary,summary,treated,,8,0",
            b"death_28d,binary,summary,treated,,8,1",
            "row 1, events",
        ),
        ("table1.csv", b"age,,number,covariate,8,50", b"age,,number,covariate,8,51", "row 1, median_treated"),
        ("methods.md", b"p = 0.34", b"p = 0.034", "the line"),
        ("checklist.md", b"8 sets of 1:3", b"9 sets of 1:3", "the line"),
    ],
)
def test_what_was_changed_is_found_and_named(files, name, old, new, place):
    found = verified(changed(files, name, old, new))
    assert found.exit_code == 1
    assert [file.name for file in found.files if file.state == "differs"] == [name]
    assert any(place in cell.place for cell in of(found, name).differs)


@pytest.mark.parametrize("name", ["reproduce.py", "reproduce.R"])
def test_a_changed_script_differs(files, name):
    assert of(verified(files | {name: files[name] + b"\n"}), name).state == "differs"


def test_a_value_of_a_patient_is_not_shown(files):
    found = of(verified(changed(files, "matched.csv", b"P004,control,male,60", b"P004,control,male,61")), "matched.csv")
    assert [(cell.place, cell.there, cell.here) for cell in found.differs] == [("row 1, age", HIDDEN, HIDDEN)]


def test_the_last_digits_may_differ(files):
    close = changed(files, "balance.csv", b"9.379879682444912", b"9.379879682444918")
    assert verified(close).agrees
    assert not verified(changed(files, "balance.csv", b"9.379879682444912", b"9.3798799")).agrees


@pytest.mark.parametrize(
    ("there", "here", "same"),
    [
        ("1", "1.0", True),
        ("0.1", "0.100000000001", True),
        ("0.1", "0.1000001", False),
        ("1e-12", "0", True),
        ("", "0", False),
        ("", "", True),
        ("a", "A", False),
        (None, 0, False),
        (True, 1, False),
        (1, 1.0, True),
        (float("nan"), 1.0, False),
        ("1" * 400, "1" * 400, True),
        ("1e999", "1e998", False),
        ("01", "1", True),
    ],
)
def test_when_two_cells_are_the_same(there, here, same):
    assert same_cell(there, here) is same


def test_rows_and_keys_that_one_side_lacks():
    found = compare_csv(b"a,b\n1,2\n", b"a,b\n1,2\n3,4\n", True)
    assert [cell.place for cell in found.differs] == ["row 2, a", "row 2, b"]
    found = compare_csv(b"a,b,c\n1,2,3\n", b"a,b\n1,2\n", True)
    assert [cell.place for cell in found.differs] == ["head, column 3", "row 1, column 3"]
    found = compare_json({"a": [1, 2], "b": {}}, {"a": [1], "c": 1}, True)
    assert [cell.place for cell in found.differs] == ["a[2]", "b", "c"]


def test_words_of_another_version_cannot_be_checked_and_numbers_can(files):
    other = changed(files, "result.json", b'"matchlens": "0.1.0"', b'"matchlens": "0.0.9"')
    other = changed(other, "result.json", b"Read as UTF-8 text", b"Read as text")
    other = changed(other, "methods.md", b"No treated patient was lost.", b"Nobody was lost.")
    found = verified(other | {"reproduce.R": b"# another"})
    assert (found.there, found.agrees) == ("0.0.9", True)
    assert of(found, "result.json").unchecked
    for name in ("methods.md", "reproduce.R"):
        assert (of(found, name).state, of(found, name).why) == ("unchecked", OTHER_VERSION)
    assert any("0.0.9" in line for line in as_lines(found))
    assert not verified(changed(other, "result.json", b'"pairs": 24', b'"pairs": 23')).agrees


def test_other_data_are_said_first(files, tmp_path, capsys):
    (tmp_path / "bundle.zip").write_bytes(zipped(files))
    other = Path(SAMPLE).read_text().replace(",60,0,", ",59,0,", 1)
    (tmp_path / "other.csv").write_text(other)
    code = main(["verify", str(tmp_path / "bundle.zip"), "--data", str(tmp_path / "other.csv")])
    told = capsys.readouterr().out
    assert code == 1
    assert told.startswith("The data are not those of the report")
    code = main(["verify", str(tmp_path / "bundle.zip"), "--data", "sample_data/nhefs.csv"])
    assert code == 2
    assert capsys.readouterr().err.startswith("These are not the data of the report")


def test_the_command_says_what_differs(files, tmp_path, capsys):
    (tmp_path / "good.zip").write_bytes(zipped(files))
    (tmp_path / "bad.zip").write_bytes(zipped(changed(files, "balance.csv", b"51.375", b"51.5")))
    assert main(["verify", str(tmp_path / "good.zip"), "--data", SAMPLE]) == 0
    told = capsys.readouterr().out.splitlines()
    assert told[:2] == ["The data are those of the report.", "Everything that can be checked is the same."]
    assert main(["verify", str(tmp_path / "bad.zip"), "--data", SAMPLE]) == 1
    told = capsys.readouterr().out
    assert "DIFFERS balance.csv, row 1, mean_treated_before: in the report 51.5, now 51.375" in told
    assert main(["verify", str(tmp_path / "none.zip"), "--data", SAMPLE]) == 2
    assert capsys.readouterr().err.startswith("There is no file")


def test_missing_unknown_and_swollen_files(files):
    found = verified({name: data for name, data in files.items() if name != "table1.csv"})
    assert (of(found, "table1.csv").state, of(found, "table1.csv").why) == ("differs", MISSING)
    found = verified(files | {"figures/love.svg": b"<svg/>", "data": b""})
    assert found.agrees
    assert of(found, "figures/love.svg").state == "unchecked"
    swollen = files | {"balance.csv": files["balance.csv"] + b"0," * 10**6}
    assert of(verified(swollen), "balance.csv").why == TOO_LARGE


def test_the_report_may_remake_further_files(files):
    remake = {"report.html": lambda steps: b"<html></html>"}
    assert of(verified(files, remake=remake), "report.html").state == "same"
    assert of(verified(files | {"report.html": b"x"}, remake=remake), "report.html").state == "differs"


def test_without_a_digest_the_data_are_unknown(files):
    old = json.loads(files["result.json"])
    old["matchlens"] = "0.0.9"
    assert verified({name: data for name, data in files.items() if name != "methods.md"}).data == "same"
    del old["data"]
    bare = files | {"result.json": json.dumps(old).encode()}
    assert verified({name: data for name, data in bare.items() if name != "methods.md"}).data == "unknown"


def test_tables_for_a_page(files):
    found = verified(changed(files, "balance.csv", b"51.375", b"51.5"))
    assert [row[:2] for row in files_table(found).rows if row[1] == "differs"] == [("balance.csv", "differs")]
    assert cells_table(found).rows == (("balance.csv", "row 1, mean_treated_before", "51.5", "51.375"),)
    shifted = re.sub(rb"(?m)^(?=.)", b"9", files["outcomes.csv"])
    assert len(cells_table(verified(files | {"outcomes.csv": shifted})).rows) <= MOST


def refused(data: bytes) -> AnalysisError:
    with pytest.raises(AnalysisError) as caught:
        verify(data, table_of("msc_covid19"))
    sentence = str(caught.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize("share", [0.02, 0.3, 0.6, 0.99])
def test_a_cut_zip_is_refused(files, share):
    data = zipped(files)
    assert isinstance(refused(data[: int(share * len(data))]), DataError)


def test_a_zip_with_a_wrong_byte_is_refused_or_differs(files):
    whole = bytearray(zipped(files))
    for place in range(60, len(whole) - 60, len(whole) // 40):
        broken = bytes(whole[:place]) + bytes([whole[place] ^ 0xFF]) + bytes(whole[place + 1 :])
        try:
            verify(broken, table_of("msc_covid19"))
        except AnalysisError as error:
            assert str(error).endswith(".")


@pytest.mark.parametrize("name", ["../spec.json", "/etc/passwd", "a/../../b", "C:/x", "..\\x", "a\x01b"])
def test_names_that_lead_out_are_refused(files, name):
    assert "leads out of its folder" in str(refused(zipped(files | {name: b""})))


def test_bombs_are_refused(files, monkeypatch):
    monkeypatch.setattr(verify_bundle, "MOST_BYTES", 10**6)
    assert "unpack to more than" in str(refused(zipped(files | {"zeros": bytes(2 * 10**6)})))
    monkeypatch.setattr(verify_bundle, "MOST_FILES", 20)
    assert "more than 20 files" in str(refused(zipped(files | {str(n): b"" for n in range(30)})))


def test_a_bomb_that_lies_about_its_size_is_refused(files, monkeypatch):
    monkeypatch.setattr(verify_bundle, "MOST_BYTES", 3 * 10**6)
    data = bytearray(zipped(files | {"zeros": bytes(5 * 10**6)}))
    size = (5 * 10**6).to_bytes(4, "little")
    lie = (10).to_bytes(4, "little")
    assert size in data
    refused(bytes(data).replace(size, lie))


def test_strange_contents_are_refused(files):
    assert "no spec.json" in str(refused(zipped({"result.json": b"{}"})))
    assert "neither result.json nor matched.csv" in str(refused(zipped({"spec.json": files["spec.json"]})))
    assert isinstance(refused(zipped(files | {"spec.json": b"{"})), SpecError)
    newer = json.dumps(json.loads(files["spec.json"]) | {"version": 2}).encode()
    assert isinstance(refused(zipped(files | {"spec.json": newer})), SpecError)
    for content in (b"[]", b"{", b"\xff", b"[" * 10**5):
        refused(zipped(files | {"result.json": content}))
    refused(zipped(files | {"balance.csv": b"\xff\xfe"}))
    refused(zipped(files | {"free_days.csv": b"x"}))
    refused(b"")
    refused(b"no zip")


def test_two_files_of_one_name_are_refused(files):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive, pytest.warns(UserWarning, match="Duplicate name"):
        archive.writestr("spec.json", files["spec.json"])
        archive.writestr("spec.json", files["spec.json"])
    assert "two files of one name" in str(refused(made.getvalue()))


@pytest.mark.parametrize("design", ["full", "overlap", "replacement"])
def test_every_kind_of_design_holds(design):
    steps = steps_of(design)
    assert verify(zipped(written(steps)), table_of("msc_covid19")).agrees


def test_another_spec_is_another_analysis(files):
    other = spec_of("msc_covid19").replace(matching={"ratio": 2, "caliper": None})
    found = verified(files | {"spec.json": other.to_json().encode()})
    assert of(found, "result.json").state == "differs"
    assert of(found, "matched.csv").state == "differs"
