"""An analysis on paper: the result files, and later the documents made from the same results."""
