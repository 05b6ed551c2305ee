"""What each method cannot do, through the command and through the steps: one sentence and a next step, and no number
missing without a word."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from lib.errors import AnalysisError, SpecError
from lib.io import write_csv
from lib.spec import AnalysisSpec
from lib.steps import run
from lib.table import Table
from tests.independent.harness import attempt
from tests.tables import COHORT_SPEC, cohort_frame

OPTIMAL, FULL, WEIGHTS = {"method": "optimal"}, {"method": "full"}, {"method": "weights"}
MAHALANOBIS = {"metric": "mahalanobis"}
DISTANCES = [OPTIMAL, OPTIMAL | MAHALANOBIS, FULL, FULL | MAHALANOBIS]
KINDS = [WEIGHTS | {"kind": kind} for kind in ("att_odds", "overlap", "entropy")]
SCORED = [OPTIMAL, FULL, *KINDS[:2]]
FEW = {"covariates": ["age", "sofa"], "categorical": []}
ONE = {"covariates": ["age"], "categorical": []}
FIRTH = {"model": "firth"}


def named(matching: dict) -> str:
    return "-".join(str(value) for value in matching.values())


def of(*many: list[dict]) -> Any:
    return pytest.mark.parametrize("matching", [one for some in many for one in some], ids=named)


def spec_of(matching: dict, columns: dict | None = None, **sections: Any) -> dict:
    return COHORT_SPEC | {"matching": matching, "columns": COHORT_SPEC["columns"] | (columns or {})} | sections


def refused(folder: Path, capsys: pytest.CaptureFixture, frame: pd.DataFrame, spec: dict) -> tuple[str, str]:
    """The sentence and the hint of a run that exits 2 and writes nothing; the steps raise the same."""
    assert attempt(folder, write_csv(frame), spec) == 2
    caught = capsys.readouterr()
    sentence, hint = caught.err.rstrip("\n").split("\n")
    assert caught.out == "" and "Traceback" not in caught.err
    assert sentence.endswith(".") and sentence.count(". ") == 0 and hint.endswith(".")
    assert sorted(path.name for path in folder.iterdir()) == ["cohort.csv", "spec.json"]
    with pytest.raises(AnalysisError) as raised:
        run(Table.from_frame(frame), AnalysisSpec.from_dict(spec))
    assert (str(raised.value), raised.value.hint) == (sentence, hint)
    return sentence, hint


def result(folder: Path, frame: pd.DataFrame, spec: dict) -> dict:
    """result.json of a run that works."""
    assert attempt(folder, write_csv(frame), spec) == 0
    return json.loads((folder / "out" / "result.json").read_text())


def separated() -> pd.DataFrame:
    """Every treated patient is 500 years older than any control."""
    frame = cohort_frame(gaps=False)
    return frame.assign(age=frame["age"] + 500.0 * (frame["arm"] == "new"))


def with_one(arm: str) -> pd.DataFrame:
    """One patient of an arm, amid the others' ages, and the whole other arm."""
    frame = cohort_frame(gaps=False)
    middle = frame.loc[frame["arm"] != arm, "age"].median()
    lone = (frame.loc[frame["arm"] == arm, "age"] - middle).abs().idxmin()
    return frame[(frame["arm"] != arm) | (frame.index == lone)].reset_index(drop=True)


# ---- nobody can be compared


@of(DISTANCES)
def test_a_caliper_that_leaves_nobody(tmp_path, capsys, matching):
    tiny = matching | {"caliper": 1e-12}
    sentence, hint = refused(tmp_path, capsys, cohort_frame(), spec_of(tiny))
    assert sentence == "No treated patient has a control inside the caliper of 1e-12 (SD)."
    least = float(hint.split(" is ")[1].split(";")[0])
    made = run(Table.from_frame(cohort_frame()), AnalysisSpec.from_dict(spec_of(matching | {"caliper": least})))
    assert made.comparison.n_sets >= 1, "the caliper that the hint names works"


