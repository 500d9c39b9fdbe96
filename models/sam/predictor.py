"""From pixels and prompts to masks: the only module of this package that touches NumPy and image pixels."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from PIL import Image
from torch import Tensor

from sam.config import SamConfig
from sam.errors import InputError
from sam.frame import Frame
from sam.normalisation import normalise
from sam.prompt_encoder import PointLabel
from sam.sam import MASK_THRESHOLD, Sam, full_size_logits

Pixels = npt.NDArray[np.uint8]


class Prediction(NamedTuple):
    """M masks of one prompt, in token order."""

    masks: npt.NDArray[np.bool_]  # (M,height,width)
    ious: npt.NDArray[np.float32]  # (M,)
    low_res_logits: npt.NDArray[np.float32]  # (M,256,256), to be the next round's mask_input


def prepare_image(rgb: Pixels, config: SamConfig) -> Tensor:
    """RGB (H,W,3) uint8, orientation applied -> the network's input (3,S,S) float32 on the CPU, S = `input_side`."""
    if rgb.shape[2:] != (3,) or rgb.dtype != np.uint8:
        raise InputError(f"an image must be RGB uint8 of shape (H,W,3), got {rgb.dtype} {rgb.shape}: convert it first")
    height, width = Frame(rgb.shape[0], rgb.shape[1], config.input_side).resized
    resized = Image.fromarray(rgb).resize((width, height), Image.Resampling.BILINEAR)  # Pillow antialiases
    return normalise(torch.from_numpy(np.array(resized)).permute(2, 0, 1), config)


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
        """Masks for one prompt.

        points (P,2): (x, y) in pixels of the image, pixel centres at +0.5; labels (P,): 1 foreground, 0 background;
        box (4,): XYXY in pixels of the image; mask_input (256,256): low_res_logits of an earlier round.
        multimask: the three masks of tokens 1 to 3 (best for a lone, ambiguous point), else the one of token 0.
        """
        if self._image is None:
            raise InputError("no image: call set_image or set_embedding before predict")
        if points is None and box is None and mask_input is None:
            raise InputError("a prompt is at least one point, a box or a mask of an earlier round")
        embedding, frame = self._image
        coords, point_labels = point_tensors(frame, points, labels, box)
        mask, has_mask = mask_tensors(mask_input, self.sam.config.decoder.mask_size)
        prompt = [tensor.to(embedding.device) for tensor in (coords, point_labels, mask, has_mask)]
        logits, ious = self.sam.decode(embedding, *prompt)  # (1,4,256,256), (1,4)
        tokens = slice(1, None) if multimask else slice(0, 1)
        logits, ious = logits[0, tokens], ious[0, tokens]  # (M,256,256), (M,)
        return Prediction(full_size_masks(logits, frame), ious.cpu().numpy(), logits.cpu().numpy())


def point_tensors(
    frame: Frame, points: npt.ArrayLike | None, labels: npt.ArrayLike | None, box: npt.ArrayLike | None
) -> tuple[Tensor, Tensor]:
    """One prompt as the network wants it: coords (1,N,2) in its input's pixels, labels (1,N)."""
    xy = np.empty((0, 2)) if points is None else np.asarray(points, dtype=np.float64)
    said = np.empty(0) if labels is None else np.asarray(labels, dtype=np.float64)
    check_points(xy, said)
    if box is not None:
        corners = np.asarray(box, dtype=np.float64)
        check_box(corners)
        xy = np.concatenate([xy, corners.reshape(2, 2)])
        said = np.concatenate([said, [PointLabel.BOX_TOP_LEFT, PointLabel.BOX_BOTTOM_RIGHT]])
    elif len(xy):  # the released weights were trained with a padding point where points come without a box
        xy = np.concatenate([xy, [[0.0, 0.0]]])
        said = np.concatenate([said, [PointLabel.PADDING]])
    is_padding = said == PointLabel.PADDING
    coords = [(0.0, 0.0) if pad else frame.to_input(x, y) for (x, y), pad in zip(xy, is_padding, strict=True)]
    xy_input = torch.tensor([coords], dtype=torch.float32).view(1, -1, 2)  # without points, the list has no such rank
    return xy_input, torch.tensor(said[None], dtype=torch.float32)


def check_points(xy: npt.NDArray[np.float64], labels: npt.NDArray[np.float64]) -> None:
    """Refuse points that are not (P,2), or whose labels are not one 0 or 1 each."""
    if xy.shape[1:] != (2,) or labels.shape != xy.shape[:1]:
        raise InputError(f"points must be (P,2) and labels (P,), got {xy.shape} and {labels.shape}")
    if not np.isin(labels, (PointLabel.BACKGROUND, PointLabel.FOREGROUND)).all():
        raise InputError(f"a label is 1 (foreground) or 0 (background), got {labels.tolist()}")
    if not np.isfinite(xy).all():
        raise InputError(f"points must be finite, got {xy.tolist()}")


def check_box(corners: npt.NDArray[np.float64]) -> None:
    """Refuse a box that is not x0 <= x1, y0 <= y1 in XYXY order."""
    if corners.shape != (4,) or not np.isfinite(corners).all() or (corners[:2] > corners[2:]).any():
        raise InputError(f"a box must be (x0, y0, x1, y1) with x0 <= x1 and y0 <= y1, got {corners.tolist()}")


def mask_tensors(mask_input: npt.ArrayLike | None, side: int) -> tuple[Tensor, Tensor]:
    """A mask prompt as the network wants it: logits (1,1,side,side), and (1,) whether there is one."""
    if mask_input is None:
        return torch.zeros(1, 1, side, side), torch.zeros(1)
    logits = np.asarray(mask_input, dtype=np.float32)
    if logits.shape not in ((side, side), (1, side, side)):
        raise InputError(f"mask_input must be low_res_logits of shape ({side},{side}), got {logits.shape}")
    return torch.tensor(logits).view(1, 1, side, side), torch.ones(1)


def full_size_masks(logits: Tensor, frame: Frame) -> npt.NDArray[np.bool_]:
    """Logits (M,256,256) -> masks (M,height,width). One at a time: on large images float logits weigh gigabytes."""
    masks = [full_size_logits(one[None, None], frame)[0, 0] > MASK_THRESHOLD for one in logits]
    return torch.stack(masks).cpu().numpy()
