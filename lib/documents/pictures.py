"""Pictures of figures, made by a Chrome or Chromium on this machine through kaleido; one browser for all of them.

Nothing leaves the machine: the page that draws holds plotly.js itself, and asks no host for anything.
"""

import asyncio
import contextlib
import threading
from collections.abc import Coroutine, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Self, TypeVar

import plotly.graph_objects as go

from ..errors import AnalysisError

T = TypeVar("T")
Format = Literal["svg", "pdf", "png"]
SECONDS = 30  # that one picture may take
TABS = 2
NO_BROWSER = "There are no pictures: no Chrome or Chromium was found on this machine."
STOPPED = "There are no more pictures: the browser that makes them has stopped."
UNDRAWN = "The browser could not draw this figure."
HINT = "Install Chromium, or name it in BROWSER_PATH, and make the report again."


class PictureError(AnalysisError):
    """A picture could not be made; the rest of a report can.  every: whether no other can be made either."""

    def __init__(self, sentence: str, every: bool) -> None:
        """sentence: what a reader is told."""
        super().__init__(sentence, HINT)
        self.every = every


@dataclass(frozen=True)
class Shot:
    """One picture of a figure.  width, height: px of the layout.  scale: pixels of the picture for each."""

    figure: go.Figure
    format: Format
    width: int
    height: int
    scale: float = 1


class Pictures:
    """A browser that draws, inside a `with`; it starts with the first picture that is asked for."""

    def __init__(self, seconds: float = SECONDS) -> None:
        """seconds: that one picture may take."""
        self._seconds = seconds
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._browser: Any = None
        self._why_none = ""

    def __enter__(self) -> Self:
        """Nothing is started yet."""
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """End the browser, also one that no longer answers."""
        if self._browser is not None:
            with contextlib.suppress(*_failures()):
                self._wait(self._browser.close(), self._seconds)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(self._seconds)
        self._loop.close()

    def take(self, shots: Sequence[Shot]) -> list[bytes]:
        """The pictures, side by side where there are processors. Raises PictureError when one cannot be made."""
        self._started()
        try:
            return self._wait(self._all(shots), self._seconds * len(shots))
        except _failures() as error:
            self._why_none = STOPPED if isinstance(error, (*_closed(), TimeoutError)) else ""
            raise PictureError(self._why_none or UNDRAWN, bool(self._why_none)) from error

    def _started(self) -> None:
        """The browser runs. Raises PictureError where it does not."""
        if self._why_none:
            raise PictureError(self._why_none, True)
        if self._browser is None:
            try:
                self._browser = self._wait(self._open(), 2 * self._seconds)
            except _failures() as error:
                self._why_none = NO_BROWSER
                raise PictureError(NO_BROWSER, True) from error

    async def _open(self) -> Any:
        from kaleido import Kaleido

        browser = Kaleido(n=TABS, timeout=self._seconds, mathjax=False)
        await browser.open()
        return browser

    async def _all(self, shots: Sequence[Shot]) -> list[bytes]:
        return list(await asyncio.gather(*map(self._one, shots)))

    async def _one(self, shot: Shot) -> bytes:
        options = {"format": shot.format, "width": shot.width, "height": shot.height, "scale": shot.scale}
        return await asyncio.wait_for(self._browser.calc_fig(shot.figure, opts=options), self._seconds)

    def _wait(self, work: Coroutine[Any, Any, T], seconds: float) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(seconds)


def _closed() -> tuple[type[Exception], ...]:
    """What says that the browser is gone."""
    from choreographer.errors import BrowserClosedError, BrowserFailedError

    return BrowserClosedError, BrowserFailedError, CancelledError, OSError  # a call cancelled as its browser died


def _failures() -> tuple[type[Exception], ...]:
    """Whatever kaleido and its browser raise."""
    from choreographer.errors import ChromeNotFoundError, DevtoolsProtocolError
    from kaleido.errors import KaleidoError

    return (*_closed(), ChromeNotFoundError, DevtoolsProtocolError, KaleidoError, RuntimeError, TimeoutError)