@of(DISTANCES)
def test_a_covariate_caliper_that_leaves_nobody(tmp_path, capsys, matching):
    tiny = matching | {"covariate_calipers": {"age": {"width": 1e-9}}}
    sentence, _ = refused(tmp_path, capsys, cohort_frame(), spec_of(tiny))
    assert sentence == 'No treated patient has a control inside the caliper on "age".'


@of(DISTANCES, KINDS)
def test_strata_with_one_arm(tmp_path, capsys, matching):
    frame = cohort_frame()
    spec = spec_of(matching | {"exact": ["group"]})
    sentence, _ = refused(tmp_path, capsys, frame.assign(group=frame["arm"]), spec)
    assert sentence == 'No treated patient has a control with the same "group".'


@of(SCORED, KINDS[2:])
def test_no_common_support(tmp_path, capsys, matching):
    spec = spec_of(matching | {"discard": "both"}, FEW, propensity=FIRTH)
    assert "do not overlap" in refused(tmp_path, capsys, separated(), spec)[0]


@of([OPTIMAL, OPTIMAL | MAHALANOBIS])
def test_a_ratio_above_the_controls(tmp_path, capsys, matching):
    sentence, hint = refused(tmp_path, capsys, cohort_frame(), spec_of(matching | {"ratio": 73}))
    assert sentence == "`matching.ratio` asks for 73 controls per treated patient; there are 72."
    assert hint == "Choose a ratio of at most 72."
    assert result(tmp_path, cohort_frame(), spec_of(matching | {"ratio": 72}))["matching"]["matched_control"] == 72


# ---- limits of a full match (that every value named works: test_full.py)


@pytest.mark.parametrize("metric", ["propensity", "mahalanobis"])
@pytest.mark.parametrize(
    ("limits", "works"),
    [
        ({"max_controls": 1}, {"max_controls": 3}),
        ({"min_controls": 3}, {"min_controls": 2}),
        ({"max_controls": 2, "omit_fraction": 0.02}, {"omit_fraction": 0.06}),
        ({"max_treated": 1, "omit_fraction": 0.8}, {"omit_fraction": 0.5}),
    ],
)
def test_limits_that_cannot_be_kept(tmp_path, capsys, metric, limits, works):
    asked = FULL | {"metric": metric}
    sentence, hint = refused(tmp_path, capsys, cohort_frame(), spec_of(asked | limits))
    [(name, value)] = works.items()
    assert f"`{name}` must be at " in sentence
    assert f"Set `{name}` to {value:g}" in hint
    assert result(tmp_path, cohort_frame(), spec_of(asked | limits | works))["matching"]["matched_treated"] == 34


@pytest.mark.parametrize(
    ("limits", "words"),
    [
        ({"min_controls": 3, "max_controls": 2}, "`matching.max_controls` must not be below"),
        ({"min_controls": 2, "max_treated": 2}, "`matching.max_treated` must be 1"),
        ({"omit_fraction": 1}, "`matching.omit_fraction` must be below 1, not 1."),
        ({"omit_fraction": -0.1}, "`matching.omit_fraction` must be 0 or more, not -0.1."),
        ({"max_controls": 0}, "`matching.max_controls` must be 1 or more, not 0."),
        ({"min_controls": 1.5}, "`matching.min_controls` must be a whole number, not 1.5."),
    ],
)
def test_limits_that_contradict_themselves(tmp_path, capsys, limits, words):
    assert words in refused(tmp_path, capsys, cohort_frame(), spec_of(FULL | limits))[0]


# ---- distances that say nothing, or too much


@of(DISTANCES, KINDS)
def test_a_constant_covariate(tmp_path, capsys, matching):
    sentence, _ = refused(tmp_path, capsys, cohort_frame().assign(age=50.0), spec_of(matching, ONE))
    assert sentence == 'Covariate "age" has the same value for all 120 analysed patients.'


