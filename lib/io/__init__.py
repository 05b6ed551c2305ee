"""Bytes to Table and back: the only reader and writer of data files."""

from lib.io.files import read_file, write_files
from lib.io.reader import read_csv
from lib.io.writer import write_csv

__all__ = ["read_csv", "read_file", "write_csv", "write_files"]
