"""The simulated annotator and the trainer, on a network small enough to overfit in seconds."""

import io
from itertools import pairwise
from typing import Any

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from sam.config import PromptDecoderConfig, SamConfig, TinyViTConfig
from sam.errors import InputError
from sam.prompt_encoder import PointLabel
from sam.prompts import (
    BOX_NOISE_LIMIT,
    Objects,
    Prompts,
    Round,
    error_points,
    first_prompts,
    noisy_boxes,
    objects_of,
    schedule,
)
from sam.sam import Sam
from sam.training import Metrics, Trainer, TrainingConfig, TrainingImage, training_image

DECODER = PromptDecoderConfig(
    dim=32, image_size=128, grid_size=8, mask_channels=4, heads=2, mlp_dim=64, head_depth=2
)  # logits of 32 x 32 cells, 4 pixels each
ENCODER = TinyViTConfig(image_size=32, out_channels=32, embed_dims=(4, 4, 4, 4), depths=(1, 1, 1, 1), heads=(1,) * 4)
SEEDS = st.integers(0, 2**32 - 1)
HEIGHT, WIDTH = 60, 80  # fills the upper 96 of the 128 rows of the input, 24 of 32 rows of cells

pytestmark = pytest.mark.usefixtures("one_thread")


@pytest.fixture(scope="module")
def one_thread() -> Any:
    """Tensors this small are slower on two, and sums on one are the same every time."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def tiny_sam(seed: int = 0) -> Sam:
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        return Sam(SamConfig(ENCODER, DECODER))


def seeded(seed: int) -> torch.Generator:
    return torch.Generator().manual_seed(seed)


def shapes() -> Tensor:
    """A disc and two rectangles in a landscape image: (3,60,80) bool."""
    y, x = torch.meshgrid(torch.arange(HEIGHT), torch.arange(WIDTH), indexing="ij")
    disc = (x - 20) ** 2 + (y - 20) ** 2 < 150
    upper = (x >= 45) & (x < 70) & (y >= 10) & (y < 30)
    lower = (x >= 10) & (x < 60) & (y >= 40) & (y < 55)
    return torch.stack([disc, upper, lower])


def example(sam: Sam, seed: int = 0) -> TrainingImage:
    return training_image(sam, torch.randn(32, 8, 8, generator=seeded(seed)), shapes())


# What there is to learn


def test_a_mask_is_learnt_where_the_network_sees_it() -> None:
    objects = objects_of(shapes(), DECODER)
    assert objects.targets.shape == (3, 32, 32)
    expected = torch.zeros(32, 32, dtype=torch.bool)
    expected[4:12, 18:28] = True  # pixels 10..30 x 45..70, times 1.6, in cells of 4
    assert torch.equal(objects.targets[1], expected)
    assert objects.boxes[1].tolist() == pytest.approx([45 * 1.6, 10 * 1.6, 70 * 1.6, 30 * 1.6])
    assert objects.valid.sum(dim=0).tolist() == [24] * 32


@pytest.mark.parametrize("size", [(1, 128), (300, 1), (7, 5), (211, 400), (128, 128)])
def test_an_object_of_one_pixel_is_one_to_learn_wherever_it_is(size: tuple[int, int]) -> None:
    height, width = size
    for y, x in ((0, 0), (height - 1, width - 1), (height // 2, width // 3)):
        mask = torch.zeros(1, height, width, dtype=torch.bool)
        mask[0, y, x] = True
        objects = objects_of(mask, DECODER)
        assert (objects.targets & objects.valid).any()
        assert not (objects.targets & ~objects.valid).any()


def test_masks_over_nine_tenths_of_the_image_are_left_out() -> None:
    masks = torch.zeros(3, 10, 10, dtype=torch.bool)
    masks[0, :9] = True  # 90 %: still an object
    masks[1] = True
    masks[2, :9] = masks[2, 9, 0] = True
    assert len(objects_of(masks, DECODER)) == 1
    assert len(objects_of(masks[1:], DECODER)) == 0


def test_masks_and_embeddings_of_the_wrong_kind_are_refused() -> None:
    with pytest.raises(InputError, match="mask 1 is empty"):
        objects_of(torch.stack([torch.ones(4, 4), torch.zeros(4, 4)]).bool(), DECODER)
    with pytest.raises(InputError, match=r"must be bool of shape \(K,height,width\), got torch.float32 \(4, 4\)"):
        objects_of(torch.ones(4, 4), DECODER)
    with pytest.raises(InputError, match=r"must be \(32, 8, 8\), got \(32, 4, 4\)"):
        training_image(tiny_sam(), torch.zeros(32, 4, 4), shapes())


# The simulated annotator


@given(SEEDS)
def test_there_are_eleven_rounds_of_the_right_kinds(seed: int) -> None:
    rounds = schedule(seeded(seed))
    assert len(rounds) == 11
    assert [rounds.count(kind) for kind in Round] == [1, 8, 2]
    assert (rounds[0], rounds[-1]) == (Round.FIRST, Round.MASK_ONLY)
    assert rounds[-2] is Round.POINT


def test_the_first_mask_only_round_comes_before_any_of_the_points() -> None:
    random = seeded(0)
    assert {schedule(random).index(Round.MASK_ONLY) for _ in range(200)} == set(range(1, 9))


def cells_of(coords: Tensor) -> tuple[Tensor, Tensor]:
    """Rows and columns of the cells in which points (B,2) lie."""
    column, row = (coords / 4).long().unbind(dim=1)
    return row, column


@settings(deadline=None)
@given(SEEDS)
def test_a_first_prompt_is_a_point_on_the_object_or_a_box_around_it(seed: int) -> None:
    objects = objects_of(shapes(), DECODER)
    prompts = first_prompts(objects, seeded(seed))
    assert prompts.has_mask.tolist() == [0, 0, 0]
    for i, labels in enumerate(prompts.labels.tolist()):
        if labels == [PointLabel.FOREGROUND, PointLabel.PADDING]:
            row, column = cells_of(prompts.coords[i, :1])
            assert objects.targets[i, row, column].item()
            assert prompts.is_lone_point()[i]
        else:
            assert labels == [PointLabel.BOX_TOP_LEFT, PointLabel.BOX_BOTTOM_RIGHT]
            assert (prompts.coords[i].flatten() - objects.boxes[i]).abs().max() <= BOX_NOISE_LIMIT
            assert not prompts.is_lone_point()[i]


def one_object(box: list[float], copies: int) -> Objects:
    grid = torch.ones(32, 32, dtype=torch.bool)
    return Objects(
        grid.expand(copies, -1, -1), torch.tensor([box]).expand(copies, -1), grid, torch.tensor([1024.0, 768.0]), 4
    )


def test_points_and_boxes_are_equally_likely() -> None:
    prompts = first_prompts(one_object([0.0, 0.0, 128.0, 128.0], copies=4000), seeded(0))
    assert 0.46 < prompts.is_lone_point().float().mean().item() < 0.54


def test_boxes_are_off_by_a_tenth_of_their_sides_and_never_more_than_twenty_pixels() -> None:
    box = torch.tensor([300.0, 300.0, 350.0, 700.0])
    noise = noisy_boxes(one_object(box.tolist(), copies=4000), seeded(0)) - box
    assert noise[:, [0, 2]].std(dim=0).tolist() == pytest.approx([5, 5], rel=0.05)
    assert noise[:, [1, 3]].abs().max().item() == pytest.approx(20)  # sigma is 40 there
    assert noise[:, [0, 2]].abs().max().item() < 20.01


def test_noise_takes_no_box_out_of_the_image_and_turns_none_over() -> None:
    boxes = noisy_boxes(one_object([0.0, 700.0, 1024.0, 768.0], copies=500), seeded(0))
    assert boxes.min() >= 0
    assert boxes[:, 2].max() <= 1024
    assert boxes[:, 3].max() <= 768
    assert (boxes[:, :2] <= boxes[:, 2:]).all()


@settings(deadline=None)
@given(SEEDS, st.floats(0.01, 0.99))
def test_a_corrective_point_is_where_the_mask_is_wrong_and_says_how(seed: int, share: float) -> None:
    objects = objects_of(shapes(), DECODER)
    random = seeded(seed)
    logits = torch.rand(3, 32, 32, generator=random) - share
    coords, labels = error_points(logits, objects, random)
    row, column = cells_of(coords)
    each = torch.arange(3)
    wanted, said = objects.targets[each, row, column], logits[each, row, column] > 0
    assert torch.equal(wanted, ~said)
    assert labels.tolist() == [PointLabel.FOREGROUND if missing else PointLabel.BACKGROUND for missing in wanted]
    assert objects.valid[row, column].all()


def test_every_wrong_cell_is_as_likely_as_any_other() -> None:
    objects = one_object([0.0, 0.0, 128.0, 128.0], copies=6000)
    logits = torch.ones(6000, 32, 32)
    for row, column in ((0, 0), (5, 17), (31, 31)):
        logits[:, row, column] = -1
    coords, _ = error_points(logits, objects, seeded(0))
    found, counts = coords.unique(dim=0, return_counts=True)
    assert found.tolist() == [[2, 2], [70, 22], [126, 126]]
    assert counts.tolist() == pytest.approx([2000] * 3, rel=0.08)


def test_where_nothing_is_wrong_the_object_is_pointed_at_again() -> None:
    objects = objects_of(shapes(), DECODER)
    coords, labels = error_points(objects.targets.float() - 0.5, objects, seeded(0))
    row, column = cells_of(coords)
    assert objects.targets[torch.arange(3), row, column].all()
    assert labels.tolist() == [PointLabel.FOREGROUND] * 3


def test_what_the_mask_says_about_the_padding_is_no_error() -> None:
    objects = objects_of(shapes(), DECODER)
    logits = torch.where(objects.valid, objects.targets.float() - 0.5, 1.0)
    _, labels = error_points(logits, objects, seeded(0))
    assert labels.tolist() == [PointLabel.FOREGROUND] * 3


# The trainer


class Listener:
    """Stands between a trainer and its network, and keeps what the network was asked and answered."""

    def __init__(self, sam: Sam) -> None:
        self.asked: list[Prompts] = []
        self.answered: list[tuple[Tensor, Tensor]] = []
        self.decode = sam.decode

    def __call__(self, embedding: Tensor, *prompt: Tensor) -> tuple[Tensor, Tensor]:
        self.asked.append(Prompts(*prompt))
        self.answered.append(self.decode(embedding, *prompt))
        return self.answered[-1]


def test_a_step_asks_as_the_paper_says(monkeypatch: pytest.MonkeyPatch) -> None:
    sam = tiny_sam()
    listener = Listener(sam)
    monkeypatch.setattr(sam, "decode", listener)
    Trainer(sam, TrainingConfig()).train_step([example(sam)])
    tokens = [prompts.coords.shape[1] for prompts in listener.asked]
    assert tokens[0] == 2
    assert tokens[-1] == tokens[-2] == 10
    assert sum(after > before for before, after in pairwise(tokens)) == 8
    assert [prompts.has_mask.tolist() for prompts in listener.asked] == [[0] * 3, *[[1] * 3] * 10]
    for asked, (logits, ious) in zip(listener.asked[1:], listener.answered, strict=False):
        first = asked is listener.asked[1]
        for i, lone in enumerate(listener.asked[0].is_lone_point().tolist()):
            token = 1 + int(ious[i, 1:].argmax()) if first and lone else 0
            assert torch.equal(asked.mask[i, 0], logits[i, token])
            assert not asked.mask.requires_grad


def train(trainer: Trainer, steps: int) -> list[Metrics]:
    image = example(trainer.sam)
    return [trainer.train_step([image]) for _ in range(steps)]


def test_a_handful_of_objects_is_learnt_by_heart() -> None:
    sam = tiny_sam()
    trainer = Trainer(sam, TrainingConfig(learning_rate=6e-3, warmup_steps=10))
    image = example(sam)
    for _ in range(200):
        last = trainer.train_step([image])
        if min(last.round_ious[2:]) > 0.9:
            break
    assert min(last.round_ious[2:]) > 0.9
    assert last.loss < 0.5


def test_only_prompt_encoder_and_mask_decoder_change() -> None:
    sam = tiny_sam().requires_grad_(requires_grad=False)  # as the zoo loads it
    before = {name: tensor.clone() for name, tensor in sam.state_dict().items()}
    train(Trainer(sam, TrainingConfig(warmup_steps=0)), 2)
    changed = {name for name, tensor in sam.state_dict().items() if not torch.equal(tensor, before[name])}
    assert {name.split(".")[0] for name in changed} == {"prompt_encoder", "mask_decoder"}
    assert "prompt_encoder.position.frequencies" not in changed
    assert changed >= {"prompt_encoder.label_embedding.weight", "mask_decoder.output_tokens"}
    assert all(parameter.grad is None for parameter in sam.image_encoder.parameters())


def test_a_resumed_training_goes_on_bit_for_bit() -> None:
    config = TrainingConfig(warmup_steps=4, seed=3)
    straight = Trainer(tiny_sam(), config)
    train(straight, 2)
    file = io.BytesIO()
    torch.save(straight.state_dict(), file)
    file.seek(0)
    resumed = Trainer(tiny_sam(seed=1), config)
    resumed.load_state_dict(torch.load(file, weights_only=True))
    assert train(straight, 3) == train(resumed, 3)
    ours, theirs = straight.tuned.state_dict(), resumed.tuned.state_dict()
    assert [name for name in ours if not torch.equal(ours[name], theirs[name])] == []


def test_an_embedding_fresh_from_the_encoder_will_do() -> None:
    sam = tiny_sam()
    with torch.inference_mode():
        embedding = torch.randn(1, 32, 8, 8, generator=seeded(0)).half()
    metrics = Trainer(sam, TrainingConfig()).train_step([training_image(sam, embedding, shapes())])
    assert metrics.objects == 3


def test_a_seed_decides_what_is_shown() -> None:
    one, again, other = (train(Trainer(tiny_sam(), TrainingConfig(seed=seed)), 1)[0] for seed in (5, 5, 6))
    assert one == again != other


def test_the_learning_rate_warms_up() -> None:
    rates = [m.learning_rate for m in train(Trainer(tiny_sam(), TrainingConfig(learning_rate=1e-3, warmup_steps=2)), 3)]
    assert rates == [5e-4, 1e-3, 1e-3]


def test_a_step_is_the_mean_over_the_objects_of_all_its_images() -> None:
    sam = tiny_sam()
    images = [example(sam, seed) for seed in (0, 1)]
    nothing = training_image(sam, torch.zeros(32, 8, 8), torch.ones(1, 9, 9, dtype=torch.bool))
    metrics = Trainer(sam, TrainingConfig(max_objects=2)).train_step([*images, nothing])
    assert metrics.objects == 4
    assert len(metrics.round_ious) == 11
    assert metrics.loss == pytest.approx(20 * metrics.focal + metrics.dice + metrics.iou_loss, rel=1e-4)
    with pytest.raises(InputError, match="nothing to learn"):
        Trainer(sam, TrainingConfig()).train_step([nothing])


def test_a_loss_that_is_not_finite_leaves_the_weights_alone() -> None:
    sam = tiny_sam()
    before = {name: tensor.clone() for name, tensor in sam.state_dict().items()}
    broken = training_image(sam, torch.full((32, 8, 8), torch.nan), shapes())
    with pytest.raises(RuntimeError, match="non-finite"):
        Trainer(sam, TrainingConfig()).train_step([broken])
    assert all(torch.equal(tensor, before[name]) for name, tensor in sam.state_dict().items())


@pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device")
def test_a_gpu_is_shown_the_same_and_learns_the_same() -> None:
    on_cpu = train(Trainer(tiny_sam(), TrainingConfig()), 1)[0]
    on_gpu = train(Trainer(tiny_sam().cuda(), TrainingConfig()), 1)[0]
    assert on_gpu.loss == pytest.approx(on_cpu.loss, rel=1e-2)
