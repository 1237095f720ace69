"""An answer given while the server is away is kept in the browser, sent once it is back, and
never in somebody else's name.
"""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.chrome import chromium, sign_in
from tests.services.running import running
from tests.services.site import wait_for

pytestmark = [pytest.mark.browser, pytest.mark.timeout(200)]
PAGE = "/projects/library-notes/annotate/"


def press(page: Page) -> str:
    """Answer the item that is shown; returns its assignment."""
    assignment = page.locator("[data-answer] [name=assignment]").input_value()
    for key in ("1", "t", "Enter"):
        page.keyboard.press(key)
    return assignment


def is_empty(page: Page) -> bool:
    return page.evaluate("localStorage.getItem('halftone-outbox')") is None


def test_an_answer_survives_a_cut_connection_and_a_sign_out() -> None:
    with running() as site, chromium() as browser:
        context = browser.new_context()
        page = context.new_page()
        sign_in(page, site.url, "annotator", site.accounts["annotator"])
        page.goto(site.url + PAGE)

        context.set_offline(True)
        press(page)
        expect(page.locator("[data-outbox]")).to_have_text("1 waiting to be sent")
        context.set_offline(False)
        wait_for(lambda: is_empty(page), 20, "the sending of the kept answer")
        expect(page.locator(".pace")).to_contain_text("1 in all")

        session = [cookie for cookie in context.cookies() if "session" in cookie["name"]]
        context.clear_cookies(name=session[0]["name"])
        press(page)
        expect(page.get_by_role("link", name="Sign in to send 1 answer")).to_be_visible()
        assert page.evaluate("JSON.parse(localStorage.getItem('halftone-outbox')).length") == 1

        sign_in(page, site.url, "demo", site.accounts["demo"])
        page.goto(site.url + PAGE)
        page.wait_for_timeout(6000)
        expect(page.locator(".pace")).to_contain_text("0 in all")
        expect(page.locator("[data-outbox]")).to_be_hidden()

        context.clear_cookies()
        sign_in(page, site.url, "annotator", site.accounts["annotator"])
        page.goto(site.url + PAGE)
        wait_for(lambda: is_empty(page), 20, "the sending after signing in again")
        page.reload()
        expect(page.locator(".pace")).to_contain_text("2 in all")
