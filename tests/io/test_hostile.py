"""Files that no program should be given: an answer or a sentence, soon, and no row of a patient in it."""

import time

import numpy as np
import pandas as pd
import pytest

from lib.errors import DataError
from lib.io import read_csv
from tests.io.builders import HEADER, lines, same_patients

LONGEST = 10.0  # seconds, on a busy machine


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xef\xbb\xbf", "empty"),
        (b"\xff\xfe", "empty"),
        (b"\xef\xbb\xbf\n\n", "empty"),
        (b"sep=", "nothing but its first line"),
        (b"sep=;\n", "nothing but its first line"),
        (b"sep=;\na;b\n", "no rows"),
        (b"a\n1\n2\n", "single column"),
        (lines().replace("MSC", "M\0C", 1).encode(), "binary"),
        (lines().encode("utf-32"), "binary"),
        (b'"' * 100_000, "single column"),
        (b"a" * 1_000_000 + b",b\n1,2\n", "single column"),
    ],
)
def test_a_sentence(data, words):
    with pytest.raises(DataError) as caught:
        read_csv(data)
    assert words in str(caught.value)
    assert caught.value.hint


@pytest.mark.parametrize(
    "data",
    [
        lines().encode("utf-16-le"),
        lines().encode("utf-16-be"),
        lines().encode("utf-16"),
        lines().encode() + bytes(512),
        lines().replace("\n", "\r\n", 20).replace("\r\n", "\r", 5).encode(),
        b"\xef\xbb\xbfsep=,\n" + lines().encode(),
        ("\n" * 50_000 + lines()).encode(),
        (HEADER + "\n" * 50_000 + lines().split("\n", 1)[1]).encode(),
    ],
)
def test_an_answer(data):
    assert same_patients(read_csv(data))


@pytest.mark.parametrize(
    ("data", "shape"),
    [
        (lines(at=5, line=f"P999,MSC,{'x' * 10**6},1,2,3,1").encode(), (41, 7)),
        (lines(at=5, line=f'P999,MSC,"{"x," * 10**5}",1,2,3,1').encode(), (41, 7)),
        (lines(at=5, line=f'P999,MSC,"{"x" * 10**6},1,2,3,1').encode(), (41, 7)),
        (("id,t,x,y\n" + '1,"a,2,3\n' * 20_000).encode(), (20_000, 4)),
        (("id,t,x,y\n" + '1,"a ""b,2,3\n' * 10_000).encode(), (10_000, 4)),
        (
            pd.DataFrame(np.ones((100, 10_000)) / 8)
            .to_csv(index=False, header=[f"c{i}" for i in range(10_000)])
            .encode(),
            (100, 10_000),
        ),
    ],
)
def test_soon(data, shape):
    start = time.process_time()
    assert read_csv(data).frame.shape == shape
    assert time.process_time() - start < LONGEST
