"""Table: a file's columns as read, with a digest of every row. The one thing a session keeps beside its spec."""

import hashlib
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Table:
    """frame: one row per line of the file; a column is float64 / int64 (numbers) or object (text, None where missing).
    digest: SHA-256 over the header and every row, so that two tables differing in one cell never share a key.
    notes: what the reader of the file had to decide (encoding, delimiter, decimal comma, "<0.3" ...)."""

    frame: pd.DataFrame
    digest: str
    notes: tuple[str, ...] = ()

    @classmethod
    def from_frame(cls, frame: pd.DataFrame, notes: tuple[str, ...] = ()) -> "Table":
        """Wrap a frame made in code (tests, notebooks, bench)."""
        frame = frame.reset_index(drop=True)
        return cls(frame, frame_digest(frame), notes)


def frame_digest(frame: pd.DataFrame) -> str:
    """SHA-256 over column names, types and every value, as 64 hex digits."""
    digest = hashlib.sha256()
    for name in frame.columns:
        column = frame[name]
        digest.update(f"{name}\x1f{column.dtype}\x1e".encode())
        if column.dtype == object:
            digest.update("\x1f".join("\x00" if v is None else str(v) for v in column).encode())
        else:
            digest.update(np.ascontiguousarray(column.to_numpy()).tobytes())
    return digest.hexdigest()


def numeric_as_text(values: np.ndarray) -> np.ndarray:
    """Numbers as the text of a level: 1.0 -> "1"; NaN -> None. values: float (n,). Returns object (n,)."""
    unique, codes = np.unique(values, return_inverse=True)
    texts = np.array([None if np.isnan(v) else repr(int(v)) if float(v).is_integer() else repr(float(v))
                      for v in unique], dtype=object)
    return texts[codes]