@pytest.mark.parametrize("method", ["optimal", "full"])
def test_a_covariate_without_spread_inside_the_arms(tmp_path, capsys, method):
    frame = cohort_frame()
    flat = frame.assign(age=np.where(frame["arm"] == "new", 60.0, 50.0))
    sentence, _ = refused(tmp_path, capsys, flat, spec_of({"method": method} | MAHALANOBIS, ONE))
    assert sentence == "The Mahalanobis distance needs a covariate that varies within the groups."


@of(DISTANCES, KINDS)
def test_all_scores_tied(tmp_path, matching):
    """The same ages in both arms: the score tells nobody apart, and everyone can be compared with anyone."""
    half = cohort_frame(60, gaps=False)
    both = pd.concat([half.assign(arm="new"), half.assign(arm="usual")], ignore_index=True)
    frame = both.assign(id=[f"P{i}" for i in range(120)], age=[50.0, 60.0] * 60)
    made = result(tmp_path, frame, spec_of(matching | ({"ratio": 1} if "optimal" in named(matching) else {}), ONE))
    assert (made["matching"]["matched_treated"], made["matching"]["matched_control"]) == (60, 60)
    assert_no_silent_null(made)


@of(DISTANCES, KINDS)
@pytest.mark.parametrize("arm", ["new", "usual"])
def test_an_arm_of_one(tmp_path, matching, arm):
    settings = matching | ({"ratio": 1} if "optimal" in named(matching) else {})
    frame, spec = with_one(arm), spec_of(settings, ONE, propensity=FIRTH)
    if "entropy" in named(matching) and arm == "usual":
        with pytest.raises(AnalysisError, match="very edge: `age`"):
            run(Table.from_frame(frame), AnalysisSpec.from_dict(spec))
        return
    made = result(tmp_path, frame, spec)
    few = "matched_treated" if arm == "new" else "matched_control"
    assert made["matching"][few] == 1
    assert_no_silent_null(made)


@of(SCORED, [OPTIMAL | MAHALANOBIS | {"caliper": 0.2}, FULL | MAHALANOBIS | {"caliper": 0.2}])
def test_separation(tmp_path, capsys, matching):
    sentence, hint = refused(tmp_path, capsys, separated(), spec_of(matching, FEW))
    assert sentence == '"age" tells treated from controls completely, so the logistic model has no finite solution.'
    assert hint.startswith("Use Firth's method")


@of(SCORED)
def test_separation_under_firth_goes_on_with_a_note(tmp_path, matching):
    made = result(tmp_path, separated(), spec_of(matching, FEW, propensity=FIRTH))
    assert any("Firth's penalty; look at the overlap" in note for note in made["notes"])
    assert_no_silent_null(made)


@of([OPTIMAL | MAHALANOBIS, FULL | MAHALANOBIS])
def test_separation_without_need_of_a_score(tmp_path, matching):
    made = result(tmp_path, separated(), spec_of(matching, FEW))
    assert any("goes on without a propensity score" in note for note in made["notes"])
    assert made["matching"]["pairs"] >= 84 and made["matching"]["sum_distance"] is None
    assert_no_silent_null(made)


def test_entropy_balancing_names_the_covariate_that_stands_in_the_way(tmp_path, capsys):
    sentence, hint = refused(tmp_path, capsys, separated(), spec_of(KINDS[2], FEW))
    assert sentence.endswith("at its very edge: `age`.")
    assert hint.startswith("Balance without `age`, or group its values")


def test_entropy_balancing_names_the_exact_group_that_stands_in_the_way(tmp_path, capsys):
    """Group B holds most of the treated and one very old control: no weights give both its share and the age."""
    frame = cohort_frame(gaps=False)
    control = frame["arm"] == "usual"
    group = np.where(control, "A", "B")
    group[frame.index[~control][0]], group[frame.index[control][0]] = "A", "B"
    frame.loc[frame.index[control][0], "age"] = 400.0
    sentence, _ = refused(tmp_path, capsys, frame.assign(group=group), spec_of(KINDS[2] | {"exact": ["group"]}, ONE))
    assert "`age`" in sentence and "`group " in sentence


