"""`python -m lib report`: from a file and a spec to a folder, with a line on standard error for each step."""

import argparse
import sys
import time

from ..documents.presets import PRESETS
from ..errors import SpecError
from ..io import read_file, read_table, write_files
from ..spec import AnalysisSpec
from ..steps import run
from ..table import Table
from ..words.labels import Labels
from .parts import Context
from .whole import make_report


def write_report(table: Table, spec: AnalysisSpec, options: argparse.Namespace) -> None:
    """Make the report and write it whole. Raises AnalysisError when it cannot be done or written."""
    if options.preset not in PRESETS:
        raise SpecError(f"`preset` has no {options.preset}.", f"There are {', '.join(PRESETS)}.")
    episodes = read_table(read_file(options.episodes), options.episodes.name) if options.episodes else None
    steps = run(table, spec, episodes)
    study = options.study or options.data[0].stem
    context = Context(steps, Labels.of(steps.used[1]), study, preset=PRESETS[options.preset])
    figures = {"main": None, "all": tuple(one.name for one in context.drawings), "none": ()}[options.figures]
    started = time.monotonic()

    def tell(step: str, done: int, of: int) -> None:
        print(f"{time.monotonic() - started:5.1f} s  {done + 1} of {of}: {step}", file=sys.stderr, flush=True)

    made = make_report(context, None, figures, tell)
    write_files(made.files, options.out, options.replace)
    for sentence in made.missing:
        print(sentence, file=sys.stderr)
