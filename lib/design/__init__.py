"""Designs: one file per method of making two groups comparable before any outcome is seen."""
