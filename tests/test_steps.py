"""The lazy graph: what is made when, what is shared, what is forgotten."""

from collections import Counter

import pytest

from lib import steps as graph
from lib.errors import EstimationError
from lib.steps import KEPT, Steps, Store
from tests.sensitivity.builders import TABLE, spec


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Counter:
    """How often each stage was really made."""
    counts: Counter = Counter()

    def counted(name: str) -> None:
        stage = getattr(graph, name)

        def call(*arguments, **named):
            counts[name] += 1
            return stage(*arguments, **named)

        monkeypatch.setattr(graph, name, call)

    for name in ("build_cohort", "fit_propensity", "match", "balance_table", "balance_test", "compare_outcomes"):
        counted(name)
    return counts


def test_nothing_is_made_that_nobody_asked_for(made: Counter) -> None:
    steps = Steps(TABLE, spec())
    assert not made
    assert steps.balance is steps.balance
    assert made == {"build_cohort": 1, "fit_propensity": 1, "match": 1, "balance_table": 1}
    assert steps.balance_test is steps.balance_test
    assert made == {"build_cohort": 1, "fit_propensity": 1, "match": 1, "balance_table": 1, "balance_test": 1}


def test_a_change_of_ratio_refits_nothing(made: Counter) -> None:
    main = Steps(TABLE, spec(matching={"ratio": 2}))
    other = main.other(spec(matching={"ratio": 1}))
    assert main.comparison.n_matched(False) > other.comparison.n_matched(False)
    assert made == {"build_cohort": 1, "fit_propensity": 1, "match": 2}
    assert main.other(spec(matching={"ratio": 2})).comparison is main.comparison


def test_the_scale_of_the_distance_refits_nothing(made: Counter) -> None:
    main = Steps(TABLE, spec())
    other = main.other(spec(propensity={"distance": "probability"}))
    assert (other.score.distance == main.score.score).all()
    assert made["fit_propensity"] == 1


def test_a_caliper_of_its_own_width_keeps_the_cohort(made: Counter) -> None:
    store = Store()
    for width in (5, 10):
        matching = {"covariate_calipers": {"age": {"width": width, "unit": "raw"}}}
        assert Steps(TABLE, spec(matching=matching), store).comparison.n_sets
    assert made == {"build_cohort": 1, "fit_propensity": 1, "match": 2}


def test_a_failure_is_remembered(made: Counter) -> None:
    steps = Steps(TABLE, spec(matching={"caliper": 1e-12}))
    for _ in range(2):
        with pytest.raises(EstimationError, match="inside the caliper"):
            _ = steps.comparison
    assert made["match"] == 1


def test_the_longest_unused_goes_first() -> None:
    store, calls = Store({"few": 2}), []

    def get(step: str, key: int) -> int:
        return store.once(step, key, lambda: calls.append(key) or key)

    for key in (1, 2, 1, 3):
        assert get("few", key) == key
    assert calls == [1, 2, 3]
    assert (get("few", 1), calls) == (1, [1, 2, 3]), "used again, so it stayed"
    assert get("few", 2) == 2 and calls[-1] == 2, "the longest unused had gone"
    for key in range(KEPT + 1):
        get("many", key)
    get("many", 0)
    assert calls[-1] == 0
    store.clear()
    get("few", 2)
    assert calls[-1] == 2
