"""MatchLens in a notebook: `import matchlens as ml` once installed, `import lib as ml` in a checkout.

    a = ml.match(ml.read("cohort.csv"), treatment="group", treated="MSC", covariates=["age", "sofa"], ratio=3,
                 outcomes={"death_28d": ml.binary()})
    a                                    # a summary; a table in a notebook
    a.balance.frame, a["death_28d"].frame, a.love_plot(), a.replace(ratio=2), a.spec, a.to_files("results")

Importing this costs next to nothing: each name below is fetched from its module when it is first used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .errors import AnalysisError, DataError, EstimationError, SpecError
    from .face import MatchedAnalysis, binary, continuous, match, read, run, survival
    from .spec import AnalysisSpec

__version__ = "0.1.0"

__all__ = [
    "AnalysisError",
    "AnalysisSpec",
    "DataError",
    "EstimationError",
    "MatchedAnalysis",
    "SpecError",
    "__version__",
    "binary",
    "continuous",
    "match",
    "read",
    "run",
    "survival",
]

_HOMES = {
    ".errors": ("AnalysisError", "DataError", "EstimationError", "SpecError"),
    ".face": ("MatchedAnalysis", "binary", "continuous", "match", "read", "run", "survival"),
    ".spec": ("AnalysisSpec",),
}


def __getattr__(name: str) -> Any:
    """A public name, fetched from its module on first use. Raises AttributeError for any other."""
    for home, names in _HOMES.items():
        if name in names:
            return getattr(import_module(home, __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    """The public names, for completion."""
    return __all__
