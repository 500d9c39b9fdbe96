"""The simulated annotator, the data sets it reads, and the figures it arrives at."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image, ImageDraw
from pycocotools import mask as coco
from skimage import data
from typer.testing import CliRunner

from maskloop.cli import app
from sam import zoo
from sam.click_rule import GridClick, Logits, Question
from sam.clicker import Click, next_click
from sam.datasets import CocoTarget, DatasetError, read_dataset
from sam.errors import InputError
from sam.evaluate import AFTER_CLICKS, MAX_CLICKS, RULES, Answer, Curve, SamSegmenter, evaluate, figures, share_reached
from sam.sam import Sam

Bitmap = npt.NDArray[np.bool_]
NOTHING = np.zeros((20, 30), np.bool_)


def rectangle(top: int, left: int, bottom: int, right: int, size: tuple[int, int] = (20, 30)) -> Bitmap:
    mask = np.zeros(size, np.bool_)
    mask[top:bottom, left:right] = True
    return mask


@pytest.mark.parametrize(
    ("truth", "mask", "expected"),
    [
        pytest.param(rectangle(5, 10, 12, 17), NOTHING, Click(13, 8, True), id="centre of what is missing"),
        pytest.param(NOTHING, rectangle(5, 10, 12, 17), Click(13, 8, False), id="centre of what is too much"),
        pytest.param(
            rectangle(0, 0, 9, 9), rectangle(10, 10, 13, 13), Click(4, 4, True), id="the missing part is deeper"
        ),
        pytest.param(
            rectangle(0, 0, 3, 3), rectangle(10, 10, 19, 19), Click(14, 14, False), id="what is too much is deeper"
        ),
        pytest.param(
            rectangle(0, 0, 3, 30), rectangle(10, 10, 15, 15), Click(12, 12, False), id="depth decides, not area"
        ),
        pytest.param(rectangle(0, 0, 3, 3), rectangle(6, 6, 9, 9), Click(7, 7, False), id="equal: background"),
        pytest.param(rectangle(0, 0, 7, 7), NOTHING, Click(3, 3, True), id="the image's border is an edge"),
        pytest.param(rectangle(0, 0, 20, 30), NOTHING, Click(9, 9, True), id="the whole image"),
        pytest.param(rectangle(19, 29, 20, 30), NOTHING, Click(29, 19, True), id="one pixel in the corner"),
        pytest.param(rectangle(2, 2, 9, 9), rectangle(2, 2, 9, 9), None, id="nothing is wrong"),
    ],
)
def test_the_annotator_clicks_where_the_mask_is_most_wrong(truth: Bitmap, mask: Bitmap, expected: Click | None) -> None:
    assert next_click(truth, mask) == expected


def test_a_ring_is_clicked_on_the_ring_and_not_in_its_hole() -> None:
    ring = rectangle(2, 2, 18, 18) & ~rectangle(5, 5, 15, 15)
    click = next_click(ring, NOTHING)
    assert click is not None
    assert ring[click.y, click.x]


def test_no_pixel_is_clicked_twice_until_none_is_left() -> None:
    truth = rectangle(3, 4, 5, 7)
    clicks: list[Click] = []
    while click := next_click(truth, NOTHING, clicks):
        clicks.append(click)
    assert len(clicks) == truth.sum() == len(set(clicks))
    assert all(truth[click.y, click.x] for click in clicks)


def test_a_clicks_point_is_the_centre_of_its_pixel() -> None:
    assert Click(3, 8, True).point == (3.5, 8.5)


class Oracle:
    """Knows the truth, and covers one tenth of it more with every click; token 2 claims to be best and is."""

    def __init__(self, truth: Bitmap) -> None:
        self.truth = truth
        self.images = 0
        self.priors: list[bool] = []

    def set_image(self, rgb: npt.NDArray[np.uint8]) -> None:  # noqa: ARG002 - it knows the truth
        self.images += 1

    def answer(self, clicks: Sequence[Click], box: npt.ArrayLike | None, prior: npt.ArrayLike | None) -> Answer:
        self.priors.append(prior is not None)
        share = 1.0 if box is not None else len(clicks) / 10
        inside = np.cumsum(self.truth).reshape(self.truth.shape) <= share * self.truth.sum() + 1e-9
        logits = np.where(self.truth & inside, 1.0, -1.0).astype(np.float32)
        worse = np.full_like(logits, -1.0)
        single = logits if len(clicks) != 1 else worse
        return Answer(np.stack([single, worse, logits, worse]), np.array([0.5, 0.4, 0.9, 0.3], np.float32))

    def question(self, answer: Answer, clicks: Sequence[Click], previous: Logits | None) -> Question:
        on_grid = [GridClick(click.x, click.y, click.foreground) for click in clicks]
        return Question(answer.logits, answer.ious, on_grid, not clicks, previous, self.truth.shape)

    def mask(self, logits: Logits) -> Bitmap:
        return logits > 0


def save(array: npt.NDArray[np.generic], path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(array).save(path)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Two photos; the second one has two objects."""
    for name in ("one", "two"):
        save(np.full((20, 30, 3), 99, np.uint8), tmp_path / "images" / f"{name}.png")
    for name, left in (("one", 0), ("twoa", 10), ("twob", 20)):
        save(rectangle(0, left, 10, left + 10).astype(np.uint8) * 255, tmp_path / "masks" / f"{name}.png")
    return tmp_path


