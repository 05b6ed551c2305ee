"""The whole way with keys alone: from the first screen to the answer, into its folds, to the slides and back; and what
has the focus is seen."""

from playwright.sync_api import Page, expect

from tests.browser.conftest import Server, settle

MOST_TABS = 120  # from one end of a page to the other
SHOWN = """() => {
  const style = getComputedStyle(document.activeElement);
  return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0) || style.boxShadow !== "none";
}"""
CLICKED = "a, button, summary, input, [role=button], [role=combobox]"
FOCUSED = f"""(() => {{ const e = document.activeElement;
  return e.matches("{CLICKED}") ? e.innerText || e.getAttribute("aria-label") || "" : ""; }})()"""


def tab_to(page: Page, words: str) -> None:
    """Tab on until something with these words has the focus, which must be seen."""
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if words in page.evaluate(FOCUSED):
            assert page.evaluate(SHOWN), f"the focus on {words} is not seen"
            return
    raise AssertionError(f"no way to {words} with the Tab key")


def enter(page: Page, words: str) -> None:
    """Tab to it and press Enter."""
    tab_to(page, words)
    page.keyboard.press("Enter")
    settle(page)


def to_the_answer(page: Page, server: Server) -> None:
    """From the first screen to the sample's answer."""
    page.goto(server.url)
    settle(page)
    enter(page, "Open the sample study")
    page.get_by_role("heading", name="Data", level=1).wait_for()
    for words, title in (("Next: match", "Match"), ("Next: are they alike", "Alike?"), ("Next: the answer", "Answer")):
        enter(page, words)
        page.get_by_role("heading", name=title, level=1).wait_for()
        settle(page)


def test_keys_alone_lead_to_the_answer_and_to_what_is_behind_it(server: Server, page: Page):
    to_the_answer(page, server)
    expect(page.locator(".st-key-answer-card")).to_contain_text("Did the treated die less often by day 28?")
    enter(page, "change")
    box = page.get_by_role("combobox", name="Outcome on the card")
    expect(box).to_be_visible()
    expect(box).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    settle(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="change")).to_be_focused()
    expect(page.locator(".st-key-answer-card")).not_to_contain_text("Did the treated die less often by day 28?")
    enter(page, "why")
    expect(page.get_by_test_id("stPopoverBody")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_test_id("stPopoverBody")).not_to_be_visible()
    enter(page, "What these sets could have found")
    expect(page.get_by_test_id("stExpander").filter(has_text="What these sets could have found").first).to_contain_text(
        "sets"
    )


def test_keys_alone_lead_to_the_slides_and_back(server: Server, page: Page):
    to_the_answer(page, server)
    enter(page, "Presentation")
    page.locator(".deck-slide").first.wait_for(state="attached")
    settle(page)
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Answer", level=1).wait_for()
    assert page.locator(".deck-slide").count() == 0
