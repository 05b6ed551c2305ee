"""One specification against the main analysis: its headline numbers, and who is compared with whom now."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from ..steps import Steps
from .quick_outcomes import QuickOutcome, quick_outcomes


@dataclass(frozen=True)
class Live:
    """treated: analysed treated patients, of whom matched_treated have a control.  pairs: DataFrame [treated, control],
    eligible rows.  ids: the matched patients' ids by eligible row.  outcome: None when none was asked for."""

    treated: int
    matched_treated: int
    matched_control: int
    max_abs_smd: float
    outcome: QuickOutcome | None
    pairs: pd.DataFrame
    ids: dict[int, str]


@dataclass(frozen=True)
class SetChanges:
    """rows: DataFrame [treated, kept, gained, lost], a row for every treated patient with a control in either match:
    eligible row, and tuples of eligible rows of its controls.  kept, gained, lost: distinct controls of the whole
    match, whoever they serve.  treated_gained, treated_lost: treated patients."""

    rows: pd.DataFrame
    kept: int
    gained: int
    lost: int
    treated_gained: int
    treated_lost: int

    @property
    def any(self) -> bool:
        """Whether some set differs."""
        return bool(self.rows[["gained", "lost"]].map(len).to_numpy().any())


def live(steps: Steps, outcome: str | None = None) -> Live:
    """The headline numbers of one specification. Raises what `run` raises."""
    cohort, comparison = steps.cohort, steps.comparison
    found = quick_outcomes(cohort, comparison, (outcome,), quoted=True)[0] if outcome else None
    pairs, rows = comparison.pairs, cohort.rows
    matched = np.flatnonzero(comparison.matched)
    ids = dict(zip(rows[matched].tolist(), cohort.person_id[matched].tolist(), strict=True))
    listed = pd.DataFrame({"treated": rows[pairs["treated_row"]], "control": rows[pairs["control_row"]]})
    return Live(
        int(cohort.treated.sum()),
        comparison.n_matched(True),
        comparison.n_matched(False),
        steps.max_abs_smd,
        found,
        listed,
        ids,
    )


def set_changes(main: Live, now: Live) -> SetChanges:
    """What another specification does to the matched sets."""
    before, after = _sets(main), _sets(now)
    rows = []
    for treated in sorted(before.keys() | after.keys()):
        old, new = before.get(treated, ()), after.get(treated, ())
        rows.append(
            (
                treated,
                tuple(c for c in old if c in new),
                tuple(c for c in new if c not in old),
                tuple(c for c in old if c not in new),
            )
        )
    used, uses = set(main.pairs["control"]), set(now.pairs["control"])
    return SetChanges(
        pd.DataFrame(rows, columns=["treated", "kept", "gained", "lost"]),
        len(used & uses),
        len(uses - used),
        len(used - uses),
        len(after.keys() - before.keys()),
        len(before.keys() - after.keys()),
    )


def _sets(found: Live) -> dict[int, tuple[int, ...]]:
    """Controls of each treated patient, in the order in which they were chosen."""
    sets: dict[int, list[int]] = {}
    for treated, control in found.pairs.itertuples(index=False):
        sets.setdefault(treated, []).append(control)
    return {treated: tuple(controls) for treated, controls in sets.items()}
