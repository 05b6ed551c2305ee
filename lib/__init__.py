"""The statistics of MatchLens: no screen, no printing, no global state. Start at lib.pipeline.run."""

__version__ = "0.1.0"
