"""Bytes to Table and back: the only reader and writer of data files."""

from .files import read_file, write_files
from .reader import read_csv
from .source import read_table
from .writer import write_csv

__all__ = ["read_csv", "read_file", "read_table", "write_csv", "write_files"]
