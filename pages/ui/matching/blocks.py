"""Blocks of the Matching page: how many were matched, who was not and why, and how near the pairs are."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from lib import figures
from lib.cohort import Cohort
from lib.design import MatchedSample
from lib.errors import EstimationError
from lib.io import write_csv
from lib.score.propensity import PropensityModel
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import counted, glossary
from lib.words import matching as words
from lib.words.numbers import capitalised
from pages.ui import session, stages, widgets
from pages.ui.figure_card import plain
from pages.ui.tables import show_table

ENOUGH_EVENTS, FEW_EVENTS = 10, 5
VERDICT_COLORS = {"pass": "green", "look": "orange", "fail": "red"}
HELP = {
    "treated": "Treated patients with at least one control, of all analysed treated patients.",
    "controls": "Different control patients in the matched sample, of all analysed controls.",
    "pairs": "A treated patient and one of its controls is a pair; a treated patient with three controls makes three.",
    "width": "The largest difference allowed within a pair, in units of the distance: caliper times its standard "
    "deviation.",
    "events": "Patients in the smaller arm for each term of the score model (events per variable). Below 10 the "
    "single coefficients are shaky, below 5 very much so; judge the match by its balance, not by the model.",
    "ess": "How many equally weighted controls the weighted ones are worth (effective sample size). It falls when a "
    "few controls carry much of the weight.",
}


@dataclass(frozen=True)
class Matched:
    """All that the blocks show of one match."""

    cohort: Cohort
    propensity: PropensityModel
    sample: MatchedSample
    spec: AnalysisSpec

    @property
    def everyone(self) -> np.ndarray:
        """bool (n,): all analysed patients."""
        return np.ones(self.cohort.n, dtype=bool)

    @property
    def caption(self) -> str:
        """The line under every figure."""
        return widgets.caption(self.cohort, self.sample, self.spec)

    def arm(self, members: np.ndarray, treated: bool) -> int:
        """How many of the patients in `members` (bool, n) belong to an arm."""
        return words.in_arm(self.sample, members, treated)


def compute(table: Table, spec: AnalysisSpec) -> Matched:
    """Cohort, score and match, each from its cache. Without a score, ways out are offered; without a match, the scores
    are shown; and the page ends there."""
    try:
        with st.spinner("Checking the patients", show_time=True):
            cohort = stages.cohort(table, spec)
        with st.spinner("Estimating the score", show_time=True):
            propensity = stages.propensity(table, spec)
    except EstimationError as error:
        session.error_box(error)
        ways_out(spec)
        st.stop()
    try:
        with st.spinner("Matching", show_time=True):
            sample = stages.matched(table, spec)
    except EstimationError as error:
        session.error_box(error)
        show_overlap(Matched(cohort, propensity, nobody(cohort, propensity), spec))
        st.stop()
    return Matched(cohort, propensity, sample, spec)


def nobody(cohort: Cohort, propensity: PropensityModel) -> MatchedSample:
    """A sample without a pair, to show where the scores lie when no match is possible."""
    none = np.zeros(cohort.n)
    return MatchedSample(
        np.empty((0, 2), dtype=int),
        cohort.treated,
        propensity.distance,
        none,
        none.astype(bool),
        float("nan"),
        pd.DataFrame(columns=["row", "reason"]),
        0,
        False,
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
        scoreless = {"metric": "mahalanobis", "caliper": None, "discard": "none"}
        other = spec.replace(matching=spec.matching.model_copy(update=scoreless))
        st.button(
            "Match on all covariates at once, without a score",
            key=session.key("to-mahalanobis"),
            on_click=session.set_spec,
            args=(other,),
        )


def show_metrics(m: Matched) -> None:
    """How many were matched, within what, and on how firm a ground."""
    sample = m.sample
    with st.container(horizontal=True):
        metric(
            "Treated matched",
            f"{m.arm(sample.matched, True):,}",
            "treated",
            under=f"of {m.arm(m.everyone, True):,} analysed",
        )
        metric(
            "Controls matched",
            f"{m.arm(sample.matched, False):,}",
            "controls",
            under=f"of {m.arm(m.everyone, False):,} analysed",
        )
        metric("Pairs", f"{len(sample.pairs):,}", "pairs", under=words.farthest(sample))
        width, made_of = words.caliper_width(m.spec.matching, m.propensity.scale, sample.caliper_width)
        metric("Caliper width", width, "width", under=made_of)
        worth = sample.effective_sample_size(False)
        metric("Controls count as", f"{worth:,.1f}", "ess", under="equally weighted controls")
        events_metric(m)


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


def events_metric(m: Matched) -> None:
    """Patients in the smaller arm per term of the score model, with a verdict."""
    ratio, terms = m.propensity.events_per_variable, len(m.propensity.names) - 1
    if terms < 1:
        return
    verdict = "pass" if ratio >= ENOUGH_EVENTS else "look" if ratio >= FEW_EVENTS else "fail"
    smaller = min(m.arm(m.everyone, True), m.arm(m.everyone, False))
    metric(
        "Patients per model term",
        f"{ratio:,.1f}",
        "events",
        color=VERDICT_COLORS[verdict],
        under=f"{verdict}: {smaller:,} for {counted(terms, 'term')}",
    )


def show_checks(m: Matched) -> None:
    """What was verified about the pairs, and ties."""
    st.markdown(":material/verified: " + plain(words.checks_sentence(m.spec.matching, m.sample)))


def show_lost(m: Matched) -> None:
    """Who is not in the matched sample, by arm and reason, and the lost treated patients one by one."""
    table = words.lost_table(m.spec.matching, m.sample)
    st.subheader(table.title, anchor=False)
    show_table(table)
    lost = m.sample.lost
    if len(lost):
        with st.expander(f"The {counted(len(lost), 'treated patient')} without a control"):
            people = patients(m, lost["row"].to_numpy())
            people.insert(1, "Why", [capitalised(reason) for reason in lost["reason"]])
            st.dataframe(people, hide_index=True, alt="Treated patients without a control")


def patients(m: Matched, rows: np.ndarray) -> pd.DataFrame:
    """Analysed patients by position: id, score, distance, covariates."""
    known = {"Patient": m.cohort.person_id[rows]}
    if np.isfinite(m.propensity.score).all():
        known |= {"Score": m.propensity.score[rows]}
    if np.isfinite(m.sample.distance).all():
        known |= {"Distance": m.sample.distance[rows]}
    return pd.concat([pd.DataFrame(known), m.cohort.covariates.iloc[rows].reset_index(drop=True)], axis=1)


def show_overlap(m: Matched) -> None:
    """The scores of both arms before and after."""
    try:
        drawn = figures.overlap(m.propensity, m.sample)
    except EstimationError as error:
        st.info(f"{error} {error.hint}", icon=":material/info:")
        return
    widgets.show(
        drawn,
        title="Overlap of the propensity scores",
        name="overlap",
        text=m.caption,
        spec=m.spec,
        what=glossary.OVERLAP,
    )


def show_model(m: Matched) -> None:
    """The coefficients of the score, for those who ask."""
    p = m.propensity
    if not np.isfinite(p.coefficients).all() or not len(p.names):
        return
    box = st.expander("The model of the score", key=session.key("model-open"), on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(words.fit_sentence(p, m.cohort.n))
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
        widgets.download("Coefficients (CSV)", "score_model", m.spec, lambda: write_csv(rows))