def curves_with(rule: str, folder: Path, oracle: Oracle) -> list[Curve]:
    (photo, _) = read_dataset(folder)
    (curves,) = evaluate([photo], oracle, [RULES[rule]])
    return curves[rule]


def test_an_oracle_that_gains_a_tenth_with_each_click_needs_nine_clicks_to_90(folder: Path) -> None:
    (curve,) = curves_with("paper", folder, Oracle(rectangle(0, 0, 10, 10)))
    assert curve.ious == pytest.approx([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9])
    assert curve.box_iou == 1.0
    got = figures([curve])
    assert got.noc == {0.85: 9, 0.90: 9}
    assert got.failures == {0.85: 0, 0.90: 0}
    assert got.miou == pytest.approx({1: 0.1, 3: 0.3, 5: 0.5})


def test_a_photo_is_taken_up_once_for_all_objects_and_rules(folder: Path) -> None:
    oracle = Oracle(rectangle(0, 10, 10, 30))
    rounds = list(evaluate(read_dataset(folder), oracle, list(RULES.values())))
    assert oracle.images == 2
    assert [{name: len(curves) for name, curves in round_.items()} for round_ in rounds] == [
        dict.fromkeys(RULES, 1),
        dict.fromkeys(RULES, 2),
    ]


def test_who_never_gets_there_counts_twenty_clicks_and_as_a_failure(folder: Path) -> None:
    (curve,) = curves_with("paper", folder, Oracle(NOTHING))
    assert len(curve.clicks) == len(set(curve.clicks)) == MAX_CLICKS
    got = figures([curve])
    assert got.noc == {0.85: 20, 0.90: 20}
    assert got.failures == {0.85: 1, 0.90: 1}


def test_clicks_go_on_past_the_target_until_every_miou_is_known() -> None:
    quick = Curve("a", "a", (), (0.86, 0.95, 0.70, 0.8, 0.9), 1.0)
    assert len(quick.ious) == max(AFTER_CLICKS)
    assert (quick.reached_after(0.85), quick.reached_after(0.90), quick.iou_after(3)) == (1, 2, 0.70)
    perfect = Curve("b", "b", (), (1.0,), 1.0)  # nothing was left to click
    assert perfect.iou_after(5) == 1.0
    lost = Curve("c", "c", (), (0.5,) * 20, 1.0)
    assert figures([quick, perfect, lost]).noc == pytest.approx({0.85: 22 / 3, 0.90: 23 / 3})
    shares = share_reached([quick, perfect, lost], 0.90)
    assert shares == pytest.approx([1 / 3, *[2 / 3] * 19])


@pytest.mark.parametrize(("rule", "expected"), [("paper", [False, True, True]), ("no_prior", [False] * 3)])
def test_a_rule_decides_whether_the_previous_logits_are_told(rule: str, expected: list[bool], folder: Path) -> None:
    oracle = Oracle(rectangle(0, 0, 10, 10))
    curves_with(rule, folder, oracle)
    assert oracle.priors[:3] == expected
    assert oracle.priors[-1] is False  # the box