# ---- settings


@pytest.mark.parametrize(
    ("matching", "key"),
    [
        (OPTIMAL | {"order": "largest"}, "order"),
        (OPTIMAL | {"replace": True}, "replace"),
        (OPTIMAL | {"kind": "overlap"}, "kind"),
        (FULL | {"ratio": 2}, "ratio"),
        (FULL | {"replace": False}, "replace"),
        (WEIGHTS | {"caliper": 0.2}, "caliper"),
        (WEIGHTS | {"ratio": 1}, "ratio"),
        (WEIGHTS | {"metric": "mahalanobis"}, "metric"),
        (WEIGHTS | {"covariate_calipers": {"age": {"width": 1}}}, "covariate_calipers"),
        ({"method": "given", "subclass": "set", "kind": "overlap"}, "kind"),
        ({"method": "nearest", "omit_fraction": 0.1}, "omit_fraction"),
    ],
)
def test_a_setting_that_a_method_does_not_take(tmp_path, capsys, matching, key):
    sentence, _ = refused_spec(tmp_path, capsys, spec_of(matching))
    assert sentence == f"`matching.{key}` is not a setting of `matching.method` {matching['method']}."
    assert AnalysisSpec.from_dict(spec_of(matching | {key: None})).matching.method == matching["method"]


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        *[
            ({"matching": {"method": m}}, f'"{m}" is not built yet')
            for m in ("cem", "exact", "cardinality", "risk_set")
        ],
        ({"matching": {"method": "genetic"}}, "`matching.method` must be nearest, optimal, full, "),
        ({"matching": {"method": None}}, "`matching.method` must be nearest, optimal, full, "),
        ({"matching": {"min_controls": 1, "max_controls": 3}}, "variable ratio (`matching.min_controls` with nearest)"),
        ({"matching": OPTIMAL | {"max_controls": 3}}, "variable ratio (`matching.max_controls` with optimal)"),
        ({"matching": WEIGHTS | {"kind": "ate"}}, "`matching.kind` must be 'att_odds', 'overlap' or 'entropy'"),
        ({"matching": OPTIMAL | {"calliper": 1}}, "`matching.calliper` is not a setting of MatchLens"),
        ({"missing": "indicator"}, '`missing` "indicator" is not built yet'),
        ({"missing": "multiple_imputation"}, '`missing` "multiple_imputation" is not built yet'),
        *[({"estimand": e}, f'`estimand` "{e}" is not built yet') for e in ("ATE", "ATC", "ATO")],
    ],
)
def test_what_is_not_built_says_so(tmp_path, capsys, sections, words):
    assert words in refused_spec(tmp_path, capsys, COHORT_SPEC | sections)[0]


def refused_spec(folder: Path, capsys: pytest.CaptureFixture, spec: dict) -> tuple[str, str]:
    """As refused, for a spec that cannot be read."""
    with pytest.raises(SpecError) as raised:
        AnalysisSpec.from_dict(spec)
    assert attempt(folder, write_csv(cohort_frame()), spec) == 2
    assert capsys.readouterr().err == f"{raised.value}\n{raised.value.hint}\n"
    assert not (folder / "out").exists()
    return str(raised.value), raised.value.hint


# ---- sets made elsewhere, several treated in each


GIVEN = {"method": "given", "subclass": "set"}


def in_sets() -> pd.DataFrame:
    """Ten sets, each with treated patients and controls; seven wards."""
    frame = cohort_frame(gaps=False)
    return frame.assign(set=[f"s{i % 10}" for i in range(len(frame))], ward=[f"w{i % 7}" for i in range(len(frame))])


def test_given_sets_with_several_treated(tmp_path):
    made = result(tmp_path, in_sets(), spec_of(GIVEN, FEW))
    assert (made["matching"]["sets"], made["matching"]["pairs"]) == (10, None)
    tests = {test["name"]: test for test in made["outcomes"][0]["tests"]}
    assert tests["exact_by_set"]["n_units"] == 10 and tests["exact_by_set"]["p_value"] is not None
    assert_no_silent_null(made)


