"""Where the results of steps are kept: by step and by what they were made from."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import TypeVar, cast

from .errors import AnalysisError

T = TypeVar("T")
KEPT = 16  # results of one step that a store keeps, the longest unused go first


class Store:
    """Results of steps by step and part. limits: how many of a step are kept, KEPT where it says nothing."""

    def __init__(self, limits: Mapping[str, int] | None = None) -> None:
        self._limits = limits or {}
        self._kept: dict[str, OrderedDict[object, object]] = {}

    def once(self, step: str, key: object, make: Callable[[], T]) -> T:
        """The result, made once; a failure is remembered too and raised again."""
        kept = self._kept.setdefault(step, OrderedDict())
        if key not in kept:
            kept[key] = _made(make)
            if len(kept) > self._limits.get(step, KEPT):
                kept.popitem(last=False)
        kept.move_to_end(key)
        found = kept[key]
        if isinstance(found, AnalysisError):
            raise found
        return cast(T, found)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()


def _made(make: Callable[[], object]) -> object:
    try:
        return make()
    except AnalysisError as error:
        return error
