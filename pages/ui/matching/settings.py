"""The settings of the Matching page: everyday ones in view, the others one click away."""

from typing import Any

import pandas as pd
import streamlit as st

from lib.design import DistanceSettings
from lib.design.nearest import Nearest
from lib.spec import AnalysisSpec, Columns, CovariateCaliper
from lib.table import Table, is_numeric
from pages.ui import session

PROPENSITY, MAHALANOBIS, INSIDE = "propensity", "mahalanobis", "inside"
METRICS = {
    PROPENSITY: "Propensity score",
    MAHALANOBIS: "All covariates at once (Mahalanobis)",
    INSIDE: "All covariates, inside the propensity caliper",
}
MODELS = {"logit": "Logistic regression", "firth": "Firth's logistic regression"}
SCALES = {"logit": "Logit of the score", "probability": "The score itself"}
CALIPER_UNITS = {
    "overall": "SDs over all patients",
    "pooled": "SDs pooled over the arms",
    "raw": "Units of the distance",
}
ORDERS = {
    "largest": "Hardest to match first",
    "smallest": "Easiest to match first",
    "closest": "Closest pair first",
    "random": "Random, seeded",
    "data": "As in the file",
}
DISCARDS = {
    "none": "Keep everyone",
    "treated": "Leave out treated",
    "control": "Leave out controls",
    "both": "Leave out both",
}
UNITS = {"sd": "SDs", "raw": "own units"}
USUAL_CALIPER, USUAL_RAW = 0.2, 0.1
MOST_ON_SLIDER = 10
SD_RANGE, LEAST_RAW = (0.01, 2.0), 0.0001
HELP = {
    "covariates": "What was known before treatment and could have steered it. The score is made from these and "
    "nothing else; outcomes are not offered.",
    "log": "Skewed laboratory values often fit better as logarithms. Balance is still judged in the covariate's own "
    "unit. Only numbers above zero can be offered.",
    "ratio": "How many controls each treated patient gets. More controls give a steadier comparison, but each further "
    "control is less alike.",
    "caliper": "The largest difference allowed within a pair (caliper). A treated patient without a control this near "
    "is lost, and the result then speaks for fewer patients. 0.2 SD of the logit is usual.",
    "replace": "One control may serve several treated patients (matching with replacement). Pairs get closer, but "
    "fewer different controls carry the result.",
    "order": "Who chooses first, when two treated patients want the same control. The highest scores are the hardest "
    "to match, as few controls look like them.",
    "model": "How the probability of treatment given the covariates (propensity score) is estimated. Firth's penalty "
    "keeps it finite when there are few patients or a covariate tells the arms apart.",
    "scale": "What near means: a difference in the logit of the score (usual), or in the score itself. A caliper "
    "chooses different controls on the two scales.",
    "metric": "Near in the one score, or near in every covariate together (Mahalanobis distance), with the score only "
    "as a fence where a caliper is wanted.",
    "unit": "What the caliper is counted in: standard deviations of the distance over all analysed patients, over the "
    "two arms pooled (Austin 2011), or the distance's own units.",
    "exact": "Pairs must agree in these columns, category by category.",
    "discard": "Patients whose score lies beyond every score of the other arm (outside common support) have nobody "
    "like them there.",
    "calipers": "The largest difference in one covariate within a pair: 5 in own units of an age in years is five "
    "years.",
}
MORE = "More settings: score, distance, exact columns, support, covariate calipers"


def candidates(table: Table, spec: AnalysisSpec) -> list[str]:
    """Columns that may enter the match: not the id, not the treatment, never an outcome."""
    taken = {spec.columns.id, spec.columns.treatment} | {c for o in spec.outcomes for c in o.columns()}
    return [c for c in table.frame.columns if c not in taken]


def can_be_logged(table: Table, name: str) -> bool:
    """Whether every known value of a column is a number above zero."""
    column = table.frame[name]
    return is_numeric(column) and bool(column.min() > 0)


