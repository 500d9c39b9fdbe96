"""A project changes its model with a click, while people work: fetched, embedded beside the old, and back again."""

import io
import re
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import torch
from playwright.sync_api import BrowserContext, Locator, Page, expect

from maskloop.settings import Settings
from sam import zoo
from sam.checkpoints import read_checkpoint
from sam.config import ARCHITECTURES
from tests.e2e.conftest import upload
from tests.support.browser import MODEL_TIMEOUT_MS, AnnotationPage
from tests.support.local_zoo import serving, table
from tests.support.released import released_state
from tests.support.server import Server

DEFAULT, SECOND = "mobile_sam", "second"
PULL_TIMEOUT_MS = 120_000


def slightly_other_weights() -> bytes:
    """MobileSAM as its authors would release it after a little more training: another encoder, and as good masks."""
    state, _ = read_checkpoint(Settings().weights_dir / f"{DEFAULT}.safetensors")
    state["image_encoder.neck.3.weight"] = state["image_encoder.neck.3.weight"] * 1.001
    buffer = io.BytesIO()
    torch.save(released_state(state, ARCHITECTURES[DEFAULT]), buffer)
    return buffer.getvalue()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """With MobileSAM at hand, a second model to be had from a web server, and one whose web server is away."""
    folder = tmp_path_factory.mktemp("changing")
    weights = folder / "weights"
    weights.mkdir()
    for file in Settings().weights_dir.glob(f"{DEFAULT}.*"):
        (weights / file.name).symlink_to(file.absolute())
    web = folder / "web"
    web.mkdir()
    content = slightly_other_weights()
    (web / "second.pth").write_bytes(content)
    with serving(web) as url:
        zoo_file = folder / "zoo.toml"
        known = str(zoo.ZOO_FILE.read_text("utf-8")).partition("\n[mobile_sam_official]")[0]
        there = table(SECOND, "Second model", f"{url}/second.pth", content)
        away = table("away", "Model on the moon", "http://127.0.0.1:9/away.pth", content)
        zoo_file.write_text(known + there + away)
        with Server(
            folder / "data",
            program=(sys.executable, "-m", "tests.support.local_zoo", str(zoo_file)),
            environment={"MASKLOOP_WEIGHTS_DIR": str(weights)},
        ) as server:
            yield server


def choose(page: Page, title: str) -> Locator:
    """The model section of the open settings, with the model selected."""
    section = page.get_by_role("region", name="Model")
    section.get_by_role("radio", name=re.compile(title)).check()
    return section


def embedded_by(server: Server) -> dict[str, set[str]]:
    """Images in the store, by encoder."""
    files = (server.data_dir / "files" / "embeddings").glob("*/*.f16")
    found: dict[str, set[str]] = {}
    for file in files:
        found.setdefault(file.parent.name, set()).add(file.stem)
    return found


def accepted(api: httpx.Client, image_id: int) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = api.get(f"/images/{image_id}/annotations").raise_for_status().json()
    return listed


def test_a_model_is_fetched_and_taken_over_by_every_open_page_and_going_back_is_instant(
    server: Server, api: httpx.Client, project: dict[str, object], page: Page, context: BrowserContext
) -> None:
    image_id, _ = upload(api, project["id"], "coffee.png", "astronaut.png")
    address = f"{server.url}/projects/{project['id']}"
    annotator = AnnotationPage(context.new_page())
    annotator.open(f"{address}/images/{image_id}")
    annotator.click(300, 200)
    expect(annotator.stage).to_have_attribute("data-candidates", re.compile("."))

    page.goto(address)
    page.get_by_role("button", name="Settings").click()
    section = choose(page, "Second model")
    expect(section.get_by_text("2 images are prepared again in the background")).to_be_visible()
    section.get_by_role("button", name="Download and use").click()
    expect(section.get_by_role("button", name="Stay with MobileSAM")).to_be_visible()
    expect(section.get_by_text("In use")).to_be_visible()
    second = section.locator("label", has_text="Second model")
    expect(second.get_by_text("In use")).to_be_visible(timeout=PULL_TIMEOUT_MS)

    notice = annotator.page.get_by_text("The project now uses Second model")
    expect(notice).to_be_visible(timeout=MODEL_TIMEOUT_MS)
    annotator.accept()
    expect(annotator.stage).to_have_attribute("data-model", SECOND)
    annotator.wait_for_model()
    annotator.click(100, 300)
    expect(annotator.stage).to_have_attribute("data-candidates", re.compile("."), timeout=MODEL_TIMEOUT_MS)
    annotator.accept()
    annotator.wait_until_saved()
    made_by = [mask["provenance"]["encoder_digest"] for mask in accepted(api, image_id)]
    model = api.get(f"/projects/{project['id']}/model").raise_for_status().json()
    assert made_by[1] == model["encoder_digest"] != made_by[0]

    expect(section.get_by_text("All images are prepared for it")).to_be_visible(timeout=MODEL_TIMEOUT_MS)
    stored = embedded_by(server)
    assert set(stored) == set(made_by)
    assert stored[made_by[0]] == stored[made_by[1]], "both encoders' embeddings of both images"

    section = choose(page, "MobileSAM")
    expect(section.get_by_text("All images are prepared for it already")).to_be_visible()
    section.get_by_role("button", name="Use MobileSAM").click()
    expect(annotator.stage).to_have_attribute("data-model", DEFAULT)
    annotator.wait_for_model()
    assert api.get(f"/projects/{project['id']}").raise_for_status().json()["embedded_count"] == 2
    annotator.click(300, 200)
    expect(annotator.stage).to_have_attribute("data-candidates", re.compile("."))


def test_a_model_that_cannot_be_fetched_says_why_and_the_old_one_works_on(
    server: Server, api: httpx.Client, project: dict[str, object], page: Page
) -> None:
    page.goto(f"{server.url}/projects/{project['id']}")
    page.get_by_role("button", name="Settings").click()
    section = choose(page, "Model on the moon")
    section.get_by_role("button", name="Download and use").click()
    expect(section.get_by_text("maskloop models import")).to_be_visible(timeout=PULL_TIMEOUT_MS)
    expect(section.get_by_role("button", name="Try again")).to_be_visible()
    assert api.get(f"/projects/{project['id']}/model").raise_for_status().json()["name"] == DEFAULT
    section.get_by_role("button", name="Stay with MobileSAM").click()
    expect(section.get_by_role("button", name="Stay with MobileSAM")).not_to_be_visible()
