"""How often does each p by set fall to 5% or below when treatment does nothing and the treated are other patients?

python -m benchmarks.moves [--studies 1000]

Studies with three covariates by which the treated differ (0.6 SD each) and on which the outcome depends, matched on the
fitted score by the code of the page.  Equal chances, chances by the fitted odds, and either with covariance adjustment;
beside them how far apart the odds inside the sets are, and how often the odds are said to be too far apart for a p.
Prints one line a setting; 1,000 studies of each take about 3 minutes on one core.
"""

import argparse
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from lib.design.moves import NO_EVIDENCE
from lib.errors import AnalysisError
from lib.inference.compare import data_of
from lib.inference.frame import Frame
from lib.inference.registry import run_tests
from lib.inference.residual_ranks import adjusted_test
from lib.spec import AnalysisSpec
from lib.steps import Steps
from lib.table import Table

ALPHA = 0.05
GAP, SLOPE = 0.6, 1.5
SEED = 2024


@dataclass(frozen=True)
class Setting:
    """n1 treated, n0 controls, 1:ratio, caliper in SDs or None."""

    n1: int
    n0: int
    ratio: int
    caliper: float | None

    @property
    def title(self) -> str:
        """As in a table."""
        return f"{self.n1} + {self.n0} 1:{self.ratio} caliper {self.caliper or 'none'}"

    @property
    def spec(self) -> AnalysisSpec:
        """Three covariates, an event, a number and a time."""
        matching = {"method": "nearest", "ratio": self.ratio, "caliper": self.caliper}
        outcomes = [{"name": "event", "kind": "binary", "column": "event"}]
        outcomes += [{"name": "number", "kind": "continuous", "column": "number"}]
        columns = {"id": "id", "treatment": "t", "treated_value": "1", "covariates": ["x1", "x2", "x3"]}
        outcomes += [{"name": "survival", "kind": "survival", "time": "days", "event": "dead", "event_value": "1"}]
        return AnalysisSpec.from_dict({"columns": columns, "matching": matching, "outcomes": outcomes})

    def draw(self, rng: np.random.Generator) -> Table:
        """One study without any effect."""
        n = self.n1 + self.n0
        x = rng.normal(size=(n, 3))
        x[: self.n1] += GAP
        told = SLOPE * x.sum(axis=1) / np.sqrt(3)
        columns = {f"x{j + 1}": x[:, j] for j in range(3)}
        columns |= {
            "event": (rng.random(n) < 1 / (1 + np.exp(1 - told))).astype(int),
            "number": told + rng.normal(size=n),
        }
        death = np.ceil(rng.exponential(60 * np.exp(-told / 2)))
        columns |= {"days": np.minimum(death, 60), "dead": (death <= 60).astype(int)}
        ids = {"id": np.arange(n), "t": (np.arange(n) < self.n1).astype(int)}
        return Table.from_frame(pd.DataFrame(ids | columns))


SETTINGS = (Setting(8, 247, 3, None), Setting(30, 60, 2, 0.2), Setting(30, 60, 2, None))


def study(setting: Setting, rng: np.random.Generator) -> dict[str, float] | None:
    """The p-values of one study and its odds inside the sets; None where it cannot be matched."""
    try:
        steps = Steps(setting.draw(rng), setting.spec)
        sample, cohort = steps.comparison, steps.cohort
    except AnalysisError:
        return None
    inside = steps.odds_inside_sets
    if inside is None:
        return None
    frame = Frame.of(cohort.rows, sample, 1, cohort.covariate_matrix.to_numpy(dtype=float))
    found = {"typical": inside.typical, "largest": inside.largest}
    for outcome in cohort.outcome_specs:
        data = data_of(outcome, cohort, frame)
        found |= {f"{outcome.name} {t.moves}": t.p_value for t in run_tests(outcome.kind, data, ("quoted", "moves"))}
        if outcome.kind == "survival":
            continue
        found[f"{outcome.name} adjusted"] = adjusted_test(data).p_value
        plain = data_of(outcome, cohort, replace(frame, moves="equal"))
        found[f"{outcome.name} adjusted, equal"] = adjusted_test(plain).p_value
    return found


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--studies", type=int, default=1000)
    studies = parser.parse_args().studies
    for setting in SETTINGS:
        rng = np.random.default_rng(SEED)
        made = pd.DataFrame([row for row in (study(setting, rng) for _ in range(studies)) if row is not None])
        odds = made.pop("typical"), made.pop("largest")
        quoted = (made["event fitted_odds"] <= ALPHA) & (odds[0] < NO_EVIDENCE)
        shares = ", ".join(f"{name} {100 * (made[name] <= ALPHA).mean():.1f}%" for name in made)
        print(
            f"{setting.title} ({len(made)} studies): {shares}; typical odds {odds[0].median():.2f}, largest "
            f"{odds[1].median():.2f}; no evidence in {100 * (odds[0] >= NO_EVIDENCE).mean():.0f}%; p of the "
            f"event quoted as evidence and at most 5%: {100 * quoted.mean():.1f}% of all",
            flush=True,
        )


if __name__ == "__main__":
    main()