@pytest.mark.parametrize(
    ("rule", "lone", "several", "box"),
    [("paper", 2, 0, 0), ("no_prior", 2, 0, 0), ("best_predicted", 1, 1, 1), ("best_no_prior", 1, 1, 1)],
)
def test_a_rule_decides_which_mask_is_taken(rule: str, lone: int, several: int, box: int) -> None:
    most = 0 if lone == 2 else 1
    ious = np.array([0.1, 0.2, 0.8, 0.3], np.float32)
    ious[most] = 0.9
    logits, click = np.arange(4, dtype=np.float32)[:, None, None], GridClick(0, 0, foreground=True)
    taken = [
        RULES[rule].decide(Question(logits, ious, clicks, not clicks, None, (1, 1)))
        for clicks in ([click], [click, click], [])
    ]
    assert [int(one[0, 0]) for one in taken] == [lone, several, box]


@pytest.mark.parametrize(
    ("rule", "token", "obeys"),
    [("explained", 1, True), ("chosen", 1, False), ("obeying", 0, True), ("paper", 0, False)],
)
def test_either_half_of_the_rule_of_clicks_can_be_left_out(rule: str, token: int, obeys: bool) -> None:
    """A click on the right half of an image whose left half was taken; token 1 takes all but the clicked column."""
    left, most = np.full((8, 8), -1, np.float32), np.full((8, 8), 1, np.float32)
    left[:, :4], most[:, 7] = 1, -2
    clicks = [GridClick(1, 4, foreground=True), GridClick(6.4, 4, foreground=True)]
    answer = np.stack([np.full_like(left, -2), most, left, left])
    taken = RULES[rule].decide(Question(answer, np.ones(4, np.float32), clicks, False, left, (8, 8)))
    assert ((taken != answer[token]).any()) == obeys
    assert (taken[:, 0] > 0).all() == (token == 1)


def test_no_objects_have_no_figures() -> None:
    with pytest.raises(InputError, match="all their masks are empty"):
        figures([])


def test_a_folders_masks_find_their_images(folder: Path) -> None:
    one, two = read_dataset(folder)
    assert [(photo.path.name, [target.name for target in photo.targets]) for photo in (one, two)] == [
        ("one.png", ["one"]),
        ("two.png", ["twoa", "twob"]),
    ]
    np.testing.assert_array_equal(two.targets[1].bitmap((20, 30)), rectangle(0, 20, 10, 30))


def test_a_mask_is_what_is_brighter_than_128(folder: Path) -> None:
    save(np.repeat(np.array([[127, 128, 129]], np.uint8), 2, 0), folder / "masks" / "one.png")
    assert read_dataset(folder)[0].targets[0].bitmap((2, 3)).tolist() == [[False, False, True]] * 2


def test_a_mask_without_its_image_or_of_another_size_is_refused(folder: Path) -> None:
    (target,) = read_dataset(folder)[0].targets
    with pytest.raises(DatasetError, match=r"one\.png: the mask is \(20, 30\) but its image is \(30, 20\)"):
        target.bitmap((30, 20))
    (folder / "images" / "one.png").unlink()
    with pytest.raises(DatasetError, match="there is no image"):
        read_dataset(folder)


