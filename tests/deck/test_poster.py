"""poster.pptx: one portrait page with the question, the answer, its figure and the balance; no patient in any part."""

import pytest

from lib.documents.poster import BLOCKS, TALL, chosen, poster_bytes
from lib.words.numbers import p_value
from tests.deck.studies import forty, sample, slides
from tests.deck.test_slides_file import every_part, no_picture, opened, texts


def test_one_page_of_9_to_16_says_what_the_slides_say():
    steps = sample()
    made = slides(steps)
    file = opened(poster_bytes(made, no_picture))
    [page] = file.slides
    assert file.slide_width / file.slide_height == pytest.approx(9 / 16, abs=0.001)
    said = texts(page)
    assert page.shapes.title.text == made[0].title
    assert all(slide.takeaway in said for slide in chosen(made)) and len(chosen(made)) == BLOCKS
    primary = next(one for one in steps.outcomes if one.primary)
    assert p_value(primary.quoted.p) in said
    assert steps.spec.digest in page.notes_slide.notes_text_frame.text


@pytest.mark.parametrize("study", [sample, forty])
def test_nothing_lies_outside_the_page_and_parts_do_not_overlap(study):
    file = opened(poster_bytes(slides(study()), no_picture))
    [page] = file.slides
    for shape in page.shapes:
        assert shape.top >= 0 and shape.top + shape.height <= file.slide_height + 1, shape.name
    tops = [shape.top for shape in page.shapes if shape.name == "Title of a part"]
    assert [b - a for a, b in zip(tops, tops[1:], strict=False)] == [720 * 9525] * (len(tops) - 1)
    assert file.slide_height == TALL * 9525


def test_the_same_bytes_and_no_patient():
    steps = sample()
    data = poster_bytes(slides(steps), no_picture)
    assert data == poster_bytes(slides(steps), no_picture)
    ids = [str(name).encode() for name in steps.cohort.person_id]
    assert not [name for name, part in every_part(data).items() if any(b">" + one + b"<" in part for one in ids)]
