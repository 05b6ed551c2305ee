"""The effects that are estimated: on which scale they stand, what no effect gives, and what they are called."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Measure:
    """label: in tables.  axis: on the axis of a figure, with the direction of the comparison; "" where none is drawn.
    ratio: whether its logarithm is symmetric.  share: whether it is read in per cent or percentage points."""

    name: str
    label: str
    axis: str = ""
    ratio: bool = False
    share: bool = False

    @property
    def null(self) -> float:
        """What no effect gives."""
        return 1.0 if self.ratio else 0.0


MEASURES = {
    measure.name: measure
    for measure in (
        Measure("mean_difference", "Difference in means", "Difference in means (treated minus controls)"),
        Measure(
            "attributable_events",
            "Events of the treated due to the treatment",
            "Events of the treated caused (above 0) or prevented (below 0)",
        ),
        Measure(
            "risk_difference_by_set",
            "Difference in risk among the matched treated (percentage points)",
            "Risk difference among the matched treated in percentage points",
            share=True,
        ),
        Measure(
            "risk_difference",
            "Difference in risk (percentage points)",
            "Risk difference in percentage points (treated minus controls)",
            share=True,
        ),
        Measure("risk_ratio", "Ratio of risks", "Risk ratio (treated over controls)", ratio=True),
        Measure("odds_ratio", "Odds ratio", "Odds ratio (treated over controls)", ratio=True),
        Measure(
            "odds_ratio_by_set",
            "Odds ratio within sets",
            "Odds ratio within matched sets (treated over controls)",
            ratio=True,
        ),
        Measure("hazard_ratio", "Hazard ratio", "Hazard ratio (treated over controls)", ratio=True),
        Measure(
            "hazard_ratio_by_set",
            "Hazard ratio within sets",
            "Hazard ratio within matched sets (treated over controls)",
            ratio=True,
        ),
        Measure(
            "rmtl_difference",
            "Difference in mean time lost to the event up to the horizon",
            "Difference in mean time lost to the event (treated minus controls)",
        ),
        Measure(
            "incidence_area",
            "Difference in mean time lost to the event up to the horizon (area between the incidences)",
            "Difference in mean time lost to the event (treated minus controls)",
        ),
        Measure(
            "rmst_difference",
            "Difference in mean event-free time up to the horizon (RMST)",
            "Difference in mean time free of the event (treated minus controls)",
        ),
        Measure("survival_at_horizon", "Event-free at the horizon (%)", share=True),
        Measure(
            "incidence_difference",
            "Difference in cumulative incidence at the horizon (percentage points)",
            share=True,
        ),
        Measure("incidence_at_horizon", "Cumulative incidence at the horizon (%)", share=True),
        Measure(
            "hodges_lehmann_shift",
            "Typical shift within sets (Hodges-Lehmann)",
            "Shift within matched sets (treated minus controls)",
        ),
        Measure("win_ratio", "Win ratio", ratio=True),
        Measure("win_difference", "Win difference (net benefit)"),
        Measure("win_odds", "Win odds", ratio=True),
    )
}
RATIOS = tuple(name for name, measure in MEASURES.items() if measure.ratio)
SHARES = tuple(name for name, measure in MEASURES.items() if measure.share)
