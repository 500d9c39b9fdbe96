"""The annotation page by axe in the states that a person brings it into, in both themes; no colour, no motion."""

import re
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import upload
from tests.support.axe import expect_accessible
from tests.support.browser import MODEL_TIMEOUT_MS, AnnotationPage
from tests.support.server import Server


@pytest.fixture
def coffee(server: Server, api: httpx.Client, project: dict[str, Any], annotation_page: AnnotationPage) -> int:
    """The coffee photo (600x400: a cup on a table), open on the annotation page."""
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    return image_id


def making(on: AnnotationPage) -> None:
    on.click(300, 180)
    expect(on.stage).to_have_attribute("data-candidates", "3", timeout=MODEL_TIMEOUT_MS)


def selection(on: AnnotationPage) -> None:
    on.accept()
    on.press(".")


def crosshair(on: AnnotationPage) -> None:
    on.press("q")
    on.press("u")


def palette(on: AnnotationPage) -> None:
    on.press("Control+k")
    expect(on.page.get_by_role("option").first).to_be_visible()


def help_sheet(on: AnnotationPage) -> None:
    on.press("Escape")
    on.press("?")
    expect(on.page.get_by_role("dialog", name="Keys and gestures")).to_be_visible()


def keys(on: AnnotationPage) -> None:
    on.page.get_by_role("dialog").get_by_role("button", name="Change keys").click()
    dialog = on.page.get_by_role("dialog", name="Keys", exact=True)
    dialog.get_by_role("button", name="Add a key to: Undo").click()


def offline(on: AnnotationPage) -> None:
    on.press("Escape")
    on.press("Escape")
    on.page.route("**/api/**", lambda route: route.abort())
    on.press("s")
    on.click(120, 60)
    on.press("Enter")
    expect(on.page.get_by_role("region", name="Connection")).to_be_visible(timeout=20_000)


STATES: list[Callable[[AnnotationPage], None]] = [making, selection, crosshair, palette, help_sheet, keys, offline]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_annotation_page_meets_wcag_aa_in_every_state(
    page: Page, annotation_page: AnnotationPage, coffee: int, theme: str
) -> None:
    page.emulate_media(color_scheme="light" if theme == "light" else "dark")
    expect_accessible(page)
    for enter in STATES:
        enter(annotation_page)
        expect_accessible(page)


def test_the_page_has_landmarks_a_name_and_a_first_stop_that_skips_the_bars(
    page: Page, annotation_page: AnnotationPage, coffee: int
) -> None:
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("complementary")).to_have_count(1)
    expect(page.get_by_role("contentinfo")).to_have_count(1)
    expect(annotation_page.canvas).to_have_accessible_description(re.compile("Arrow keys move a crosshair"))
    page.reload()
    expect(page.get_by_role("link", name="Skip to the canvas")).to_have_count(1)
    page.get_by_role("link", name="Skip to the masks and categories").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("complementary")).to_be_focused()


def test_motion_is_left_out_where_it_is_not_wanted(page: Page, annotation_page: AnnotationPage, coffee: int) -> None:
    page.emulate_media(reduced_motion="reduce")
    moving = page.evaluate(
        """() => [...document.querySelectorAll('*')].filter((element) => {
          const { animationName, animationDuration, transitionDuration } = getComputedStyle(element);
          const lasts = (durations) => durations.split(',').some((duration) => parseFloat(duration) > 0);
          return (animationName !== 'none' && lasts(animationDuration)) || lasts(transitionDuration);
        }).map((element) => element.outerHTML.slice(0, 100))"""
    )
    assert moving == []


def test_what_is_chosen_is_seen_in_forced_colours(page: Page, annotation_page: AnnotationPage, coffee: int) -> None:
    page.emulate_media(forced_colors="active")
    tool = page.get_by_role("toolbar").get_by_role("button", pressed=True).first
    other = page.get_by_role("toolbar").get_by_role("button", pressed=False).first
    styles = [one.evaluate("button => getComputedStyle(button).outlineStyle") for one in (tool, other)]
    assert styles == ["solid", "none"]
