"""The glossary: every term has a plain word that is not the term, and a source with a year."""

import re

from lib.words.terms import TERMS, terms_table


def test_every_term_has_a_plain_word_and_a_source_with_a_year():
    for term in TERMS:
        assert all(term) and term.plain.casefold() != term.name.casefold()
        assert re.search(r"\b(19|20)\d\d\b", term.source), term
        assert term.means.endswith("."), term


def test_no_term_stands_twice():
    assert len({term.name for term in TERMS}) == len({term.plain for term in TERMS}) == len(TERMS)


def test_the_table_finds_a_term_by_its_plain_word_and_by_its_name():
    assert [row[1] for row in terms_table("how near a control").rows] == ["caliper"]
    assert any(row[1] == "caliper" for row in terms_table("CALIPER").rows)
    assert terms_table("no such word").rows == ()
    assert len(terms_table().rows) == len(TERMS)
