"""What people and programs do to a file, one function each; `mangled` does one to four of them to a clean cohort."""

import csv
from collections.abc import Callable
from datetime import date

import numpy as np

from tests.corpus.cohorts import COHORTS, NUMBERS, Cohort
from tests.corpus.draft import Column, Draft, lines, text_of

Mangle = Callable[[Draft, np.random.Generator], None]
MANGLES: dict[str, Mangle] = {}
NBSP, NARROW = "\u00a0", "\u202f"


class DoesNotFit(Exception):
    """This mangling says nothing beside those that the file has."""


def mangle(function: Mangle) -> Mangle:
    MANGLES[function.__name__] = function
    return function


def fresh(cohort: Cohort, rng: np.random.Generator) -> Draft:
    """The clean file of a cohort, one of several ways to write its headers and its event."""
    long = int(rng.integers(0, 2))
    columns = [Column(key, cohort.words.headers[key][long], list(values)) for key, values in cohort.columns.items()]
    draft = Draft(cohort, columns, {key: list(v) for key, v in cohort.columns.items()}, list(range(cohort.n)))
    draft.treated = cohort.words.arms[0]
    draft.column("leaving").write = lambda day: date(*day).isoformat()
    for key in ("los", "crp7", "leaving", "comment"):
        if rng.random() < 0.55:
            draft.columns.remove(draft.column(key))
    return draft


def mangled(seed: int, number: int) -> Draft:
    """File `number` of a corpus, always the same."""
    rng = np.random.default_rng([seed, number])
    draft = fresh(COHORTS[number % len(COHORTS)], rng)
    wanted = int(rng.integers(1, 5))
    names = list(MANGLES)
    for name in rng.permutation(len(names)):
        if len(draft.used) == wanted:
            break
        try:
            MANGLES[names[name]](draft, rng)
        except DoesNotFit:
            continue
        draft.used.append(names[name])
    return draft


def some(rng: np.random.Generator, n: int, share: float = 0.06) -> list[int]:
    """A few of n places, at least one."""
    return sorted(rng.choice(n, max(1, round(n * share)), replace=False).tolist())


def refuse_if(condition: bool) -> None:
    if condition:
        raise DoesNotFit


def pick(draft: Draft, rng: np.random.Generator, *keys: str) -> Column:
    """One of these columns, if it is written plainly."""
    there = [draft.column(key) for key in keys if draft.has(key) and draft.column(key).write is None]
    refuse_if(not there)
    return there[rng.integers(len(there))]


# How the cells are divided


@mangle
def delimiter(draft, rng):
    refuse_if(draft.delimiter != ",")
    draft.delimiter = str(rng.choice([";", "\t", "|"]))


@mangle
def all_quoted(draft, rng):
    draft.quoting = csv.QUOTE_ALL


@mangle
def texts_quoted(draft, rng):
    refuse_if(draft.quoting != csv.QUOTE_MINIMAL)
    draft.texts.append(_quote_words)


def _quote_words(text: str, rng: np.random.Generator) -> str:
    return "\n".join(_quoted_line(line) for line in text.split("\n"))


def _quoted_line(line: str) -> str:
    return line if '"' in line or "," not in line else ",".join(f'"{p}"' if p.isalpha() else p for p in line.split(","))


@mangle
def unpaired_quotes(draft, rng):
    """An inch, a ditto mark, a quote that nobody closed: at the start or the end of a remark."""
    refuse_if(not draft.has("comment") or draft.workbook or draft.quoting != csv.QUOTE_MINIMAL)
    column = draft.column("comment")
    places = sorted(rng.choice(len(column.values), int(rng.integers(1, 4)), replace=False).tolist())
    mark = str(rng.choice(['"', '"idem', 'idem"', '5" tube', '""', '"""']))
    for place in places:
        column.values[place] = "\x01"
    draft.truth.pop("comment", None)
    column.key = ""
    draft.texts.append(lambda text, _: text.replace("\x01", mark))
    draft.may_lose = True


@mangle
def separator_line(draft, rng):
    refuse_if(draft.before != [] or draft.workbook)
    draft.before.insert(0, "sep=\x02")
    draft.texts.append(lambda text, _: text.replace("\x02", draft.delimiter))


