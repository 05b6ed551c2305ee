"""Ten visitors at once on the sample study: python -m benchmarks.load [--thinking 4]

Each visitor is a connection of its own that speaks the browser's language to the running app (Streamlit's messages over
a WebSocket) without drawing anything, so that the two cores work for the server alone. Every visitor opens the sample,
goes to Match, changes the ratio, waits as long as the app works, thinks for a moment, and goes to Answer between
changes. Printed: median, 95th percentile and largest of the seconds from a change to the end of its run, and of the
seconds from the click on Answer until the page is whole.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState
from websockets.asyncio.client import ClientConnection, connect

from tests.browser.conftest import Server

LONGEST = 120.0  # seconds to wait for a run before giving up
FINISHED = (
    ForwardMsg.FINISHED_SUCCESSFULLY,
    ForwardMsg.FINISHED_WITH_COMPILE_ERROR,
    ForwardMsg.FINISHED_FRAGMENT_RUN_SUCCESSFULLY,
)
MOST_BYTES = 2**28  # of one message


class Visitor:
    """One tab: what the app has sent of widgets and pages, and what the visitor answers."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.pages: dict[str, str] = {}  # name in the address -> hash of its script
        self.page = ""
        self.ratio: tuple[str, str] | None = None  # id and fragment of the ratio's slider
        self.states: dict[str, WidgetState] = {}
        self.said: list[str] = []

    async def run(self, fragment: str = "") -> float:
        """Ask for a run with the widgets as they are; seconds until it is finished."""
        message = BackMsg()
        state = message.rerun_script
        state.page_script_hash, state.fragment_id = self.page, fragment
        state.widget_states.widgets.extend(self.states.values())
        began = time.perf_counter()
        await self.connection.send(message.SerializeToString())
        await self.until_finished()
        return time.perf_counter() - began

    async def until_finished(self) -> None:
        """Take what the app sends up to the end of its run."""
        while True:
            found = ForwardMsg.FromString(await asyncio.wait_for(self.connection.recv(), LONGEST))
            if found.HasField("navigation"):
                self.pages = {page.url_pathname: page.page_script_hash for page in found.navigation.app_pages}
                self.page = found.navigation.page_script_hash
            if found.HasField("delta") and found.delta.HasField("new_element"):
                self.take(found.delta.new_element, found.delta.fragment_id)
            if found.WhichOneof("type") == "script_finished" and found.script_finished in FINISHED:
                return

    def take(self, element: Any, fragment: str) -> None:
        """Note the ratio's widget, what is said, and errors."""
        if element.HasField("slider") and element.slider.label.startswith(RATIO):
            self.ratio = (element.slider.id, fragment)
        if element.HasField("exception"):
            raise RuntimeError(element.exception.message)
        if element.HasField("markdown"):
            self.said.append(element.markdown.body)

    async def go_to(self, page: str) -> float:
        """Follow the menu.  page: its name in the address."""
        self.page, self.said = self.pages[page], []
        return await self.run()

    async def change_ratio(self, value: int) -> float:
        """Another number of controls for each treated patient."""
        if self.ratio is None:
            raise RuntimeError("The Match page showed no widget for the ratio.")
        name, fragment = self.ratio
        self.states[name] = WidgetState(id=name)
        self.states[name].double_array_value.data.append(value)
        self.said = []
        seconds = await self.run(fragment)
        if not any(f"1:{value} " in text for text in self.said):
            raise RuntimeError(f"The Match page does not show a 1:{value} match.")
        return seconds


RATIO = "Controls"


async def visit(server: Server, number: int, changes: int, thinking: float, times: dict[str, list[float]]) -> None:
    """One visitor from the first page to the last change.  thinking: seconds between the end of a run and the next
    click; visitors start a quarter of it after each other."""
    await asyncio.sleep(thinking * number / 4)
    address = server.url.replace("http", "ws") + "/_stcore/stream"
    async with connect(address, subprotocols=["streamlit"], origin=server.url, max_size=MOST_BYTES) as connection:
        visitor = Visitor(connection)
        times["first page"].append(await visitor.run())
        times["match"].append(await visitor.go_to("matching"))
        for turn in range(changes):
            await asyncio.sleep(thinking)
            times["ratio"].append(await visitor.change_ratio(1 + (turn + number) % 5))
            if turn % 3 == 2:
                await asyncio.sleep(thinking)
                times["answer"].append(await visitor.go_to("outcomes"))
                await asyncio.sleep(thinking)
                times["match"].append(await visitor.go_to("matching"))


def lines(times: dict[str, list[float]]) -> Iterator[str]:
    """JSON, a line for each kind of wait."""
    for name, seconds in times.items():
        middle, late = np.quantile(seconds, [0.5, 0.95])
        told = {"wait": name, "n": len(seconds), "median": middle, "p95": late, "largest": max(seconds)}
        yield json.dumps({key: round(value, 3) if isinstance(value, float) else value for key, value in told.items()})


async def all_visits(server: Server, sessions: int, changes: int, thinking: float) -> dict[str, list[float]]:
    """Every visitor at once."""
    times: dict[str, list[float]] = {"first page": [], "match": [], "ratio": [], "answer": []}
    await asyncio.gather(*(visit(server, number, changes, thinking, times) for number in range(sessions)))
    return times


def main() -> None:
    """The waits of ten visitors, and those of one alone before them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=10)
    parser.add_argument("--changes", type=int, default=6)
    parser.add_argument("--thinking", type=float, default=1.0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder) / "log.txt", "--sample", "msc_covid19")
        try:
            for sessions in (1, given.sessions):
                print(f"{sessions} at once:", flush=True)
                for line in lines(asyncio.run(all_visits(server, sessions, given.changes, given.thinking))):
                    print(line, flush=True)
        finally:
            server.stop()


if __name__ == "__main__":
    main()
