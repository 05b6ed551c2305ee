"""The live comparison: numbers of a run of its own, and sets by hand."""

import pandas as pd

from lib.sensitivity.live import Live, live, set_changes
from lib.steps import Steps, run
from tests.sensitivity.builders import TABLE, spec


def by_hand(pairs: list[tuple[int, int]]) -> Live:
    treated = {t for t, _ in pairs}
    return Live(3, len(treated), len(pairs), 0.1, None, pd.DataFrame(pairs, columns=["treated", "control"]), {})


def test_sets_by_hand():
    """Patient 1 keeps control 10 and trades 11 for 20, which it takes from patient 2; patient 2 is lost, 3 is new."""
    changes = set_changes(by_hand([(1, 10), (1, 11), (2, 20)]), by_hand([(1, 10), (1, 20), (3, 30)]))
    assert changes.rows.to_numpy().tolist() == [[1, (10,), (20,), (11,)], [2, (), (), (20,)], [3, (), (30,), ()]]
    assert (changes.kept, changes.gained, changes.lost) == (2, 1, 1)
    assert (changes.treated_gained, changes.treated_lost) == (1, 1)
    assert changes.any
    assert not set_changes(by_hand([(1, 10)]), by_hand([(1, 10)])).any


def test_numbers_are_those_of_a_run():
    found, analysis = live(Steps(TABLE, spec()), "score"), run(TABLE, spec())
    assert found.outcome.estimate == analysis.outcomes[1].quoted.estimate
    assert found.outcome.p_by_set == analysis.outcomes[1].quoted.p
    assert found.max_abs_smd == analysis.balance.rows["smd_after"].abs().max()
    rows = analysis.cohort.rows[analysis.comparison.pairs["control_row"]]
    assert found.pairs["control"].tolist() == rows.tolist()
    ids = TABLE.frame["id"]
    assert all(ids[row] == name for row, name in found.ids.items())
    assert live(Steps(TABLE, spec())).outcome is None
