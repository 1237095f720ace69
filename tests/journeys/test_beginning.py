"""A study begun without a terminal: a project, its labels, items, people by a link, a plan."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chrome import chromium, sign_in
from tests.services.running import Running, running

pytestmark = [pytest.mark.journey, pytest.mark.timeout(240)]
PASSWORD = "nine-lives-of-a-cat"
PLACE = "/projects/claims-of-spring/"
ITEMS = "item_id,text\n" + "".join(f"c{n},Claim number {n} of the spring.\n" for n in range(40))


def test_a_study_is_begun_and_carried_out_without_a_terminal() -> None:
    with running() as site, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        sign_in(page, site.url, "demo", site.accounts["demo"])

        make_the_project(page, site)
        bring_items_in(page)
        link = invite_two(page, site)
        people = [come_in(browser, link, name) for name in ("Zoë", "Yusuf")]
        start_the_plan(page, site)
        answer_by_keyboard(people[0], site)
        answer_by_touch(browser, people[1], site)

        page.goto(f"{site.url}{PLACE}plan/")
        expect(page.locator(".running-plan")).to_contain_text("4 of 39 answers are given")


def make_the_project(page: Page, site: Running) -> None:
    page.get_by_role("link", name="New project").click()
    page.fill("[name=name]", "Claims of spring")
    for n, name in enumerate(("supported", "refuted", "unclear")):
        page.fill(f"[name=labels-{n}-name]", name)
    page.get_by_role("button", name="Another label").click()
    page.keyboard.type("no claim")
    page.get_by_role("button", name="Move this label up").last.click()
    page.fill("[name=guideline]", "**supported**: the evidence backs it.")
    expect(page.locator("#preview .primary .name").nth(2)).to_have_text("no claim")
    expect(page.locator("#preview .prose")).to_contain_text("the evidence backs it")
    page.get_by_role("button", name="Make the project").click()
    page.wait_for_url(f"**{PLACE}data/")


def bring_items_in(page: Page) -> None:
    file = {"name": "claims.csv", "mimeType": "text/csv", "buffer": ITEMS.encode()}
    page.set_input_files("[name=file]", file)  # type: ignore[arg-type]
    page.get_by_role("button", name="Look at the file").click()
    page.get_by_role("button", name="Bring it in").click()
    expect(page.locator("main")).to_contain_text("40", timeout=20_000)


def invite_two(page: Page, site: Running) -> str:
    page.goto(f"{site.url}{PLACE}people/")
    page.get_by_role("link", name="Make an invitation link").click()
    page.fill("[name=n_places]", "2")
    page.get_by_role("button", name="Make a link").click()
    found = re.search(r"http\S+/join/\S+", page.locator(".notice").inner_text())
    assert found is not None
    return found[0]


def come_in(browser: Browser, link: str, name: str) -> Page:
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(link)
    page.fill("[name=username]", name)
    page.fill("[name=password1]", PASSWORD)
    page.fill("[name=password2]", PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", name="Claims of spring")).to_be_visible()
    return page


def start_the_plan(page: Page, site: Running) -> None:
    page.goto(f"{site.url}{PLACE}plan/")
    numbers = {"annotators": "2", "hours": "1", "rate": "20", "double": "50", "repeat": "25"}
    for name, value in numbers.items():
        page.fill(f"[name={name}]", value)
    page.get_by_role("button", name="Work it out").click()
    page.fill("[name=gap_items]", "5")
    page.get_by_role("button", name="Start the plan").click()
    expect(page.locator(".running-plan")).to_contain_text("0 of 39 answers are given")


def shown(page: Page) -> str:
    return page.locator("[data-answer] [name=assignment]").input_value()


def moved_on(page: Page, old: str) -> None:
    page.wait_for_function(
        "old => document.querySelector('[data-answer] [name=assignment]').value !== old", arg=old
    )


def answer_by_keyboard(page: Page, site: Running) -> None:
    page.goto(f"{site.url}{PLACE}annotate/")
    for _ in range(2):
        old = shown(page)
        for key in ("1", "Shift+Digit2", "t", "Enter"):
            page.keyboard.press(key)
        moved_on(page, old)


def answer_by_touch(browser: Browser, signed_in: Page, site: Running) -> None:
    state = signed_in.context.storage_state()
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, storage_state=state
    )
    page = context.new_page()
    page.goto(f"{site.url}{PLACE}annotate/")
    for _ in range(2):
        old = shown(page)
        page.locator("label.primary").nth(1).tap()
        page.locator("label.step").nth(3).tap()
        page.get_by_role("button", name="Submit").tap()
        moved_on(page, old)
    context.close()
