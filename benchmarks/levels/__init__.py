"""Type I error and coverage of every number that is displayed, by simulation: python -m benchmarks.levels"""
