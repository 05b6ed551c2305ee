"""The settings of the Match page: everyday ones in view, the others one click away."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import pandas as pd
import streamlit as st

from lib.design import METHODS, DistanceSettings
from lib.spec import AnalysisSpec, Columns, CovariateCaliper
from lib.table import Table, is_numeric
from lib.words.labels import Labels
from lib.words.matching import reach_sentence
from pages.ui import session, stages
from pages.ui.matching.choices import (
    CALIPER_UNITS,
    DISCARDS,
    HELP,
    INSIDE,
    MAHALANOBIS,
    METRICS,
    MODELS,
    MORE,
    PROPENSITY,
    SCALES,
    UNITS,
)
from pages.ui.matching.fields import field, own_fields
from pages.ui.plain import plain

USUAL_CALIPER, USUAL_RAW = 0.2, 0.1
RARE = ("order", "replace")  # own settings of a method that stand under Advanced
SD_RANGE, LEAST_RAW = (0.01, 2.0), 0.0001


def candidates(table: Table, spec: AnalysisSpec) -> list[str]:
    """Columns that may enter the match: not the id, not the treatment, never an outcome."""
    taken = {spec.columns.id, spec.columns.treatment} | {c for o in spec.outcomes for c in o.columns()}
    return [c for c in table.frame.columns if c not in taken]


def named(spec: AnalysisSpec) -> Callable[[str], str]:
    """What a column is called where somebody gave it a name."""
    labels = Labels.of(spec)
    return lambda name: labels.column(name).name


def can_be_logged(table: Table, name: str) -> bool:
    """Whether every known value of a column is a number above zero."""
    column = table.frame[name]
    return is_numeric(column) and bool(column.min() > 0)


def matching_settings(table: Table, spec: AnalysisSpec, live: bool) -> dict[str, Any]:
    """Draw every setting of the method in force, and return the three sections of the spec that they describe, not yet
    checked together.

    live: widgets answer one by one, so that a setting without effect can be switched off; else they wait in a form.
    """
    everyday = st.container()
    with st.expander(MORE, icon=":material/tune:"):
        logs = st.container()
        quiet = rare_settings(spec)
        propensity, shared = further_settings(table, spec)
    with everyday:
        chosen = covariate_choice(table, spec)
        own = everyday_settings(spec, shared, live, bool(quiet.get("replace")))
    with logs:
        columns = with_logs(table, spec, chosen)
    return {
        "columns": columns,
        "propensity": propensity,
        "matching": spec.matching.model_dump() | shared | quiet | own,
    }


def covariate_choice(table: Table, spec: AnalysisSpec) -> list[str]:
    """Which covariates."""
    offered = candidates(table, spec)
    return st.multiselect(
        "Covariates",
        offered,
        default=[c for c in spec.columns.covariates if c in offered],
        format_func=named(spec),
        key=session.seed_key("covariates"),
        help=HELP["covariates"],
        placeholder="Choose at least one",
        wrap=True,
    )


def with_logs(table: Table, spec: AnalysisSpec, chosen: list[str]) -> dict[str, Any]:
    """Which of the covariates enter as logarithms; returns the section of the columns.  chosen: the covariates."""
    now = spec.columns
    loggable = [c for c in chosen if c not in now.categorical and can_be_logged(table, c)]
    logged = st.multiselect(
        "Covariates as logarithms",
        loggable,
        default=[c for c in now.log if c in loggable],
        format_func=named(spec),
        key=session.seed_key("log"),
        help=HELP["log"],
        placeholder="None",
        wrap=True,
    )
    return Columns.model_dump(now, mode="json") | {
        "covariates": chosen,
        "categorical": [c for c in now.categorical if c in chosen],
        "log": [c for c in logged if c in chosen],
        "described": [c for c in now.described if c not in chosen],
    }


def rare_settings(spec: AnalysisSpec) -> dict[str, Any]:
    """The method's own settings that are seldom changed: who chooses first, controls used again."""
    method, values = METHODS[spec.matching.method], spec.matching.model_dump()
    names = [name for name in own_fields(method) if name in RARE]
    places = st.columns(len(names), gap="medium", vertical_alignment="bottom") if names else []
    made = {}
    for name, place in zip(names, places, strict=True):
        with place:
            made[name] = field(method, name, values[name])
    return made


def everyday_settings(spec: AnalysisSpec, shared: dict[str, Any], live: bool, reuse: bool) -> dict[str, Any]:
    """The method's own settings, and the caliper where it has one, side by side.  reuse: whether controls serve more
    than one."""
    method, now = METHODS[spec.matching.method], spec.matching
    names, values = [name for name in own_fields(method) if name not in RARE], now.model_dump()
    first, second = st.columns(2, gap="medium")
    made = {}
    with first:
        made |= {name: field(method, name, values[name]) for name in names}
    if isinstance(now, DistanceSettings):
        with second:
            first_of = partial(first_width, spec, made.get("ratio", 1)) if live else usual_width
            made["caliper"] = caliper_setting(now, metric_of(shared), unit_of(shared), live, first_of)
            if live and not reuse:
                show_reach(spec, made)
    return made


