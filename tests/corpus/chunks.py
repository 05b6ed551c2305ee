"""A run over many files of the corpus, a chunk at a time.

MATCHLENS_CORPUS_FILES and MATCHLENS_CORPUS_SEED ask for more files, or other ones. A file is made again by its seed and
number: `mangled(seed, number)`; what was found so is kept in test_finds.py.
"""

import os
from collections import Counter

import numpy as np

from tests.corpus.judge import WRONG, Verdict, judged
from tests.corpus.mangles import mangled

SEED = int(os.environ.get("MATCHLENS_CORPUS_SEED", "1"))
FILES = int(os.environ.get("MATCHLENS_CORPUS_FILES", "5000"))
CHUNK = 250
STARTS = range(0, FILES, CHUNK)
WHOLE = 10  # every tenth file is run to the end
SHOWN = 12  # faults listed of one chunk
LEAST_RIGHT = 0.5  # of a chunk
LEAST_USABLE = 0.68  # right, asked, or with a column left out


def verdict(number: int) -> Verdict:
    """What became of one file; the last one printed is the one that raised."""
    print(f"mangled({SEED}, {number})")
    return judged(mangled(SEED, number), np.random.default_rng([SEED, number, 1]), whole=number % WHOLE == 0)


def check_chunk(start: int) -> None:
    """Every file of a chunk is right, asked about or refused in a sentence, and enough of them are right."""
    found = {number: verdict(number) for number in range(start, min(start + CHUNK, FILES))}
    wrong = [
        f"mangled({SEED}, {number}), {', '.join(mangled(SEED, number).used)}: {one.why}"
        for number, one in found.items()
        if one.kind == WRONG
    ]
    assert not wrong, "\n".join([f"{len(wrong)} of {len(found)} files", *wrong[:SHOWN]])
    kinds = Counter(one.kind for one in found.values())
    if len(found) == CHUNK:
        assert kinds["right"] >= LEAST_RIGHT * CHUNK, kinds
        assert kinds["right"] + kinds["asked"] + kinds["partly"] >= LEAST_USABLE * CHUNK, kinds
