"""Data and settings as one file: what goes in comes out, and nothing that somebody else made is unpacked unread."""

import io
import json
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lib.errors import DataError
from lib.io import bundle
from lib.io.bundle import File, Saved, is_bundle, pack, unpack

SAVED = Saved(
    study="clinic",
    sample=None,
    files=(File("clinic.csv", b"id;age\n1;60\n"), File("controls.xlsx", bytes(range(256)))),
    options={"encoding": "cp1252", "delimiter": ";", "missing": ("NA", "-999")},
    spec=b'{"version": 1}',
    episodes=File("episodes.csv", b"id,day\n"),
)
SAMPLE = Saved("msc_covid19", "msc_covid19", (), {}, b"{}", None)
MANIFEST = {"format": "matchlens", "version": 1, "study": "a", "files": ["a.csv"]}


def archive(entries: dict[str, bytes], kind: int = zipfile.ZIP_DEFLATED) -> bytes:
    """A zip archive of anything."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", kind) as file:
        for name, data in entries.items():
            file.writestr(name, data)
    return made.getvalue()


def with_manifest(**changes) -> bytes:
    """A small archive whose manifest says something else."""
    return archive({"manifest.json": json.dumps(MANIFEST | changes).encode(), "data0": b"x"})


@pytest.mark.parametrize("saved", [SAVED, SAMPLE])
def test_what_goes_in_comes_out(saved):
    packed = pack(saved)
    assert unpack(packed) == saved
    assert is_bundle(packed)
    assert pack(saved) == packed


def test_the_small_archive_of_these_tests_opens():
    assert unpack(with_manifest()).files == (File("a.csv", b"x"),)


def test_names_of_files_come_back_without_a_folder():
    assert unpack(with_manifest(files=["../../etc/passwd"])).files[0].name == "passwd"
    assert unpack(with_manifest(files=["C:\\data\\a.csv"])).files[0].name == "a.csv"
    assert unpack(with_manifest(files=["folder/"])).files[0].name == "file"


def test_a_workbook_is_no_saved_file():
    assert not is_bundle(archive({"[Content_Types].xml": b"", "xl/workbook.xml": b""}))
    assert not is_bundle(b"id,age\n1,60\n")


@pytest.mark.parametrize(
    "data, sentence",
    [
        (b"", "damaged"),
        (b"id,age\n1,60\n", "damaged"),
        (pack(SAVED)[:-30], "damaged"),
        (archive({"xl/workbook.xml": b""}), "not a file that MatchLens saved"),
        (archive({"manifest.json": b"{}", "../../evil": b""}), "not a file that MatchLens saved"),
        (archive({"manifest.json": b"{}"}), "does not say what is in it"),
        (archive({"manifest.json": b"\xff\xfe{"}), "does not say what is in it"),
        (archive({"manifest.json": b"[" * 60_000}), "does not say what is in it"),
        (archive({"manifest.json": b"not json"}), "damaged"),
        (archive({"manifest.json": b" " * 70_000}), "unpack to more than"),
        (archive({"manifest.json": b"{}", "spec.json": b" " * 1_100_000}), "unpack to more than"),
        (archive({"manifest.json": b"{}", "data0": b"x"}, zipfile.ZIP_BZIP2), "packed by another program"),
        (with_manifest(version=2), "newer MatchLens"),
        (with_manifest(format="other"), "does not say what is in it"),
        (with_manifest(files=["a.csv", "b.csv"]), "lacks the data"),
        (with_manifest(files=["a", "b", "c"]), "does not say what is in it"),
        (with_manifest(files=[]), "lacks the data"),
        (with_manifest(sample="msc_covid19"), "lacks the data"),
        (with_manifest(episodes="e.csv"), "lacks the data"),
        (with_manifest(options={"decimal": "x"}), "does not say what is in it"),
        (with_manifest(study="x" * 300), "does not say what is in it"),
        (with_manifest(study=""), "does not say what is in it"),
        (with_manifest(surprise=1), "does not say what is in it"),
    ],
)
def test_anything_else_is_one_sentence(data, sentence):
    with pytest.raises(DataError, match=sentence) as caught:
        unpack(data)
    assert caught.value.hint


def test_a_bomb_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(bundle, "MOST_BYTES", 100_000)
    monkeypatch.setattr(zipfile.ZipFile, "read", lambda *given: pytest.fail("was unpacked"))
    with pytest.raises(DataError, match="unpack to more than"):
        unpack(archive({"manifest.json": b"{}", "data0": bytes(200_000)}))


def test_an_entry_that_lies_about_its_size_is_damaged():
    packed = bytearray(archive({"manifest.json": json.dumps(MANIFEST).encode(), "data0": bytes(100_000)}))
    at = packed.rfind(b"PK\x01\x02", 0, packed.rfind(b"data0"))
    packed[at + 24 : at + 28] = (9).to_bytes(4, "little")  # the size that the archive's list declares
    with pytest.raises(DataError, match="damaged"):
        unpack(bytes(packed))


def test_two_entries_of_one_name_are_refused():
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as file:
        file.writestr("manifest.json", json.dumps(MANIFEST))
        with pytest.warns(UserWarning, match="Duplicate"):
            file.writestr("manifest.json", b"{}")
    with pytest.raises(DataError, match="not a file that MatchLens saved"):
        unpack(made.getvalue())


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), min_size=1, max_size=8))
def test_a_damaged_file_is_a_sentence_or_what_was_saved(changes):
    packed = bytearray(pack(SAVED))
    for place, byte in changes:
        packed[place % len(packed)] = byte
    try:
        found = unpack(bytes(packed))
    except DataError:
        return
    assert [file.data for file in found.files] == [file.data for file in SAVED.files]
