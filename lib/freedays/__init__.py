"""Free days from episodes of support, and the win ratio by matched set."""

from lib.freedays.derive import DerivedDays, Vital, check_deaths, derive, derived_name, vital_status
from lib.freedays.episodes import Episodes, read_episodes

__all__ = [
    "DerivedDays", "Episodes", "Vital", "check_deaths", "derive", "derived_name", "read_episodes", "vital_status",
]  # fmt: skip
