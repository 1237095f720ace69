"""One story from the sign-in to a model's answer: Chromium, real Redis, real Celery, on the
database under test.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.chrome import chromium, sign_in
from tests.services.running import Running, running
from tests.services.site import wait_for

pytestmark = [pytest.mark.journey, pytest.mark.timeout(400)]
SLUG = "library-notes"
PAGES = (
    "",
    "annotate/",
    "answers/",
    "items/",
    "items/?show=skipped",
    "people/",
    "agreement/",
    "plan/",
    "guidelines/",
    "data/",
    "datasets/",
    "datasets/1/",
    "trainings/",
    "models/",
    "settings/",
    "invitations/",
    "../../keys/",
    "../../new/",
)
SIZES = ((1440, 900), (390, 844))
N_ANSWERS = 20


def test_from_sign_in_to_prediction() -> None:
    with running() as site, chromium() as browser:
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        complaints: list[str] = []
        page.on(
            "console",
            lambda message: (
                complaints.append(f"{page.url}: {message.text}")
                if message.type == "error"
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(f"{page.url}: {error}"))
        sign_in(page, site.url, "demo", site.accounts["demo"])

        annotate_by_keyboard(page, site)
        go_back_and_change(page, site)
        see_own_reliability(page, site)
        train_and_watch(page, site)
        ask_the_model(page, site)
        assert complaints == []

        for size in SIZES:
            for scheme in ("light", "dark"):
                look_at_every_page(page, site, size, scheme)
        assert complaints == []


def annotate_by_keyboard(page: Page, site: Running) -> None:
    page.goto(f"{site.url}/projects/{SLUG}/annotate/")
    seen = set()
    for n in range(N_ANSWERS):
        assignment = page.locator("[data-answer] [name=assignment]").input_value()
        seen.add(assignment)
        page.keyboard.press(str(1 + n % 4))
        if n % 3 == 0:
            page.keyboard.press(f"Shift+Digit{1 + (n + 1) % 4}")
        page.keyboard.press("qwert"[n % 5])
        page.keyboard.press("Enter")
        page.wait_for_function(
            "old => document.querySelector('[data-answer] [name=assignment]').value !== old",
            arg=assignment,
        )
    assert len(seen) == N_ANSWERS
    expect(page.locator(".pace")).to_contain_text(f"{N_ANSWERS} in all")


def go_back_and_change(page: Page, site: Running) -> None:
    page.keyboard.press("Backspace")
    page.wait_for_url("**/answers/**")
    expect(page.locator(".pace")).to_contain_text("Changing an earlier answer")
    page.keyboard.press("2")
    page.keyboard.press("t")
    page.keyboard.press("Enter")
    page.wait_for_url("**/annotate/")
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    expect(page.locator("[data-guidelines] details")).not_to_have_attribute("open", "")
    assert "Complaint" in page.request.get(f"{site.url}/projects/{SLUG}/answers/").text()


def see_own_reliability(page: Page, site: Running) -> None:
    def row() -> str:
        page.goto(f"{site.url}/projects/{SLUG}/people/")
        return page.locator(
            "tr", has=page.get_by_role("rowheader", name="demo", exact=True)
        ).first.inner_text()

    wait_for(
        lambda: "not enough" not in row() and "–" not in row().split("\t")[5],
        90,
        "reliability of the new annotator",
    )
    page.goto(f"{site.url}/projects/{SLUG}/items/")
    assert page.locator("svg.distribution").count() > 30


def train_and_watch(page: Page, site: Running) -> None:
    page.goto(f"{site.url}/projects/{SLUG}/datasets/")
    page.get_by_role("button", name="Freeze").click()
    page.wait_for_url("**/datasets/2/")
    page.get_by_role("link", name="Train on it").click()
    page.get_by_role("button", name="Train").click()
    page.wait_for_url("**/trainings/*-*/")
    page.get_by_text("On the test split").wait_for(timeout=120_000)
    assert page.locator("#live svg[role=img]:visible").count() == 1


def ask_the_model(page: Page, site: Running) -> None:
    page.goto(f"{site.url}/projects/{SLUG}/models/")
    page.fill("textarea", "Thank you, the staff were wonderful and the room is lovely.")
    page.get_by_role("button", name="Ask model").click()
    expect(page.locator(".verdict")).to_be_visible(timeout=60_000)
    expect(page.get_by_text("by Halftone itself").first).to_be_visible()


def look_at_every_page(page: Page, site: Running, size: tuple[int, int], scheme: str) -> None:
    page.set_viewport_size({"width": size[0], "height": size[1]})
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in PAGES:
        page.goto(f"{site.url}/projects/{SLUG}/{path}")
        found = Axe().run(page).response["violations"]
        assert [
            (violation["id"], [node["target"] for node in violation["nodes"][:3]])
            for violation in found
        ] == [], f"{path} {size} {scheme}"
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (
            f"{path} is wider than {size[0]} px"
        )


def test_the_demo_says_one_clear_thing_when_its_port_is_taken() -> None:
    with running() as site:
        port = site.url.rsplit(":", 1)[1]
        second = site.site.python("manage.py", "demo", "--port", port)
        third = site.site.python(
            "manage.py",
            "demo",
            "--port",
            port,
            env=site.site.environment | {"RUN_DIR": str(site.site.folder / "other")},
        )

        assert "running already" in second.communicate(timeout=60)[0]
        assert f"Port {port} is taken" in third.communicate(timeout=60)[0]
        assert (second.returncode, third.returncode) == (1, 1)
