"""Stories of the sets: likeness by hand, sets named by who is in them, and the analysis without the doubted ones."""

import numpy as np
import pandas as pd
import pytest

from lib.design.stories import Likeness, sets_digest, story
from lib.errors import SpecError
from lib.sensitivity.doubted import doubted, without_sets
from lib.spec import AnalysisSpec, NotComparable
from lib.steps import Steps
from lib.words.labels import Labels
from lib.words.stories import doubted_sentence, story_sentences, story_table
from lib.words.to_quote import quoted_test
from pages.ui.samples import read_sample
from tests.invariants import assert_losses, assert_set_weights


@pytest.fixture(scope="module")
def sample() -> Steps:
    """The sample study."""
    table, _, spec = read_sample("msc_covid19")
    return Steps(table, spec)


def test_a_gap_is_the_difference_of_means_in_sds_of_everybody_analysed(sample: Steps):
    for number in (1, 5, 8):
        told = story(sample.cohort, sample.comparison, number)
        ages = sample.cohort.covariates["age"]
        by_hand = (ages.iloc[told.treated].mean() - ages.iloc[told.controls].mean()) / ages.std(ddof=1)
        found = next(one for one in told.covariates if one.covariate == "age")
        assert found.gap == pytest.approx(by_hand, abs=1e-12)
        assert found.alike == (abs(by_hand) <= 0.5)


def test_the_stories_hold_every_matched_patient_once(sample: Steps):
    told = [story(sample.cohort, sample.comparison, number + 1) for number in range(sample.comparison.n_sets)]
    rows = np.concatenate([np.concatenate([one.treated, one.controls]) for one in told])
    assert sorted(rows) == sorted(np.flatnonzero(sample.comparison.matched))
    with pytest.raises(IndexError):
        story(sample.cohort, sample.comparison, sample.comparison.n_sets + 1)


def test_levels_are_alike_when_half_of_the_pairs_agree():
    same = Likeness("sex", np.array(["f"], object), np.array(["f", "m"], object), float("nan"), 0.5)
    other = Likeness("sex", np.array(["f"], object), np.array(["m", "m"], object), float("nan"), 0.0)
    flat = Likeness("x", np.ones(1), np.ones(3), float("nan"), float("nan"))
    assert same.alike and flat.alike and not other.alike


def test_the_words_name_what_is_apart_furthest_first(sample: Steps):
    told = story(sample.cohort, sample.comparison, 2)
    alike, unlike = story_sentences(told, Labels.of(sample.spec))
    assert alike.startswith("Alike in 3 of 7 covariates: Age (43 v 37 to 56 years)")
    assert unlike.index("Lymphocytes") < unlike.index("Ferritin") < unlike.index("SOFA")
    assert "1.8 SD lower" in unlike
    table = story_table(told, Labels.of(sample.spec))
    assert len(table.marks) == 4 and len(table.rows) == 7


def test_no_story_reads_an_outcome(sample: Steps):
    words = " ".join(story_sentences(story(sample.cohort, sample.comparison, 1), Labels.of(sample.spec)))
    assert "eath" not in words and "urviv" not in words


def said(number: int, sets: str, late: bool = False) -> NotComparable:
    """An entry."""
    return NotComparable(number=number, sets=sets, reason="pregnant", after_opening=late)


def with_entries(spec: AnalysisSpec, *entries: NotComparable) -> AnalysisSpec:
    """The spec with them."""
    return spec.replace(sensitivity=spec.sensitivity.model_copy(update={"not_comparable": entries}))


def test_a_spec_without_entries_is_named_as_before(sample: Steps):
    assert "not_comparable" not in sample.spec.to_json()
    one = with_entries(sample.spec, said(2, sets_digest(sample.comparison)))
    assert one.digest != sample.spec.digest
    assert AnalysisSpec.from_json(one.to_json()) == one


def test_the_doubted_sets_are_left_out_and_the_main_analysis_stays(sample: Steps):
    made = sample.comparison
    spec = with_entries(sample.spec, said(2, sets_digest(made)), said(5, sets_digest(made), late=True))
    steps = sample.other(spec)
    found = doubted(steps)
    left = without_sets(made, [2, 5])
    assert steps.comparison is made  # the main analysis does not know of it
    assert_set_weights(sample.cohort, left)
    assert_losses(sample.cohort, left)
    gone = np.isin(made.set_of_row, [1, 4])
    assert not left.matched[gone].any() and left.matched[~gone & made.matched].all()
    assert left.losses["reason"].tolist() == ["its set was called not comparable"] * 2
    assert found.n_sets == 6 and found.after_opening == 1
    counted = next(o for o in found.outcomes if o.name == "death_28d")
    assert quoted_test(counted).n_units == 6
    assert doubted_sentence(found, 8) == (
        "Called not comparable: set 2 and 5, so 6 of 8 sets are left. 1 of them was said after outcomes were opened."
    )


def test_an_entry_of_other_sets_changes_nothing_and_is_counted(sample: Steps):
    found = doubted(sample.other(with_entries(sample.spec, said(2, "00000000"))))
    assert (found.said, found.stale, found.outcomes) == ((), 1, ())
    assert "design was changed since" in doubted_sentence(found, 8)


def test_what_cannot_be_is_a_sentence(sample: Steps):
    made = sample.comparison
    with pytest.raises(SpecError, match="nobody is left"):
        without_sets(made, list(range(1, 9)))
    with pytest.raises(SpecError, match="no set 9"):
        without_sets(made, [9])
    replaced = sample.spec.matching.model_copy(update={"replace": True})
    with pytest.raises(SpecError, match="apart"):
        without_sets(sample.other(sample.spec.replace(matching=replaced)).comparison, [1])


def test_the_digest_names_who_is_in_which_set(sample: Steps):
    other = sample.other(sample.spec.replace(matching=sample.spec.matching.model_copy(update={"ratio": 2})))
    again = Steps(sample.table, sample.spec).comparison
    assert sets_digest(sample.comparison) == sets_digest(again) != sets_digest(other.comparison)
    assert pd.Series(list(sets_digest(again))).isin(list("0123456789abcdef")).all()
