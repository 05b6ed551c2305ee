"""Methods text: how balance was judged, what the outcomes are and how they were compared. Sentences in Markdown."""

from collections.abc import Iterable

from ..balance import BalanceTest
from ..balance.verdict import SMALL
from ..design import Comparison, Overlapping
from ..design.moves import OddsInsideSets
from ..inference import Multiplicity, OutcomeResult
from ..inference.results import SurvivalOutcome
from ..spec import FreeDays, Outcome
from .labels import Labels, support_name
from .methods_text_markdown import md
from .methods_text_references import cite
from .moves import times
from .names import TESTS
from .numbers import capitalised, counted, listed
from .to_quote import quoted_estimate

SMD = (
    "Balance was judged by standardised mean differences (SMD): the difference in means, treated minus controls, over "
    f"the standard deviation of the treated before matching, the same before and after{cite('stuart2010')}; shares of "
    "each level for factors."
)
DEALT = {
    "set": "the treated patient of each matched set was dealt by lot",
    "sets": "the treated patients of each matched set were dealt by lot",
    "all": "treatment, and with it the weights, was dealt by lot among all who are compared",
}
NO_COVARIATE = "No covariate was given, so balance was not judged."
EXACT = (
    "Yes/no outcomes were compared by the exact test that moves the treated label within the matched sets"
    f"{cite('rosenbaum2002')}, two-sided by the probabilities of the results (minlike); the interval of the number of "
    f"events attributable to treatment inverts the same test{cite('fay2010')} and assumes that treatment only prevents "
    "or only causes the event."
)
RANKS = (
    f"Numbers were compared by aligned ranks{cite('hodges1962')}: values less the mean of their set, ranked over all "
    f"sets, labels moved within the sets; the shift (Hodges-Lehmann{cite('hodges1963')}) and its interval invert the "
    "same test and assume that treatment adds the same to every treated patient."
)
LOGRANK = (
    f"Times to an event were compared by the log-rank statistic{cite('mantel1966')} stratified by set, with labels "
    "moved within the sets; the hazard ratio within sets and its interval are made of the same moves and assume that "
    "it does not change over time. Curves are Kaplan-Meier"
    f"{cite('kaplan1958')} with the weights of the comparison."
)
INCIDENCE = (
    f"Where events compete, cumulative incidences (Aalen-Johansen{cite('aalen1978')}) were compared by the area "
    "between them up to the horizon, with labels moved within the sets."
)
LARGE_SAMPLE = {
    "binary": (
        f"the weighted difference in risk, with Newcombe's interval{cite('newcombe1998')} from the Wilson limits of "
        "either arm with effective sample sizes"
    ),
    "continuous": f"the weighted difference in means, with a robust standard error (HC3{cite('mackinnon1985')}) and t",
    "survival": "the weighted hazard ratio (Cox, Efron's ties), with a standard error robust by patient",
    "competing": (
        f"the difference in mean time lost to the event between weighted cumulative incidences (Aalen-Johansen"
        f"{cite('aalen1978')})"
    ),
}
KINDS = {"binary": "yes/no", "continuous": "a number", "survival": "time to an event"}
BETTER = {"higher": "higher is better", "lower": "lower is better"}
ONE_PRIMARY = "The primary outcome stands on its own p, not adjusted for the others."
NO_PRIMARY = "No outcome was named as the primary one."


def balance_sentences(test: BalanceTest, covariates: int) -> list[str]:
    """How balance was judged.  covariates: rows of the balance table."""
    if not covariates:
        return [NO_COVARIATE]
    return [
        SMD,
        f"No p-value of a single covariate was used{cite('imai2008')}. The differences were held against a lottery"
        f"{cite('hansen2008')}: {DEALT[test.lots]}, and the limit of each covariate is what all "
        "covariates together stay within in 95% of deals.",
        f"A covariate counts as out of balance where its SMD is beyond {SMALL}{cite('austin2009')} and beyond this "
        "limit.",
    ]


def outcome_definition(outcome: Outcome, labels: Labels, events: Iterable[str] = ()) -> str:
    """One outcome as it is defined, for a list.  events: the values in the file that count as the event."""
    label = labels.column(outcome.name)
    name = capitalised(label.name) if outcome.kind == "survival" else label.with_unit
    columns = listed([md(name) for name in outcome.columns()])
    said = [f"{KINDS[outcome.kind]}, from the column{'s' if len(outcome.columns()) > 1 else ''} {columns}"]
    values = [md(value) for value in events]
    if values:
        said.append(f"event: {listed(values)}")
    if outcome.competing_values:
        said.append(f"competing: {listed([md(value) for value in outcome.competing_values])}")
    if outcome.horizon is not None:
        said.append(f"up to {outcome.horizon:g} {md(label.unit)}".rstrip())
    if outcome.empty == "no_event":
        said.append("an empty cell is no event")
    said += [BETTER[outcome.better]] if outcome.better else []
    said += [f"value before treatment: {md(outcome.baseline)}"] if outcome.baseline else []
    role = " (primary)" if outcome.primary else " (negative control)" if outcome.negative_control else ""
    return f"{md(name)}{role}: {'; '.join(said)}"


