"""Bytes to Table and back: the only reader and writer of data files."""

from .bundle import File, Saved, is_bundle, pack, unpack
from .files import read_file, write_files
from .reader import read_csv
from .writer import write_csv

__all__ = ["File", "Saved", "is_bundle", "pack", "read_csv", "read_file", "unpack", "write_csv", "write_files"]
