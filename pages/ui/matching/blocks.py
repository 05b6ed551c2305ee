"""Blocks of the Match page: how many were matched, who was not and why, and how near the pairs are."""

import numpy as np
import pandas as pd
import streamlit as st

from lib.design import Comparison, DistanceSettings, Independent
from lib.design.methods import USUAL, taken_by
from lib.errors import EstimationError
from lib.io import write_csv
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import counted, percent
from lib.words import matching as words
from lib.words.numbers import capitalised
from lib.words.power import set_sizes
from pages.ui import session, widgets
from pages.ui.matching.result import draw_overlap, show_ways_back
from pages.ui.plain import plain
from pages.ui.tables import show_table
from pages.ui.view import View

SAME_WEIGHT = 1e-9  # patients by which equal weights may miss their number, by rounding
ENOUGH_EVENTS, FEW_EVENTS = 10, 5
VERDICT_COLORS = {"pass": "green", "look": "orange", "fail": "red"}
HELP = {
    "treated": "Treated patients with at least one control, of all analysed treated patients.",
    "controls": "Different control patients in the matched sample, of all analysed controls.",
    "pairs": "A treated patient and one of its controls is a pair; a treated patient with three controls makes three.",
    "sets": "A set is one treated patient with its controls, or one control with the treated patients that it serves. "
    "Each set counts once in the tests by set.",
    "share": "How much of the group the patient with the largest weight makes up. Large shares mean that the result "
    "hangs on few.",
    "width": "The largest difference allowed within a pair, in units of the distance: caliper times its standard "
    "deviation.",
    "events": "Patients in the smaller arm for each term of the score model (events per variable). Below 10 the "
    "single coefficients are shaky, below 5 very much so; judge the match by its balance, not by the model.",
    "ess": "How many equally weighted controls the weighted ones are worth (effective sample size). It falls when a "
    "few controls carry much of the weight.",
}


def compute(table: Table, spec: AnalysisSpec) -> View:
    """Cohort, score and comparison, made one after the other. Without a score, ways out are offered; without a
    comparison, the scores are shown; and the page ends there."""
    view = View.of(table, spec)
    try:
        with st.spinner("Checking the patients", show_time=True):
            view.require("cohort")
        with st.spinner("Estimating the score", show_time=True):
            view.require("score")
    except EstimationError as error:
        session.error_box(error)
        ways_out(spec)
        show_ways_back(table, spec, view.labels)
        st.stop()
    try:
        with st.spinner("Matching", show_time=True):
            view.require("comparison")
    except EstimationError as error:
        session.error_box(error)
        show_ways_back(table, spec, view.labels)
        draw_overlap(view, nobody(view))
        st.stop()
    return view


def nobody(view: View) -> Comparison:
    """A comparison without anybody, to show where the scores lie when no match is possible."""
    none = np.zeros(view.cohort.n)
    return Comparison(
        units=Independent.of(view.cohort.treated),
        weights=none,
        distance=view.score.distance,
        discarded=none.astype(bool),
        losses=pd.DataFrame(columns=["row", "reason"]),
    )


def ways_out(spec: AnalysisSpec) -> None:
    """Settings under which separation does no harm, one click each; covariates can be taken out in the settings."""
    with st.container(horizontal=True):
        if spec.propensity.model == "logit":
            firth = spec.propensity.model_copy(update={"model": "firth"})
            st.button(
                "Use Firth's logistic regression",
                key=session.key("to-firth"),
                on_click=session.set_spec,
                args=(spec.replace(propensity=firth),),
            )
        name = spec.matching.method if isinstance(spec.matching, DistanceSettings) else USUAL
        scoreless = {"metric": "mahalanobis", "caliper": None, "discard": "none"}
        other = spec.replace(matching=taken_by(name, spec.matching.model_dump() | scoreless))
        st.button(
            "Match on all covariates at once, without a score",
            key=session.key("to-mahalanobis"),
            on_click=session.set_spec,
            args=(other,),
        )


def show_metrics(view: View) -> None:
    """How many were matched, within what, and on how firm a ground."""
    comparison, cohort = view.comparison, view.cohort
    treated, control = int(cohort.treated.sum()), int((~cohort.treated).sum())
    with st.container(horizontal=True):
        done = "matched" if comparison.n_sets else "compared"
        metric(f"Treated {done}", f"{comparison.n_matched(True):,}", "treated", under=f"of {treated:,} analysed")
        metric(f"Controls {done}", f"{comparison.n_matched(False):,}", "controls", under=f"of {control:,} analysed")
        (set_metrics if comparison.n_sets else weight_metrics)(view)
        worth = comparison.effective_sample_size(False)
        metric("Controls count as", f"{worth:,.1f}", "ess", under="equally weighted controls")
        events_metric(view)


