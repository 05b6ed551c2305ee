"""Files as people have them, each with the values that must come out (tests/data/cases/README.md)."""
