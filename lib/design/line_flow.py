"""The flow over the sorted line with degree bounds: how many edges each patient has in the cheapest matching.

The cost of everything up to a point is convex in s, the number of edges open over the next gap (line.py); its slopes,
in order, are all there is to keep. A treated with between a and b edges adds a slopes of -P (an edge that must be) and
b - a of 0, and moves the range of s up; a control with between 1 and d edges adds one of +P and d - 1 of 0, and moves
it down; the slopes below s are taken. A taken slope of a treated is an edge that it has, a slope of a control that is
*not* taken is one that it has. P lies above what any change can save, so that bounds give way only when they must."""

from collections import deque

import numpy as np

Run = tuple[float, int, int]  # slope + x (below s = 0) or slope - x (above); how many slopes; whose


class Slopes:
    """The slopes on either side of s = 0, in order, in sections between neighbouring `levels`.

    Only the levels are ever inserted; between insertions every slope below sinks, every one above rises, by the gap
    crossed. So insertions happen at the ends of sections, and each section is a deque: no search, O(1) a slope.
    below[j]: slopes in (levels[j-1], levels[j]], above[j]: in [levels[j], levels[j+1]), smallest first. What has sunk
    to levels[0], or risen to levels[-1], keeps its side for good: only counted (n_below, n_above), for the caliper.
    degree: list of int, filled as slopes are settled."""

    def __init__(self, levels: list[float], treated: list[bool]) -> None:
        self.levels, self.treated = levels, treated
        self.below: list[deque[Run]] = [deque() for _ in levels]
        self.above: list[deque[Run]] = [deque() for _ in levels]
        self.degree = [0] * len(treated)
        self.n_below = self.n_above = 0

    def move_to(self, x: float) -> None:
        """Cross the gap up to x: slopes that pass a level change their section."""
        levels, below, above = self.levels, self.below, self.above
        for j in range(len(levels) - 1, 1, -1):
            section, mark = below[j], levels[j - 1] + x
            while section and section[0][0] <= mark:
                below[j - 1].append(section.popleft())
        section, mark = below[1], levels[0] + x
        while section and section[0][0] <= mark:
            self.n_below += self._take(section.popleft())
        for j in range(len(levels) - 2):
            section, mark = above[j], levels[j + 1] - x
            while section and section[-1][0] >= mark:
                above[j + 1].appendleft(section.pop())
        section, mark = above[-2], levels[-1] - x
        while section and section[-1][0] >= mark:
            self.n_above += self._leave(section.pop())

    def add_treated(self, level: int, count: int, unit: int, x: float) -> None:
        """`count` slopes of levels[level]; the range of s moves up by as many."""
        need = count
        for j in range(len(self.levels) - 1, level, -1):
            section = self.below[j]
            while need and section:
                key, size, who = section.pop()
                if size > need:
                    section.append((key, size - need, who))
                    size = need
                self.above[j - 1].appendleft((key - 2 * x, size, who))
                need -= size
        key = self.levels[level]
        if need:
            self.above[level].appendleft((key - x, need, unit))
        if need < count:
            if level:
                self.below[level].append((key + x, count - need, unit))
            else:
                self.n_below += self._take((key, count - need, unit))

    def add_control(self, level: int, count: int, unit: int, x: float) -> None:
        """`count` slopes of levels[level]; the range of s moves down by as many."""
        need, last = count, len(self.levels) - 1
        for j in range(level):
            section = self.above[j]
            while need and section:
                key, size, who = section.popleft()
                if size > need:
                    section.appendleft((key, size - need, who))
                    size = need
                self.below[j + 1].append((key + 2 * x, size, who))
                need -= size
        key = self.levels[level]
        if need:
            self.below[level].append((key + x, need, unit))
        if need < count:
            if level < last:
                self.above[level].appendleft((key - x, count - need, unit))
            else:
                self.n_above += self._leave((key, count - need, unit))

    def lift_bottom(self, count: int) -> None:
        """A control falls behind the caliper: the lowest `count` slopes are taken for good."""
        gone = min(count, self.n_below)
        self.n_below -= gone
        count -= gone
        for section in self.below:
            while count and section:
                key, size, who = section.popleft()
                if size > count:
                    section.appendleft((key, size - count, who))
                    size = count
                count -= self._take((key, size, who))

    def lower_top(self, count: int) -> None:
        """A treated falls behind the caliper: the highest `count` slopes are never taken."""
        gone = min(count, self.n_above)
        self.n_above -= gone
        count -= gone
        for section in reversed(self.above):
            while count and section:
                key, size, who = section.pop()
                if size > count:
                    section.append((key, size - count, who))
                    size = count
                count -= self._leave((key, size, who))

    def end(self) -> None:
        """s is 0 here: what is below is taken, what is above is not."""
        for section in self.below:
            for run in section:
                self._take(run)
            section.clear()
        for section in self.above:
            for run in section:
                self._leave(run)
            section.clear()
        self.n_below = self.n_above = 0

    def _take(self, run: Run) -> int:
        if self.treated[run[2]]:
            self.degree[run[2]] += run[1]
        return run[1]

    def _leave(self, run: Run) -> int:
        if not self.treated[run[2]]:
            self.degree[run[2]] += run[1]
        return run[1]


def line_degrees(
    x: np.ndarray,
    treated: np.ndarray,
    bounds: tuple[int, int, int],
    price: float | None = None,
    ends: np.ndarray | None = None,
    width: float = np.inf,
) -> np.ndarray:
    """Edges of each patient in the cheapest flow: int (n,).

    x: float (n,), sorted.  treated: bool (n,).  bounds: least and most edges of a treated, most of a control (whose
    least is 1); finite.  price: what leaving a control out costs (its least is then 0), None = it may not be left out;
    negative: each edge costs -price instead.  ends: bool (n,), True after which no edge is open, or None.
    width: s is at most what the treated at most this far to the left of the next patient could open, and likewise for
    controls: without it some edges would be longer, with it a few still may (line_full.py looks).
    The bounds can be met: the caller has asked line_limits.py."""
    least, most, shared = bounds
    top = 4.0 * (float(x[-1] - x[0]) if len(x) else 0.0) + 1.0
    must = top if price is None else price
    levels = sorted({-top, 0.0, must, top})
    of_must, of_zero = levels.index(must), levels.index(min(0.0, must))
    extra = levels.index(0.0)
    values, flags = x.tolist(), treated.tolist()
    last = [False] * len(values) if ends is None else ends.tolist()
    slopes, behind = Slopes(levels, flags), 0
    for i, (value, is_treated) in enumerate(zip(values, flags, strict=True)):
        slopes.move_to(value)
        while value - values[behind] > width:
            if flags[behind]:
                slopes.lower_top(most)
            else:
                slopes.lift_bottom(shared)
            behind += 1
        if is_treated:
            slopes.add_treated(0, least, i, value)
            if most > least:
                slopes.add_treated(extra, most - least, i, value)
        else:
            slopes.add_control(of_must, 1, i, value)
            if shared > 1:
                slopes.add_control(of_zero, shared - 1, i, value)
        if last[i]:
            slopes.end()
            behind = i + 1
    slopes.end()
    return np.array(slopes.degree, dtype=int)
