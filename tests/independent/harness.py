"""Made-up cohorts, and one run of the command on them."""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from lib.__main__ import main


@dataclass(frozen=True)
class Run:
    """What one run wrote."""

    result: dict
    matched: pd.DataFrame  # every cell as text

    def outcome(self, name: str) -> dict:
        return next(o for o in self.result["outcomes"] if o["name"] == name)

    def test(self, outcome: str, name: str, sample: str = "matched") -> dict:
        rows = [t for t in self.outcome(outcome)["tests"] if t["name"] == name and t["sample"] == sample]
        assert len(rows) == 1, f"{name} of {outcome} stands {len(rows)} times"
        return rows[0]

    def estimates(self, outcome: str, measure: str, method: str = "") -> list[dict]:
        rows = self.outcome(outcome)["estimates"]
        return [e for e in rows if e["measure"] == measure and method in e["method"]]

    def numbers(self, column: str) -> np.ndarray:
        return pd.to_numeric(self.matched[column].replace("", None)).to_numpy(float)


def run(folder: Path, frame: pd.DataFrame, spec: dict, *more: str) -> Run:
    """Write the cohort and the spec, run, read the answers; the run must exit 0."""
    assert attempt(folder, frame.to_csv(index=False).encode(), spec, *more) == 0
    matched = pd.read_csv(folder / "out" / "matched.csv", dtype=str, keep_default_na=False)
    return Run(json.loads((folder / "out" / "result.json").read_text()), matched)


def attempt(folder: Path, data: bytes, spec: dict, *more: str) -> int:
    """The exit code of one run on these bytes."""
    (folder / "cohort.csv").write_bytes(data)
    (folder / "spec.json").write_text(json.dumps(spec))
    return run_in(folder, *more)


def run_in(folder: Path, *more: str) -> int:
    """The exit code of one run on the cohort.csv and spec.json of a folder, into its `out`, in place of an
    earlier run's."""
    return main(
        [
            "run",
            "--data",
            str(folder / "cohort.csv"),
            "--spec",
            str(folder / "spec.json"),
            "--out",
            str(folder / "out"),
            "--replace",
            *more,
        ]
    )


def random_cohort(seed: int, n: int = 110) -> pd.DataFrame:
    """id, arm, three continuous covariates (one positive), a coded and a text factor, a two-level text, a 0/1."""
    rng = np.random.default_rng(seed)
    a, b, c = rng.normal(60, 11, n), rng.gamma(2, 3, n), rng.normal(0, 1, n)
    site, ward = rng.choice([1, 2, 10], n), rng.choice(["icu", "HDU", "Ward"], n)
    sex, flag = rng.choice(["male", "female"], n), rng.integers(0, 2, n)
    logit = -1.4 + 0.04 * (a - 60) + 0.1 * (b - 6) + 0.5 * c + 0.4 * (sex == "male") - 0.3 * (site == 10)
    treated = rng.random(n) < 1 / (1 + np.exp(-logit))
    return pd.DataFrame(
        {
            "id": [f"{i:04d}" for i in rng.permutation(n)],
            "arm": np.where(treated, "new", "usual"),
            "a": a,
            "b": b,
            "c": c,
            "site": site,
            "ward": ward,
            "sex": sex,
            "flag": flag,
        }
    )


def random_sets(seed: int, n_sets: int, sizes: tuple[int, ...] = (1, 2, 3, 4), loose: int = 5) -> pd.DataFrame:
    """A cohort whose sets were made elsewhere: variable sizes, `loose` patients in no set, three covariates, and
    outcomes with gaps: yes/no, a number, a coarse number full of ties, time and event."""
    rng = np.random.default_rng(seed)
    rows = [(s, k) for s in range(n_sets) for k in range(1 + rng.choice(sizes))] + [(-1, k % 2) for k in range(loose)]
    frame = pd.DataFrame(rows, columns=["set", "k"])
    n, z = len(frame), (frame["k"] == 0).to_numpy()
    level = rng.normal(0, 1, n_sets + 1)[frame["set"]]
    event_time = np.ceil(rng.exponential(40, n) * np.exp(0.4 * z))
    stop = np.ceil(rng.uniform(20, 90, n))
    return pd.DataFrame(
        {
            "id": [f"p{i}" for i in rng.permutation(n)],
            "z": z.astype(int),
            "set": [f"s{s}" if s >= 0 else None for s in frame["set"]],
            "x1": rng.normal(50, 9, n) + 2 * z,
            "x2": rng.normal(0, 1, n),
            "x3": rng.integers(0, 2, n),
            "died": _with_gaps(rng, (rng.random(n) < 1 / (1 + np.exp(0.4 + 0.5 * z - level))).astype(float)),
            "score": _with_gaps(rng, np.round(10 + 3 * level + 2 * z + rng.normal(0, 3, n), 2)),
            "grade": _with_gaps(rng, np.round(2 + level + 0.5 * z + rng.normal(0, 1, n))),
            "days": np.minimum(event_time, stop),
            "dead": (event_time <= stop).astype(int),
        }
    ).sample(frac=1, random_state=seed)


def _with_gaps(rng: np.random.Generator, values: np.ndarray, share: float = 0.1) -> np.ndarray:
    return np.where(rng.random(len(values)) < share, np.nan, values)
