"""The unit guard in words: where a test counts patients more than once, what that means and which p to quote."""

from ..inference.results import Test
from .numbers import counted

SLOGAN = "Several looks at the same patient are not several patients."
TOO_UNLIKE = (
    f"{SLOGAN} And the patients of a set are too unlike even for a p by set: the measured odds of treatment inside the "
    "sets are too far apart. Neither p is evidence; match more closely first."
)
HOW_OFTEN = (
    "In simulated studies of 8 sets of 1:3 without any effect, tests on repeated pairs fell below 0.05 about 16 times "
    "in 100, the tests by set at most 5."
)
SHOWN_AT = "The page About this example shows these studies."


def warning(test: Test) -> str:
    """ "8 patients counted as 24"; of the plain log-rank test that it takes the matched for strangers; else empty."""
    if test.name == "logrank":
        return f"{counted(test.n_units, 'patient')} taken for independent, although they are in sets for being alike"
    return test.counted_as


def reason(test: Test, by_set: Test | None) -> str:
    """Why the p of `test` is not to be quoted, as a clinician can repeat it.  by_set: the one to quote, if any."""
    if test.name == "logrank":
        return (
            "The plain log-rank test compares two groups of strangers. Here patients were put into sets because they "
            "resemble each other; the test by set compares treated patients with the controls of their own set only."
        )
    if by_set is None:
        return (
            "Controls were used more than once, so pairs share patients and the sets overlap: there is no test by set. "
            f"{SLOGAN} Read the effects and their intervals instead."
        )
    who = counted(test.n_treated, "treated patient")
    return (
        f"The test on pairs makes {counted(test.n_units, 'pair')} of {who} and takes each pair for a patient of its "
        f"own. {SLOGAN} More controls tell more about the controls, and nothing more about the treated. The p to "
        f"quote counts {counted(by_set.n_units, 'set')}. {HOW_OFTEN}"
    )
