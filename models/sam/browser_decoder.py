"""The decoder in two parts: what depends on the image alone, and what every click needs."""

import torch
from torch import Tensor, nn

from sam.sam import Sam

IMAGE_OUTPUTS = ("cells", "cell_positions")  # what the image part hands to the click


class ImagePart(nn.Module):
    """Run once an image: embedding (1,256,64,64) -> itself without a prompt's dense part, and where each cell lies."""

    def __init__(self, sam: Sam) -> None:
        super().__init__()
        self.prompt_encoder = sam.prompt_encoder

    def forward(self, embedding: Tensor) -> tuple[Tensor, Tensor]:
        return embedding.clone(), self.prompt_encoder.image_position()


class ClickPart(nn.Module):
    """Run at every click: a prompt as in `PromptEncoder.forward`, and which masks, (M,) -> (1,M,256,256), (1,4)."""

    def __init__(self, sam: Sam) -> None:
        super().__init__()
        self.prompt_encoder = sam.prompt_encoder
        self.mask_decoder = sam.mask_decoder

    def forward(self, cells: Tensor, positions: Tensor, *prompt_and_masks: Tensor) -> tuple[Tensor, Tensor]:
        *prompt, which = prompt_and_masks
        sparse, dense = self.prompt_encoder(*prompt)
        logits, ious = self.mask_decoder(cells, positions, sparse, dense)
        return torch.index_select(logits, 1, which), ious
