"""Blocks of the Matching page: how many were matched, who was not and why, and how near the pairs are."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
import streamlit as st

from lib import figures
from lib.cohort import Cohort
from lib.design import Comparison, Independent
from lib.design.comparison import OUTSIDE_SUPPORT
from lib.errors import EstimationError
from lib.io import write_csv
from lib.score.propensity import PropensityModel
from lib.spec import AnalysisSpec
from lib.table import Table
from lib.words import counted
from pages.ui import session, stages, widgets
from pages.ui.figure_card import plain
from pages.ui.format import listed, significant

ENOUGH_EVENTS, FEW_EVENTS = 10, 5
VERDICT_COLORS = {"pass": "green", "look": "orange", "fail": "red"}
SCALE_WORDS = {"logit": "logit of the score", "probability": "score"}
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
OVERLAP_WHAT = (
    "How the scores of the two arms lie: treated patients upwards, controls downwards; the outline is everyone "
    "analysed, the filled bars are the matched. Where one arm has nobody, no comparison is possible. Each dot is a "
    "treated patient; an open one found no control."
)


@dataclass(frozen=True)
class Matched:
    """All that the blocks show of one match."""

    cohort: Cohort
    propensity: PropensityModel
    comparison: Comparison
    spec: AnalysisSpec

    @property
    def everyone(self) -> np.ndarray:
        """bool (n,): all analysed patients."""
        return np.ones(self.cohort.n, dtype=bool)

    @property
    def caption(self) -> str:
        """The line under every figure."""
        return widgets.caption(self.cohort, self.comparison, self.spec)

    def arm(self, members: np.ndarray, treated: bool) -> int:
        """How many of the patients in `members` (bool, n) belong to an arm."""
        return int((members & (self.comparison.treated == treated)).sum())


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


def nobody(cohort: Cohort, propensity: PropensityModel) -> Comparison:
    """A sample without a pair, to show where the scores lie when no match is possible."""
    none = np.zeros(cohort.n)
    return Comparison(
        units=Independent.of(cohort.treated),
        weights=none,
        distance=propensity.distance,
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
    sample = m.comparison
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
        metric("Pairs", f"{len(sample.pairs):,}", "pairs", under=largest_difference(m))
        metric("Caliper width", *caliper_words(m))
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


def largest_difference(m: Matched) -> str:
    """How far apart the farthest pair is, in units of the distance."""
    most = m.comparison.pairs["distance"].max()
    return f"farthest {significant(most)} apart" if np.isfinite(most) else "distances need a score"


def caliper_words(m: Matched) -> tuple[str, str, str]:
    """The raw width, and what it is made of."""
    matching, scale = m.spec.matching, SCALE_WORDS[m.propensity.scale]
    if matching.method == "given":
        return "none", "width", "the sets are taken as they are"
    if matching.caliper is None:
        return "none", "width", "any distance is allowed"
    made_of = f"{matching.caliper:g} SD of the {scale}" if matching.caliper_unit == "sd" else f"in the {scale}"
    return significant(m.comparison.caliper_width), "width", made_of


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
    """What was verified about the pairs, ties, and what the reader must know."""
    matching = m.spec.matching
    if matching.method == "given":
        sets = f":material/verified: All {counted(m.comparison.n_sets, 'set')} were checked: "
        st.markdown(f"{sets}each has one treated patient and at least one control, and nobody stands in two.")
        return
    calipers = listed(list(matching.covariate_calipers))
    rules = {
        f"at most {counted(matching.ratio, 'control')} for each treated": True,
        "no control twice": not matching.replace,
        "within the caliper": matching.caliper is not None,
        f"within the caliper of {calipers}": bool(calipers),
        f"equal in {listed(list(matching.exact))}": bool(matching.exact),
        "inside common support": matching.discard != "none",
    }
    kept = ", ".join(rule for rule, holds in rules.items() if holds)
    ties = m.comparison.ties
    tied = f"In {counted(ties, 'pair')} the first of several equally near controls in the file was taken."
    words = f"All {len(m.comparison.pairs):,} pairs were checked again after matching: {kept}. "
    st.markdown(":material/verified: " + plain(words + (tied if ties else "No choice hung on a tie.")))


def show_lost(m: Matched) -> None:
    """Who is not in the matched sample, by arm and reason, and the lost treated patients one by one."""
    st.subheader("Who is lost, and why", anchor=False)
    rows = lost_rows(m)
    st.table(rows.style.format(thousands=","), hide_index=True, alt="Patients by arm and reason")
    lost = m.comparison.losses
    if len(lost):
        with st.expander(f"The {counted(len(lost), 'treated patient')} without a control"):
            people = patients(m, lost["row"].to_numpy())
            people.insert(1, "Why", [sentence(reason) for reason in lost["reason"]])
            st.dataframe(people, hide_index=True, alt="Treated patients without a control")


def lost_rows(m: Matched) -> pd.DataFrame:
    """One row per reason: how many treated and how many control patients it took, and who is left."""
    sample = m.comparison
    treated, control = (f"{arm} (of {m.arm(m.everyone, arm == 'Treated'):,})" for arm in ("Treated", "Control"))
    reasons = sample.losses["reason"].value_counts()
    discarded = {OUTSIDE_SUPPORT: m.arm(sample.discarded, False)}
    left = reasons.index.union([reason for reason, n in discarded.items() if n])
    rows = [(sentence(reason), int(reasons.get(reason, 0)), discarded.get(reason, 0)) for reason in left]
    unchosen = "In no set" if m.spec.matching.method == "given" else "Not among the nearest"
    rows += [(unchosen, 0, m.arm(~sample.matched & ~sample.discarded, False))]
    rows += [("In the matched sample", m.arm(sample.matched, True), m.arm(sample.matched, False))]
    return pd.DataFrame(rows, columns=["", treated, control])


def sentence(words: str) -> str:
    """With a capital letter."""
    return words[:1].upper() + words[1:]


def patients(m: Matched, rows: np.ndarray) -> pd.DataFrame:
    """Analysed patients by position: id, score, distance, covariates."""
    known = {"Patient": m.cohort.person_id[rows]}
    if np.isfinite(m.propensity.score).all():
        known |= {"Score": m.propensity.score[rows]}
    if np.isfinite(m.comparison.distance).all():
        known |= {"Distance": m.comparison.distance[rows]}
    return pd.concat([pd.DataFrame(known), m.cohort.covariates.iloc[rows].reset_index(drop=True)], axis=1)


def show_overlap(m: Matched) -> None:
    """The scores of both arms before and after."""
    try:
        drawn = figures.overlap(m.propensity, m.comparison)
    except EstimationError as error:
        st.info(f"{error} {error.hint}", icon=":material/info:")
        return
    widgets.show(
        drawn, title="Overlap of the propensity scores", name="overlap", text=m.caption, spec=m.spec, what=OVERLAP_WHAT
    )


def show_model(m: Matched) -> None:
    """The coefficients of the score, for those who ask."""
    p = m.propensity
    if not np.isfinite(p.coefficients).all() or not len(p.names):
        return
    fit = f"{'Converged' if p.converged else 'Not converged'} after {counted(p.iterations, 'step')}"
    box = st.expander("The model of the score", key=session.key("model-open"), on_change="rerun")
    if not box.open:
        return
    with box:
        st.markdown(
            f"{fit}, {m.cohort.n:,} patients. Probability that a treated patient has the higher score (c-statistic): "
            f"{p.c_statistic:.2f}. A high value says that the arms differ, not that the model is good."
        )
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