def test_sentences(made: Comparison, outcomes: Iterable[OutcomeResult]) -> list[str]:
    """Which p and which interval are quoted, and what they assume."""
    found = tuple(outcomes)
    if not found:
        return ["No outcome was compared."]
    if not made.by_set:
        return _without_sets(made, found)
    measures = {one.measure for one in map(quoted_estimate, found) if one is not None}
    kinds = {outcome.kind for outcome in found}
    competing = "incidence_area" in measures
    alone = "hazard_ratio_by_set" in measures or any(
        isinstance(outcome, SurvivalOutcome) and not len(outcome.incidence) for outcome in found
    )
    said = [
        EXACT if "binary" in kinds else "",
        RANKS if "continuous" in kinds else "",
        LOGRANK if alone else "",
        INCIDENCE if competing else "",
    ]
    names = dict.fromkeys(test.name for test in (outcome.quoted_test for outcome in found) if test)
    tests = "; ".join(TESTS[name] for name in names)
    return [*(text for text in said if text), *([f"Tests quoted: {tests}."] if tests else [])]


def _without_sets(made: Comparison, found: tuple[OutcomeResult, ...]) -> list[str]:
    overlap = isinstance(made.units, Overlapping)
    why = "With replacement the sets overlap" if overlap else "Weights make no sets"
    kinds = {_large_kind(outcome) for outcome in found}
    effects = "; ".join(text for kind, text in LARGE_SAMPLE.items() if kind in kinds)
    return [
        f"{why}, so no test by set exists. Quoted are {effects}; and the p of that effect. All of these take the "
        "weights as known and hold for large samples."
    ]


def _large_kind(outcome: OutcomeResult) -> str:
    """Of LARGE_SAMPLE."""
    competing = isinstance(outcome, SurvivalOutcome) and len(outcome.incidence)
    return "competing" if competing else outcome.kind


def moves_sentences(odds: OddsInsideSets | None) -> list[str]:
    """Which label moves are quoted and why; none without sets that are apart."""
    if odds is None:
        return []
    if odds.moves == "fitted_odds":
        said = [
            "Within a set the label moved with chances in proportion to the fitted odds of treatment"
            f"{cite('pimentel2024')}, which assumes that the propensity model holds and that nothing unmeasured "
            "changed the odds; the design fixed this before any outcome was read."
        ]
    else:
        why = f", because {odds.why_equal}" if odds.why_equal else ""
        said = [
            "Within a set the label moved with equal chances"
            f"{why}; this assumes that the patients of a set were equally likely to be treated."
        ]
    if odds.typical == odds.typical:
        said.append(
            f"By measured differences the odds inside the sets were typically {times(odds.typical)} times apart, at "
            f"most {times(odds.largest)} times."
        )
    if odds.level == "no_evidence":
        said.append("The sets are too unlike for a p by set, so none is quoted as evidence.")
    return said


def multiplicity_sentences(several: Multiplicity, primary: bool) -> list[str]:
    """How p-values were adjusted for several outcomes.  primary: whether an outcome is the primary one."""
    known = int(several.rows["p_raw"].notna().sum()) if len(several.rows) else 0
    if known < 2:
        return []
    moves = counted(several.arrangements, "arrangement")
    how = f"all {moves}" if several.exact else f"{moves} drawn by lot"
    return [
        f"For {known} outcomes p-values were also adjusted by Holm's method{cite('holm1979')} and by max-T over label "
        f"moves that all outcomes share{cite('westfall1993')} ({how}).",
        ONE_PRIMARY if primary else NO_PRIMARY,
    ]


def free_days_sentences(settings: FreeDays | None, derived: Iterable[str], hierarchy: Iterable[str]) -> list[str]:
    """Free days made of episodes.  derived: the supports that they were made of.  hierarchy: names of the outcomes of
    the win ratio, Markdown; () without one."""
    names = listed([md(support_name(name)) for name in derived])
    if not names:
        return []
    own = settings or FreeDays()
    death = "0" if own.death == "zero" else "-1, worse than any day"
    never = "was left without a value" if own.never == "missing" else "had all days free"
    said = [
        f"Free days of {names} were counted within {own.window:g} days from the file of episodes; who died within the "
        f"window had {death}, and who never had the support {never}."
    ]
    order = ", then ".join(hierarchy)
    if order:
        said.append(f"A win ratio compared each treated patient with the controls of its set by {order}.")
    return said
