"""python -m lib check: the keys of the interface, and one sentence with a hint for what cannot be checked."""

import json

import pytest

from lib.__main__ import main


def answer(capsys: pytest.CaptureFixture, *arguments: str) -> dict:
    assert main(["check", *arguments]) == 0
    caught = capsys.readouterr()
    assert caught.err == ""
    return json.loads(caught.out)


def test_gregoire(capsys):
    found = answer(capsys, "--treated", "8", "--ratio", "3", "--events", "0", "5")
    assert {"as_pairs", "by_set", "smallest_p", "impossible"} <= set(found)
    assert found["as_pairs"]["p_low"] == found["as_pairs"]["p_high"] == pytest.approx(0.025347, abs=1e-6)
    assert (found["by_set"]["p_low"], found["by_set"]["p_high"]) == pytest.approx((0.125, 0.34082), abs=1e-5)
    assert found["by_set"]["placements"] == 5
    assert found["by_set"]["events_per_set_low"] == [3, 2]
    assert found["smallest_p"] == pytest.approx(0.25**8)
    assert found["impossible"] == [] and found["printed_p"] is None


def test_what_is_printed_beside_the_counts(capsys):
    more = ("--percent", "0", "21.0", "--p", "0.025")
    found = answer(capsys, "--treated", "8", "--controls", "24", "--events", "0", "5", *more)
    (bad,) = found["impossible"]
    assert (bad["arm"], bad["printed"], bad["n"], bad["events"]) == ("control", "21.0", 24, 5)
    assert "5 of 24 are 20.8%" in bad["text"]
    assert found["printed_p"] == {"printed": "0.025", "same_as": ["mcnemar_pairs"]}
    assert found["sentence"].endswith("the paper's 0.025 counts 8 patients as 24.")


def test_sets_one_by_one(capsys):
    found = answer(capsys, "--sets", "2", "3", "1", "--events", "0", "3")
    same = answer(capsys, "--sets", "3", "2", "1", "--events", "0", "3")
    assert found == same
    assert (found["treated"], found["controls"]) == (3, 6)


def test_a_p_that_does_not_exist_is_null(capsys):
    found = answer(capsys, "--treated", "1", "--ratio", "3", "--events", "0", "2")
    assert found["as_pairs"]["p_low"] is None and found["by_set"]["p_low"] == 1


def test_the_same_question_gives_the_same_bytes(capsys):
    asked = ["check", "--treated", "200", "--ratio", "5", "--events", "50", "300"]
    main(asked)
    first = capsys.readouterr().out
    main(asked)
    assert capsys.readouterr().out == first
    assert json.loads(first)["by_set"]["complete"] is False


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["--treated", "8"],
        ["--treated", "8", "--ratio", "3"],
        ["--treated", "8", "--ratio", "3", "--events", "5"],
        ["--treated", "8", "--ratio", "3", "--events", "9", "5"],
        ["--treated", "8", "--ratio", "3", "--events", "0", "25"],
        ["--treated", "8", "--ratio", "3", "--events", "-1", "5"],
        ["--treated", "8", "--ratio", "3", "--events", "0", "five"],
        ["--treated", "0", "--ratio", "3", "--events", "0", "0"],
        ["--treated", "8", "--ratio", "0", "--events", "0", "0"],
        ["--treated", "1000000", "--ratio", "3", "--events", "0", "0"],
        ["--treated", "x", "--ratio", "3", "--events", "0", "0"],
        ["--treated", "8", "--controls", "23", "--events", "0", "5"],
        ["--treated", "8", "--ratio", "3", "--events", "0", "5", "--percent", "0"],
        ["--treated", "8", "--ratio", "3", "--events", "0", "5", "--percent", "0", "x"],
        ["--treated", "8", "--ratio", "3", "--events", "0", "5", "--p", "x"],
    ],
)
def test_one_sentence_and_a_hint(capsys, arguments):
    assert main(["check", *arguments]) == 2
    caught = capsys.readouterr()
    sentence, hint = caught.err.rstrip("\n").split("\n")
    assert sentence.endswith(".") and hint
    assert caught.out == ""
