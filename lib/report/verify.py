"""Whether a report holds: its spec is run again on the data, and every cell is compared."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from .. import __version__
from ..errors import AnalysisError, DataError
from ..steps import Steps, run
from ..table import Table
from ..words.labels import Labels
from .checklist import checklist_markdown
from .files import result_dict, result_files
from .methods import Context, methods_markdown
from .reproduce_python import reproduce_python
from .reproduce_r import reproduce_r
from .verify_bundle import AGAIN, MB, RESULT, SPEC, Bundle, json_of, open_bundle
from .verify_cells import Cell, Compared, State, compare_csv, compare_json

MATCHED, FREE_DAYS = "matched.csv", "free_days.csv"
NOT_MADE = "not made by a run: look at it, or make the report again and compare"
MISSING = "it is missing in the bundle"
NOT_FOUND = "(not found)"
TOO_LARGE = "it is much larger than what is made now"
OTHER_VERSION = "written by another version of this program"
CHANGES = re.compile(r"The analysis was made with|#+ ")  # lines that name versions, and headings
DIGEST = re.compile(r"^Settings \(spec\) [0-9a-f]+, data ([0-9a-f]{12})\.$", re.MULTILINE)
Known = Literal["same", "differs", "unknown"]
Remake = Callable[[Steps], bytes]


@dataclass(frozen=True)
class FileCheck:
    """One file.  state: differs where a cell does; unchecked where nothing could be compared.  same: cells that agree.
    why: of what could not be checked."""

    name: str
    state: State
    same: int = 0
    differs: tuple[Cell, ...] = ()
    unchecked: tuple[Cell, ...] = ()
    why: str = ""


@dataclass(frozen=True)
class Verification:
    """files: in the order of their names.  data: whether the data are those of the report, by their digest; unknown
    where the report does not say.  there, here: versions of this program."""

    files: tuple[FileCheck, ...]
    data: Known
    there: str
    here: str = __version__

    @property
    def agrees(self) -> bool:
        """Whether nothing differs; what cannot be checked does not count."""
        return self.data != "differs" and not any(file.state == "differs" for file in self.files)

    @property
    def exit_code(self) -> int:
        """0 when all agree, 1 when anything differs."""
        return 0 if self.agrees else 1


def verify(
    bundle: bytes, table: Table, episodes: Table | None = None, remake: Mapping[str, Remake] | None = None
) -> Verification:
    """Run the spec of a report's bundle on a table and compare, cell by cell.

    episodes: as for lib.steps.run.  remake: further files by name, each made of the steps, compared byte by byte.
    Raises DataError for a bundle that is damaged, hostile or not a report, SpecError for a spec that cannot be read,
    AnalysisError when the analysis cannot be done on the table."""
    return verify_opened(open_bundle(bundle), table, episodes, remake)


def verify_opened(
    bundle: Bundle, table: Table, episodes: Table | None = None, remake: Mapping[str, Remake] | None = None
) -> Verification:
    """As `verify`, of a bundle that is open already."""
    if not {RESULT, MATCHED} & set(bundle.files):
        raise DataError("This is no report: it holds neither result.json nor matched.csv.", AGAIN)
    if FREE_DAYS in bundle.files and episodes is None:
        raise DataError("This report was made with a file of episodes.", "Give that file too (`--episodes`).")
    known, there = _digest(bundle, table), str(bundle.result.get("matchlens", ""))
    try:
        steps = run(table, bundle.spec, episodes)
        here = result_files(steps)
    except AnalysisError as error:
        if known == "differs":
            told = "These are not the data of the report, and its analysis cannot be done on them: "
            raise DataError(told + str(error), error.hint) from None
        raise
    same_version = there in ("", __version__)
    found = [_file(name, bundle, steps, here, same_version, remake or {}) for name in sorted(bundle.files)]
    missing = [FileCheck(name, "differs", why=MISSING) for name in here if name not in bundle.files]
    return Verification((*found, *missing), known, there or __version__)


def _digest(bundle: Bundle, table: Table) -> Known:
    """By result.json where it tells the digest of the data, else by methods.md."""
    told = bundle.result.get("data")
    if not isinstance(told, str):
        found = DIGEST.search(bundle.files.get("methods.md", b"").decode(errors="replace"))
        told = found[1] if found else ""
    if not told:
        return "unknown"
    return "same" if table.digest.startswith(told) else "differs"


def _file(
    name: str,
    bundle: Bundle,
    steps: Steps,
    here: Mapping[str, bytes],
    same_version: bool,
    remake: Mapping[str, Remake],
) -> FileCheck:
    data = bundle.files[name]
    if name == SPEC:
        return FileCheck(name, "same", 1, why="it is what was run")
    if name in here and len(data) > 2 * len(here[name]) + MB:
        return FileCheck(name, "differs", why=TOO_LARGE)
    if name == RESULT:
        return _told(name, compare_json(json_of(data, name), result_dict(steps), same_version))
    if name in here:
        return _told(name, compare_csv(data, here[name], same_version, private=name == MATCHED))
    if name in DOCUMENTS:
        return _document(name, data, DOCUMENTS[name](steps), same_version)
    if name in SCRIPTS or name in remake:
        made = remake[name](steps) if name in remake else SCRIPTS[name](steps).encode()
        return _whole(name, data, made, same_version)
    return FileCheck(name, "unchecked", why=NOT_MADE)


def _told(name: str, found: Compared) -> FileCheck:
    state: State = "differs" if found.differs else "same" if found.same else "unchecked"
    why = OTHER_VERSION if found.unchecked else ""
    return FileCheck(name, state, found.same, found.differs, found.unchecked, why)


def _whole(name: str, there: bytes, here: bytes, same_version: bool) -> FileCheck:
    """Byte by byte."""
    if there == here:
        return FileCheck(name, "same", 1)
    return FileCheck(name, "differs" if same_version else "unchecked", why="" if same_version else OTHER_VERSION)


def _document(name: str, there: bytes, here: str, same_version: bool) -> FileCheck:
    """Every line of the text made now stands in the report's; headings and versions of packages aside, and the report
    may say more."""
    told = {line.strip() for line in there.decode(errors="replace").splitlines()}
    wanted = [line.strip() for line in here.splitlines() if line.strip() and not CHANGES.match(line)]
    gone = tuple(Cell(_start(line), NOT_FOUND, line) for line in wanted if line not in told)
    if gone and not same_version:
        return FileCheck(name, "unchecked", len(wanted) - len(gone), (), gone, OTHER_VERSION)
    return FileCheck(name, "differs" if gone else "same", len(wanted) - len(gone), gone)


def _start(line: str) -> str:
    return f"the line “{line[:60]}{'…' if len(line) > 60 else ''}”"


def _methods(steps: Steps) -> str:
    return methods_markdown(steps, Labels.of(steps.used[1]), Context())


def _checklist(steps: Steps) -> str:
    return checklist_markdown(steps, Labels.of(steps.used[1]), Context())


DOCUMENTS: dict[str, Callable[[Steps], str]] = {"methods.md": _methods, "checklist.md": _checklist}
SCRIPTS: dict[str, Callable[[Steps], str]] = {"reproduce.py": reproduce_python, "reproduce.R": reproduce_r}
