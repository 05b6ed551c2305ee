"""Reading episodes: what is kept, and one sentence for everything that cannot be."""

import numpy as np
import pytest

from lib.errors import DataError
from lib.freedays import read_episodes
from lib.io import read_csv
from lib.table import Table
from tests.freedays.builders import IDS, episodes, table

GOOD = [("b", "ICU", 0, 5), ("a", "Invasive ventilation", 1, 3), ("a", "icu", 0, 4), ("a", "icu", 4, 6)]


def test_rows_are_ordered_and_supports_written_one_way():
    found = episodes(GOOD)
    assert found.rows["patient"].tolist() == [0, 0, 0, 1]
    assert found.rows["support"].tolist() == ["icu", "invasive_ventilation", "icu", "icu"]
    assert found.rows["end"].tolist() == [4, 3, 6, 5]
    assert found.supports == ("icu", "invasive_ventilation")
    assert found.notes == ()


def test_numbered_patients_are_recognised_however_the_number_is_written():
    found = read_episodes(table([(1, "icu", 0, 5), (2.0, "icu", 0, 5)]), np.array(["2", "1"], dtype=object))
    assert found.rows["patient"].tolist() == [0, 1]


def test_the_id_column_may_bear_the_cohorts_name_for_it():
    rows = table([("a", "icu", 0, 5)], ("case", "support", "start_day", "end_day"))
    assert len(read_episodes(rows, IDS, "case").rows) == 1


def test_unknown_supports_are_kept_and_listed():
    found = episodes([*GOOD, ("c", "Prone position", 2, 3), ("c", "dialysis", 0, 9), ("d", "dialysis", 0, 1)])
    assert found.supports == ("icu", "invasive_ventilation", "dialysis", "prone_position")
    assert '"dialysis" (2 episodes), "prone_position" (1 episode)' in found.notes[0]


def test_a_semicolon_file_with_decimal_commas_reads_the_same():
    text = "patient_id;support;start_day;end_day\na;icu;0,5;4,5\nb;hfno;-1,25;2\n"
    found = read_episodes(read_csv(text.encode()), IDS)
    assert found.rows["start"].tolist() == [0.5, -1.25]


def test_touching_episodes_and_several_infusions_on_one_day_do_not_overlap():
    rows = [("a", "hfno", 0, 3), ("a", "hfno", 3, 3), ("a", "hfno", 3, 5), ("a", "infusion", 1, 1)]
    assert len(episodes([*rows, ("a", "infusion", 1, 1)]).rows) == 5


BAD = {
    "ends before": [("a", "icu", 5, 4)],
    "1 episode overlap an earlier one": [("a", "icu", 0, 5), ("a", "icu", 4, 8)],
    '("icu")': [("a", "icu", 0, 50), ("a", "icu", 10, 11), ("a", "icu", 60, 61)],
    "names 2 patients that the cohort does not hold": [("x", "icu", 0, 5), ("y", "icu", 0, 5), ("y", "hfno", 0, 5)],
    '"end_day" of the episodes file is empty in 1 row': [("a", "icu", 0, None), ("b", "icu", 0, 5)],
    '"support" of the episodes file is empty in 2 rows': [("a", None, 0, 1), ("b", None, 0, 5), ("c", "icu", 0, 1)],
    '"start_day" of the episodes file holds text': [("a", "icu", "2020-11-24", 5)],
    "holds infinite days": [("a", "icu", 0, np.inf)],
}


@pytest.mark.parametrize("sentence", BAD)
def test_each_bad_file_is_one_sentence_without_an_id(sentence):
    with pytest.raises(DataError) as caught:
        episodes(BAD[sentence], np.array(["a", "b", "c"], dtype=object))
    message = str(caught.value)
    assert sentence in message and message.count(".") == 1 and message.endswith(".")
    assert caught.value.hint
    assert not any(f'"{name}"' in message for name in "abcxy")


def test_an_overlap_is_seen_behind_a_shorter_episode():
    with pytest.raises(DataError, match="2 episodes overlap"):
        episodes([("a", "icu", 0, 20), ("a", "icu", 1, 2), ("a", "icu", 3, 4)])


def test_absent_columns_are_named():
    with pytest.raises(DataError, match='lacks the columns "start_day", "end_day"'):
        read_episodes(table([("a", "icu")], ("patient_id", "support")), IDS)
    with pytest.raises(DataError, match='lacks the column "case"'):
        read_episodes(table([("a", "icu", 0, 1)], ("who", "support", "start_day", "end_day")), IDS, "case")


def test_an_empty_file_and_a_repeated_patient_are_refused():
    empty = Table.from_frame(table(GOOD).frame.head(0))
    with pytest.raises(DataError, match="holds no episode"):
        read_episodes(empty, IDS)
    with pytest.raises(DataError, match="in several rows"):
        read_episodes(table(GOOD), np.array(["a", "b", "b"], dtype=object))
