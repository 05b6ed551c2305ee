"""Where bytes stand in a file, looked for a block at a time: a large file needs no array of its own size."""

import numpy as np

BLOCK = 1 << 18  # bytes; a block and what is made of it stay in the processor's cache


def places(body: bytes, wanted: bytes) -> np.ndarray:
    """int64, ascending: where any of the wanted bytes stands."""
    characters = np.frombuffer(body, dtype=np.uint8)
    found = [np.empty(0, dtype=np.int64)]
    for start in range(0, len(characters), BLOCK):
        block = characters[start : start + BLOCK]
        found.append(np.flatnonzero(np.logical_or.reduce([block == byte for byte in wanted])) + start)
    return np.concatenate(found)


def cells_starting_with(body: bytes, edges: np.ndarray, first: bytes) -> tuple[np.ndarray, np.ndarray]:
    """Where the cells begin and end that start with one of these bytes, int64 each.

    edges: int64, ascending: the delimiters and line ends, the last of them at the end of the body."""
    members = np.zeros(256, dtype=bool)
    members[list(first)] = True
    starts = np.append(0, edges[:-1] + 1)
    wanted = members[np.frombuffer(body, dtype=np.uint8)[starts]]
    return starts[wanted], edges[wanted]
