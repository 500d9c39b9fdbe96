"""Automatic masks: the parts against references, the whole on discs that are drawn as logits, and on a photo."""

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from pycocotools import mask as coco
from skimage import data

from sam.automatic import (
    PRESETS,
    AutomaticConfig,
    AutomaticMask,
    Cancelled,
    Look,
    Points,
    View,
    decode_points,
    generate,
    look_with,
    sa1b_record,
    stability_of,
)
from sam.crops import Crop, crops_of, point_grid, touches_inner_border
from sam.frame import Frame
from sam.mask_cleanup import without_small_regions
from sam.nms import box_iou, box_nms
from sam.official import NO_MASK, OUTPUT_TOKENS, POINT_EMBEDDINGS, rename
from sam.predictor import Pixels, Predictor, encode
from sam.sam import Sam, full_size_logits
from tests.support.masks import Mask, iou
from tests.support.peer_sam import peer

SIZE = (300, 450)
DISC_SLOPE = 2.0  # logits a pixel of the image, at a disc's edge: steep, so stable
GENTLE_SLOPE = 0.05
GOOD, POOR = 0.95, 0.5  # predicted IoUs

Disc = tuple[float, float, float]  # x, y, radius in pixels of the image


def decoded(mask: AutomaticMask) -> Mask:
    return np.asarray(coco.decode(mask.segmentation), dtype=bool)


# --- the parts ---


def test_the_presets_are_the_papers_and_the_public_codes() -> None:
    paper, public = PRESETS["paper"], PRESETS["public"]
    assert (paper.points_per_side, public.points_per_side) == ((32, 16, 8), (32,))
    assert (paper.max_area, public.max_area) == (0.95, 1.0)
    assert (paper.min_region_area, public.min_region_area) == (100, 0)
    for preset in (paper, public):
        assert (preset.min_predicted_iou, preset.min_stability, preset.stability_offset) == (0.88, 0.95, 1.0)
        assert (preset.box_nms, preset.crop_nms) == (0.7, 0.7)
        assert preset.crop_overlap == 512 / 1500


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


@pytest.mark.parametrize("size", [(1, 1), (3, 5), (2, 400), (97, 31), (1000, 1000)], ids=str)
def test_each_layer_of_crops_covers_the_image_and_no_crop_is_empty(size: tuple[int, int]) -> None:
    crops = crops_of(size, 3, 512 / 1500)
    for layer in range(3):
        covered = np.zeros(size, dtype=bool)
        for crop in (crop for crop in crops if crop.layer == layer):
            assert min(crop.size) > 0
            assert covered[crop.window].shape == crop.size
            covered[crop.window] = True
        assert covered.all()


def test_points_are_the_centres_of_equal_cells() -> None:
    np.testing.assert_allclose(point_grid(2, (100, 200)), [(50, 25), (150, 25), (50, 75), (150, 75)])


@pytest.mark.parametrize(
    ("box", "touches"),
    [
        ((150, 150, 300, 250), False),  # well inside
        ((120, 150, 300, 250), True),  # 20 pixels from the left side, which is inside the image
        ((121, 150, 300, 250), False),
        ((150, 150, 400, 250), False),  # at the right side, where the image ends too
        ((150, 0, 300, 250), False),  # at the top, likewise
        ((150, 150, 300, 285), True),  # near the lower side, which is inside the image
    ],
)
def test_masks_touch_a_border_only_inside_the_image(box: tuple[int, int, int, int], *, touches: bool) -> None:
    crop = Crop(1, 100, 0, 400, 300)
    assert touches_inner_border(box, crop, (600, 400), 20) is touches


BOXES = st.lists(
    st.tuples(*[st.integers(0, 8)] * 2, *[st.integers(0, 6)] * 2, st.integers(0, 5)), min_size=0, max_size=14
)


@settings(max_examples=150, deadline=None)
@given(BOXES, st.sampled_from([0.0, 0.3, 0.5, 0.7, 1.0]))
def test_suppression_is_that_of_comparing_every_pair(drawn: list[tuple[int, ...]], threshold: float) -> None:
    boxes = [(x, y, x + w, y + h) for x, y, w, h, _ in drawn]
    scores = [score for *_, score in drawn]
    kept: list[int] = []
    for index in sorted(range(len(boxes)), key=lambda index: (-scores[index], index)):
        if all(pixel_iou(boxes[index], boxes[better]) <= threshold for better in kept):
            kept.append(index)
    found = box_nms(np.array(boxes, np.float64).reshape(-1, 4), np.array(scores, np.float64), threshold)
    assert found.tolist() == kept


