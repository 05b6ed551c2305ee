"""Bytes to Table and back: the only reader and writer of data files."""

from lib.io.reader import read_csv
from lib.io.writer import write_csv

__all__ = ["read_csv", "write_csv"]