def show_reach(spec: AnalysisSpec, made: dict[str, Any]) -> None:
    """From which caliper on everybody keeps its controls; nothing where that cannot be said."""
    if "ratio" not in made:
        return
    chosen = spec.matching.model_copy(update={"caliper": made["caliper"]})
    found = stages.reached(session.table(), spec.replace(matching=chosen), made["ratio"])
    if found is not None:
        st.markdown(f":small[{plain(reach_sentence(found, chosen))}]")


def usual_width() -> float:
    """In SD, of a caliper of which nothing else is known."""
    return USUAL_CALIPER


def caliper_setting(
    now: DistanceSettings, metric: str, unit: str, live: bool, first: Callable[[], float] = usual_width
) -> float | None:
    """The switch and the width; Mahalanobis alone has no caliper, Mahalanobis inside the caliper needs one.

    first: the width, in SD, of one that is switched on."""
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
    width = caliper_width(now, unit, first)
    return width if used else None


def first_width(spec: AnalysisSpec, ratio: int) -> float:
    """In SD, of a caliper that is switched on: the usual one, or wider where that would lose a treated patient."""
    settings = {"caliper": USUAL_CALIPER, "caliper_unit": "sd"}
    made = spec.replace(matching=spec.matching.model_dump(mode="json") | settings)
    found = stages.reached(session.table(), made, ratio)
    if found is None or not math.isfinite(found.complete):
        return USUAL_CALIPER
    step = SD_RANGE[0]
    return round(max(USUAL_CALIPER, math.ceil(found.complete / step) * step), 2)


def caliper_width(now: DistanceSettings, unit: str, first: Callable[[], float]) -> float:
    """The width in SDs by a slider, or in units of the distance by a number.  first: as caliper_setting."""
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
    start = now.caliper if now.caliper and not was_raw else first()
    least, most = min(SD_RANGE[0], start), max(SD_RANGE[1], start)
    return st.slider(
        "Caliper, in SD of the distance", least, most, start, SD_RANGE[0], key=session.seed_key("caliper-sd")
    )


def further_settings(table: Table, spec: AnalysisSpec) -> tuple[dict[str, Any], dict[str, Any]]:
    """The propensity section, and what several methods share: metric, unit of the caliper, exact columns, support,
    covariate calipers."""
    now = spec.matching
    first, second, third = st.columns(3, gap="medium")
    with first:
        model = pick("Model of the score", MODELS, spec.propensity.model, "model")
        scale = pick("Distance", SCALES, spec.propensity.distance, "scale")
    with third:
        shared = {"discard": pick("Scores without overlap", DISCARDS, now.discard, "discard")}
        shared["exact"] = exact_columns(table, spec)
    if isinstance(now, DistanceSettings):
        with second:
            metric = pick("Nearness in", METRICS, metric_of(now.model_dump()), "metric")
            unit = pick("Caliper in", CALIPER_UNITS, unit_of(now.model_dump()), "unit")
        shared |= {
            "metric": PROPENSITY if metric == PROPENSITY else MAHALANOBIS,
            "caliper": None if metric == MAHALANOBIS else now.caliper or USUAL_CALIPER,
            "caliper_unit": "raw" if unit == "raw" else "sd",
            "caliper_sd": now.caliper_sd if unit == "raw" else unit,
            "covariate_calipers": covariate_calipers(table, spec),
        }
    return {"model": model, "distance": scale}, shared


def exact_columns(table: Table, spec: AnalysisSpec) -> list[str]:
    """The columns in which those compared agree."""
    offered = candidates(table, spec)
    return st.multiselect(
        "Exactly equal within a pair",
        offered,
        default=[c for c in spec.matching.exact if c in offered],
        format_func=named(spec),
        key=session.seed_key("exact"),
        help=HELP["exact"],
        placeholder="None",
        wrap=True,
    )


def pick(label: str, words: dict[str, str], now: str, name: str) -> str:
    """A selectbox over a setting's values, in words."""
    options = list(words)
    return st.selectbox(
        label, options, index=options.index(now), format_func=words.get, key=session.seed_key(name), help=HELP[name]
    )


def metric_of(matching: dict[str, Any]) -> str:
    """The metric as the page words it: Mahalanobis with a caliper is a choice of its own.  matching: plain settings."""
    if matching["metric"] == PROPENSITY:
        return PROPENSITY
    return MAHALANOBIS if matching["caliper"] is None else INSIDE


def unit_of(matching: dict[str, Any]) -> str:
    """The unit of the caliper as the page words it, one of CALIPER_UNITS."""
    return "raw" if matching["caliper_unit"] == "raw" else matching["caliper_sd"]


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
