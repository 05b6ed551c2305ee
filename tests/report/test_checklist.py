"""checklist.md: every item is there, and what is answered is what the analysis knows."""

import re

import pytest

from lib.report.checklist import ANSWERS, checklist_markdown
from lib.report.files import result_dict
from lib.report.methods import Context
from lib.words.methods_text_checklists import CHECKLISTS, IN_PART, NOT_HERE, OUTSIDE, RECORD, STROBE, TARGET, YAO
from lib.words.numbers import p_equals
from tests.report.samples import DESIGNS, labels_of, steps_of

AUTHORS_OWN = {  # what no program knows, by checklist
    TARGET.title: ("1a", "2", "3", "4", "6a", "6h", "7h(ii)", "14", "15", "17", "18", "20", "21"),
    STROBE.title: ("1", "2", "3", "5", "8", "12b", "12e", "18", "20", "22"),
    RECORD.title: ("1.1", "1.2", "1.3", "6.2", "12.1", "12.3"),
    YAO.title: ("1", "15"),
}


def lines_of(design: str) -> dict[str, dict[str, str]]:
    steps = steps_of(design)
    text = checklist_markdown(steps, labels_of(steps), Context(versions={"Python": "3", "MatchLens": "1"}))
    parts = dict(part.split("\n", 1) for part in text.split("\n## ")[1:])
    return {title: dict(re.findall(r"^- \*\*(\S+)\. (.+)$", part, re.MULTILINE)) for title, part in parts.items()}


def test_the_checklists_are_whole():
    assert [{item.number.rstrip("abcdefgh").split("g(")[0].split("h(")[0] for item in TARGET.items}] == [
        {str(n) for n in range(1, 22)}
    ]
    assert {re.match(r"\d+", item.number)[0] for item in STROBE.items} == {str(n) for n in range(1, 23)}
    assert len(RECORD.items) == 13
    for checklist in CHECKLISTS:
        numbers = [item.number for item in checklist.items]
        assert len(set(numbers)) == len(numbers)
        assert all(set(item.answers) <= set(ANSWERS) and (item.answers or item.write) for item in checklist.items)


@pytest.mark.parametrize("design", DESIGNS)
def test_every_item_has_one_line_and_says_who_answers(design):
    found = lines_of(design)
    for checklist in CHECKLISTS:
        lines = found[checklist.title]
        assert list(lines) == [item.number for item in checklist.items]
        for item in checklist.items:
            line = lines[item.number]
            assert item.asks in line
            assert ("Answered here" in line) + (f"** {NOT_HERE}" in line) + (OUTSIDE in line) == 1
            assert (IN_PART in line) == (bool(item.write) and "Answered here" in line)
            assert not re.search(r"signific|\[@|\bnan\b", line)


@pytest.mark.parametrize("design", ["greedy", "att_odds"])
def test_nothing_is_claimed_that_only_the_author_knows(design):
    found = lines_of(design)
    for title, numbers in AUTHORS_OWN.items():
        for number in numbers:
            assert "Answered here" not in found[title][number]


def test_answers_are_the_numbers_of_the_analysis():
    found, result = lines_of("greedy"), result_dict(steps_of("greedy"))
    assert "8 treated patients and 247 controls" in found[TARGET.title]["8"]
    assert p_equals(result["outcomes"][0]["quoted"]["p"]) in found[TARGET.title]["13"]
    assert "8 sets of 1:3" in found[STROBE.title]["6b"]
    assert "Ferritin 0 and 115" in found[YAO.title]["30"]
    assert OUTSIDE in found[YAO.title]["17"]
    assert OUTSIDE in found[YAO.title]["18"]
    assert OUTSIDE not in lines_of("att_odds")[YAO.title]["17"]
    assert "3 subclasses hold both arms" in lines_of("subclass")[YAO.title]["18"]
