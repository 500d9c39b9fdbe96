"""Dropping files of every kind onto a project."""

from pathlib import Path
from typing import Any

import httpx
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHOTOS
from tests.support.server import Server


def test_bad_files_are_named_with_their_reason_and_the_good_ones_go_in(
    server: Server, api: httpx.Client, project: dict[str, Any], page: Page, tmp_path: Path
) -> None:
    photo = (PHOTOS / "coffee.png").read_bytes()
    files = {"good.png": photo, "truncated.png": photo[:5000], "empty.jpg": b"", "notes.jpg": b"to do: annotate"}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    page.goto(f"{server.url}/projects/{project['id']}")
    page.locator("input[type=file]").first.set_input_files([tmp_path / name for name in files])

    uploads = page.get_by_role("region", name="Uploads")
    expect(uploads.get_by_role("status")).to_have_text("1 image added · 3 rejected", timeout=30_000)
    for name in ("truncated.png", "empty.jpg", "notes.jpg"):
        row = uploads.get_by_role("listitem").filter(has_text=name)
        expect(row).to_contain_text("Rejected")
        assert len(row.inner_text()) > len(name) + 40, "it says why"
    expect(page.get_by_role("link", name="good.png")).to_be_visible()
    stored = api.get(f"/projects/{project['id']}/images").raise_for_status().json()
    assert [image["file_name"] for image in stored["items"]] == ["good.png"]


def test_a_photo_that_is_there_already_is_not_added_twice(
    server: Server, api: httpx.Client, project: dict[str, Any], page: Page
) -> None:
    page.goto(f"{server.url}/projects/{project['id']}")
    for verdict in ("1 image added", "1 already here"):
        page.locator("input[type=file]").first.set_input_files(PHOTOS / "coffee.png")
        expect(page.get_by_role("region", name="Uploads").get_by_role("status")).to_contain_text(verdict)
    assert api.get(f"/projects/{project['id']}/images").raise_for_status().json()["total"] == 1


def test_the_grid_shows_by_itself_when_an_image_is_ready(server: Server, project: dict[str, Any], page: Page) -> None:
    page.goto(f"{server.url}/projects/{project['id']}")
    page.locator("input[type=file]").first.set_input_files(PHOTOS / "rocket.jpg")
    expect(page.get_by_role("link", name="rocket.jpg")).to_contain_text("Ready", timeout=30_000)
