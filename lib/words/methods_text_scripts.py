"""What the R script says when it cannot repeat a match, and why. Plain ASCII: it is printed in any locale."""

from ..design import MethodSettings
from ..design.full import Full
from ..design.given import Given
from ..design.nearest import Nearest
from ..design.optimal import Optimal
from ..design.subclass import Subclass
from ..design.weights import Weights

NEEDS_OPTMATCH = "optimal matching needs another R package (optmatch), whose distances are rounded"
BEYOND = {
    "random": "the order of the treated was drawn at random, and R draws other numbers from the same seed",
    "optimal": f"MatchIt cannot repeat it by itself: {NEEDS_OPTMATCH}",
    "full": f"MatchIt cannot repeat full matching by itself, with or without limits: {NEEDS_OPTMATCH}",
    "given": "the matched sets were made elsewhere, so there is no match to repeat",
    "entropy": "MatchIt has no entropy balancing",
    "exact_weights": "MatchIt has no weights inside exact groups",
    "exact_subclass": "MatchIt cannot split subclasses by exact columns",
    "blanks": "levels of a factor differ by blanks only, which R does not read reliably",
    "no_score": "there is no propensity score in the file",
}
CHECKED = (
    "What base R can check is checked: who is compared, pair distances of the exported sets, and standardised "
    "differences with the exported weights."
)


def beyond_matchit(settings: MethodSettings) -> str:
    """Why MatchIt and base R cannot repeat the design; empty where they can."""
    if isinstance(settings, Nearest):
        return BEYOND["random"] if settings.order == "random" and not settings.replace else ""
    if isinstance(settings, Optimal):
        return BEYOND["optimal"]
    if isinstance(settings, Full):
        return BEYOND["full"]
    if isinstance(settings, Given):
        return BEYOND["given"]
    if isinstance(settings, Weights) and settings.kind == "entropy":
        return BEYOND["entropy"]
    if not settings.exact:
        return ""
    return BEYOND["exact_subclass" if isinstance(settings, Subclass) else "exact_weights"]
