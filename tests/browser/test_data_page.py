"""The Data page as a visitor meets it: three boxes, questions answered by a click, files as people have them."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, go_to, open_sample, settle
from tests.conftest import ROOT
from tests.io.workbooks import of_rows

CASES = ROOT / "tests/data/cases"


def upload(page: Page, server: Server, *files: str | dict) -> None:
    """Choose files on the first screen."""
    page.goto(server.url)
    chosen = [str(CASES / file) if isinstance(file, str) else file for file in files]
    page.locator("input[type=file]").first.set_input_files(chosen)
    settle(page)


def box(page: Page, name: str):
    """One of the boxes: treated, before, after, unused."""
    return page.locator(f".st-key-box-{name}")


def csv_file(name: str, text: str) -> dict:
    """A file to choose that stands nowhere."""
    return {"name": name, "mimeType": "text/csv", "buffer": text.encode()}


def answer(page: Page, words: str) -> None:
    """Click one answer of a question; the page may still be drawn when it first shows."""
    page.get_by_text(words, exact=True).wait_for()
    settle(page)
    page.wait_for_timeout(500)
    settle(page)
    page.get_by_text(words, exact=True).click()
    settle(page)
    page.wait_for_timeout(1000)
    settle(page)


def next_step(page: Page):
    """The link or button to the next page."""
    return page.get_by_role("link", name="Next: match")


def test_every_column_stands_in_a_box_with_its_reason(page: Page, server: Server):
    upload(page, server, "cohorte_chu.csv")
    expect(box(page, "treated")).to_contain_text("Groupe")
    expect(box(page, "before")).to_contain_text("IGS II")
    expect(box(page, "after")).to_contain_text('event "Décédé" in Statut J90')
    expect(box(page, "unused")).to_contain_text("Commentaire")
    expect(page.get_by_text(re.compile("14 treated → 10 usable"))).to_be_visible()
    expect(next_step(page)).to_be_visible()


def test_from_a_clinic_file_to_a_matched_outcome_in_six_decisions(page: Page, server: Server):
    upload(page, server, "cohorte_chu.csv")  # 1: the file
    answer(page, "Half of the limit")  # 2: what "<0,3" stands for
    page.get_by_role("button", name="Leave them all out").click()  # 3: nobody is lost
    settle(page)
    expect(page.get_by_text(re.compile(r"All 14 treated are usable|All 14 treated and"))).to_be_visible()
    next_step(page).click()  # 4
    page.get_by_role("heading", name="Match", level=1).wait_for()
    settle(page)
    go_to(page, "Answer")  # 5
    expect(page.locator(".st-key-answer-arms")).to_contain_text("Treated")
    assert page.get_by_text("Traceback").count() == 0


def test_an_ambiguous_event_is_asked_and_the_next_step_waits(page: Page, server: Server):
    rows = "".join(
        f"P{i},{'MSC' if i % 4 == 0 else 'control'},{50 + i % 20},{5 + i % 9},{1 + i % 2}\n" for i in range(60)
    )
    upload(page, server, csv_file("lung.csv", "id,arm,age,time,status\n" + rows))
    expect(page.get_by_role("button", name="Next: match")).to_be_disabled()
    question = page.locator("[class*=st-key-question-blocking]")
    expect(question).to_contain_text("status")
    question.get_by_text('"2"', exact=True).click()
    settle(page)
    expect(next_step(page)).to_be_visible()
    expect(box(page, "after")).to_contain_text('event "2" in status')


def test_a_page_further_on_sends_back_to_an_open_question(page: Page, server: Server):
    upload(page, server, "16_x_mark.csv")
    go_to(page, "Answer")
    expect(page.get_by_text("A question about your data is still open.")).to_be_visible()
    page.get_by_role("link", name="Go to the Data page").click()
    expect(page.locator("[class*=st-key-question-blocking]")).to_be_visible()


def test_a_german_thousands_file_asks_and_reads_by_the_answer(page: Page, server: Server):
    upload(page, server, "03_german_thousands.csv")
    answer(page, "Thousands (1.234 means 1234)")
    boxes = page.locator("[class*=st-key-box-]").filter(has_text=re.compile("ferritin.*whole number, 60", re.DOTALL))
    expect(boxes.first).to_be_visible()
    expect(page.locator("[class*=st-key-question]")).to_have_count(0)


def test_a_workbook_opens_like_any_other_file(page: Page, server: Server):
    lines = (CASES / "11_L0_plain_truth.csv").read_text().splitlines()
    book = of_rows(*(tuple(_cell(text) for text in line.split(",")) for line in lines))
    upload(page, server, {"name": "cohort.xlsx", "mimeType": "application/octet-stream", "buffer": book})
    expect(box(page, "treated")).to_contain_text("MSC (10 rows)")
    expect(box(page, "after")).to_contain_text('time days, event "1" in dead')


def _cell(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def test_repeated_ids_are_said_with_ways_out(page: Page, server: Server):
    upload(page, server, "08_repeated_ids.csv")
    expect(box(page, "treated")).to_contain_text("3 ids stand in 6 rows, one of them in both arms")
    answer(page, "Keep the first row of each patient")
    expect(box(page, "treated")).to_contain_text("the first row of each patient is analysed")
    expect(page.get_by_text("First row of each patient").first).to_be_attached()


def test_a_merge_of_spellings_can_be_undone(page: Page, server: Server):
    upload(page, server, "10c_spelling_of_sex.csv")
    page.get_by_text("How the file was read").click()
    settle(page)
    expect(page.get_by_text(re.compile('Column "sex": read'))).to_be_visible()
    page.get_by_role("button", name="Undo").first.click()
    settle(page)
    expect(
        box(page, "before").or_(box(page, "unused")).filter(has_text="Female, M, Male, female, male")
    ).to_be_visible()


def test_a_column_is_moved_by_its_name(page: Page, server: Server):
    open_sample(page, server)
    box(page, "unused").get_by_role("button", name="ICU admission").click()
    page.get_by_role("menuitem", name="Known before: only show it").or_(
        page.get_by_role("option", name="Known before: only show it")
    ).first.click()
    settle(page)
    expect(box(page, "before")).to_contain_text("ICU admission")
    box(page, "before").get_by_role("button", name="Sex", exact=True).click()
    page.get_by_text("Known before: match on it").last.click()
    settle(page)
    expect(box(page, "unused")).not_to_contain_text("Sex")


def test_an_outcome_is_added_in_its_form(page: Page, server: Server):
    open_sample(page, server)
    box(page, "after").get_by_role("button", name="Add an outcome").click()
    form = page.get_by_role("dialog")
    form.get_by_label("Name").fill("again")
    form.get_by_role("button", name="Save this outcome").click()
    expect(form.get_by_text("It is not said which value is the event.")).to_be_visible()
    form.get_by_role("button", name="Close").click()
    expect(form).to_have_count(0)


def test_two_files_are_one_cohort(page: Page, server: Server):
    def rows(arm: str, count: int) -> str:
        return "id,age,sofa,dead\n" + "".join(f"{arm}{i},{40 + i % 30},{i % 12},{i % 3 // 2}\n" for i in range(count))

    upload(page, server, csv_file("controls.csv", rows("C", 40)), csv_file("cases.csv", rows("T", 10)))
    page.get_by_test_id("stRadio").get_by_text("cases.csv").click()
    settle(page)
    expect(box(page, "treated")).to_contain_text("treated (10 rows)")
    expect(box(page, "treated")).to_contain_text("control (40 rows)")


@pytest.mark.parametrize("width", [390, 900])
def test_nothing_scrolls_sideways(page: Page, server: Server, width: int):
    page.set_viewport_size({"width": width, "height": 900})
    upload(page, server, "cohorte_chu.csv")
    main = page.get_by_test_id("stMain")
    assert main.evaluate("e => e.scrollWidth - e.clientWidth") <= 0


def test_identifiers_are_left_out_until_somebody_says_otherwise(page: Page, server: Server, tmp_path: Path):
    rows = "".join(f"{i},Dupont{i} Marie,{i % 4 // 3},{40 + i % 30},{i % 5 // 4}\n" for i in range(60))
    upload(page, server, csv_file("named.csv", "id,Nom,treated,age,dead\n" + rows))
    expect(page.get_by_text(re.compile("looks like names of persons, so it is left out"))).to_be_visible()
    page.get_by_text("The first 5 rows, as read").click()
    settle(page)
    assert page.get_by_text("Dupont").count() == 0
    page.get_by_role("button", name="Keep it").click()
    settle(page)
    expect(box(page, "unused")).to_contain_text("Nom")
