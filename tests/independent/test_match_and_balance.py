"""Score, sets, weights and balance of random cohorts, against the reference."""

import itertools

import numpy as np
import pandas as pd
import pytest

from tests.independent import balance_numbers, score_and_sets
from tests.independent.harness import Run, random_cohort, run

COEFFICIENT = 1e-6  # relative; two Newton solvers that stop at different places
SAME = 1e-8  # the same formula in two orders of summation

COVARIATES = ["a", "b", "c", "site", "ward", "sex", "flag"]
SPECS = [
    {"ratio": 1, "caliper": None},
    {"ratio": 1, "caliper": 0.2},
    {"ratio": 2, "caliper": 0.2, "order": "smallest"},
    {"ratio": 3, "caliper": None, "order": "closest"},
    {"ratio": 4, "caliper": 0.5, "order": "closest"},
    {"ratio": 2, "caliper": 0.3, "caliper_sd": "pooled", "order": "data"},
    {"ratio": 2, "caliper": 0.15, "caliper_unit": "raw"},
    {"ratio": 1, "caliper": 0.25, "exact": ["sex"]},
    {"ratio": 2, "caliper": None, "exact": ["site", "sex"]},
    {"ratio": 1, "caliper": None, "replace": True},
    {"ratio": 3, "caliper": 0.2, "replace": True},
    {"ratio": 2, "caliper": 0.4, "replace": True, "exact": ["ward"], "caliper_sd": "pooled"},
    {"ratio": 2, "caliper": None, "discard": "both"},
    {"ratio": 2, "caliper": 0.3, "discard": "treated"},
    {"ratio": 3, "caliper": 0.3, "discard": "control", "caliper_sd": "pooled"},
    {"ratio": 2, "caliper": None, "covariate_calipers": {"a": {"width": 5, "unit": "raw"}}},
    {"ratio": 2, "caliper": 0.5, "covariate_calipers": {"a": {"width": 0.5}, "c": {"width": 1, "unit": "sd"}}},
    {"ratio": 1, "caliper": None, "metric": "mahalanobis"},
    {"ratio": 3, "caliper": None, "metric": "mahalanobis", "order": "smallest"},
    {"ratio": 2, "caliper": 0.3, "metric": "mahalanobis"},
    {
        "ratio": 2,
        "caliper": 0.2,
        "metric": "mahalanobis",
        "exact": ["sex"],
        "caliper_sd": "pooled",
        "covariate_calipers": {"b": {"width": 4, "unit": "raw"}},
    },
    {"ratio": 2, "caliper": 0.3, "metric": "mahalanobis", "replace": True},
    {"ratio": 2, "caliper": 0.4, "metric": "mahalanobis", "discard": "both", "order": "closest"},
]
SCORES = [
    {"model": model, "distance": scale}
    for model, scale in itertools.product(("logit", "firth"), ("logit", "probability"))
]
CASES = [
    (seed, SPECS[seed % len(SPECS)], SCORES[seed % len(SCORES)], ["b"] if seed % 3 == 0 else []) for seed in range(30)
]


def analysed(seed: int) -> pd.DataFrame:
    return random_cohort(seed)


