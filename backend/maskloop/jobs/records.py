"""The `job` rows of a piece of work, from queued to their end.

Embedding an image is one piece of work for (encoder, digest of the image's bytes, crop): the same photo in two projects
is two rows and one run. Pulling a model is one row. Every final write is conditional, so a worker that was given up for
dead cannot overwrite its successor.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, and_, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from maskloop.domain.crops import Crop
from maskloop.jobs import events
from maskloop.jobs.events import News
from maskloop.tables import WHOLE_IMAGE, Image, Job, JobKind, JobState

UNFINISHED = (JobState.QUEUED, JobState.RUNNING)


@dataclass(frozen=True)
class EmbedWork:
    """What to embed with what: two SHA-256 digests, hexadecimal. `crop`: the part that is shown to the encoder."""

    encoder_digest: str
    image_digest: str
    crop: Crop | None = None

    @property
    def dedupe_key(self) -> str:
        part = f":{self.crop}" if self.crop else ""
        return f"embed:{self.encoder_digest}:{self.image_digest}{part}"

    def rows(self) -> ColumnElement[bool]:
        same_bytes = select(Image.id).where(Image.digest == self.image_digest)
        return and_(
            Job.kind == JobKind.EMBED,
            Job.encoder_digest == self.encoder_digest,
            Job.crop == crop_column(self.crop),
            Job.image_id.in_(same_bytes),
        )


def crop_column(crop: Crop | None) -> str:
    """As `Job.crop` has it."""
    return str(crop) if crop else WHOLE_IMAGE


@dataclass(frozen=True)
class PullWork:
    """Which model to fetch and make ready."""

    model: str

    @property
    def dedupe_key(self) -> str:
        return f"pull:{self.model}"

    def rows(self) -> ColumnElement[bool]:
        return and_(Job.kind == JobKind.PULL, Job.model == self.model)


Work = EmbedWork | PullWork


@dataclass(frozen=True)
class Attempt:
    """A run and its number: 1 for the first since the work was queued anew."""

    run: UUID
    number: int


async def begin(db: AsyncSession, work: Work) -> Attempt | None:
    """Makes a new run the owner of the work, whoever had it before. None: nobody wants it any more."""
    run = uuid4()
    begun = await _change(
        db,
        and_(work.rows(), Job.state.in_(UNFINISHED)),
        state=JobState.RUNNING,
        run=run,
        attempts=Job.attempts + 1,
        progress=0,
        step=None,
        started_at=func.now(),
    )
    return Attempt(run, max(begun)) if begun else None


async def advance(db: AsyncSession, run: UUID, step: str, progress: float) -> None:
    """What `run` is doing, for people, and how far it is with that, from 0 to 1."""
    await _change(db, _owned_by(run), progress=progress, step=step)


async def succeed(db: AsyncSession, work: Work) -> None:
    """What was wanted is in its place, whoever put it there."""
    await _change(
        db,
        and_(work.rows(), Job.state.in_(UNFINISHED)),
        state=JobState.SUCCEEDED,
        run=None,
        progress=1,
        step=None,
        error=None,
        finished_at=func.now(),
    )


async def fail(db: AsyncSession, run: UUID, reason: str) -> None:
    """Ends the rows that `run` still owns. `reason` is shown to people."""
    await _change(db, _owned_by(run), state=JobState.FAILED, run=None, error=reason, finished_at=func.now())


async def hand_back(db: AsyncSession, run: UUID, reason: str) -> None:
    """Queues the rows that `run` still owns for another try."""
    await _change(db, _owned_by(run), state=JobState.QUEUED, run=None, error=reason)


async def lay_down(db: AsyncSession, run: UUID) -> None:
    """Queues the rows that `run` still owns because its worker was told to stop: an attempt that does not count."""
    await _change(db, _owned_by(run), state=JobState.QUEUED, run=None, attempts=Job.attempts - 1)


def _owned_by(run: UUID) -> ColumnElement[bool]:
    return and_(Job.run == run, Job.state == JobState.RUNNING)


async def _change(db: AsyncSession, which: ColumnElement[bool], **values: Any) -> Sequence[int]:
    """Updates rows and announces each of their images or models; the rows' attempts."""
    project_id = select(Image.project_id).where(Image.id == Job.image_id).scalar_subquery()
    changed = await db.execute(
        update(Job)
        .where(which)
        .values(**values)
        .returning(project_id.label("project_id"), Job.image_id, Job.model, Job.attempts)
        .execution_options(synchronize_session=False)
    )
    rows = changed.all()
    for row in rows:
        await events.publish(db, News(project_id=row.project_id, image_id=row.image_id, model=row.model))
    return [row.attempts for row in rows]
