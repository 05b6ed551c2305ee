"""Check a paper: what printed counts of matched patients can say, without the patients."""

from .by_set import SetRange
from .design import PaperDesign, design_of
from .paper import Checked, Claim, check, claim_of
from .printed import Impossible, PrintedP

__all__ = [
    "Checked",
    "Claim",
    "Impossible",
    "PaperDesign",
    "PrintedP",
    "SetRange",
    "check",
    "claim_of",
    "design_of",
]