def set_metrics(view: View) -> None:
    """Pairs, or sets where some hold several treated patients; and the caliper."""
    comparison = view.comparison
    if comparison.units.one_treated:
        metric("Pairs", f"{len(comparison.pairs):,}", "pairs", under=words.farthest(comparison))
    else:
        metric("Sets", f"{comparison.n_sets:,}", "sets", under=set_sizes(comparison))
    width, made_of = words.caliper_width(view.spec.matching, view.score.scale, comparison.caliper_width)
    metric("Caliper width", width, "width", under=made_of)


def weight_metrics(view: View) -> None:
    """The largest weight of each arm whose weights differ."""
    comparison = view.comparison
    for arm, name in ((True, "treated patient"), (False, "control")):
        if comparison.effective_sample_size(arm) < comparison.n_matched(arm) - SAME_WEIGHT:
            share = percent(comparison.largest_share(arm))
            metric(f"Largest weight of a {name}", share, "share", under="of all weights of the group")


def metric(label: str, value: str, name: str, under: str | None = None, color: str = "gray") -> None:
    """One number in a box with its explanation."""
    st.metric(
        label,
        value,
        under,
        delta_color=color,
        delta_arrow="off",
        border=True,
        width="stretch",
        height="stretch",
        help=HELP[name],
    )


def events_metric(view: View) -> None:
    """Patients in the smaller arm per term of the score model, with a verdict."""
    ratio, terms = view.score.events_per_variable, len(view.score.names) - 1
    if terms < 1:
        return
    verdict = "pass" if ratio >= ENOUGH_EVENTS else "look" if ratio >= FEW_EVENTS else "fail"
    treated = int(view.cohort.treated.sum())
    smaller = min(treated, view.cohort.n - treated)
    metric(
        "Patients per model term",
        f"{ratio:,.1f}",
        "events",
        color=VERDICT_COLORS[verdict],
        under=f"{verdict}: {smaller:,} for {counted(terms, 'term')}",
    )


def show_checks(view: View) -> None:
    """What was verified about the sets or pairs, and ties."""
    said = words.checks_sentence(view.spec.matching, view.comparison)
    if said:
        st.markdown(f":material/verified: {plain(said)}")


def notes_of(view: View) -> tuple[str, ...]:
    """What the reader must know of the score and of the comparison."""
    return tuple(dict.fromkeys(view.score.notes + view.comparison.notes + view.steps.odds_notes))


def show_next() -> None:
    """The link to the next step."""
    widgets.next_page("pages/balance.py", "Next: are they alike?")


def show_lost(view: View) -> None:
    """Who is not in the matched sample, by arm and reason, and the lost treated patients one by one."""
    show_table(words.lost_table(view.spec.matching, view.comparison, gaps_of(view)))
    lost = view.comparison.losses
    if len(lost):
        people = patients(view, lost["row"].to_numpy())
        people.insert(1, "Why", [capitalised(reason) for reason in lost["reason"]])
        st.dataframe(people, hide_index=True, alt="Treated patients without a control")


def gaps_of(view: View) -> tuple[int, int]:
    """Eligible (treated, controls) who were not analysed."""
    eligible, analysed = view.cohort.eligible_treated, view.cohort.treated
    return int(eligible.sum() - analysed.sum()), int((~eligible).sum() - (~analysed).sum())


def patients(view: View, rows: np.ndarray) -> pd.DataFrame:
    """Analysed patients by position: id, score, distance, covariates."""
    known = {"Patient": view.cohort.person_id[rows]}
    if np.isfinite(view.score.score).all():
        known |= {"Score": view.score.score[rows]}
    if np.isfinite(view.comparison.distance).all():
        known |= {"Distance": view.comparison.distance[rows]}
    return pd.concat([pd.DataFrame(known), view.cohort.covariates.iloc[rows].reset_index(drop=True)], axis=1)


def show_model(view: View) -> None:
    """The coefficients of the score, for those who ask."""
    p = view.score
    st.markdown(words.fit_sentence(p, view.cohort.n))
    rows = pd.DataFrame(
        {"Term": p.names, "Coefficient (log odds)": p.coefficients, "Standard error": p.standard_errors}
    )
    number = st.column_config.NumberColumn(format="%.4g")
    st.dataframe(
        rows,
        hide_index=True,
        alt="Coefficients of the score model",
        width=560,
        column_config=dict.fromkeys(rows.columns[1:], number),
    )
    widgets.download("Coefficients (CSV)", "score_model", view.spec, lambda: write_csv(rows))
