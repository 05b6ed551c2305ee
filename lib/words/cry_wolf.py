"""How often would this cry wolf on your data? in words."""

import math

from ..sensitivity.cry_wolf import Alarms, CryWolf
from .numbers import DASH, counted, percent
from .tables import TextTable

TITLE = "How often would this cry wolf on your data?"
LEAD = (
    "As many untreated patients as there were treated are drawn and analysed as if they had been treated, score, match "
    "and outcome. Nothing was done to them, so every p below 0.05 is a false alarm; 5 in 100 are what one accepts."
)
HOWS = {"random": "Drawn at random", "odds": "As likely as treatment was"}
HOW_HELP = (
    "At random, the groups differ by chance alone. As likely as treatment was: drawn in proportion to the odds that "
    "the score gives, so that they differ in what was measured as the treated do, and the match has to undo it."
)
HELP = (
    "A test that counts one treated patient several times, once for each of its controls, takes chance for an effect "
    "more often than it says. Here this is tried on your own untreated patients with your own settings. The interval "
    "is what another set of draws could give (95%). Shares at or below 5 in 100 are honest; how often a real effect "
    "would be missed is another question (power, on the Answer page)."
)
PAIRS = {
    "mcnemar_pairs": "As pairs (McNemar; counts patients several times)",
    "wilcoxon_signed_rank_pairs": "As pairs (signed rank; counts patients several times)",
    "logrank": "Log-rank, sets ignored",
}
QUOTED = "As quoted (by set; without sets, the 95% interval)"


def share(found: Alarms) -> str:
    """ "18% (95% interval 13% to 24%)"."""
    if not found.n:
        return DASH
    low, high = found.limits
    return f"{percent(found.share)} (95% interval {percent(low)} to {percent(high)})"


def sentence(found: CryWolf) -> str:
    """Both shares in a sentence, and what is left out of them."""
    first = (
        f"In {counted(found.draws, 'study', 'studies')} of {found.treated:,} of your {found.pool:,} untreated patients "
        "taken as treated"
    )
    if not found.pairs.n and not found.quoted.n:
        return f"{first}, none could be analysed.{_rest(found)}"
    told = []
    if found.pairs.n:
        told.append(f"the p of the pairs is below 0.05 in {share(found.pairs)}")
    if found.quoted.n:
        told.append(f"the quoted one in {share(found.quoted)}")
    return f"{first}, {' and '.join(told)}.{_rest(found)}"


def _rest(found: CryWolf) -> str:
    said = []
    if found.withheld:
        said.append(f"In {found.withheld:,} the sets were too unlike for a p to be quoted.")
    if found.failed:
        said.append(f"{sum(n for _, n in found.failed):,} could not be done.")
    return "".join(f" {one}" for one in said)


def takeaway(found: CryWolf) -> str:
    """What the figure says."""
    told = [f"as pairs {percent(found.pairs.share)}"] if found.pairs.n else []
    told += [f"as quoted {percent(found.quoted.share)}"] if found.quoted.n else []
    return f"False alarms in {counted(found.draws, 'study', 'studies')} without any effect: {', '.join(told)}"


def table(found: CryWolf) -> TextTable:
    """A row for each p, below it what could not be done and why."""
    rows = [
        (name, f"{alarms.below:,} of {alarms.n:,}", share(alarms))
        for name, alarms in ((PAIRS[found.test], found.pairs), (QUOTED, found.quoted))
    ]
    notes = [f"{counted(n, 'study', 'studies')} could not be done: {why}" for why, n in found.failed]
    if found.withheld:
        notes.insert(0, f"In {found.withheld:,} the sets were too unlike for a p to be quoted.")
    return TextTable(TITLE, ("p", "Below 0.05", "Share"), tuple(rows), tuple(notes))


def loud(found: CryWolf) -> bool:
    """Whether the quoted p cries wolf more often than 5 in 100 beyond what the draws leave open."""
    low = found.quoted.limits[0]
    return not math.isnan(low) and low > 0.05