@pytest.fixture(params=CASES, ids=lambda case: f"seed{case[0]}", scope="module")
def case(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple:
    """(frame, matching settings, score settings, log, what `run` wrote)."""
    seed, matching, score, log = request.param
    frame = analysed(seed)
    spec = {
        "columns": {
            "id": "id",
            "treatment": "arm",
            "treated_value": "new",
            "covariates": COVARIATES,
            "categorical": ["site"],
            "log": log,
        },
        "matching": matching,
        "propensity": score,
    }
    return frame, matching, score, log, run(tmp_path_factory.mktemp("run"), frame, spec)


def reference(frame: pd.DataFrame, score: dict, log: list[str]) -> tuple[dict, np.ndarray, np.ndarray, np.ndarray]:
    columns = score_and_sets.design(frame, COVARIATES, ["site"], log)
    treated = (frame["arm"] == "new").to_numpy()
    beta = score_and_sets.fit_logit(columns, treated, firth=score["model"] == "firth")
    return columns, treated, beta, score_and_sets.distances(columns, beta, score["distance"])


def by_id(frame: pd.DataFrame, answers: Run, column: str) -> np.ndarray:
    """A column of matched.csv in the order of `frame`."""
    return pd.Series(answers.numbers(column), index=answers.matched["id"]).reindex(frame["id"]).to_numpy()


def test_score_and_distance(case: tuple) -> None:
    frame, _, score, log, answers = case
    columns, _, beta, distance = reference(frame, score, log)
    expected = dict(zip(["(Intercept)", *columns], beta, strict=True))
    assert answers.result["propensity"]["coefficients"] == pytest.approx(expected, rel=COEFFICIENT, abs=COEFFICIENT)
    assert by_id(frame, answers, "distance") == pytest.approx(distance, rel=COEFFICIENT, abs=COEFFICIENT)


def test_sets_and_weights(case: tuple) -> None:
    frame, matching, score, log, answers = case
    columns, treated, _, distance = reference(frame, score, log)
    fine = score_and_sets.allowed_pairs(frame, distance, treated, matching)
    keep = score_and_sets.kept_by_support(distance, treated, matching.get("discard", "none"))
    apart = np.abs(distance[:, None] - distance[None, :])
    if matching.get("metric") == "mahalanobis":
        apart = score_and_sets.mahalanobis(columns, treated, keep)
    sets = score_and_sets.greedy(apart, fine, distance, treated, matching)
    assert by_id(frame, answers, "weights") == pytest.approx(score_and_sets.weights(sets, treated), abs=SAME)
    pairs = np.array([(i, j) for i, controls in sets.items() for j in controls])
    gaps = np.abs(distance[pairs[:, 0]] - distance[pairs[:, 1]])
    w = score_and_sets.weights(sets, treated)
    width = score_and_sets.caliper_width(distance, treated, keep, matching)
    expected = {
        "matched_treated": len(sets),
        "matched_control": len(set(pairs[:, 1])),
        "pairs": len(pairs),
        "sum_distance": gaps.sum(),
        "max_distance": gaps.max(),
        "ess_treated": len(sets),
        "ess_control": score_and_sets.effective_size(w[~treated]),
    }
    got = answers.result["matching"]
    assert {key: got[key] for key in expected} == pytest.approx(expected, rel=COEFFICIENT, abs=SAME)
    assert got["caliper_width"] == (pytest.approx(width, rel=COEFFICIENT) if np.isfinite(width) else None)
    if not matching.get("replace"):
        assert written_sets(answers) == {frozenset(frame["id"].iloc[[i, *js]]) for i, js in sets.items()}


def written_sets(answers: Run) -> set[frozenset]:
    rows = answers.matched[answers.matched["subclass"] != ""]
    return {frozenset(group) for _, group in rows.groupby("subclass")["id"]}


def test_balance(case: tuple) -> None:
    frame, _, _, _, answers = case
    treated, w = (frame["arm"] == "new").to_numpy(), by_id(frame, answers, "weights")
    rows = {(row["covariate"], row["level"]): row for row in answers.result["balance"]}
    expected = {}
    for name in COVARIATES:
        if name in ("site", "ward", "sex"):
            texts = score_and_sets.level_texts(frame[name])
            expected |= {(name, level): (texts == level).astype(float) for level in set(texts)}
        else:
            expected[name, None] = frame[name].to_numpy(float)
    assert set(rows) == set(expected)
    for key, values in expected.items():
        for number, value in balance_numbers.balance_row(values, treated, w).items():
            assert rows[key][number] == pytest.approx(value, rel=SAME, abs=SAME), (key, number)
