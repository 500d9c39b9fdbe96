"""Images: what comes in, what browsers and the encoder get, what is forgotten."""

import hashlib
import io
import zlib

import httpx
import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image, ImageCms
from sqlalchemy import select

from maskloop.db import Database
from maskloop.images.intake import CHUNK, digest_and_size, safe_name
from maskloop.images.service import load_rgb
from maskloop.inference.store import embedding_key
from maskloop.store import original_key, rendition_key, thumbnail_key
from maskloop.tables import Job
from tests.backend.conftest import MAX_UPLOAD_BYTES
from tests.backend.factories import Api, image_file, opened, pixels, problem, rotated
from tests.backend.zoo import DEFAULT, encoder_of

MAX_PIXELS = 400_000_000


async def shown(client: httpx.AsyncClient, image: dict[str, object]) -> Image.Image:
    """The image as a browser gets it."""
    response = await client.get(f"/images/{image['id']}/pixels")
    assert response.status_code == 200, response.text
    assert response.headers["content-type"] in {"image/jpeg", "image/png", "image/webp"}
    return opened(response.content)


async def encoded(application: FastAPI, image: dict[str, object]) -> np.ndarray:
    """The image as the encoder gets it."""
    return await load_rgb(application.state.store, str(image["digest"]), MAX_PIXELS)


async def test_an_uploaded_image_is_described_and_shown_as_it_is(api: Api, client: httpx.AsyncClient) -> None:
    project, data = await api.project(), image_file(pixels(60, 40), "JPEG")

    image = await api.image(project["id"], data, "cat.jpg")

    assert (image["width"], image["height"]) == (60, 40)
    assert image["digest"] == hashlib.sha256(data).hexdigest()
    assert (image["file_name"], image["media_type"], image["byte_size"]) == ("cat.jpg", "image/jpeg", len(data))
    assert (await client.get(f"/images/{image['id']}/pixels")).content == data


async def test_each_new_image_is_queued_for_its_embedding(api: Api, database: Database) -> None:
    project = await api.project()

    image = await api.image(project["id"])

    assert image["embedding"] == {"state": "queued", "error": None}
    async with database.sessions() as db:
        [job] = (await db.scalars(select(Job))).all()
    assert (job.image_id, job.encoder_digest) == (image["id"], encoder_of(DEFAULT))


async def test_the_same_bytes_are_one_image_of_a_project_and_another_of_the_next(api: Api) -> None:
    first, second, data = await api.project("one"), await api.project("two"), image_file(pixels())
    image = await api.image(first["id"], data, "a.png")

    [again, other_name] = await api.upload(first["id"], ("a.png", data), ("b.png", data))
    elsewhere = await api.image(second["id"], data)

    assert [again["outcome"], other_name["outcome"]] == ["duplicate", "duplicate"]
    assert again["image"]["id"] == other_name["image"]["id"] == image["id"]
    assert elsewhere["id"] != image["id"]


async def test_a_bad_file_names_itself_and_the_others_come_in(api: Api) -> None:
    project = await api.project()

    results = await api.upload(
        project["id"],
        ("a.png", image_file(pixels(seed=1))),
        ("notes.txt", b"not an image"),
        ("b.png", image_file(pixels(seed=2))),
    )

    assert [result["outcome"] for result in results] == ["created", "rejected", "created"]
    assert results[1]["image"] is None
    assert results[1]["error"]["detail"].startswith("notes.txt: It is not an image")
    assert (await api.read(f"/projects/{project['id']}"))["image_count"] == 2


def bomb() -> bytes:
    """A PNG of a few hundred bytes that says it is 100,000 x 100,000."""
    data = bytearray(image_file(Image.new("1", (1, 1))))
    at = data.index(b"IHDR")
    data[at + 4 : at + 12] = (100_000).to_bytes(4) * 2
    data[at + 17 : at + 21] = zlib.crc32(data[at : at + 17]).to_bytes(4)
    return bytes(data)


