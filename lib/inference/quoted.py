"""The p and the interval of an outcome that are to be cited."""

from dataclasses import dataclass

LARGE_SAMPLE = "large_sample"  # in place of a test's name: the p is that of the quoted estimate


@dataclass(frozen=True)
class Quoted:
    """The p and the interval to cite, which agree: the interval holds no effect where p is above 0.05.

    test: its name, or LARGE_SAMPLE.  estimate, ci_low, ci_high: of `measure`, NaN where they do not exist.
    evidence: False where the sets are too unlike for a p by set (a note says why): it then stands in details only.
    """

    p: float
    test: str
    estimate: float
    ci_low: float
    ci_high: float
    measure: str
    evidence: bool = True
