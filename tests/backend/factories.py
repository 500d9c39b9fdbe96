"""What tests need to say a story: image files of every kind, masks, and the API's calls by their names."""

import io
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from maskloop.domain.masks import encode

ORIENTATION = 0x0112


def pixels(width: int = 60, height: int = 40, seed: int = 0) -> Image.Image:
    """An RGB image, different for every seed."""
    values = np.random.default_rng(seed).integers(0, 256, (height, width, 3), dtype=np.uint8)
    return Image.fromarray(values)


def image_file(image: Image.Image, image_format: str = "PNG", **options: Any) -> bytes:
    """The bytes of an image file."""
    buffer = io.BytesIO()
    image.save(buffer, image_format, **options)
    return buffer.getvalue()


def rotated(image: Image.Image, orientation: int, image_format: str = "JPEG") -> bytes:
    """A file whose EXIF says how to turn it."""
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    return image_file(image, image_format, exif=exif)


def opened(data: bytes) -> Image.Image:
    """The image in a file."""
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def bitmap(box: tuple[int, int, int, int] = (10, 5, 20, 8), size: tuple[int, int] = (60, 40)) -> NDArray[np.bool_]:
    """A mask of `size` (width, height) with one filled rectangle, XYWH."""
    x, y, w, h = box
    mask = np.zeros(size[::-1], np.bool_)
    mask[y : y + h, x : x + w] = True
    return mask


def segmentation(mask: NDArray[np.bool_] | None = None) -> dict[str, Any]:
    """Its COCO RLE."""
    mask = bitmap() if mask is None else mask
    return {"size": list(mask.shape), "counts": encode(mask)}


def provenance(**changes: Any) -> dict[str, Any]:
    """One click and what the model made of it."""
    return {
        "source": "model",
        "encoder_digest": "e" * 64,
        "decoder_digest": "d" * 64,
        "prompts": [{"kind": "point", "x": 20.5, "y": 9.5, "label": 1, "at_ms": 0.0}],
        "token": 2,
        "predicted_iou": 0.97,
        "stability": 0.98,
        "threshold": 0.0,
        "edits": [],
        "seconds": 1.25,
        **changes,
    }


def annotation(**changes: Any) -> dict[str, Any]:
    """The body of a new annotation."""
    body = {
        "id": str(uuid4()),
        "category_id": None,
        "segmentation": segmentation(),
        "attributes": {},
        "parent_id": None,
        "layer": 0,
        "provenance": provenance(),
    }
    return body | changes


@dataclass(frozen=True)
class Api:
    """The calls that stories are made of. Those that return JSON expect success; `raw` calls return the response."""

    client: httpx.AsyncClient

    async def project(self, name: str = "Pets", categories: tuple[str, ...] = ("cat", "dog")) -> dict[str, Any]:
        body = {"name": name, "categories": [{"name": category} for category in categories]}
        return _json(await self.client.post("/projects", json=body), 201)

    async def upload(self, project_id: int, *files: tuple[str, bytes]) -> list[dict[str, Any]]:
        parts = [("files", file) for file in files]
        results: list[dict[str, Any]] = _json(
            await self.client.post(f"/projects/{project_id}/images", files=parts), 200
        )["results"]
        return results

    async def image(self, project_id: int, data: bytes | None = None, name: str = "photo.png") -> dict[str, Any]:
        [result] = await self.upload(project_id, (name, image_file(pixels()) if data is None else data))
        assert result["outcome"] == "created", result
        image: dict[str, Any] = result["image"]
        return image

    async def annotate(self, image_id: int, body: dict[str, Any], key: UUID | None = None) -> httpx.Response:
        return await self.client.post(f"/images/{image_id}/annotations", json=body, headers=_key(key))

    async def annotated(self, image_id: int, **changes: Any) -> dict[str, Any]:
        return _json(await self.annotate(image_id, annotation(**changes)), 201)

    async def change(self, annotation_id: str, body: dict[str, Any], key: UUID | None = None) -> httpx.Response:
        return await self.client.patch(f"/annotations/{annotation_id}", json=body, headers=_key(key))

    async def delete(self, annotation_id: str, version: int, key: UUID | None = None) -> httpx.Response:
        return await self.client.delete(f"/annotations/{annotation_id}?version={version}", headers=_key(key))

    async def annotations(self, image_id: int) -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = (await self.client.get(f"/images/{image_id}/annotations")).json()
        return listed

    async def read(self, path: str) -> Any:
        return _json(await self.client.get(path), 200)


def problem(response: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of a refusal, checked for its form."""
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    document: dict[str, Any] = response.json()
    assert document["code"] == code, document
    assert document["status"] == status
    assert document["instance"] == response.request.url.path
    return document


def _key(key: UUID | None) -> dict[str, str]:
    return {"Idempotency-Key": str(key or uuid4())}


def _json(response: httpx.Response, status: int) -> Any:
    assert response.status_code == status, response.text
    return response.json()
