"""Why a file cannot be read, in a word; the sentence is made by whoever asked."""


class Refused(ValueError):
    """code: "damaged", "password", "no_sheet", "no_table", "no_rows", "far", "cells", "large", "twice" or "memory".
    details: what the sentence names, plain JSON."""

    def __init__(self, code: str, **details: object) -> None:
        super().__init__(code)
        self.code, self.details = code, details
