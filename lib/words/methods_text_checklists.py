"""Reporting checklists, their items in our own words, and what a program can answer of each.

TARGET: Cashin AG et al., JAMA 2025;334:1084 and BMJ 2025;390:e087179.  STROBE: von Elm E et al., PLoS Med
2007;4:e296.  RECORD: Benchimol EI et al., PLoS Med 2015;12:e1001885.  Yao XI et al., J Natl Cancer Inst
2017;109:djw323, Table 4.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Item:
    """One item.  number: in its checklist.  asks: in our words.  answers: keys of what the program knows of it, in
    order; () for nothing.  write: what the author has to add; "" where the answer is whole."""

    number: str
    asks: str
    answers: tuple[str, ...] = ()
    write: str = ""


@dataclass(frozen=True)
class Checklist:
    """title: with the year.  source: where it was published.  items: in order."""

    title: str
    source: str
    items: tuple[Item, ...]


TRIAL = "write the element of the trial that you would have run; the program knows only its emulation (item 7)"
TARGET = Checklist(
    "TARGET 2025 (emulated target trials, 21 items)",
    "Cashin AG, Hansford HJ, Hernán MA, et al. JAMA 2025;334:1084-1093, and BMJ 2025;390:e087179",
    (
        Item("1a", "The abstract says that observed data emulate a target trial, and which", (), "write it"),
        Item("1b", "The abstract names the data sources", (), "name them"),
        Item("1c", "The abstract sums up assumptions, methods, findings, conclusions", (), "sum them up"),
        Item("2", "Background and what is not known", (), "write it"),
        Item("3", "The causal question", (), "write it"),
        Item("4", "Why a target trial is emulated with these data", (), "write it"),
        Item("5", "Data sources: purpose, kind, place, period, linkage", ("file",), "describe the source itself"),
        Item("6a", "Trial: who could have entered", (), TRIAL),
        Item("6b", "Trial: the strategies compared", (), TRIAL),
        Item("6c", "Trial: random assignment, known to the patients", (), TRIAL),
        Item("6d", "Trial: start and end of follow-up", (), TRIAL),
        Item("6e", "Trial: outcomes, how and when measured", (), TRIAL),
        Item("6f", "Trial: causal contrasts and effect measures", (), TRIAL),
        Item("6g", "Trial: assumptions that identify the effect", (), TRIAL),
        Item("6h", "Trial: analysis and missing data", (), TRIAL),
        Item("7a", "Emulation: eligibility as read off the data", ("eligibility",)),
        Item("7b", "Emulation: strategies as read off the data", ("arms",), "describe treatment and control care"),
        Item("7c", "Emulation: how assignment was imitated", ("score", "design")),
        Item("7d", "Emulation: time zero and end of follow-up", ("time", "horizon"), "define time zero"),
        Item("7e", "Emulation: outcomes as read off the data", ("outcomes",), "say how they were measured"),
        Item("7f", "Emulation: contrasts and effect measures", ("estimand", "tests")),
        Item("7g(i)", "Emulation: identifying assumptions", ("moves",), "argue that confounding is controlled"),
        Item("7g(ii)", "Emulation: the variables behind the assumptions", ("covariates",), "say why these"),
        Item("7h(i)", "Emulation: analysis and missing data", ("tests", "adjusting", "missing")),
        Item("7h(ii)", "Emulation: sensitivity analyses", (), "describe those that you made (page Robust?)"),
        Item("8", "Numbers assessed, eligible, assigned", ("flow",)),
        Item("9", "Baseline characteristics by strategy", ("table1", "balance_results")),
        Item("10", "Length of follow-up and why it ended, by strategy", ("followed",), "say why it ended"),
        Item("11", "Missing data by variable and strategy", ("gaps", "outcome_gaps")),
        Item("12", "Frequency or distribution of each outcome by strategy", ("results",)),
        Item("13", "Effects with their precision, absolute and relative", ("results",)),
        Item("14", "Results of all sensitivity analyses", (), "report them (page Robust?)"),
        Item("15", "Interpretation in the light of the question", (), "write it"),
        Item("16", "Limitations: trial against emulation, assumptions", ("limits",), "discuss them"),
        Item("17", "Ethics approval", (), "write it"),
        Item("18", "Registration of the protocol", (), "write it"),
        Item("19", "Access to data, code and materials", ("code",), "say where they can be had"),
        Item("20", "Funding and the role of funders", (), "write it"),
        Item("21", "Conflicts of interest", (), "write it"),
    ),
)
STROBE = Checklist(
    "STROBE (cohort studies, 22 items)",
    "von Elm E, Altman DG, Egger M, et al. PLoS Med 2007;4:e296",
    (
        Item("1", "Design in the title or abstract, and a balanced abstract", (), "write it"),
        Item("2", "Background and reasons", (), "write it"),
        Item("3", "Aims and hypotheses stated beforehand", (), "write it"),
        Item("4", "The design, early in the paper", ("design",), "say it early in the paper"),
        Item("5", "Setting, places, dates", (), "write it"),
        Item("6a", "Eligibility, sources, selection, follow-up", ("eligibility",), "describe sources and follow-up"),
        Item("6b", "Matched studies: criteria, numbers exposed and unexposed", ("design", "matched")),
        Item("7", "Outcomes, exposures, confounders defined", ("arms", "outcomes", "covariates"), "give criteria"),
        Item("8", "Source and measurement of each variable", (), "write it"),
        Item("9", "What was done against bias", ("score", "design", "balance"), "name other biases"),
        Item("10", "How the study size came about", ("flow",), "say why these patients and this period"),
        Item("11", "How numbers were handled and grouped", ("covariates", "columns")),
        Item("12a", "All statistical methods, also against confounding", ("score", "design", "tests", "adjusting")),
        Item("12b", "Subgroups and interactions", (), "describe them; the program made none"),
        Item("12c", "Missing data", ("missing",)),
        Item("12d", "Loss to follow-up", ("horizon",), "say how losses were handled"),
        Item("12e", "Sensitivity analyses", (), "describe those that you made (page Robust?)"),
        Item("13", "Numbers at each stage, reasons for leaving", ("flow", "matched")),
        Item("14", "Characteristics, missing data, follow-up time", ("table1", "gaps", "followed")),
        Item("15", "Numbers of outcome events or summaries", ("results",)),
        Item("16", "Unadjusted and adjusted estimates with precision", ("results",), "give unadjusted ones too"),
        Item("17", "Other analyses made", ("adjusted",), "report subgroups and sensitivity analyses"),
        Item("18", "Key results against the aims", (), "write it"),
        Item("19", "Limitations, direction and size of bias", ("limits",), "discuss them"),
        Item("20", "Cautious interpretation", (), "write it"),
        Item("21", "Generalisability", ("estimand",), "discuss it"),
        Item("22", "Funding", (), "write it"),
    ),
)
RECORD = Checklist(
    "RECORD (routinely collected health data, 13 items)",
    "Benchimol EI, Smeeth L, Guttmann A, et al. PLoS Med 2015;12:e1001885",
    (
        Item("1.1", "Kind of data and databases in title or abstract", (), "write it"),
        Item("1.2", "Region and period in title or abstract", (), "write it"),
        Item("1.3", "Linkage in title or abstract", (), "write it, or that there was none"),
        Item("6.1", "How the population was selected (codes, algorithms)", ("eligibility",), "list codes"),
        Item("6.2", "Validation of these codes or algorithms", (), "write it"),
        Item("6.3", "Linkage: a flow with the numbers at each stage", ("flow",), "add what came before this file"),
        Item("7.1", "Codes and algorithms of exposures, outcomes, confounders", ("arms", "outcomes"), "list codes"),
        Item("12.1", "The investigators' access to the source population", (), "write it"),
        Item("12.2", "How the data were cleaned", ("columns", "reading"), "add what was done before this file"),
        Item("12.3", "Level, methods and quality of linkage", (), "write it, or that there was none"),
        Item("13.1", "Selection by data quality, availability, linkage", ("flow", "gaps")),
        Item("19.1", "What it means that the data had another purpose", ("limits",), "discuss it"),
        Item("22.1", "Access to protocol, raw data, code", ("code",), "say where they can be had"),
    ),
)
YAO = Checklist(
    "Yao 2017, Table 4: items on propensity scores",
    "Yao XI, Wang X, Speicher PJ, et al. J Natl Cancer Inst 2017;109:djw323",
    (
        Item("1", "The title or abstract names the propensity score", (), "write it"),
        Item("9", "How the propensity score was used against bias", ("score", "design")),
        Item("12", "All methods, the propensity score's among them", ("design", "tests", "adjusting")),
        Item("13", "The model of the score", ("score",)),
        Item("14", "The variables in the score", ("covariates",)),
        Item("15", "How these variables were chosen", (), "write it; the program does not choose them"),
        Item("16", "Matching: algorithm, distance, ratio, replacement, package", ("design", "tests", "software")),
        Item("17", "Weighting: how the weighted groups were compared", ("weighting",)),
        Item("18", "Strata: how many, how compared", ("strata",)),
        Item("19", "How the assumptions were examined", ("balance", "fit"), "discuss what was not measured"),
        Item("20", "Missing data in the score", ("missing",)),
        Item("25", "Matching: sample sizes before and after", ("flow", "matched")),
        Item("28", "Characteristics before", ("table1",)),
        Item("29", "Characteristics after, and how alike", ("table1", "balance_results")),
        Item("30", "Missing data by variable, above all of the score", ("gaps",)),
    ),
)
CHECKLISTS = (TARGET, STROBE, RECORD, YAO)
TITLE = "# Reporting checklists"
LEAD = (
    "What this analysis answers of each item, in its own words and numbers, and what you must write. Items are put in "
    "our words; submit the original forms of the checklists with your article."
)
ANSWERED, IN_PART, NOT_HERE = "Answered here", "Answered here in part", "You must write this"
OUTSIDE = "Does not apply to this design."


def item_line(item: Item, told: str) -> str:
    """An item with its answer.  told: what the program knows of it, Markdown; empty for nothing."""
    head = f"**{item.number}. {item.asks}.**"
    if told == OUTSIDE:
        return f"{head} {OUTSIDE}"
    if not told:
        more = item.write.removeprefix("write it").lstrip("; ,")
        return f"{head} {NOT_HERE}{f': {more}' if more else ''}."
    if item.write:
        return f"{head} {IN_PART}: {told} You must write: {item.write}."
    return f"{head} {ANSWERED}: {told}"
