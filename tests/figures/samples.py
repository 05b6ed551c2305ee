"""Made-up results for the figure tests: 8 treated and 24 matched of 247 controls, as the study has them."""

from dataclasses import replace

import numpy as np
import pandas as pd

from lib.balance import BalanceTable, BalanceTest
from lib.balance.lottery import Limits
from lib.check import check, claim_of, design_of
from lib.cohort import AttritionStep, Cohort
from lib.design import Comparison
from lib.inference.results import (
    BinaryOutcome,
    BinarySummary,
    ContinuousOutcome,
    ContinuousSummary,
    Estimate,
    SurvivalOutcome,
    SurvivalSummary,
    Test,
    type2_quantile,
)
from lib.score.propensity import PropensityModel
from lib.spec import Columns
from lib.words.check import figure_rows
from tests.builders import comparison_of

NAN = float("nan")
ATTRITION = (
    AttritionStep("In the file", 8, 247, 3),
    AttritionStep("Treatment recorded", 8, 247),
    AttritionStep("age >= 18", 8, 246),
    AttritionStep("Complete covariates", 8, 120),
)


def frozen_cohort(covariates: pd.DataFrame, treated: np.ndarray) -> Cohort:
    """A cohort without missing values."""
    n = len(treated)
    return Cohort(
        eligible=covariates.assign(group=np.where(treated, "MSC", "control")),
        eligible_treated=treated,
        rows=np.arange(n),
        covariates=covariates,
        covariate_matrix=covariates.select_dtypes("number"),
        matching_columns=pd.DataFrame(index=range(n)),
        outcomes=pd.DataFrame(index=range(n)),
        person_id=np.array([str(k) for k in range(n)], dtype=object),
        attrition=ATTRITION,
        columns=Columns(treatment="group", covariates=tuple(covariates.columns)),
        outcome_specs=(),
        treated_label="MSC",
        control_label="control",
    )


def cohort(treated: int = 8, control: int = 247) -> Cohort:
    """age, d_dimer (skewed), sofa (ties) and a factor of three levels, one with signs that Plotly would read."""
    rng = np.random.default_rng(1)
    arm = np.arange(treated + control) < treated
    levels = ["20 & over", "<b>none</b>", "Intubated within the first 24 hours"]
    frame = pd.DataFrame(
        {
            "age": np.where(arm, rng.normal(51, 9, len(arm)), rng.normal(65, 11, len(arm))).round(),
            "d_dimer": np.exp(rng.normal(7, 0.9, len(arm))).round(),
            "sofa": rng.integers(2, 9, len(arm)).astype(float),
            "support": pd.Categorical(rng.choice(levels, len(arm), p=[0.2, 0.7, 0.1]), categories=levels, ordered=True),
        }
    )
    return frozen_cohort(frame, arm)


def propensity(members: Cohort) -> PropensityModel:
    """A score that falls with age."""
    logit = 2.0 - 0.09 * members.covariates["age"].to_numpy() + 0.1 * members.covariates["sofa"].to_numpy()
    k = 3
    return PropensityModel(
        score=1 / (1 + np.exp(-logit)),
        distance=logit,
        scale="logit",
        model="logit",
        names=("(Intercept)", "age", "sofa"),
        coefficients=np.array([2.0, -0.09, 0.1]),
        standard_errors=np.ones(k),
        converged=True,
        iterations=5,
        separation=(),
        events_per_variable=4.0,
        c_statistic=0.8,
    )


def sample(members: Cohort, model: PropensityModel, ratio: int = 3, caliper: float = NAN, lose: int = 0) -> Comparison:
    """The nearest controls by rounds; the first `lose` treated stay without one."""
    treated, x = members.treated, model.distance
    cases = np.flatnonzero(treated)[lose:]
    free = set(np.flatnonzero(~treated))
    chosen: dict[int, list[int]] = {case: [] for case in cases}
    for _ in range(ratio):
        for case in cases:
            best = min(free, key=lambda c: (abs(x[c] - x[case]), c))
            free.remove(best)
            chosen[case].append(best)
    rows = [(row, s) for s, case in enumerate(cases) for row in (case, *chosen[case])]
    membership = np.array(rows, dtype=int)
    return comparison_of(membership, treated, x, lost=np.flatnonzero(treated)[:lose].tolist(), caliper_width=caliper)


def balance() -> BalanceTable:
    """Numbers, a factor, an infinite and an undefined row."""
    rows = pd.DataFrame(
        [
            ("age", None, -1.42, -0.31),
            ("PaO2/FiO2 ratio, worst in the first 24 hours after admission", None, 0.22, 0.08),
            ("lymphocytes", None, 0.35, 0.12),
            ("sofa", None, -0.12, 0.02),
            ("crp", None, 0.41, 0.55),
            ("support", "20 & over", 0.05, 0.1),
            ("support", "<b>none</b>", -0.6, -0.2),
            ("support", "Intubated within the first 24 hours", 0.62, NAN),
            ("pregnant", None, np.inf, 0.0),
            ("centre", None, NAN, NAN),
        ],
        columns=["covariate", "level", "smd_before", "smd_after"],
    )
    described = pd.DataFrame(
        [("bmi", None, 0.9, 0.6), ("sex", "f", -0.2, -0.3), ("sex", "m", 0.2, 0.3)], columns=rows.columns
    )
    return BalanceTable(rows, described, 8, 24, 8.0, 24.0)


