"""Five thousand mangled files: an answer that is right against the unmangled file, a question, or one sentence. The
other half stands in test_corpus_second.py, for another processor (tests/conftest.py keeps a file on one)."""

import pytest

from tests.corpus.chunks import SEED, STARTS, check_chunk
from tests.corpus.mangles import mangled


@pytest.mark.parametrize("start", STARTS[::2])
def test_every_file_is_right_or_asked_or_refused(start):
    check_chunk(start)


def test_a_seed_gives_the_same_files():
    one, again = (mangled(SEED, 7), mangled(SEED, 7))
    assert one.used == again.used
    assert [column.values for column in one.columns] == [column.values for column in again.columns]
