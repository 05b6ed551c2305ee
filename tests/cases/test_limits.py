"""Files and specs that broke the program: each gives an answer or a sentence, in under 10 seconds."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager

import numpy as np
import pandas as pd
import pytest

from lib.__main__ import main
from lib.errors import AnalysisError
from lib.io import read_table, write_csv
from lib.roles.guess import guess_spec
from lib.spec import AnalysisSpec
from tests.cases.shelf import opened, raw, result, spec_of

LIMIT = 10  # seconds


@contextmanager
def answers_in_time() -> Iterator[None]:
    """What happens inside ends within LIMIT, by itself or with a sentence."""
    start = time.process_time()
    try:
        yield
    except AnalysisError as error:
        assert str(error).endswith(".")
        assert error.hint
        assert len(str(error)) < 2_000
    assert time.process_time() - start < LIMIT


@contextmanager
def one_sentence() -> Iterator[None]:
    """The same, where only a sentence will do."""
    with pytest.raises(AnalysisError), answers_in_time():
        yield
        pytest.fail("no sentence")


def refused(call) -> AnalysisError:
    """The error of a call, in time."""
    start = time.process_time()
    with pytest.raises(AnalysisError) as caught:
        call()
    assert time.process_time() - start < LIMIT
    assert len(str(caught.value)) < 2_000
    return caught.value


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\xfe\xff",
        b"sep=",
        b"sep=;",
        b"sep=;\n",
        b"\xef\xbb\xbfsep=,\r\n",
        b"\n\n\n",
        b"\x00",
        b"\x00" * 1000,
        b",",
        b",,,\n,,,\n",
        b'"',
        b'a,b\n"',
        b"a,b",
        b"a,b\n",
        b"# only a comment\n",
        b"a,b\n" + b"\xff" * 50,
        b"PK\x03\x04",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
        b"%PDF-1.7\n1 0 obj\n",
        b"{}",
        b"<html><body>Not found</body></html>",
    ],
    ids=repr,
)
@pytest.mark.parametrize("name", ["file.csv", "file.txt", "file.xlsx", "file", "file.sav"])
def test_what_is_no_table_is_a_sentence(data, name):
    error = refused(lambda: guess_spec(read_table(data, name)))
    assert str(error).endswith(".")


@pytest.mark.parametrize("number", ["1e308", "-1e308", "1e309", "1e-320", "inf", "-inf", "1e400"])
@pytest.mark.parametrize("column", ["age", "days"])
def test_a_huge_number_in_a_covariate_or_a_time(number, column):
    frame = opened("11_L0_plain_truth").frame.astype({column: object})
    frame.loc[5, column] = number
    with answers_in_time():
        table = read_table(write_csv(frame), "file.csv")
        guess_spec(table)
        result(table, spec_of("11_L0_spec"))


def test_ten_thousand_columns():
    rng = np.random.default_rng(1)
    frame = opened("11_L0_plain_truth").frame
    more = pd.DataFrame(rng.normal(size=(len(frame), 10_000)).round(2)).rename(columns="lab {}".format)
    data = write_csv(pd.concat([frame, more], axis=1))
    with answers_in_time():
        table = read_table(data, "file.csv")
    with answers_in_time():
        guess_spec(table)
    with answers_in_time():
        assert result(table, spec_of("11_L0_spec"))["n"]["rows"] == 60


def test_a_cell_of_a_million_characters():
    frame = opened("11_L0_plain_truth").frame
    frame = frame.assign(note=["x" * 1_000_000] + ["short"] * (len(frame) - 1))
    with answers_in_time():
        guess_spec(read_table(write_csv(frame), "file.csv"))


L0 = '"columns": {"treatment": "grp", "treated_value": "MSC", "covariates": ["age"]}'
HUGE = "1" + "0" * 400
SPECS = {
    "nested lists": '{"columns": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "nested objects": '{"a":' * 100_000 + "1" + "}" * 100_000,
    "nested inside": "{" + L0 + ', "outcomes": ' + "[" * 100_000 + "]" * 100_000 + "}",
    "open brackets": "[" * 100_000,
    "a huge integer": "{" + L0 + f', "seed": {HUGE}}}',
    "a huge integer as a horizon": "{" + L0 + f', "matching": {{"caliper": {HUGE}}}}}',
    "more digits than Python reads": "{" + L0 + ', "seed": 1' + "0" * 5_000 + "}",
    "a float beyond the largest": "{" + L0 + ', "matching": {"caliper": 1e999}}',
    "NaN": "{" + L0 + ', "matching": {"caliper": NaN}}',
    "a huge ratio": "{" + L0 + f', "matching": {{"ratio": {HUGE}}}}}',
    "ten to nineteen cells": json.dumps(
        {
            "columns": {"treatment": "grp", "covariates": ["age"]},
            "sensitivity": {"grid": {f"columns.labels.c{k}": ["a"] * 10 for k in range(19)}},
        }
    ),
    "ten to thirty cells": json.dumps(
        {
            "columns": {"treatment": "grp", "covariates": ["age"]},
            "sensitivity": {"grid": {f"columns.labels.c{k}": ["a"] * 10 for k in range(30)}},
        }
    ),
    "a million times": json.dumps(
        {
            "columns": {"treatment": "grp", "treated_value": "MSC", "covariates": ["age"]},
            "outcomes": [
                {"name": "os", "kind": "survival", "time": "days", "event": "dead", "times": list(range(1, 10**6))}
            ],
        }
    ),
    "a million covariates": json.dumps(
        {"columns": {"treatment": "grp", "covariates": [f"c{k}" for k in range(10**6)]}}
    ),
    "a hundred thousand exact": json.dumps(
        {"columns": {"treatment": "grp"}, "matching": {"exact": [f"c{k}" for k in range(10**5)]}}
    ),
    "a hundred thousand outcomes": json.dumps(
        {
            "columns": {"treatment": "grp", "covariates": ["age"]},
            "outcomes": [{"name": f"o{k}", "kind": "binary", "column": "dead"} for k in range(10**5)],
        }
    ),
    "a name of ten million letters": json.dumps({"columns": {"treatment": "x" * 10**7}}),
    "no object": "3",
    "nothing": "",
    "not UTF-8": b"\xff\xfe{}",
    "a NUL": "\x00",
}
SURROGATES = {
    "treatment": '{"columns": {"treatment": "\\ud800"}}',
    "treated value": '{"columns": {"treatment": "grp", "treated_value": "\\ud800", "covariates": ["age"]}}',
    "label": "{" + L0[:-1] + ', "labels": {"age": "\\udfff"}}}',
    "outcome": "{" + L0 + ', "outcomes": [{"name": "\\ud800", "kind": "binary", "column": "dead"}]}',
    "key": '{"\\ud800": 1, ' + L0 + "}",
    "grid": "{" + L0 + ', "sensitivity": {"grid": {"columns.treated_value": ["\\ud800"]}}}',
}


def command(tmp_path, spec, verb: str = "run", data: bytes | None = None) -> int:
    """The exit code of one command on the plain file, in time; no traceback can pass through main."""
    (tmp_path / "cohort.csv").write_bytes(raw("11_L0_plain_truth") if data is None else data)
    (tmp_path / "spec.json").write_bytes(spec if isinstance(spec, bytes) else spec.encode())
    files = ["--data", str(tmp_path / "cohort.csv"), "--spec", str(tmp_path / "spec.json")]
    start = time.process_time()
    code = main([verb, *files, "--out", str(tmp_path / "out")])
    assert time.process_time() - start < LIMIT
    return code


@pytest.mark.parametrize("name", SPECS)
def test_a_spec_beyond_all_measure_is_a_sentence(name, tmp_path, capsys):
    verb = "grid" if "cells" in name else "run"
    assert command(tmp_path, SPECS[name], verb) == 2
    said = capsys.readouterr().err
    assert len(said) < 5_000
    assert said.count("\n") == 2
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", SURROGATES)
def test_half_a_character_in_a_spec_is_a_sentence_that_can_be_printed(name, tmp_path, capsys):
    assert command(tmp_path, SURROGATES[name], "grid" if name == "grid" else "run") == 2
    capsys.readouterr().err.encode()


@pytest.mark.parametrize("name", [*SPECS, *SURROGATES])
def test_the_same_read_alone(name):
    text = (SPECS | SURROGATES)[name]
    start = time.process_time()
    try:
        AnalysisSpec.from_json(text)
    except AnalysisError as error:
        f"{error} {error.hint}".encode()
    assert time.process_time() - start < LIMIT