@mangle
def trailing_delimiters(draft, rng):
    refuse_if(any(column.key == "" and column.header == "" for column in draft.columns))
    for _ in range(int(rng.integers(1, 4))):
        draft.columns.append(Column("", "", [None] * len(draft.origin)))


@mangle
def rows_end_early_or_late(draft, rng):
    """A program that leaves out what is empty at the end of a line, or adds a delimiter to the patients' lines."""
    refuse_if(draft.workbook or draft.quoting != csv.QUOTE_MINIMAL)
    late = bool(rng.integers(0, 2))
    start = 1 + len(draft.before) + len(draft.under)

    def change(text, _):
        rows, mark = text.split("\n"), draft.delimiter
        made = [row + mark if late and row else row.rstrip(mark) for row in rows[start:]]
        return "\n".join(rows[:start] + made)

    refuse_if(any("\n" in column.header for column in draft.columns))
    draft.texts.append(change)
    draft.may_lose = True


@mangle
def one_cell_too_many(draft, rng):
    """A remark with the delimiter in it, that no quotes hold together."""
    refuse_if(draft.workbook or draft.quoting != csv.QUOTE_MINIMAL or not draft.has("comment"))
    place = int(rng.integers(len(draft.origin)))
    draft.column("comment").values[place] = "wait\x03 see"
    draft.column("comment").key = ""
    draft.texts.append(lambda text, _: text.replace("\x03", draft.delimiter))
    draft.may_lose = True


@mangle
def last_line_cut(draft, rng):
    refuse_if(draft.workbook or bool(draft.after) or "id" in [column.key for column in draft.columns[-6:]])
    draft.bytes_.append(lambda data, r: data[: len(data) - 2 - int(r.integers(1, 12))])
    draft.excused |= {column.key for column in draft.columns[-6:]}
    draft.may_lose = True


@mangle
def columns_shuffled(draft, rng):
    refuse_if(bool(draft.before or draft.under or draft.after) or "last_line_cut" in draft.used)
    draft.columns = [draft.columns[k] for k in rng.permutation(len(draft.columns))]


# How the bytes are written


@mangle
def encoding(draft, rng):
    refuse_if(draft.encoding != "utf-8" or draft.workbook)
    draft.encoding = str(rng.choice(["utf-8-sig", "cp1252", "latin-1", "utf-16", "cp1252"]))


@mangle
def newlines(draft, rng):
    refuse_if(draft.newline != "\n")
    draft.newline = str(rng.choice(["\r\n", "\r", "\r\r\n", "\n\n"]))


@mangle
def mixed_newlines(draft, rng):
    refuse_if(draft.workbook or draft.newline != "\n")

    def change(text, r):
        return "".join(
            line[:-1] + ("\r\n" if r.random() < 0.5 else "\n") if line.endswith("\n") else line
            for line in text.splitlines(keepends=True)
        )

    draft.texts.append(change)


@mangle
def nul_bytes(draft, rng):
    refuse_if(draft.workbook or draft.encoding == "utf-16")
    end = bool(rng.integers(0, 2))
    draft.bytes_.append(lambda data, _: data + b"\x00" * 64 if end else data.replace(b"\n", b"\x00\n", 3))
    draft.may_lose = True


@mangle
def another_name(draft, rng):
    """A text file called a workbook, a workbook called a text file."""
    refuse_if(draft.name != "cohort.csv")
    endings = [".xlsx", ".txt", ".tsv", ".xls", "", ".CSV", ".dat", ".sav"]
    draft.name = "cohort" + str(rng.choice(endings))


@mangle
def a_workbook(draft, rng):
    refuse_if(draft.encoding != "utf-8" or bool(draft.texts or draft.bytes_) or draft.delimiter != ",")
    refuse_if(draft.newline != "\n" or any(record == "sep=\x02" for record in draft.before))
    refuse_if(rng.random() > 0.2)  # each is read by a process of its own, which takes longer than thirty text files
    draft.workbook = True
    draft.name = str(rng.choice(["cohort.xlsx", "cohort.csv", "cohort.xls", "cohort.xlsx"]))


# How numbers are written


