"""Where bytes stand in a file, looked for a block at a time: a large file needs no array of its own size."""

import numpy as np

BLOCK = 1 << 18  # bytes; a block and what is made of it stay in the processor's cache


def places(body: bytes, wanted: bytes) -> np.ndarray:
    """int64, ascending: where any of the wanted bytes stands."""
    characters = np.frombuffer(body, dtype=np.uint8)
    found = [
        np.flatnonzero(np.logical_or.reduce([block == byte for byte in wanted])) + start
        for start, block in _blocks(characters)
    ]
    return np.concatenate(found) if found else np.empty(0, dtype=np.int64)


def holds_leading_zero(body: bytes, before: bytes) -> bool:
    """Whether a 0 with a digit after it starts the body or follows one of the bytes `before`."""
    characters = np.frombuffer(before[:1] + body + before[:1], dtype=np.uint8)
    starts = byte_set(before)
    for start, block in _blocks(characters[1:-1]):
        zeros = np.flatnonzero(block == ord("0")) + start + 1
        zeros = zeros[starts[characters[zeros - 1]]]
        if (characters[zeros + 1] - ord("0") < 10).any():
            return True
    return False


def byte_set(members: bytes) -> np.ndarray:
    """bool (256,): which bytes are members."""
    found = np.zeros(256, dtype=bool)
    found[list(members)] = True
    return found


def _blocks(characters: np.ndarray) -> list[tuple[int, np.ndarray]]:
    return [(start, characters[start : start + BLOCK]) for start in range(0, len(characters), BLOCK)]
