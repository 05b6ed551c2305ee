"""Every test of an outcome, in the order of the results: what it is called, what it counts, and which one is quoted.

Whoever needs "the published test of a yes/no outcome" or "a short word for exact_by_set" asks this table; a new test is
a line here and its function.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from ..design.comparison import Moves
from . import survival_tests as survival
from .binary_tests import cmh_test, exact_test, fisher_test, mcnemar_test
from .continuous_tests import aligned_test, kruskal_test, set_means_test, signed_rank_test, worst_rank_test
from .doubtful import doubted_test
from .engine import Distribution
from .frame import Frame, warned
from .residual_ranks import adjusted_test
from .results import Test

Kind = Literal["binary", "continuous", "survival"]
Unit = Literal["patient", "pair", "set"]
Role = Literal["whole", "published", "quoted", "moves", "beside", "variant"]

ROLES: frozenset[str] = frozenset(get_args(Role))
CONVENTIONS = {"whole": "whole_cohort", "published": "published"}


@dataclass(frozen=True)
class Inference:
    """One test.

    kind: of the outcomes that it is for.  unit: what it counts.  label: in tables.  short: in a sentence.
    role: "whole", before matching; "published", as the study did; "quoted", the p by set to cite, if its moves are
        those that the design quotes, else "moves"; "beside" it, shown with it; "variant", of the quoted test, shown
        when asked for.
    run: ValueData or TimeData -> Test.
    competing: whether it is for outcomes with competing events, or for those without; None: for both.
    worst: whether it needs patients without a value who count as worse than any value.
    moves: of the labels, "equal" chances or the "fitted_odds"; "" where nothing moves, or others than these decide.
    adjusts: whether it needs covariates to adjust for.
    """

    name: str
    kind: Kind
    unit: Unit
    role: Role
    label: str
    short: str
    run: Callable[[Any], Test]
    competing: bool | None = None
    worst: bool = False
    moves: Moves | Literal[""] = ""
    adjusts: bool = False

    @property
    def convention(self) -> str:
        """What its p assumes: "whole_cohort", "published" or "matched_set"."""
        return CONVENTIONS.get(self.role, "matched_set")

    def exists(self, frame: Frame) -> bool:
        """Whether a sample allows it: any sample the tests before matching, one with sets the published ones, one with
        sets that are apart those by set."""
        if self.role == "whole":
            return True
        if self.role == "published":
            return frame.grouped
        if self.adjusts and (frame.covariates is None or not frame.covariates.shape[1]):
            return False
        return frame.by_set and (self.moves != "fitted_odds" or frame.log_odds is not None)

    def role_in(self, frame: Frame) -> Role:
        """Its role in a sample, which quotes one kind of moves."""
        return "moves" if self.role == "quoted" and self.moves != frame.moves else self.role

    def make(self, data: Any) -> Test:
        """The test.  data: ValueData or TimeData."""
        frame = data.frame
        found = self.run(data.fitted if self.moves == "fitted_odds" else data)
        found = replace(found, name=self.name, role=self.role_in(frame), moves=self.moves or found.moves)
        return warned(found, frame) if found.unit == "set" and found.role != "beside" else doubted_test(found)

    def fits(self, data: Any) -> bool:
        """Whether it is for this outcome.  data: ValueData or TimeData."""
        if self.worst:
            return bool(data.worst_matched.any())
        return self.competing is None or self.competing == data.competing


ONE_MOVE = (
    Inference("fisher_exact", "binary", "patient", "whole", "Fisher exact", "Fisher exact", fisher_test),
    Inference("mcnemar_pairs", "binary", "pair", "published", "McNemar on repeated pairs", "McNemar", mcnemar_test),
    Inference(
        "cmh_by_set",
        "binary",
        "set",
        "beside",
        "Cochran-Mantel-Haenszel by set",
        "CMH by set",
        cmh_test("cmh_by_set", correct=False),
    ),
    Inference(
        "cmh_by_set_corrected",
        "binary",
        "set",
        "variant",
        "Cochran-Mantel-Haenszel by set, continuity-corrected",
        "corrected CMH by set",
        cmh_test("cmh_by_set_corrected", correct=True),
    ),
    Inference(
        "exact_by_set",
        "binary",
        "set",
        "quoted",
        "Exact by set",
        "exact by set",
        exact_test("exact_by_set", Distribution.minlike),
    ),
    Inference(
        "exact_by_set_adjusted",
        "binary",
        "set",
        "beside",
        "Aligned ranks by set, adjusted for covariates",
        "adjusted ranks by set",
        adjusted_test,
        adjusts=True,
    ),
    Inference(
        "exact_by_set_central",
        "binary",
        "set",
        "variant",
        "Exact by set, twice the smaller tail",
        "exact by set, central",
        exact_test("exact_by_set_central", Distribution.central),
    ),
    Inference(
        "exact_by_set_midp",
        "binary",
        "set",
        "variant",
        "Exact by set, mid-p",
        "exact by set, mid-p",
        exact_test("exact_by_set_midp", Distribution.midp),
    ),
    Inference("kruskal_wallis", "continuous", "patient", "whole", "Kruskal-Wallis", "Kruskal-Wallis", kruskal_test),
    Inference(
        "wilcoxon_signed_rank_pairs",
        "continuous",
        "pair",
        "published",
        "Wilcoxon signed rank on repeated pairs",
        "Wilcoxon signed rank",
        signed_rank_test,
    ),
    Inference(
        "aligned_rank_by_set",
        "continuous",
        "set",
        "quoted",
        "Aligned ranks by set",
        "aligned ranks by set",
        aligned_test,
    ),
    Inference(
        "aligned_rank_by_set_worst",
        "continuous",
        "set",
        "beside",
        "Aligned ranks by set, death as the worst rank",
        "aligned ranks by set, death worst",
        worst_rank_test,
        worst=True,
    ),
    Inference(
        "aligned_rank_by_set_adjusted",
        "continuous",
        "set",
        "beside",
        "Aligned ranks by set, adjusted for covariates",
        "adjusted ranks by set",
        adjusted_test,
        adjusts=True,
    ),
    Inference(
        "signed_rank_set_means",
        "continuous",
        "set",
        "beside",
        "Signed rank, one difference per set",
        "signed rank of set means",
        set_means_test,
    ),
    Inference("logrank", "survival", "patient", "whole", "Log-rank", "log-rank", survival.whole_logrank),
    Inference("logrank", "survival", "patient", "published", "Log-rank", "log-rank", survival.plain_logrank),
    Inference(
        "incidence_by_set",
        "survival",
        "set",
        "quoted",
        "Cumulative incidence, labels moved within sets",
        "incidence by set",
        survival.permuted_incidence,
        competing=True,
    ),
    Inference(
        "logrank_by_set_exact",
        "survival",
        "set",
        "quoted",
        "Log-rank by set, labels moved within sets",
        "log-rank by set",
        survival.exact_logrank,
        competing=False,
    ),
    Inference(
        "logrank_by_set_exact",
        "survival",
        "set",
        "beside",
        "Log-rank by set, labels moved within sets",
        "log-rank by set",
        survival.exact_logrank,
        competing=True,
    ),
    Inference(
        "logrank_by_set",
        "survival",
        "set",
        "beside",
        "Log-rank by set, chi-square",
        "log-rank by set, chi-square",
        survival.set_logrank,
    ),
    Inference(
        "logrank_by_set_permuted",
        "survival",
        "set",
        "beside",
        "Log-rank, permuted within sets",
        "permuted log-rank",
        survival.permuted_logrank,
    ),
    Inference(
        "rmst_by_set_permuted",
        "survival",
        "set",
        "beside",
        "Mean event-free time (RMST), permuted within sets",
        "permuted RMST",
        survival.permuted_rmst,
        competing=False,
    ),
    Inference(
        "cox_cluster",
        "survival",
        "set",
        "beside",
        "Cox, standard error clustered by set",
        "Cox",
        survival.cox_of_data,
    ),
)


def _with_twins(tests: Iterable[Inference]) -> Iterator[Inference]:
    """Each test that may be quoted with equal chances, and after it the same with moves by the fitted odds."""
    for test in tests:
        yield replace(test, moves="equal") if test.role == "quoted" else test
        if test.role != "quoted":
            continue
        label, short = f"{test.label}, moves by the fitted odds", f"{test.short}, by fitted odds"
        yield replace(test, name=f"{test.name}_adaptive", label=label, short=short, moves="fitted_odds")


TESTS = tuple(_with_twins(ONE_MOVE))


def run_tests(kind: Kind, data: Any, roles: Collection[str] = ROLES) -> list[Test]:
    """The tests of these roles that the sample allows, in the order of TESTS.  data: ValueData or TimeData."""
    frame = data.frame
    made = [t for t in TESTS if t.kind == kind and t.role_in(frame) in roles and t.fits(data) and t.exists(frame)]
    return [t.make(data) for t in made]


def named(role: Role) -> dict[str, str]:
    """The test of a role that each kind of outcome has one of ("whole", "published", "quoted"): kind -> name.  Where
    events compete another may be quoted, and by the fitted odds its twin (Test.role tells)."""
    return {t.kind: t.name for t in TESTS if t.role == role and not t.competing and t.moves != "fitted_odds"}


def names(role: Role) -> tuple[str, ...]:
    """All tests of a role."""
    return tuple(dict.fromkeys(t.name for t in TESTS if t.role == role))
