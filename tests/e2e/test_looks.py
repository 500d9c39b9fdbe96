"""Dark and light, English and Chinese: chosen by a menu, kept, complete, and accessible in each."""

import re
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import upload
from tests.support.axe import expect_accessible
from tests.support.browser import VIEWPORT
from tests.support.server import REPOSITORY, Server

CATALOGUES = REPOSITORY / "frontend" / "src" / "i18n" / "en"
# Namespaces of the pages that are looked at here, and of what every page has.
NAMESPACES = ["common", "projects", "project", "settings", "durability"]
# The same in both languages.
UNTRANSLATED = {"English", "COCO (RLE)"}


@pytest.fixture(autouse=True)
def settings_as_they_were(api: httpx.Client) -> Iterator[None]:
    """The server keeps a person's settings, and serves the other tests, too."""
    yield
    stored = api.get("/preferences").raise_for_status().json()
    defaults = {**stored["settings"], "theme": "system", "language": None}
    api.put("/preferences", json={**stored, "settings": defaults}).raise_for_status()


@pytest.fixture
def urls(server: Server, api: httpx.Client, project: dict[str, object]) -> list[str]:
    """The page of all projects, and that of one with an image."""
    upload(api, project["id"], "coffee.png")
    return [server.url, f"{server.url}/projects/{project['id']}"]


def choose(page: Page, *options: str) -> None:
    """In the menu of the bar, whatever language it is in now."""
    page.get_by_role("banner").get_by_role("button").last.click()
    for option in options:
        page.get_by_role("menuitemradio", name=option, exact=True).click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("menu")).to_have_count(0)


def background(page: Page) -> int:
    """Red of the page's ground, 0 to 255."""
    color: str = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return int(re.findall(r"\d+", color)[0])


def test_a_language_and_a_theme_are_chosen_by_the_menu_and_survive_a_reload(page: Page, server: Server) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(server.url)
    expect(page.get_by_role("heading", name="Projects", exact=True)).to_be_visible()
    assert background(page) < 64
    choose(page, "Light", "简体中文")
    for _ in range(2):
        expect(page.get_by_role("heading", name="项目", exact=True)).to_be_visible()
        expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
        expect(page).to_have_title("项目 · Maskloop")
        assert background(page) > 192
        page.reload()


def test_the_theme_is_there_before_the_application_starts(page: Page, server: Server) -> None:
    page.emulate_media(color_scheme="dark")
    page.goto(server.url)
    choose(page, "Light")
    page.route("**/assets/*.js", lambda route: route.abort())
    page.reload()
    assert background(page) > 192


def test_another_browser_of_the_same_person_looks_the_same(page: Page, server: Server, browser: Browser) -> None:
    page.goto(server.url)
    with page.expect_response(lambda response: response.request.method == "PUT" and "preferences" in response.url):
        choose(page, "Dark", "简体中文")
    other = browser.new_context(viewport=VIEWPORT, color_scheme="light").new_page()
    other.goto(server.url)
    expect(other.get_by_role("heading", name="项目", exact=True)).to_be_visible()
    expect(other.locator("html")).to_have_attribute("data-theme", "dark")
    other.context.close()


def test_a_browser_that_asks_for_chinese_gets_it_unasked(browser: Browser, server: Server) -> None:
    page = browser.new_context(locale="zh-CN").new_page()
    page.goto(server.url)
    expect(page.get_by_role("heading", name="项目", exact=True)).to_be_visible()
    page.context.close()


def test_no_english_is_left_in_chinese(page: Page, urls: list[str]) -> None:
    english = english_texts()
    page.goto(urls[0])
    choose(page, "简体中文")
    for url in urls:
        page.goto(url)
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        assert shown_texts(page) & english == set()
    page.get_by_role("button", name="设置").click()
    expect(page.get_by_role("dialog", name="项目设置")).to_be_visible()
    assert shown_texts(page) & english == set()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_projects_and_project_meet_wcag_aa(page: Page, urls: list[str], theme: str) -> None:
    page.emulate_media(color_scheme="light" if theme == "light" else "dark")
    for url in urls:
        page.goto(url)
        expect(page.locator("[aria-busy=true]")).to_have_count(0)
        expect_accessible(page)
    page.get_by_role("button", name="Settings").click()
    expect(page.get_by_role("radio", name="MobileSAM").first).to_be_visible()
    expect_accessible(page)


def english_texts() -> set[str]:
    """Whole texts of the English catalogues; those with gaps are left out, as they never stand alone."""
    sources = [(CATALOGUES / f"{name}.ts").read_text() for name in NAMESPACES]
    texts = {text for source in sources for text in re.findall(r"'((?:[^'\\]|\\.)*)'", source)}
    return {text for text in texts if "{{" not in text and re.search("[A-Za-z]{2}", text)} - UNTRANSLATED


def shown_texts(page: Page) -> set[str]:
    """What the page says in words: texts, names, hints and placeholders."""
    texts: list[str] = page.evaluate(
        """() => [...document.querySelectorAll('body *')].flatMap((element) => [
          ...[...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE).map((node) => node.data),
          ...['aria-label', 'title', 'placeholder', 'alt'].map((name) => element.getAttribute(name) ?? ''),
        ]).map((text) => text.trim()).filter(Boolean)"""
    )
    return set(texts)
