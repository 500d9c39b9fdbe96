"""File names in and of an export: unique inside, harmless outside."""

import string
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from maskloop.exchange.naming import attachment, unique_file_name

steady = settings(deadline=None, derandomize=True)  # the same cases in every run, however busy the machine
DIGEST = "3f2a9c81d0e4b7a5" + "0" * 48
digests = st.text("0123456789abcdef", min_size=64, max_size=64)


@pytest.mark.parametrize(
    ("name", "place", "expected"),
    [
        ("photo.jpg", 0, "photo.jpg"),
        ("photo.jpg", 1, "photo-3f2a9c81d0e4b7a5.jpg"),
        ("photo", 1, "photo-3f2a9c81d0e4b7a5"),
        (".jpg", 1, ".jpg-3f2a9c81d0e4b7a5"),
        ("a.tar.gz", 2, "a.tar-3f2a9c81d0e4b7a5.gz"),
        ("2024/may/photo.jpg", 1, "2024/may/photo-3f2a9c81d0e4b7a5.jpg"),
        ("photo-0123456789abcdef.jpg", 0, "photo-0123456789abcdef-3f2a9c81d0e4b7a5.jpg"),
    ],
)
def test_the_first_keeps_its_name_and_later_ones_get_their_digest(name, place, expected):
    assert unique_file_name(name, DIGEST, place) == expected


@given(st.data())
@steady
def test_no_two_images_meet_whatever_they_are_called(data):
    images = data.draw(st.lists(digests, min_size=2, max_size=6, unique_by=lambda digest: digest[:16]))
    stems = [
        "a",
        "A",
        "a-" + images[0][:16],
        "a-" + images[1][:16].upper(),
        "a-" + images[0][:16] + "-" + images[1][:16],
    ]
    names = [data.draw(st.sampled_from(stems)) + data.draw(st.sampled_from([".jpg", ".JPG", ""])) for _ in images]
    seen: dict[str, int] = {}
    made = []
    for name, digest in zip(names, images, strict=True):
        place = seen.get(name.lower(), 0)
        seen[name.lower()] = place + 1
        made.append(unique_file_name(name, digest, place).lower())
    assert len(set(made)) == len(made)


@given(st.text(max_size=200))
@steady
def test_a_download_is_named_in_plain_ascii_without_anything_that_could_break_the_header(name):
    header = attachment(name, "-coco.json")
    assert header.isascii()
    assert set(header) <= set(string.printable) - set("\r\n\t\x0b\x0c")
    plain = header.split('"')[1]
    assert header.count('"') == 2
    assert not set(plain) & set("/\\:*?<>|%")
    assert plain.endswith("-coco.json")
    assert not plain.startswith(".")


@pytest.mark.parametrize(
    ("name", "plain", "true"),
    [
        ("Cats & dogs", "Cats & dogs-coco.json", None),
        ("Straße 7", "Stra_e 7-coco.json", "Straße 7-coco.json"),
        ("照片", "_-coco.json", "照片-coco.json"),
        ("100% done", "100_ done-coco.json", "100% done-coco.json"),
        ('../../etc/"passwd"', "_.._etc_passwd_-coco.json", None),
        ("evil\r\nSet-Cookie: x=1", "evil_Set-Cookie_ x=1-coco.json", None),
        ("gpj.\u202eexe", "gpj._exe-coco.json", None),
        ("   ", "project-coco.json", None),
    ],
)
def test_a_download_carries_the_projects_name(name, plain, true):
    header = attachment(name, "-coco.json")
    assert header.startswith(f'attachment; filename="{plain}"')
    encoded = header.partition("filename*=UTF-8''")[2]
    assert (unquote(encoded) or None) == true