def balance_test() -> BalanceTest:
    """A limit of 0.97 for all covariates but the last two, where it is infinite and where there is none."""
    limits = np.array([0.97] * 8 + [np.inf, NAN])
    covariates, described = (
        Limits(limits, np.zeros(10, bool)),
        Limits(np.array([0.5, 0.8, 0.8]), np.array([True, False, False])),
    )
    return BalanceTest(covariates, described, "set", 4, 0.55, 0.4, 6.0, 8, 0.7, "every", True)


def trial_tests(published: tuple[str, float], by_set: tuple[str, float]) -> tuple[Test, ...]:
    """One test of each convention."""
    return (
        Test(published[0], "matched", 1.0, published[1], 24, "pair", "published", 8, 24),
        Test(by_set[0], "matched", 1.0, by_set[1], 8, "set", "matched_set", 8, 24),
    )


def binary(
    name: str = "death_28d", deaths: tuple[int, ...] = (2, 1, 1, 1, 0, 0, 0, 0), treated: int = 0
) -> BinaryOutcome:
    """Eight sets of 1:3 with these control deaths per set."""
    first = np.arange(8) < treated
    sets = pd.DataFrame(
        {
            "set": np.arange(8),
            "treated": 1,
            "treated_events": first.astype(int),
            "controls": 3,
            "control_events": deaths,
        }
    )
    p = 0.025 if sum(deaths) == 5 else 0.21
    return BinaryOutcome(
        name=name,
        tests=trial_tests(("mcnemar_pairs", p), ("exact_by_set", 0.2969)),
        estimates=(
            Estimate(
                "risk_difference", treated / 8 - sum(deaths) / 24, -0.39, -0.03, 0.09, "weighted, clustered by set"
            ),
            Estimate("odds_ratio_by_set", treated * 0.3, 0.0 if not treated else 0.2, 3.1, NAN, "exact", "conditional"),
        ),
        notes=(),
        primary=name == "death_28d",
        treated=BinarySummary(8, treated),
        matched_control=BinarySummary(24, sum(deaths)),
        whole_treated=BinarySummary(8, treated),
        whole_control=BinarySummary(247, 71),
        sets=sets,
    )


def summary(values: np.ndarray) -> ContinuousSummary:
    """The eight numbers of one arm."""
    quartiles = (type2_quantile(values, share) for share in (0.5, 0.25, 0.75))
    return ContinuousSummary(len(values), *quartiles, values.mean(), values.std(ddof=1), values.min(), values.max())


def continuous(whole: int = 247, baseline: bool = True) -> ContinuousOutcome:
    """D-dimers at day 0 and day 7, skewed."""
    rng = np.random.default_rng(2)
    sizes = {"treated": 8, "matched_control": 24, "whole_treated": 8, "whole_control": whole}
    parts, summaries = [], {}
    for arm, n in sizes.items():
        for moment, centre in (("baseline", 7.0), ("outcome", 7.9 if "control" in arm else 6.7)):
            values = np.exp(rng.normal(centre, 0.8, n)).round()
            if moment == "outcome" or baseline:
                parts.append(pd.DataFrame({"arm": arm, "moment": moment, "row": np.arange(n), "value": values}))
        summaries[arm] = summary(values)
    return ContinuousOutcome(
        name="d_dimer_day7",
        tests=trial_tests(("wilcoxon_signed_rank_pairs", 0.0085), ("aligned_rank_by_set", 0.043)),
        estimates=(Estimate("mean_difference", -2300.0, -4100.0, -500.0, 900.0, "weighted, clustered by set"),),
        notes=(),
        primary=False,
        points=pd.concat(parts, ignore_index=True),
        **summaries,
    )


