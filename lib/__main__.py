"""The command line: python -m lib run | report | verify | spec | sensitivity | grid | wolf | check | bench.

Each command imports what it needs when it runs, so that no command waits for the modules of another.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import AnalysisError, SpecError

if TYPE_CHECKING:
    from .spec import AnalysisSpec, Reading
    from .table import Table

CANNOT = 2  # exit code of an analysis that cannot be done


def main(arguments: list[str] | None = None) -> int:
    """Run one command; returns the exit code: 0, the command's own, or 2 with one sentence and a hint on standard
    error."""
    options = _parser().parse_args(arguments)
    try:
        code = options.command(options)
        sys.stdout.flush()
    except AnalysisError as error:
        return _said(str(error), error.hint)
    except OSError as error:  # files are read and written elsewhere: this is what was printed
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # nothing is tried again at the end
        reason = (error.strerror or type(error).__name__).lower()
        return _said(f"The answer cannot be printed: {reason}.", "Print it elsewhere.")
    return code or 0


def _said(sentence: str, hint: str) -> int:
    print(sentence, hint, sep="\n", file=sys.stderr)
    return CANNOT


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog=f"python -m {__package__}", description="MatchLens without a browser.")
    commands = parser.add_subparsers(required=True, metavar="command")
    run_parser = commands.add_parser("run", help="analyse a file by a spec and write the results")
    _add_analysis(run_parser, "folder for the results")
    run_parser.add_argument("--episodes", type=Path, help="file of supports by day; adds free days and the win ratio")
    run_parser.set_defaults(command=_run)
    _add_report(commands.add_parser("report", help="run, and a report: tables, figures, documents, one zip of all"))
    spec_parser = commands.add_parser("spec", help="print a first spec guessed from the columns")
    _add_data(spec_parser)
    spec_parser.set_defaults(command=_spec)
    bench_parser = commands.add_parser("bench", help="time fit, match and balance; prints one line of JSON")
    bench_parser.add_argument("--whole", action="store_true", help="time a whole run instead, from file to files")
    bench_parser.add_argument("--rows", type=int, default=1_000_000)
    bench_parser.add_argument("--method", choices=("nearest", "optimal", "full"), default="nearest")
    bench_parser.add_argument("--ratio", type=int, default=3, help="not of full")
    bench_parser.add_argument("--caliper", type=float, default=0.2)
    bench_parser.add_argument("--data", type=Path, help="columns id, t, X1..X7; drawn at random without it")
    bench_parser.set_defaults(command=_bench)
    verify_parser = commands.add_parser("verify", help="run a report's bundle again and compare it cell by cell")
    verify_parser.add_argument("bundle", type=Path, help="bundle.zip of a report")
    _add_data(verify_parser)
    verify_parser.add_argument("--episodes", type=Path, help="file of supports by day, where the report had one")
    verify_parser.set_defaults(command=_verify)
    sensitivity = commands.add_parser("sensitivity", help="hidden bias, E-values, tipping points, fragility, designs")
    _add_analysis(sensitivity, "folder for sensitivity.json")
    sensitivity.set_defaults(command=_sensitivity)
    _add_grid(commands.add_parser("grid", help="run every combination of the spec's sensitivity.grid"))
    _add_wolf(commands.add_parser("wolf", help="how often this analysis cries wolf among the untreated; prints JSON"))
    _add_check(commands.add_parser("check", help="what a paper's counts of matched patients can say; prints JSON"))
    return parser


def _add_check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--treated", metavar="N", help="treated patients who were matched")
    parser.add_argument("--ratio", metavar="N", help="controls of each, 3 for 1:3")
    parser.add_argument("--controls", metavar="N", help="controls in all, instead of the ratio")
    parser.add_argument("--sets", metavar="N", nargs="+", default=(), help="controls of each set where they differ")
    parser.add_argument("--events", metavar="N", nargs="+", default=(), help="events of the treated, of the controls")
    parser.add_argument("--percent", metavar="P", nargs="+", default=(), help="percentages as printed, in that order")
    parser.add_argument("--p", default="", help="p as printed")
    parser.set_defaults(command=_check)


def _add_report(parser: argparse.ArgumentParser) -> None:
    _add_analysis(parser, "folder for the report")
    parser.add_argument("--episodes", type=Path, help="file of supports by day, as for run")
    parser.add_argument("--preset", default="house", help="journal of tables.docx: jama, lancet or nejm")
    parser.add_argument("--figures", choices=("main", "all", "none"), default="main", help="which are made as pictures")
    parser.add_argument("--study", default="", help="what the cohort is called; by default the name of its file")
    parser.set_defaults(command=_report)


def _add_wolf(parser: argparse.ArgumentParser) -> None:
    _add_data(parser)
    parser.add_argument("--spec", required=True, type=Path, help="spec.json")
    parser.add_argument("--draws", type=int, default=200, help="studies drawn from the untreated")
    parser.add_argument("--how", choices=("random", "odds"), default="random", help="odds: as likely as treatment was")
    parser.add_argument("--outcome", help="name of the outcome; the primary one by default")
    parser.set_defaults(command=_wolf)


def _add_grid(parser: argparse.ArgumentParser) -> None:
    _add_analysis(parser, "folder for grid.csv")
    parser.add_argument("--jobs", type=int, help="processes on this machine; one for each processor by default")
    parser.add_argument("--dask", metavar="ADDRESS", help="scheduler of a Dask cluster to work on, tcp://host:8786")
    parser.add_argument("--permutations", type=int, default=0, help="also the curve under permuted treatment labels")
    parser.add_argument("--yes", action="store_true", help="run also more than 100,000 combinations")
    parser.set_defaults(command=_grid)


def _add_analysis(parser: argparse.ArgumentParser, folder: str) -> None:
    _add_data(parser)
    parser.add_argument("--spec", required=True, type=Path, help="spec.json")
    parser.add_argument("--out", required=True, type=Path, help=f"{folder}, new or empty")
    parser.add_argument("--replace", action="store_true", help="swap a folder of earlier results whole")


def _add_data(parser: argparse.ArgumentParser) -> None:
    told = "the file of patients (.csv, .xlsx, .sav, .dta, .sas7bdat, .parquet ...); twice: treated, then controls"
    parser.add_argument("--data", required=True, type=Path, action="append", help=told)
    parser.add_argument("--sheet", help="sheet of a workbook; the first that holds a table by default")
    parser.add_argument("--encoding", help="text encoding; found from the file by default")
    parser.add_argument("--delimiter", help="column delimiter; found from the file by default")
    parser.add_argument("--decimal", help='decimal sign, "." or ","; found from the file by default')
    parser.add_argument("--missing", nargs="+", help="texts that stand for a missing value")


def _read(options: argparse.Namespace, reading: "Reading") -> "Table":
    from .cohort import privacy_warnings
    from .io import read_file, read_tables

    table = read_tables(
        [(read_file(path), path.name) for path in options.data],
        reading if options.sheet is None else reading.model_copy(update={"sheet": options.sheet}),
        encoding=options.encoding,
        delimiter=options.delimiter,
        decimal=options.decimal,
        missing=tuple(options.missing) if options.missing else None,
    )
    for warning in privacy_warnings(table):
        print(warning, file=sys.stderr)
    return table


def _asked(options: argparse.Namespace) -> "tuple[Table, AnalysisSpec]":
    """The table and the spec, once it is known that the results can be written and that no question is open."""
    from .io import check_folder

    check_folder(options.out, options.replace)
    return _given(options)


def _given(options: argparse.Namespace) -> "tuple[Table, AnalysisSpec]":
    """The table and the spec, once it is known that no question is open."""
    from .io import read_file
    from .spec import AnalysisSpec
    from .spec.questions import require_answers

    spec = AnalysisSpec.from_json(read_file(options.spec))
    require_answers(spec)
    table = _read(options, spec.reading)
    require_answers(spec, table.questions)
    return table, spec


def _run(options: argparse.Namespace) -> None:
    from .io import read_file, read_table
    from .report.files import write_results
    from .steps import run

    table, spec = _asked(options)
    episodes = read_table(read_file(options.episodes), options.episodes.name) if options.episodes else None
    write_results(run(table, spec, episodes), options.out, options.replace)


def _report(options: argparse.Namespace) -> None:
    from .report.command import write_report

    table, spec = _asked(options)
    write_report(table, spec, options)


def _grid(options: argparse.Namespace) -> None:
    from .io import write_files
    from .sensitivity.run import Asked, grid_files

    table, spec = _asked(options)
    asked = Asked(options.jobs, options.dask, options.permutations, options.yes)
    write_files(grid_files(table, spec, asked), options.out, options.replace)


def _wolf(options: argparse.Namespace) -> None:
    from .report.cry_wolf import wolf_json
    from .sensitivity.cry_wolf import cry_wolf, outcome_asked
    from .steps import Steps

    table, spec = _given(options)
    outcome = outcome_asked(spec, options.outcome)
    print(wolf_json(cry_wolf(Steps(table, spec), outcome, options.draws, options.how)), end="")


def _sensitivity(options: argparse.Namespace) -> None:
    from .io import write_files
    from .report.sensitivity import sensitivity_files
    from .sensitivity.whole import whole_sensitivity

    found = whole_sensitivity(*_asked(options))
    write_files(sensitivity_files(found), options.out, options.replace)


def _verify(options: argparse.Namespace) -> int:
    from .io import read_file, read_table
    from .report.verify import open_bundle, verify_opened
    from .words.verification import as_lines

    bundle = open_bundle(read_file(options.bundle))
    table = _read(options, bundle.spec.reading)
    episodes = read_table(read_file(options.episodes), options.episodes.name) if options.episodes else None
    found = verify_opened(bundle, table, episodes)
    print(*as_lines(found), sep="\n")
    return found.exit_code


def _spec(options: argparse.Namespace) -> None:
    from .roles.guess import guess_spec
    from .spec import Reading

    spec = guess_spec(_read(options, Reading()))
    if options.sheet is not None:
        spec = spec.replace(reading=spec.reading.model_copy(update={"sheet": options.sheet}))
    print(spec.to_json(), end="")


def _check(options: argparse.Namespace) -> None:
    from .check import check, claim_of, design_of
    from .report.check import check_json

    events, percents = _two(options.events, "events"), _two(options.percent or ("", ""), "percent")
    design = design_of(options.treated, options.ratio, options.controls, options.sets)
    print(check_json(check(design, claim_of(design, "", events, percents, options.p))), end="")


def _two(typed: Sequence[str], what: str) -> tuple[str, str]:
    if len(typed) != 2:
        hint = "First of the treated, then of the controls, as in --events 0 5."
        raise SpecError(f"`{what}` needs two numbers, not {len(typed)}.", hint)
    return typed[0], typed[1]


def _bench(options: argparse.Namespace) -> None:
    from .bench import run_bench
    from .bench_whole import run_whole

    if options.whole:
        print(run_whole(options.rows, options.ratio, options.caliper, options.method).to_json_line())
        return
    found = run_bench(options.rows, options.ratio, options.caliper, options.data, options.method)
    print(found.to_json_line())


if __name__ == "__main__":
    sys.exit(main())
