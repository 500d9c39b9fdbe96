"""Every mask of an image without a person: a grid of points, and of what they give only what is good, stable and new.

As in the paper's appendix B. The network is behind one seam, `Look`: a crop of the image -> what decodes points on it.
Boxes are XYXY in code, half open, in whole pixels of the image; XYWH in annotations.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from pycocotools import mask as coco
from torch import Tensor

from sam.crops import Crop, Size, crops_of, point_grid, touches_inner_border
from sam.errors import InputError, SamError
from sam.frame import Frame
from sam.mask_cleanup import without_small_regions
from sam.nms import box_nms
from sam.predictor import device_of, encode
from sam.preparation import Pixels
from sam.prompt_encoder import PointLabel
from sam.sam import MASK_THRESHOLD, Sam, full_size_logits

Points = npt.NDArray[np.float64]  # (B,2), (x, y) in pixels of a crop, pixel centres at +0.5
Progress = Callable[[int, int], object]  # hears of points decoded so far, and in all
Box = tuple[int, int, int, int]


@dataclass(frozen=True)
class View:
    """A crop as the network has taken it in."""

    frame: Frame  # of the crop
    decode: Callable[[Points], tuple[Tensor, Tensor]]  # a prompt each -> logits (B,3,256,256), predicted IoUs (B,3)


Look = Callable[[Crop], View]


class Cancelled(SamError):  # noqa: N818 - reads as what it is where it is caught
    """Generation was stopped on request; nothing of it is kept."""


@dataclass(frozen=True)
class AutomaticConfig:
    """Where to look and what to keep; the values here are those of the public code."""

    points_per_side: tuple[int, ...] = (32,)  # on the image, on each of 2x2 crops, on each of 4x4 crops, ...
    crop_overlap: float = 512 / 1500  # of 2x2 crops, as a part of the image's short side; half of it for 4x4
    min_predicted_iou: float = 0.88
    min_stability: float = 0.95  # IoU of the mask cut at a higher threshold with the mask cut at a lower one
    stability_offset: float = 1.0  # how much higher and lower, in logits
    max_area: float = 1.0  # a mask over more than this part of the image is dropped
    border_tolerance: int = 20  # pixels from a crop's inner border that count as touching it
    box_nms: float = 0.7  # IoU of boxes above which two masks of one crop are the same
    crop_nms: float = 0.7  # and two masks of different crops
    min_region_area: int = 0  # islands and holes with fewer pixels are removed
    points_per_batch: int = 16  # makes no difference to the masks, only to memory (some 30 MB a point) and time


PRESETS: dict[str, AutomaticConfig] = {
    "paper": AutomaticConfig(points_per_side=(32, 16, 8), max_area=0.95, min_region_area=100),
    "public": AutomaticConfig(),
}


@dataclass(frozen=True)
class AutomaticMask:
    """A mask and where it came from."""

    segmentation: dict[str, Any]  # COCO's compressed RLE: size [height, width], counts
    box: Box  # XYXY
    area: int  # pixels
    predicted_iou: float
    stability: float
    point: tuple[float, float]  # (x, y) in pixels of the image
    crop: Crop

    def annotation(self, annotation_id: int) -> dict[str, Any]:
        """As SA-1B's files have it, ready for JSON."""
        return {
            "id": annotation_id,
            "segmentation": self.segmentation,
            "bbox": xywh(self.box),
            "area": self.area,
            "predicted_iou": self.predicted_iou,
            "stability_score": self.stability,
            "crop_box": xywh(self.crop.box),
            "point_coords": [list(self.point)],
        }


def xywh(box: Box) -> list[int]:
    """XYXY -> COCO's order."""
    x0, y0, x1, y1 = box
    return [x0, y0, x1 - x0, y1 - y0]


def look_with(sam: Sam, rgb: Pixels, embedding: Tensor | None = None) -> Look:
    """Look at an image (H,W,3) uint8 with a network. embedding: the whole image's (1,256,64,64), where it is known.

    Crops are encoded at the image's full resolution. Raises InputError for a network that no point means anything to.
    """
    if "point" not in sam.config.prompts:
        raise InputError("automatic masks come from points, and this network was not trained for points: take another")

    def look(crop: Crop) -> View:
        known = embedding if crop.layer == 0 else None
        seen = encode(sam, [rgb[crop.window]]) if known is None else known.to(device_of(sam), torch.float32)
        frame = Frame(*crop.size, sam.config.input_side)
        return View(frame, lambda points: decode_points(sam, seen, frame, points))

    return look


@torch.inference_mode()
def decode_points(sam: Sam, embedding: Tensor, frame: Frame, points: Points) -> tuple[Tensor, Tensor]:
    """An embedding (1,256,64,64) and B lone foreground points -> logits (B,3,256,256), predicted IoUs (B,3)."""
    config, count = sam.config.decoder, len(points)
    coords = [[frame.to_input(x, y), (0.0, 0.0)] for x, y in points.tolist()]
    labels = [[float(PointLabel.FOREGROUND), float(PointLabel.PADDING)]] * count
    no_mask = torch.zeros(1, 1, config.mask_size, config.mask_size)  # once, for all of them
    prompts = (torch.tensor(coords), torch.tensor(labels), no_mask, torch.zeros(1))
    logits, ious = sam.decode(embedding, *(tensor.to(embedding.device) for tensor in prompts))
    return logits[:, 1:], ious[:, 1:]