@mangle
def decimal_comma(draft, rng):
    refuse_if(draft.decimal != "." or draft.workbook or any(column.thousands == "," for column in draft.columns))
    draft.decimal = ","
    if draft.delimiter == "," and rng.random() < 0.7:
        draft.delimiter = ";"


@mangle
def thousands(draft, rng):
    column = pick(draft, rng, "ferritin")
    marks = [mark for mark in (".", ",", " ", NBSP, NARROW, "'", "\u2019") if mark != draft.decimal]
    refuse_if(bool(column.unit))
    column.thousands = str(rng.choice(marks))


@mangle
def units_in_cells(draft, rng):
    column = pick(draft, rng, "crp", "ferritin", "age", "crp7", "days")
    refuse_if(bool(column.unit or column.thousands))
    units = {"age": [" y", " ans", "a"], "days": [" d", " j", " days"]}.get(column.key, [" mg/L", "mg/L", " µg/L"])
    column.unit = str(rng.choice(units))
    if rng.random() < 0.5:
        unit, column.unit = column.unit, ""
        spoilt = set(some(rng, len(column.values), 0.3))
        plain = iter(range(len(column.values)))
        column.values = [_Unit(v, unit) if next(plain) in spoilt and v is not None else v for v in column.values]


class _Unit(float):
    """A number with a unit typed into its cell."""

    def __new__(cls, value, unit):
        made = super().__new__(cls, value)
        made.text, made.unit = repr(value), unit
        return made

    def __repr__(self):
        return self.text + self.unit


@mangle
def percent(draft, rng):
    values = rng.integers(21, 100, len(draft.origin)).tolist()
    sign = str(rng.choice(["%", " %"]))
    draft.columns.append(Column("", str(rng.choice(["FiO2", "SpO2", "Hct"])), values, lambda value: f"{value}{sign}"))


@mangle
def a_typo_in_the_decimals(draft, rng):
    """One or two cells with the other decimal mark."""
    column = pick(draft, rng, "crp", "crp7")
    refuse_if(bool(column.thousands or column.unit))
    other = "," if draft.decimal == "." else "."
    places = set(some(rng, len(column.values), 0.02))
    column.values = [_Typo(v, other) if k in places and v is not None else v for k, v in enumerate(column.values)]
    column.write = lambda v: v.text if isinstance(v, _Typo) else repr(v).replace(".", draft.decimal)
    draft.excused.add(column.key)


class _Typo(float):
    def __new__(cls, value, mark):
        made = super().__new__(cls, value)
        made.text = repr(float(value)).replace(".", mark)
        return made


@mangle
def missing_marks(draft, rng):
    marks = ["NA", "N/A", "n.d.", "-", "?", ".", "missing", "k.A.", "manquant", "nc", "#N/A", "NULL", "", " "]
    marks += ["unbekannt", "#DIV/0!", "#REF!", "nan", "None", "--", "ND", "non fait", "*"]
    column = pick(draft, rng, *NUMBERS, "sex", "diabetes", "crp7")
    gap_some(draft, column, rng)
    column.gap = str(rng.choice(marks))
    if column.key in ("sex", "diabetes"):
        draft.excused.add(column.key)  # an odd word can be a third level


def gap_some(draft: Draft, column: Column, rng: np.random.Generator) -> None:
    """Values of a few patients become unknown, in the file and in the truth."""
    patients = set(some(rng, draft.cohort.n))
    column.values = [None if p in patients else v for v, p in zip(column.values, draft.origin, strict=True)]
    draft.truth[column.key] = [None if p in patients else v for p, v in enumerate(draft.truth[column.key])]


@mangle
def sentinels(draft, rng):
    column = pick(draft, rng, *NUMBERS)
    refuse_if(bool(column.gap or column.unit))
    column.gap = str(
        rng.choice(["-99", "-999", "-9", "-1", *(["999", "9999"] if column.key in ("age", "sofa") else [])])
    )
    gap_some(draft, column, rng)
    if column.gap in ("999", "9999", "-9", "-1"):
        draft.excused.add(column.key)


