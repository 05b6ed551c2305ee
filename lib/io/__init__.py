"""Bytes to Table and back: the only reader and writer of data files."""

from .files import check_folder, read_file, write_files
from .pair import read_tables
from .reader import read_csv
from .source import read_table
from .writer import write_csv

__all__ = ["check_folder", "read_csv", "read_file", "read_table", "read_tables", "write_csv", "write_files"]
