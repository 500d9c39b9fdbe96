"""Fine-tuning of the prompt encoder and the mask decoder on embeddings that stay as they are.

The image encoder never changes, so every embedding that is stored stays valid. No files and no loop over data here:
a job hands images to `Trainer.train_step`, and keeps `Trainer.state_dict` wherever it likes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn

from sam.errors import InputError
from sam.losses import Losses, mask_ious, of_mask, segmentation_losses
from sam.prompts import Objects, Prompts, Round, error_points, first_prompts, objects_of, schedule
from sam.sam import Sam


@dataclass(frozen=True)
class TrainingConfig:
    """AdamW as in the paper, but for the learning rate: 8e-4 is for training from scratch in batches of 256 images."""

    learning_rate: float = 1e-4
    warmup_steps: int = 250  # linear, from nearly nothing
    betas: tuple[float, float] = (0.9, 0.999)
    weight_decay: float = 0.1  # of matrices; not of biases, norms and learned embeddings of one row
    max_gradient_norm: float = 1.0  # batches are small here: an odd image must not throw the weights about
    max_objects: int = 64  # of one image in one step, drawn at random; bounds the memory
    seed: int = 0


@dataclass(frozen=True)
class TrainingImage:
    """What there is to learn of one image."""

    embedding: Tensor  # (1,256,64,64), any float type
    objects: Objects


@dataclass(frozen=True)
class Metrics:
    """Means of one step, over objects and rounds."""

    loss: float
    focal: float
    dice: float
    iou_loss: float
    round_ious: tuple[float, ...]  # of the mask that the network likes best with the target, round by round
    objects: int
    learning_rate: float


class RoundResult(NamedTuple):
    """One round of B objects: the mask that the network likes best, what it missed, how good it is."""

    logits: Tensor  # (B,S,S)
    losses: Losses
    ious: Tensor  # (B,)


def training_image(sam: Sam, embedding: Tensor, masks: Tensor) -> TrainingImage:
    """An embedding (256,64,64) or (1,256,64,64) and masks (K,height,width) bool in pixels of the image, none empty."""
    config = sam.config.decoder
    wanted = (config.dim, config.grid_size, config.grid_size)
    if tuple(embedding.shape) not in (wanted, (1, *wanted)):
        raise InputError(f"an embedding must be {wanted}, got {tuple(embedding.shape)}")
    # A copy, for what `predictor.encode` returns is made in inference mode, and no gradient may flow past it.
    return TrainingImage(embedding.clone().view(1, *wanted), objects_of(masks, config))


class Trainer:
    """Changes `sam` in place. The same seed, weights and images give the same weights (on a CPU, to the bit)."""

    def __init__(self, sam: Sam, config: TrainingConfig) -> None:
        self.sam, self.config = sam, config
        self.step = 0
        self.tuned = nn.ModuleDict({"prompt_encoder": sam.prompt_encoder, "mask_decoder": sam.mask_decoder})
        sam.requires_grad_(requires_grad=False)
        self.tuned.requires_grad_(requires_grad=True)  # a network that the zoo loads is frozen
        self.optimizer = torch.optim.AdamW(parameter_groups(self.tuned, config), config.learning_rate, config.betas)
        self.random = torch.Generator().manual_seed(config.seed)

    def train_step(self, images: Sequence[TrainingImage]) -> Metrics:
        """One step of the optimiser, after 11 rounds with every object of every image."""
        batch = [self.on_device(image) for image in images if len(image.objects)]
        if not batch:
            raise InputError("nothing to learn: no image of this step has an object below 90 % of its size")
        count = sum(len(image.objects) for image in batch)
        self.optimizer.zero_grad()
        watched = torch.cat([torch.stack([*self.play(image, count)]) for image in batch], dim=2)
        return metrics(watched, self.update())

    def on_device(self, image: TrainingImage) -> TrainingImage:
        """Where the weights are, and no more objects than wanted."""
        device = next(self.tuned.parameters()).device
        chosen = torch.randperm(len(image.objects), generator=self.random)[: self.config.max_objects]
        return TrainingImage(image.embedding.to(device, torch.float32), image.objects.pick(chosen).to(device))

    def play(self, image: TrainingImage, count: int) -> Iterator[Tensor]:
        """All rounds with one image; gradients add up. `count`: objects of the whole step, to make a mean of them.

        Yields what is to be watched of each round: (5,B), the four of `Losses` and the IoU.
        """
        rounds = schedule(self.random)
        prompts = first_prompts(image.objects, self.random)
        result: RoundResult | None = None
        for kind in rounds:
            if result is not None:
                prompts = prompts.with_mask(result.logits)
                if kind is Round.POINT:
                    prompts = prompts.with_points(*error_points(result.logits, image.objects, self.random))
            result = play_round(self.sam, image, prompts)
            # At once: no gradient flows from round to round, so the memory of one round is enough for all.
            (result.losses.total.sum() / (count * len(rounds))).backward()  # type: ignore[no-untyped-call]
            yield torch.stack([*result.losses, result.ious]).detach()

    def update(self) -> float:
        """Change the weights; returns the learning rate."""
        rate = self.config.learning_rate * min(1.0, (self.step + 1) / max(1, self.config.warmup_steps))
        for group in self.optimizer.param_groups:
            group["lr"] = rate
        # Raises before the weights are touched where a loss is not finite.
        nn.utils.clip_grad_norm_(self.tuned.parameters(), self.config.max_gradient_norm, error_if_nonfinite=True)
        self.optimizer.step()
        self.step += 1
        return rate

    def state_dict(self) -> dict[str, Any]:
        """Everything that a resumed training needs but the image encoder; tensors are those in use, not copies."""
        return {
            "tuned": self.tuned.state_dict(),
            "optimizer": self.optimizer.state_dict(),
            "random": self.random.get_state(),
            "step": self.step,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on where `state_dict` was taken."""
        self.tuned.load_state_dict(state["tuned"])
        self.optimizer.load_state_dict(state["optimizer"])
        self.random.set_state(state["random"].cpu())
        self.step = state["step"]


