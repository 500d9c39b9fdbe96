"""Automatic masks as files have them: SA-1B's JSON, one record an image, and COCO's, one document for many images."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sam.automatic import AutomaticMask
from sam.crops import Size

CATEGORY = {"id": 1, "name": "object", "supercategory": ""}  # what a mask shows, nobody has said


@dataclass(frozen=True)
class ImageMasks:
    """The masks of one image file."""

    file_name: str
    size: Size
    masks: Sequence[AutomaticMask]


def sa1b_record(image_id: int, image: ImageMasks) -> dict[str, Any]:
    """One image's file of SA-1B."""
    height, width = image.size
    about = {"image_id": image_id, "width": width, "height": height, "file_name": image.file_name}
    return {
        "image": about,
        "annotations": [mask.annotation(number) for number, mask in enumerate(image.masks, start=1)],
    }


def coco_document(images: Sequence[ImageMasks], info: dict[str, Any]) -> dict[str, Any]:
    """A COCO file. Annotations also have what SA-1B's have; `iscrowd` is 0, for each is one object."""
    entries: list[dict[str, Any]] = []
    annotations: list[dict[str, Any]] = []
    for image_id, image in enumerate(images, start=1):
        height, width = image.size
        entries.append({"id": image_id, "file_name": image.file_name, "width": width, "height": height})
        for mask in image.masks:
            links = {"image_id": image_id, "category_id": CATEGORY["id"], "iscrowd": 0}
            annotations.append(mask.annotation(len(annotations) + 1) | links)
    return {"info": info, "licenses": [], "images": entries, "annotations": annotations, "categories": [CATEGORY]}
