"""The other half of test_corpus.py."""

import pytest

from tests.corpus.chunks import STARTS, check_chunk


@pytest.mark.parametrize("start", STARTS[1::2])
def test_every_file_is_right_or_asked_or_refused(start):
    check_chunk(start)
