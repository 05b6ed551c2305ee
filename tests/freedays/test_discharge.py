"""Discharge alive with death competing: by hand, as an outcome of a whole analysis, and what cannot be."""

import numpy as np
import pytest

from lib.errors import DataError
from lib.freedays import Vital
from lib.freedays.discharge import ALIVE, DIED, THERE, discharge
from lib.freedays.study import from_episodes, join, study_part
from lib.io import read_csv
from lib.spec import AnalysisSpec, FreeDays
from lib.steps import run
from lib.table import Table
from tests.conftest import SAMPLES
from tests.freedays.builders import episodes, vital

ROWS = [
    ("a", "hospital", -2, 9),
    ("b", "hospital", 0, 5),
    ("b", "hospital", 8, 20),
    ("c", "hospital", 0, 31),
    ("d", "hospital", 0, 60),
    ("e", "hospital", -9, 0),
    ("a", "icu", 0, 4),
]


def test_by_hand():
    # a goes home on day 9; b comes back and leaves on day 20; c dies on day 30, a day before the bed is free; d stays
    # to the end of follow-up; e was home by day 0; f was never in.
    found = discharge(episodes(ROWS), vital(c=30), "hospital")
    assert found.how.tolist() == [ALIVE, ALIVE, DIED, THERE, None, None]
    assert np.array_equal(found.day, [9, 20, 30, 60, np.nan, np.nan], equal_nan=True)
    assert found.notes == ("hospital_discharge_derived: 2 patients without such a stay after day 0 have no value.",)


def test_a_death_after_discharge_leaves_the_discharge():
    found = discharge(episodes(ROWS), vital(a=30, b=21), "hospital")
    assert found.how.tolist()[:2] == [ALIVE, DIED], "b died within a day of the end of the stay"


def test_without_a_death_nothing_competes():
    assert discharge(episodes(ROWS), vital(), "hospital").outcome(60).competing_values == ()
    assert discharge(episodes(ROWS), vital(c=30), "hospital").outcome(60).competing_values == (DIED,)


def test_what_cannot_be():
    with pytest.raises(DataError, match='has a stay "ward"'):
        discharge(episodes(ROWS), vital(), "ward")
    with pytest.raises(DataError, match="over by day 0"):
        discharge(episodes([("a", "hospital", -5, -1)]), Vital(np.full(6, 60.0), np.zeros(6, dtype=bool)), "hospital")


@pytest.fixture(scope="module")
def study():
    """Table, spec and episodes of the sample."""
    spec = AnalysisSpec.from_json((SAMPLES / "msc_covid19.spec.json").read_bytes())
    return (
        read_csv((SAMPLES / "msc_covid19.csv").read_bytes()),
        spec.replace(free_days=FreeDays(discharge="hospital")),
        read_csv((SAMPLES / "msc_covid19_episodes.csv").read_bytes()),
    )


def test_in_the_sample_everyone_is_accounted_for(study):
    found = run(*study)
    outcome = found.outcomes[-1]
    assert outcome.name == "hospital_discharge_derived"
    last = outcome.incidence.groupby(["arm", "cause"])["incidence"].last()
    assert last["matched_control", DIED] == pytest.approx(7 / 24)
    assert last["matched_control", ALIVE] == pytest.approx(17 / 24), "nobody of them is in hospital on day 60"
    deaths = next(o for o in found.outcomes if o.name == "survival").matched_control.events
    assert deaths == 7
    assert outcome.horizon == 60


def test_it_is_asked_for_and_never_added_by_itself(study):
    table, spec, episodes_table = study
    plain = spec.replace(free_days=FreeDays())
    assert not any(from_episodes(o) for o in join(table, plain, episodes_table).spec.outcomes)
    made = join(*study).spec
    assert [o.name for o in made.outcomes if from_episodes(o)] == ["hospital_discharge_derived"]
    assert study_part(made) == study_part(spec), "the outcome that was made is no part of what it is made from"


def test_its_columns_need_the_file(study):
    table, _, _ = study
    made = join(*study).spec
    with pytest.raises(DataError, match="come from the file of episodes"):
        run(Table.from_frame(table.frame), made)