def pixel_iou(a: tuple[int, ...], b: tuple[int, ...]) -> float:
    pixels = [{(x, y) for x in range(x0, x1) for y in range(y0, y1)} for x0, y0, x1, y1 in (a, b)]
    union = pixels[0] | pixels[1]
    return len(pixels[0] & pixels[1]) / len(union) if union else 0.0


def cleaned(drawing: str, min_area: int) -> list[str]:
    mask = np.array([[pixel == "#" for pixel in row] for row in drawing.split()])
    rows, columns = mask.any(axis=1).nonzero()[0], mask.any(axis=0).nonzero()[0]
    box = (int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
    after = without_small_regions(mask, box, min_area)
    return ["".join("#" if pixel else "." for pixel in row) for row in after]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("####. #..#. ####.", "####. ####. ####."),  # a hole of two pixels
        ("##### #...# #####", "##### #...# #####"),  # one of three stays
        (".###. .#.#. .#.#.", ".###. .###. .###."),  # what mask and image border enclose is a hole
        (".###. .#.#. .#.#. .....", ".###. .#.#. .#.#. ....."),  # what is open to the outside is none
        ("###.. ###.. ....#", "###.. ###.. ....."),  # an island
        ("###.. ###.. ...#.", "###.. ###.. ...#."),  # not one: it touches at a corner
        ("##... ....#", "##... ....."),  # all are too small: the largest stays
        ("####### #.....# #.#...# #.....# #######", "####### #.....# #.....# #.....# #######"),  # an island in a hole
        ("####### #.....# #...... ####### ...#... ", "####### #.....# #...... ####### ...#..."),  # an open bay
    ],
)
def test_small_holes_are_filled_and_small_islands_removed(before: str, after: str) -> None:
    assert cleaned(before, 3) == after.split()


def test_stability_is_the_iou_of_two_cuts() -> None:
    logits = torch.tensor([[2.0, 0.5, -0.5, -2.0]])
    assert stability_of(logits, 1.0) == 1 / 3
    assert stability_of(logits - 10, 1.0) == 0


# --- the whole, on discs ---


def look_at_discs(discs: dict[Disc, float], slope: float = DISC_SLOPE, size: tuple[int, int] = SIZE) -> Look:
    """A network that knows discs and how good they are; beside them it sees nothing, and says so."""

    def look(crop: Crop) -> View:
        frame = Frame(*crop.size, 1024)
        scale_y, scale_x = (
            full / resized for full, resized in zip((frame.height, frame.width), frame.resized, strict=True)
        )
        cells = (torch.arange(256) + 0.5) * 4
        y, x = torch.meshgrid(crop.y0 + cells * scale_y, crop.x0 + cells * scale_x, indexing="ij")

        def decode(points: Points) -> tuple[torch.Tensor, torch.Tensor]:
            logits, ious = torch.full((len(points), 3, 256, 256), -20.0), torch.zeros(len(points), 3)
            for index, (px, py) in enumerate(points + np.array([crop.x0, crop.y0])):
                for (cx, cy, radius), quality in discs.items():
                    if math.hypot(px - cx, py - cy) < radius:
                        logits[index, 1] = (radius - torch.hypot(x - cx, y - cy)) * slope
                        ious[index, 1] = quality
            return logits, ious

        return View(frame, decode)

    return look


def disc_mask(disc: Disc, size: tuple[int, int] = SIZE) -> Mask:
    y, x = np.mgrid[: size[0], : size[1]] + 0.5
    mask: Mask = np.hypot(x - disc[0], y - disc[1]) < disc[2]
    return mask


A_DISC, ANOTHER = (120.0, 100.0, 60.0), (330.0, 210.0, 50.0)
FEW = AutomaticConfig(points_per_side=(8,))


def test_every_disc_is_found_once_however_many_points_fall_on_it() -> None:
    masks = generate(look_at_discs({A_DISC: GOOD, ANOTHER: 0.99}), SIZE, FEW)
    assert [mask.predicted_iou for mask in masks] == pytest.approx([0.99, GOOD])  # the better one first
    for mask, disc in zip(masks, (ANOTHER, A_DISC), strict=True):
        pixels = decoded(mask)
        assert iou(pixels, disc_mask(disc)) > 0.98
        assert pixels[int(mask.point[1]), int(mask.point[0])]
        assert mask.area == pixels.sum()
        assert mask.annotation(1)["bbox"] == coco.toBbox(mask.segmentation).tolist()


def test_a_mask_that_the_network_doubts_is_dropped() -> None:
    assert len(generate(look_at_discs({A_DISC: GOOD, ANOTHER: POOR}), SIZE, FEW)) == 1


def test_a_mask_whose_edge_depends_on_the_threshold_is_dropped() -> None:
    assert generate(look_at_discs({A_DISC: GOOD}, slope=GENTLE_SLOPE), SIZE, FEW) == []


