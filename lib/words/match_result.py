"""What a match came to, in one sentence; what would bring lost patients back; and the line inside each figure."""

import math
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from ..cohort import Cohort
from ..cohort.losses import Losses
from ..design import Comparison, DistanceSettings, Independent, MethodSettings, Overlapping
from ..design.comparison import (
    CONTROLS_TAKEN,
    IN_NO_SET,
    NO_EXACT_PARTNER,
    NOT_IN_SUBCLASS,
    OUTSIDE_CALIPER,
    OUTSIDE_SUPPORT,
    SET_BROKEN,
)
from ..design.methods import name_of
from ..sensitivity.ways_back import WayBack
from .labels import Labels
from .numbers import counted, half_up, isolated, listed, percent, significant

NAMED = 2  # columns that the sentence names; more are "a covariate"
REASONS: Mapping[str, tuple[str, str]] = {  # for one patient, for several
    OUTSIDE_SUPPORT: ("is unlike every control", "are unlike every control"),
    NO_EXACT_PARTNER: ("has no control of the same group", "have no control of the same group"),
    OUTSIDE_CALIPER: ("has no similar control", "have no similar control"),
    CONTROLS_TAKEN: ("lost its controls to other treated", "lost their controls to other treated"),
    NOT_IN_SUBCLASS: ("has no control in its subclass", "have no control in their subclass"),
    IN_NO_SET: ("stands in no set of the file", "stand in no set of the file"),
    SET_BROKEN: ("has a set without a usable control", "have a set without a usable control"),
}
WAYS = {
    "wider": "Widen the caliper",
    "no_caliper": "Drop the caliper",
    "no_covariate_caliper": "Drop the caliper on {names}",
    "not_exact": "Do not ask for the same {names}",
    "support": "Keep patients without overlap",
    "optimal": "Choose all pairs together (optimal)",
    "reuse": "Let controls be used again",
    "ratio": "Take fewer controls each",
}
LIKELY = "What could bring them back, each with one click:"
TRIED = "What brings them back, each with one click; the number is what it gives:"
NOTHING = (
    "No single change brings a lost patient back. The comparison speaks for those who are matched, and the report says "
    "so."
)
SD_UNIT = " SD"


def match_sentence(
    cohort: Cohort, comparison: Comparison, settings: MethodSettings, losses: Losses, labels: Labels
) -> str:
    """ "8 of 14 treated are matched with 23 controls; 4 lack IL-6, 2 have no similar control."."""
    eligible, matched = int(cohort.eligible_treated.sum()), comparison.n_matched(True)
    gone = lost_parts(eligible, cohort, comparison, losses, labels)
    if eligible == matched:
        who = f"All {matched:,} treated are" if matched > 1 else "The one treated patient is"
    else:
        who = f"{matched:,} of {eligible:,} treated {'is' if matched == 1 else 'are'}"
    return f"{who} {with_whom(cohort, comparison, settings)}{'; ' if gone else ''}{', '.join(gone)}."


def with_whom(cohort: Cohort, comparison: Comparison, settings: MethodSettings) -> str:
    """ "matched with 24 controls, 3 each"; what the method makes of them."""
    controls = counted(comparison.n_matched(False), "control")
    if isinstance(comparison.units, Independent):
        worth = half_up(comparison.effective_sample_size(False), 0)
        kind = settings.model_dump().get("kind")
        both = "both groups weighted, " if kind == "overlap" else ""
        return f"compared with {controls}, {both}weighted to look alike and worth {worth} equal ones"
    if settings.set_column:
        return f"matched with {controls} in the {counted(comparison.n_sets, 'set')} of the file"
    name = name_of(settings)
    if name == "subclass":
        return f"compared with {controls} in {counted(comparison.n_sets, 'group')} of alike scores (subclasses)"
    if name == "full":
        return f"matched with {controls} in {counted(comparison.n_sets, 'set')} of {sizes(comparison)}"
    used = isinstance(comparison.units, Overlapping) and len(comparison.pairs) > comparison.n_matched(False)
    again = f", used {len(comparison.pairs):,} times" if used else ""
    low, high = int(comparison.units.n_control.min()), int(comparison.units.n_control.max())
    each = "" if used or comparison.n_sets == 1 else f", {low} each" if low == high else f", {low} to {high} each"
    return f"matched with {controls}{again}{each}"


def sizes(comparison: Comparison) -> str:
    """ "2 to 40 patients"."""
    size = comparison.units.n_treated + comparison.units.n_control
    low, high = int(size.min()), int(size.max())
    return f"{low:,} patients" if low == high else f"{low:,} to {high:,} patients"


def lost_parts(eligible: int, cohort: Cohort, comparison: Comparison, losses: Losses, labels: Labels) -> list[str]:
    """ "4 lack IL-6", "2 have no similar control": a part for each reason; empty where nobody is lost."""
    lacking = eligible - int(cohort.treated.sum())
    parts = [f"{lacking:,} {'lacks' if lacking == 1 else 'lack'} {_of_what(losses, labels)}"] if lacking else []
    reasons = comparison.losses["reason"].value_counts().sort_index()
    return parts + [f"{count:,} {REASONS[str(reason)][int(count > 1)]}" for reason, count in reasons.items()]


