"""Mangled files: an answer that is right against the unmangled file, a question, or one sentence.

MATCHLENS_CORPUS_FILES and MATCHLENS_CORPUS_SEED ask for more files, or other ones. A file is made again by its seed and
number: `mangled(seed, number)`; what was found so is kept in test_finds.py.
"""

import os
from collections import Counter

import numpy as np
import pytest

from tests.corpus.judge import WRONG, Verdict, judged
from tests.corpus.mangles import mangled

SEED = int(os.environ.get("MATCHLENS_CORPUS_SEED", "1"))
FILES = int(os.environ.get("MATCHLENS_CORPUS_FILES", "3750"))
CHUNK = 250
WHOLE = 10  # every tenth file is run to the end
SHOWN = 12  # faults listed of one chunk
LEAST_RIGHT = 0.5  # of a chunk; 0.6 to 0.65 were measured, and 0.77 to 0.81 with questions and columns left out
LEAST_USABLE = 0.68


def verdict(number: int) -> Verdict:
    """What became of one file; the last one printed is the one that raised."""
    print(f"mangled({SEED}, {number})")
    return judged(mangled(SEED, number), np.random.default_rng([SEED, number, 1]), whole=number % WHOLE == 0)


@pytest.mark.parametrize("start", range(0, FILES, CHUNK))
def test_every_file_is_right_or_asked_or_refused(start):
    found = {number: verdict(number) for number in range(start, min(start + CHUNK, FILES))}
    wrong = [
        f"mangled({SEED}, {number}), {', '.join(mangled(SEED, number).used)}: {one.why}"
        for number, one in found.items()
        if one.kind == WRONG
    ]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(found)} files", *wrong[:SHOWN]])
    kinds = Counter(one.kind for one in found.values())
    assert kinds["right"] >= LEAST_RIGHT * len(found), kinds
    assert kinds["right"] + kinds["asked"] + kinds["partly"] >= LEAST_USABLE * len(found), kinds


def test_a_seed_gives_the_same_files():
    one, again = (mangled(SEED, 7), mangled(SEED, 7))
    assert one.used == again.used
    assert [column.values for column in one.columns] == [column.values for column in again.columns]