def generate(
    look: Look,
    size: Size,
    config: AutomaticConfig,
    on_progress: Progress = lambda *_: None,
    is_cancelled: Callable[[], bool] = lambda: False,
) -> list[AutomaticMask]:
    """The masks of an image of `size` (height, width), most zoomed in first, those of a crop by falling predicted IoU.

    on_progress hears of every batch of points. is_cancelled is asked before every batch and every mask to be cleaned;
    where it says yes, Cancelled is raised.
    """
    crops = crops_of(size, len(config.points_per_side), config.crop_overlap)
    total = sum(config.points_per_side[crop.layer] ** 2 for crop in crops)
    done = 0
    found: list[AutomaticMask] = []
    for crop in crops:
        here: list[AutomaticMask] = []
        view = look(crop)
        for points in _batches(crop, config):
            _stop_if(is_cancelled)
            here += _candidates(view, points, crop, size, config)
            done += len(points)
            on_progress(done, total)
        found += _distinct(here, [mask.predicted_iou for mask in here], config.box_nms)
    found = _distinct(found, [-mask.crop.area for mask in found], config.crop_nms)
    return _cleaned(found, config, is_cancelled) if config.min_region_area else found


def _batches(crop: Crop, config: AutomaticConfig) -> Iterator[Points]:
    grid = point_grid(config.points_per_side[crop.layer], crop.size)
    return (grid[start : start + config.points_per_batch] for start in range(0, len(grid), config.points_per_batch))


def _stop_if(is_cancelled: Callable[[], bool]) -> None:
    if is_cancelled():
        raise Cancelled("automatic mask generation was cancelled")


def _candidates(view: View, points: Points, crop: Crop, size: Size, config: AutomaticConfig) -> Iterator[AutomaticMask]:
    """Of the masks of one batch those that pass every filter. One at a time is enlarged to the crop's size."""
    logits, ious = view.decode(points)
    for index, token in (ious >= config.min_predicted_iou).nonzero().tolist():
        enlarged = full_size_logits(logits[None, None, index, token], view.frame)[0, 0]
        stability = stability_of(enlarged, config.stability_offset)
        if stability < config.min_stability:
            continue
        mask = (enlarged > MASK_THRESHOLD).cpu().numpy()
        area = int(np.count_nonzero(mask))
        if not 0 < area <= config.max_area * size[0] * size[1]:
            continue
        box = _box_in_image(mask, crop)
        if touches_inner_border(box, crop, size, config.border_tolerance):
            continue
        x, y = points[index].tolist()
        point = (crop.x0 + x, crop.y0 + y)
        yield AutomaticMask(_rle(mask, crop, size), box, area, ious[index, token].item(), stability, point, crop)


def stability_of(logits: Tensor, offset: float) -> float:
    """IoU of the mask of logits (H,W) cut `offset` above the threshold with the one cut as much below, 0 if empty."""
    cuts = ((logits > MASK_THRESHOLD + by).cpu().numpy() for by in (offset, -offset))
    certain, possible = (int(np.count_nonzero(cut)) for cut in cuts)  # several times as fast as in torch
    return certain / max(possible, 1)  # what is possible holds all that is certain


def _box_in_image(mask: npt.NDArray[np.bool_], crop: Crop) -> Box:
    """Of a mask with at least one pixel."""
    columns, rows = (np.flatnonzero(mask.any(axis=axis)).tolist() for axis in (0, 1))
    return crop.x0 + columns[0], crop.y0 + rows[0], crop.x0 + columns[-1] + 1, crop.y0 + rows[-1] + 1


def _rle(mask: npt.NDArray[np.bool_], crop: Crop, size: Size) -> dict[str, Any]:
    """A mask of a crop as one of the whole image."""
    whole = np.zeros(size, np.uint8, order="F")  # pycocotools runs down the columns
    whole[crop.window] = mask
    height, width = size
    return {"size": [height, width], "counts": coco.encode(whole)["counts"].decode("ascii")}


def _distinct(masks: Sequence[AutomaticMask], scores: Sequence[float], threshold: float) -> list[AutomaticMask]:
    """Those that stay when boxes suppress each other, best first."""
    return [masks[index] for index in _kept(masks, scores, threshold)]


def _kept(masks: Sequence[AutomaticMask], scores: Sequence[float], threshold: float) -> list[int]:
    boxes = np.array([mask.box for mask in masks], np.float64).reshape(-1, 4)
    kept: list[int] = box_nms(boxes, np.array(scores, np.float64), threshold).tolist()
    return kept


def _cleaned(
    masks: Sequence[AutomaticMask], config: AutomaticConfig, is_cancelled: Callable[[], bool]
) -> list[AutomaticMask]:
    """Without small islands and holes, in the same order. Boxes may have shrunk onto one another: of such, one that
    was clean before stays.
    """
    cleaned = []
    for mask in masks:
        _stop_if(is_cancelled)
        cleaned.append(_clean(mask, config.min_region_area))
    was_clean = [float(after is before) for before, after in zip(masks, cleaned, strict=True)]
    kept = _kept(cleaned, was_clean, max(config.box_nms, config.crop_nms))
    return [cleaned[index] for index in sorted(kept)]


def _clean(mask: AutomaticMask, min_area: int) -> AutomaticMask:
    """The same object where there was nothing to clean."""
    before = coco.decode(mask.segmentation).astype(bool)
    after = without_small_regions(before, mask.box, min_area)
    if (before == after).all():
        return mask
    height, width = before.shape
    image = Crop(0, 0, 0, width, height)
    return replace(
        mask,
        segmentation=_rle(after, image, (height, width)),
        box=_box_in_image(after, image),
        area=int(after.sum()),
    )
