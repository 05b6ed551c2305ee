"""The matched sample as the outcome functions read it, and the sentences that every kind of outcome shares."""

from dataclasses import dataclass, replace

import numpy as np

from lib.matching.sample import MatchedSample
from lib.outcomes.marginal import Arms
from lib.outcomes.results import Estimate, Test
from lib.outcomes.sets import Blocks, complete_sets

FEW_SETS = 30  # below, cluster-robust SEs are too small; with 8 sets nominal 5% tests reach 8% (statistics.md, 2)
REPLACEMENT = (
    "Matched with replacement: a control may stand in several sets, so the sets overlap and no test by set is shown; "
    "standard errors are HC3 on the weighted patients."
)


@dataclass(frozen=True)
class Frame:
    """n analysed patients of whom some are matched.

    rows: int (n,), their positions in the eligible table.  treated: bool (n,).  weights: float (n,), 0 if unmatched.
    member_row, member_set: int (m,), who stands in which set.  cluster: int (n,) set of each patient, or None with
    replacement.
    """

    rows: np.ndarray
    treated: np.ndarray
    weights: np.ndarray
    member_row: np.ndarray
    member_set: np.ndarray
    cluster: np.ndarray | None

    @classmethod
    def of(cls, rows: np.ndarray, sample: MatchedSample) -> "Frame":
        """rows: int (n,), Cohort.rows."""
        row, set_id = sample.membership.T
        cluster = None if sample.replace else sample.set_of_row
        return cls(rows, sample.treated, sample.weights, row, set_id, cluster)

    @property
    def replaced(self) -> bool:
        """Whether controls may serve several treated patients."""
        return self.cluster is None

    @property
    def n_sets(self) -> int:
        """Matched sets, complete or not."""
        return len(np.unique(self.member_set))

    def used(self, known: np.ndarray) -> np.ndarray:
        """bool (n,): matched patients whose outcome is known."""
        return known & (self.weights > 0)

    def blocks(self, known: np.ndarray) -> Blocks:
        """The sets that keep their treated patient and a control when patients without the outcome are left out."""
        listed = known[self.member_row]
        row = self.member_row[listed]
        return complete_sets(row, self.member_set[listed], self.treated[row])

    def arms(self, values: np.ndarray, known: np.ndarray) -> Arms:
        """Every matched patient with the outcome, weights as matched (they are not recomputed). values: (n,)."""
        used = self.used(known)
        cluster = None if self.cluster is None else self.cluster[used]
        return Arms(values[used], self.treated[used], self.weights[used], cluster)


def missing_notes(frame: Frame, known: np.ndarray, blocks: Blocks) -> list[str]:
    """What missing outcomes cost; empty when every matched patient has the outcome."""
    matched = frame.weights > 0
    parts = []
    for arm, word in ((True, "treated"), (False, "matched controls")):
        total, left = int((matched & (frame.treated == arm)).sum()), int((frame.used(known) & (frame.treated == arm)).sum())
        if left < total:
            parts.append(f"{left} of {total} {word}")
    if not parts:
        return []
    text = f"Known for {' and '.join(parts)}; the weights stay as matched."
    dropped = frame.n_sets - blocks.n_sets
    if dropped and not frame.replaced:
        text += f" {dropped} of {count(frame.n_sets, 'set')} without its treated patient or any control left out of tests by set."
    return [text]


def few_sets_note(arms: Arms) -> list[str]:
    """A warning below FEW_SETS sets."""
    g = arms.n_clusters
    if arms.cluster is None or g < 2 or g >= FEW_SETS:
        return []
    return [
        f"{g} sets are few for standard errors clustered by set: even with t on {g - 1} degrees of freedom such "
        "intervals are somewhat too narrow; the tests by set do not rely on them."
    ]


def repeated_note(test: str, blocks: Blocks) -> str:
    """The unit guard, in words a clinician repeats; empty when no patient is repeated."""
    case, control = blocks.pairs()
    if len(case) == blocks.n_treated and len(control) == blocks.n_controls:
        return ""
    again = f"{count(len(case), 'pair')}, but they come from {count(blocks.n_treated, 'treated patient')}"
    if blocks.n_controls < len(control):
        return f"{test} counts {again} and {count(blocks.n_controls, 'control')}, each counted as often as it is used."
    return f"{test} counts {again}; the matched-set test counts {count(blocks.n_sets, 'set')}."


def set_test(name: str, statistic: float, p_value: float, blocks: Blocks, note: str = "") -> Test:
    """A test that counts sets."""
    return Test(
        name, "matched", statistic, p_value, blocks.n_sets, "set", "matched_set", blocks.n_treated, blocks.n_controls, note
    )


def pair_test(name: str, statistic: float, p_value: float, blocks: Blocks, note: str) -> Test:
    """A test of the published convention, on pairs with the treated repeated."""
    pairs = len(blocks.row) - blocks.n_sets
    return Test(
        name, "matched", statistic, p_value, pairs, "pair", "published", blocks.n_treated, blocks.n_controls, note
    )


def whole_test(name: str, statistic: float, p_value: float, treated: np.ndarray, note: str = "") -> Test:
    """A test on every eligible patient with the outcome. treated: bool, one per such patient."""
    n, n1 = len(treated), int(treated.sum())
    return Test(name, "whole", statistic, p_value, n, "patient", "whole_cohort", n1, n - n1, note)


def finite(estimate: Estimate) -> Estimate:
    """The same estimate with NaN in place of any infinite number."""
    fields = ("estimate", "ci_low", "ci_high", "se")
    return replace(estimate, **{f: float("nan") for f in fields if np.isinf(getattr(estimate, f))})


def reasons(tests: list[Test], estimates: list[Estimate]) -> list[str]:
    """The notes of every number that does not exist, so that a file of results says why it is null."""
    lacking = [t.note for t in tests if np.isnan([t.statistic, t.p_value]).any()]
    lacking += [e.note for e in estimates if np.isnan([e.estimate, e.ci_low, e.ci_high]).any()]
    return [note for note in dict.fromkeys(lacking) if note]


def outcome_notes(name: str, frame: Frame, specific: list[str], general: list[str]) -> tuple[str, ...]:
    """Notes of one outcome: specific ones start with its name; general ones read the same for every outcome."""
    shared = general + ([REPLACEMENT] if frame.replaced else [])
    return tuple(dict.fromkeys([f"{name}: {note}" for note in specific if note] + shared))


def count(n: int, noun: str) -> str:
    """A number and its noun: 1 set, 8 sets."""
    return f"{n:,} {noun}" if n == 1 else f"{n:,} {noun}s"
