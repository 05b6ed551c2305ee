"""The flow in words: who is left, who was left out and why."""

from ..cohort import AttritionStep, Cohort
from ..design import Comparison
from ..design.comparison import LOST_REASONS
from .numbers import counted, listed

REASONS = 2  # for which treated patients were lost, told in the flow


def step_name(name: str) -> str:
    """The name of a step of the flow, as people write it."""
    return name.replace(">=", "≥").replace("<=", "≤")


def further(steps: list[AttritionStep]) -> AttritionStep:
    """Several steps told as one: who is left after the last of them."""
    last = steps[-1]
    return AttritionStep(f"{counted(len(steps), 'further step')}", last.treated, last.control, last.unknown)


def left_over(step) -> str:
    """ "8 treated, 111 controls"."""
    return f"{step.treated:,} treated, {counted(step.control, 'control')}"


def removed(before: AttritionStep, after: AttritionStep) -> tuple[str, ...]:
    """Who was lost between two steps, by arm."""
    parts = [
        f"{n:,} {word}"
        for n, word in (
            (before.treated - after.treated, "treated"),
            (before.control - after.control, "controls"),
            (before.unknown - after.unknown, "in neither arm"),
        )
        if n
    ]
    return (f"Left out: {', '.join(parts) or 'nobody'}",)


def matched_lost(comparison: Comparison) -> tuple[str, ...]:
    """Who was not matched, and why treated patients were lost, the most frequent reasons first."""
    treated = int(comparison.treated.sum()) - comparison.n_matched(True)
    control = int((~comparison.treated).sum()) - comparison.n_matched(False)
    parts = [f"{treated:,} treated"] if treated else []
    parts += [counted(control, "control")] if control else []
    unused = f"Not compared: {', '.join(parts) or 'nobody'}"
    reasons = comparison.losses["reason"].value_counts()
    order = sorted(reasons.items(), key=lambda one: (-one[1], LOST_REASONS.index(one[0])))
    told = [f"{n:,} treated: {why}" for why, n in order[:REASONS]]
    more = sum(n for _, n in order[REASONS:])
    return (unused, *told, *([f"{more:,} treated: other reasons"] if more else []))


def matched_name(comparison: Comparison) -> str:
    """What the last box is called: in how many sets."""
    if not comparison.n_sets:
        return "Compared with weights"
    return f"Matched in {counted(comparison.n_sets, 'set')}"


def flow_takeaway(comparison: Comparison, cohort: Cohort) -> str:
    """How many of the treated are in the comparison, and how many controls."""
    everyone = int(cohort.eligible_treated.sum())
    left = comparison.n_matched(True)
    text = f"{left:,} of {everyone:,} treated are compared with {counted(comparison.n_matched(False), 'control')}"
    analysed = int(cohort.treated.sum())
    why = [f"{everyone - analysed:,} lack a covariate"] if analysed < everyone else []
    why += [f"{analysed - left:,} have no similar control"] if left < analysed else []
    return f"{text}; {listed(why) or 'no treated patient is lost'}"