@mangle
def detection_limits(draft, rng):
    column = pick(draft, rng, "crp", "ferritin")
    refuse_if(bool(column.unit or column.thousands))
    limit = sorted(value for value in column.values if value is not None)[len(column.values) // 8]
    sign = str(rng.choice(["<", "< ", "<=", "≤"]))
    column.write = lambda v: (sign if v <= limit else "") + repr(max(v, limit)).replace(".", draft.decimal)
    draft.excused.add(column.key)


@mangle
def exponents(draft, rng):
    column = pick(draft, rng, "ferritin")
    refuse_if(bool(column.unit or column.thousands))
    column.write = lambda value: f"{value:.6E}".replace(".", draft.decimal)


@mangle
def plus_signs(draft, rng):
    column = pick(draft, rng, "sofa", "age")
    refuse_if(bool(column.unit or column.thousands))
    column.write = lambda value: f"+{value}"


# Dates, ids, spellings


@mangle
def dates(draft, rng):
    refuse_if(not draft.has("leaving"))
    forms = ["%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%Y%m%d", "%d-%b-%y", "%d.%m.%y", "%Y-%m-%dT00:00:00", "excel"]
    form = str(rng.choice(forms))
    if form == "excel":
        draft.column("leaving").write = lambda day: str((date(*day) - date(1899, 12, 30)).days)
    else:
        draft.column("leaving").write = lambda day: date(*day).strftime(form)


@mangle
def other_ids(draft, rng):
    """Numbers, numbers with leading zeros, numbers of thirty digits."""
    column = draft.column("id")
    refuse_if(column.write is not None or draft.repeats or draft.workbook)
    order = {value: k + 1 for k, value in enumerate(sorted(draft.truth["id"]))}
    form = str(rng.choice(["{:d}", "{:05d}", "{:030d}", "1234567890123456789012345{:05d}", "{:03d}"]))
    column.values = [form.format(order[value]) for value in column.values]
    draft.truth["id"] = [form.format(order[value]) for value in draft.truth["id"]]


@mangle
def repeated_rows(draft, rng):
    """Some patients' rows stand in the file twice."""
    refuse_if(draft.repeats or bool(draft.inside))
    again = some(rng, draft.cohort.n, 0.05)
    for column in draft.columns:
        column.values = column.values + [column.values[place] for place in again]
    draft.origin = draft.origin + [draft.origin[place] for place in again]
    draft.repeats = True


@mangle
def repeated_ids(draft, rng):
    """A second stay of some patients: the same id, another age and length."""
    repeated_rows(draft, rng)
    for key in ("sofa", "crp"):
        column = draft.column(key)
        if column.write is None:
            column.values[draft.cohort.n :] = [
                value if value is None else value + 1 for value in column.values[draft.cohort.n :]
            ]


@mangle
def spellings(draft, rng):
    """Capitals and spaces of a column of words."""
    column = pick(draft, rng, "arm", "sex", "diabetes")
    ways = [str.upper, str.lower, str.title, lambda text: text + " ", lambda text: " " + text]
    a, b = (ways[k] for k in rng.choice(len(ways), 2, replace=False))
    shares = rng.random(len(column.values))
    column.values = [
        value if value is None or share > 0.4 else (a if share < 0.2 else b)(value)
        for value, share in zip(column.values, shares, strict=True)
    ]


@mangle
def spaces(draft, rng):
    refuse_if(draft.workbook)
    for column in draft.columns:
        column.header = f" {column.header} " if column.header else ""
    column = pick(draft, rng, "age", "sofa", "days")
    column.write = lambda value: f" {value} ".replace(".", draft.decimal)


@mangle
def words_for_death(draft, rng):
    column = draft.column("dead")
    refuse_if(column.write is not None)
    fates = draft.cohort.words.fates
    dead, alive = fates[rng.integers(len(fates))]
    column.write = lambda value: dead if value else alive
    draft.event = dead


@mangle
def alive_is_one(draft, rng):
    column = draft.column("dead")
    refuse_if(column.write is not None)
    column.header = draft.cohort.words.alive
    column.write = lambda value: str(1 - value)
    draft.event = "0"


@mangle
def booleans(draft, rng):
    column = draft.column(str(rng.choice(["dead", "diabetes"])))
    refuse_if(column.write is not None)
    yes = draft.cohort.words.yes_no[0]
    true, false = [("TRUE", "FALSE"), ("True", "False"), ("T", "F"), ("Y", "N"), ("1", "0")][rng.integers(5)]
    column.write = lambda value: true if str(value).strip().casefold() in ("1", yes) else false
    if column.key == "dead":
        draft.event = true
    else:
        draft.truth["diabetes"] = [value and column.write(value) for value in draft.truth["diabetes"]]


@mangle
def an_unknown_arm(draft, rng):
    """The treatment of two patients is missing."""
    column = draft.column("arm")
    refuse_if(column.gap != "" or draft.repeats)
    gap_some(draft, column, rng)
    column.gap = str(rng.choice(["", "NA", "?", "unknown"]))
    draft.excused.add("arm")


@mangle
def a_day_of_zero(draft, rng):
    column = pick(draft, rng, "days")
    refuse_if(bool(column.unit))
    patient = int(rng.integers(draft.cohort.n))
    value = int(rng.choice([0, -4]))
    column.values = [value if p == patient else v for v, p in zip(column.values, draft.origin, strict=True)]
    draft.truth["days"] = [value if p == patient else v for p, v in enumerate(draft.truth["days"])]


@mangle
def headers_in_capitals(draft, rng):
    change = [str.upper, str.lower, str.title][rng.integers(3)]
    for column in draft.columns:
        column.header = change(column.header)


@mangle
def header_of_two_lines(draft, rng):
    column = pick(draft, rng, "age", "crp", "ferritin")
    refuse_if(" " not in column.header or draft.quoting == csv.QUOTE_NONE)
    column.header = column.header.replace(" ", "\n", 1)


@mangle
def hard_spaces_in_headers(draft, rng):
    refuse_if(not any(" " in column.header.strip() for column in draft.columns))
    for column in draft.columns:
        column.header = column.header.replace(" ", NBSP)


# Lines that are no patients


def free_of_lines(draft: Draft) -> None:
    refuse_if(bool(draft.before or draft.under or draft.after))


@mangle
def blank_lines(draft, rng):
    refuse_if(draft.newline == "\n\n" or draft.workbook)
    where = rng.integers(0, 3)
    if where == 0:
        draft.before.insert(0, "")
    elif where == 1:
        draft.after += [""] * int(rng.integers(1, 4))
    else:
        for place in some(rng, len(draft.origin), 0.05):
            draft.inside.setdefault(place, []).append([""] * len(draft.columns) if rng.random() < 0.5 else "")


@mangle
def comments_on_top(draft, rng):
    free_of_lines(draft)
    refuse_if(draft.workbook)
    draft.before += ["# Exported from the registry on 2024-03-01", "# units: crp in mg/L"][: int(rng.integers(1, 3))]


@mangle
def title(draft, rng):
    free_of_lines(draft)
    title = str(rng.choice(["Cohort COVID ICU 2021", "Étude MSC, réanimation", "Auswertung Station 3; Stand 2021"]))
    padded = [title] + [""] * (len(draft.columns) - 1)
    draft.before += [padded if rng.random() < 0.7 else title]
    if rng.random() < 0.5:
        draft.before += [[""] * len(draft.columns) if rng.random() < 0.5 else ""]


@mangle
def units_row(draft, rng):
    free_of_lines(draft)
    units = {"age": "years", "crp": "mg/L", "crp7": "mg/L", "ferritin": "ng/mL", "sofa": "points", "days": "d"}
    draft.under.append([units.get(column.key, "") for column in draft.columns])


@mangle
def labels_row(draft, rng):
    free_of_lines(draft)
    refuse_if("duplicated_header" in draft.used)
    headers = draft.cohort.words.headers
    draft.under.append([headers[c.key][1] if c.key in headers else "" for c in draft.columns])


@mangle
def totals_row(draft, rng):
    refuse_if(bool(draft.after))
    word = str(rng.choice(["Total", "Gesamt", "Summe", "TOTAL", "Total général", "n"]))
    sums = {"arm": str(len(draft.origin)), "dead": str(sum(v for v in draft.truth["dead"] if v))}
    draft.after.append([word if k == 0 else sums.get(c.key, "") for k, c in enumerate(draft.columns)])


@mangle
def means_row(draft, rng):
    refuse_if(bool(draft.after))
    word = str(rng.choice(["Mean", "Mittelwert", "Moyenne", "Median", "MW"]))
    mark = draft.decimal

    def mean(column):
        known = [v for v in column.values if isinstance(v, (int, float))]
        return f"{np.mean(known):.2f}".replace(".", mark) if known and column.key != "id" else ""

    draft.after.append([word if k == 0 else mean(c) for k, c in enumerate(draft.columns)])


@mangle
def footer(draft, rng):
    refuse_if(bool(draft.after))
    texts = ["Source: hospital data warehouse", "Printed on 01.03.2024 by user x", "* estimated", "Stand: 03/2024"]
    chosen = [texts[k] for k in rng.permutation(4)[: int(rng.integers(1, 3))]]
    padded = bool(rng.integers(0, 2))
    draft.after += [[text] + [""] * (len(draft.columns) - 1) if padded else text for text in chosen]


@mangle
def two_headers(draft, rng):
    free_of_lines(draft)
    groups = ["Outcome" if c.key in ("days", "dead", "los", "crp7", "leaving") else "Baseline" for c in draft.columns]
    draft.before.append(groups)


@mangle
def merged_headers(draft, rng):
    two_headers(draft, rng)
    groups = draft.before[-1]
    draft.before[-1] = [g if k == 0 or groups[k - 1] != g else "" for k, g in enumerate(groups)]


@mangle
def header_again(draft, rng):
    """Two exports, one pasted below the other: the header stands among the patients."""
    place = int(rng.integers(5, len(draft.origin) - 5))
    draft.inside.setdefault(place, []).append([column.header for column in draft.columns])


# Columns that say nothing


@mangle
def duplicated_header(draft, rng):
    free_of_lines(draft)  # labels below would tell the two apart
    column = pick(draft, rng, "crp", "sofa", "age")
    copy = Column("", column.header, list(column.values), column.write, column.thousands, column.decimal, column.unit)
    copy.gap = column.gap
    if rng.random() < 0.5:
        copy.values = list(reversed(copy.values))
    draft.columns.append(copy)
    draft.excused.add(column.key)


@mangle
def empty_columns(draft, rng):
    refuse_if(bool(draft.before or draft.under or draft.after))
    for k in range(int(rng.integers(1, 4))):
        header = str(rng.choice(["", f"empty {k}", f"Unnamed: {k}"]))
        place = int(rng.integers(1, len(draft.columns) + 1))
        draft.columns.insert(place, Column("", header, [None] * len(draft.origin)))


@mangle
def many_columns(draft, rng):
    refuse_if(bool(draft.before or draft.under or draft.after) or rng.random() > 0.2)  # as slow as twenty others
    values = rng.normal(50, 9, (300, len(draft.origin))).round(1)
    draft.columns += [Column("", f"gene {k}", column.tolist()) for k, column in enumerate(values)]


@mangle
def numbered_rows(draft, rng):
    """What R and pandas write: a first column without a name."""
    refuse_if(bool(draft.before or draft.under or draft.after or draft.inside))
    n = len(draft.origin)
    ways = [list(range(n)), list(range(1, n + 1)), [f"row{k}" for k in range(n)]]
    draft.columns.insert(0, Column("", "", ways[rng.integers(3)]))


@mangle
def a_very_long_cell(draft, rng):
    refuse_if(not draft.has("comment"))
    column = draft.column("comment")
    column.values[int(rng.integers(len(column.values)))] = "verylong " * int(rng.integers(500, 5_000))
    column.key = ""


@mangle
def formulas(draft, rng):
    refuse_if(not draft.has("comment"))
    column = draft.column("comment")
    texts = [
        '=HYPERLINK("http://example.org","x")',
        "=1+1",
        "@SUM(A1)",
        "+cmd|' /C calc'!A0",
        "<b>x</b>",
        "![x](http://e.org)",
    ]
    for place in some(rng, len(column.values), 0.1):
        column.values[place] = texts[rng.integers(len(texts))]
    column.key = ""


@mangle
def cells_of_several_lines(draft, rng):
    refuse_if(not draft.has("comment") or draft.quoting == csv.QUOTE_NONE or draft.newline == "\r")
    column = draft.column("comment")
    for place in some(rng, len(column.values), 0.1):
        column.values[place] = "first line\nsecond line"
    column.key = ""


__all__ = ["MANGLES", "lines", "mangled", "text_of"]
