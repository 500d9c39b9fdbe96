"""Photos with the true masks of their objects, as evaluation reads them: a folder of masks, or a COCO file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps
from pycocotools import mask as coco

from sam.errors import SamError

MASK_THRESHOLD = 128  # of 0..255; a pixel is inside where it is above
COCO_NAME = "instances.json"

Bitmap = npt.NDArray[np.bool_]
Pixels = npt.NDArray[np.uint8]


class DatasetError(SamError):
    """Images or masks that are missing, cannot be read, or do not belong together."""


class Target(Protocol):
    """One object of a photo; its mask is read when it is asked for."""

    @property
    def name(self) -> str:
        """Unique within the data set."""

    def bitmap(self, size: tuple[int, int]) -> Bitmap:
        """The mask (H,W) of a photo of `size` (height, width); may be empty. Raises DatasetError."""


@dataclass(frozen=True)
class Photo:
    """An image file and the objects in it, at least one."""

    path: Path
    targets: tuple[Target, ...]

    def pixels(self) -> Pixels:
        """RGB (H,W,3) with EXIF orientation applied."""
        with _reading(self.path) as image:
            return np.array(ImageOps.exif_transpose(image).convert("RGB"))


@dataclass(frozen=True)
class MaskFile:
    """A gray image of the photo's size: the object is where it is bright."""

    path: Path

    @property
    def name(self) -> str:
        return self.path.stem

    def bitmap(self, size: tuple[int, int]) -> Bitmap:
        with _reading(self.path) as image:
            inside = np.array(image.convert("L")) > MASK_THRESHOLD
        return _of_size(inside, size, str(self.path))


@dataclass(frozen=True)
class CocoTarget:
    """A COCO annotation's segmentation: polygons, or RLE (compressed or as a list of runs)."""

    name: str
    segmentation: Any

    def bitmap(self, size: tuple[int, int]) -> Bitmap:
        try:
            inside = coco.decode(_rle(self.segmentation, size)).astype(np.bool_)
        except Exception as error:  # pycocotools raises whatever it stumbles on, bare Exceptions too
            raise DatasetError(f"annotation {self.name}: its segmentation cannot be read ({error})") from error
        return _of_size(inside, size, f"annotation {self.name}")


def read_dataset(path: Path) -> list[Photo]:
    """A folder with `images/` and `masks/`, a COCO file, or a folder with an `instances.json`. Raises DatasetError."""
    if path.is_file():
        return _read_coco(path)
    if (path / "masks").is_dir():
        return _read_folder(path)
    if (path / COCO_NAME).is_file():
        return _read_coco(path / COCO_NAME)
    raise DatasetError(f"{path}: give a COCO file, or a folder with images/ beside masks/ or {COCO_NAME}")


def _read_folder(folder: Path) -> list[Photo]:
    """Photos by name. A mask is named as its image, with one letter more where an image has several objects."""
    images = {path.stem: path for path in _files(folder / "images")}
    found: dict[Path, list[MaskFile]] = {}
    for path in _files(folder / "masks"):
        image = images.get(path.stem) or images.get(path.stem[:-1] if path.stem[-1:].isalpha() else "")
        if image is None:
            raise DatasetError(f"{path}: there is no image {path.stem}.* for this mask in {folder / 'images'}")
        found.setdefault(image, []).append(MaskFile(path))
    if not found:
        raise DatasetError(f"{folder / 'masks'}: no masks in it")
    return [Photo(image, tuple(masks)) for image, masks in sorted(found.items())]


def _files(folder: Path) -> Iterator[Path]:
    if not folder.is_dir():
        raise DatasetError(f"{folder}: no such folder")
    return (path for path in sorted(folder.iterdir()) if path.is_file() and not path.name.startswith("."))


def _read_coco(file: Path) -> list[Photo]:
    """Photos in the file's order, those without objects left out; crowds are no objects."""
    try:
        document = json.loads(file.read_bytes())
        targets: dict[int, list[Target]] = {image["id"]: [] for image in document["images"]}
        for annotation in document["annotations"]:
            if not annotation.get("iscrowd"):
                targets[annotation["image_id"]].append(CocoTarget(str(annotation["id"]), annotation["segmentation"]))
        names = {image["id"]: image["file_name"] for image in document["images"]}
    except (ValueError, KeyError, TypeError) as error:
        raise DatasetError(f"{file}: not a COCO file of instances ({type(error).__name__}: {error})") from error
    photos = [Photo(_beside(file, names[key]), tuple(objects)) for key, objects in targets.items() if objects]
    if not photos:
        raise DatasetError(f"{file}: no annotations in it (crowds are left out)")
    return photos


def _beside(file: Path, name: str) -> Path:
    """Where an image of a COCO file is: in images/ beside it, or right beside it."""
    places = [file.parent / "images" / name, file.parent / name]
    for place in places:
        if place.is_file():
            return place
    raise DatasetError(f"{file}: its image {name} is neither {places[0]} nor {places[1]}")


def _rle(segmentation: Any, size: tuple[int, int]) -> Any:
    if segmentation == []:  # written by some for objects that have a box only
        return coco.encode(np.zeros(size, np.uint8, "F"))
    if isinstance(segmentation, list):
        return coco.merge(coco.frPyObjects(segmentation, *size))
    if isinstance(segmentation["counts"], list):
        return coco.frPyObjects(segmentation, *segmentation["size"])
    return segmentation


def _of_size(inside: Bitmap, size: tuple[int, int], what: str) -> Bitmap:
    if inside.shape != size:
        raise DatasetError(f"{what}: the mask is {inside.shape} but its image is {size} (height, width)")
    return inside


def _reading(path: Path) -> Image.Image:
    try:
        return Image.open(path)
    except OSError as error:
        raise DatasetError(f"{path}: not an image that can be read ({error})") from error
