"""What each column of a file may be, with the reason."""
