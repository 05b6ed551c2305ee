"""Free days from episodes of support, and the win ratio by matched set."""

from .derive import DerivedDays, Vital, check_deaths, derive, derived_name, vital_status
from .episodes import Episodes, read_episodes

__all__ = [
    "DerivedDays",
    "Episodes",
    "Vital",
    "check_deaths",
    "derive",
    "derived_name",
    "read_episodes",
    "vital_status",
]