def matching_settings(table: Table, spec: AnalysisSpec, live: bool) -> dict[str, Any]:
    """Draw every setting and return the three sections of the spec that they describe, not yet checked together.

    live: widgets answer one by one, so that a setting without effect can be switched off; else they wait in a form.
    """
    everyday = st.container()
    with st.expander(MORE, icon=":material/tune:"):
        metric, unit, propensity, rules = further_settings(table, spec)
    with everyday:
        columns = covariate_settings(table, spec)
        ratio, caliper, replace, order = everyday_settings(spec.matching, metric, unit, live)
    chosen = {
        "metric": PROPENSITY if metric == PROPENSITY else MAHALANOBIS,
        "ratio": ratio,
        "caliper": caliper,
        "caliper_unit": "raw" if unit == "raw" else "sd",
        "caliper_sd": spec.matching.caliper_sd if unit == "raw" else unit,
        "replace": replace,
        "order": order,
    }
    matching = spec.matching.model_dump(mode="json") | chosen | rules
    return {"columns": columns, "propensity": propensity, "matching": matching}


def covariate_settings(table: Table, spec: AnalysisSpec) -> dict[str, Any]:
    """Which covariates, and which of them as logarithms."""
    offered, now = candidates(table, spec), spec.columns
    left, right = st.columns([3, 2])
    chosen = left.multiselect(
        "Covariates",
        offered,
        default=[c for c in now.covariates if c in offered],
        key=session.seed_key("covariates"),
        help=HELP["covariates"],
        placeholder="Choose at least one",
        wrap=True,
    )
    loggable = [c for c in chosen if c not in now.categorical and can_be_logged(table, c)]
    logged = right.multiselect(
        "Of these, as logarithms",
        loggable,
        default=[c for c in now.log if c in loggable],
        key=session.seed_key("log"),
        help=HELP["log"],
        placeholder="None",
        wrap=True,
    )
    categorical = [c for c in now.categorical if c in chosen]
    return Columns.model_dump(now, mode="json") | {
        "covariates": chosen,
        "categorical": categorical,
        "log": [c for c in logged if c in chosen],
    }


def everyday_settings(now: Nearest, metric: str, unit: str, live: bool) -> tuple[int, float | None, bool, str]:
    """Ratio, caliper, replacement and order, side by side."""
    ratio_place, caliper_place, order_place = st.columns([1, 1, 1], gap="medium")
    most = max(MOST_ON_SLIDER, now.ratio)
    ratio = ratio_place.slider(
        "Controls for each treated patient", 1, most, now.ratio, key=session.seed_key("ratio"), help=HELP["ratio"]
    )
    with caliper_place:
        caliper = caliper_setting(now, metric, unit, live)
    with order_place:
        order = pick("Who chooses first", ORDERS, now.order, "order")
        replace = st.toggle(
            "Controls may be used again", now.replace, key=session.seed_key("replace"), help=HELP["replace"]
        )
    return ratio, caliper, replace, order


def caliper_setting(now: Nearest, metric: str, unit: str, live: bool) -> float | None:
    """The switch and the width; Mahalanobis alone has no caliper, Mahalanobis inside the caliper needs one."""
    forced = {MAHALANOBIS: False, INSIDE: True}.get(metric)
    on = st.toggle(
        "Only pairs nearer than",
        now.caliper is not None,
        key=session.seed_key("caliper-on"),
        disabled=live and forced is not None,
        help=HELP["caliper"],
    )
    used = on if forced is None else forced
    if live and not used:
        st.markdown(":small[No limit: the nearest controls are taken, however far away.]")
        return None
    width = caliper_width(now, unit)
    return width if used else None


def caliper_width(now: DistanceSettings, unit: str) -> float:
    """The width in SDs by a slider, or in units of the distance by a number."""
    was_raw = now.caliper_unit == "raw"
    if unit == "raw":
        start = now.caliper if was_raw and now.caliper else USUAL_RAW
        return st.number_input(
            "Caliper, in units of the distance",
            min(LEAST_RAW, start),
            None,
            start,
            0.01,
            format="%.4g",
            key=session.seed_key("caliper-raw"),
        )
    start = now.caliper if now.caliper and not was_raw else USUAL_CALIPER
    least, most = min(SD_RANGE[0], start), max(SD_RANGE[1], start)
    return st.slider(
        "Caliper, in SD of the distance", least, most, start, SD_RANGE[0], key=session.seed_key("caliper-sd")
    )


