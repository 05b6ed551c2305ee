"""Who is left out of an optimal k:1 matching: which places of the treated stay empty, which controls stay unused.

The cost of everything so far, as a function of s (line.py), is convex; each patient adds slopes to it: a control one
of 0 (taken below s: the control is unused), a treated `ratio` of -P (taken below s: a place is filled), with P, the
price of an empty place, above any distance. Crossing a gap lowers the slopes of negative s and raises those of positive
s. So a slope of negative s that has sunk to -P, or one of positive s that has risen to 0, keeps its side for good; all
others wait in order, and whatever is added goes to an end: four deques do, with no search."""

from collections import deque

Slopes = deque[tuple[float, int]]


class Waiting:
    """The slopes that may still change sides: (key, position of the patient), the key being what does not change.

    Of negative s (taken: the place is filled, the control unused), key = slope + x, the largest last: `filled`, `free`.
    Of positive s (not taken: the place is empty, the control used), key = slope - x, the smallest last: `opened`,
    `lent`. Slopes of places without their -P; all of them lie below those of controls. n_below, n_above: slopes on
    either side that are inside the caliper, those that keep their side included. empty, unused: the outcome so far."""

    def __init__(self) -> None:
        self.filled: Slopes = deque()
        self.free: Slopes = deque()
        self.opened: Slopes = deque()
        self.lent: Slopes = deque()
        self.n_below = self.n_above = 0
        self.empty: list[int] = []
        self.unused: list[int] = []

    def settle(self, x: float) -> None:
        """Forget the slopes that keep their side for good once x is reached."""
        filled, lent = self.filled, self.lent
        while filled and filled[0][0] <= x:
            filled.popleft()
        while lent and lent[0][0] >= -x:
            lent.popleft()

    def add_treated(self, unit: int, x: float) -> None:
        """One place: filled by a free control, or by one taken from a filled place; else it waits."""
        self.n_above += 1
        if self.free:
            key, other = self.free.pop()
            self.lent.append((key - 2 * x, other))
        elif self.filled:
            key, other = self.filled.pop()
            self.opened.append((key - 2 * x, other))
        else:
            self.opened.append((-x, unit))

    def add_control(self, unit: int, x: float) -> None:
        """One control: it fills a waiting place, or it frees a control that was lent; else it is free."""
        self.n_below += 1
        if self.opened:
            key, other = self.opened.pop()
            self.filled.append((key + 2 * x, other))
        elif self.lent:
            key, other = self.lent.pop()
            self.free.append((key + 2 * x, other))
        else:
            self.free.append((x, unit))

    def drop_place(self) -> None:
        """A place falls behind the caliper, so that s can be one less at most: the highest slope is never taken."""
        if self.n_above <= len(self.lent) + len(self.opened):
            if self.lent:
                self.lent.popleft()
            else:
                self.empty.append(self.opened.popleft()[1])
        self.n_above -= 1

    def drop_control(self) -> None:
        """A control falls behind the caliper, so that s must be one more at least: the lowest slope is always taken."""
        if self.n_below <= len(self.filled) + len(self.free):
            if self.filled:
                self.filled.popleft()
            else:
                self.unused.append(self.free.popleft()[1])
        self.n_below -= 1


def empty_and_unused(x: list[float], treated: list[bool], ratio: int, width: float) -> tuple[list[int], list[int]]:
    """Positions of the treated with an empty place, once for each, and of the unused controls.

    x: sorted.  width: the caliper, inclusive, infinite for none: no place is open, no control free, for a patient
    farther away; an optimum never pairs an older one while a newer one is left over (checked against assignment).
    The most pairs, then the least total distance.  O(ratio n)."""
    waiting, behind = Waiting(), 0
    for i, (value, is_treated) in enumerate(zip(x, treated, strict=True)):
        waiting.settle(value)
        while value - x[behind] > width:
            if treated[behind]:
                for _ in range(ratio):
                    waiting.drop_place()
            else:
                waiting.drop_control()
            behind += 1
        if is_treated:
            for _ in range(ratio):
                waiting.add_treated(i, value)
        else:
            waiting.add_control(i, value)
    return waiting.empty + [unit for _, unit in waiting.opened], waiting.unused + [unit for _, unit in waiting.free]