BAD = {
    "not an image": (b"%PDF-1.7 hello", "not_an_image"),
    "a picture of another kind": (
        b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
        "not_an_image",
    ),
    "zero bytes": (b"", "empty_file"),
    "a truncated JPEG": (image_file(pixels(300, 300), "JPEG")[:-2000], "damaged_image"),
    "a truncated PNG": (image_file(pixels(300, 300))[:-2000], "damaged_image"),
    "a truncated WebP": (image_file(pixels(300, 300), "WEBP", lossless=True)[:-2000], "damaged_image"),
    "a truncated TIFF": (image_file(pixels(300, 300), "TIFF")[:-2000], "damaged_image"),
    "a truncated BMP": (image_file(pixels(300, 300), "BMP")[:-2000], "damaged_image"),
    "a truncated GIF": (image_file(pixels(300, 300), "GIF")[:-2000], "damaged_image"),
    "a file cut inside its header": (image_file(pixels())[:20], "damaged_image"),
    "a decompression bomb": (bomb(), "too_many_pixels"),
    "a large decompression bomb": (image_file(Image.new("1", (20_000, 20_001))), "too_many_pixels"),
    "too many bytes": (b"\xff\xd8\xff" + bytes(MAX_UPLOAD_BYTES), "file_too_large"),
    "colours that no browser has": (image_file(Image.new("LAB", (8, 8)), "TIFF"), "unsupported_pixels"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_bad_files_are_rejected_with_a_reason_and_leave_nothing(
    api: Api, application: FastAPI, kind: str
) -> None:
    data, code = BAD[kind]
    project = await api.project()

    [result] = await api.upload(project["id"], ("bad.bin", data))

    assert result["outcome"] == "rejected"
    assert result["error"]["code"] == code, result
    assert result["error"]["detail"].startswith("bad.bin: ")
    assert (await api.read(f"/projects/{project['id']}"))["image_count"] == 0
    with pytest.raises(FileNotFoundError):
        await application.state.store.head_async(original_key(hashlib.sha256(data).hexdigest()))


def gray16(low: int = 1000, high: int = 5000) -> Image.Image:
    return Image.fromarray(np.linspace(low, high, 60 * 40, dtype=np.uint16).reshape(40, 60))


def alpha(mode: str) -> Image.Image:
    image = pixels().convert(mode)
    image.putalpha(Image.new("L", image.size, 0))
    return image


ODD = {
    "1x1": image_file(Image.new("RGB", (1, 1), "red")),
    "one row": image_file(Image.new("RGB", (3000, 1), "red")),
    "16-bit PNG": image_file(gray16()),
    "16-bit TIFF": image_file(gray16(), "TIFF"),
    "float TIFF": image_file(Image.fromarray(np.eye(9, dtype=np.float32)), "TIFF"),
    "CMYK JPEG": image_file(pixels().convert("CMYK"), "JPEG"),
    "CMYK TIFF": image_file(pixels().convert("CMYK"), "TIFF"),
    "palette PNG": image_file(pixels().quantize(16)),
    "palette PNG with transparency": image_file(pixels().quantize(16), transparency=3),
    "two-level PNG": image_file(pixels().convert("1")),
    "gray JPEG": image_file(pixels().convert("L"), "JPEG"),
    "gray PNG with alpha": image_file(alpha("LA")),
    "PNG with alpha": image_file(alpha("RGBA")),
    "WebP": image_file(pixels(), "WEBP"),
    "BMP": image_file(pixels(), "BMP"),
    "animated GIF": image_file(pixels(), "GIF", save_all=True, append_images=[pixels(seed=1)]),
    "animated PNG": image_file(pixels(), "PNG", save_all=True, append_images=[pixels(seed=1)]),
    "animated WebP": image_file(pixels(), "WEBP", save_all=True, append_images=[pixels(seed=1)]),
    "many-page TIFF": image_file(pixels(), "TIFF", save_all=True, append_images=[pixels(seed=1)]),
    "rotated JPEG": rotated(pixels(), 6),
    "rotated PNG": rotated(pixels(), 8, "PNG"),
    "rotated WebP": rotated(pixels(), 3, "WEBP"),
    "rotated TIFF": rotated(pixels(), 6, "TIFF"),
}


@pytest.mark.parametrize("kind", ODD)
async def test_odd_files_work_and_browser_and_encoder_see_the_same_frame(
    api: Api, client: httpx.AsyncClient, application: FastAPI, kind: str
) -> None:
    image = await api.image((await api.project())["id"], ODD[kind])

    in_browser, in_encoder = await shown(client, image), await encoded(application, image)

    assert in_browser.mode in {"RGB", "L"}
    assert in_browser.getexif().get(0x0112, 1) == 1
    assert in_browser.size == (image["width"], image["height"])
    assert in_encoder.shape == (image["height"], image["width"], 3)
    assert in_encoder.dtype == np.uint8
    difference = np.abs(np.asarray(in_browser.convert("RGB"), int) - in_encoder)
    assert difference.mean() < 8, "lossy compression apart, the same pixels"


@pytest.mark.parametrize("orientation", range(1, 9))
async def test_every_exif_orientation_is_applied(
    api: Api, client: httpx.AsyncClient, application: FastAPI, orientation: int
) -> None:
    upright = Image.new("RGB", (48, 32), "white")
    upright.paste((255, 0, 0), (0, 0, 16, 16))  # red in the top left corner, when seen upright
    undo = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the transposition that a camera held so would have stored
    stored = upright.transpose(Image.Transpose(undo[orientation])) if orientation in undo else upright
    image = await api.image((await api.project())["id"], rotated(stored, orientation))

    assert (image["width"], image["height"]) == (48, 32)
    for seen in (np.asarray(await shown(client, image)), await encoded(application, image)):
        assert (np.abs(seen[8, 8].astype(int) - (255, 0, 0)) < 12).all()
        assert (seen[24, 40] > 240).all()


async def test_twenty_thousand_by_ten_thousand_pixels_come_in(api: Api, client: httpx.AsyncClient) -> None:
    image = await api.image((await api.project())["id"], image_file(Image.new("L", (20_000, 10_000), 128)))

    assert (image["width"], image["height"]) == (20_000, 10_000)
    thumbnail = opened((await client.get(f"/images/{image['id']}/thumbnail")).content)
    assert thumbnail.size == (384, 192)


async def test_deep_gray_is_stretched_from_its_own_extremes(api: Api, application: FastAPI) -> None:
    image = await api.image((await api.project())["id"], image_file(gray16(1000, 5000)))

    seen = await encoded(application, image)

    assert (seen.min(), seen.max()) == (0, 255)
    assert (np.diff(seen[..., 0].astype(int).ravel()) >= 0).all()


async def test_transparency_becomes_white(api: Api, application: FastAPI) -> None:
    image = await api.image((await api.project())["id"], image_file(alpha("RGBA")))

    assert (await encoded(application, image) == 255).all()


async def test_colours_of_an_embedded_profile_become_srgb(api: Api, application: FastAPI) -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    swapped = srgb.replace(b"rXYZ", b"tmp!").replace(b"bXYZ", b"rXYZ").replace(b"tmp!", b"bXYZ")  # red is blue
    swapped = swapped.replace("sRGB".encode("utf-16-be"), "BGRs".encode("utf-16-be"))
    red = Image.new("RGB", (8, 8), "red")
    project = await api.project()
    seen = [
        (await encoded(application, await api.image(project["id"], image_file(red, icc_profile=profile))))[0, 0]
        for profile in (srgb, b"broken", swapped)
    ]

    assert [tuple(color) for color in seen] == [(255, 0, 0), (255, 0, 0), (0, 0, 255)]


async def test_thumbnails_are_small_webp_and_never_enlarged(api: Api, client: httpx.AsyncClient) -> None:
    project = await api.project()
    large = await api.image(project["id"], image_file(pixels(1000, 500)))
    small = await api.image(project["id"], image_file(pixels(20, 10)))

    for image, size in ((large, (384, 192)), (small, (20, 10))):
        response = await client.get(f"/images/{image['id']}/thumbnail")
        assert response.headers["content-type"] == "image/webp"
        assert opened(response.content).size == size


@pytest.mark.parametrize("variant", ["pixels", "thumbnail"])
async def test_files_are_cached_for_ever_and_known_by_their_tag(
    api: Api, client: httpx.AsyncClient, variant: str
) -> None:
    image = await api.image((await api.project())["id"])

    response = await client.get(f"/images/{image['id']}/{variant}")
    again = await client.get(f"/images/{image['id']}/{variant}", headers={"If-None-Match": response.headers["etag"]})

    assert "immutable" in response.headers["cache-control"]
    assert (again.status_code, again.content) == (304, b"")


async def test_a_lost_file_is_a_clear_error(api: Api, client: httpx.AsyncClient, application: FastAPI) -> None:
    image = await api.image((await api.project())["id"], image_file(pixels(seed=77)), "lost.png")
    await application.state.store.delete_async(original_key(image["digest"]))

    document = problem(await client.get(f"/images/{image['id']}/pixels"), 404, "file_missing")

    assert "lost.png" in document["detail"]


async def test_images_are_listed_page_by_page(api: Api) -> None:
    project = await api.project()
    ids = [(await api.image(project["id"], image_file(pixels(seed=seed))))["id"] for seed in range(5)]

    seen: list[int] = []
    after: int | None = 0
    while after is not None:
        page = await api.read(f"/projects/{project['id']}/images?after={after}&limit=2")
        assert page["total"] == 5
        seen += [image["id"] for image in page["items"]]
        after = page["next_after"]

    assert seen == ids


async def test_an_image_knows_its_neighbours(api: Api) -> None:
    project, other = await api.project(), await api.project("other")
    first = await api.image(project["id"], image_file(pixels(seed=1)))
    await api.image(other["id"])
    second = await api.image(project["id"], image_file(pixels(seed=2)))
    await api.annotated(second["id"])

    detail = await api.read(f"/images/{second['id']}")

    place = {"previous_id": first["id"], "next_id": None, "position": 2, "total": 2, "tiles": None}
    assert detail == second | place | {"annotation_count": 1}


async def test_files_go_with_the_last_image_that_has_their_bytes(
    api: Api, client: httpx.AsyncClient, application: FastAPI
) -> None:
    one, two, data = await api.project("one"), await api.project("two"), rotated(pixels(seed=5), 6)
    first, second = await api.image(one["id"], data), await api.image(two["id"], data)
    keys = [make_key(first["digest"]) for make_key in (original_key, rendition_key, thumbnail_key)]
    keys.append(embedding_key(encoder_of(DEFAULT), first["digest"]))
    await application.state.store.put_async(keys[-1], b"what the encoder made of it")

    assert (await client.delete(f"/images/{first['id']}")).status_code == 204
    for key in keys:
        await application.state.store.head_async(key)

    assert (await client.delete(f"/projects/{two['id']}")).status_code == 204
    for key in keys:
        with pytest.raises(FileNotFoundError):
            await application.state.store.head_async(key)
    problem(await client.get(f"/images/{second['id']}"), 404, "not_found")


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("photo.jpg", "photo.jpg"),
        ("/etc/cron.d/photo.jpg", "photo.jpg"),
        ("..\\..\\photo.jpg", "photo.jpg"),
        ("C:\\photos\\a  b.jpg", "a b.jpg"),
        ("..", "image"),
        ("", "image"),
        (None, "image"),
        ("a\x00b\n\u202egpj.exe", "abgpj.exe"),
        ("Zoë 猫.png", "Zoë 猫.png"),
        ("x" * 300 + ".jpeg", "x" * 195 + ".jpeg"),
        (".hidden", "hidden"),
    ],
)
def test_file_names_are_made_safe(sent: str | None, kept: str) -> None:
    assert safe_name(sent) == kept


def test_no_uploaded_file_is_held_whole() -> None:
    """Hashing reads in pieces: the file object never hands out more than one of them."""

    class Watched(io.BytesIO):
        largest = 0

        def read(self, size: int | None = -1, /) -> bytes:
            data = super().read(size)
            self.largest = max(self.largest, len(data))
            return data

    file = Watched(bytes(5 * CHUNK))
    digest_and_size(file, 10 * CHUNK)

    assert file.largest == CHUNK
