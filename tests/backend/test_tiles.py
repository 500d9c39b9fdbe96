"""Tiles of large images: put together they are the image, whatever kind of file it came in."""

import io
from itertools import pairwise

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from numpy.typing import NDArray
from PIL import Image, ImageCms

from maskloop.images.pixels import decode, to_array
from maskloop.images.pyramid import Pyramid
from maskloop.images.service import load_region, load_rgb
from maskloop.store import original_key, tile_key
from tests.backend.factories import Api, image_file, opened, pixels, problem, rotated

MAX_PIXELS = 400_000_000
LONG = 8300  # beyond one texture, and not a multiple of anything


def long_image(height: int = 60, seed: int = 0) -> Image.Image:
    """Cheap to make and to compress; different for every seed."""
    cell = pixels(100, height, seed)
    image = Image.new("RGB", (LONG, height))
    for left in range(0, LONG, 100):
        image.paste(cell.rotate(180) if left % 300 else cell, (left, 0))
    return image


def deep() -> Image.Image:
    """12-bit data in 16 bits, its extremes in one tile each."""
    return Image.fromarray(np.linspace(1000, 5000, LONG * 30, dtype=np.uint16).reshape(30, LONG))


def clear() -> Image.Image:
    image = long_image()
    image.putalpha(Image.linear_gradient("L").resize(image.size))
    return image


