"""The main job, as a person does it: upload, click, accept, find it again, export."""

import json
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Page, expect
from pycocotools.coco import COCO

from maskloop.settings import Settings
from sam.predictor import Predictor
from sam.zoo import load
from tests.e2e.conftest import PHOTOS, upload
from tests.support.browser import MODEL_TIMEOUT_MS, AnnotationPage
from tests.support.masks import Mask, iou
from tests.support.server import Server


@pytest.fixture(scope="module")
def predictor() -> Predictor:
    settings = Settings()
    return Predictor(load(settings.model, settings.weights_dir, "cpu").sam)


def predict(predictor: Predictor, photo: str, point: tuple[float, float]) -> Mask:
    """The mask that the Python predictor gives for the browser's rule: one point, best predicted IoU of the three."""
    predictor.set_image(np.asarray(Image.open(PHOTOS / photo).convert("RGB")))
    masks, ious, _ = predictor.predict(points=np.array([point]), labels=np.array([1]), multimask=True)
    best: Mask = masks[int(np.argmax(ious))]
    return best


def exported_masks(coco: COCO) -> list[Mask]:
    return [coco.annToMask(annotation).astype(bool) for annotation in coco.dataset["annotations"]]


def read_coco(path: Path) -> COCO:
    json.loads(path.read_text())
    return COCO(str(path))


def test_a_photo_is_uploaded_clicked_accepted_found_again_and_exported(
    server: Server, page: Page, annotation_page: AnnotationPage, predictor: Predictor, tmp_path: Path
) -> None:
    page.goto(server.url)
    page.get_by_role("button", name="New project").first.click()
    page.get_by_label("Name").fill("First loop")
    page.get_by_role("button", name="Create").click()

    page.locator("input[type=file]").first.set_input_files(PHOTOS / "astronaut.png")
    tile = page.get_by_role("link", name="astronaut.png")
    expect(tile).to_be_visible()
    tile.click()
    annotation_page.wait_for_model()

    annotation_page.hover(220.5, 110.5)
    annotation_page.click(220.5, 110.5)
    annotation_page.accept()
    annotation_page.wait_until_saved()

    page.reload()
    annotation_page.wait_for_model()
    expect(annotation_page.stage).to_have_attribute("data-annotation-count", "1")

    project_id = page.url.split("/projects/")[1].split("/")[0]
    page.goto(f"{server.url}/projects/{project_id}")
    page.get_by_role("button", name="Export").click()
    with page.expect_download() as download:
        page.get_by_role("menuitem", name="COCO (RLE)").click()
    path = tmp_path / "coco.json"
    download.value.save_as(path)

    (mask,) = exported_masks(read_coco(path))
    expected = predict(predictor, "astronaut.png", (220.5, 110.5))
    assert mask.shape == expected.shape
    assert iou(mask, expected) > 0.98


def test_the_preview_under_the_mouse_is_the_mask_that_a_click_would_take(
    server: Server, api: httpx.Client, project: dict[str, object], annotation_page: AnnotationPage
) -> None:
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    annotation_page.hover(300, 200)
    expect(annotation_page.stage).to_have_attribute("data-preview", "true", timeout=MODEL_TIMEOUT_MS)


def test_polygons_are_exported_as_the_same_masks(
    server: Server, api: httpx.Client, project: dict[str, object], annotation_page: AnnotationPage, tmp_path: Path
) -> None:
    (image_id,) = upload(api, project["id"], "coffee.png")
    annotation_page.open(f"{server.url}/projects/{project['id']}/images/{image_id}")
    annotation_page.drag_box(150, 60, 480, 330)
    annotation_page.accept()
    annotation_page.wait_until_saved()
    exports = {}
    for form in ("rle", "polygon"):
        response = api.get(f"/projects/{project['id']}/export/coco", params={"segmentation": form}).raise_for_status()
        path = tmp_path / f"{form}.json"
        path.write_bytes(response.content)
        exports[form] = exported_masks(read_coco(path))
    assert len(exports["rle"]) == 1
    assert np.array_equal(exports["rle"], exports["polygon"])