def test_a_mask_of_nearly_the_whole_image_is_dropped_where_that_is_asked_for() -> None:
    everything = look_at_discs({(225.0, 150.0, 1000.0): GOOD})
    assert len(generate(everything, SIZE, FEW)) == 1
    assert generate(everything, SIZE, AutomaticConfig(points_per_side=(8,), max_area=0.95)) == []


def test_what_a_crop_cuts_off_comes_whole_from_the_image_and_what_it_shows_comes_from_the_crop() -> None:
    in_the_middle, in_a_corner = (225.0, 150.0, 100.0), (60.0, 60.0, 45.0)
    look = look_at_discs({in_the_middle: GOOD, in_a_corner: GOOD})
    masks = generate(look, SIZE, AutomaticConfig(points_per_side=(8, 8)))
    assert [mask.crop.layer for mask in masks] == [1, 0]  # the most zoomed in first
    for mask, disc in zip(masks, (in_a_corner, in_the_middle), strict=True):
        assert iou(decoded(mask), disc_mask(disc)) > 0.98


def test_specks_are_removed_and_of_two_that_become_one_the_clean_one_stays() -> None:
    speckled, speck = (100.0, 100.0, 70.0), (420.0, 260.0, 4.0)
    look = look_at_discs({speckled: GOOD})

    def look_with_speck(crop: Crop) -> View:
        view, spot = look(crop), look_at_discs({speck: GOOD})(crop)
        extra = spot.decode(np.array([speck[:2]]))[0][0, 1]

        def decode_both(points: Points) -> tuple[torch.Tensor, torch.Tensor]:
            logits, ious = view.decode(points)
            logits[:, 2] = torch.maximum(logits[:, 1], extra)  # the same disc once more, with a speck far off
            ious[:, 2] = torch.where(ious[:, 1] > 0, 0.99, 0.0)
            return logits, ious

        return View(view.frame, decode_both)

    config = AutomaticConfig(points_per_side=(8,), min_region_area=100)
    assert len(generate(look_with_speck, SIZE, FEW)) == 2
    (mask,) = generate(look_with_speck, SIZE, config)
    assert mask.predicted_iou == pytest.approx(GOOD)
    (alone,) = generate(look_with_speck, SIZE, AutomaticConfig((8,), min_region_area=100, min_predicted_iou=0.97))
    assert iou(decoded(alone), disc_mask(speckled)) > 0.98
    assert alone.area == decoded(alone).sum()
    assert alone.annotation(1)["bbox"] == coco.toBbox(alone.segmentation).tolist()


def test_an_image_of_nothing_has_no_masks() -> None:
    assert generate(look_at_discs({}), SIZE, AutomaticConfig(points_per_side=(4, 2), min_region_area=100)) == []


def test_batches_make_no_difference() -> None:
    look = look_at_discs({A_DISC: GOOD, ANOTHER: 0.99})
    one_by_one = generate(look, SIZE, AutomaticConfig(points_per_side=(8,), points_per_batch=1))
    assert one_by_one == generate(look, SIZE, FEW)


def test_progress_is_told_after_every_batch_and_ends_with_all_points() -> None:
    told: list[tuple[int, int]] = []
    config = AutomaticConfig(points_per_side=(4, 2), points_per_batch=10)
    generate(look_at_discs({}), SIZE, config, on_progress=lambda done, total: told.append((done, total)))
    assert told == [(done, 32) for done in (10, 16, 20, 24, 28, 32)]


@pytest.mark.parametrize("at", [1, 4, 6])
def test_it_stops_when_asked(at: int) -> None:
    asked: list[None] = []

    def is_cancelled() -> bool:
        asked.append(None)
        return len(asked) == at

    config = AutomaticConfig(points_per_side=(8,), points_per_batch=16, min_region_area=100)  # 4 batches, 2 masks
    with pytest.raises(Cancelled):
        generate(look_at_discs({A_DISC: GOOD, ANOTHER: GOOD}), SIZE, config, is_cancelled=is_cancelled)
    assert len(asked) == at


def test_a_record_of_an_image_is_one_of_sa1b() -> None:
    masks = generate(look_at_discs({A_DISC: GOOD}), SIZE, FEW)
    record = json.loads(json.dumps(sa1b_record(7, "discs.png", SIZE, masks)))
    assert record["image"] == {"image_id": 7, "width": 450, "height": 300, "file_name": "discs.png"}
    (annotation,) = record["annotations"]
    assert annotation.keys() == {
        *("id", "segmentation", "bbox", "area"),
        *("predicted_iou", "stability_score", "crop_box", "point_coords"),
    }
    assert annotation["segmentation"]["size"] == [300, 450]
    assert annotation["crop_box"] == [0, 0, 450, 300]
    assert annotation["point_coords"] == [list(masks[0].point)]


