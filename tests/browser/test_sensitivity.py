"""The Robust? page as a visitor meets it: a cold link, a slider that answers, a grid that is run and kept."""

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, go_to, open_sample, settle

RUN_MS = 120_000  # a grid on a busy machine


def cells(page: Page, name: str) -> list[str]:
    """The cells of a row of the live table, once it is there: a busy machine draws it after the script has ended."""
    row = page.get_by_role("row", name=re.compile(name))
    expect(row).to_be_visible()
    return row.get_by_role("cell").all_inner_texts()


def as_set_above(page: Page) -> list[str]:
    """The cells of the second row of the live table."""
    return cells(page, "As set above")


def open_line(page: Page, name: str) -> None:
    """What one of the five lines opens."""
    page.get_by_text(f"Look at {name}", exact=True).click()
    settle(page)


def open_way(page: Page, name: str) -> None:
    """A way to look at other settings."""
    page.get_by_role("radio", name=name).click()
    settle(page)


def test_a_slider_moves_and_the_new_p_is_read(page: Page, server: Server):
    open_sample(page, server)
    go_to(page, "Robust?")
    open_line(page, "other settings")
    before = as_set_above(page)
    assert before[1:3] == ["8 of 8", "24"]
    slider = page.get_by_role("slider", name="Controls for each treated patient")
    slider.focus()
    slider.press("ArrowLeft")
    expect(page.get_by_role("row", name=re.compile("As set above"))).to_contain_text("16")
    settle(page)
    after = as_set_above(page)
    assert after[2] == "16"
    assert re.fullmatch(r"\d\.\d+\s+8 sets", after[-1]), "p by set, and what it counts"
    assert after[-2:] != before[-2:]
    main = cells(page, "Main analysis")
    assert main[1:] == before[1:], "the main analysis stays as it is"
    go_to(page, "Answer")
    go_to(page, "Robust?")
    assert as_set_above(page) == after, "the line stands open, the setting where it was left"


def test_the_grid_is_run_and_its_results_are_kept(page: Page, server: Server):
    open_sample(page, server)
    go_to(page, "Robust?")
    open_line(page, "other settings")
    open_way(page, "All combinations")
    page.get_by_role("button", name="Run all").click()
    expect(page.get_by_text("favour the treated")).to_be_visible(timeout=RUN_MS)
    settle(page)
    expect(page.locator(".js-plotly-plot")).to_have_count(1)
    go_to(page, "Answer")
    go_to(page, "Robust?")
    expect(page.get_by_text("favour the treated")).to_be_visible()


def test_a_cold_link_leads_to_the_page(page: Page, server: Server):
    page.goto(f"{server.url}/sensitivity")
    expect(page.get_by_role("heading", name="Robust?", level=1)).to_be_visible()
    expect(page.get_by_text("There is no cohort yet")).to_be_visible()


def test_five_lines_stand_first_and_open_a_figure_each(page: Page, server: Server):
    open_sample(page, server)
    go_to(page, "Robust?")
    for title in ("Other settings", "Other patients", "Hidden factors", "Other outcomes", "Other days"):
        expect(page.get_by_text(title, exact=True)).to_be_visible()
    expect(page.get_by_text("Stays undecided")).to_have_count(4)
    expect(page.locator(".js-plotly-plot")).to_have_count(0)
    open_line(page, "other days")
    expect(page.locator(".js-plotly-plot")).to_have_count(1)


def test_a_new_main_analysis_after_outcomes_were_seen_stamps_every_figure(page: Page, server: Server):
    open_sample(page, server)
    go_to(page, "Robust?")
    open_line(page, "other settings")
    slider = page.get_by_role("slider", name="Controls for each treated patient")
    slider.focus()
    slider.press("ArrowLeft")
    settle(page)
    page.get_by_role("button", name="Make this the main analysis").click()
    settle(page)
    go_to(page, "Alike?")
    expect(page.get_by_text("main analysis changed after outcomes were opened").first).to_be_visible()
