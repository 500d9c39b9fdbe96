"""What the inference routes say."""

from typing import Literal

from pydantic import BaseModel, Field

from maskloop.images.schemas import EmbeddingOut
from maskloop.inference.model import ServedModel
from sam.config import PromptKind

ModelState = Literal["absent", "pulling", "ready", "failed"]


class DecoderOut(BaseModel):
    """The decoder's two ONNX graphs, which never change: the first runs once an image, the second at every click."""

    image_url: str = Field(examples=["/api/decoders/6062787/image.onnx"])
    click_url: str = Field(examples=["/api/decoders/6062787/click.onnx"])


class ModelOut(BaseModel):
    """The model of a project. An embedding belongs to its encoder, a decoder reads the embeddings of one encoder."""

    name: str = Field(examples=["mobile_sam"])
    title: str = Field(examples=["MobileSAM"])
    encoder_digest: str = Field(description="SHA-256, part of an embedding's address.")
    decoder_digest: str = Field(description="SHA-256, part of the decoder's address.")
    decoder: DecoderOut
    input_side: int = Field(
        examples=[1024], description="Side of the square that the encoder sees; the image's long side fills it."
    )
    prompts: list[PromptKind] = Field(examples=[["point", "box", "mask"]], description="What it can be asked with.")

    @classmethod
    def of(cls, model: ServedModel, title: str) -> "ModelOut":
        return cls(
            name=model.name,
            title=title,
            encoder_digest=model.encoder_digest,
            decoder_digest=model.decoder_digest,
            decoder=DecoderOut(
                image_url=f"/api/decoders/{model.decoder_digest}/image.onnx",
                click_url=f"/api/decoders/{model.decoder_digest}/click.onnx",
            ),
            input_side=model.config.input_side,
            prompts=list(model.config.prompts),
        )


class ModelEntryOut(BaseModel):
    """A model that a project can have."""

    name: str = Field(examples=["sam_vit_b"])
    title: str = Field(examples=["SAM ViT-B"])
    licence: str = Field(examples=["Apache-2.0"])
    good_for: str
    size_bytes: int | None = Field(examples=[375_042_383], description="What pulling it brings, where that is known.")
    prompts: list[PromptKind] = Field(examples=[["point", "box", "mask"]])
    default: bool = Field(description="Whether it is the model of projects that chose none.")
    state: ModelState = Field(description="`ready`: here. `failed`: pulling it failed, or its files are damaged.")
    step: str | None = Field(description="What is being done while it is pulled; null while it waits for a worker.")
    progress: float = Field(description="Of that step, 0 to 1; 0 where nobody can say.")
    error: str | None = Field(description="Why it failed, and what to do.")
    seconds_per_image: float | None = Field(description="How fast images were prepared for it lately.")
    prepared_count: int | None = Field(description="Images of the project asked for that are prepared for it.")


class ImageEvent(BaseModel):
    """An image changed: what may have changed of it, as it is now."""

    image_id: int
    embedding: EmbeddingOut
    annotation_count: int


class ProjectEvent(BaseModel):
    """The project's model changed, or the one that it waits for."""

    project_id: int
    model: str | None
    next_model: str | None
