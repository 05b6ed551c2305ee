"""What was removed, for the minute in which that can be undone."""

import threading
import time
from typing import Any

from pages.ui import memory

SECONDS = 60.0


class Bin:
    """Contents that are gone when their time is over, whether or not anybody still looks at the page."""

    def __init__(self, contents: dict[str, Any], seconds: float = SECONDS) -> None:
        self._contents: dict[str, Any] | None = contents
        self._lock = threading.Lock()
        self._until = time.monotonic() + seconds
        self._timer = threading.Timer(seconds, self.empty)
        self._timer.daemon = True
        self._timer.start()

    @property
    def full(self) -> bool:
        """Whether there is something to take back."""
        return self._contents is not None

    @property
    def seconds_left(self) -> float:
        """Until it is empty by itself."""
        return max(0.0, self._until - time.monotonic())

    def take(self) -> dict[str, Any] | None:
        """The contents, which then are no longer here; None when it is too late."""
        self._timer.cancel()
        with self._lock:
            contents, self._contents = self._contents, None
        return contents

    def empty(self) -> None:
        """Let the contents go."""
        if self.take() is not None:
            memory.give_back_soon()
