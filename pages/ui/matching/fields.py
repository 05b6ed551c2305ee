"""One widget for each setting that a method has of its own, made from the setting's type where none is drawn for it."""

from typing import Any, Literal, get_args, get_origin

import streamlit as st
from annotated_types import Ge, Gt, Le

from lib.design import Method
from lib.design.settings import DistanceSettings, MethodSettings
from lib.words.names import in_words
from pages.ui import session
from pages.ui.matching.choices import HELP, NAMES, ORDERS

MOST_ON_SLIDER = 10
CHOICE_WIDTH = 340  # px, where the page has them: room for the longest words of a choice
SHARED = {"method", *MethodSettings.model_fields, *DistanceSettings.model_fields}
STEP = 0.05  # of a number that is not whole


def own_fields(method: Method) -> list[str]:
    """The settings that only this method has; switches last."""
    fields = method.settings.model_fields
    return sorted((name for name in fields if name not in SHARED), key=lambda name: fields[name].annotation is bool)


def field(method: Method, name: str, now: Any) -> Any:
    """The widget of one of a method's own settings; returns what it stands on.  now: the value in force."""
    label, key, help_ = name_of(method, name), session.seed_key(name), HELP.get(name)
    kind = method.settings.model_fields[name].annotation
    if name == "ratio":
        return st.slider(label, 1, max(MOST_ON_SLIDER, now), now, key=key, help=help_)
    if kind is bool:
        return st.toggle(label, now, key=key, help=help_)
    if get_origin(kind) is Literal:
        options = list(get_args(kind))
        return st.selectbox(
            label,
            options,
            options.index(now),
            format_func=lambda v: said(method, name, v),
            key=key,
            help=help_,
            width=CHOICE_WIDTH,
        )
    return number(method, name, now)


def name_of(method: Method, name: str) -> str:
    """A setting in words: as the page calls it, else as the method does, else its name."""
    axis = method.axes.get(name)
    return NAMES.get(name) or (axis.title if axis else in_words(name))


def said(method: Method, name: str, value: Any) -> str:
    """A value in words."""
    axis = method.axes.get(name)
    return ORDERS.get(value) or (axis.say(value) if axis else in_words(str(value)))


def number(method: Method, name: str, now: Any) -> Any:
    """A number inside the limits of its type; an empty box is None where that is allowed."""
    info = method.settings.model_fields[name]
    whole = int in (info.annotation, *get_args(info.annotation))
    cast = int if whole else float
    optional = type(None) in get_args(info.annotation)
    low = next((cast(one.ge) for one in info.metadata if isinstance(one, Ge)), None)
    low = next((cast(one.gt) + STEP for one in info.metadata if isinstance(one, Gt)), low)
    high = next((cast(one.le) for one in info.metadata if isinstance(one, Le)), None)
    return st.number_input(
        name_of(method, name),
        low,
        high,
        None if now is None else cast(now),
        1 if whole else STEP,
        placeholder="no limit" if optional else None,
        key=session.seed_key(name),
        help=HELP.get(name),
    )
