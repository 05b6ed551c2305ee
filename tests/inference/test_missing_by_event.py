"""Values that the dead cannot have are counted by arm and said at the number."""

import numpy as np
from scipy.stats import rankdata

from lib.inference import compare_outcomes
from lib.inference.ranks import aligned_rank
from tests.inference.builders import cohort_of, continuous, even_sets, sample_of, survival

SETS = even_sets(3, 1)
CODE = "missing_by_event"


def said(values: list[float], events: list[float]) -> list[str]:
    columns = {
        "crp": np.array(values),
        "survival.time": np.where(np.isnan(events), np.nan, np.arange(2.0, 8)),
        "survival.event": np.array(events),
    }
    cohort = cohort_of(SETS.treated, columns, [continuous(), survival()])
    crp, death = compare_outcomes(cohort, sample_of(SETS), 1)
    assert not [note for note in death.notes if note.code == CODE]
    return [note.sentence for note in crp.notes if note.code == CODE]


def test_who_lacks_the_value_and_had_the_event_by_hand() -> None:
    """Treated 1, 3, 5 of which the first lacks the value and died; controls two lack it, one of whom died."""
    (text,) = said([np.nan, np.nan, 1, np.nan, 2, 3], [1, 1, 0, 0, 0, 1])
    assert "1 of 1 treated and 1 of 2 matched controls without this value had the event" in text
    assert "2 patients" in text and text.startswith("crp: ")


def test_nothing_is_said_where_nobody_without_the_value_had_the_event() -> None:
    assert not said([np.nan, 1, 2, 3, 4, 5], [0, 1, 1, 1, 1, 1])
    assert not said([np.nan, 1, 2, 3, 4, 5], [np.nan, 1, 1, 1, 1, 1])
    assert not said([0.0, 1, 2, 3, 4, 5], [1] * 6)


def worst_p(values: list[float], events: list[float], better: str | None = "higher", sets=SETS) -> float | None:
    """The p with death as the worst rank; None without that test."""
    columns = {
        "crp": np.array(values, dtype=float),
        "survival.time": np.arange(2.0, 2 + len(values)),
        "survival.event": np.array(events, dtype=float),
    }
    cohort = cohort_of(sets.treated, columns, [continuous().model_copy(update={"better": better}), survival()])
    crp, _ = compare_outcomes(cohort, sample_of(sets), 1)
    return next((t.p_value for t in crp.tests if t.name == "aligned_rank_by_set_worst"), None)


def test_death_is_the_worst_rank_by_hand() -> None:
    """Three pairs; both dead controls rank worst, so in every pair the treated is ahead: 2 of 8 arrangements are as far
    as all three the same way."""
    assert worst_p([5, np.nan, 6, np.nan, 7, 1], [0, 1, 0, 1, 0, 0]) == 2 / 8
    assert worst_p([np.nan, 5, 6, 3, 7, 1], [1, 0, 0, 0, 0, 0]) > 2 / 8


def test_the_worst_rank_is_any_value_beyond_all_others_and_turns_with_better() -> None:
    rng = np.random.default_rng(3)
    sets = even_sets(6, 3)
    for better, beyond in (("higher", -1e6), ("lower", 1e6)):
        values = rng.normal(size=24).round(1)
        dead = rng.random(24) < 0.3
        made = worst_p(np.where(dead, np.nan, values).tolist(), dead.astype(float).tolist(), better, sets)
        ranks = rankdata(np.where(dead, beyond, values))
        assert made == aligned_rank(ranks, sets.blocks()).p_value


def test_no_worst_rank_where_nobody_died_or_the_good_way_is_not_said() -> None:
    assert worst_p([5, 2, 6, 3, 7, 1], [1, 1, 0, 0, 0, 0]) is None
    assert worst_p([5, np.nan, 6, 3, 7, 1], [0, 0, 0, 0, 0, 0]) is None
    assert worst_p([5, np.nan, 6, 3, 7, 1], [0, 1, 0, 0, 0, 0], better=None) is None


def stay_notes(name: str, events: list[float]) -> list[str]:
    columns = {name: np.arange(6.0), "survival.time": np.arange(2.0, 8), "survival.event": np.array(events)}
    cohort = cohort_of(SETS.treated, columns, [continuous(name), survival()])
    stay, _ = compare_outcomes(cohort, sample_of(SETS), 1)
    return [note.sentence for note in stay.notes if note.code == "stay_beside_deaths"]


def test_a_stay_beside_unequal_deaths_is_said_and_nothing_else_is() -> None:
    for name in ("los_icu", "Durée de séjour (j)", "Liegedauer", "icu_stay2"):
        (text,) = stay_notes(name, [0, 1, 0, 1, 1, 0])
        assert "1 of 3 treated and 2 of 3 matched controls" in text
    assert not stay_notes("los_icu", [0, 1, 1, 0, 0, 0])
    assert not stay_notes("crp_day7", [0, 1, 0, 1, 1, 0]) and not stay_notes("glossitis", [0, 1, 0, 1, 1, 0])