def test_given_sets_split_by_exact_columns(tmp_path):
    frame = in_sets()
    made = result(tmp_path, frame, spec_of(GIVEN | {"exact": ["ward"]}, FEW))
    arms = frame.groupby(["set", "ward"])["arm"].nunique()
    assert made["matching"]["sets"] == (arms == 2).sum()
    assert any(f'{(arms == 1).sum()} parts of sets are left out: split by "ward"' in note for note in made["notes"])
    assert not any("taken as they are" in note for note in made["notes"])
    alone = set(arms[arms == 1].index)
    lost = sum(
        pair in alone for pair in frame.loc[frame["arm"] == "new", ["set", "ward"]].itertuples(index=False, name=None)
    )
    assert made["matching"]["lost"] == {"no control in the same exact group": lost}
    assert_no_silent_null(made)


def test_given_sets_without_those_outside_support(tmp_path):
    made = result(tmp_path, in_sets(), spec_of(GIVEN | {"discard": "both"}, FEW))
    assert made["matching"]["discarded"] > 0
    assert set(made["matching"]["lost"]) <= {"outside common support", "the controls of its set are not analysed"}
    assert_no_silent_null(made)


def test_given_sets_that_an_exact_column_takes_apart(tmp_path, capsys):
    frame = in_sets()
    spec = spec_of(GIVEN | {"exact": ["group"]}, FEW)
    sentence, hint = refused(tmp_path, capsys, frame.assign(group=frame["arm"]), spec)
    assert sentence == 'No set of column "set" has a treated patient and a control with the same "group".'
    assert hint == "Take fewer columns into `matching.exact`."


# ---- nothing is null without a word

STRUCTURE = {"level", "arm", "cause", "df"}  # null where a row has no such thing: no level, no arm, a normal quantile


def assert_no_silent_null(made: dict) -> None:
    """Every null of result.json stands in a row with a note of its own, or its name stands in a note."""
    notes = " ".join(made["notes"])
    for path, row in nulls(made, made):
        name = str(path[-1])
        if name in STRUCTURE or (isinstance(row, dict) and row.get("note")):
            continue
        told = {
            "propensity": "no propensity model was fitted",
            "multiplicity": "multiplicity is null for" if "multiplicity is null" in notes else "nothing is adjusted",
            "design": "null where no difference at all is found" if len(path) > 1 else "design is null",
        }
        if "quoted" in path:  # its estimate stands among the others, with its note
            assert quoted_row(made["outcomes"][path[1]])["note"], path
            continue
        words = told.get(str(path[0]), name)
        assert words in notes or f"{name.rsplit('_', 1)[0]} is null" in notes, path


def quoted_row(outcome: dict) -> dict:
    """The estimate that an outcome quotes."""
    return next(row for row in outcome["estimates"] if row["role"] == "quoted")


def nulls(value: Any, row: Any, path: tuple = ()) -> Iterator[tuple[tuple, Any]]:
    """Paths of every null, each with the object that it stands in."""
    if value is None:
        yield path, row
    elif isinstance(value, dict | list):
        for key, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield from nulls(item, value, (*path, key))


@of(DISTANCES, KINDS, [{"replace": True}, GIVEN])
def test_every_null_has_a_note(tmp_path, matching):
    frame = in_sets()
    made = result(tmp_path, frame, spec_of(matching, FEW if matching == GIVEN else None))
    assert_no_silent_null(made)
    notes = " ".join(made["notes"])
    weighted = matching["method"] == "weights" if "method" in matching else False
    assert ("weights make no sets, so nobody is paired" in notes) == weighted
    if made["design"] is None:
        assert ("weights make no sets, so there is no test by set to plan for" in notes) == weighted
        assert ("the matched sets overlap, or there is none, so there is no test" in notes) == (
            matching == {"replace": True}
        )
