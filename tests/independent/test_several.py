"""Replacement, regression adjustment, conditional logit, competing events, several outcomes and the win ratio."""

import itertools
import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from tests.independent import binary_numbers, rank_numbers, weighted_numbers
from tests.independent.harness import Run, attempt, random_cohort, random_sets, run
from tests.independent.sets_made_elsewhere import OUTCOMES, Study, study

SAME = 1e-9  # the same formula in two orders of summation
NEWTON = 1e-6  # statsmodels stops its iterations at a looser tolerance
TIE = 1e-9  # statistics that are equal but for rounding

SEEDS = (1, 2, 3)


def patients(frame: pd.DataFrame, seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(1000 + seed)
    frame["y"] = 0.1 * frame["a"] + frame["c"] + rng.normal(size=len(frame))
    frame["e"] = (rng.random(len(frame)) < 1 / (1 + np.exp(0.3 - 0.6 * frame["c"]))).astype(int)
    return frame


def matched_run(folder: Path, frame: pd.DataFrame, **matching: object) -> tuple[Run, pd.DataFrame, np.ndarray]:
    """The answers, the matched rows as numbers, and their arm."""
    spec = {
        "columns": {"id": "id", "treatment": "arm", "treated_value": "new", "covariates": ["a", "b", "c", "sex"]},
        "matching": {"ratio": 2, "caliper": 0.4} | matching,
        "outcomes": [
            {"name": "y", "kind": "continuous", "column": "y"},
            {"name": "e", "kind": "binary", "column": "e"},
        ],
    }
    answers = run(folder, frame, spec)
    rows = pd.read_csv(folder / "out" / "matched.csv").query("weights > 0")
    return answers, rows, (rows["arm"] == "new").to_numpy(float)


@pytest.mark.parametrize("seed", SEEDS)
def test_replacement_takes_hc3(tmp_path: Path, seed: int) -> None:
    answers, rows, z = matched_run(tmp_path, patients(random_cohort(seed), seed), replace=True)
    for name, measure in (("y", "mean_difference"), ("e", "risk_difference")):
        row = next(e for e in answers.estimates(name, measure) if "HC3" in e["method"])
        wanted = weighted_numbers.difference(rows[name].to_numpy(float), z, rows["weights"].to_numpy(), None)
        assert (row["estimate"], row["se"]) == pytest.approx(wanted, rel=SAME)
        assert not [t for t in answers.outcome(name)["tests"] if t["unit"] == "set"]


@pytest.fixture(params=SEEDS, scope="module")
def large(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple:
    return matched_run(tmp_path_factory.mktemp("run"), patients(random_cohort(request.param, 400), request.param))


def test_regression_adjustment(large: tuple) -> None:
    """Additive models; everybody treated set to treated and to control."""
    answers, rows, z = large
    x = np.column_stack([np.ones(len(z)), z, rows[["a", "b", "c"]], rows["sex"] == "male"]).astype(float)
    linear = sm.WLS(rows["y"], x, weights=rows["weights"]).fit(
        cov_type="cluster", cov_kwds={"groups": rows["subclass"]}
    )
    (row,) = answers.estimates("y", "mean_difference", "regression-adjusted")
    assert (row["estimate"], row["se"]) == pytest.approx((linear.params.iloc[1], linear.bse.iloc[1]), rel=NEWTON)
    fit = sm.GLM(rows["e"], x, family=sm.families.Binomial(), freq_weights=rows["weights"]).fit(tol=1e-12)
    risks = [fit.predict(np.column_stack([x[:, :1], np.full(len(z), arm), x[:, 2:]])[z == 1]).mean() for arm in (1, 0)]
    for measure, value in (("risk_difference", risks[0] - risks[1]), ("risk_ratio", risks[0] / risks[1])):
        (row,) = answers.estimates("e", measure, "regression-adjusted")
        assert row["estimate"] == pytest.approx(value, rel=NEWTON)


def test_conditional_logit(large: tuple) -> None:
    """At its maximum the treated events are those expected, and their variance is the information."""
    answers, rows, _ = large
    arms = [(group["arm"] == "new", group["e"]) for _, group in rows.groupby("subclass")]
    sets = [(int(e[z].iloc[0]), e[~z].tolist()) for z, e in arms]
    (row,) = answers.estimates("e", "odds_ratio_by_set", "conditional logistic")
    chance = binary_numbers.treated_events(sets, row["estimate"])
    mean = sum(k * p for k, p in chance.items())
    assert mean == pytest.approx(sum(t for t, _ in sets), rel=NEWTON)
    assert row["se"] == pytest.approx(sum((k - mean) ** 2 * p for k, p in chance.items()) ** -0.5, rel=NEWTON)


@pytest.mark.parametrize("seed", SEEDS)
def test_competing_events(tmp_path: Path, seed: int) -> None:
    frame, rng = random_sets(seed, 14), np.random.default_rng(seed)
    frame["end"] = rng.choice(["death", "home", "stay"], len(frame), p=[0.3, 0.5, 0.2])
    frame["days"] = rng.integers(1, 40, len(frame))
    outcome = {
        "name": "cr",
        "kind": "survival",
        "time": "days",
        "event": "end",
        "event_value": "death",
        "competing_values": ["home"],
        "horizon": 30,
    }
    case = study(tmp_path, frame, [outcome])
    got = [row["estimate"] for row in case.answers.estimates("cr", "incidence_at_horizon")]
    wanted = [
        aalen_johansen(case.matched[case.matched["z"] == arm], cause, 30)
        for cause in ("death", "home")
        for arm in (1, 0)
    ]
    assert got == pytest.approx(wanted, rel=SAME)


def aalen_johansen(rows: pd.DataFrame, cause: str, horizon: float) -> float:
    time, end, w = (rows[c].to_numpy() for c in ("days", "end", "w"))
    free, share = 1.0, 0.0
    for at in np.unique(time[time <= horizon]):
        risk = w[time >= at].sum()
        share += free * w[(time == at) & (end == cause)].sum() / risk
        free *= 1 - w[(time == at) & (end != "stay")].sum() / risk
    return share


@pytest.mark.parametrize("seed", SEEDS)
def test_holm_and_max_t(tmp_path: Path, seed: int) -> None:
    """Every placement of the labels moves all outcomes at once; each is |T - E| in its own SDs."""
    frame = random_sets(seed, 7, (1, 2, 3))
    rng = np.random.default_rng(seed)
    treated = frame["z"].to_numpy() == 1
    frame["died"] = (rng.random(len(frame)) < np.where(treated, 0.9, 0.3)).astype(int)
    for name, shift in (("score", 4), ("grade", 1)):
        frame[name] = np.round(rng.normal(0, 3, len(frame)) + shift * treated)
    case = study(tmp_path, frame, OUTCOMES[:3])
    z = np.abs(np.column_stack([standardized(case, name) for name in ("died", "score", "grade")]))
    rows = case.answers.result["multiplicity"]["outcomes"]
    wanted = [(z.max(axis=1) >= seen - TIE).mean() for seen in z[0]]
    assert [row["p_max_t"] for row in rows] == pytest.approx(wanted, abs=SAME)
    raw = [row["p_raw"] for row in rows]
    order, running = np.argsort(raw), 0.0
    for place, k in enumerate(order):
        running = max(running, min(1.0, (len(raw) - place) * raw[k]))
        assert rows[k]["p_holm"] == pytest.approx(running, rel=SAME)


def standardized(case: Study, column: str) -> np.ndarray:
    """(T - E) / SD of every placement, the one seen first; yes/no as it is, numbers by aligned ranks."""
    sets = case.sets(column)
    scores = [np.array([t, *c], float) for t, c in sets] if column == "died" else rank_numbers.aligned(sets)
    sums = np.array([sum(choice) for choice in itertools.product(*scores)])
    return (sums - sum(s.mean() for s in scores)) / np.sqrt(sum(s.var() for s in scores))


WIN_COHORT = pd.DataFrame(
    {
        "id": list("ABCDEFGHI"),
        "z": [1, 0, 0] * 3,
        "set": [1, 1, 1, 2, 2, 2, 3, 3, 3],
        "days": [60, 10, 60, 60, 60, 20, 28, 60, 60],
        "dead": [0, 1, 0, 0, 0, 1, 1, 0, 0],
    }
)
ICU = {
    "A": [(0, 10), (15, 20)],
    "B": [(0, 10)],
    "C": [(0, 5)],
    "D": [(0, 30)],
    "E": [(0, 8)],
    "F": [(0, 20)],
    "G": [(0, 12)],
    "H": [(2, 9)],
    "I": [(0, 28)],
}
ICU_FREE = {"A": 8, "B": 0, "C": 23, "D": 0, "E": 20, "F": 0, "G": 0, "H": 21, "I": 0}  # by hand; day 28 dead is 0
WIN_SPEC = {
    "columns": {"id": "id", "treatment": "z", "covariates": []},
    "matching": {"method": "given", "subclass": "set"},
    "outcomes": [{"name": "os", "kind": "survival", "time": "days", "event": "dead", "horizon": 60}],
}


def write_episodes(folder: Path, *more: str) -> list[str]:
    lines = [
        "patient_id,support,start_day,end_day",
        *(f"{who},icu,{a},{b}" for who, stays in ICU.items() for a, b in stays),
        *more,
    ]
    (folder / "episodes.csv").write_text("\n".join(lines) + "\n")
    return ["--episodes", str(folder / "episodes.csv")]


def better(first: str, second: str) -> int:
    """1 if the first patient did better: alive, else later death, else more ICU-free days."""
    ends = WIN_COHORT.set_index("id")
    for one, other in ((ends["days"].astype(float).where(ends["dead"] == 1, np.inf),) * 2, (pd.Series(ICU_FREE),) * 2):
        if one[first] != other[second]:
            return 1 if one[first] > other[second] else -1
    return 0


def test_free_days_and_win_ratio(tmp_path: Path) -> None:
    answers = run(tmp_path, WIN_COHORT, WIN_SPEC, *write_episodes(tmp_path))
    assert dict(zip(answers.matched["id"], answers.numbers("icu_free_days_derived"), strict=True)) == ICU_FREE
    sets = [group["id"].tolist() for _, group in WIN_COHORT.groupby("set")]
    net = [[np.mean([better(who, other) for other in ids if other != who]) for who in ids] for ids in sets]
    pairs = [better(ids[0], other) for ids in sets for other in ids[1:]]
    win = answers.result["win_ratio"]
    assert (win["wins"], win["losses"], win["ties"]) == tuple(pairs.count(k) for k in (1, -1, 0))
    assert win["estimates"][0]["estimate"] == pytest.approx(pairs.count(1) / pairs.count(-1))
    moved = np.array([np.mean(choice) for choice in itertools.product(*net)])
    assert win["test"]["statistic"] == pytest.approx(moved[0])
    assert win["test"]["p_value"] == pytest.approx((np.abs(moved) >= abs(moved[0]) - TIE).mean())


@pytest.mark.parametrize(
    "line",
    ["A,icu,18,22", "C,icu,20,15", "ZZ,icu,0,1", "B,icu,12,14"],
    ids=["overlap", "backwards", "unknown patient", "after death"],
)
def test_impossible_episodes(tmp_path: Path, capsys: pytest.CaptureFixture, line: str) -> None:
    more = write_episodes(tmp_path, line)
    assert attempt(tmp_path, WIN_COHORT.to_csv(index=False).encode(), WIN_SPEC, *more) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 2 and not (tmp_path / "out").exists()


def spoiled(column: str, value: object) -> pd.DataFrame:
    frame = random_sets(4, 8).astype({"z": object, "dead": object, "days": object})
    frame.loc[frame.index[frame["set"].notna()][0], column] = value
    return frame


@pytest.mark.parametrize(
    "frame",
    [
        spoiled("days", -2),
        spoiled("dead", 2),
        spoiled("days", "many"),
        random_sets(4, 8).assign(z=lambda f: f["z"].where(f["set"] != "s1", 0)),
        random_sets(4, 8).query("not (set == 's1' and z == 0)"),
    ],
    ids=["time negative", "event 2", "time in words", "set without treated", "set without controls"],
)
def test_impossible_outcomes_and_sets(tmp_path: Path, capsys: pytest.CaptureFixture, frame: pd.DataFrame) -> None:
    spec = {
        "columns": {"id": "id", "treatment": "z", "covariates": []},
        "matching": {"method": "given", "subclass": "set"},
        "outcomes": OUTCOMES,
    }
    assert attempt(tmp_path, frame.to_csv(index=False).encode(), spec) == 2
    assert len(capsys.readouterr().err.strip().splitlines()) == 2 and not (tmp_path / "out").exists()


def test_row_order_changes_nothing(tmp_path: Path) -> None:
    frame, answers = patients(random_cohort(5), 5), []
    for name, rows in (("one", frame), ("two", frame.sample(frac=1, random_state=1)), ("three", frame)):
        (tmp_path / name).mkdir()
        answers.append(matched_run(tmp_path / name, rows)[0])
    first, shuffled, again = (a.result for a in answers)
    assert json.dumps(first) == json.dumps(again)
    for kind in ("balance", "outcomes", "matching"):
        assert numbers_of(first[kind]) == pytest.approx(numbers_of(shuffled[kind]), rel=SAME, abs=SAME)


def numbers_of(part: object) -> list[float]:
    """Every number of a piece of JSON, in order."""
    if isinstance(part, dict):
        part = list(part.values())
    if isinstance(part, list):
        return [x for item in part for x in numbers_of(item)]
    return [float(part)] if isinstance(part, (int, float)) else []


def test_no_treated_event_has_only_exact_limits(tmp_path: Path) -> None:
    """No treated event: ratios 0 with an exact upper limit, nothing infinite, and the risk still possible."""
    frame = random_sets(9, 8, (3,)).assign(died=lambda f: f["died"].where(f["z"] == 0, 0).fillna(0))
    case = study(tmp_path, frame, OUTCOMES[:1])
    quoted, central, *others = case.answers.estimates("died", "odds_ratio_by_set")
    for exact in (quoted, central):
        assert (exact["estimate"], exact["ci_low"]) == (0, 0) and np.isfinite(exact["ci_high"])
    assert all(row["ci_high"] is None for row in others)
    upper = stats.beta.isf(0.025, 1, 8)
    assert any(f"{upper:.0%}" in note for note in case.answers.result["notes"])
