"""From pixels and prompts to masks: what NumPy arrays a person has, and what tensors the network wants."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from sam.config import SamConfig
from sam.errors import InputError
from sam.frame import Frame
from sam.preparation import Pixels, prepare
from sam.prompt_encoder import PointLabel
from sam.sam import MASK_THRESHOLD, Sam, full_size_logits

PROMPTS_AT_ONCE = 16  # makes no difference to the masks, only to memory: some 30 MB a prompt


class Prediction(NamedTuple):
    """M masks of one prompt, in token order; or of B prompts, with an axis (B,...) in front of each."""

    masks: npt.NDArray[np.bool_]  # (M,height,width)
    ious: npt.NDArray[np.float32]  # (M,), predicted
    low_res_logits: npt.NDArray[np.float32]  # (M,256,256), to be the next round's mask_input


def prepare_image(rgb: Pixels, config: SamConfig) -> Tensor:
    """RGB (H,W,3) uint8, orientation applied -> the network's input (3,S,S) float32 on the CPU, S = `input_side`."""
    return torch.from_numpy(prepare(rgb, config))


@torch.inference_mode()
def encode(sam: Sam, images: Sequence[Pixels]) -> Tensor:
    """B images (H,W,3) uint8 of any sizes -> embeddings (B,256,64,64) float32 on the network's device."""
    if not images:
        raise InputError("no images to encode")
    batch = torch.stack([prepare_image(rgb, sam.config) for rgb in images])  # (B,3,S,S)
    embeddings: Tensor = sam.image_encoder(batch.to(device_of(sam)))
    return embeddings


def device_of(sam: Sam) -> torch.device:
    """Where the network's weights are."""
    return next(sam.parameters()).device


class Predictor:
    """Set an image once, then ask for as many masks of it as you like."""

    def __init__(self, sam: Sam) -> None:
        self.sam = sam
        self._image: tuple[Tensor, Frame] | None = None

    def set_image(self, rgb: Pixels) -> None:
        """Encode an image (H,W,3) uint8."""
        self.set_embedding(encode(self.sam, [rgb]), rgb.shape[:2])

    def set_embedding(self, embedding: Tensor | npt.NDArray[np.floating], size: Sequence[int]) -> None:
        """Use an embedding (256,64,64) or (1,256,64,64), of any float type, of an image of `size` (height, width)."""
        config = self.sam.config.decoder
        if not isinstance(embedding, Tensor):
            embedding = torch.from_numpy(np.array(embedding, dtype=np.float32))
        tensor = embedding.to(device_of(self.sam), torch.float32)
        wanted = (config.dim, config.grid_size, config.grid_size)
        if tuple(tensor.shape) not in (wanted, (1, *wanted)):
            raise InputError(f"an embedding must be {wanted}, got {tuple(tensor.shape)}")
        height, width = size
        self._image = tensor.reshape(1, *wanted), Frame(height, width, self.sam.config.input_side)

    @torch.inference_mode()
    def predict(
        self,
        points: npt.ArrayLike | None = None,
        labels: npt.ArrayLike | None = None,
        box: npt.ArrayLike | None = None,
        mask_input: npt.ArrayLike | None = None,
        *,
        multimask: bool = True,
    ) -> Prediction:
        """Masks for one prompt, or for B prompts at once.

        points (P,2): (x, y) in pixels of the image, pixel centres at +0.5; labels (P,): 1 foreground, 0 background;
        box (4,): XYXY in pixels of the image; mask_input (256,256): low_res_logits of an earlier round.
        multimask: the three masks of tokens 1 to 3 (best for a lone, ambiguous point), else the one of token 0.

        Each of them may have an axis of B prompts in front: points (B,P,2) with labels (B,P), boxes (B,4), masks
        (B,256,256). What has none counts for all B. The prediction then has the axis in front, too.
        """
        if self._image is None:
            raise InputError("no image: call set_image or set_embedding before predict")
        if points is None and box is None and mask_input is None:
            raise InputError("a prompt is at least one point, a box or a mask of an earlier round")
        embedding, frame = self._image
        coords, point_labels = point_tensors(frame, points, labels, box)  # (B or 1,N,2), (B or 1,N)
        mask, has_mask = mask_tensors(mask_input, self.sam.config.decoder.mask_size)  # (B or 1,1,256,256), (B or 1,)
        axes = [np.ndim(given) - rank for given, rank in ((points, 2), (box, 1)) if given is not None]  # in front
        is_batch = any(axes) or len(mask) > 1
        logits, ious = self._decode(embedding, one_for_each(coords, point_labels, mask, has_mask))
        tokens = slice(1, None) if multimask else slice(0, 1)
        logits, ious = logits[:, tokens], ious[:, tokens]  # (B,M,256,256), (B,M)
        masks = full_size_masks(logits.flatten(0, 1), frame).reshape(*ious.shape, frame.height, frame.width)
        prediction = Prediction(masks, ious.cpu().numpy(), logits.cpu().numpy())
        return prediction if is_batch else Prediction(*(array[0] for array in prediction))

    def _decode(self, embedding: Tensor, prompts: Sequence[Tensor]) -> tuple[Tensor, Tensor]:
        """An embedding (1,256,64,64) and the tensors of B prompts -> logits (B,4,256,256), predicted IoUs (B,4)."""
        parts = [torch.split(tensor.to(embedding.device), PROMPTS_AT_ONCE) for tensor in prompts]
        batches = zip(*parts, strict=True)
        logits, ious = zip(*(self.sam.decode(embedding, *batch) for batch in batches), strict=True)
        return torch.cat(logits), torch.cat(ious)


