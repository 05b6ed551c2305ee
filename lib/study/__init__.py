"""The published study beside an analysis."""
