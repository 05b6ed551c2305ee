"""Episodes and hierarchies written down by hand."""

import numpy as np
import pandas as pd

from lib.freedays import Episodes, Vital, read_episodes
from lib.freedays.levels import Level
from lib.inference.sets import Blocks, complete_sets
from lib.table import Table

IDS = np.array(["a", "b", "c", "d", "e", "f"], dtype=object)


def table(rows: list[tuple], columns: tuple[str, ...] = ("patient_id", "support", "start_day", "end_day")) -> Table:
    """A table of episodes."""
    return Table.from_frame(pd.DataFrame(rows, columns=list(columns)))


def episodes(rows: list[tuple], ids: np.ndarray = IDS) -> Episodes:
    """Checked episodes of the patients a to f."""
    return read_episodes(table(rows), ids)


def vital(**deaths: float) -> Vital:
    """a to f followed to day 60 but for the days of death given."""
    last = np.array([float(deaths.get(i, 60)) for i in IDS])
    return Vital(last, np.array([i in deaths for i in IDS]))


def blocks(set_id: list[int], treated: list[int]) -> Blocks:
    """Sets from plain lists."""
    return complete_sets(np.arange(len(set_id)), np.array(set_id), np.array(treated) == 1)


def binary(values: list[float], better: str = "lower") -> Level:
    """A level that is an event."""
    found = np.array(values, dtype=float)
    return Level("event", "binary", better, found, found)


def numbers(values: list[float], better: str = "higher", margin: float = 0.0) -> Level:
    """A level that is a number."""
    found = np.array(values, dtype=float)
    return Level("days", "continuous", better, found, found, margin)


def survival(time: list[float], event: list[float], horizon: float = np.inf, better: str = "lower") -> Level:
    """A level that is a time to an event."""
    days, had = np.array(time, dtype=float), np.array(event, dtype=float)
    return Level("survival", "survival", better, days, had, 0.0, horizon)
