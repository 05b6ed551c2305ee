"""What visitors do, in a real browser: from a link or a CSV to a matched file; nobody sees others' patients."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, go_to, open_sample, settle
from tests.conftest import SAMPLES

PAGES = {
    "": "MatchLens",
    "cohort": "MatchLens",
    "matching": "Match",
    "balance": "Alike?",
    "outcomes": "Answer",
    "sensitivity": "Robust?",
    "report": "Report",
    "verify": "Verify a report",
    "published_study": "About this example",
    "check_a_paper": "Check a paper",
}
# without the sample
MENU = [
    "Data",
    "Match",
    "Alike?",
    "Answer",
    "Robust?",
    "Report",
    "Check a paper",
    "Verify a report",
]  # without the sample


@pytest.fixture
def cold(browser: Browser, tmp_path: Path) -> Iterator[Server]:
    """A server that nobody has visited yet."""
    running = Server(tmp_path / "log.txt")
    yield running
    running.stop()


def semicolons(path: Path) -> bytes:
    """The sample as a French or German Excel writes it: semicolons, decimal commas, Windows-1252, an accent."""
    rows = list(csv.reader(io.StringIO(path.read_text())))
    rows[0] = ["créatinine" if name == "creatinine" else name for name in rows[0]]
    comma = [[re.sub(r"^(\d+)\.(\d+)$", r"\1,\2", cell) for cell in row] for row in rows]
    return "\r\n".join(";".join(row) for row in comma).encode("cp1252")


def upload(page: Page, name: str, content: bytes) -> None:
    """Choose a file on the first screen."""
    page.locator("input[type=file]").first.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    page.get_by_text("rows,").first.wait_for()
    settle(page)


@pytest.mark.parametrize("path", PAGES)
def test_a_cold_deep_link_opens_its_page(cold: Server, page: Page, path: str):
    page.goto(f"{cold.url}/{path}")
    expect(page.get_by_role("heading", name=PAGES[path], level=1)).to_be_visible()
    settle(page)
    links = page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(links).to_have_count(len(MENU))
    assert [text.split("\n")[-1].strip() for text in links.all_inner_texts()] == MENU
    assert page.get_by_text("Traceback").count() == 0


def test_a_deep_link_to_the_first_page_opens_it_on_a_warm_server(server: Server, page: Page):
    open_sample(page, server)
    page.goto(f"{server.url}/cohort")
    expect(page.get_by_role("heading", name="MatchLens", level=1)).to_be_visible()  # a new visit, without a table
    settle(page)
    assert page.get_by_text("Page not found").count() == 0
    expect(page.get_by_test_id("stSidebarNav").get_by_role("link")).to_have_count(len(MENU))


def test_about_this_example_is_in_the_menu_only_while_the_sample_is_open(server: Server, page: Page):
    open_sample(page, server)
    link = page.get_by_test_id("stSidebarNav").get_by_role("link", name="About this example")
    expect(link).to_be_visible()
    page.get_by_role("button", name="Remove the data").click()
    expect(page.get_by_role("heading", name="MatchLens", level=1)).to_be_visible()
    expect(link).to_have_count(0)


def test_the_first_screen_leads_straight_to_the_samples_answer(server: Server, page: Page):
    page.goto(server.url)
    page.get_by_role("button", name="Straight to its answer").click()
    expect(page.get_by_role("heading", name="Answer", level=1)).to_be_visible()
    settle(page)
    expect(page.get_by_text("0 of 8").first).to_be_visible()


def test_the_tour_leads_from_page_to_page_until_it_is_ended(server: Server, page: Page):
    open_sample(page, server)
    tour = page.locator(".st-key-tour")
    for title in ("Match", "Alike?", "Answer", "Robust?"):
        tour.get_by_role("link", name=title).click()
        expect(page.get_by_role("heading", name=title, level=1)).to_be_visible()
        settle(page)
    tour.get_by_role("button", name="End the tour").click()
    expect(tour).to_have_count(0)
    go_to(page, "Match")
    expect(tour).to_have_count(0)


def test_the_glossary_finds_a_word(server: Server, page: Page):
    page.goto(server.url)
    page.get_by_role("button", name="Words used here").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("caliper", exact=True)).to_be_visible()
    dialog.get_by_role("textbox").fill("hidden")
    dialog.get_by_role("textbox").press("Enter")
    expect(dialog.get_by_text("caliper", exact=True)).to_have_count(0)
    expect(dialog.get_by_text("E-value").first).to_be_visible()


def test_from_a_semicolon_csv_to_the_matched_csv(server: Server, page: Page):
    page.goto(server.url)
    upload(page, "clinic.csv", semicolons(SAMPLES / "msc_covid19.csv"))
    expect(page.get_by_text("clinic, 255 rows, 27")).to_be_visible()
    page.get_by_text(re.compile("How the file was read")).click()
    expect(page.get_by_text(re.compile("semicolon", re.I)).first).to_be_visible()
    go_to(page, "Match")
    page.get_by_text("Who is compared with whom?").first.click()
    page.get_by_text("The match in numbers").first.click()
    metric = page.get_by_test_id("stMetric").filter(has_text="Treated matched")
    with page.expect_download() as download:
        page.get_by_role("button", name=re.compile("matched.csv")).click()
    rows = list(csv.DictReader(Path(download.value.path()).read_text().splitlines()))
    matched = [row for row in rows if float(row["weights"]) > 0]
    treated = [row["subclass"] for row in matched if row["group"] == "MSC"]
    assert sorted(treated) == sorted({row["subclass"] for row in matched})  # one treated patient in every set
    expect(metric).to_contain_text(str(len(treated)))
    go_to(page, "Alike?")
    expect(page.get_by_role("heading", name=re.compile("Table 1")).first).to_be_visible()
    go_to(page, "Answer")
    expect(page.get_by_role("heading", name=re.compile("Table 2")).first).to_be_visible()
    assert page.get_by_text(re.compile(r"\b(nan|inf)\b")).count() == 0


def test_the_sample_shows_the_printed_p_and_the_p_by_set(server: Server, page: Page):
    open_sample(page, server)
    go_to(page, "Answer")
    table = page.get_by_test_id("stTable").filter(has_text="Whole control cohort").first
    expect(table).to_contain_text("0 to 5 of 8 prevented")
    expect(table).to_contain_text("exact, 8 sets")
    page.get_by_text("Counted otherwise").first.click()
    pairs = page.get_by_test_id("stTable").filter(has_text="p, sets ignored").first
    expect(pairs).to_contain_text("0.025")
    expect(pairs).to_contain_text("24 pairs from 8 treated patients")


def test_two_visitors_do_not_see_each_others_data(server: Server, browser: Browser):
    first, second = browser.new_context(), browser.new_context()
    try:
        one, two = first.new_page(), second.new_page()
        one.goto(server.url)
        upload(one, "secret_study.csv", semicolons(SAMPLES / "msc_covid19.csv"))
        two.goto(server.url)
        settle(two)
        assert two.get_by_text("secret_study").count() == 0
        go_to(two, "Match")
        expect(two.get_by_text("There is no cohort yet.")).to_be_visible()
        go_to(one, "Match")
        expect(one.get_by_text(re.compile(r"treated are matched with \d+ controls")).first).to_be_visible()
    finally:
        first.close()
        second.close()


def test_reloading_the_tab_forgets_the_upload(server: Server, page: Page):
    page.goto(server.url)
    upload(page, "clinic.csv", semicolons(SAMPLES / "msc_covid19.csv"))
    page.on("dialog", lambda dialog: dialog.accept())  # the browser asks first
    page.reload()
    settle(page)
    assert page.get_by_text("clinic, 255 rows, 27").count() == 0


def test_a_bad_file_is_one_sentence_and_the_page_lives_on(server: Server, page: Page):
    page.goto(server.url)
    page.locator("input[type=file]").first.set_input_files(
        {"name": "book.csv", "mimeType": "text/csv", "buffer": b"PK\x03\x04" + bytes(range(256)) * 9}
    )
    expect(page.get_by_role("alert").first).to_be_visible()
    assert page.get_by_text("Traceback").count() == 0
    page.get_by_role("button", name="Open the sample study").click()
    settle(page)
    expect(page.get_by_text("msc_covid19, 255 rows, 27")).to_be_visible()


def test_on_a_telephone_the_menu_closes_after_a_choice(server: Server, page: Page):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(server.url)
    settle(page)
    page.get_by_test_id("stExpandSidebarButton").click()
    go_to(page, "Check a paper")
    expect(page.get_by_test_id("stSidebarNav")).not_to_be_in_viewport()
