"""Values that the dead cannot have are counted by arm and said at the number."""

import numpy as np

from lib.inference import compare_outcomes
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