def further_settings(table: Table, spec: AnalysisSpec) -> tuple[str, str, dict[str, Any], dict[str, Any]]:
    """Metric, caliper unit, the propensity section, and the rules: exact columns, support, covariate calipers."""
    now = spec.matching
    first, second, third = st.columns(3, gap="medium")
    with first:
        model = pick("Model of the score", MODELS, spec.propensity.model, "model")
        scale = pick("Distance", SCALES, spec.propensity.distance, "scale")
    with second:
        metric = pick("Nearness in", METRICS, metric_of(now), "metric")
        unit = pick("Caliper in", CALIPER_UNITS, "raw" if now.caliper_unit == "raw" else now.caliper_sd, "unit")
    with third:
        discard = pick("Scores without overlap", DISCARDS, now.discard, "discard")
        offered = candidates(table, spec)
        exact = st.multiselect(
            "Exactly equal within a pair",
            offered,
            default=[c for c in now.exact if c in offered],
            key=session.seed_key("exact"),
            help=HELP["exact"],
            placeholder="None",
            wrap=True,
        )
    calipers = covariate_calipers(table, spec)
    return (
        metric,
        unit,
        {"model": model, "distance": scale},
        {"discard": discard, "exact": exact, "covariate_calipers": calipers},
    )


def pick(label: str, words: dict[str, str], now: str, name: str) -> str:
    """A selectbox over a setting's values, in words."""
    options = list(words)
    return st.selectbox(
        label, options, index=options.index(now), format_func=words.get, key=session.seed_key(name), help=HELP[name]
    )


def metric_of(matching: DistanceSettings) -> str:
    """The metric as the page words it: Mahalanobis with a caliper is a choice of its own."""
    if matching.metric == PROPENSITY:
        return PROPENSITY
    return MAHALANOBIS if matching.caliper is None else INSIDE


def covariate_calipers(table: Table, spec: AnalysisSpec) -> dict[str, dict]:
    """A small table, one row per covariate with a caliper of its own."""
    numbers = [c for c in candidates(table, spec) if is_numeric(table.frame[c]) and c not in spec.columns.categorical]
    st.markdown("Largest difference in a single covariate. Type into the empty row to add one.", help=HELP["calipers"])
    config = {
        "covariate": st.column_config.SelectboxColumn("Covariate", options=numbers, required=True),
        "width": st.column_config.NumberColumn("At most", min_value=0.0, required=True),
        "unit": st.column_config.SelectboxColumn("In", options=[*UNITS.values()], default="own units", required=True),
    }
    edited = st.data_editor(
        session.seed("calipers", lambda: caliper_rows(spec.matching.covariate_calipers)),
        column_config=config,
        num_rows="dynamic",
        hide_index=True,
        width=520,
        key=session.seed_key("calipers"),
        alt="Covariate calipers, editable",
    )
    return calipers_of(edited)


def caliper_rows(calipers: dict[str, CovariateCaliper]) -> pd.DataFrame:
    """Covariate calipers as rows to edit: covariate, width, unit (in words)."""
    rows = [(name, c.width, UNITS[c.unit]) for name, c in calipers.items()]
    return pd.DataFrame(rows, columns=["covariate", "width", "unit"]).astype({"covariate": object, "width": float})


def calipers_of(rows: pd.DataFrame) -> dict[str, dict]:
    """Edited rows as settings; rows that are not filled yet wait."""
    units = {words: unit for unit, words in UNITS.items()}
    return {
        row.covariate: {"width": row.width, "unit": units[row.unit]}
        for row in rows.dropna().itertuples()
        if row.width > 0
    }