def swapped_profile() -> bytes:
    """A colour profile in which red is blue."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")
    return swapped.replace("sRGB".encode("utf-16-be"), "BGRs".encode("utf-16-be"))


LOSSLESS = {
    "PNG": image_file(long_image()),
    "gray PNG": image_file(long_image().convert("L")),
    "palette PNG with transparency": image_file(long_image().quantize(16), transparency=3),
    "PNG with alpha": image_file(clear()),
    "PNG with another profile": image_file(long_image(), icc_profile=swapped_profile()),
    "rotated PNG": rotated(long_image(), 6, "PNG"),
    "16-bit PNG": image_file(deep()),
    "16-bit TIFF": image_file(deep(), "TIFF", compression="tiff_deflate"),
    "CMYK TIFF": image_file(long_image().convert("CMYK"), "TIFF", compression="tiff_deflate"),
    "more rows than a tile has": image_file(long_image(1100)),
}


def truth(data: bytes) -> NDArray[np.uint8]:
    """What `pixels.py` makes of the file."""
    return to_array(decode(io.BytesIO(data), MAX_PIXELS).image)


async def put_together(client: httpx.AsyncClient, image: dict[str, object], level: int) -> NDArray[np.uint8]:
    """A level from its tiles, as a browser gets them; overlaps must agree with the neighbours to the last bit."""
    pyramid = Pyramid(int(str(image["width"])), int(str(image["height"])))
    width, height = pyramid.size_of(level)
    whole = np.full((height, width, 3), -1)
    for x, y in pyramid.tiles_in(level, (0, 0, width, height)):
        response = await client.get(f"/images/{image['id']}/tiles/{level}/{x}/{y}")
        assert response.status_code == 200, response.text
        left, top, w, h = pyramid.box_of(level, x, y)
        tile = np.asarray(opened(response.content).convert("RGB"))
        assert tile.shape == (h, w, 3)
        there = whole[top : top + h, left : left + w]
        assert ((there == -1) | (there == tile)).all()
        there[...] = tile
    return whole.astype(np.uint8)


@pytest.mark.parametrize("kind", LOSSLESS)
async def test_tiles_put_together_are_the_image(api: Api, client: httpx.AsyncClient, kind: str) -> None:
    image = await api.image((await api.project())["id"], LOSSLESS[kind])

    seen = await put_together(client, image, 0)

    assert (seen == truth(LOSSLESS[kind])).all()


async def test_tiles_of_a_jpeg_are_the_image_but_for_what_an_eye_cannot_see(
    api: Api, client: httpx.AsyncClient
) -> None:
    smooth = long_image().resize((LONG // 4, 15)).resize((LONG, 60), Image.Resampling.BICUBIC)
    data = image_file(smooth, "JPEG", quality=90)
    image = await api.image((await api.project())["id"], data)

    response = await client.get(f"/images/{image['id']}/tiles/0/3/0")
    left, top, width, height = Pyramid(*smooth.size).box_of(0, 3, 0)

    assert response.headers["content-type"] == "image/jpeg"
    difference = np.asarray(opened(response.content), int) - truth(data)[top : top + height, left : left + width]
    assert np.abs(difference).mean() < 2


async def test_each_level_is_the_means_of_two_by_two_pixels_of_the_one_before(
    api: Api, client: httpx.AsyncClient
) -> None:
    image = await api.image((await api.project())["id"], image_file(long_image(1100)))
    detail = await api.read(f"/images/{image['id']}")

    levels = [await put_together(client, image, level) for level in range(detail["tiles"]["levels"])]

    assert detail["tiles"] == {"size": 512, "overlap": 1, "levels": 4}
    assert [level.shape[:2] for level in levels] == [(1100, 8300), (550, 4150), (275, 2075), (138, 1038)]
    for finer, coarser in pairwise(levels):
        assert (np.asarray(Image.fromarray(finer).reduce(2)) == coarser).all()


async def test_an_image_that_fits_into_a_texture_has_no_tiles(api: Api, client: httpx.AsyncClient) -> None:
    image = await api.image((await api.project())["id"], image_file(Image.new("L", (8192, 2))))

    assert (await api.read(f"/images/{image['id']}"))["tiles"] is None
    problem(await client.get(f"/images/{image['id']}/tiles/0/0/0"), 404, "not_found")


@pytest.mark.parametrize("place", ["0/17/0", "0/0/1", "4/0/0", "-1/0/0", "0/-1/0", "3/3/0", "99999999999999999999/0/0"])
async def test_there_is_no_tile_outside(api: Api, client: httpx.AsyncClient, place: str) -> None:
    image = await api.image((await api.project())["id"], image_file(long_image()))

    problem(await client.get(f"/images/{image['id']}/tiles/{place}"), 404, "not_found")


async def test_tiles_are_cached_for_ever_and_known_by_their_tag(api: Api, client: httpx.AsyncClient) -> None:
    image = await api.image((await api.project())["id"], image_file(long_image()))
    [first, second] = [await client.get(f"/images/{image['id']}/tiles/0/{x}/0") for x in (0, 1)]

    again = await client.get(f"/images/{image['id']}/tiles/0/0/0", headers={"If-None-Match": first.headers["etag"]})

    assert "immutable" in first.headers["cache-control"]
    assert first.headers["etag"] != second.headers["etag"]
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("box", [(0, 0, LONG, 1100), (500, 510, 30, 5), (8299, 1099, 1, 1), (511, 0, 1025, 1100)])
async def test_a_region_is_what_the_whole_image_has_there(
    api: Api, application: FastAPI, box: tuple[int, int, int, int]
) -> None:
    image = await api.image((await api.project())["id"], LOSSLESS["more rows than a tile has"])
    store, digest, (left, top, width, height) = application.state.store, str(image["digest"]), box

    region = await load_region(store, digest, box, MAX_PIXELS)

    whole = await load_rgb(store, digest, MAX_PIXELS)
    assert (region == whole[top : top + height, left : left + width]).all()


async def test_a_region_of_an_image_without_tiles_is_the_same(api: Api, application: FastAPI) -> None:
    image = await api.image((await api.project())["id"], image_file(pixels(60, 40)))

    region = await load_region(application.state.store, str(image["digest"]), (10, 20, 5, 4), MAX_PIXELS)

    assert (region == np.asarray(pixels(60, 40))[20:24, 10:15]).all()


async def test_a_region_may_be_as_coarse_as_its_reader_needs(api: Api, application: FastAPI) -> None:
    image = await api.image((await api.project())["id"], LOSSLESS["more rows than a tile has"])

    store, digest = application.state.store, str(image["digest"])
    whole = await load_rgb(store, digest, MAX_PIXELS, side=1024)
    region = await load_region(store, digest, (4150, 0, 4150, 1100), MAX_PIXELS, side=1024)

    assert whole.shape == (138, 1038, 3)
    assert region.shape == (275, 1038, 3)
    assert (region == (await load_rgb(store, digest, MAX_PIXELS, side=2048))[:, 1037:]).all()


async def test_an_image_that_lost_tiles_gets_them_back(
    api: Api, client: httpx.AsyncClient, application: FastAPI
) -> None:
    image = await api.image((await api.project())["id"], LOSSLESS["16-bit PNG"])
    await application.state.store.delete_async(tile_key(str(image["digest"]), 0, 2, 0))

    seen = await put_together(client, image, 0)

    assert (seen == truth(LOSSLESS["16-bit PNG"])).all()


async def test_tiles_that_cannot_be_made_again_are_a_clear_error(
    api: Api, client: httpx.AsyncClient, application: FastAPI
) -> None:
    image = await api.image((await api.project())["id"], image_file(long_image(seed=7)), "lost.png")
    for key in (original_key(str(image["digest"])), tile_key(str(image["digest"]), 0, 2, 0)):
        await application.state.store.delete_async(key)

    problem(await client.get(f"/images/{image['id']}/tiles/0/2/0"), 404, "file_missing")


async def test_tiles_go_with_the_image(api: Api, client: httpx.AsyncClient, application: FastAPI) -> None:
    image = await api.image((await api.project())["id"], image_file(long_image(seed=8)))
    prefix = f"tiles/{str(image['digest'])[:2]}/{image['digest']}"
    assert await application.state.store.list(prefix).collect_async()

    assert (await client.delete(f"/images/{image['id']}")).status_code == 204

    assert not await application.state.store.list(prefix).collect_async()
