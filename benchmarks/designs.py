"""Optimal and full matching beside the Python peers, in one run: python -m benchmarks.designs [--peer-python PATH].

On the bench cohort (about 9.5% treated) with its fitted logit as the distance, which the peers are given; so only the
matching is timed, and everybody minimises the same sum, which is computed here from whoever was matched. Mahalanobis
full matching is timed on the study of benchmarks.cover. The peers run one after the other, each in a process of its own
with a limit of time and memory. Ends with an error if a peer matched more, or as much with a smaller total, than ours.
"""

import argparse
import json
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from lib.bench import COVARIATES, bench_spec, drawn_cohort
from lib.cohort import build_cohort
from lib.design import match
from lib.design.cover import cover_pairs
from lib.design.full import star_labels
from lib.design.line import full_pairs, optimal_pairs
from lib.design.methods import Matching
from lib.score.propensity import fit_propensity
from lib.table import Table
from pydantic import TypeAdapter

from .cover import study
from .designs_peer import CALIPER, NO_MEMORY, NO_METHOD, RATIO

HEAD = "| patients | design | program | CPU, s | wall, s | times ours | patients in sets | pairs | total |"
TASKS = ("optimal 1:3", "optimal 1:3, caliper 0.2 SD", "full", "full, caliper 0.2 SD")
MAHALANOBIS = [(1_000, 10_000), (5_000, 50_000)]
ROUNDING = 1e-9  # of a total: the peers add the same numbers in another order
WHY = {NO_METHOD: "cannot: no such method", NO_MEMORY: "cannot: needs more than {memory:g} GB"}
