"""The annotator of the training, simulated as in the paper's appendix A: what is shown to the network, round by round.

Places are cells of the logits' grid and reach the network as the centres of these cells, in pixels of its input.
Random numbers are drawn on the CPU, so that a seed means the same clicks on every device.
"""

from dataclasses import dataclass, replace
from enum import Enum, auto

import torch
from torch import Tensor
from torch.nn import functional

from sam.config import PromptDecoderConfig
from sam.errors import InputError
from sam.frame import Frame
from sam.prompt_encoder import PointLabel
from sam.sam import MASK_THRESHOLD

POINT_ROUNDS = 8  # more bring little
BOX_NOISE = 0.1  # standard deviation, in sides of the box
BOX_NOISE_LIMIT = 20.0  # pixels of the network's input
LARGEST_SHARE = 0.9  # of the image: a mask above is background rather than an object


class Round(Enum):
    """What the annotator does in one round."""

    FIRST = auto()  # one foreground point, or a box
    POINT = auto()  # one more point, where the mask is wrong; and the mask
    MASK_ONLY = auto()  # nothing new but the mask: the network learns to refine its own


@dataclass(frozen=True)
class Objects:
    """B objects of one image, in the network's frame (S: side of the logits)."""

    targets: Tensor  # (B,S,S) bool
    boxes: Tensor  # (B,4) XYXY in pixels of the network's input
    valid: Tensor  # (S,S) bool: cells that hold image, not padding
    extent: Tensor  # (2,): width and height of the image in pixels of the network's input
    cell: int  # side of a cell in pixels of the network's input

    def __len__(self) -> int:
        return len(self.targets)

    def pick(self, index: Tensor) -> "Objects":
        """Some of the objects: index (K,) of integers."""
        return replace(self, targets=self.targets[index], boxes=self.boxes[index])

    def to(self, device: torch.device) -> "Objects":
        """The same, on a device."""
        return Objects(
            self.targets.to(device), self.boxes.to(device), self.valid.to(device), self.extent.to(device), self.cell
        )


@dataclass(frozen=True)
class Prompts:
    """One prompt for each of B objects, as `Sam.decode` takes them."""

    coords: Tensor  # (B,N,2)
    labels: Tensor  # (B,N)
    mask: Tensor  # (B,1,S,S)
    has_mask: Tensor  # (B,)

    def is_lone_point(self) -> Tensor:
        """Whether a prompt is ambiguous, and three masks are to answer it: (B,) bool."""
        points = (self.labels != PointLabel.PADDING).sum(dim=1)
        return (points == 1) & (self.has_mask == 0)

    def with_points(self, coords: Tensor, labels: Tensor) -> "Prompts":
        """One point more each: coords (B,2), labels (B,). The network does not mind the order of points."""
        return replace(
            self,
            coords=torch.cat([self.coords, coords[:, None]], dim=1),
            labels=torch.cat([self.labels, labels[:, None]], dim=1),
        )

    def with_mask(self, logits: Tensor) -> "Prompts":
        """Raw logits (B,S,S) of the last round in place of what was there; no gradient flows back through them."""
        return replace(self, mask=logits.detach()[:, None], has_mask=torch.ones_like(self.has_mask))


def objects_of(masks: Tensor, config: PromptDecoderConfig) -> Objects:
    """Masks (K,height,width) bool of one image -> the objects to learn; masks over 90 % of the image are left out."""
    if masks.ndim != 3 or masks.dtype != torch.bool:  # noqa: PLR2004 - a rank, not a magic number
        raise InputError(f"masks must be bool of shape (K,height,width), got {masks.dtype} {tuple(masks.shape)}")
    areas = masks.sum(dim=(1, 2))  # (K,)
    if (areas == 0).any():
        raise InputError(f"mask {int((areas == 0).nonzero()[0])} is empty: leave it out")
    frame = Frame(masks.shape[1], masks.shape[2], config.image_size)
    kept = masks[areas <= LARGEST_SHARE * frame.height * frame.width]
    side = config.mask_size
    height, width = frame.resized
    targets = [target(mask, frame, side) for mask in kept]
    return Objects(
        targets=torch.stack(targets) if targets else masks.new_zeros(0, side, side),
        boxes=torch.tensor([tight_box(mask, frame) for mask in kept]).view(-1, 4),
        valid=valid_cells(frame, side),
        extent=torch.tensor([width, height], dtype=torch.float32),
        cell=config.image_size // side,
    )


