"""The bench: its line of JSON, its data, its refusals, and that the cost grows little faster than the rows."""

import json
from pathlib import Path

import numpy as np
import pytest

from lib.__main__ import main
from lib.bench import COVARIATES, bench_spec, drawn_cohort, run_bench
from lib.bench_whole import drawn_outcomes
from lib.errors import AnalysisError, DataError, SpecError


def test_one_line_of_json() -> None:
    line = run_bench(2_000, 3, 0.2).to_json_line()
    assert "\n" not in line
    told = json.loads(line)
    assert told["rows"] == 2_000
    assert min(told["fit"], told["match"], told["balance"]) > 0
    assert told["pairs"] <= 3 * told["matched_treated"]


def test_data_as_documented() -> None:
    frame = drawn_cohort(40_000)
    assert list(frame.columns) == ["t", *COVARIATES]
    assert frame[list(COVARIATES)].std().to_numpy() == pytest.approx(np.ones(7), abs=0.02)
    logit = -2.5 + 0.3 * frame[list(COVARIATES)].sum(axis=1)
    assert frame["t"].mean() == pytest.approx((1 / (1 + np.exp(-logit))).mean(), abs=0.01)


def test_a_file_gives_what_the_drawn_cohort_gives(tmp_path: Path) -> None:
    frame = drawn_cohort(500)
    frame.insert(0, "id", np.arange(500))
    frame.to_csv(tmp_path / "bench.csv", index=False)
    drawn, read = run_bench(500, 2, 0.2), run_bench(0, 2, 0.2, tmp_path / "bench.csv")
    assert (read.rows, read.pairs) == (drawn.rows, drawn.pairs)
    assert read.sum_distance == pytest.approx(drawn.sum_distance, rel=1e-9)


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match="`rows` must be at least 50"):
        run_bench(10, 3, 0.2)
    with pytest.raises(AnalysisError):
        run_bench(1_000, 0, 0.2)
    drawn_cohort(100).to_csv(tmp_path / "no_id.csv", index=False)
    with pytest.raises(DataError, match='no column "id"'):
        run_bench(0, 1, 0.2, tmp_path / "no_id.csv")


def test_spec_is_the_default_analysis() -> None:
    spec = bench_spec(3, 0.2)
    assert (spec.matching.ratio, spec.matching.caliper, spec.propensity.model) == (3, 0.2, "logit")


def test_the_whole_run_tells_what_each_part_took_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    assert main(["bench", "--whole", "--rows", "2000"]) == 0
    line = capsys.readouterr().out
    told = json.loads(line)
    assert line.count("\n") == 1
    assert list(told) == ["rows", "read", "match", "balance", "outcomes", "write", "total"]
    assert told["rows"] == 2_000
    parts = [told[part] for part in ("read", "match", "balance", "outcomes", "write")]
    assert min(parts) > 0
    assert told["total"] == pytest.approx(sum(parts))
    assert list(tmp_path.iterdir()) == []
    assert main(["bench", "--whole", "--rows", "10"]) == 2


def test_drawn_outcomes_are_the_bench_cohort_with_three_outcomes() -> None:
    frame = drawn_outcomes(5_000)
    assert frame[["t", *COVARIATES]].equals(drawn_cohort(5_000))
    assert set(frame["death"]) == set(frame["died"]) == {0, 1}
    assert (frame["score"] * 10 % 1).abs().max() == pytest.approx(0, abs=1e-6)
    assert frame["days"].min() >= 1
    assert frame.equals(drawn_outcomes(5_000))


@pytest.mark.parametrize("method", ["optimal", "full"])
def test_another_method_by_name(method: str, capsys: pytest.CaptureFixture) -> None:
    """Neither makes fewer pairs than the nearest."""
    assert main(["bench", "--rows", "500", "--method", method]) == 0
    told, usual = json.loads(capsys.readouterr().out), run_bench(500, 3, 0.2)
    assert told["method"] == method
    assert told["pairs"] >= usual.pairs
    assert told["sum_distance"] > 0