def _of_what(losses: Losses, labels: Labels) -> str:
    names = [isolated(labels.column(cost.column).name) for cost in losses.costs if cost.lacking[0]]
    return " or ".join(names) if 0 < len(names) <= NAMED else "the value of a covariate"


def way_label(way: WayBack, labels: Labels, settings: MethodSettings, eligible: int) -> str:
    """What a button says: "Leave out IL-6: 11 of 14 matched"."""
    names = [isolated(labels.column(name).name) for name in way.names]
    if way.kind == "leave_out":
        text = f"Leave out {names[0]}" if len(names) == 1 else f"Leave out all {len(names)} with gaps"
    else:
        text = WAYS[way.kind].format(names=listed(names))
    if way.kind == "wider":
        unit = SD_UNIT if isinstance(settings, DistanceSettings) and settings.caliper_unit == "sd" else ""
        text += f" to {way.value:g}{unit}"
    if way.kind == "ratio":
        text += f" (1:{way.value:g})"
    return text if way.treated is None else f"{text}: {way.treated:,} of {eligible:,} matched"


def sets_takeaway(comparison: Comparison) -> str:
    """The line in the figure of the sets: "8 treated with 24 controls; half of the 24 pairs within 0.05, the farthest
    0.29 apart"."""
    pairs = comparison.pairs["distance"]
    who = f"{comparison.n_matched(True):,} treated with {counted(comparison.n_matched(False), 'control')}"
    if pairs.empty or not np.isfinite(pairs).all():
        return who
    far = f"farthest pair {significant(pairs.max(), 2)} apart"
    if len(pairs) < 2:
        return f"{who}; {far}"
    return f"{who}; half of the {len(pairs):,} pairs within {significant(pairs.median(), 2)}, {far}"


def overlap_takeaway(comparison: Comparison, score: np.ndarray) -> str:
    """The line in the figure of the scores.  score: float (n,), the fitted probabilities."""
    arm = comparison.treated
    inside = (score[arm] >= score[~arm].min()) & (score[arm] <= score[~arm].max())
    matched = f"{comparison.n_matched(True):,} of {int(arm.sum()):,} treated are compared"
    return f"{int(inside.sum()):,} of {int(arm.sum()):,} treated have scores that controls have too; {matched}"


def designs_takeaway(kept: int, worst: float, best: tuple[str, int, float] | None, tried: int) -> str:
    """The line in the map of designs.  kept, worst: of the design in use.  best: design in words, kept and worst |SMD|
    of the most alike one that loses no treated patient; None where every design loses one."""
    now = f"In use: {kept:,} kept, worst difference {_worst(worst)}"
    if best is None:
        return f"{now}; all {tried:,} designs lose a treated patient"
    name, others, least = best
    if others == kept and _worst(least) == _worst(worst):
        return f"{now}; of {tried:,} designs none that keeps every treated is more alike"
    return f"{now}; most alike with every treated kept: {name} ({others:,} kept, {_worst(least)})"


def love_takeaway(rows: pd.DataFrame) -> str:
    """ "Worst 0.21 after (SOFA), 0.84 before (age); 3 of 12 above 0.1 after".  rows: as love_numbers."""
    parts = []
    for stage in ("after", "before"):
        size = rows[stage].astype(float)
        if size.notna().any():
            at = size.fillna(-1).to_numpy().argmax()
            parts.append(f"{_worst(float(size.iloc[at]))} {stage} ({_row_name(rows.iloc[at])})")
    if not parts:
        return ""
    above = int((rows["after"] > 0.1).sum())
    return f"Worst {', '.join(parts)}; {above:,} of {len(rows):,} above 0.1 after"


def _row_name(row: pd.Series) -> str:
    name = str(row["covariate"]) if pd.isna(row["level"]) else f"{row['covariate']} = {row['level']}"
    return isolated(name if len(name) <= 24 else f"{name[:23].rstrip()}…")


def covariate_takeaway(label: str, smds: Sequence[float]) -> str:
    """The line over one covariate.  smds: |SMD| before and after, of its worst level."""
    before, after = smds
    if math.isnan(before) and math.isnan(after):
        return ""
    return f"{label}: difference {_worst(before)} before, {_worst(after)} after (standard deviations)"


def _worst(size: float) -> str:
    if math.isnan(size):
        return "not defined"
    return "without limit" if math.isinf(size) else half_up(size, 2)


def overlap_line(comparison: Comparison, score: np.ndarray) -> str:
    """The folded line over the overlap: how many treated have scores like a control's."""
    if not np.isfinite(score).all():
        return "Do the scores of both groups overlap? (no score was fitted)"
    arm = comparison.treated
    inside = (score[arm] >= score[~arm].min()) & (score[arm] <= score[~arm].max())
    share = percent(float(inside.mean()))
    return f"Do the scores of both groups overlap? {int(inside.sum()):,} of {int(arm.sum()):,} treated ({share}) do"