def one_for_each(*tensors: Tensor) -> list[Tensor]:
    """Tensors (B,...) of B prompts each, or (1,...) where one counts for all -> all of them (B,...)."""
    counts = {len(tensor) for tensor in tensors} - {1}
    if len(counts) > 1 or 0 in counts:
        raise InputError(f"points, boxes and masks must be of equally many prompts, at least one, got {sorted(counts)}")
    count = counts.pop() if counts else 1
    return [tensor.expand(count, *tensor.shape[1:]) for tensor in tensors]


def point_tensors(
    frame: Frame, points: npt.ArrayLike | None, labels: npt.ArrayLike | None, box: npt.ArrayLike | None
) -> tuple[Tensor, Tensor]:
    """Prompts as the network wants them: coords (B,N,2) in its input's pixels, labels (B,N); B is 1 without an axis
    of prompts. The points keep their order; a box comes after them.
    """
    xy, said = point_arrays(points, labels)  # (B,P,2), (B,P)
    if box is not None:
        corners = box_array(box)  # (B,2,2)
        more, more_said = in_input(frame, corners), [[PointLabel.BOX_TOP_LEFT, PointLabel.BOX_BOTTOM_RIGHT]]
    elif xy.shape[1]:  # the released weights were trained with a padding point where points come without a box
        more, more_said = torch.zeros(1, 1, 2), [[PointLabel.PADDING]]
    else:
        more, more_said = torch.zeros(1, 0, 2), [[]]
    kinds = in_input(frame, xy), more, torch.from_numpy(said), torch.tensor(more_said, dtype=torch.float32)
    coords, more, point_labels, more_labels = one_for_each(*kinds)
    return torch.cat([coords, more], dim=1), torch.cat([point_labels, more_labels], dim=1)


def in_input(frame: Frame, xy: npt.NDArray[np.float64]) -> Tensor:
    """Points (B,N,2) of the image -> the same points in the network's input, float32."""
    coords = [frame.to_input(x, y) for x, y in xy.reshape(-1, 2).tolist()]
    return torch.tensor(coords, dtype=torch.float32).view(xy.shape)


def point_arrays(
    points: npt.ArrayLike | None, labels: npt.ArrayLike | None
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float32]]:
    """Points and labels with their axis of prompts: (B,P,2), (B,P). Refuses labels that are not one 0 or 1 a point."""
    xy = np.empty((0, 2)) if points is None else np.asarray(points, dtype=np.float64)
    said = np.empty(0, np.float32) if labels is None else np.asarray(labels, dtype=np.float32)
    if xy.ndim not in (2, 3) or xy.shape[-1] != 2 or said.shape != xy.shape[:-1]:  # noqa: PLR2004 - (B,P,2)
        shapes = f"{xy.shape} and {said.shape}"
        raise InputError(f"points must be (P,2) and labels (P,), or (B,P,2) and (B,P), got {shapes}")
    if not np.isin(said, (PointLabel.BACKGROUND, PointLabel.FOREGROUND)).all():
        raise InputError(f"a label is 1 (foreground) or 0 (background), got {said.tolist()}")
    if not np.isfinite(xy).all():
        raise InputError(f"points must be finite, got {xy.tolist()}")
    return (xy, said) if xy.ndim == 3 else (xy[None], said[None])  # noqa: PLR2004 - (B,P,2)


def box_array(box: npt.ArrayLike) -> npt.NDArray[np.float64]:
    """Boxes as two corners each, (B,2,2). Refuses a box that is not x0 <= x1, y0 <= y1 in XYXY order."""
    corners = np.asarray(box, dtype=np.float64)
    is_xyxy = corners.ndim in (1, 2) and corners.shape[-1] == 4  # noqa: PLR2004 - (B,4)
    if not is_xyxy or not np.isfinite(corners).all() or (corners[..., :2] > corners[..., 2:]).any():
        raise InputError(f"a box must be (x0, y0, x1, y1) with x0 <= x1 and y0 <= y1, got {corners.tolist()}")
    return corners.reshape(-1, 2, 2)


def mask_tensors(mask_input: npt.ArrayLike | None, side: int) -> tuple[Tensor, Tensor]:
    """Mask prompts as the network wants them: logits (B,1,side,side), and (B,) whether there is one."""
    if mask_input is None:
        return torch.zeros(1, 1, side, side), torch.zeros(1)
    logits = np.asarray(mask_input, dtype=np.float32)
    if logits.ndim not in (2, 3) or logits.shape[-2:] != (side, side):
        raise InputError(f"mask_input must be low_res_logits of shape ({side},{side}), got {logits.shape}")
    masks = torch.tensor(logits).view(-1, 1, side, side)
    return masks, torch.ones(len(masks))


def full_size_masks(logits: Tensor, frame: Frame) -> npt.NDArray[np.bool_]:
    """Logits (M,256,256) -> masks (M,height,width). One at a time: on large images float logits weigh gigabytes."""
    masks = np.empty((len(logits), frame.height, frame.width), np.bool_)
    for mask, one in zip(masks, logits, strict=True):
        mask[:] = (full_size_logits(one[None, None], frame)[0, 0] > MASK_THRESHOLD).cpu().numpy()
    return masks