def target(mask: Tensor, frame: Frame, side: int) -> Tensor:
    """Mask (height,width) bool -> the cells (side,side) that are at least half inside; the fullest one in any case."""
    height, width = frame.resized
    resized = functional.interpolate(mask[None, None].float(), (height, width), mode="bilinear", antialias=True)
    both = torch.cat([resized, torch.ones_like(resized)])  # the object, and where there is image: (2,1,h,w)
    padded = functional.pad(both, (0, frame.input_side - width, 0, frame.input_side - height))
    inside, image = functional.avg_pool2d(padded, frame.input_side // side)[:, 0]  # (side,side) each
    share = torch.where(valid_cells(frame, side), inside / image.clamp(min=1e-6), -1.0)
    return share >= share.max().clamp(max=0.5)


def valid_cells(frame: Frame, side: int) -> Tensor:
    """Cells that hold some of the image: (side,side) bool."""
    rows, columns = (-(-extent * side // frame.input_side) for extent in frame.resized)
    valid = torch.zeros(side, side, dtype=torch.bool)
    valid[:rows, :columns] = True
    return valid


def tight_box(mask: Tensor, frame: Frame) -> list[float]:
    """Mask (height,width) -> XYXY around its pixels, in pixels of the network's input."""
    rows, columns = mask.any(dim=1).nonzero(), mask.any(dim=0).nonzero()
    x0, y0 = frame.to_input(float(columns[0]), float(rows[0]))
    x1, y1 = frame.to_input(float(columns[-1]) + 1, float(rows[-1]) + 1)
    return [x0, y0, x1, y1]


def schedule(random: torch.Generator) -> list[Round]:
    """The 11 rounds: the first, 8 points with a mask-only round somewhere before one of them, a mask-only round."""
    rounds = [Round.POINT] * POINT_ROUNDS
    rounds.insert(int(torch.randint(POINT_ROUNDS, (), generator=random)), Round.MASK_ONLY)
    return [Round.FIRST, *rounds, Round.MASK_ONLY]


def first_prompts(objects: Objects, random: torch.Generator) -> Prompts:
    """For each object a foreground point or a box, with equal chance. Both are two tokens: a point brings a padding."""
    batch, device = len(objects), objects.targets.device
    points = sample_cells(objects.targets & objects.valid, objects, random)[0]  # (B,2)
    as_points = torch.stack([points, torch.zeros_like(points)], dim=1)  # (B,2,2)
    as_boxes = noisy_boxes(objects, random).view(batch, 2, 2)
    is_box = torch.randint(2, (batch, 1), generator=random).bool().to(device)
    point_labels = torch.tensor([PointLabel.FOREGROUND, PointLabel.PADDING], device=device)
    box_labels = torch.tensor([PointLabel.BOX_TOP_LEFT, PointLabel.BOX_BOTTOM_RIGHT], device=device)
    return Prompts(
        coords=torch.where(is_box[..., None], as_boxes, as_points),
        labels=torch.where(is_box, box_labels, point_labels),
        mask=torch.zeros_like(objects.targets, dtype=torch.float32)[:, None],
        has_mask=torch.zeros(batch, device=device),
    )


def noisy_boxes(objects: Objects, random: torch.Generator) -> Tensor:
    """Each coordinate off by 10 % of its side (standard deviation), never by more than 20 pixels: (B,4) XYXY."""
    corners = objects.boxes.view(-1, 2, 2)  # (B,2 corners,xy)
    sides = corners[:, 1] - corners[:, 0]  # (B,2)
    normal = torch.randn(corners.shape, generator=random).to(corners.device)
    noise = (BOX_NOISE * sides[:, None] * normal).clamp(-BOX_NOISE_LIMIT, BOX_NOISE_LIMIT)
    moved = (corners + noise).clamp(min=0).minimum(objects.extent)
    return torch.cat([moved.amin(dim=1), moved.amax(dim=1)], dim=1)  # in order, however thin the box is


def error_points(logits: Tensor, objects: Objects, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """A point anywhere in what is wrong with the masks (B,S,S): coords (B,2), labels (B,).

    What is missing gets a foreground point, what is too much a background point. Where nothing is wrong, a foreground
    point says so once more.
    """
    wrong = ((logits > MASK_THRESHOLD) != objects.targets) & objects.valid  # (B,S,S)
    nothing = ~wrong.flatten(1).any(dim=1)[:, None, None]
    region = torch.where(nothing, objects.targets & objects.valid, wrong)
    coords, cells = sample_cells(region, objects, random)
    missing = objects.targets.flatten(1).gather(1, cells[:, None])[:, 0]  # (B,)
    return coords, torch.where(missing, PointLabel.FOREGROUND, PointLabel.BACKGROUND)


def sample_cells(region: Tensor, objects: Objects, random: torch.Generator) -> tuple[Tensor, Tensor]:
    """One cell of each region (B,S,S), every cell as likely: its centre (B,2) in input pixels, its flat index (B,).

    No region may be empty.
    """
    side = region.shape[-1]
    counted = region.flatten(1).cumsum(dim=1)  # (B,S*S): how many cells of the region up to here
    chance = torch.rand(len(region), 1, generator=random, dtype=torch.float64).to(region.device)
    wanted = (chance * counted[:, -1:]).long() + 1  # (B,1): the first, the second, ... of them
    cells = torch.searchsorted(counted, wanted)[:, 0]  # (B,)
    grid_xy = torch.stack([cells % side, cells // side], dim=1)  # (B,2)
    centres = (grid_xy + 0.5) * objects.cell
    return centres.minimum(objects.extent), cells  # the last cells may lie halfway in the padding
