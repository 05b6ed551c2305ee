"""Blocks of the Answer page: the hierarchy of the win ratio, put in order by hand, and what comes of it."""

import streamlit as st

from lib.freedays.study import FreeDaysResult, Study
from lib.spec import FreeDays, Outcome, WinLevel
from lib.words import freedays as words
from lib.words import glossary
from lib.words.numbers import capitalised
from pages.ui import session, widgets
from pages.ui.headings import heading
from pages.ui.plain import plain
from pages.ui.tables import show_table
from pages.ui.view import View


def show_win_ratio(view: View, study: Study, found: FreeDaysResult | None) -> None:
    """Title, the hierarchy to edit, counts by level, effects. found: None where the hierarchy must change first."""
    heading("Win ratio", glossary.WIN_RATIO)
    outcomes = {o.name: o for o in study.spec.outcomes}
    outcomes |= {d.name: Outcome(name=d.name, kind="continuous", column=d.name, better="higher") for d in study.derived}
    names = {name: capitalised(view.labels.column(name).name) for name in outcomes}
    edit_hierarchy(study.spec.free_days, outcomes, names)
    result = found.win_ratio if found else None
    if result is None:
        return
    st.markdown(words.win_sentence(result))
    levels = words.levels_table(result, names)
    show_table(levels)
    show_table(words.win_estimates_table(result.estimates))
    widgets.download("Win ratio by level (CSV)", "win_ratio", study.spec, levels.to_csv)


def edit_hierarchy(settings: FreeDays, outcomes: dict[str, Outcome], names: dict[str, str]) -> None:
    """A row for each level with buttons to move and remove it, and a list of what can be added."""
    levels = list(settings.hierarchy)
    with st.expander("What counts more", expanded=True):
        for place, level in enumerate(levels):
            show_level(level, place, len(levels), outcomes.get(level.outcome), names.get(level.outcome, level.outcome))
        rest = [name for name in outcomes if name not in {level.outcome for level in levels}]
        if rest:
            add_level(rest, names)


def show_level(level: WinLevel, place: int, count: int, outcome: Outcome | None, name: str) -> None:
    """One level: its rank and outcome, which direction is better, and three buttons."""
    text, buttons = st.columns([4, 3], vertical_alignment="center")
    with text:
        st.markdown(f"{place + 1}. {plain(name)}")
        show_direction(level, outcome, name)
    with buttons.container(horizontal=True, horizontal_alignment="right"):
        for label, icon, step, barred, what in (
            ("Up", "arrow_upward", -1, place == 0, "counts more"),
            ("Down", "arrow_downward", 1, place == count - 1, "counts less"),
        ):
            st.button(
                label,
                key=level_key(level, label),
                icon=f":material/{icon}:",
                disabled=barred,
                on_click=move,
                args=(level.outcome, step),
                help=f"{plain(name)} {what}",
            )
        st.button(
            "Remove",
            key=level_key(level, "remove"),
            icon=":material/close:",
            disabled=count == 1,
            on_click=remove,
            args=(level.outcome,),
            help=f"Leave {plain(name)} out",
        )


def level_key(level: WinLevel, part: str) -> str:
    """The key of one widget of one level."""
    return session.key(f"level-{level.outcome}-{part}")


def show_direction(level: WinLevel, outcome: Outcome | None, name: str) -> None:
    """Which of two values is better: asked where only the reader can know."""
    if outcome is None:
        st.caption("no outcome any more; remove it")
    elif outcome.good:
        st.caption(words.SIDES[outcome.kind == "continuous", outcome.good])
    else:
        options = list(words.BETTER)
        better = st.selectbox(
            f"Better: {name}",
            options,
            options.index(level.better or "higher"),
            format_func=words.BETTER.get,
            key=level_key(level, "better"),
            label_visibility="collapsed",
        )
        if better != level.better:
            keep([one.model_copy(update={"better": better}) if one == level else one for one in current()])
            st.rerun()


def add_level(rest: list[str], names: dict[str, str]) -> None:
    """What else could decide."""
    left, right, _ = st.columns([5, 2, 4], vertical_alignment="bottom")
    wanted = left.selectbox("Add an outcome", rest, format_func=names.get, key=session.key("level-new"))
    right.button("Add", icon=":material/add:", on_click=append, args=(wanted,), key=session.key("level-add"))


def current() -> list[WinLevel]:
    """The hierarchy as it stands in the spec."""
    return list(session.spec().free_days.hierarchy)


def keep(levels: list[WinLevel]) -> None:
    """Write the hierarchy into the spec."""
    settings = session.spec().free_days.model_copy(update={"hierarchy": tuple(levels)})
    session.update_spec(free_days=settings)


def move(name: str, step: int) -> None:
    """One place up (-1) or down (1)."""
    levels = current()
    at = next(place for place, level in enumerate(levels) if level.outcome == name)
    levels.insert(at + step, levels.pop(at))
    keep(levels)


def remove(name: str) -> None:
    """Out of the hierarchy."""
    keep([level for level in current() if level.outcome != name])


def append(name: str) -> None:
    """As the last level. A number starts with higher as better, and the row asks."""
    open_question = any(o.name == name and o.good is None for o in session.spec().outcomes)
    keep([*current(), WinLevel(outcome=name, better="higher" if open_question else None)])
