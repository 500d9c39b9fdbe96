"""Segment Anything, put together as in the paper's figure 4, and what happens to logits after."""

from torch import Tensor, nn
from torch.nn import functional

from sam.config import SamConfig, TinyViTConfig, ViTConfig
from sam.frame import Frame
from sam.image_encoder_tinyvit import TinyViT
from sam.image_encoder_vit import ViT
from sam.mask_decoder import MaskDecoder
from sam.prompt_encoder import PromptEncoder

MASK_THRESHOLD = 0.0  # a pixel is inside where its logit is above


class Sam(nn.Module):
    """A heavy image encoder, run once an image; a light prompt encoder and mask decoder, run at every click."""

    def __init__(self, config: SamConfig) -> None:
        super().__init__()
        self.config = config
        self.image_encoder = build_encoder(config.encoder)
        self.prompt_encoder = PromptEncoder(config.decoder)
        self.mask_decoder = MaskDecoder(config.decoder)

    def forward(
        self, images: Tensor, coords: Tensor, labels: Tensor, mask: Tensor, has_mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Images (B,3,S,S), S = `input_side`, and a prompt each -> logits (B,4,256,256), predicted IoUs (B,4)."""
        return self.decode(self.image_encoder(images), coords, labels, mask, has_mask)

    def decode(
        self, embedding: Tensor, coords: Tensor, labels: Tensor, mask: Tensor, has_mask: Tensor
    ) -> tuple[Tensor, Tensor]:
        """Embeddings (1 or B,256,64,64) and B prompts, as in `PromptEncoder.forward` -> as in `forward`.

        One embedding and one mask, or none, for all B prompts costs less than B of them.
        """
        sparse, dense = self.prompt_encoder(coords, labels, mask, has_mask)  # (B,N,256), (B,256,64,64)
        logits, ious = self.mask_decoder(embedding, self.prompt_encoder.image_position(), sparse, dense)
        return logits, ious


def build_encoder(config: TinyViTConfig | ViTConfig) -> nn.Module:
    """The image encoder that a configuration describes."""
    match config:
        case TinyViTConfig():
            return TinyViT(config)
        case ViTConfig():
            return ViT(config)


def full_size_logits(logits: Tensor, frame: Frame) -> Tensor:
    """Logits (B,M,256,256) -> (B,M,height,width) of the image: enlarge to the input, crop the padding, resize."""
    side = frame.input_side
    height, width = frame.resized
    logits = functional.interpolate(logits, (side, side), mode="bilinear", align_corners=False)
    logits = logits[..., :height, :width]
    return functional.interpolate(logits, (frame.height, frame.width), mode="bilinear", align_corners=False)
