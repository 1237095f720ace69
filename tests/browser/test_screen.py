"""The annotation screen under real fingers: keys held down, double clicks, windows, sessions that
end, slow servers, phones.
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chrome import chromium, sign_in
from tests.services.running import Running, running
from tests.services.site import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]
PAGE = "/projects/library-notes/annotate/"


@pytest.fixture(scope="module")
def site() -> Iterator[Running]:
    with running() as made:
        yield made


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as made:
        yield made


@pytest.fixture
def page(site: Running, browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    made = context.new_page()
    sign_in(made, site.url, "annotator", site.accounts["annotator"])
    made.goto(site.url + PAGE)
    made.wait_for_timeout(600)  # a skip right after an item appears is taken for a double click
    yield made
    context.close()


def shown(page: Page) -> str:
    return page.locator("[name=assignment]").first.input_value()


def n_skipped(page: Page, site: Running) -> int:
    page.goto(f"{site.url}/projects/library-notes/answers/")
    return page.get_by_role("button", name="Answer it after all").count()


def moved_on(page: Page, old: str) -> None:
    page.wait_for_function(
        "old => document.querySelector('[data-answer] [name=assignment]').value !== old", arg=old
    )


def test_holding_the_skip_key_skips_one_item_and_z_takes_it_back(page: Page, site: Running) -> None:
    first = page.locator("[data-answer] [name=assignment]").input_value()
    before = page.locator(".pace").inner_text()
    page.keyboard.down("s")
    for _ in range(20):
        page.keyboard.down("s")  # what a held key sends
        page.wait_for_timeout(35)
    page.keyboard.up("s")
    moved_on(page, first)
    expect(page.locator("[data-skipped]")).to_be_visible()

    page.keyboard.press("z")

    page.wait_for_function(
        "old => document.querySelector('[data-answer] [name=assignment]').value === old", arg=first
    )
    assert page.locator(".pace").inner_text() == before
    assert n_skipped(page, site) == 0


def test_a_double_click_on_skip_skips_one_item(page: Page, site: Running) -> None:
    before = n_skipped(page, site)
    page.goto(site.url + PAGE)
    page.wait_for_timeout(600)
    place = page.locator("[data-skip]").bounding_box()
    assert place is not None
    x, y = place["x"] + 10, place["y"] + 10
    page.mouse.click(x, y)
    page.wait_for_timeout(250)
    page.mouse.click(x, y)
    page.wait_for_timeout(800)

    assert n_skipped(page, site) == before + 1


def test_the_second_choice_can_be_taken_back_by_mouse_and_is_no_invisible_tab_stop(
    page: Page,
) -> None:
    page.locator(".primary").nth(0).click()
    second = page.locator(".secondary").nth(1)
    second.click()
    assert page.locator("[name=secondary]:checked").count() == 1

    second.click()

    assert page.locator("[name=secondary]:checked").count() == 0
    page.locator("h1").first.focus()
    for _ in range(25):
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.closest('.no-second') === null")


@pytest.mark.parametrize(
    ("code", "key"), [("KeyE", "у"), ("KeyE", "ε"), ("KeyE", "ث"), ("KeyE", "e")]
)
def test_letters_go_by_their_place_on_every_keyboard(page: Page, code: str, key: str) -> None:
    page.evaluate(
        "([code, key]) => document.body.dispatchEvent("
        "new KeyboardEvent('keydown', {code, key, bubbles: true, cancelable: true}))",
        [code, key],
    )

    assert page.locator("[name=confidence]:checked").input_value() == "3"


def test_a_number_pad_without_numlock_chooses_nothing(page: Page) -> None:
    page.keyboard.press("2")
    for code, key in (("Numpad1", "End"), ("Numpad4", "ArrowLeft"), ("Numpad3", "PageDown")):
        page.evaluate(
            "([code, key]) => document.body.dispatchEvent("
            "new KeyboardEvent('keydown', {code, key, bubbles: true, cancelable: true}))",
            [code, key],
        )

    assert page.locator("[name=primary]:checked").get_attribute("data-hotkey") == "2"


def test_a_draft_survives_a_reload(page: Page) -> None:
    page.keyboard.press("3")
    page.keyboard.press("w")
    page.locator("details.more summary").click()
    page.locator("#rationale").fill("because of the tone")

    page.reload()

    assert page.locator("[name=primary]:checked").get_attribute("data-hotkey") == "3"
    assert page.locator("[name=confidence]:checked").input_value() == "2"
    assert page.locator("#rationale").input_value() == "because of the tone"


def test_a_message_goes_when_what_it_asked_for_is_done(page: Page) -> None:
    page.reload()
    page.evaluate("localStorage.clear()")
    page.reload()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Say how sure you are.")).to_be_visible()

    page.keyboard.press("q")

    expect(page.get_by_text("Say how sure you are.")).to_have_count(0)


def test_a_slow_server_dims_the_item_warns_late_and_loses_no_key(page: Page) -> None:
    first = page.locator("[data-answer] [name=assignment]").input_value()

    slow = page.context.new_cdp_session(page)
    slow.send("Network.enable")
    limits = {"offline": False, "latency": 1000, "downloadThroughput": -1, "uploadThroughput": -1}
    slow.send("Network.emulateNetworkConditions", limits)
    for key in ("1", "t", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("main[aria-busy=true]")).to_have_count(1, timeout=900)
    expect(page.locator("[data-outbox]")).to_be_hidden()
    page.keyboard.press("2")
    page.keyboard.press("r")
    moved_on(page, first)

    expect(page.locator("main[aria-busy=true]")).to_have_count(0)
    assert page.locator("[name=primary]:checked").get_attribute("data-hotkey") == "2"
    assert page.locator("[name=confidence]:checked").input_value() == "4"
    page.evaluate("localStorage.clear()")


def test_a_sign_in_page_is_no_refusal_and_the_answer_goes_out_after_signing_in(
    page: Page, site: Running
) -> None:
    """The outbox of one window, after the session was ended in another."""
    page.context.set_offline(True)
    for key in ("1", "t", "Enter"):
        page.keyboard.press(key)
    expect(page.locator("[data-outbox]")).to_have_text("1 waiting to be sent")
    mine = page.locator("[data-answer] [name=assignment]").input_value()
    page.context.clear_cookies()
    page.context.set_offline(False)

    sign_in_link = page.get_by_role("link", name="Sign in to send 1 answer")
    expect(sign_in_link).to_be_visible(timeout=15_000)
    assert "not accepted" not in page.locator("main").inner_text()
    sign_in_link.click()
    page.fill("[name=login]", "annotator")
    page.fill("[name=password]", site.accounts["annotator"])
    page.click("button.main")

    page.wait_for_url(f"**{PAGE}")
    wait_for(
        lambda: page.evaluate("localStorage.getItem('halftone-outbox')") is None,
        20,
        "the sending after signing in",
    )
    moved_on(page, mine)


def test_a_long_text_scrolls_by_key_from_anywhere(page: Page) -> None:
    page.evaluate(
        "document.querySelector('[data-text]').textContent ="
        " Array.from({length: 400}, (_, n) => `line ${n}`).join('\\n')"
    )

    page.keyboard.press("PageDown")

    assert page.evaluate("document.querySelector('[data-text]').scrollTop") > 100


def test_on_a_phone_submit_is_always_in_sight(page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})

    place = page.locator(".finish button.main").bounding_box()

    assert place is not None and place["y"] + place["height"] <= 844
