"""What the server holds of its visitors outside their session state, and how it lets go: uploads, closed tabs, pages of
freed memory.

Streamlit has no public way to any of it. What is looked up inside is looked up by name and left alone where another
version calls it otherwise; tests/browser holds the promises themselves against the running server.
"""

import ctypes
import gc
import sys
import threading
import time
from concurrent.futures import Future
from typing import Any

import pyarrow
import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from lib.sensitivity.workers import close_local_workers

MB = 1024 * 1024
SWEEP_SECONDS = 15.0  # at most; a tab that was closed is gone its time to live and so much later
GIVE_BACK_SECONDS = 2.0
_once = threading.Lock()


def start() -> None:
    """Called by app.py on every run, before anybody can upload; does its work once in a server's life."""
    if _once.acquire(blocking=False):
        keep_uploads_in_memory()
        threading.Thread(target=_sweep_for_ever, name="matchlens-sweeper", daemon=True).start()


def keep_uploads_in_memory() -> None:
    """Starlette writes what is above 1 MB of an upload to a temporary file; here the limit is that of an upload, which
    Streamlit enforces while it reads."""
    try:
        from starlette.formparsers import MultiPartParser
    except ImportError:  # a Streamlit on Tornado, which keeps uploads in memory
        return
    MultiPartParser.spool_max_size = (st.get_option("server.maxUploadSize") + 1) * MB


def drop_uploads() -> None:
    """Forget the bytes of every file that this session's uploaders were given."""
    context = get_script_run_ctx()
    if context is not None:
        context.uploaded_file_mgr.remove_session_files(context.session_id)


def give_back() -> None:
    """Free what nobody refers to any more, and hand the freed pages back to the system where that can be asked."""
    gc.collect()
    pyarrow.default_memory_pool().release_unused()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def give_back_soon() -> None:
    """The same, pool included, once the page that showed the data has been drawn anew."""
    later = threading.Timer(GIVE_BACK_SECONDS, _give_all_back)
    later.daemon = True
    later.start()


def _give_all_back() -> None:
    close_local_workers()
    give_back()


def _sweep_for_ever() -> None:
    while True:
        time.sleep(min(SWEEP_SECONDS, max(1.0, st.get_option("server.disconnectedSessionTTL") / 4)))
        if runtime.exists() and _swept(runtime.get_instance()):
            _give_all_back()


def _swept(server: Any) -> int:
    """End the sessions whose tabs were closed long enough ago; how many. Sessions are the business of Streamlit's event
    loop, so it is done there and nobody reconnects halfway."""
    loop = getattr(getattr(server, "_async_objs", None), "eventloop", None)
    storage = getattr(getattr(server, "_session_mgr", None), "_session_storage", None)
    closed, count = getattr(storage, "_cache", None), Future[int]()
    if loop is None or loop.is_closed() or not hasattr(closed, "expire"):
        return 0
    loop.call_soon_threadsafe(_sweep, closed, count)
    try:
        return count.result(timeout=SWEEP_SECONDS)
    except TimeoutError:  # the server is ending
        return 0


def _sweep(closed: Any, count: "Future[int]") -> None:
    """closed: Streamlit's sessions without a tab, by id, each with its time to live."""
    expired = closed.expire()
    for _, info in expired:
        info.session.shutdown()
    count.set_result(len(expired))
