"""Embeddings for those who need them: states for lists, bytes for the browser, a place in the queue for uploads."""

import asyncio
import time
from collections.abc import Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass

from fastapi.sse import ServerSentEvent
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.domain.crops import Crop, Size, is_canonical
from maskloop.errors import InvalidError, NotFoundError, UnavailableError
from maskloop.images.queries import read_images
from maskloop.images.schemas import ImageOut
from maskloop.inference.catalogue import read_models
from maskloop.inference.runtime import Inference
from maskloop.inference.schemas import ImageEvent, ProjectEvent
from maskloop.jobs.engine import Urgency
from maskloop.jobs.events import News, Subscription
from maskloop.jobs.queue import enqueue_embeddings
from maskloop.jobs.records import crop_column
from maskloop.tables import Image, Job, JobState, Project

ASK_AGAIN_SECONDS = 2.0
"""A wake-up that was lost, or an entry that fell out of the queue, delays a waiting person by no more than this."""
RETRY_AFTER_SECONDS = 5


class EmbeddingFailedError(InvalidError):
    """The image cannot be embedded."""

    code = "embedding_failed"


class EmbeddingTimeoutError(UnavailableError):
    """It is still in the queue."""

    code = "embedding_timeout"


@dataclass(frozen=True)
class Delivery:
    """An embedding (256,64,64), float16 little-endian, and the seconds that it took to wait for it and to read it."""

    data: bytes
    waited: float
    read: float


async def embed_ahead(db: AsyncSession, inference: Inference, project: Project, image_ids: Iterable[int]) -> None:
    """Queues images of a project behind everything that a person waits for, in the session's transaction.

    Without the weights of its model nothing is queued; a worker queues what it finds unqueued when they are there.
    """
    if digest := (await inference.models.encoders()).get(project.model):
        await enqueue_embeddings(db, image_ids, encoder_digest=digest, urgency=Urgency.AHEAD)


@dataclass(frozen=True)
class Wanted:
    """Of an image: all of it, or the crop alone."""

    encoder_digest: str
    crop: Crop | None = None


async def wanted_of(inference: Inference, image: Image, encoder_digest: str, crop: str | None) -> Wanted:
    """`crop` is `x,y,w,h`. Raises NotFoundError, and InvalidError where the encoder is not shown that crop."""
    model = await inference.models.with_encoder(encoder_digest)
    if model is None:
        raise NotFoundError(f"There is no encoder {encoder_digest}. GET /api/projects/ID/model names the one in use.")
    wanted = Wanted(encoder_digest, Crop.parse(crop) if crop else None)
    size = Size(image.width, image.height)
    if wanted.crop and not is_canonical(wanted.crop, size, model.config.input_side):
        raise InvalidError(
            f"{image.file_name} ({image.width} x {image.height}) is not embedded in the crop {crop}: only in squares "
            "of half its long side, of a quarter and so on, on quarter steps.",
            code="not_a_crop",
        )
    return wanted


async def get_embedding(
    inference: Inference, image: Image, encoder_digest: str, urgency: Urgency, crop: Crop | None = None
) -> Delivery:
    """From the store, or computed now: one computation however many ask. Holds no database connection while it waits.

    Raises EmbeddingFailedError with the reason, EmbeddingTimeoutError, or NotFoundError if the image is deleted.
    """
    started = time.perf_counter()
    data = await inference.embeddings.get(encoder_digest, image.digest, crop)
    if data is not None:
        return Delivery(data, waited=0, read=time.perf_counter() - started)
    try:
        async with asyncio.timeout(inference.timeout):
            await _await_computation(inference, image, Wanted(encoder_digest, crop), urgency)
    except TimeoutError:
        raise EmbeddingTimeoutError(
            f"{image.file_name} was not embedded within {inference.timeout:g} seconds; it keeps its place in the "
            "queue. Ask again. If this goes on, see that a worker runs.",
            headers={"Retry-After": str(RETRY_AFTER_SECONDS)},
        ) from None
    computed = time.perf_counter()
    data = await inference.embeddings.get(encoder_digest, image.digest, crop)
    if data is None:
        raise EmbeddingFailedError(f"The embedding of {image.file_name} vanished from the store. Open the image again.")
    return Delivery(data, waited=computed - started, read=time.perf_counter() - computed)


async def _await_computation(inference: Inference, image: Image, wanted: Wanted, urgency: Urgency) -> None:
    retry_failed = urgency is Urgency.NOW  # opening a failed image again is how a person asks for another try
    with inference.hub.subscribe(image_id=image.id) as changes:  # first, so that no wake-up is lost
        while True:
            async with inference.transaction() as db:
                await enqueue_embeddings(
                    db,
                    [image.id],
                    encoder_digest=wanted.encoder_digest,
                    crop=wanted.crop,
                    urgency=urgency,
                    retry_failed=retry_failed,
                )
            retry_failed = False
            with suppress(TimeoutError):
                async with asyncio.timeout(ASK_AGAIN_SECONDS):
                    return await _await_outcome(inference, changes, image, wanted)


async def _await_outcome(inference: Inference, changes: Subscription, image: Image, wanted: Wanted) -> None:
    while not await inference.embeddings.has(wanted.encoder_digest, image.digest, wanted.crop):
        await _raise_failure(inference, image, wanted)
        await changes.next()


async def _raise_failure(inference: Inference, image: Image, wanted: Wanted) -> None:
    async with inference.transaction() as db:
        row = (
            await db.execute(
                select(Job.state, Job.error).where(
                    Job.image_id == image.id,
                    Job.encoder_digest == wanted.encoder_digest,
                    Job.crop == crop_column(wanted.crop),
                )
            )
        ).one_or_none()
    if row is None:
        raise NotFoundError(f"{image.file_name} was deleted.")
    if row.state == JobState.FAILED:
        raise EmbeddingFailedError(f"{image.file_name} cannot be embedded. {row.error}")


async def events_of(inference: Inference, news: Collection[News]) -> list[ServerSentEvent]:
    """What to tell about what changed; what is gone meanwhile is left out."""
    image_ids = {item.image_id for item in news if item.image_id is not None}
    project_ids = {item.project_id for item in news if item.image_id is None}
    models = sorted(item.model for item in news if item.model is not None)
    async with inference.transaction() as db:
        images = await read_images(db, await inference.models.encoders(), Image.id.in_(image_ids)) if image_ids else []
        projects = (await db.scalars(select(Project).where(Project.id.in_(project_ids - {None})))).all()
        entries = await read_models(db, inference.models, models) if models else []
    return [
        *(ServerSentEvent(event="model", data=entry) for entry in entries),
        *(ServerSentEvent(event="project", data=_project_event(project)) for project in projects),
        *(ServerSentEvent(event="image", data=_image_event(image)) for image in images),
    ]


def _project_event(project: Project) -> ProjectEvent:
    return ProjectEvent(project_id=project.id, model=project.model, next_model=project.next_model)


def _image_event(image: ImageOut) -> ImageEvent:
    return ImageEvent(image_id=image.id, embedding=image.embedding, annotation_count=image.annotation_count)
