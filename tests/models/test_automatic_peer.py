"""Automatic masks are those of the published generator, around the same encoder and the same weights."""

import numpy as np
import pytest
from pycocotools import mask as coco
from skimage import data

from sam.automatic import PRESETS, AutomaticConfig, generate, look_with
from sam.crops import crops_of
from sam.sam import Sam
from tests.support.masks import iou
from tests.support.peer_sam import peer, peer_of, peer_of_nothing

ZOOMING = AutomaticConfig(points_per_side=(4, 1), min_predicted_iou=0.7, min_stability=0.85)


def test_the_public_preset_is_what_the_package_does_by_default() -> None:
    peer_config = peer().SamAutomaticMaskGenerator(peer_of_nothing())
    public = PRESETS["public"]
    assert len(peer_config.point_grids[0]) == public.points_per_side[0] ** 2
    assert peer_config.crop_n_layers == len(public.points_per_side) - 1
    for theirs, ours in {
        "pred_iou_thresh": public.min_predicted_iou,
        "stability_score_thresh": public.min_stability,
        "stability_score_offset": public.stability_offset,
        "box_nms_thresh": public.box_nms,
        "crop_nms_thresh": public.crop_nms,
        "crop_overlap_ratio": public.crop_overlap,
        "min_mask_region_area": public.min_region_area,
    }.items():
        assert getattr(peer_config, theirs) == ours, theirs


@pytest.mark.parametrize("size", [(1500, 2250), (300, 450), (451, 299), (64, 1000), (16, 16)], ids=str)
def test_crops_lie_as_in_the_public_code(size: tuple[int, int]) -> None:
    crops = crops_of(size, 3, 512 / 1500)
    boxes, layers = peer().utils.amg.generate_crop_boxes(size, 2, 512 / 1500)
    assert [list(crop.box) for crop in crops] == boxes
    assert [crop.layer for crop in crops] == layers
    assert len(crops) == 1 + 4 + 16


def test_masks_are_those_of_the_published_generator(sam: Sam) -> None:
    photo = np.ascontiguousarray(np.repeat(data.coins()[..., None], 3, axis=2))  # small things, which crops show whole
    generator = peer().SamAutomaticMaskGenerator(
        peer_of(sam),
        points_per_side=4,
        crop_n_layers=1,
        crop_n_points_downscale_factor=4,
        pred_iou_thresh=ZOOMING.min_predicted_iou,
        stability_score_thresh=ZOOMING.min_stability,
        points_per_batch=16,
        output_mode="coco_rle",
    )
    theirs = generator.generate(photo)
    ours = [mask.annotation(1) for mask in generate(look_with(sam, photo), photo.shape[:2], ZOOMING)]
    assert len(ours) == len(theirs) >= 5
    assert len({tuple(mask["crop_box"]) for mask in ours}) > 1
    for mine, their in zip(ours, theirs, strict=True):
        both = [np.asarray(coco.decode(mask["segmentation"]), dtype=bool) for mask in (mine, their)]
        assert iou(*both) > 0.99
        assert mine["point_coords"] == [pytest.approx(their["point_coords"][0])]
        assert mine["crop_box"] == their["crop_box"]
        assert mine["predicted_iou"] == pytest.approx(their["predicted_iou"], abs=1e-3)
        assert mine["stability_score"] == pytest.approx(their["stability_score"], abs=1e-3)
