"""What the inference routes say."""

from pydantic import BaseModel, Field

from maskloop.images.schemas import EmbeddingOut
from maskloop.inference.model import Device, ServedModel
from maskloop.inference.store import EMBEDDING_SHAPE

INPUT_SIZE = 1024


class ModelOut(BaseModel):
    """The model in use. An embedding belongs to its encoder, a decoder reads the embeddings of one encoder."""

    name: str = Field(examples=["mobile_sam"])
    encoder_digest: str = Field(description="SHA-256, part of an embedding's address.")
    decoder_digest: str = Field(description="SHA-256 of the ONNX file.")
    decoder_url: str = Field(examples=["/api/decoders/6062787.onnx"])
    input_size: int = Field(
        examples=[INPUT_SIZE], description="Side of the square that the encoder sees; the long side fills it."
    )
    embedding_shape: tuple[int, int, int] = Field(
        examples=[EMBEDDING_SHAPE], description="Of float16, little-endian, C order."
    )
    device: Device = Field(description="Where embeddings are computed.")

    @classmethod
    def of(cls, model: ServedModel) -> "ModelOut":
        return cls(
            name=model.name,
            encoder_digest=model.encoder_digest,
            decoder_digest=model.decoder_digest,
            input_size=INPUT_SIZE,
            embedding_shape=EMBEDDING_SHAPE,
            decoder_url=f"/api/decoders/{model.decoder_digest}.onnx",
            device=model.device,
        )


class ImageEvent(BaseModel):
    """An image changed: what may have changed of it, as it is now."""

    image_id: int
    embedding: EmbeddingOut
    annotation_count: int
