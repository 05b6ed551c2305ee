"""The Presentation page in a real browser: keys, places, nothing over anything, the way in and out."""

import io
import time

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Server, go_to, open_sample, settle

SIZES = [(1280, 720), (1920, 1080)]
SECONDS = 0.3  # a step from one slide to the next
SEEN = "[...document.querySelectorAll('.deck-slide')].map(e => getComputedStyle(e).visibility === 'visible')"
LEAVES = """() => {
  const inside = (a, b) =>
    a.left >= b.left - 2 && a.right <= b.right + 2 && a.top >= b.top - 2 && a.bottom <= b.bottom + 2;
  const over = (a, b) => a.left < b.right - 2 && b.left < a.right - 2 && a.top < b.bottom - 2 && b.top < a.bottom - 2;
  const found = [];
  for (const slide of document.querySelectorAll('.deck-slide')) {
    const whole = slide.getBoundingClientRect();
    const parts = [...slide.querySelectorAll('h1, .deck-slide > p, td, th, .deck-body > p, .deck-box > div, img')];
    const places = parts.map(part => {
      const range = document.createRange(); range.selectNodeContents(part);
      return part.tagName === 'IMG' ? part.getBoundingClientRect() : range.getBoundingClientRect(); });
    places.forEach((a, i) => {
      if (!inside(a, whole)) found.push(['leaves', parts[i].textContent]);
      const size = parseFloat(getComputedStyle(parts[i]).fontSize);
      if (size < 16) found.push(['small', parts[i].textContent]);
      places.forEach((b, j) => { if (i < j && parts[i].tagName !== 'IMG' && parts[j].tagName !== 'IMG' && over(a, b))
        found.push(['over', parts[i].textContent, parts[j].textContent]); });
    });
  }
  return found;
}"""


def present(page: Page) -> None:
    """Open the slides from the sidebar."""
    page.get_by_test_id("stSidebar").get_by_role("link", name="Presentation").first.click()
    page.locator(".deck-slide").first.wait_for(state="attached")
    page.wait_for_function(f"{SEEN}.includes(true)")
    settle(page)


def seen(page: Page) -> list[int]:
    """Which slides are seen."""
    return [place for place, visible in enumerate(page.evaluate(SEEN)) if visible]


def test_keys_go_from_slide_to_slide_and_escape_goes_back(server: Server, page: Page):
    open_sample(page, server)
    go_to(page, "Alike?")
    present(page)
    many = page.locator(".deck-slide").count()
    assert seen(page) == [0] and many >= 10
    for key, wanted in (
        ("ArrowRight", 1),
        (" ", 2),
        ("PageDown", 3),
        ("ArrowLeft", 2),
        ("PageUp", 1),
        ("End", many - 1),
        ("ArrowRight", many - 1),
        ("Home", 0),
        ("ArrowLeft", 0),
    ):
        start = time.monotonic()
        page.keyboard.press(key)
        page.wait_for_function(f"{SEEN}.indexOf(true) === {wanted}")
        assert time.monotonic() - start < SECONDS and seen(page) == [wanted]
    page.keyboard.press("Escape")
    page.get_by_role("heading", name="Alike?", level=1).wait_for()
    expect(page.get_by_test_id("stSidebar")).to_be_visible()
    page.keyboard.press("ArrowRight")  # a key does nothing once the slides are left
    assert page.locator(".deck-slide").count() == 0


@pytest.mark.parametrize("width", [390, 900])
def test_a_slide_lies_whole_on_a_window_narrower_than_itself(server: Server, browser: Browser, width: int):
    visitor = browser.new_context(viewport={"width": 1280, "height": 900})
    try:
        page = visitor.new_page()
        open_sample(page, server)
        present(page)
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(500)
        box = page.locator(".deck-slide").first.bounding_box()
        assert (box["x"], box["width"]) == (pytest.approx(0, abs=2), pytest.approx(width, abs=2))
    finally:
        visitor.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", SIZES)
def test_slides_are_white_and_nothing_overlaps(server: Server, browser: Browser, size: tuple[int, int], scheme: str):
    visitor = browser.new_context(viewport={"width": size[0], "height": size[1]}, color_scheme=scheme)
    try:
        page = visitor.new_page()
        open_sample(page, server)
        present(page)
        assert page.evaluate(LEAVES) == []
        for hidden in ("stSidebar", "stHeader"):
            expect(page.get_by_test_id(hidden)).not_to_be_visible()
        box = page.locator(".deck-slide").first.bounding_box()
        assert (box["width"], box["height"]) == (pytest.approx(size[0], abs=2), pytest.approx(size[1], abs=2))
        assert page.get_by_role("button").count() == 0
        picture = Image.open(io.BytesIO(page.screenshot())).convert("RGB")
        corners = [(2, 2), (size[0] - 3, 2), (2, size[1] - 3), (size[0] - 3, size[1] - 3)]
        assert [picture.getpixel(corner) for corner in corners] == [(255, 255, 255)] * 4
    finally:
        visitor.close()
