"""Results as plain JSON types."""

from typing import Any

import numpy as np


def plain(value: Any) -> Any:
    """Plain JSON types: numpy numbers become Python's, NaN and infinity become None."""
    if isinstance(value, dict):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not np.isfinite(value):
        return None
    return value