# --- the whole, on a photo ---

LENIENT = AutomaticConfig(points_per_side=(8,), min_predicted_iou=0.8, min_stability=0.9)
ZOOMING = AutomaticConfig(points_per_side=(4, 1), min_predicted_iou=0.7, min_stability=0.85)


@pytest.fixture(scope="module")
def photo(photos: dict[str, Pixels]) -> Pixels:
    """A cup of coffee, 200x300."""
    return np.ascontiguousarray(photos["landscape"][::2, ::2])


@pytest.fixture(scope="module")
def embedding(sam: Sam, photo: Pixels) -> torch.Tensor:
    return encode(sam, [photo])


@pytest.fixture(scope="module")
def found(sam: Sam, photo: Pixels, embedding: torch.Tensor) -> list[AutomaticMask]:
    return generate(look_with(sam, photo, embedding), photo.shape[:2], LENIENT)


def test_masks_of_a_photo_are_good_stable_and_no_two_the_same(
    found: list[AutomaticMask], sam: Sam, photo: Pixels, embedding: torch.Tensor
) -> None:
    assert len(found) >= 5
    boxes = np.array([mask.box for mask in found], np.float64)
    for index, mask in enumerate(found):
        assert mask.predicted_iou >= LENIENT.min_predicted_iou
        assert (box_iou(boxes[index], boxes[:index]) <= LENIENT.box_nms).all()
        assert coco.area(mask.segmentation) == mask.area > 0
        assert coco.toBbox(mask.segmentation).tolist() == mask.annotation(1)["bbox"]
        predicted = Predictor(sam)  # the same click by a person
        predicted.set_embedding(embedding, photo.shape[:2])
        prediction = predicted.predict([mask.point], [1])
        token = int(np.abs(prediction.ious - mask.predicted_iou).argmin())
        assert prediction.ious[token] == pytest.approx(mask.predicted_iou, abs=1e-4)
        assert iou(prediction.masks[token], decoded(mask)) > 0.999
        assert stability(prediction.low_res_logits[token], photo) == pytest.approx(mask.stability, abs=1e-3)
        assert mask.stability >= LENIENT.min_stability


def stability(low_res_logits: npt.NDArray[np.float32], photo: Pixels) -> float:
    frame = Frame(*photo.shape[:2], 1024)
    logits = full_size_logits(torch.from_numpy(low_res_logits)[None, None], frame)[0, 0].numpy()
    return iou(logits > 1, logits > -1)


def test_points_decoded_together_are_as_alone(sam: Sam, embedding: torch.Tensor, photo: Pixels) -> None:
    frame, points = Frame(*photo.shape[:2], 1024), point_grid(2, photo.shape[:2])
    together = decode_points(sam, embedding, frame, points)
    alone = [decode_points(sam, embedding, frame, point[None]) for point in points]
    for ours, parts in zip(together, zip(*alone, strict=True), strict=True):
        torch.testing.assert_close(ours, torch.cat(parts), atol=1e-3, rtol=0)


# --- parity with the published generator ---


class OurEncoder(torch.nn.Module):
    """Stands where the package expects its ViT."""

    img_size = 1024

    def __init__(self, encode_input: Callable[[torch.Tensor], torch.Tensor]) -> None:
        super().__init__()
        self.encode_input = encode_input

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        return self.encode_input(images)


def peer_of_nothing() -> Any:
    """The package's network, without an encoder and with random weights."""
    network = peer().modeling
    decoder = network.MaskDecoder(
        transformer_dim=256,
        transformer=network.TwoWayTransformer(depth=2, embedding_dim=256, num_heads=8, mlp_dim=2048),
    )
    return network.Sam(OurEncoder(torch.nn.Identity()), network.PromptEncoder(256, (64, 64), (1024, 1024), 16), decoder)


def peer_of(sam: Sam) -> Any:
    """The package's network with our encoder and our weights."""
    theirs, ours = peer_of_nothing(), sam.state_dict()
    tables = {
        **dict(zip(POINT_EMBEDDINGS, ours["prompt_encoder.label_embedding.weight"].split(1), strict=True)),
        **dict(zip(OUTPUT_TOKENS, ours["mask_decoder.output_tokens"].split((1, 4)), strict=True)),
        NO_MASK: ours["prompt_encoder.no_mask_embedding"][None],
    }
    names = theirs.state_dict().keys() - tables.keys()
    theirs.load_state_dict(tables | {name: ours[rename(name)] for name in names}, strict=True)
    theirs.image_encoder = OurEncoder(sam.image_encoder)
    return theirs.eval()


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
