"""Small sets with several treated, and everything that their labels can do, by plain enumeration."""

from itertools import combinations, product
from math import comb, prod

import numpy as np
from hypothesis import strategies as st

from lib.inference.sets import Blocks
from tests.inference.builders import sets_of

FEW = 1_500  # arrangements that a test looks at one by one

Shape = tuple[int, int]  # treated, controls


def blocks_of(shapes: list[Shape]) -> Blocks:
    """Sets of these shapes, rows in block order."""
    set_id = [s for s, shape in enumerate(shapes) for _ in range(sum(shape))]
    return sets_of(set_id, [z for m, k in shapes for z in [1] * m + [0] * k]).blocks()


def _few(shapes: list[Shape]) -> bool:
    return prod(comb(m + k, m) for m, k in shapes) <= FEW


any_shape = st.tuples(st.integers(1, 4), st.integers(1, 4))
star_shape = st.one_of(st.tuples(st.just(1), st.integers(1, 4)), st.tuples(st.integers(1, 4), st.just(1)))
shapes = st.lists(any_shape, min_size=1, max_size=4).filter(_few)
star_shapes = st.lists(star_shape, min_size=1, max_size=5).filter(_few)


def every_arrangement(blocks: Blocks) -> np.ndarray:
    """int (A, T): the positions of the treated in every arrangement."""
    runs = [range(start, start + size) for start, size in zip(blocks.starts, blocks.sizes, strict=True)]
    ways = [list(combinations(run, m)) for run, m in zip(runs, blocks.n_treated_of, strict=True)]
    return np.array([[at for way in chosen for at in way] for chosen in product(*ways)])
