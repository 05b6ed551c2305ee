"""Bytes to Table and back: the only reader and writer of data files."""

from .bundle import File, Saved, is_bundle, pack, unpack
from .files import check_folder, read_file, write_files
from .opened import read_cohort
from .pair import read_tables
from .reader import read_csv
from .source import read_table
from .writer import write_csv

__all__ = [
    "File",
    "Saved",
    "check_folder",
    "is_bundle",
    "pack",
    "read_cohort",
    "read_csv",
    "read_file",
    "read_table",
    "read_tables",
    "unpack",
    "write_csv",
    "write_files",
]