def kaplan_meier_rows(arm: str, times: np.ndarray, events: np.ndarray, horizon: float) -> tuple[pd.DataFrame, ...]:
    """Curve with plain Greenwood limits, censored ticks and the table, by hand."""
    s, variance, rows = 1.0, 0.0, [(arm, 0.0, 1.0, 1.0, 1.0)]
    for t in np.unique(times[events & (times <= horizon)]):
        n, d = (times >= t).sum(), (events & (times == t)).sum()
        s, variance = s * (1 - d / n), variance + d / (n * max(n - d, 1))
        half = 1.96 * s * np.sqrt(variance)
        rows.append((arm, t, s, max(0.0, s - half), min(1.0, s + half)))
    curve = pd.DataFrame(
        [*rows, (arm, horizon, *rows[-1][2:])], columns=["arm", "time", "survival", "ci_low", "ci_high"]
    )
    out = np.sort(times[~events & (times < horizon)])
    at = curve["survival"].to_numpy()[np.searchsorted(curve["time"].to_numpy()[:-1], out, side="right") - 1]
    ticks = pd.DataFrame({"arm": arm, "time": out, "survival": at})
    grid = np.arange(0, horizon + 1, 10)
    table = pd.DataFrame(
        {
            "arm": arm,
            "time": grid,
            "at_risk": [(times >= t).sum() for t in grid],
            "censored": [(~events & (times < t)).sum() for t in grid],
            "events": [(events & (times < t)).sum() for t in grid],
        }
    )
    return curve, ticks, table


def survival() -> SurvivalOutcome:
    """Nobody dies among the treated, 7 of 24 matched, 83 of 247 in all."""
    rng = np.random.default_rng(3)
    horizon, parts, summaries = 60.0, [], {}
    for arm, n, deaths in (
        ("treated", 8, 0),
        ("matched_control", 24, 7),
        ("whole_treated", 8, 0),
        ("whole_control", 247, 83),
    ):
        dead = np.arange(n) < deaths
        times = np.where(dead, rng.integers(3, 58, n), 60).astype(float)
        gone = ~dead & (rng.random(n) < 0.15)
        times[gone] = rng.integers(10, 59, gone.sum())
        parts.append(kaplan_meier_rows(arm, times, dead, horizon))
        last = parts[-1][0].iloc[-1]
        summaries[arm] = SurvivalSummary(n, deaths, last["survival"], last["ci_low"], last["ci_high"])
    curves, censored, at_risk = (pd.concat(group, ignore_index=True) for group in zip(*parts, strict=True))
    whole = Test("logrank", "whole", 4.0, 0.045, 255, "patient", "whole_cohort", 8, 247)
    return SurvivalOutcome(
        name="survival",
        tests=(*trial_tests(("logrank", 0.1), ("logrank_by_set_exact", 0.11)), whole),
        estimates=(Estimate("hazard_ratio", 0.0, NAN, NAN, NAN, "Cox", "marginal", "nobody died among the treated"),),
        notes=(),
        primary=False,
        horizon=horizon,
        curves=curves,
        censored=censored,
        at_risk=at_risk,
        **summaries,
    )


def competing() -> SurvivalOutcome:
    """Death and discharge alive: the curves of two arms, nobody of the treated dead."""
    steps = {
        ("treated", "died"): [0.0, 0, 0],
        ("treated", "discharged alive"): [0.0, 0.5, 0.875],
        ("matched_control", "died"): [0.0, 0.2, 0.29],
        ("matched_control", "discharged alive"): [0.0, 0.3, 0.71],
    }
    parts = [
        pd.DataFrame(
            {
                "arm": arm,
                "cause": cause,
                "time": [0.0, 20, 50],
                "incidence": values,
                "ci_low": np.array(values) / 2,
                "ci_high": np.minimum(1, np.array(values) + 0.3),
            }
        )
        for (arm, cause), values in steps.items()
    ]
    return replace(survival(), name="discharge", incidence=pd.concat(parts, ignore_index=True))


def type_one() -> pd.DataFrame:
    """Shares of p < 0.05 under no effect, two outcomes."""
    return pd.DataFrame(
        {
            "outcome": ["Event", "Event", "Event", "Number"],
            "test": ["Fisher", "McNemar", "Exact by set", "Ranks by set"],
            "counts": ["255 patients", "24 pairs from 8 treated patients", "8 sets", "8 sets"],
            "convention": ["whole_cohort", "published", "matched_set", "matched_set"],
            "share": [0.03, 0.17, 0.027, 0.045],
            "standard_error": [0.002, 0.004, 0.002, 0.002],
            "simulations": 10_000,
        }
    )


def patterns() -> pd.DataFrame:
    """The ways in which 5 deaths can fall over 8 sets of three controls (statistics.md, section 2)."""
    return pd.DataFrame(
        {
            "pattern": ["3 + 2", "3 + 1 + 1", "2 + 2 + 1", "2 + 1 + 1 + 1", "1 + 1 + 1 + 1 + 1"],
            "p": [0.125, 0.1875, 0.2188, 0.2969, 0.3408],
            "ways": [168, 1512, 4536, 22680, 13608],
        }
    )


def checked() -> pd.DataFrame:
    """Three outcomes of a paper: with a printed p, without, and one in which no pair can differ."""
    design = design_of(8, 3)
    claims = [
        claim_of(design, "Death by day 28", (0, 5), p="0.025"),
        claim_of(design, "need_noradrenaline", (2, 11)),
        claim_of(design, "Nobody", (0, 0), p="<0.05"),
    ]
    return figure_rows([check(design, one) for one in claims])
