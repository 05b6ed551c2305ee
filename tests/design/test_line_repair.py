"""Full matching where the flow alone would exceed the caliper: the windows against the programme of the whole."""

import numpy as np
import pytest

from lib.design import line_pieces, line_repair
from lib.design.line import full_pairs
from lib.design.line_exact import exact_degrees
from lib.design.line_flow import line_degrees
from lib.errors import EstimationError

CLOSE = 1e-6  # the tolerance of HiGHS on totals of some tens


def waves(seed):
    """(x, treated, width, restrictions): stretches of one arm after stretches of the other, so that calipers bind."""
    rng = np.random.default_rng(seed)
    n = int(rng.integers(20, 120))
    x = np.sort(rng.uniform(0, n / 20, n))
    wave = np.sin(x * rng.uniform(2, 9)) > rng.uniform(-0.5, 0.5)
    treated = np.where(rng.random(n) < rng.uniform(0.8, 1), wave, ~wave)
    restrictions = [{}, {"max_treated": int(rng.integers(2, 6))}, {"max_controls": int(rng.integers(2, 6))}]
    return x, treated, float(rng.uniform(0.4, 1.2)), restrictions[seed % 3]


@pytest.mark.parametrize("first", [1, 10])
def test_windows_give_the_total_of_the_whole(monkeypatch, first):
    repaired = []

    def repair(flow, degree):
        result = line_repair.repair(flow, degree)
        s = np.cumsum(np.where(flow.treated, result, -result))
        whole = exact_degrees(flow.x, flow.treated, flow.bounds, flow.width)[1]
        assert np.sum(np.diff(flow.x) * np.abs(s[:-1])) == pytest.approx(whole, abs=CLOSE)
        repaired.append(len(result))
        return result

    monkeypatch.setattr(line_repair, "FIRST", first)
    monkeypatch.setattr(line_pieces, "repair", repair)
    for seed in range(400):
        x, treated, width, restrictions = waves(seed)
        try:
            t, c = full_pairs(x, treated, width=width, **restrictions)
        except EstimationError:
            continue
        assert (np.abs(x[t] - x[c]) <= width).all()
    assert len(repaired) >= 5


def test_prices_prove_the_flow():
    """At the prices every patient and every gap is at its best: the flow costs what the prices alone say it must."""
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(4, 40))
        x, treated = np.sort(rng.normal(size=n)), rng.random(n) < 0.4
        if not 0 < treated.sum() < n:
            continue
        bounds = 1, n, n
        degree = line_degrees(x, treated, bounds)
        s = np.cumsum(np.where(treated, degree, -degree))
        flow = line_repair.Flow(x, treated, bounds, np.inf, None, False)
        price = line_repair.prices(flow, degree)
        assert (np.abs(np.diff(price)) <= np.diff(x) + 1e-12).all()
        least = np.where(treated, np.maximum(-price, 0), np.maximum(price, 0))
        assert (np.where(treated, price, -price) <= 1e-12).all()
        assert least.sum() == pytest.approx(np.sum(np.diff(x) * np.abs(s[:-1])), abs=1e-9)
