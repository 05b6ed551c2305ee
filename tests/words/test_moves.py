"""A p by set that is no evidence is not printed as one."""

from dataclasses import replace

from lib.face.summary import outcomes_block
from lib.inference.notes import Note
from lib.words import moves
from lib.words.labels import Labels
from lib.words.outcomes import summary_sentence, table_two
from tests.design.test_moves import steps, table


def test_no_p_is_printed_where_the_sets_are_too_unlike() -> None:
    made = steps(table(16, 60, 0.2))
    fine = made.outcomes[0]
    poor = replace(fine, notes=(*fine.notes, Note(moves.NO_EVIDENCE, "warning", fine.name, "Inside the sets so far.")))
    assert fine.quoted.evidence and not poor.quoted.evidence
    assert "Counted by matched set: p" in summary_sentence(fine)
    assert "Counted by matched set" not in summary_sentence(poor) and "inside the sets so far." in summary_sentence(
        poor
    )
    assert [moves.TOO_UNLIKE in str(outcomes_block((one,))) for one in (fine, poor)] == [False, True]
    told = [str(table_two((one,), made.cohort, made.comparison, Labels.of(made.spec))) for one in (fine, poor)]
    assert [moves.TOO_UNLIKE in text for text in told] == [False, True]
