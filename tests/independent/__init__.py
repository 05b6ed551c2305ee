"""A second opinion: every number of `run` recomputed from the specification in plain numpy, without the library."""