def test_photos_are_turned_upright(folder: Path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # the camera was held upright
    Image.new("RGB", (30, 20)).save(folder / "images" / "one.jpg", exif=exif)
    (folder / "images" / "one.png").unlink()
    assert read_dataset(folder)[0].pixels().shape == (30, 20, 3)


def coco_file(folder: Path, annotations: list[dict[str, object]]) -> Path:
    images = [{"id": 7, "file_name": "one.png"}, {"id": 8, "file_name": "two.png"}]
    full = [{"id": key, "image_id": 7, "iscrowd": 0} | annotation for key, annotation in enumerate(annotations)]
    path = folder / "instances.json"
    path.write_text(json.dumps({"images": images, "annotations": full}))
    return path


def test_coco_polygons_and_both_kinds_of_rle_are_read_and_crowds_left_out(folder: Path) -> None:
    mask = rectangle(2, 3, 8, 9)
    packed = coco.encode(np.asfortranarray(mask, np.uint8)) | {"size": [20, 30]}
    packed["counts"] = packed["counts"].decode()
    runs = np.diff(np.flatnonzero(np.diff(mask.ravel("F"), prepend=~mask[0, :1], append=~mask[-1, -1:])))
    forms: list[object] = [[[3, 2, 9, 2, 9, 8, 3, 8]], packed, {"size": [20, 30], "counts": runs.tolist()}]
    crowd: dict[str, object] = {"segmentation": packed, "iscrowd": 1}
    path = coco_file(folder, [*({"segmentation": form} for form in forms), crowd])
    (photo,) = read_dataset(path)
    assert photo.path == folder / "images" / "one.png"
    assert [target.name for target in photo.targets] == ["0", "1", "2"]
    for target in photo.targets:
        np.testing.assert_array_equal(target.bitmap((20, 30)), mask)


def test_an_annotation_with_a_box_only_has_an_empty_mask() -> None:
    assert not CocoTarget("5", []).bitmap((20, 30)).any()


@pytest.mark.parametrize("segmentation", [None, {}, [[1, 2]], [["a"]], {"size": [20, 30], "counts": "!!"}], ids=str)
def test_a_segmentation_that_cannot_be_read_is_named(segmentation: object) -> None:
    with pytest.raises(DatasetError, match="annotation 5: its segmentation cannot be read"):
        CocoTarget("5", segmentation).bitmap((20, 30))


@pytest.mark.parametrize(
    ("content", "message"),
    [("[]", "not a COCO file"), ("{", "not a COCO file"), ('{"images": [], "annotations": []}', "no annotations")],
)
def test_other_files_are_refused(content: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "instances.json").write_text(content)
    with pytest.raises(DatasetError, match=message):
        read_dataset(tmp_path)


def test_an_image_that_a_coco_file_names_must_be_there(folder: Path) -> None:
    path = coco_file(folder, [{"segmentation": [[3, 2, 9, 2, 9, 8]]}])
    (folder / "images" / "one.png").unlink()
    with pytest.raises(DatasetError, match=r"its image one\.png is neither"):
        read_dataset(path)


def test_an_object_without_a_pixel_is_left_out(folder: Path) -> None:
    save(np.zeros((20, 30), np.uint8), folder / "masks" / "one.png")
    assert curves_with("paper", folder, Oracle(NOTHING)) == []


CUP_AND_SAUCER = """172,82 200,45 240,24 290,17 340,26 380,50 405,75 425,72 420,105 450,140 472,180 480,220 470,270
440,320 390,358 330,380 270,388 210,378 150,350 105,310 82,260 77,210 90,160 120,120"""


@pytest.fixture
def coffee(tmp_path: Path) -> Path:
    """A photo of scikit-image's, the cup on its saucer outlined by hand."""
    outline = [tuple(map(int, corner.split(","))) for corner in CUP_AND_SAUCER.split()]
    mask = Image.new("L", (600, 400))
    ImageDraw.Draw(mask).polygon(outline, fill=255)
    save(data.coffee(), tmp_path / "images" / "coffee.png")
    save(np.array(mask), tmp_path / "masks" / "coffee.png")
    return tmp_path


@pytest.mark.usefixtures("own_process")
def test_the_command_clicks_on_a_cup_prints_a_table_and_writes_the_curves(
    files: zoo.ModelFiles, coffee: Path, tmp_path: Path
) -> None:
    out, weights = tmp_path / "out.json", str(files.checkpoint_path.parent)
    command = ["evaluate", str(coffee), "--limit", "1", "--rule", "paper", "--json", str(out)]
    result = CliRunner().invoke(app, command, env={"MASKLOOP_WEIGHTS_DIR": weights, "COLUMNS": "80"})
    assert result.exit_code == 0, result.stderr
    assert "NoC@90" in result.stdout
    assert "1 object;" in result.stdout
    report = json.loads(out.read_bytes())
    assert report["encoder"] == files.encoder_digest
    (curve,) = report["rules"]["paper"]["objects"]
    assert len(curve["clicks"]) == len(curve["ious"]) >= max(AFTER_CLICKS)
    assert curve["clicks"][0][2] is True
    assert max(curve["ious"]) > 0.9
    assert curve["box_iou"] > 0.9


@pytest.mark.usefixtures("own_process")
def test_the_command_says_in_one_line_what_it_cannot_do(files: zoo.ModelFiles, tmp_path: Path) -> None:
    def errors(*options: str) -> list[str]:
        env = {"MASKLOOP_WEIGHTS_DIR": str(files.checkpoint_path.parent)}
        result = CliRunner().invoke(app, ["evaluate", str(tmp_path), *options], env=env)
        assert result.exit_code == 1
        return result.stderr.splitlines()

    assert errors("--rule", "guess") == [f"maskloop: there is no rule guess: take {', '.join(RULES)} or all"]
    (line,) = errors()
    assert "give a COCO file, or a folder" in line


def test_a_segmenter_wants_an_image_first(sam: Sam) -> None:
    with pytest.raises(InputError, match="no image"):
        SamSegmenter(sam).answer([Click(0, 0, True)], None, None)