def parameter_groups(tuned: nn.Module, config: TrainingConfig) -> list[dict[str, Any]]:
    """Weight decay draws matrices towards zero; for biases and norms zero means nothing."""
    matrices = [parameter for parameter in tuned.parameters() if parameter.ndim > 1]
    vectors = [parameter for parameter in tuned.parameters() if parameter.ndim <= 1]
    return [
        {"params": matrices, "weight_decay": config.weight_decay},
        {"params": vectors, "weight_decay": 0.0},
    ]


def play_round(sam: Sam, image: TrainingImage, prompts: Prompts) -> RoundResult:
    """Decode, and compare with the targets: a lone point by the best of three masks, more by the single one."""
    objects = image.objects
    logits, predicted = sam.decode(image.embedding, prompts.coords, prompts.labels, prompts.mask, prompts.has_mask)
    lone = prompts.is_lone_point()[:, None]  # (B,1)
    candidates = torch.cat([~lone, lone.expand(-1, logits.shape[1] - 1)], dim=1)  # (B,4)
    if not lone.any():  # three masks less to compare
        logits, predicted, candidates = logits[:, :1], predicted[:, :1], candidates[:, :1]
    losses = segmentation_losses(logits, predicted, objects.targets, objects.valid, candidates)
    liked = predicted.masked_fill(~candidates, -torch.inf).argmax(dim=1)  # (B,)
    ious = of_mask(mask_ious(logits, objects.targets, objects.valid), liked)
    return RoundResult(of_mask(logits, liked).detach(), losses, ious)


def metrics(watched: Tensor, learning_rate: float) -> Metrics:
    """What `Trainer.play` yields, of all rounds and objects, (11,5,B) -> means."""
    loss, focal, dice, iou_loss, _ = watched.mean(dim=(0, 2)).tolist()
    round_ious = tuple(watched[:, -1].mean(dim=1).tolist())
    return Metrics(loss, focal, dice, iou_loss, round_ious, watched.shape[2], learning_rate)
